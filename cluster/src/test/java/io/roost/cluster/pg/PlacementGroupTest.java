package io.roost.cluster.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.KeyValueBatch;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.StoreVerification;
import io.roost.cluster.store.Tier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The claims of the architecture's section on object classes, one test each. */
class PlacementGroupTest {
    private static final Bytes COUNTER = Bytes.utf8("counter");
    private static final int EXISTS = 17;

    /** A class of its own: append a line, create once, count, list. */
    private static final ObjectClass LINES = new ObjectClass("lines", 1)
            .writing("increment", (view, input) -> {
                Entry counter = view.entry(COUNTER);
                int value = counter == null
                        ? 0
                        : Integer.parseInt(counter.attributes().utf8());
                Bytes next = Bytes.utf8(Integer.toString(value + 1));
                return ClassReply.write(next, List.of(Mutation.Put.row(COUNTER, next)));
            })
            .writing("create", (view, input) -> {
                Bytes name = input.parameters();
                if (view.entry(name) != null) {
                    return ClassReply.refuse(EXISTS, Bytes.EMPTY);
                }
                Mutation put = new Mutation.Put(name, Bytes.utf8("a"), Bytes.utf8("v"), input.data());
                return ClassReply.write(Bytes.utf8("created"), List.of(put));
            })
            .freeing(
                    "delete",
                    (view, input) -> ClassReply.write(Bytes.EMPTY, List.of(new Mutation.Delete(input.parameters()))))
            .writing(
                    "rename-attributes",
                    (view, input) -> ClassReply.write(
                            Bytes.EMPTY,
                            List.of(new Mutation.SetAttributes(input.parameters(), Bytes.utf8("b"), Bytes.utf8("w")))))
            .reading("count", (view, input) -> {
                Entry counter = view.entry(COUNTER);
                return ClassReply.read(counter == null ? Bytes.utf8("0") : counter.attributes());
            })
            .reading("get", (view, input) -> {
                Entry entry = view.entry(input.parameters());
                return entry == null
                        ? ClassReply.refuse(404, Bytes.EMPTY)
                        : ClassReply.read(
                                entry.attributes().concat(view.value(input.parameters())),
                                new ClassReply.BodyRange(input.parameters(), 0, Long.MAX_VALUE));
            })
            .writing("fill", (view, input) -> {
                int length;
                try {
                    length = Integer.parseInt(input.parameters().utf8());
                } catch (NumberFormatException malformed) {
                    throw new MalformedBytesException(malformed.getMessage());
                }
                view.entry(COUNTER);
                return ClassReply.read(Bytes.wrap(new byte[length]));
            })
            .writing("refuse", (view, input) -> ClassReply.refuse(EXISTS, Bytes.EMPTY))
            .reading("between", (view, input) -> {
                String[] names = input.parameters().utf8().split(" ", -1);
                Bytes to = names[1].isEmpty() ? null : Bytes.utf8(names[1]);
                return ClassReply.read(names(view.entries(Bytes.utf8(names[0]), to)));
            })
            .writing("between-newest", (view, input) -> {
                String[] names = input.parameters().utf8().split(" ", -1);
                Bytes to = names[1].isEmpty() ? null : Bytes.utf8(names[1]);
                return ClassReply.read(names(view.entries(Bytes.utf8(names[0]), to)));
            })
            .writing("queue", (view, input) -> {
                Bytes name = Bytes.of(0x80).concat(input.parameters());
                return ClassReply.write(Bytes.EMPTY, List.of(Mutation.Put.row(name, Bytes.EMPTY)));
            })
            .writing("point", (view, input) -> {
                Mutation put = Mutation.Put.row(Bytes.utf8("pointer"), input.parameters());
                return ClassReply.write(Bytes.EMPTY, List.of(put));
            })
            .writing("follow", (view, input) -> {
                Bytes name = view.entry(Bytes.utf8("pointer")).attributes();
                return ClassReply.read(view.entry(name).attributes());
            })
            .writing("last", (view, input) -> {
                return ClassReply.read(names(view.entries(Bytes.utf8("n"), Bytes.utf8("o"))));
            });

