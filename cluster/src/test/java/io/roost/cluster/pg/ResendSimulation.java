package io.roost.cluster.pg;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.client.Objecter;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.PowerLoss;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A client's objecter and a placement group, with a network between them that delivers what was sent at any time later:
 * also when the client has long been answered for another copy of the request, and when the power has failed in between.
 * Replies may be lost. Half of what is asked for is refused or changes nothing, because of what others did before.
 *
 * <p>Every change leaves its mark, so that in the end each request's answer can be compared with what it did.
 */
final class ResendSimulation {
    /** What goes wrong on purpose. */
    enum Bug {
        NONE,
        /** Syncs of the rows do nothing. */
        SKIP_SYNC,
        /** Transactions count as durable when they are submitted. */
        ANSWER_BEFORE_SYNC,
        /** The log entry of what changed nothing does not say whose request it was. */
        REFUSAL_NOT_RECORDED,
        /** Log entries say whose request it was, but not what it was answered. */
        ANSWER_NOT_RECORDED,
        /** The first copy of a request is carried out however old it is. */
        TRUST_FIRST_COPY,
        /** Every copy of a request is carried out however old it is. */
        TRUST_EVERY_COPY
    }

    /** What happened, so that a test can tell that it does happen. */
    enum Event {
        ANSWERED_CHANGED,
        ANSWERED_UNCHANGED,
        ANSWERED_INVALID,
        ANSWERED_NO_SPACE,
        FAILED_UNKNOWN,
        OUTDATED,
        ANSWERED_AFTER_OUTDATED,
        COPY_AFTER_ANSWER,
        FIRST_COPY_AFTER_ANSWER,
        POWER_LOSS
    }

    private static final long DEADLINE_MILLIS = 400_000;
    private static final List<String> METHODS = List.of("create", "create", "remove", "remove", "touch", "malformed");

    /** What was asked for, and what the client was told: an answer's output, an error's name, "unknown", or nothing. */
    private static final class Asked implements Objecter.Request {
        private final long tid;
        private final String locator;
        private final String method;
        private final int floor;
        private boolean isOutdated;
        private String told;

        Asked(long tid, String locator, String method, int floor) {
            this.tid = tid;
            this.locator = locator;
            this.method = method;
            this.floor = floor;
        }

        @Override
        public long pool() {
            return PgHarness.PG.pool();
        }

        @Override
        public PgId pg(OsdMap map) {
            return PgHarness.PG;
        }

        @Override
        public OsdMessage.ToPrimary message(
                RequestId id, int mapEpoch, PgId pg, ObjectVersion knownVersion, int attempt) {
            Data data = Data.wrap(new byte[1 + (int) (tid * 37 % 1500)]);
            return new OsdMessage.Operation(
                    id,
                    mapEpoch,
                    pg,
                    new Locator(pg.pool(), Bytes.utf8(locator)),
                    "items",
                    method,
                    Bytes.EMPTY,
                    data,
                    knownVersion,
                    attempt);
        }
    }

    private final Bug bug;
    private final Random random;
    private final SimDisk disk;
    private final MemoryKeyValue rows;
    private final MemoryBlockFiles files;
    private final PgLog.Limits limits;
    private final Objecter objecter;
    private final Sent sent = new Sent();
    private final List<OsdMessage.Operation> copies = new ArrayList<>();
    private final List<OsdMessage.ToClient> replies = new ArrayList<>();
    private final TreeMap<Long, Asked> requests = new TreeMap<>();
    private final TreeMap<String, Integer> acknowledged = new TreeMap<>();
    private final TreeMap<Long, String> said = new TreeMap<>();
    private final Map<Event, Integer> events = new EnumMap<>(Event.class);
    private final List<String> violations = new ArrayList<>();
    private PgHarness pg;
    private ObjectStore store;
    private long nowMillis;
    private long nextTid = 1;
    private int epoch;

