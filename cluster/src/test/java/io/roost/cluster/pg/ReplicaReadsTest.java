package io.roost.cluster.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.ReadFrom;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a replica answers to clients, and what it leaves to the primary. */
class ReplicaReadsTest {
    private static final int PRIMARY = 1;
    private static final Bytes NAME = Bytes.utf8("name");
    private static final Locator LOCATOR = new Locator(PgHarness.PG.pool(), Bytes.utf8("l"));
    private static final byte[] BODY = new byte[200_000];

    private static final ObjectClass CLASS = new ObjectClass("stripes", 1)
            .writing(
                    "create",
                    (view, input) -> ClassReply.write(
                            Bytes.EMPTY, List.of(new Mutation.Put(NAME, Bytes.EMPTY, Bytes.EMPTY, input.data()))))
            .reading("find", (view, input) -> ClassReply.read(Bytes.utf8(view.entry(NAME) == null ? "no" : "yes")))
            .readingConstant(
                    "read",
                    (view, input) -> view.entry(NAME) == null
                            ? ClassReply.refuse(1, Bytes.EMPTY)
                            : ClassReply.read(Bytes.utf8("yes"), new ClassReply.BodyRange(NAME, 0, Long.MAX_VALUE)));

    private final SimDisk disk = new SimDisk(8);
    private final MemoryBlockFiles files = new MemoryBlockFiles(disk);
    private final BlockPool blocks = new BlockPool(4);
    private final ObjectStore store =
            ObjectStore.open(StoreConfig.DEFAULT.withCapacity(32 << 20), new MemoryKeyValue(disk), files, blocks);
    private final PgHarness pg = new PgHarness(store, new ClassRegistry(List.of(CLASS)), PgLog.Limits.DEFAULT);
    private final OsdMap map = servedBy(PRIMARY, 0, 2);
    private long nextTid = 1;

    private static OsdMap servedBy(Integer... osds) {
        OsdMap map = SampleMaps.of(
                "host3x3",
                new Pool(1, "p", Pool.Type.REPLICATED, osds.length, 1, 1, 1, 0, Set.of(Pool.Flag.HASHPSPOOL), 1));
        return SampleMaps.next(map, new OsdMapChange.SetUpmap(PgHarness.PG, List.of(osds)));
    }

    private void follow() {
        pg.restart(List.of(map));
        PeeringMessage activate = new PeeringMessage.Activate(
                PgHarness.PG,
                map.epoch(),
                map.epoch(),
                pg.group().copy().info(),
                pg.group().copy().log().head(),
                List.of(),
                List.of(),
                PeeringMessage.Start.AS_IT_IS);
        pg.group().onPeerMessage(PRIMARY, activate, pg);
        pg.runAll();
    }

    /** The primary has the entry written. */
    private void write() {
        ObjectVersion version = new ObjectVersion(map.epoch(), 1);
        LogEntry entry = new LogEntry(
                version,
                new RequestId(9, 1, 1),
                LOCATOR.key(),
                new LogEntry.Answer.Reply(0, Bytes.EMPTY),
                List.of(new LogEntry.Change(LogEntry.Kind.PUT, ObjectVersion.NONE, NAME)));
        ReplicationMessage.Replicate replicate = new ReplicationMessage.Replicate(
                PgHarness.PG,
                map.epoch(),
                version,
                LOCATOR,
                List.of(new Mutation.Put(NAME, Bytes.EMPTY, Bytes.EMPTY, Data.wrap(BODY))),
                entry.encode(),
                ObjectVersion.NONE);
        pg.group().onPeerMessage(PRIMARY, replicate, pg);
        pg.runAll();
    }

    private long ask(String method) {
        long tid = nextTid++;
        OsdMessage.Operation operation = new OsdMessage.Operation(
                new RequestId(9, 1, tid),
                map.epoch(),
                PgHarness.PG,
                LOCATOR,
                "stripes",
                method,
                Bytes.EMPTY,
                Data.EMPTY,
                ObjectVersion.NONE,
                0,
                ReadFrom.REPLICA);
        pg.group().onReplicaRead(3, operation, map.epoch(), pg);
        return tid;
    }

    private void isLeftToThePrimary(long tid) {
        assertThat(pg.reply(tid)).isEqualTo(new OsdMessage.WrongPrimary(new RequestId(9, 1, tid), map.epoch()));
    }

    @Test
    void whatIsWrittenOnceIsAnswered() {
        follow();
        write();
        long tid = ask("read");
        pg.runAll();
        assertThat(pg.answer(tid).output().utf8()).isEqualTo("yes");
        assertThat(pg.answer(tid).data().toArray()).isEqualTo(BODY);
        assertThat(pg.answer(tid).mapEpoch()).isEqualTo(map.epoch());
        assertThat(pg.answer(tid).pgVersion())
                .as("what is committed only the primary knows")
                .isEqualTo(ObjectVersion.NONE);
        assertThat(blocks.out()).isEqualTo(4);
        pg.answer(tid).data().release();
        assertThat(blocks.out()).isZero();
    }

    /** Here it is not; the primary may have it. */
    @Test
    void whatIsNotHereIsLeftToThePrimary() {
        follow();
        long tid = ask("read");
        pg.runAll();
        isLeftToThePrimary(tid);
    }

    @Test
    void whatTheClassDoesNotDeclareIsLeftToThePrimary() {
        follow();
        write();
        List<Long> tids = List.of(ask("find"), ask("create"), ask("unknown"));
        pg.runAll();
        tids.forEach(this::isLeftToThePrimary);
        assertThat(pg.persistCount()).isZero();
    }

    @Test
    void onlyAReplicaAnswers() {
        pg.restart(List.of(map));
        pg.runAll();
        isLeftToThePrimary(ask("read"));
        pg.restart(1);
        pg.call("l", "stripes", "create", Bytes.EMPTY, Data.wrap(BODY));
        pg.runAll();
        isLeftToThePrimary(ask("read"));
    }

    @Test
    void whatIsDamagedIsToldAndLeftToThePrimary() {
        follow();
        write();
        files.flip(1, 100_000);
        long tid = ask("read");
        pg.runAll();
        isLeftToThePrimary(tid);
        assertThat(pg.damages())
                .singleElement()
                .satisfies(damage -> assertThat(damage.name()).isEqualTo(NAME));
    }

    /** What was written once is the same in every interval. */
    @Test
    void aReadThatIsUnderWayGoesOnWhenTheIntervalEnds() {
        follow();
        write();
        long tid = ask("read");
        pg.group().onMap(SampleMaps.next(map, new OsdMapChange.SetUpmap(PgHarness.PG, List.of(PRIMARY, 0, 3))), pg);
        pg.runAll();
        assertThat(pg.answer(tid).data().toArray()).isEqualTo(BODY);
        isLeftToThePrimary(ask("read"));
    }

    @Test
    void moreReadsThanTheDiskKeepsUpWithAreLeftToThePrimary() {
        follow();
        write();
        for (int i = 0; i < 1024; i++) {
            ask("read");
        }
        assertThat(pg.readCount()).isEqualTo(1024);
        isLeftToThePrimary(ask("read"));
    }
}