    private static Bytes names(EntryCursor entries) {
        StringBuilder names = new StringBuilder();
        while (entries.next()) {
            names.append(entries.name().utf8()).append(' ');
        }
        return Bytes.utf8(names.toString());
    }

    private final SimDisk disk = new SimDisk(20261124).misses(30);
    private final MemoryKeyValue rows = new MemoryKeyValue(disk);
    private final MemoryBlockFiles files = new MemoryBlockFiles(disk);
    private final ObjectStore store = ObjectStore.open(StoreConfig.DEFAULT, rows, files, new BlockPool(16));
    private final PgHarness pg =
            new PgHarness(store, new ClassRegistry(List.of(LINES)), new PgLog.Limits(100, 1 << 20, 10));

    @BeforeEach
    void start() {
        pg.restart(1);
    }

    private long call(String method, String parameters) {
        return pg.call("l", "lines", method, Bytes.utf8(parameters), Data.EMPTY);
    }

    private static Data data(String text) {
        return Data.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Lets fetches happen but no commit. */
    private void readAll() {
        while (pg.readOne()) {
            // until nothing is left to fetch
        }
    }

    private void refusesAsDamaged(long tid, String name) {
        assertThat(pg.reply(tid))
                .isInstanceOfSatisfying(
                        OsdMessage.Refusal.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ObjectError.IO_ERROR));
        assertThat(pg.damages()).last().satisfies(damage -> {
            assertThat(damage.locator().key()).isEqualTo(Bytes.utf8("l"));
            assertThat(damage.name()).isEqualTo(Bytes.utf8(name));
        });
    }

