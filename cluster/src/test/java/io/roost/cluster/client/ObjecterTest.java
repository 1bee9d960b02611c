package io.roost.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.mon.Mkfs;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.ReadFrom;
import io.roost.cluster.object.RequestId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ObjecterTest {
    private static final PgId PG = new PgId(1, 0);
    private static final long DEADLINE_MILLIS = 60_000;

    private record Call(long pool) implements Objecter.Request {
        @Override
        public PgId pg(OsdMap map) {
            return PG;
        }

        @Override
        public OsdMessage.ToPrimary message(RequestId id, int mapEpoch, PgId pg, ObjectVersion known, int attempt) {
            Locator locator = new Locator(pool, Bytes.utf8("l"));
            return new OsdMessage.Operation(
                    id, mapEpoch, pg, locator, "c", "m", Bytes.EMPTY, Data.EMPTY, known, attempt);
        }
    }

    /** Notes what the objecter wants done. */
    private static final class Noted implements Objecter.Effects {
        final List<OsdMessage.Operation> sent = new ArrayList<>();
        final List<Integer> targets = new ArrayList<>();
        final List<OsdMessage.ToClient> completed = new ArrayList<>();
        final List<ObjectError> failed = new ArrayList<>();
        final List<Integer> wanted = new ArrayList<>();
        int released;

        @Override
        public void send(int osd, OsdMessage.ToPrimary message) {
            targets.add(osd);
            sent.add((OsdMessage.Operation) message);
        }

        @Override
        public void complete(long tid, OsdMessage.ToClient reply) {
            completed.add(reply);
        }

        @Override
        public void fail(long tid, ObjectException failure) {
            failed.add(failure.error());
        }

        @Override
        public void wantMap(int epoch) {
            wanted.add(epoch);
        }

        OsdMessage.Operation last() {
            return sent.get(sent.size() - 1);
        }
    }

    private final OsdMap map = SampleMaps.of(
            "racks4", new Pool(1, "pool", Pool.Type.REPLICATED, 3, 2, 1, 1, 0, Set.of(Pool.Flag.HASHPSPOOL), 1));
    private final Objecter objecter = new Objecter(7, 1, map);
    private final Noted noted = new Noted();

    private static ObjectVersion version(long version) {
        return new ObjectVersion(1, version);
    }

    private void ask(long tid) {
        objecter.onRequest(tid, new Call(1), DEADLINE_MILLIS, 0, noted);
    }

    private static RequestId id(long tid) {
        return new RequestId(7, 1, tid);
    }

    private void answer(long tid, ObjectVersion pgVersion) {
        OsdMessage.ToClient reply =
                new OsdMessage.OperationReply(id(tid), 1, 0, Bytes.EMPTY, Data.EMPTY, ObjectVersion.NONE, pgVersion);
        objecter.onReply(map.primary(PG), reply, 0, noted);
    }

    private void busy(long tid) {
        objecter.onReply(map.primary(PG), new OsdMessage.Refusal(id(tid), 1, ObjectError.BUSY, "busy"), 0, noted);
    }

    private void outdated(OsdMessage.Operation copy, ObjectVersion pgVersion) {
        objecter.onReply(
                map.primary(PG), new OsdMessage.Outdated(copy.request(), 1, copy.knownVersion(), pgVersion), 0, noted);
    }

    @Test
    void sendsTheSameRequestAgainUntilItIsAnswered() {
        ask(1);
        objecter.onReset(noted.targets.get(0), 100, noted);
        objecter.onTick(10_099, noted);
        assertThat(noted.sent).hasSize(2);
        objecter.onTick(10_100, noted);
        assertThat(noted.sent).extracting(OsdMessage.Operation::request).containsExactly(id(1), id(1), id(1));
        assertThat(noted.sent).extracting(OsdMessage.Operation::attempt).containsExactly(0, 1, 2);
        answer(1, version(5));
        answer(1, version(5));
        assertThat(noted.completed).hasSize(1);
        assertThat(objecter.pendingCount()).isZero();
    }

    @Test
    void everyCopySaysWhatWasKnownAtTheFirst() {
        ask(1);
        answer(1, version(5));
        ask(2);
        ask(3);
        answer(3, version(9));
        objecter.onReset(noted.targets.get(0), 100, noted);
        assertThat(noted.sent)
                .extracting(OsdMessage.Operation::knownVersion)
                .containsExactly(ObjectVersion.NONE, version(5), version(5), version(5));
    }

    @Test
    void theOnlyCopyIsSentAgainWhenItIsOutdated() {
        ask(1);
        outdated(noted.last(), version(2000));
        assertThat(noted.last().knownVersion()).isEqualTo(version(2000));
        assertThat(noted.last().request()).isEqualTo(id(1));
        ask(2);
        assertThat(noted.last().knownVersion()).isEqualTo(version(2000));
        answer(1, version(2001));
        assertThat(noted.completed).hasSize(1);
    }

    /** S8. */
    @Test
    void theOutcomeIsUnknownWhenOneOfSeveralCopiesIsOutdated() {
        ask(1);
        objecter.onReset(noted.targets.get(0), 100, noted);
        outdated(noted.last(), version(2000));
        assertThat(noted.failed).containsExactly(ObjectError.OUTCOME_UNKNOWN);
        assertThat(objecter.pendingCount()).isZero();
    }

    @Test
    void anOutdatedCopySaysNothingAboutThoseSentWithWhatItTaught() {
        ask(1);
        OsdMessage.Operation first = noted.last();
        outdated(first, version(2000));
        outdated(first, version(3000));
        assertThat(noted.sent).hasSize(2);
        assertThat(noted.failed).isEmpty();
        assertThat(noted.last().knownVersion()).isEqualTo(version(2000));
    }

    @Test
    void busyIsAnAnswerWhenThereIsNoOtherCopy() {
        ask(1);
        busy(1);
        assertThat(noted.completed).hasSize(1);
    }

    @Test
    void busyIsNoAnswerWhileAnotherCopyMayBeCarriedOut() {
        ask(1);
        objecter.onReset(noted.targets.get(0), 100, noted);
        busy(1);
        assertThat(noted.completed).isEmpty();
        answer(1, version(3));
        assertThat(noted.completed).hasSize(1).first().isInstanceOf(OsdMessage.OperationReply.class);
    }

    @Test
    void aCopyAtTheWrongPrimaryIsNotCarriedOut() {
        ask(1);
        int primary = noted.targets.get(0);
        OsdInfo down = map.osd(primary).down(2);
        OsdMap newer = SampleMaps.next(map, new OsdMapChange.PutOsd(down));
        objecter.onReply(map.primary(PG), new OsdMessage.WrongPrimary(id(1), 2), 0, noted);
        assertThat(noted.wanted).containsExactly(1);
        objecter.onMap(newer, 0, noted);
        assertThat(noted.targets).hasSize(2).last().isNotEqualTo(primary);
        outdated(noted.last(), version(2000));
        assertThat(noted.failed).isEmpty();
        assertThat(noted.last().knownVersion()).isEqualTo(version(2000));
    }

    @Test
    void aCopyOfAnOlderMapAtTheWrongPrimaryIsForgotten() {
        ask(1);
        OsdMap newer = SampleMaps.next(
                map, new OsdMapChange.PutOsd(map.osd(noted.targets.get(0)).down(2)));
        objecter.onMap(newer, 0, noted);
        int primary = noted.targets.get(1);
        objecter.onReply(map.primary(PG), new OsdMessage.WrongPrimary(id(1), 2), 0, noted);
        assertThat(noted.wanted).isEmpty();
        objecter.onReset(primary, 0, noted);
        assertThat(noted.targets).hasSize(3).last().isEqualTo(primary);
    }

    @Test
    void theBodyOfAReplyThatNobodyWaitsForIsGivenBack() {
        BlockPool blocks = new BlockPool(1);
        Data body = blocks.data(List.of(), () -> noted.released++);
        ask(1);
        answer(1, version(1));
        objecter.onReply(
                map.primary(PG),
                new OsdMessage.OperationReply(id(1), 1, 0, Bytes.EMPTY, body, ObjectVersion.NONE, version(1)),
                0,
                noted);
        assertThat(noted.completed).hasSize(1);
        assertThat(noted.released).isEqualTo(1);
    }

    @Test
    void endsWhenItsDeadlinePasses() {
        ask(1);
        objecter.onTick(DEADLINE_MILLIS - 1, noted);
        assertThat(noted.failed).isEmpty();
        objecter.onTick(DEADLINE_MILLIS, noted);
        assertThat(noted.failed).containsExactly(ObjectError.TIMED_OUT);
    }

    @Test
    void anyAnswerOfAnOsdWithANewerMapMakesItAskForThat() {
        ask(1);
        ask(2);
        answer(1, version(5));
        assertThat(noted.wanted).isEmpty();
        objecter.onReply(
                map.primary(PG),
                new OsdMessage.OperationReply(id(2), 7, 0, Bytes.EMPTY, Data.EMPTY, ObjectVersion.NONE, version(6)),
                0,
                noted);
        assertThat(noted.wanted).containsExactly(6);
        assertThat(noted.completed).hasSize(2);
    }

    @Test
    void aReplyToAnotherClientIsNotTakenForItsOwn() {
        ask(1);
        OsdMessage.ToClient[] foreign = {
            new OsdMessage.Refusal(new RequestId(8, 1, 1), 1, ObjectError.BUSY, "busy"),
            new OsdMessage.Refusal(new RequestId(7, 2, 1), 1, ObjectError.NO_SPACE, "full"),
            new OsdMessage.WrongPrimary(new RequestId(8, 1, 1), 2)
        };
        for (OsdMessage.ToClient reply : foreign) {
            objecter.onReply(map.primary(PG), reply, 0, noted);
        }
        assertThat(noted.completed).isEmpty();
        assertThat(noted.wanted).isEmpty();
        answer(1, version(1));
        assertThat(noted.completed).hasSize(1);
    }

    @Test
    void aNewIntervalOfThePlacementGroupIsSentTheRequestAgain() {
        ask(1);
        List<Integer> acting = map.acting(PG);
        OsdMap without = SampleMaps.next(
                map, new OsdMapChange.PutOsd(map.osd(acting.get(2)).down(2)));
        objecter.onMap(without, 0, noted);
        assertThat(noted.targets).containsExactly(acting.get(0), acting.get(0));

        OsdInfo primary = without.osd(acting.get(0));
        OsdMap down = SampleMaps.next(without, new OsdMapChange.PutOsd(primary.down(3)));
        OsdInfo again = primary.down(3)
                .up(4, primary.uuid(), primary.publicAddress(), primary.clusterAddress(), primary.features());
        OsdMap up = SampleMaps.next(down, new OsdMapChange.PutOsd(again));
        objecter.onMap(up, 0, noted);
        assertThat(noted.targets).containsExactly(acting.get(0), acting.get(0), acting.get(0));

        int other = 0;
        while (up.acting(PG).contains(other)) {
            other++;
        }
        objecter.onMap(SampleMaps.next(up, new OsdMapChange.PutOsd(up.osd(other).down(5))), 0, noted);
        assertThat(noted.targets).hasSize(3);
    }

    /** It begins to peer then, and what was under way is void. */
    @Test
    void whenASecondOsdIsMadeTheFirstIsSentTheRequestAgain() {
        NodeAddress address = new NodeAddress("127.0.0.1", 9441, 1);
        OsdMap made = Mkfs.singleNode(SampleMaps.FSID, address, "n1", new UUID(7, 0), 1000)
                .osdMap();
        OsdInfo first = made.osd(0).up(2, new UUID(7, 0), address, address, new TreeMap<>());
        OsdMap one = SampleMaps.next(made, new OsdMapChange.PutOsd(first));
        Objecter alone = new Objecter(7, 1, one);
        alone.onRequest(1, new Call(1), DEADLINE_MILLIS, 0, noted);
        OsdInfo second = OsdInfo.created(1, new UUID(1, 1));
        alone.onMap(SampleMaps.next(one, new OsdMapChange.PutOsd(second)), 0, noted);
        assertThat(noted.targets).containsExactly(0, 0);
    }

    // ---- what a replica may answer ----

    private record ConstantCall() implements Objecter.Request {
        @Override
        public long pool() {
            return 1;
        }

        @Override
        public PgId pg(OsdMap map) {
            return PG;
        }

        @Override
        public OsdMessage.ToPrimary message(RequestId id, int mapEpoch, PgId pg, ObjectVersion known, int attempt) {
            return new Call(1).message(id, mapEpoch, pg, known, attempt);
        }

        @Override
        public OsdMessage.ToPrimary toReplica(RequestId id, int mapEpoch, PgId pg) {
            Locator locator = new Locator(1, Bytes.utf8("l"));
            return new OsdMessage.Operation(
                    id,
                    mapEpoch,
                    pg,
                    locator,
                    "c",
                    "m",
                    Bytes.EMPTY,
                    Data.EMPTY,
                    ObjectVersion.NONE,
                    0,
                    ReadFrom.REPLICA);
        }
    }

    private int replica() {
        return map.acting(PG).get(2);
    }

    /** One that is in the process of the last replica, and of an OSD that does not act. */
    private Objecter near() {
        return new Objecter(
                7, 1, map, osd -> osd == replica() || !map.acting(PG).contains(osd));
    }

    private static OsdMessage.OperationReply ofReplica(Data body) {
        return new OsdMessage.OperationReply(id(1), 1, 0, Bytes.EMPTY, body, ObjectVersion.NONE, ObjectVersion.NONE);
    }

    private void isAskedOf(int... osds) {
        assertThat(noted.targets).containsExactly(Arrays.stream(osds).boxed().toArray(Integer[]::new));
        assertThat(noted.sent)
                .extracting(OsdMessage.Operation::readFrom)
                .isEqualTo(Arrays.stream(osds)
                        .mapToObj(osd -> osd == map.primary(PG) ? ReadFrom.PRIMARY : ReadFrom.REPLICA)
                        .toList());
    }

    @Test
    void aNearReplicaIsAskedFirst() {
        Objecter objecter = near();
        objecter.onRequest(1, new ConstantCall(), DEADLINE_MILLIS, 0, noted);
        isAskedOf(replica());
        objecter.onReply(replica(), ofReplica(Data.EMPTY), 0, noted);
        assertThat(noted.completed).hasSize(1);
        assertThat(objecter.pendingCount()).isZero();
    }

    @Test
    void thePrimaryIsAskedForWhatItAloneMayAnswer() {
        Objecter objecter = near();
        objecter.onRequest(1, new Call(1), DEADLINE_MILLIS, 0, noted);
        isAskedOf(map.primary(PG));
    }

    @Test
    void thePrimaryIsAskedWhenItIsAsNear() {
        Objecter objecter = new Objecter(7, 1, map, osd -> true);
        objecter.onRequest(1, new ConstantCall(), DEADLINE_MILLIS, 0, noted);
        isAskedOf(map.primary(PG));
    }

    @Test
    void thePrimaryIsAskedWhenNoneOfTheReplicasIsNear() {
        Objecter objecter = new Objecter(7, 1, map, osd -> !map.acting(PG).contains(osd));
        objecter.onRequest(1, new ConstantCall(), DEADLINE_MILLIS, 0, noted);
        isAskedOf(map.primary(PG));
    }

    @Test
    void whatAReplicaLeavesGoesToThePrimaryAtOnce() {
        Objecter objecter = near();
        objecter.onRequest(1, new ConstantCall(), DEADLINE_MILLIS, 0, noted);
        objecter.onReply(replica(), new OsdMessage.WrongPrimary(id(1), 1), 0, noted);
        isAskedOf(replica(), map.primary(PG));
        objecter.onReply(map.primary(PG), new OsdMessage.Refusal(id(1), 1, ObjectError.BUSY, "busy"), 0, noted);
        assertThat(noted.completed).as("no other copy may be carried out").hasSize(1);
    }

    /** Whoever it is that refuses: it is not the primary. */
    @Test
    void aRefusalOfAReplicaIsNoAnswer() {
        Objecter objecter = near();
        objecter.onRequest(1, new ConstantCall(), DEADLINE_MILLIS, 0, noted);
        objecter.onReply(replica(), new OsdMessage.Refusal(id(1), 1, ObjectError.IO_ERROR, "damaged"), 0, noted);
        isAskedOf(replica(), map.primary(PG));
        assertThat(noted.completed).isEmpty();
    }

    @Test
    void thePrimaryIsAskedWhenTheReplicaIsGone() {
        Objecter objecter = near();
        objecter.onRequest(1, new ConstantCall(), DEADLINE_MILLIS, 0, noted);
        objecter.onReset(replica(), 0, noted);
        isAskedOf(replica(), map.primary(PG));
        objecter.onReset(replica(), 0, noted);
        isAskedOf(replica(), map.primary(PG));
    }

    @Test
    void whoAnswersFirstCountsWhenTheReplicaTakesLong() {
        int[] released = new int[1];
        Data body = new BlockPool(1).data(List.of(), () -> released[0]++);
        Objecter objecter = near();
        objecter.onRequest(1, new ConstantCall(), DEADLINE_MILLIS, 0, noted);
        objecter.onTick(10_000, noted);
        isAskedOf(replica(), map.primary(PG));
        objecter.onReply(map.primary(PG), ofReplica(Data.EMPTY), 10_001, noted);
        objecter.onReply(replica(), ofReplica(body), 10_002, noted);
        assertThat(noted.completed).hasSize(1);
        assertThat(released[0]).isOne();
    }

    @Test
    void whatAReplicaLeavesLateChangesNothing() {
        Objecter objecter = near();
        objecter.onRequest(1, new ConstantCall(), DEADLINE_MILLIS, 0, noted);
        objecter.onTick(10_000, noted);
        objecter.onReply(replica(), new OsdMessage.WrongPrimary(id(1), 1), 10_001, noted);
        isAskedOf(replica(), map.primary(PG));
        objecter.onReset(map.primary(PG), 10_002, noted);
        objecter.onReply(map.primary(PG), new OsdMessage.Refusal(id(1), 1, ObjectError.BUSY, "busy"), 0, noted);
        assertThat(noted.completed).as("of two copies one has no answer yet").isEmpty();
    }

    @Test
    void aReplicaThatBecomesThePrimaryIsAskedAsThat() {
        Objecter objecter = near();
        objecter.onRequest(1, new ConstantCall(), DEADLINE_MILLIS, 0, noted);
        int replica = replica();
        OsdMap newer = SampleMaps.next(map, new OsdMapChange.SetUpmap(PG, List.of(replica)));
        objecter.onMap(newer, 0, noted);
        assertThat(noted.targets).containsExactly(replica, replica);
        assertThat(noted.last().readFrom()).isEqualTo(ReadFrom.PRIMARY);
        objecter.onReply(replica, new OsdMessage.Refusal(id(1), 2, ObjectError.IO_ERROR, "damaged"), 0, noted);
        assertThat(noted.completed).hasSize(1);
    }

    @Test
    void theAnswerOfAReplicaTeachesNoVersion() {
        Objecter objecter = near();
        objecter.onRequest(2, new Call(1), DEADLINE_MILLIS, 0, noted);
        objecter.onReply(
                map.primary(PG),
                new OsdMessage.OperationReply(id(2), 1, 0, Bytes.EMPTY, Data.EMPTY, ObjectVersion.NONE, version(5)),
                0,
                noted);
        objecter.onRequest(1, new ConstantCall(), DEADLINE_MILLIS, 0, noted);
        objecter.onReply(replica(), ofReplica(Data.EMPTY), 0, noted);
        objecter.onRequest(3, new Call(1), DEADLINE_MILLIS, 0, noted);
        assertThat(noted.last().knownVersion()).isEqualTo(version(5));
    }
}
