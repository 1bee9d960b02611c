package io.roost.objectstore.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.classes.ByteSpan;
import io.roost.objectstore.classes.Conditions;
import io.roost.objectstore.layout.ObjectMetadata;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from the headers of requests: ranges, conditions, metadata. */
class RequestPartsTest {
    @Test
    void rangesAreReadAsTheRfcHasThem() {
        assertThat(ByteRange.parse("bytes=0-0")).isEqualTo(new ByteSpan.Between(0, 0));
        assertThat(ByteRange.parse("Bytes=5-")).isEqualTo(new ByteSpan.Between(5, Long.MAX_VALUE));
        assertThat(ByteRange.parse("bytes=-7")).isEqualTo(new ByteSpan.Suffix(7));
        assertThat(ByteRange.parse("bytes=-0")).isEqualTo(new ByteSpan.Suffix(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=", "bytes=-", "bytes=a-b", "bytes=5-4", "bytes=1-2,4-5", "lines=1-2", "bytes=1"})
    void anyOtherRangeIsIgnored(String header) {
        assertThat(ByteRange.parse(header)).isEqualTo(ByteSpan.all());
    }

    @Test
    void eTagsOfAListLoseQuotesAndWeakness() {
        assertThat(Preconditions.eTags("\"a\", W/\"b\" ,c,, *")).isEqualTo(List.of("a", "b", "c", "*"));
    }

    @Test
    void conditionsOfReadsAndCopiesHaveTheirOwnHeaders() {
        RequestHeaders headers = RequestHeaders.of(
                "if-match", "\"a\"",
                "if-modified-since", "Sat, 31 Jan 2026 17:50:30 GMT",
                "x-amz-copy-source-if-none-match", "b",
                "x-amz-copy-source-if-unmodified-since", "nonsense");
        assertThat(Preconditions.forRead(headers))
                .isEqualTo(new Conditions(List.of("a"), List.of(), 1_769_881_830L, Conditions.NO_TIME));
        assertThat(Preconditions.forCopySource(headers))
                .isEqualTo(new Conditions(List.of(), List.of("b"), Conditions.NO_TIME, Conditions.NO_TIME));
    }

    @Test
    void writesKnowIfNoneMatchOnlyWithAnAsterisk() {
        assertThat(Preconditions.forWrite(RequestHeaders.of("if-none-match", "*"))
                        .ifNoneMatch())
                .isEqualTo(List.of("*"));
        assertThat(Preconditions.forWrite(RequestHeaders.EMPTY).isNone()).isTrue();
        assertThatThrownBy(() -> Preconditions.forWrite(RequestHeaders.of("if-none-match", "\"a\"")))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.NOT_IMPLEMENTED));
    }

    @Test
    void metadataIsJoinedAndTheFramingOfTheBodyLeftOut() {
        ObjectMetadata metadata = ObjectHeaders.metadata(
                RequestHeaders.of(
                        "X-Amz-Meta-A", "1",
                        "x-amz-meta-a", "2",
                        "content-encoding", "aws-chunked, gzip",
                        "content-type", "t",
                        "host", "h"),
                Bytes.EMPTY);
        assertThat(metadata.userMetadata()).isEqualTo(List.of(new ObjectMetadata.Field("a", "1,2")));
        assertThat(metadata.header("content-encoding")).isEqualTo("gzip");
        assertThat(ObjectHeaders.metadata(RequestHeaders.of("content-encoding", "aws-chunked"), Bytes.EMPTY)
                        .headers())
                .isEmpty();
    }

    @Test
    void metadataOfMoreThanTwoKilobytesIsRefused() {
        assertThatThrownBy(
                        () -> ObjectHeaders.metadata(RequestHeaders.of("x-amz-meta-k", "v".repeat(2048)), Bytes.EMPTY))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.METADATA_TOO_LARGE));
    }
}
