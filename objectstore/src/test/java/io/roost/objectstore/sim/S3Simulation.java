package io.roost.objectstore.sim;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.PowerLoss;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.StoreFailedException;
import io.roost.objectstore.classes.S3Classes;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * One run of a seed: clients work while power is lost and gateways die, in rounds that each end in a moment of quiet. Then
 * everything is read and verified; at the end, after days of virtual time, also what must be gone.
 */
final class S3Simulation {
    private static final long TICK_MILLIS = 500;
    private static final int MAX_DOWN_MILLIS = 3000;

    /** A run in which nothing ends for so long is stuck. */
    private static final long MAX_EVENTS = 3_000_000;

    private final Scheduler scheduler;
    private final Plan plan;
    private final SimDisk disk;
    private final SimCluster cluster;
    private final Gateways gateways;
    private final Workload workload;
    private final Checks checks;
    private final List<SimClient> clients = new ArrayList<>();
    private final Marks marks = new Marks();
    private final List<String> violations = new ArrayList<>();
    private final Life operator = new Life("operator");
    private long tickedMillis;
    private int powerLossesLeft;
    private boolean isResting;

    /**
     * How a run ended.
     *
     * @param seed of the run
     * @param violations what was wrong; empty when all claims hold
     * @param traceHash the same in every run of the seed
     * @param events that happened
     * @param marks how often what happened
     * @param lastLines of the trace
     */
    record Outcome(
            long seed, List<String> violations, long traceHash, long events, Marks marks, List<String> lastLines) {
        @Override
        public String toString() {
            return "seed " + seed + ": " + String.join("\n", violations) + "\ntrace:\n" + String.join("\n", lastLines);
        }
    }

    private S3Simulation(long seed, PlantedBug bug, Plan.Theme theme) {
        this.scheduler = new Scheduler(seed);
        this.plan = Plan.of(scheduler.random(), theme);
        this.powerLossesLeft = plan.powerLosses();
        this.disk = new SimDisk(scheduler.random().nextLong()).misses(plan.missPercent());
        if (bug == PlantedBug.SKIP_ROW_SYNC) {
            disk.plant(SimDisk.Bug.SKIP_ROW_SYNC);
        } else if (bug == PlantedBug.SKIP_FILE_SYNC) {
            disk.plant(SimDisk.Bug.SKIP_FILE_SYNC);
        }
        SimOsd.Setup osd = new SimOsd.Setup(
                new MemoryKeyValue(disk),
                new MemoryBlockFiles(disk),
                StoreConfig.DEFAULT
                        .withCapacity((long) plan.capacityMib() << 20)
                        .withInline(plan.inlineBytes()),
                new ClassRegistry(bug.plantedIn(S3Classes.all(plan.sizes().leastPartBytes()))),
                plan.logLimits(),
                bug == PlantedBug.ANSWER_BEFORE_SYNC ? SimOsd.Answers.BEFORE_SYNC : SimOsd.Answers.AFTER_SYNC);
        this.cluster = new SimCluster(scheduler, disk, osd, plan.network(), plan.pgNum(), marks, violations);
        this.gateways = new Gateways(scheduler, cluster, plan.gateways(), bug, marks, violations);
        this.workload = new Workload(scheduler, gateways, plan.sizes(), marks, violations);
        Map<Long, String> versionIds = new TreeMap<>();
        ObjectClient objects = new ObjectClient(workload, versionIds);
        KeyClient accessKeys = new KeyClient(workload);
        for (int i = 0; i < plan.clients(); i++) {
            clients.add(new SimClient(scheduler, workload, objects, accessKeys, plan.shards()));
        }
        this.checks = new Checks(scheduler, cluster, gateways, workload, objects, this::drive);
    }

