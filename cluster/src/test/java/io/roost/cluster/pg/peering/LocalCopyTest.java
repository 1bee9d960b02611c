package io.roost.cluster.pg.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.PgId;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.PgHistory;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.message.PgInterval;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.ScrubDepth;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.store.StoreTransaction.RowChange;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalCopyTest {
    private static final PgId PG = new PgId(1, 5);
    private static final ScrubHistory SCRUBS =
            ScrubHistory.NONE.since(1_000).scrubbed(ScrubDepth.DEEP, 3, 2_000).scrubbed(ScrubDepth.SHALLOW, 0, 3_000);

    private static Bytes row(LocalCopy copy) {
        List<RowChange> rows = copy.rows();
        return ((RowChange.PutRow) rows.get(rows.size() - 1)).value();
    }

    private static LocalCopy read(Bytes row) {
        return LocalCopy.load(PG, row, new PgLog(LocalCopy.tailOf(row)), new MissingSet());
    }

    private static Bytes rowOfFormat2(int mapEpoch) {
        ByteWriter out = new ByteWriter();
        int mark = out.begin(2, 2);
        out.version(new ObjectVersion(4, 17)).bytes(PgInfo.COMPLETE).u32(6).u32(mapEpoch);
        new PgHistory(2, 5, 4, 6).write(out);
        PgInterval.writeAll(out, List.of(new PgInterval(4, 5, List.of(0, 1), 0)));
        return out.end(mark).toBytes();
    }

    @Test
    void whatIsKnownOfScrubsIsKept() {
        LocalCopy copy = LocalCopy.created(PG, 4);
        assertThat(copy.learn(SCRUBS)).isTrue();
        Bytes row = row(copy);
        assertThat(read(row).scrubs()).isEqualTo(SCRUBS);
        assertThat(LocalCopy.scrubsOf(row)).isEqualTo(SCRUBS);
        assertThat(SCRUBS).isEqualTo(new ScrubHistory(2, 3_000, 2_000, 3));
    }

    @Test
    void aRowOfFormat2KnowsOfNoScrub() {
        Bytes row = rowOfFormat2(7);
        LocalCopy copy = read(row);
        assertThat(copy.scrubs()).isEqualTo(ScrubHistory.NONE);
        assertThat(LocalCopy.scrubsOf(row)).isEqualTo(ScrubHistory.NONE);
        assertThat(copy.info().logTail()).isEqualTo(new ObjectVersion(4, 17));
        assertThat(copy.history()).isEqualTo(new PgHistory(2, 5, 4, 6));
        assertThat(copy.pastIntervals()).hasSize(1);
        assertThat(LocalCopy.isOfLoneCopy(row)).isFalse();
        assertThat(LocalCopy.isOfLoneCopy(rowOfFormat2(0))).isTrue();
    }

    @Test
    void aLoneCopyIsStillOne() {
        LocalCopy alone = LocalCopy.alone(PG, new PgLog(ObjectVersion.NONE), 0);
        alone.learn(SCRUBS);
        Bytes row = row(alone);
        assertThat(LocalCopy.isOfLoneCopy(row)).isTrue();
        assertThat(LocalCopy.scrubsOf(row)).isEqualTo(SCRUBS);
    }

    @Test
    void onlyWhatIsBetterIsLearned() {
        LocalCopy copy = LocalCopy.created(PG, 4);
        copy.learn(SCRUBS);
        copy.rows();
        assertThat(copy.learn(ScrubHistory.NONE.since(9_000))).isFalse();
        assertThat(copy.learn(SCRUBS)).isFalse();
        assertThat(copy.scrubs()).isEqualTo(SCRUBS);
        assertThat(copy.rows()).isEmpty();
    }
}