    @Test
    void aDamagedBodyIsRefusedAndToldAndTheOthersAreServed() {
        pg.call("l", "lines", "create", Bytes.utf8("n1"), Data.wrap(new byte[200_000]));
        pg.call("l", "lines", "create", Bytes.utf8("n2"), data("fine"));
        pg.runAll();
        files.flip(1, 100_000);
        long damaged = call("get", "n1");
        long fine = call("get", "n2");
        pg.runAll();
        refusesAsDamaged(damaged, "n1");
        assertThat(pg.damages()).hasSize(1);
        assertThat(pg.answer(fine).data().toArray()).isEqualTo("fine".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aWriteThatDependsOnADamagedRowIsRefusedAndToldAndChangesNothing() {
        call("create", "n1");
        pg.runAll();
        Bytes key = KeyLayout.entry(new Locator(PgHarness.PG.pool(), Bytes.utf8("l")), Bytes.utf8("n1"));
        rows.write(new KeyValueBatch().put(Family.CATALOGUE, key, Bytes.of(0x7f)));
        for (int i = 0; i < 20; i++) {
            long tid = call("create", "n1");
            pg.runAll();
            refusesAsDamaged(tid, "n1");
        }
        assertThat(rows.get(Family.CATALOGUE, key, Tier.DISK)).isEqualTo(Bytes.of(0x7f));
        long other = call("create", "n2");
        pg.runAll();
        assertThat(pg.answer(other).status()).isZero();
    }

    @Test
    void answersAWriteOnlyWhenItIsCommitted() {
        long tid = call("increment", "");
        readAll();
        assertThat(pg.reply(tid)).isNull();
        pg.runAll();
        assertThat(pg.answer(tid).output().utf8()).isEqualTo("1");
        assertThat(pg.answer(tid).version()).isEqualTo(new ObjectVersion(1, 1));
    }

    @Test
    void writesSeeTheTransactionsInFlight() {
        long first = call("increment", "");
        long second = call("increment", "");
        long third = call("increment", "");
        readAll();
        assertThat(pg.persistCount()).isEqualTo(3);
        pg.runAll();
        assertThat(pg.answer(first).output().utf8()).isEqualTo("1");
        assertThat(pg.answer(second).output().utf8()).isEqualTo("2");
        assertThat(pg.answer(third).output().utf8()).isEqualTo("3");
        assertThat(pg.replyOrder()).containsExactly(first, second, third);
    }

    @Test
    void aRefusalWaitsForTheTransactionItRestsOn() {
        long create = call("create", "n1");
        long again = call("create", "n1");
        readAll();
        assertThat(pg.reply(again)).isNull();
        pg.runAll();
        assertThat(pg.answer(create).status()).isZero();
        assertThat(pg.answer(again).status()).isEqualTo(EXISTS);
        assertThat(pg.answer(again).version()).isEqualTo(ObjectVersion.NONE);
    }

    @Test
    void anEmptyRangeWaitsForTheDeletionItRestsOn() {
        call("create", "n1");
        pg.runAll();
        call("delete", "n1");
        long list = call("last", "");
        readAll();
        assertThat(pg.reply(list)).isNull();
        pg.runAll();
        assertThat(pg.answer(list).output().utf8()).isEmpty();
    }

    @Test
    void aReadOfWhatIsNotInFlightDoesNotWait() {
        call("create", "n1");
        pg.runAll();
        call("create", "n2");
        readAll();
        assertThat(pg.persistCount()).isEqualTo(1);
        long get = call("get", "n1");
        readAll();
        assertThat(pg.answer(get).output().utf8()).isEqualTo("av");
    }

    @Test
    void aReadOfWhatIsInFlightSeesCommittedStateAndWaits() {
        call("increment", "");
        pg.runAll();
        call("increment", "");
        readAll();
        long count = call("count", "");
        readAll();
        assertThat(pg.reply(count)).isNull();
        pg.runAll();
        assertThat(pg.answer(count).output().utf8()).isEqualTo("1");
    }

    @Test
    void aResendIsAnsweredFromTheLogAndNotCarriedOut() {
        long tid = call("increment", "");
        pg.runAll();
        OsdMessage.Operation again =
                PgHarness.operation(tid, "l", "lines", "increment", Bytes.EMPTY, Data.EMPTY, ObjectVersion.NONE, 1);
        pg.forgetReplies();
        pg.send(again);
        pg.runAll();
        assertThat(pg.answer(tid).output().utf8()).isEqualTo("1");
        pg.restart(2);
        pg.forgetReplies();
        pg.send(again);
        pg.runAll();
        assertThat(pg.answer(tid).output().utf8()).isEqualTo("1");
        assertThat(pg.answer(tid).version()).isEqualTo(new ObjectVersion(1, 1));
        long count = call("count", "");
        pg.runAll();
        assertThat(pg.answer(count).output().utf8()).isEqualTo("1");
    }

    @Test
    void aResendOfWhatIsInFlightWaitsForIt() {
        long tid = call("increment", "");
        readAll();
        pg.send(PgHarness.operation(tid, "l", "lines", "increment", Bytes.EMPTY, Data.EMPTY, ObjectVersion.NONE, 1));
        assertThat(pg.reply(tid)).isNull();
        pg.runAll();
        assertThat(pg.replyOrder()).containsExactly(tid, tid);
        assertThat(pg.answer(tid).output().utf8()).isEqualTo("1");
    }

    @Test
    void aCopyOlderThanTheLogIsOutdatedAndChangesNothingTheFirstOneToo() {
        for (int i = 0; i < 120; i++) {
            call("increment", "");
            pg.runAll();
        }
        ObjectVersion known = new ObjectVersion(1, 3);
        for (int attempt = 0; attempt < 2; attempt++) {
            pg.send(PgHarness.operation(4711, "l", "lines", "increment", Bytes.EMPTY, Data.EMPTY, known, attempt));
            pg.runAll();
            assertThat(pg.reply(4711))
                    .isEqualTo(new OsdMessage.Outdated(new RequestId(9, 1, 4711), 1, known, new ObjectVersion(1, 120)));
        }
        long count = call("count", "");
        pg.runAll();
        assertThat(pg.answer(count).output().utf8()).isEqualTo("120");
    }

    @Test
    void aResendThatTheLogStillCoversIsCarriedOut() {
        call("increment", "");
        pg.runAll();
        pg.send(PgHarness.operation(
                4711, "l", "lines", "increment", Bytes.EMPTY, Data.EMPTY, new ObjectVersion(1, 1), 3));
        pg.runAll();
        assertThat(pg.answer(4711).output().utf8()).isEqualTo("2");
    }

    @Test
    void whatWasNotCommittedIsGoneAfterARestart() {
        call("increment", "");
        pg.runAll();
        call("increment", "");
        readAll();
        pg.restart(2);
        long count = call("count", "");
        pg.runAll();
        assertThat(pg.answer(count).output().utf8()).isEqualTo("1");
        long next = call("increment", "");
        pg.runAll();
        assertThat(pg.answer(next).version()).isEqualTo(new ObjectVersion(2, 2));
    }

    @Test
    void bodiesAndValuesComeBackAndAttributesChangeWithoutThem() {
        pg.call("l", "lines", "create", Bytes.utf8("n1"), data("the body"));
        pg.runAll();
        call("rename-attributes", "n1");
        pg.runAll();
        long get = call("get", "n1");
        pg.runAll();
        assertThat(pg.answer(get).output().utf8()).isEqualTo("bw");
        assertThat(new String(pg.answer(get).data().toArray(), StandardCharsets.UTF_8))
                .isEqualTo("the body");
    }

    @Test
    void attributesOfAnAbsentEntryAreRefused() {
        long tid = call("rename-attributes", "n1");
        pg.runAll();
        assertThat(pg.reply(tid))
                .isInstanceOfSatisfying(
                        OsdMessage.Refusal.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ObjectError.INVALID_OPERATION));
        assertThat(pg.group().inFlightCount()).isZero();
    }

    @Test
    void anUnknownMethodIsRefused() {
        long tid = call("nothing", "");
        assertThat(pg.reply(tid))
                .isInstanceOfSatisfying(
                        OsdMessage.Refusal.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ObjectError.NO_SUCH_CLASS));
    }

