package io.roost.cluster.sim;

import io.roost.cluster.machine.TimerId;
import io.roost.cluster.object.Bytes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A machine of the cluster: clocks, disk, timers and one process at a time. It takes one input after the other; while it
 * is paused or its disk is busy they wait. It can crash at any step of an input: before any effect, and at any I/O of its
 * {@link SimDisk}.
 */
public final class SimNode {
    private final SimCluster cluster;
    private final String name;
    private final SimProcess.Program program;
    private final SplittableRandom random;
    private final Deque<Input> inbox = new ArrayDeque<>();
    private final Map<TimerId, Simulation.Event> timers = new HashMap<>();
    private final double clockRate;
    private SimDisk disk;
    private MemoryKeyValue keyValue;
    private SimProcess process;
    private int life;
    private boolean isPaused;
    private long bootMicros;
    private long clockBaseMillis;
    private long wallOffsetMillis;
    private long busyUntilMicros;
    private long diskMicros;
    private long slowUntilMicros;
    private long slowMicros;
    private Predicate<String> crashPoint = step -> false;
    private Predicate<String> awaited = message -> false;
    private int awaitedLeft;
    private Consumer<SimNode> onSent = receiver -> {};
    private long effectsLeft = Long.MAX_VALUE;
    private long downMillis = 1000;
    /** The start that follows the last end; null before any. */
    private Simulation.Event restart;

    private record Input(String what, Bytes payload, Supplier<?> text, Runnable action) {}