    ResendSimulation(long seed, Bug bug) {
        this.bug = bug;
        random = new Random(seed);
        disk = new SimDisk(seed).misses(random.nextInt(40));
        if (bug == Bug.SKIP_SYNC) {
            disk.plant(SimDisk.Bug.SKIP_ROW_SYNC);
        }
        rows = new MemoryKeyValue(disk);
        files = new MemoryBlockFiles(disk);
        int kept = 10 << random.nextInt(7);
        limits = new PgLog.Limits(kept, 1 << 20, random.nextInt(kept));
        Pool pool = new Pool(
                PgHarness.PG.pool(), "pool", Pool.Type.REPLICATED, 1, 1, 1, 1, 0, Set.of(Pool.Flag.HASHPSPOOL), 1);
        objecter = new Objecter(9, 1, SampleMaps.of("single1", pool));
    }

    private void count(Event event) {
        events.merge(event, 1, Integer::sum);
    }

    /** How often each thing happened. */
    Map<Event, Integer> events() {
        return events;
    }

    /** What the objecter wants done: copies go into the network, ends of requests are noted. */
    private final class Sent implements Objecter.Effects {
        @Override
        public void send(int osd, OsdMessage.ToPrimary message) {
            copies.add((OsdMessage.Operation) message);
        }

        @Override
        public void complete(long tid, OsdMessage.ToClient reply) {
            Asked asked = requests.get(tid);
            if (reply instanceof OsdMessage.OperationReply answer) {
                asked.told = answer.output().utf8();
                if (asked.told.isEmpty()) {
                    violations.add("request " + tid + " was answered nothing");
                    return;
                }
                int sequence = Integer.parseInt(asked.told.substring(1));
                acknowledged.merge(asked.locator, sequence, Math::max);
                count(asked.told.charAt(0) == 'c' ? Event.ANSWERED_CHANGED : Event.ANSWERED_UNCHANGED);
                if (asked.isOutdated) {
                    count(Event.ANSWERED_AFTER_OUTDATED);
                }
            } else {
                fail(tid, ((OsdMessage.Refusal) reply));
            }
        }

        private void fail(long tid, OsdMessage.Refusal refusal) {
            fail(tid, new ObjectException(refusal.error(), refusal.message()));
        }

        @Override
        public void fail(long tid, ObjectException failure) {
            Asked asked = requests.get(tid);
            if (failure.error().isOutcomeUnknown()) {
                asked.told = "unknown";
                count(Event.FAILED_UNKNOWN);
                return;
            }
            asked.told = failure.error().name();
            switch (failure.error()) {
                case INVALID_OPERATION -> count(Event.ANSWERED_INVALID);
                case NO_SPACE -> count(Event.ANSWERED_NO_SPACE);
                default -> violations.add("request " + tid + " failed: " + failure);
            }
        }

        @Override
        public void wantMap(int epoch) {
            // Lives of the placement group have epochs of their own here; the map does not change.
        }
    }

    private void start() {
        store = ObjectStore.open(
                StoreConfig.DEFAULT.withInline(512).withCapacity(32 << 20), rows, files, new BlockPool(4));
        pg = new PgHarness(store, new ClassRegistry(List.of(Items.CLASS)), limits);
        pg.restart(++epoch);
        if (bug == Bug.ANSWER_BEFORE_SYNC) {
            pg.answerBeforeSync();
        } else if (random.nextBoolean()) {
            pg.noticeLate();
        }
        pg.writeEntriesAs(this::asWritten);
    }

    private LogEntry asWritten(LogEntry entry) {
        if (bug == Bug.REFUSAL_NOT_RECORDED && entry.changes().isEmpty()) {
            return new LogEntry(entry.version(), RequestId.NONE, entry.locatorKey(), entry.answer(), entry.changes());
        }
        if (bug == Bug.ANSWER_NOT_RECORDED) {
            LogEntry.Answer nothing = new LogEntry.Answer.Reply(ClassReply.OK, Bytes.EMPTY);
            return new LogEntry(entry.version(), entry.request(), entry.locatorKey(), nothing, entry.changes());
        }
        return entry;
    }

