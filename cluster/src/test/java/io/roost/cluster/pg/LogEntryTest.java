package io.roost.cluster.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogEntryTest {
    static final LogEntry EXAMPLE = new LogEntry(
            new ObjectVersion(7, 300),
            new RequestId(4711, 2, 99),
            Bytes.utf8("bucket-1.3"),
            Bytes.hex("0102ff"),
            List.of(
                    new LogEntry.Change(LogEntry.Kind.PUT, ObjectVersion.NONE, Bytes.utf8("new")),
                    new LogEntry.Change(LogEntry.Kind.SET_ATTRIBUTES, new ObjectVersion(6, 20), Bytes.utf8("kept")),
                    new LogEntry.Change(LogEntry.Kind.DELETE, new ObjectVersion(7, 299), Bytes.hex("80ff"))));

    @Test
    void isWrittenAsReleased() {
        GoldenFile.check("log-entry-v1.hex", EXAMPLE.encode());
    }

    @Test
    void readsTheReleasedForm() {
        assertThat(LogEntry.decode(GoldenFile.read("log-entry-v1.hex"))).isEqualTo(EXAMPLE);
    }

    @Test
    void everyTruncationIsMalformed() {
        Bytes row = EXAMPLE.encode();
        for (int length = 0; length < row.length(); length++) {
            Bytes cut = row.slice(0, length);
            assertThatThrownBy(() -> LogEntry.decode(cut))
                    .as("%d bytes", length)
                    .isInstanceOf(MalformedBytesException.class);
        }
    }
}
