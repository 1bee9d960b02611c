package io.roost.cluster.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.object.ScrubDepth;
import io.roost.cluster.object.ScrubKind;
import io.roost.cluster.osd.PgReport;
import io.roost.cluster.pg.ScrubResult;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OsdMetricsTest {
    private final OsdMetrics metrics = new OsdMetrics();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final OperationTimes times = new OperationTimes(metrics);

    OsdMetricsTest() {
        metrics.bindTo(registry, Tags.of("osd", "3"));
    }

    private static RequestId id(long tid) {
        return new RequestId(1, 2, tid);
    }

    private static OsdMessage.ToClient refusal(long tid) {
        return new OsdMessage.Refusal(id(tid), 1, ObjectError.BUSY, "");
    }

    private double gauge(String name, String... tags) {
        return registry.get("roost.osd." + name).tags(tags).gauge().value();
    }

    private double count(String name) {
        return registry.get("roost.osd." + name).functionCounter().count();
    }

    private double totalNanos(String kind) {
        return registry.get("roost.osd.operations").tag("kind", kind).timer().totalTime(TimeUnit.NANOSECONDS);
    }

    @Test
    void anOperationTakesFromItsFirstCopyToItsAnswer() {
        times.onRequest(id(1), OperationTimes.Kind.WRITE, 1_000);
        times.onRequest(id(2), OperationTimes.Kind.READ, 2_000);
        times.onRequest(id(1), OperationTimes.Kind.WRITE, 3_000);
        times.onReply(refusal(1), 6_000);
        times.onReply(refusal(1), 9_000);
        times.onReply(refusal(2), 9_000);
        assertThat(totalNanos("write")).isEqualTo(5_000);
        assertThat(totalNanos("read")).isEqualTo(7_000);
        assertThat(registry.get("roost.osd.operations")
                        .tag("kind", "write")
                        .timer()
                        .count())
                .as("the second answer is to a copy that was not waited for")
                .isOne();
    }

    @Test
    void whatAReplicaAnswersIsCountedByItself() {
        times.onRequest(id(1), OperationTimes.Kind.REPLICA_READ, 1_000);
        times.onRequest(id(2), OperationTimes.Kind.REPLICA_READ, 1_000);
        times.onReply(
                new OsdMessage.OperationReply(
                        id(1), 5, 0, Bytes.EMPTY, Data.EMPTY, ObjectVersion.NONE, ObjectVersion.NONE),
                4_000);
        times.onReply(new OsdMessage.WrongPrimary(id(2), 5), 9_000);
        assertThat(totalNanos("replica_read")).isEqualTo(3_000);
        assertThat(totalNanos("read")).isZero();
    }

    @Test
    void whatIsNotCarriedOutHereIsNoOperation() {
        times.onRequest(id(1), OperationTimes.Kind.READ, 0);
        times.onReply(new OsdMessage.WrongPrimary(id(1), 5), 10);
        assertThat(totalNanos("read")).isZero();
        assertThat(times.runningCount()).isZero();
    }

    @Test
    void whatIsNeverAnsweredIsForgotten() {
        times.onRequest(id(1), OperationTimes.Kind.READ, 0);
        times.onRequest(id(2), OperationTimes.Kind.READ, TimeUnit.SECONDS.toNanos(100));
        times.onTick(TimeUnit.SECONDS.toNanos(120));
        assertThat(times.runningCount()).isEqualTo(2);
        times.onTick(TimeUnit.SECONDS.toNanos(121));
        assertThat(times.runningCount()).isOne();
        for (int tid = 0; tid < 20_000; tid++) {
            times.onRequest(id(tid), OperationTimes.Kind.READ, 0);
        }
        assertThat(times.runningCount()).isEqualTo(16_384);
    }

    @Test
    void placementGroupsAreCountedByState() {
        TreeMap<PgId, PgStat> led = new TreeMap<>();
        led.put(
                new PgId(1, 0),
                new PgStat(4, Set.of(PgState.ACTIVE, PgState.CLEAN), 7, 70, 0, 0, 0, 4, ScrubHistory.NONE));
        led.put(
                new PgId(1, 1),
                new PgStat(4, Set.of(PgState.ACTIVE, PgState.BACKFILLING), 5, 50, 2, 3, 1, 0, ScrubHistory.NONE));
        metrics.onReport(new PgReport(led, 0, 0));
        assertThat(gauge("pgs.led", "osd", "3")).isEqualTo(2);
        assertThat(gauge("pgs", "state", "active")).isEqualTo(2);
        assertThat(gauge("pgs", "state", "backfilling")).isOne();
        assertThat(gauge("pgs", "state", "down")).isZero();
        assertThat(gauge("entries")).isEqualTo(12);
        assertThat(gauge("entries.bytes")).isEqualTo(120);
        assertThat(gauge("degraded")).isEqualTo(2);
        assertThat(gauge("misplaced")).isEqualTo(3);
        assertThat(gauge("unfound")).isOne();
    }

    @Test
    void whatIsSentToRecoverIsCounted() {
        ReplicationMessage.Content content =
                new ReplicationMessage.Content(Bytes.of(1, 2), Bytes.EMPTY, Data.wrap(new byte[100]));
        PgId pg = new PgId(1, 0);
        metrics.onSend(new ReplicationMessage.Push(pg, 4, Bytes.of(1), ObjectVersion.NONE, content));
        metrics.onSend(new ReplicationMessage.Push(pg, 4, Bytes.of(1), ObjectVersion.NONE, null));
        assertThat(count("pushed.entries")).isEqualTo(2);
        assertThat(count("pushed.bytes")).isEqualTo(102);
    }

    @Test
    void whatScrubsHaveComeToIsCounted() {
        metrics.onScrubbed(new ScrubResult(ScrubKind.SCRUB, 0, 0));
        metrics.onScrubbed(new ScrubResult(ScrubKind.DEEP_SCRUB, 5, 2));
        assertThat(count("scrubs")).isEqualTo(2);
        assertThat(count("scrub.errors")).isEqualTo(5);
        assertThat(count("scrub.repaired")).isEqualTo(3);
        ScrubHistory history = ScrubHistory.NONE.scrubbed(ScrubDepth.DEEP, 2, 1_000);
        TreeMap<PgId, PgStat> led = new TreeMap<>();
        led.put(new PgId(1, 0), new PgStat(4, Set.of(PgState.INCONSISTENT), 7, 70, 0, 0, 0, 4, history));
        metrics.onReport(new PgReport(led, 0, 0));
        assertThat(gauge("inconsistent")).isEqualTo(2);
    }

    @Test
    void aCommitTakesWhatThoseSinceTheLastQuestionTook() {
        assertThat(metrics.commitMicros()).isZero();
        metrics.onCommit(1_000_000);
        metrics.onCommit(3_000_000);
        assertThat(metrics.commitMicros()).isEqualTo(2_000);
        assertThat(metrics.commitMicros()).as("nothing was written").isEqualTo(2_000);
        metrics.onCommit(5_000_000);
        assertThat(metrics.commitMicros()).isEqualTo(5_000);
        assertThat(registry.get("roost.osd.commits").timer().count()).isEqualTo(3);
    }
}
