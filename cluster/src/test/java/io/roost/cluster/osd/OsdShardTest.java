package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.message.PgHistory;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.ReadFrom;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.object.ScrubKind;
import io.roost.cluster.pg.ClassFailedException;
import io.roost.cluster.pg.Items;
import io.roost.cluster.pg.ReservationSide;
import io.roost.cluster.pg.ScrubResult;
import io.roost.cluster.pg.ScrubTimes;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.KeyValueBatch;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.StoreTransaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OsdShardTest {
    private record Persist(PgId pg, long number, StoreTransaction transaction) {}

    private record Read(PgId pg, long token, Runnable task) {}

    private static final class Noted implements OsdEffects {
        final ArrayDeque<Persist> persists = new ArrayDeque<>();
        final ArrayDeque<Read> reads = new ArrayDeque<>();
        final List<OsdMessage.ToClient> replies = new ArrayList<>();
        final List<PeerMessage> sent = new ArrayList<>();
        final List<Integer> wanted = new ArrayList<>();
        final TreeMap<PgId, Long> turns = new TreeMap<>();
        final List<ScrubResult> scrubs = new ArrayList<>();
        long wallMillis = 1_700_000_000_000L;

        @Override
        public void persist(PgId pg, long number, StoreTransaction transaction) {
            persists.addLast(new Persist(pg, number, transaction));
        }

        @Override
        public void send(int osd, PeerMessage message) {
            sent.add(message);
        }

        @Override
        public long wallMillis() {
            return wallMillis;
        }

        @Override
        public long nowMillis() {
            return 0;
        }

        @Override
        public void wantUpThru(int epoch) {
            // nobody grants it
        }

        @Override
        public void wantPgTemp(PgId pg, List<Integer> osds) {
            // nobody grants it
        }

        @Override
        public void count(String event) {
            // nothing is rare here
        }

        @Override
        public void reserve(ReservationSide side, PgId pg, int priority, long token) {
            assertThat(side).isEqualTo(ReservationSide.SCRUB_LOCAL);
            turns.put(pg, token);
        }

        @Override
        public void release(ReservationSide side, PgId pg, long token) {
            assertThat(turns.remove(pg)).isEqualTo(token);
        }

        @Override
        public void resume(PgId pg) {
            throw new AssertionError("nothing was refused");
        }

        @Override
        public void reply(long session, OsdMessage.ToClient reply) {
            replies.add(reply);
        }

        @Override
        public void read(PgId pg, long token, Runnable task) {
            reads.addLast(new Read(pg, token, task));
        }

        @Override
        public void damaged(PgId pg, ChecksumException damage) {
            throw new AssertionError(damage);
        }

        @Override
        public void scrubbed(PgId pg, ScrubResult result) {
            scrubs.add(result);
        }

        @Override
        public void classFailed(PgId pg, ClassFailedException failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void wantMap(int epoch) {
            wanted.add(epoch);
        }

        OsdMessage.ToClient last() {
            return replies.get(replies.size() - 1);
        }
    }

    private final OsdMap map = SampleMaps.of(
            "single1", new Pool(1, "alone", Pool.Type.REPLICATED, 1, 1, 8, 8, 0, Set.of(Pool.Flag.HASHPSPOOL), 1));
    private final Locator locator = new Locator(1, Bytes.utf8("l"));
    private final PgId pg = map.pgOf(locator);
    private final SimDisk disk = new SimDisk(20261128);
    private final MemoryKeyValue rows = new MemoryKeyValue(disk);
    private final ObjectStore store = ObjectStore.open(
            StoreConfig.DEFAULT.withCapacity(32 << 20), rows, new MemoryBlockFiles(disk), new BlockPool(4));
    private final Noted noted = new Noted();
    private OsdShard shard;

    @BeforeEach
    void start() {
        shard = shard(map.primary(pg));
    }

    private OsdShard shard(int osd) {
        OsdShard made = shard(osd, new TreeMap<>(), map);
        made.start(0, noted);
        return made;
    }

    private OsdShard shard(int osd, NavigableMap<Integer, OsdMap> maps, OsdMap newest) {
        return new OsdShard(
                osd,
                new ClassRegistry(List.of(Items.CLASS)),
                store,
                PgLog.Limits.DEFAULT,
                pg -> true,
                MapHistory.of(maps),
                newest);
    }

    private static RequestId id(long tid) {
        return new RequestId(9, 1, tid);
    }

    private OsdMessage.Operation create(long tid, int mapEpoch, PgId group) {
        return new OsdMessage.Operation(
                id(tid), mapEpoch, group, locator, "items", "create", Bytes.EMPTY, Data.EMPTY, ObjectVersion.NONE, 0);
    }

    private void send(OsdMessage.ToPrimary message) {
        shard.onMessage(0, message, 0, noted);
    }

    private void readOne() {
        Read read = noted.reads.pollFirst();
        read.task().run();
        shard.onRead(read.pg(), read.token(), null, 0, noted);
    }

    private void runAll() {
        while (!noted.reads.isEmpty() || !noted.persists.isEmpty()) {
            if (!noted.reads.isEmpty()) {
                readOne();
                continue;
            }
            Persist persist = noted.persists.pollFirst();
            store.commit(List.of(persist.transaction()));
            shard.onPersisted(persist.pg(), persist.number(), noted);
        }
    }

    private OsdMap next(OsdMap before) {
        return SampleMaps.next(before);
    }

    @Test
    void aRequestByANewerMapWaitsForIt() {
        send(create(1, 3, pg));
        runAll();
        assertThat(noted.replies).isEmpty();
        assertThat(noted.wanted).containsExactly(1);
        OsdMap second = next(map);
        shard.onMap(second, 0, noted);
        runAll();
        assertThat(noted.replies).isEmpty();
        assertThat(noted.wanted).containsExactly(1, 2);
        shard.onMap(next(second), 0, noted);
        runAll();
        assertThat(noted.replies).hasSize(1);
        assertThat(((OsdMessage.OperationReply) noted.last()).version()).isEqualTo(new ObjectVersion(3, 1));
    }

    @Test
    void moreThanTheLimitWaitingForAMapIsBusy() {
        for (int i = 0; i < 1024; i++) {
            send(create(i, 2, pg));
        }
        assertThat(noted.replies).isEmpty();
        send(create(1024, 2, pg));
        assertThat(noted.last())
                .isInstanceOfSatisfying(
                        OsdMessage.Refusal.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ObjectError.BUSY));
    }

    @Test
    void whatIsElsewhereIsSentThere() {
        send(create(1, 1, new PgId(1, (pg.seed() + 1) % 8)));
        assertThat(noted.last()).isEqualTo(new OsdMessage.WrongPrimary(id(1), 1));
        shard = shard(map.primary(pg) + 1);
        send(create(2, 1, pg));
        assertThat(noted.last()).isEqualTo(new OsdMessage.WrongPrimary(id(2), 1));
    }

    /** Whether the map has its pool or not: no message of a client ends an OSD. */
    @Test
    void aLocatorOfAnotherPoolIsNotHere() {
        for (ReadFrom readFrom : ReadFrom.values()) {
            Locator elsewhere = new Locator(99, locator.key());
            send(new OsdMessage.Operation(
                    id(1),
                    1,
                    pg,
                    elsewhere,
                    "items",
                    "create",
                    Bytes.EMPTY,
                    Data.EMPTY,
                    ObjectVersion.NONE,
                    0,
                    readFrom));
            assertThat(noted.last()).isEqualTo(new OsdMessage.WrongPrimary(id(1), 1));
        }
    }

    @Test
    void aPoolThatIsGoneIsSaidToBe() {
        shard.onMap(SampleMaps.next(map, new OsdMapChange.RemovePool(1)), 0, noted);
        send(create(1, 1, pg));
        assertThat(noted.last())
                .isInstanceOfSatisfying(
                        OsdMessage.Refusal.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ObjectError.NO_SUCH_POOL));
    }

    @Test
    void anAcknowledgementIsNeverAnswered() {
        shard = shard(map.primary(pg) + 1);
        send(new OsdMessage.NotifyAck(id(1), 1, pg, locator, 5));
        send(new OsdMessage.NotifyAck(id(1), 1, new PgId(7, 0), locator, 5));
        assertThat(noted.replies).isEmpty();
    }

    @Test
    void aLogIsReadAwayFromTheEventLoopAndRequestsWaitForIt() {
        send(create(1, 1, pg));
        send(create(2, 1, pg));
        assertThat(noted.persists).isEmpty();
        assertThat(noted.reads).hasSize(1);
        runAll();
        assertThat(noted.replies).extracting(OsdMessage.ToClient::request).containsExactly(id(1), id(2));
        shard = shard(map.primary(pg));
        send(create(1, 1, pg));
        runAll();
        assertThat(((OsdMessage.OperationReply) noted.last()).output().utf8()).isEqualTo("c1");
    }

    @Test
    void moreThanTheLimitWaitingForALogIsBusy() {
        for (int i = 0; i < 1024; i++) {
            send(create(i, 1, pg));
        }
        assertThat(noted.replies).isEmpty();
        send(create(1024, 1, pg));
        assertThat(noted.last())
                .isInstanceOfSatisfying(
                        OsdMessage.Refusal.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ObjectError.BUSY));
        runAll();
        assertThat(noted.replies).hasSize(1025);
    }

    @Test
    void requestsThatWaitedForALogAreRoutedByTheMapOfTheMoment() {
        send(create(1, 1, pg));
        shard.onMap(SampleMaps.next(map, new OsdMapChange.RemovePool(1)), 0, noted);
        runAll();
        assertThat(noted.last())
                .isInstanceOfSatisfying(
                        OsdMessage.Refusal.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ObjectError.NO_SUCH_POOL));
    }

    @Test
    void aLogThatCannotBeReadStopsTheOsd() {
        rows.write(
                new KeyValueBatch().put(Family.PGLOG, KeyLayout.logEntry(pg, new ObjectVersion(1, 1)), Bytes.of(0x7f)));
        send(create(1, 1, pg));
        Read read = noted.reads.pollFirst();
        RuntimeException failure = null;
        try {
            read.task().run();
        } catch (RuntimeException thrown) {
            failure = thrown;
        }
        RuntimeException met = failure;
        assertThat(met).isNotNull();
        assertThatThrownBy(() -> shard.onRead(read.pg(), read.token(), met, 0, noted))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(pg.toString())
                .hasCause(met);
    }

    private void tickAll() {
        // In one round it looks at all placement groups.
        for (int i = 0; i <= map.pool(1).pgNum(); i++) {
            shard.onTick(0, noted);
            runAll();
        }
    }

    private ScrubHistory scrubs() {
        return shard.report(0).led().get(pg).scrubs();
    }

    @Test
    void theOnlyOsdHasWhatItHoldsReadWhenItIsTimeAndKeepsWhen() {
        send(create(1, 1, pg));
        runAll();
        shard = shard(map.primary(pg));
        shard.setScrubTimes(new ScrubTimes(10_000, 15_000));
        long begin = noted.wallMillis;
        tickAll();
        assertThat(scrubs()).isEqualTo(new ScrubHistory(0, begin, begin, 0));
        assertThat(noted.turns).as("nothing is due").isEmpty();
        noted.wallMillis += 15_000;
        tickAll();
        assertThat(noted.turns).as("what is empty has not been looked at").containsOnlyKeys(pg);
        assertThat(noted.scrubs).isEmpty();
        shard.onReserved(ReservationSide.SCRUB_LOCAL, pg, noted.turns.get(pg), noted);
        tickAll();
        assertThat(noted.scrubs).containsExactly(new ScrubResult(ScrubKind.DEEP_SCRUB, 0, 0));
        assertThat(noted.turns).as("others have their turn").isEmpty();
        ScrubHistory after = new ScrubHistory(1, begin + 15_000, begin + 15_000, 0);
        assertThat(scrubs()).isEqualTo(after);
        noted.wallMillis += 5_000;
        shard = shard(map.primary(pg));
        tickAll();
        assertThat(scrubs()).as("after a start").isEqualTo(after);
    }

    @Test
    void nothingIsDueWhileFlagsForbidIt() {
        send(create(1, 1, pg));
        runAll();
        shard.setScrubTimes(new ScrubTimes(10_000, 15_000));
        shard.onMap(
                SampleMaps.next(map, new OsdMapChange.SetFlags(Set.of(OsdMapFlag.NOSCRUB, OsdMapFlag.NODEEP_SCRUB))),
                0,
                noted);
        noted.wallMillis += 60_000;
        tickAll();
        assertThat(noted.turns).isEmpty();
    }

    /**
     * It took the intervals as far as the sender knew them, forgot them for the maps after those were gone, and dropped what
     * it was told as of an older interval: nobody said it again.
     */
    @Test
    void whoIsToldOfAPlacementGroupByAMapThatIsGoneAsksForANewerWord() {
        TreeMap<Integer, OsdMap> maps = new TreeMap<>();
        OsdMap newest = SampleMaps.of("host3x3", new Pool(1, "p", Pool.Type.REPLICATED, 1, 1, 8, 8, 0, Set.of(), 1));
        for (int i = 0; i < 10; i++) {
            newest = SampleMaps.next(newest);
            maps.put(newest.epoch(), newest);
        }
        maps.headMap(9).clear();
        PgId told = new PgId(1, 0);
        int primary = newest.primary(told);
        shard = shard(primary, maps, newest);
        shard.start(0, noted);
        runAll();
        int other = (primary + 1) % 3;
        shard.onPeerMessage(other, has(told, 5, 4), 0, noted);
        assertThat(noted.sent).containsExactly(new PeeringMessage.QueryInfo(told, 11, 11));
        assertThat(shard.report(0).led()).as("nothing is made up of it").isEmpty();
        noted.sent.clear();
        shard.onPeerMessage(other, has(told, 11, 11), 0, noted);
        assertThat(shard.report(0).led()).containsOnlyKeys(told);
    }

    private static PeeringMessage has(PgId pg, int mapEpoch, int queried) {
        PgHistory history = new PgHistory(2, 4, 2, 4);
        PgInfo info = new PgInfo(ObjectVersion.NONE, ObjectVersion.NONE, PgInfo.COMPLETE, 0, 4, history);
        return new PeeringMessage.Notify(pg, mapEpoch, queried, info, List.of());
    }

    /** What it was asked then was not sent to it, nor when it came up: the placement group was peering for ever. */
    @Test
    void whoIsDownIsHeardWhenItIsUpAgain() {
        OsdMap first = SampleMaps.of("host3x3", new Pool(1, "p", Pool.Type.REPLICATED, 3, 2, 8, 8, 0, Set.of(), 1));
        PgId told = new PgId(1, 0);
        int primary = first.primary(told);
        int other = first.mapping(told).acting().get(1);
        OsdInfo info = first.osd(other);
        OsdMap down = SampleMaps.next(first, new OsdMapChange.PutOsd(info.down(2)));
        TreeMap<Integer, OsdMap> maps = new TreeMap<>();
        maps.put(down.epoch(), down);
        shard = shard(primary, maps, down);
        shard.start(0, noted);
        runAll();
        shard.onPeerMessage(other, has(told, 2, 2), 0, noted);
        OsdMap up = SampleMaps.next(
                down,
                new OsdMapChange.PutOsd(down.osd(other)
                        .up(3, info.uuid(), info.publicAddress(), info.clusterAddress(), info.features())));
        maps.put(up.epoch(), up);
        shard.onMap(up, 0, noted);
        shard.onPeerMessage(other, has(told, 2, 2), 0, noted);
        assertThat(shard.report(0).led()).as("nothing is made up of it").isEmpty();
        shard.onPeerMessage(other, has(told, 3, 3), 0, noted);
        assertThat(shard.report(0).led()).containsOnlyKeys(told);
    }

    /** The primary may have what is asked for now. */
    @Test
    void whatIsAskedOfAReplicaWaitsForNothingHere() {
        for (PgId group : List.of(pg, new PgId(1, 7 - pg.seed()), new PgId(5, 0))) {
            OsdMessage.Operation ofPrimary = create(1, map.epoch() + 5, group);
            send(new OsdMessage.Operation(
                    ofPrimary.request(),
                    ofPrimary.mapEpoch(),
                    group,
                    new Locator(group.pool(), locator.key()),
                    ofPrimary.className(),
                    "newest",
                    Bytes.EMPTY,
                    Data.EMPTY,
                    ObjectVersion.NONE,
                    0,
                    ReadFrom.REPLICA));
            assertThat(noted.replies).containsExactly(new OsdMessage.WrongPrimary(id(1), map.epoch()));
            noted.replies.clear();
        }
        assertThat(noted.wanted).isEmpty();
        assertThat(noted.reads).isEmpty();
    }
}