    @Test
    void dataThatWasDamagedOnItsWayIsRefusedAndWhatRestsOnItIsEvaluatedAgain() {
        byte[] bytes = "the body".getBytes(StandardCharsets.UTF_8);
        Data damaged = Data.wrap(bytes);
        long first = pg.call("l", "lines", "create", Bytes.utf8("n1"), damaged);
        long second = call("create", "n1");
        long other = call("increment", "");
        readAll();
        assertThat(pg.persistCount()).isEqualTo(3);
        bytes[3] ^= 1;
        pg.runAll();
        assertThat(pg.reply(first))
                .isInstanceOfSatisfying(
                        OsdMessage.Refusal.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ObjectError.IO_ERROR));
        assertThat(pg.answer(second).status()).isZero();
        assertThat(pg.answer(other).output().utf8()).isEqualTo("1");
        assertThat(pg.group().committed()).isEqualTo(new ObjectVersion(1, 3));
        resend(first, "create", "n1");
        assertThat(error(first)).isEqualTo(ObjectError.IO_ERROR);
    }

    /** Another copy of a request arrives now, over what the store has, and again after a restart. */
    private void resend(long tid, String method, String parameters) {
        for (int epoch = 2; epoch < 4; epoch++) {
            pg.forgetReplies();
            pg.send(PgHarness.operation(
                    tid, "l", "lines", method, Bytes.utf8(parameters), Data.EMPTY, ObjectVersion.NONE, 1));
            pg.runAll();
            OsdMessage.ToClient reply = pg.reply(tid);
            pg.restart(epoch);
            pg.forgetReplies();
            pg.send(PgHarness.operation(
                    tid, "l", "lines", method, Bytes.utf8(parameters), Data.EMPTY, ObjectVersion.NONE, 0));
            pg.runAll();
            assertThat(pg.reply(tid))
                    .usingRecursiveComparison()
                    .ignoringFields("mapEpoch")
                    .isEqualTo(reply);
        }
    }

    private ObjectError error(long tid) {
        return pg.reply(tid) instanceof OsdMessage.Refusal refusal ? refusal.error() : null;
    }

    @Test
    void aRefusalHoldsForEveryCopyOfTheRequest() {
        call("create", "n1");
        long refused = call("create", "n1");
        call("delete", "n1");
        pg.runAll();
        assertThat(pg.answer(refused).status()).isEqualTo(EXISTS);
        assertThat(pg.answer(refused).pgVersion()).isEqualTo(new ObjectVersion(1, 2));
        resend(refused, "create", "n1");
        assertThat(pg.answer(refused).status()).isEqualTo(EXISTS);
        long get = call("get", "n1");
        pg.runAll();
        assertThat(pg.answer(get).status()).isEqualTo(404);
    }

    @Test
    void anEmptyResultHoldsForEveryCopyOfTheRequest() {
        long empty = call("last", "");
        call("create", "n1");
        pg.runAll();
        resend(empty, "last", "");
        assertThat(pg.answer(empty).output().utf8()).isEmpty();
        assertThat(pg.answer(empty).version()).isEqualTo(ObjectVersion.NONE);
    }

    @Test
    void anOperationThatStateMakesInvalidStaysSo() {
        long invalid = call("rename-attributes", "n1");
        call("create", "n1");
        pg.runAll();
        resend(invalid, "rename-attributes", "n1");
        assertThat(error(invalid)).isEqualTo(ObjectError.INVALID_OPERATION);
        long get = call("get", "n1");
        pg.runAll();
        assertThat(pg.answer(get).output().utf8()).isEqualTo("av");
    }

    @Test
    void aFaultInAClassIsRefusedAndToldAndStopsNothing() {
        call("create", "n1");
        long written = call("follow", "");
        long read = call("between", "n");
        pg.runAll();
        assertThat(error(written)).isEqualTo(ObjectError.CLASS_FAILED);
        assertThat(error(read)).isEqualTo(ObjectError.CLASS_FAILED);
        assertThat(pg.classFailures())
                .extracting(Throwable::getCause)
                .hasSize(2)
                .hasAtLeastOneElementOfType(NullPointerException.class)
                .hasAtLeastOneElementOfType(ArrayIndexOutOfBoundsException.class);
        call("point", "n1");
        pg.runAll();
        resend(written, "follow", "");
        assertThat(error(written)).isEqualTo(ObjectError.CLASS_FAILED);
        long after = call("follow", "");
        pg.runAll();
        assertThat(pg.answer(after).output().utf8()).isEqualTo("a");
    }

    @Test
    void anAnswerLongerThanTheLogKeepsIsInvalid() {
        long longest = call("fill", "4096");
        long tooLong = call("fill", "4097");
        pg.runAll();
        assertThat(pg.answer(longest).output().length()).isEqualTo(4096);
        assertThat(error(tooLong)).isEqualTo(ObjectError.INVALID_OPERATION);
        resend(longest, "fill", "4096");
        resend(tooLong, "fill", "4097");
    }

    @Test
    void whatDependsOnTheRequestAloneCostsNoCommit() {
        long malformed = call("fill", "many");
        long refused = call("refuse", "");
        assertThat(pg.persistCount()).isZero();
        assertThat(error(malformed)).isEqualTo(ObjectError.INVALID_OPERATION);
        assertThat(pg.answer(refused).status()).isEqualTo(EXISTS);
    }

    @Test
    void noSpaceHoldsForEveryCopyOfTheRequest() {
        long refused = call("create", "n1");
        long again = call("create", "n2");
        readAll();
        assertThat(pg.refuseOne()).isTrue();
        pg.runAll();
        assertThat(error(refused)).isEqualTo(ObjectError.NO_SPACE);
        assertThat(pg.answer(again).version()).isEqualTo(new ObjectVersion(1, 2));
        resend(refused, "create", "n1");
        assertThat(error(refused)).isEqualTo(ObjectError.NO_SPACE);
    }

    @Test
    void aFullStoreRecordsThatItIsFull() {
        ObjectStore small = ObjectStore.open(
                StoreConfig.DEFAULT.withCapacity(1 << 20), new MemoryKeyValue(disk), files, new BlockPool(16));
        PgHarness full = new PgHarness(small, new ClassRegistry(List.of(LINES)), new PgLog.Limits(100, 1 << 20, 10));
        full.restart(1);
        List<Long> tids = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            tids.add(full.call("l", "lines", "create", Bytes.utf8("n" + i), Data.wrap(new byte[50_000])));
            full.runAll();
        }
        long last = tids.get(59);
        assertThat(full.reply(last))
                .isInstanceOfSatisfying(
                        OsdMessage.Refusal.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ObjectError.NO_SPACE));
        assertThat(full.group().committed().version()).isEqualTo(60);
        for (int i = 0; i < 10; i++) {
            full.call("l", "lines", "delete", Bytes.utf8("n" + i), Data.EMPTY);
            full.runAll();
        }
        full.send(PgHarness.operation(
                last, "l", "lines", "create", Bytes.utf8("n59"), Data.EMPTY, ObjectVersion.NONE, 1));
        full.runAll();
        assertThat(full.reply(last)).isInstanceOf(OsdMessage.Refusal.class);
        long after = full.call("l", "lines", "create", Bytes.utf8("n59"), Data.EMPTY);
        full.runAll();
        assertThat(full.answer(after).status()).isZero();
    }

    @Test
    void aRefusalThatCannotBeRecordedHasAnUnknownOutcome() {
        long empty = call("last", "");
        readAll();
        pg.group().onRefused(1, ObjectError.NO_SPACE, pg);
        assertThat(error(empty)).isEqualTo(ObjectError.OUTCOME_UNKNOWN);
        assertThat(pg.group().inFlightCount()).isZero();
    }

    @Test
    void aRecordedAnswerThatCannotBeReadLeavesTheOutcomeUnknown() {
        long tid = call("increment", "");
        pg.runAll();
        Bytes key = KeyLayout.logEntry(PgHarness.PG, new ObjectVersion(1, 1));
        rows.write(new KeyValueBatch().put(Family.PGLOG, key, Bytes.of(0x7f)));
        pg.send(PgHarness.operation(tid, "l", "lines", "increment", Bytes.EMPTY, Data.EMPTY, ObjectVersion.NONE, 1));
        pg.runAll();
        assertThat(error(tid)).isEqualTo(ObjectError.OUTCOME_UNKNOWN);
    }

    @Test
    void moreThanTheLimitInFlightIsBusyAndNotRecorded() {
        List<Long> tids = new ArrayList<>();
        for (int i = 0; i < 4097; i++) {
            tids.add(call("increment", ""));
            readAll();
        }
        long busy = tids.get(4096);
        assertThat(error(busy)).isEqualTo(ObjectError.BUSY);
        pg.runAll();
        pg.send(PgHarness.operation(
                busy, "l", "lines", "increment", Bytes.EMPTY, Data.EMPTY, new ObjectVersion(1, 4096), 1));
        pg.runAll();
        assertThat(pg.answer(busy).output().utf8()).isEqualTo("4097");
    }

    @Test
    void rangesOfNothingAreEmptyWhateverIsInFlight() {
        call("create", "n1");
        pg.runAll();
        call("create", "n2");
        readAll();
        for (String range : List.of("n3 n1", "n1 n1")) {
            long newest = call("between-newest", range);
            long committed = call("between", range);
            readAll();
            assertThat(pg.answer(committed).output().utf8()).as(range).isEmpty();
            pg.runAll();
            assertThat(pg.answer(newest).output().utf8()).as(range).isEmpty();
            call("create", "n2-" + range.length());
            readAll();
        }
    }

    @Test
    void aRangeToTheEndOfItsFamilyEndsThereInFlightToo() {
        call("create", "n1");
        call("queue", "w1");
        long newest = call("between-newest", "a ");
        pg.runAll();
        assertThat(pg.answer(newest).output().utf8()).isEqualTo("n1 ");
        call("queue", "w2");
        readAll();
        long committed = call("between", "a ");
        readAll();
        assertThat(pg.answer(committed).output().utf8()).isEqualTo("n1 ");
    }

    @Test
    void damageThatAWriteDoesNotMeetDoesNotFailIt() {
        call("create", "n1");
        call("create", "n2");
        call("point", "n1");
        pg.runAll();
        Bytes key = KeyLayout.entry(new Locator(PgHarness.PG.pool(), Bytes.utf8("l")), Bytes.utf8("n1"));
        rows.write(new KeyValueBatch().put(Family.CATALOGUE, key, Bytes.of(0x7f)));
        call("point", "n2");
        List<Long> tids = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            tids.add(call("follow", ""));
            readAll();
        }
        pg.runAll();
        assertThat(tids)
                .allSatisfy(tid -> assertThat(pg.answer(tid).output().utf8()).isEqualTo("a"));
        assertThat(pg.damages()).isEmpty();
    }

    @Test
    void aRefusedTransactionLeavesNoLogRowsBehind() {
        for (int i = 0; i < 400; i++) {
            call("increment", "");
            readAll();
            if (i % 2 == 0) {
                assertThat(pg.refuseOne()).isTrue();
            }
            pg.runAll();
        }
        int kept = 0;
        try (KeyValue.Cursor log = store.disk().log(PgHarness.PG, ObjectVersion.NONE)) {
            while (log.next()) {
                kept++;
            }
        }
        assertThat(kept).isEqualTo(StoredCopy.load(store, PgHarness.PG, 0).log().size());
        try (StoreVerification verification = store.verify()) {
            while (!verification.isDone()) {
                assertThat(verification.step(1000)).isEmpty();
            }
        }
    }

    private List<Bytes> scan(PgId group, Bytes after) {
        OsdMessage.ScanWork scan =
                new OsdMessage.ScanWork(new RequestId(9, 1, 4712), 1, group, OsdMessage.Scanned.CATALOGUE, after, 100);
        pg.group().onScanWork(0, scan, 2, pg);
        pg.runAll();
        OsdMessage.WorkReply reply = (OsdMessage.WorkReply) pg.reply(4712);
        return reply.items().stream().map(item -> item.locator().key()).toList();
    }

    @Test
    void aScanReturnsNothingOfOtherPlacementGroups() {
        for (int i = 0; i < 20; i++) {
            pg.call("l" + i, "lines", "create", Bytes.utf8("n1"), Data.EMPTY);
        }
        pg.runAll();
        PgId second = new PgId(PgHarness.PG.pool(), 1);
        List<Bytes> inSecond = scan(second, Bytes.EMPTY);
        assertThat(inSecond).hasSizeBetween(1, 19);
        assertThat(scan(second, Bytes.of(0))).isEqualTo(inSecond);
        assertThat(scan(PgHarness.PG, Bytes.of(0xff))).isEmpty();
    }

    @Test
    void aScanWaitsForWhatIsInFlight() {
        call("create", "n1");
        readAll();
        OsdMessage.ScanWork scan = new OsdMessage.ScanWork(
                new RequestId(9, 1, 4712), 1, PgHarness.PG, OsdMessage.Scanned.CATALOGUE, Bytes.EMPTY, 100);
        pg.group().onScanWork(0, scan, 1, pg);
        readAll();
        assertThat(pg.reply(4712)).isNull();
        pg.runAll();
        assertThat(pg.reply(4712)).isInstanceOf(OsdMessage.WorkReply.class);
    }

    @Test
    void writesThatWaitForAFetchHaveALimit() {
        SimDisk cold = new SimDisk(1).misses(100);
        ObjectStore missing = ObjectStore.open(
                StoreConfig.DEFAULT, new MemoryKeyValue(cold), new MemoryBlockFiles(cold), new BlockPool(16));
        PgHarness waiting = new PgHarness(missing, new ClassRegistry(List.of(LINES)), PgLog.Limits.DEFAULT);
        waiting.restart(1);
        long last = 0;
        for (int i = 0; i < 5000; i++) {
            last = waiting.call("l", "lines", "increment", Bytes.EMPTY, Data.EMPTY);
        }
        assertThat(waiting.reply(last))
                .isInstanceOfSatisfying(
                        OsdMessage.Refusal.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ObjectError.BUSY));
        long reading = 0;
        for (int i = 0; i < 5000; i++) {
            reading = waiting.call("l", "lines", "count", Bytes.EMPTY, Data.EMPTY);
        }
        assertThat(waiting.reply(reading))
                .isInstanceOfSatisfying(
                        OsdMessage.Refusal.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ObjectError.BUSY));
        assertThat(waiting.readCount()).isEqualTo(4097);
    }
}