    /**
     * Runs a seed with a bug planted, or none. It has a thread of its own, with which the thread-locals of its many clients
     * end.
     */
    static Outcome run(long seed, PlantedBug bug, Plan.Theme theme) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        new Thread(() -> outcome.complete(runHere(seed, bug, theme)), "seed " + seed).start();
        return outcome.join();
    }

    private static Outcome runHere(long seed, PlantedBug bug, Plan.Theme theme) {
        S3Simulation simulation = new S3Simulation(seed, bug, theme);
        Scheduler scheduler = simulation.scheduler;
        scheduler.note(simulation.plan.toString());
        try {
            simulation.run();
        } catch (RuntimeException | Error broken) {
            StringWriter trace = new StringWriter();
            broken.printStackTrace(new PrintWriter(trace));
            simulation.violations.add(trace.toString());
        }
        return new Outcome(
                seed,
                List.copyOf(simulation.violations),
                scheduler.traceHash(),
                scheduler.eventCount(),
                simulation.marks,
                scheduler.lastLines());
    }

    private boolean isFine() {
        return violations.isEmpty();
    }

    private void run() {
        cluster.start();
        gateways.start();
        rest();
        checks.createBuckets(plan.keys(), plan.shards());
        resume();
        if (plan.gatewayLifeMillis() > 0) {
            killGatewayLater();
        }
        armPowerLoss();
        for (int round = 0; round < plan.rounds() && isFine(); round++) {
            SimClient.Budget budget = new SimClient.Budget(plan.callsPerRound());
            clients.forEach(client -> client.run(budget));
            drive(() -> clients.stream().noneMatch(SimClient::isActive));
            clients.forEach(SimClient::settle);
            quiet();
            if (isFine()) {
                checks.atRest();
            }
            resume();
        }
        if (isFine()) {
            end();
        }
    }

    /** Lets everything that is under way end, also what is behind stalled connections. */
    private void quiet() {
        rest();
        drive(() -> cluster.osd() != null && !gateways.isBusy() && scheduler.isQuiet());
    }

    /** From now on nothing goes wrong, and nothing begins by itself. */
    private void rest() {
        isResting = true;
        gateways.rest();
        cluster.calm(true);
    }

    private void resume() {
        isResting = false;
        gateways.resume();
        cluster.calm(false);
    }

    /** Everything begins anew from what is on the disk; then days pass. */
    private void end() {
        powerLossesLeft = 0;
        disk.losePowerAfter(Long.MAX_VALUE / 2);
        operator.end();
        rest();
        gateways.killAll();
        cluster.losePower();
        cluster.start();
        gateways.start();
        quiet();
        checks.atTheEnd();
    }

    private void armPowerLoss() {
        if (powerLossesLeft > 0) {
            long steps = 1L + scheduler.random().nextInt(plan.stepsPerLife());
            if (plan.failsWrites() && scheduler.random().nextInt(3) == 0) {
                disk.failAfter(steps);
            } else {
                disk.losePowerAfter(steps);
            }
        }
    }

    private void killGatewayLater() {
        scheduler.timer(1 + scheduler.random().nextInt(plan.gatewayLifeMillis()), operator, "kill -9", () -> {
            SimGateway victim = gateways.any();
            if (victim != null && gateways.isBusy() && !isResting) {
                marks.add("gateways killed", 1);
                gateways.kill(victim);
                gateways.start();
            }
            killGatewayLater();
        });
    }

    /** Lets things happen until a condition holds. */
    private void drive(BooleanSupplier until) {
        while (!until.getAsBoolean()) {
            if (scheduler.eventCount() > MAX_EVENTS) {
                throw new IllegalStateException("stuck: " + MAX_EVENTS + " events");
            }
            long tickMillis = Math.max(tickedMillis + TICK_MILLIS, scheduler.nowMillis());
            if (gateways.isBusy() && tickMillis < scheduler.nextMillis()) {
                scheduler.passUntil(tickMillis);
                tickedMillis = tickMillis;
                gateways.tick();
                cluster.tick();
            } else {
                happen();
            }
        }
    }

    private void happen() {
        try {
            scheduler.runNext();
        } catch (PowerLoss lost) {
            marks.add("power losses", 1);
            powerLost(lost.getMessage());
        } catch (StoreFailedException failed) {
            if (!plan.failsWrites() || powerLossesLeft == 0) {
                throw failed;
            }
            marks.add("failed writes", 1);
            powerLost(failed.getMessage());
        }
    }

    private void powerLost(String how) {
        scheduler.note(how);
        powerLossesLeft--;
        cluster.losePower();
        if (plan.isOneProcess()) {
            gateways.killAll();
        }
        int downMillis = SimCluster.NOTICE_MILLIS + scheduler.random().nextInt(MAX_DOWN_MILLIS);
        scheduler.after(downMillis, operator, "power on", () -> {
            armPowerLoss();
            cluster.start();
            gateways.start();
        });
    }
}
