package io.roost.cluster.pg.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import java.util.List;
import org.junit.jupiter.api.Test;

class PgLogTest {
    private static ObjectVersion version(long version) {
        return new ObjectVersion(1, version);
    }

    private static RequestId request(long tid) {
        return new RequestId(5, 1, tid);
    }

    @Test
    void findsTheVersionThatARequestMade() {
        PgLog log = new PgLog(ObjectVersion.NONE);
        log.append(version(1), request(10), 100);
        log.append(version(2), request(11), 100);
        assertThat(log.find(request(10))).isEqualTo(version(1));
        assertThat(log.find(request(12))).isNull();
        assertThat(log.head()).isEqualTo(version(2));
    }

    @Test
    void refusesAGapInItsVersions() {
        PgLog log = new PgLog(version(4));
        log.append(version(5), request(1), 100);
        assertThatThrownBy(() -> log.append(version(7), request(2), 100)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> log.append(version(5), request(2), 100)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void trimsInBatchesAndForgetsTheRequests() {
        PgLog log = new PgLog(ObjectVersion.NONE);
        PgLog.Limits limits = new PgLog.Limits(5, 1 << 20, 3);
        for (int i = 1; i <= 8; i++) {
            log.append(version(i), request(i), 10);
            assertThat(log.trim(limits, version(i))).isEmpty();
        }
        log.append(version(9), request(9), 10);
        List<ObjectVersion> trimmed = log.trim(limits, version(9));
        assertThat(trimmed).containsExactly(version(1), version(2), version(3), version(4));
        assertThat(log.tail()).isEqualTo(version(4));
        assertThat(log.find(request(4))).isNull();
        assertThat(log.find(request(5))).isEqualTo(version(5));
    }

    @Test
    void trimsByBytesToo() {
        PgLog log = new PgLog(ObjectVersion.NONE);
        PgLog.Limits limits = new PgLog.Limits(1000, 1000, 3);
        for (int i = 1; i <= 11; i++) {
            log.append(version(i), request(i), 100);
        }
        assertThat(log.trim(limits, version(11))).hasSize(6);
        assertThat(log.size()).isEqualTo(5);
    }

    @Test
    void keepsWhatIsInFlight() {
        PgLog log = new PgLog(ObjectVersion.NONE);
        PgLog.Limits limits = new PgLog.Limits(1, 1 << 20, 0);
        for (int i = 1; i <= 6; i++) {
            log.append(version(i), request(i), 10);
        }
        assertThat(log.trim(limits, version(3))).containsExactly(version(1), version(2));
    }

    @Test
    void aRequestCarriedOutTwiceKeepsItsNewestVersion() {
        PgLog log = new PgLog(ObjectVersion.NONE);
        PgLog.Limits limits = new PgLog.Limits(1, 1 << 20, 0);
        log.append(version(1), request(1), 10);
        log.append(version(2), request(1), 10);
        log.trim(limits, version(2));
        assertThat(log.find(request(1))).isEqualTo(version(2));
    }
}
