package io.roost.deploy.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Clients at every gateway of the lab's cluster while its nodes and links fail, and a check of all that they are told. Ends
 * with a read of everything.
 */
public final class Torture {
    static final String BUCKET = "torture";
    private static final int ROAMING = 3;
    private static final int LISTS = 3;
    private static final int WHOLE_SECONDS = 180;
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int READ_SECONDS = 300;
    /** A PUT that takes so many times its aim is a failure, even on a machine that does other things too. */
    private static final int STALL_LIMIT_FACTOR = 5;

    private final Lab lab;
    private final long seed;
    private final Violations violations = new Violations(System.out::println);
    private final Tally tally = new Tally();
    private final Watcher watcher;
    private final List<String> findings = new ArrayList<>();
    private final Map<Fault.Kind, Double> longestPuts = new EnumMap<>(Fault.Kind.class);
    private final List<Register> registers = new CopyOnWriteArrayList<>();
    private final List<SharedList> lists = new CopyOnWriteArrayList<>();
    private final List<Folder> folders = new CopyOnWriteArrayList<>();
    private volatile boolean isOver;

    Torture(Lab lab, long seed) {
        this.lab = lab;
        this.seed = seed;
        this.watcher = new Watcher(lab);
    }

    /** Runs {@code RUN_FOLDER NODES S3_PORT PORT MINUTES SEED [FAULT...]}; with words, only faults whose name has one. */
    public static void main(String[] arguments) throws Exception {
        Lab lab = new Lab(
                Path.of(arguments[0]),
                Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]));
        Torture torture = new Torture(lab, Long.parseLong(arguments[5]));
        Set<String> chosen = Set.copyOf(List.of(arguments).subList(6, arguments.length));
        boolean isWell = torture.run(Double.parseDouble(arguments[4]), chosen);
        System.exit(isWell ? 0 : 1);
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /** Rounds of faults for so many minutes. */
    private boolean run(double minutes, Set<String> chosen) throws IOException, InterruptedException {
        say("report seed %d", seed);
        long end = System.nanoTime() + (long) (minutes * TimeUnit.MINUTES.toNanos(1));
        Random random = new Random(seed);
        begin();
        List<Thread> clients = clients();
        Thread watching = started(watcher, "watcher");
        while (System.nanoTime() < end) {
            List<Fault> faults = Fault.round(lab, random);
            for (Fault fault : faults) {
                boolean isChosen = chosen.isEmpty() || chosen.stream().anyMatch(fault.name()::contains);
                if (isChosen && System.nanoTime() < end) {
                    suffer(fault);
                }
            }
        }
        longestPuts.forEach(this::judgeStalls);
        return end(clients, watching);
    }

    private void judgeStalls(Fault.Kind kind, double seconds) {
        String aim = kind.aimSeconds() == 0 ? "" : ", aim " + kind.aimSeconds() + " s";
        say("report longest PUT at a node that nothing happened to, after %s: %.1f s%s", kind.text(), seconds, aim);
        if (kind.aimSeconds() > 0 && seconds > STALL_LIMIT_FACTOR * kind.aimSeconds()) {
            finding(String.format(Locale.ROOT, "a PUT took %.1f s after %s%s", seconds, kind.text(), aim));
        }
    }

    /** One fault, for tests. */
    boolean runOnly(Fault fault) throws IOException, InterruptedException {
        begin();
        List<Thread> clients = clients();
        Thread watching = started(watcher, "watcher");
        suffer(fault);
        return end(clients, watching);
    }

    /** What went wrong: violations, and errors where there may be none. */
    List<String> findings() {
        List<String> all = new ArrayList<>(findings);
        if (violations.total() > 0) {
            all.add(violations.toString());
        }
        return all;
    }

    /** Waits until the cluster is whole, and makes the bucket. */
    void begin() throws IOException, InterruptedException {
        if (lab.awaitWhole(WHOLE_SECONDS).isEmpty()) {
            throw new IOException("the cluster is not whole: " + lab.notWhole());
        }
        try (Gateway gateway = new Gateway(lab.access(), 1, PATIENCE_MILLIS)) {
            Gateway.Outcome made = gateway.send("PUT", "/" + BUCKET, Map.of(), Map.of(), new byte[0]);
            boolean isMade = made instanceof Gateway.Outcome.Answered answered
                    && (answered.response().status() == 200
                            || answered.response().status() == 409);
            if (!isMade) {
                throw new IOException("cannot make a bucket: " + made);
            }
        }
    }

    private Client.Shared shared(BooleanSupplier over) throws IOException {
        return new Client.Shared(BUCKET, lab.access(), lab.nodes(), registers, lists, folders, violations, tally, over);
    }

    private List<Thread> clients() throws IOException {
        // Keys of an earlier run would be none of these histories.
        String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
        for (int list = 0; list < LISTS; list++) {
            lists.add(new SharedList("list/" + run + "/" + list, violations));
        }
        List<Thread> threads = new ArrayList<>();
        for (int node = 1; node <= lab.nodes(); node++) {
            String name = run + "-only" + node;
            threads.add(started(new Client(shared(() -> isOver), name, node, seed + node), name));
        }
        for (int roaming = 1; roaming <= ROAMING; roaming++) {
            String name = run + "-any" + roaming;
            threads.add(started(new Client(shared(() -> isOver), name, 0, seed - roaming), name));
        }
        return threads;
    }

    private Thread started(Runnable work, String name) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException | Error failure) {
                        // Nobody would check any more: that is no success.
                        finding(name + " has ended with " + failure);
                        failure.printStackTrace();
                    }
                },
                name);
        thread.start();
        return thread;
    }

    private synchronized void finding(String text) {
        findings.add(text);
        say("FAIL  %s", text);
    }

    private void suffer(Fault fault) throws InterruptedException {
        tally.reset();
        watcher.reset();
        int before = violations.total();
        try {
            fault.action().run(lab);
        } catch (IOException failure) {
            finding(fault.name() + ": " + failure.getMessage());
        }
        Optional<Double> whole = lab.awaitWhole(WHOLE_SECONDS);
        if (whole.isEmpty()) {
            finding(fault.name() + ": not whole after " + WHOLE_SECONDS + " s: " + lab.notWhole());
        }
        judge(
                fault,
                whole.map(seconds -> String.format(Locale.ROOT, "%.1f s", seconds))
                        .orElse("never"),
                before);
    }

    private int wrongErrors(Fault fault, int node) {
        return switch (fault.serves()) {
            case EVERYTHING -> tally.errors(node);
            case ALL_BUT_PUTS -> tally.errorsButOfPuts(node);
            case NOTHING -> 0;
        };
    }

    private void judge(Fault fault, String whole, int violationsBefore) {
        Tally.Put stall = Tally.Put.NONE;
        StringBuilder errors = new StringBuilder();
        for (int node = 1; node <= lab.nodes(); node++) {
            errors.append(node == 1 ? "" : " ").append(tally.errors(node));
            if (!fault.affected().contains(node)) {
                stall = stall.longer(tally.longestPut(node));
                int wrong = wrongErrors(fault, node);
                if (wrong > 0) {
                    finding(fault.name() + ": " + wrong + " errors at node " + node + ", first "
                            + tally.firstError(node));
                }
            }
        }
        if (tally.fulls() > 0 && fault.serves() == Fault.Serves.EVERYTHING) {
            finding(fault.name() + ": " + tally.fulls() + " PUTs were answered with 507");
        }
        longestPuts.merge(fault.kind(), stall.seconds(), Math::max);
        StringBuilder falseDowns = new StringBuilder();
        watcher.downs().forEach((osd, times) -> {
            // One OSD on each node, in order.
            if (!fault.affected().contains(osd + 1)) {
                falseDowns.append(" osd.").append(osd).append(" x").append(times);
            }
        });
        say(
                "report %s: whole %s after it; longest PUT %s; of clients that go elsewhere %s; errors at nodes %s; full %d;"
                        + " leader changes %d; marked down %s%s; %d operations; violations %d",
                fault.name(),
                whole,
                stall,
                tally.longestPut(0),
                errors,
                tally.fulls(),
                watcher.leaderChanges(),
                watcher.downs(),
                falseDowns.length() == 0 ? "" : ", falsely" + falseDowns,
                tally.operations(),
                violations.total() - violationsBefore);
    }

    private boolean end(List<Thread> clients, Thread watching) throws IOException, InterruptedException {
        isOver = true;
        for (Thread client : clients) {
            client.join();
        }
        watcher.stop();
        watching.join();
        readAll();
        say("report %d keys, %d lists, %d folders read at the end", registers.size(), lists.size(), folders.size());
        say("%s  %s", findings().isEmpty() ? "ok  " : "FAIL", violations);
        return findings().isEmpty();
    }

    /** Everything once more through every gateway. */
    private void readAll() throws IOException, InterruptedException {
        for (int node = 1; node <= lab.nodes(); node++) {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(READ_SECONDS);
            String name = "the reader at node " + node;
            Client reader = new Client(shared(() -> System.nanoTime() > until), "reader" + node, node, seed);
            Thread reading = started(
                    () -> {
                        all(registers, until, name, reader::read);
                        all(folders, until, name, reader::list);
                        all(lists, until, name, reader::read);
                    },
                    name);
            reading.join();
        }
    }

    /** What could not be read in time is not known to be there. */
    private <T> void all(List<T> histories, long until, String name, Consumer<T> read) {
        int done = 0;
        for (T history : histories) {
            if (System.nanoTime() > until) {
                finding(name + " had read " + done + " of " + histories.size() + " when " + READ_SECONDS
                        + " s were over");
                return;
            }
            read.accept(history);
            done++;
        }
    }
}
