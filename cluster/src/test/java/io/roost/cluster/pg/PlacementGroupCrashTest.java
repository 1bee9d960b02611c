package io.roost.cluster.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.PowerLoss;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Random increments of counters under lost replies, resends, misses and power losses: every request takes effect exactly
 * once, every answer is what the counter was at that moment, and answers that were given hold for ever.
 */
class PlacementGroupCrashTest {
    private static final Bytes COUNTER = Bytes.utf8("counter");

    private static final ObjectClass COUNTERS = new ObjectClass("counters", 1)
            .writing("increment", (view, input) -> {
                Entry counter = view.entry(COUNTER);
                int value = counter == null
                        ? 0
                        : Integer.parseInt(counter.attributes().utf8());
                Bytes next = Bytes.utf8(Integer.toString(value + 1));
                Bytes name = Bytes.utf8("by-" + input.request().tid());
                return ClassReply.write(
                        next,
                        List.of(
                                Mutation.Put.row(COUNTER, next),
                                new Mutation.Put(name, next, Bytes.EMPTY, input.data())));
            })
            .reading("get", (view, input) -> {
                Entry counter = view.entry(COUNTER);
                return ClassReply.read(counter == null ? Bytes.utf8("0") : counter.attributes());
            });

    /** What goes wrong on purpose. */
    private enum Bug {
        NONE,
        SKIP_SYNC,
        ANSWER_BEFORE_SYNC,
        FORGET_REQUESTS
    }

    private static final class Run {
        private final Random random;
        private final SimDisk disk;
        private final MemoryKeyValue rows;
        private final MemoryBlockFiles files;
        private final Bug bug;
        private final TreeMap<Long, String> unanswered = new TreeMap<>();
        private final TreeMap<String, TreeSet<Integer>> answers = new TreeMap<>();
        private final TreeMap<String, Integer> requests = new TreeMap<>();
        private final List<String> violations = new ArrayList<>();
        private PgHarness pg;
        private long nextTid = 1;
        private int epoch;

        Run(long seed, Bug bug) {
            random = new Random(seed);
            disk = new SimDisk(seed).misses(random.nextInt(40));
            rows = new MemoryKeyValue(disk);
            files = new MemoryBlockFiles(disk);
            this.bug = bug;
            if (bug == Bug.SKIP_SYNC) {
                disk.plant(SimDisk.Bug.SKIP_ROW_SYNC);
            }
        }

        private void start() {
            ObjectStore store = ObjectStore.open(
                    StoreConfig.DEFAULT.withInline(512).withCapacity(32 << 20), rows, files, new BlockPool(4));
            PgLog.Limits limits = bug == Bug.FORGET_REQUESTS
                    ? new PgLog.Limits(1, 1 << 20, 0)
                    : new PgLog.Limits(10_000, 1 << 30, 10);
            pg = new PgHarness(store, new ClassRegistry(List.of(COUNTERS)), limits);
            pg.restart(++epoch);
            if (bug == Bug.ANSWER_BEFORE_SYNC) {
                pg.answerBeforeSync();
            } else if (random.nextBoolean()) {
                pg.noticeLate();
            }
        }

        private void send(long tid, String locator, int attempt) {
            ObjectVersion known = bug == Bug.FORGET_REQUESTS ? new ObjectVersion(99, 1L << 40) : ObjectVersion.NONE;
            Data data = Data.wrap(new byte[1 + (int) (tid * 37 % 1500)]);
            pg.send(PgHarness.operation(tid, locator, "counters", "increment", Bytes.EMPTY, data, known, attempt));
        }

        private void takeReplies() {
            for (long tid : List.copyOf(unanswered.keySet())) {
                boolean isLost = random.nextInt(10) == 0;
                if (pg.reply(tid) instanceof OsdMessage.OperationReply answer && !isLost) {
                    String locator = unanswered.remove(tid);
                    int value = Integer.parseInt(answer.output().utf8());
                    if (!answers.computeIfAbsent(locator, l -> new TreeSet<>()).add(value)) {
                        violations.add("two requests of " + locator + " were answered " + value);
                    }
                }
            }
            pg.forgetReplies();
        }

        private void step() {
            int choice = random.nextInt(10);
            if (choice < 4) {
                String locator = "l" + random.nextInt(3);
                long tid = nextTid++;
                unanswered.put(tid, locator);
                requests.merge(locator, 1, Integer::sum);
                send(tid, locator, 0);
            } else if (choice == 4 && !unanswered.isEmpty()) {
                List<Long> tids = List.copyOf(unanswered.keySet());
                long tid = tids.get(random.nextInt(tids.size()));
                send(tid, unanswered.get(tid), 1);
            } else if (choice < 8) {
                pg.commitOne();
            } else {
                pg.noticeOne();
                pg.readOne();
            }
            takeReplies();
        }

        /** Runs until the power has failed some times, then lets everything end and compares. */
        List<String> run(int powerLosses) {
            start();
            for (int life = 0; life <= powerLosses; life++) {
                if (life < powerLosses) {
                    disk.losePowerAfter(20 + random.nextInt(200));
                }
                try {
                    int steps = 300;
                    for (int i = 0; i < steps; i++) {
                        step();
                    }
                } catch (PowerLoss lost) {
                    // The lives end at any step of the disk.
                }
                disk.restart();
                start();
                List.copyOf(unanswered.keySet()).forEach(tid -> send(tid, unanswered.get(tid), 1));
            }
            for (int i = 0; i < 200 && !unanswered.isEmpty(); i++) {
                pg.runAll();
                takeReplies();
                List.copyOf(unanswered.keySet()).forEach(tid -> send(tid, unanswered.get(tid), 2));
            }
            if (!unanswered.isEmpty()) {
                violations.add("no answer for " + unanswered.keySet());
            }
            requests.forEach((locator, count) -> {
                long tid = pg.call(locator, "counters", "get", Bytes.EMPTY, Data.EMPTY);
                pg.runAll();
                int value = Integer.parseInt(pg.answer(tid).output().utf8());
                if (value != count) {
                    violations.add(locator + " counts " + value + " of " + count + " requests");
                }
            });
            return violations;
        }
    }

    @Test
    void everyRequestTakesEffectExactlyOnce() {
        for (long seed = 1; seed <= 150; seed++) {
            assertThat(new Run(seed, Bug.NONE).run(4)).as("seed %d", seed).isEmpty();
        }
    }

    private static void isCaught(Bug bug) {
        for (long seed = 1; seed <= 50; seed++) {
            try {
                if (!new Run(seed, bug).run(4).isEmpty()) {
                    return;
                }
            } catch (RuntimeException | AssertionError noticed) {
                return;
            }
        }
        throw new AssertionError(bug + " was not caught in 50 seeds");
    }

    @Test
    void aSkippedSyncIsCaught() {
        isCaught(Bug.SKIP_SYNC);
    }

    @Test
    void anAnswerBeforeTheSyncIsCaught() {
        isCaught(Bug.ANSWER_BEFORE_SYNC);
    }

    @Test
    void aForgottenRequestIsCaught() {
        isCaught(Bug.FORGET_REQUESTS);
    }
}
