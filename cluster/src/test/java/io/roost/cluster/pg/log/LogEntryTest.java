package io.roost.cluster.pg.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LogEntryTest {
    private static final LogEntry CHANGED = entry(
            new LogEntry.Answer.Reply(0, Bytes.hex("0102ff")),
            new LogEntry.Change(LogEntry.Kind.PUT, ObjectVersion.NONE, Bytes.utf8("new")),
            new LogEntry.Change(LogEntry.Kind.SET_ATTRIBUTES, new ObjectVersion(6, 20), Bytes.utf8("kept")),
            new LogEntry.Change(LogEntry.Kind.DELETE, new ObjectVersion(7, 299), Bytes.hex("80ff")));
    private static final LogEntry UNCHANGED = entry(new LogEntry.Answer.Reply(404, Bytes.hex("03")));
    private static final LogEntry REFUSED = entry(new LogEntry.Answer.Refusal(ObjectError.NO_SPACE, "full"));

    private static LogEntry entry(LogEntry.Answer answer, LogEntry.Change... changes) {
        return new LogEntry(
                new ObjectVersion(7, 300),
                new RequestId(4711, 2, 99),
                Bytes.utf8("bucket-1.3"),
                answer,
                List.of(changes));
    }

    static Stream<Arguments> examples() {
        return Stream.of(
                arguments("log-entry-v2.hex", CHANGED),
                arguments("log-entry-unchanged-v2.hex", UNCHANGED),
                arguments("log-entry-refused-v2.hex", REFUSED));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isWrittenAsReleased(String golden, LogEntry entry) {
        GoldenFile.check(golden, entry.encode());
        assertThat(LogEntry.decode(entry.encode())).isEqualTo(entry);
    }

    @Test
    void readsTheReleasedForm() {
        assertThat(LogEntry.decode(GoldenFile.read("log-entry-v1.hex"))).isEqualTo(CHANGED);
    }

    @Test
    void aRefusalChangesNothing() {
        LogEntry.Change change = CHANGED.changes().get(0);
        assertThatThrownBy(() -> entry(UNCHANGED.answer(), change)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> entry(REFUSED.answer(), change)).isInstanceOf(IllegalArgumentException.class);
        assertThat(CHANGED.changedVersion()).isEqualTo(new ObjectVersion(7, 300));
        assertThat(UNCHANGED.changedVersion()).isEqualTo(ObjectVersion.NONE);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyTruncationIsMalformed(String golden, LogEntry entry) {
        Bytes row = entry.encode();
        for (int length = 0; length < row.length(); length++) {
            Bytes cut = row.slice(0, length);
            assertThatThrownBy(() -> LogEntry.decode(cut))
                    .as("%d bytes of %s", length, golden)
                    .isInstanceOf(MalformedBytesException.class);
        }
    }
}