    private void ask() {
        long tid = nextTid++;
        String locator = "l" + random.nextInt(3);
        String method = METHODS.get(random.nextInt(METHODS.size()));
        Asked asked = new Asked(tid, locator, method, acknowledged.getOrDefault(locator, 0));
        requests.put(tid, asked);
        objecter.onRequest(tid, asked, nowMillis + DEADLINE_MILLIS, nowMillis, sent);
    }

    private void deliver() {
        if (copies.isEmpty()) {
            return;
        }
        int newest = Math.min(copies.size(), 4);
        int at = random.nextInt(8) == 0 ? random.nextInt(copies.size()) : copies.size() - 1 - random.nextInt(newest);
        deliver(copies.remove(at));
    }

    private void deliver(OsdMessage.Operation copy) {
        if (requests.get(copy.request().tid()).told != null) {
            count(copy.attempt() == 0 ? Event.FIRST_COPY_AFTER_ANSWER : Event.COPY_AFTER_ANSWER);
        }
        boolean isTrusted = bug == Bug.TRUST_EVERY_COPY || (bug == Bug.TRUST_FIRST_COPY && copy.attempt() == 0);
        pg.send(isTrusted ? withKnownVersion(copy, new ObjectVersion(epoch, Long.MAX_VALUE)) : copy);
    }

    private static OsdMessage.Operation withKnownVersion(OsdMessage.Operation copy, ObjectVersion known) {
        return new OsdMessage.Operation(
                copy.request(),
                copy.mapEpoch(),
                copy.pg(),
                copy.locator(),
                copy.className(),
                copy.method(),
                copy.parameters(),
                copy.data(),
                known,
                copy.attempt());
    }

    private void takeReplies() {
        for (OsdMessage.ToClient reply : pg.takeReplies()) {
            if (reply instanceof OsdMessage.OperationReply answer) {
                said(reply, answer.status() + answer.output().utf8());
            } else if (reply instanceof OsdMessage.Refusal refusal && refusal.error() != ObjectError.OUTCOME_UNKNOWN) {
                said(reply, refusal.error().name());
            } else if (reply instanceof OsdMessage.Outdated outdated) {
                requests.get(outdated.request().tid()).isOutdated = true;
                count(Event.OUTDATED);
            }
            replies.add(reply);
        }
    }

    /** All copies of a request are answered alike. */
    private void said(OsdMessage.ToClient reply, String text) {
        String other = said.putIfAbsent(reply.request().tid(), text);
        if (other != null && !other.equals(text)) {
            violations.add(reply.request() + " was answered " + other + " and " + text);
        }
    }

    private void reply() {
        if (!replies.isEmpty()) {
            OsdMessage.ToClient reply = replies.remove(random.nextInt(replies.size()));
            if (random.nextInt(5) > 0) {
                objecter.onReply(0, reply, nowMillis, sent);
            }
        }
    }

    private void step() {
        int choice = random.nextInt(14);
        if (choice < 2) {
            ask();
        } else if (choice < 6) {
            deliver();
        } else if (choice < 8) {
            if (random.nextInt(12) > 0 || !pg.refuseOne()) {
                pg.commitOne();
            }
        } else if (choice < 10) {
            pg.noticeOne();
            pg.readOne();
        } else if (choice < 12) {
            reply();
        } else if (choice < 13) {
            nowMillis += random.nextInt(3_000);
            objecter.onTick(nowMillis, sent);
        } else if (random.nextInt(20) == 0) {
            objecter.onReset(0, nowMillis, sent);
        }
        takeReplies();
    }