    SimNode(SimCluster cluster, String name, SimProcess.Program program, double clockRate) {
        this.cluster = cluster;
        this.name = name;
        this.program = program;
        this.clockRate = clockRate;
        random = cluster.simulation().random("node " + name);
        format();
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Where it is. */
    public SimCluster cluster() {
        return cluster;
    }

    /** The process running, or null. */
    public SimProcess process() {
        return process;
    }

    /** True while a process is running, paused or not. */
    public boolean isUp() {
        return process != null;
    }

    /** Its disk. */
    public SimDisk disk() {
        return disk;
    }

    /** Rows on its disk. */
    public MemoryKeyValue keyValue() {
        return keyValue;
    }

    /** A new, empty disk. */
    public void format() {
        disk = new SimDisk(random.nextLong());
        keyValue = new MemoryKeyValue(disk);
    }

    // ---- for faults ----

    /** Starts the next life, if none is running. */
    public void start() {
        if (isUp()) {
            return;
        }
        if (restart != null) {
            // Who starts earlier is not started by it after the next end.
            restart.cancel();
        }
        life++;
        isPaused = false;
        bootMicros = cluster.simulation().nowMicros();
        clockBaseMillis = random.nextLong(1L << 40);
        busyUntilMicros = bootMicros;
        effectsLeft = Long.MAX_VALUE;
        note("start", "life " + life);
        disk.restart();
        disk.journal().clear();
        process = program.boot(this);
        input("boot", Bytes.EMPTY, () -> "", process::onStart);
    }

    /** Ends the process, with all that it has in memory; what was not synced may be lost. */
    public void crash() {
        if (!isUp()) {
            return;
        }
        note("crash", "");
        process = null;
        timers.values().forEach(Simulation.Event::cancel);
        timers.clear();
        inbox.clear();
        crashPoint = step -> false;
        cluster.network().onCrash(this);
        restart = cluster.simulation().schedule(downMillis * 1000, this::start);
    }

    /** How long it is down after a crash. */
    public void restartAfter(long millis) {
        downMillis = millis;
    }

    /** Stops taking inputs, as a long garbage collection or SIGSTOP does; clocks go on. */
    public void pause() {
        note("pause", "");
        isPaused = true;
    }

    /** Goes on after a pause. */
    public void resume() {
        if (isPaused) {
            note("resume", "");
            isPaused = false;
            pump();
        }
    }

    /** Crashes before an effect: 0 for the next one. */
    public void crashAfterEffects(long effects) {
        effectsLeft = effects;
    }

    /** Crashes before the first effect that looks like this. */
    public void crashBefore(Predicate<String> step) {
        crashPoint = step;
    }

    /** Does something to the receiver, or whatever, right after messages that look like this, so many times. */
    public void afterSending(Predicate<String> message, int times, Consumer<SimNode> action) {
        awaited = message;
        awaitedLeft = times;
        onSent = action;
    }

    /** Makes every write slower for a time. */
    public void slowDisk(long micros, long forMicros) {
        slowMicros = micros;
        slowUntilMicros = cluster.simulation().nowMicros() + forMicros;
    }

    /** Ends all faults: it is running, quick, and will not crash; unless nobody has started it yet. */
    void heal() {
        slowUntilMicros = 0;
        crashPoint = step -> false;
        awaitedLeft = 0;
        effectsLeft = Long.MAX_VALUE;
        disk.losePowerAfter(Long.MAX_VALUE / 2);
        resume();
        if (life > 0) {
            start();
        }
    }

    /** Sets the wall clock; nothing may depend on it. */
    public void jumpWallClock(long millis) {
        wallOffsetMillis += millis;
    }

    // ---- for the process ----

    /** The monotonic clock, which begins anywhere in every life and may be a little fast or slow. */
    public long nowMillis() {
        long micros = cluster.simulation().nowMicros() - bootMicros;
        return clockBaseMillis + (long) (micros * clockRate) / 1000;
    }

    /** The wall clock. */
    public long wallMillis() {
        return 1_700_000_000_000L + wallOffsetMillis + cluster.simulation().nowMicros() / 1000;
    }

    /**
     * Sends a message once all that the process wrote before is on disk.
     *
     * @param what it is, for crash points
     */
    public void send(String to, String what, Bytes message) {
        step("send " + what + " to " + to);
        afterWrites(() -> cluster.network().send(this, cluster.node(to), message));
        if (awaitedLeft > 0 && awaited.test(what)) {
            awaitedLeft--;
            afterWrites(() -> onSent.accept(cluster.node(to)));
        }
    }

    /** Does something once all that the process wrote before is on disk, unless it ends before. */
    public void afterWrites(Runnable action) {
        if (diskMicros == 0) {
            action.run();
            return;
        }
        int current = life;
        // A microsecond for each, or chance would order them.
        cluster.simulation().schedule(diskMicros++, () -> {
            if (isUp() && life == current) {
                action.run();
            }
        });
    }

    /** A step of what the process does, at which it can crash. */
    public void step(String what) {
        if (effectsLeft-- <= 0 || crashPoint.test(what)) {
            throw new PowerLoss(what);
        }
    }

    /** The process has written something: what follows happens later. */
    public void onWritten() {
        // What is slow is done at the latest when the disk is quick again.
        long slowLeft = Math.max(0, slowUntilMicros - cluster.simulation().nowMicros() - diskMicros);
        diskMicros += 50 + random.nextInt(1000) + Math.min(slowLeft, random.nextLong(slowMicros + 1));
    }

    /** Sets a timer. */
    public void setTimer(TimerId timer, long delayMillis) {
        cancelTimer(timer);
        long delayMicros = (long) (delayMillis * 1000 / clockRate) + 1;
        timers.put(timer, cluster.simulation().schedule(delayMicros, () -> {
            timers.remove(timer);
            input("timer", Bytes.utf8(timer.name()), timer::name, () -> process.onTimer(timer));
        }));
    }

    /** Stops a timer. */
    public void cancelTimer(TimerId timer) {
        Simulation.Event running = timers.remove(timer);
        if (running != null) {
            running.cancel();
        }
    }

    /** Counts a mark. */
    public void count(String mark) {
        cluster.marks().hit(mark);
    }

    /** Writes a line into the trace. */
    public void note(String what, String text) {
        cluster.simulation().trace().add(cluster.simulation().nowMicros(), name, what, Bytes.utf8(text), () -> text);
    }

    // ---- inputs ----

    void onMessage(SimNode from, Bytes message) {
        input(
                "receive",
                message,
                () -> "from " + from.name + " " + cluster.describe(message),
                () -> process.onMessage(from.name, message));
    }

    void onUnreachable(SimNode peer, long dialledMillis) {
        input("refused", Bytes.EMPTY, peer::name, () -> process.onUnreachable(peer.name, dialledMillis));
    }

    /** Gives the process an input of another kind: a client's request, an alarm. */
    public void input(String what, Bytes payload, Supplier<?> text, Runnable action) {
        if (isUp()) {
            inbox.add(new Input(what, payload, text, action));
            pump();
        }
    }

    private void pump() {
        long now = cluster.simulation().nowMicros();
        if (!isUp() || isPaused || inbox.isEmpty()) {
            return;
        }
        if (now < busyUntilMicros) {
            int current = life;
            cluster.simulation().schedule(busyUntilMicros - now, () -> {
                if (life == current) {
                    pump();
                }
            });
            return;
        }
        run(inbox.poll());
        if (!inbox.isEmpty()) {
            cluster.simulation().schedule(Math.max(0, busyUntilMicros - now), this::pump);
        }
    }

    private void run(Input input) {
        Simulation simulation = cluster.simulation();
        simulation.trace().add(simulation.nowMicros(), name, input.what(), input.payload(), input.text());
        diskMicros = 0;
        try {
            input.action().run();
            busyUntilMicros = simulation.nowMicros() + diskMicros;
        } catch (PowerLoss loss) {
            note("point", loss.getMessage());
            crash();
        }
        cluster.onInput(this);
    }
}