    /** Runs until the power has failed some times, then lets everything arrive and compares. */
    List<String> run(int powerLosses) {
        start();
        for (int life = 0; life <= powerLosses; life++) {
            if (life < powerLosses) {
                disk.losePowerAfter(20 + random.nextInt(200));
            }
            try {
                for (int i = 0; i < 600; i++) {
                    step();
                }
            } catch (PowerLoss lost) {
                count(Event.POWER_LOSS);
            }
            restart();
        }
        for (int i = 0; i < 1000 && objecter.pendingCount() > 0; i++) {
            arriveAll();
            nowMillis += 1_000;
            objecter.onTick(nowMillis, sent);
        }
        arriveAll();
        restart();
        compare();
        return violations;
    }

    private void restart() {
        disk.restart();
        start();
        objecter.onReset(0, nowMillis, sent);
    }

    private void arriveAll() {
        while (!copies.isEmpty()) {
            deliver();
            pg.runAll();
            takeReplies();
        }
        while (!replies.isEmpty()) {
            reply();
        }
    }

    private void compare() {
        int rowCount = 0;
        try (KeyValue.Cursor log = store.disk().log(PgHarness.PG, ObjectVersion.NONE)) {
            while (log.next()) {
                rowCount++;
            }
        }
        int kept = StoredCopy.load(store, PgHarness.PG, 0).log().size();
        if (rowCount != kept) {
            violations.add(rowCount + " rows of a log that keeps " + kept);
        }
        TreeMap<String, TreeMap<Integer, Asked>> changes = new TreeMap<>();
        for (Asked asked : requests.values()) {
            changes.computeIfAbsent(asked.locator, l -> new TreeMap<>());
            Locator locator = new Locator(PgHarness.PG.pool(), Bytes.utf8(asked.locator));
            Entry entry = store.disk().entry(locator, Items.mark(asked.tid));
            String marks = entry == null ? "" : entry.attributes().utf8();
            if (marks.contains(" ")) {
                violations.add(describe(asked) + " took effect as " + marks);
            } else if (entry != null) {
                changes.get(asked.locator).put(Integer.parseInt(marks), asked);
            }
            check(asked, marks);
        }
        changes.forEach((locator, bySequence) -> {
            TreeSet<Integer> missing = new TreeSet<>();
            for (int i = 1; i <= (bySequence.isEmpty() ? 0 : bySequence.lastKey()); i++) {
                missing.add(i);
            }
            missing.removeAll(bySequence.keySet());
            if (!missing.isEmpty()) {
                violations.add("changes " + missing + " of " + locator + " are nobody's");
            }
        });
        for (Asked asked : requests.values()) {
            if (String.valueOf(asked.told).startsWith("u") && !asked.told.equals("unknown")) {
                checkUnchanged(asked, changes.get(asked.locator));
            }
        }
    }

    /** An answer says what the request did, and is not older than what was known when it was asked for. */
    private void check(Asked asked, String marks) {
        if (asked.told == null || asked.told.isEmpty()) {
            violations.add(describe(asked) + " was not answered");
        } else if (asked.told.equals("unknown")) {
            return;
        } else if (asked.told.charAt(0) == 'c' ? !asked.told.equals("c" + marks) : !marks.isEmpty()) {
            violations.add(describe(asked) + " took effect as " + (marks.isEmpty() ? "nothing" : marks));
        } else if (Character.isLowerCase(asked.told.charAt(0))
                && Integer.parseInt(asked.told.substring(1)) < asked.floor) {
            violations.add(describe(asked) + " although change " + asked.floor + " was known before");
        }
    }

    /** What changed nothing saw a state in which it had nothing to change. */
    private void checkUnchanged(Asked asked, Map<Integer, Asked> changes) {
        Asked last = changes.get(Integer.parseInt(asked.told.substring(1)));
        boolean wasThere = last != null && !last.method.equals("remove");
        if (wasThere != asked.method.equals("create")) {
            violations.add(describe(asked) + " after " + (last == null ? "nothing" : describe(last)));
        }
    }

    private static String describe(Asked asked) {
        return asked.method + " " + asked.tid + " of " + asked.locator + ", told " + asked.told + ",";
    }
}
