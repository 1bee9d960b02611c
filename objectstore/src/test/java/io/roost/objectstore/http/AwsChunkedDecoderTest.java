package io.roost.objectstore.http;

import static io.roost.objectstore.http.ChunkedBody.ascii;
import static io.roost.objectstore.http.ChunkedBody.filled;
import static io.roost.objectstore.http.ChunkedBody.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.ChecksumAlgorithm;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.auth.ChunkSigner;
import io.roost.objectstore.auth.PayloadMode;
import io.roost.objectstore.auth.RawRequest;
import io.roost.objectstore.auth.SdkSigner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Framing, signatures and trailers of aws-chunked bodies, right and wrong. */
class AwsChunkedDecoderTest {
    private static final long SEED = 7_041_776;
    private static final int CHUNK = AwsChunkedDecoder.MIN_CHUNK_BYTES;
    private static final String CREDENTIAL =
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=";

    // ---- the worked examples of AWS's documents

    @Test
    void publishedChunkedUploadVerifies() {
        RawRequest request = publishedRequest(RequestHeaders.of(
                "Host", "s3.amazonaws.com",
                "x-amz-date", "20130524T000000Z",
                "x-amz-storage-class", "REDUCED_REDUNDANCY",
                "Authorization",
                        CREDENTIAL
                                + "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;"
                                + "x-amz-decoded-content-length;x-amz-storage-class,"
                                + "Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
                "x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                "Content-Encoding", "aws-chunked",
                "x-amz-decoded-content-length", "66560",
                "Content-Length", "66824"));
        byte[] body = join(
                ascii("10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n"),
                filled(65536, 'a'),
                ascii("\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n"),
                filled(1024, 'a'),
                ascii(
                        "\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n"));

        assertThat(body).hasSize(66824);
        assertThat(ChunkedBody.read(request, body).payload()).isEqualTo(Bytes.wrap(filled(66560, 'a')));
    }

    @Test
    void publishedTrailerUploadVerifies() {
        RawRequest request = publishedRequest(RequestHeaders.of(
                "Host", "s3.amazonaws.com",
                "x-amz-date", "20130524T000000Z",
                "x-amz-storage-class", "REDUCED_REDUNDANCY",
                "Authorization",
                        CREDENTIAL
                                + "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
                                + "x-amz-storage-class;x-amz-trailer,"
                                + "Signature=106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
                "x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
                "Content-Encoding", "aws-chunked",
                "x-amz-decoded-content-length", "66560",
                "x-amz-trailer", "x-amz-checksum-crc32c"));
        byte[] chunks = join(
                ascii("10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n"),
                filled(65536, 'a'),
                ascii("\r\n400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n"),
                filled(1024, 'a'),
                ascii("\r\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"));
        String signature =
                "\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n";

        ChunkedBody.Decoded decoded =
                ChunkedBody.read(request, join(chunks, ascii("x-amz-checksum-crc32c:sOO8/Q=="), ascii(signature)));
        assertThat(decoded.payload()).isEqualTo(Bytes.wrap(filled(66560, 'a')));
        assertThat(decoded.trailers().first("x-amz-checksum-crc32c")).isEqualTo("sOO8/Q==");
        // The document's own listing has a line feed before the CRLF.
        assertThat(ChunkedBody.read(request, join(chunks, ascii("x-amz-checksum-crc32c:sOO8/Q==\n"), ascii(signature)))
                        .payload())
                .isEqualTo(decoded.payload());
    }

    private static RawRequest publishedRequest(RequestHeaders headers) {
        return new RawRequest("PUT", "/examplebucket/chunkObject.txt", "", headers, SdkSigner.NOW_MILLIS);
    }

    // ---- bodies of the AWS SDK

    @ParameterizedTest
    @EnumSource(names = {"CHUNKS", "CHUNKS_TRAILER", "UNSIGNED_TRAILER"})
    void sdkBodiesOfAnySizeInAnyPiecesDecode(SdkSigner.Body kind) {
        Random random = new Random(SEED);
        for (int round = 0; round < 120; round++) {
            byte[] payload = new byte[round < 40 ? round : random.nextInt(400_000)];
            random.nextBytes(payload);
            SdkSigner.Signed signed = upload(kind, payload);
            int[] cuts = random.ints(random.nextInt(20), 0, signed.body().length() + 1)
                    .sorted()
                    .toArray();

            ChunkedBody.Decoded decoded =
                    ChunkedBody.read(signed.request(), signed.body().array(), cuts);

            assertThat(decoded.payload()).as("seed %d, round %d", SEED, round).isEqualTo(Bytes.wrap(payload));
            assertThat(decoded.result().checksum().map(PayloadChecks.ObjectChecksum::algorithm))
                    .isEqualTo(
                            switch (kind) {
                                case CHUNKS_TRAILER -> java.util.Optional.of(ChecksumAlgorithm.CRC32C);
                                case UNSIGNED_TRAILER -> java.util.Optional.of(ChecksumAlgorithm.CRC32);
                                default -> java.util.Optional.empty();
                            });
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CHUNKS", "CHUNKS_TRAILER", "UNSIGNED_TRAILER"})
    void everyCutOfABodyDecodes(SdkSigner.Body kind) {
        byte[] payload = ascii("some payload\r\n0;chunk-signature=");
        SdkSigner.Signed signed = upload(kind, payload);
        byte[] body = signed.body().array();
        for (int first = 0; first <= body.length; first++) {
            for (int second = first; second <= body.length; second += 7) {
                assertThat(ChunkedBody.read(signed.request(), body, first, second)
                                .payload())
                        .isEqualTo(Bytes.wrap(payload));
            }
        }
        int[] everywhere = new int[body.length];
        Arrays.setAll(everywhere, i -> i);
        assertThat(ChunkedBody.read(signed.request(), body, everywhere).payload())
                .isEqualTo(Bytes.wrap(payload));
    }

    @ParameterizedTest
    @EnumSource(names = {"CHUNKS", "CHUNKS_TRAILER", "UNSIGNED_TRAILER"})
    void aBodyCutShortAnywhereIsIncomplete(SdkSigner.Body kind) {
        SdkSigner.Signed signed = upload(kind, ascii("some payload"));
        byte[] body = signed.body().array();
        for (int length = 0; length < body.length; length++) {
            assertThat(refusal(signed.request(), Arrays.copyOf(body, length)))
                    .as("%d of %d bytes", length, body.length)
                    .isEqualTo(S3Error.INCOMPLETE_BODY);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CHUNKS", "CHUNKS_TRAILER"})
    void everyChangedByteOfASignedBodyIsRefused(SdkSigner.Body kind) {
        SdkSigner.Signed signed = upload(kind, ascii("some payload"));
        byte[] body = signed.body().array();
        for (int i = 0; i < body.length; i++) {
            for (int change : new int[] {0x01, 0x80}) {
                byte[] changed = body.clone();
                changed[i] ^= (byte) change;
                assertThat(refusal(signed.request(), changed))
                        .as("byte %d", i)
                        .isIn(
                                S3Error.SIGNATURE_DOES_NOT_MATCH,
                                S3Error.INCOMPLETE_BODY,
                                S3Error.INVALID_CHUNK_SIZE,
                                S3Error.MALFORMED_TRAILER);
            }
        }
    }

    @Test
    void everyChangedByteOfAnUnsignedBodyIsRefused() {
        SdkSigner.Signed signed = upload(SdkSigner.Body.UNSIGNED_TRAILER, ascii("some payload"));
        byte[] body = signed.body().array();
        for (int i = 0; i < body.length; i++) {
            byte[] changed = body.clone();
            changed[i] ^= 0x01;
            assertThat(refusal(signed.request(), changed))
                    .as("byte %d", i)
                    .isIn(
                            S3Error.BAD_DIGEST,
                            S3Error.INCOMPLETE_BODY,
                            S3Error.INVALID_REQUEST,
                            S3Error.INVALID_CHUNK_SIZE,
                            S3Error.MALFORMED_TRAILER);
        }
    }

    @Test
    void slicesShareTheInputAndLeaveNothingBehind() {
        byte[] payload = filled(100, 'p');
        SdkSigner.Signed signed = upload(SdkSigner.Body.CHUNKS, payload);
        AwsChunkedDecoder decoder = AwsChunkedDecoder.of(
                signed.authenticate().payload(), signed.request().headers());
        byte[] body = signed.body().array();
        ByteBuffer input = ByteBuffer.wrap(body);
        int[] slices = {0};
        decoder.feed(input, slice -> {
            slices[0]++;
            assertThat(slice.remaining()).isEqualTo(100);
            slice.put(99, (byte) 'q');
        });
        assertThat(slices[0]).isEqualTo(1);
        assertThat(new String(body, StandardCharsets.ISO_8859_1)).contains("ppq\r\n");
        assertThat(input.remaining()).isZero();
        assertThat(decoder.verifiedBytes()).isEqualTo(100);
        assertThat(decoder.decodedLength()).isEqualTo(100);
    }

    @Test
    void payloadIsVerifiedOnlyWhenItsChunkHasEnded() {
        SdkSigner.Signed signed = upload(SdkSigner.Body.CHUNKS, filled(100, 'p'));
        AwsChunkedDecoder decoder = AwsChunkedDecoder.of(
                signed.authenticate().payload(), signed.request().headers());
        int header = ascii("64;chunk-signature=").length + 64 + 2;
        ByteBuffer input = ByteBuffer.wrap(signed.body().array());
        decoder.feed(
                input.limit(header + 100),
                slice -> assertThat(slice.remaining()).isEqualTo(100));
        assertThat(decoder.verifiedBytes()).isZero();
        decoder.feed(input.limit(header + 102), slice -> {});
        assertThat(decoder.verifiedBytes()).isEqualTo(100);
    }

    private static SdkSigner.Signed upload(SdkSigner.Body kind, byte[] payload) {
        // The SDK sends unsigned chunks over TLS only.
        String scheme = kind == SdkSigner.Body.UNSIGNED_TRAILER ? "https" : "http";
        return new SdkSigner.Request("PUT", scheme + "://s3.localhost:9000/bucket/key")
                .body(kind, payload)
                .sign();
    }

    // ---- chunks moved about

    private final byte[] one = filled(CHUNK, '1');
    private final byte[] two = filled(CHUNK, '2');
    private final byte[] three = filled(CHUNK, '3');
    private final RawRequest request =
            upload(SdkSigner.Body.CHUNKS, join(one, two, three)).request();
    private final ChunkSigner signer = new ChunkSigner(request);
    private final byte[] first = signer.chunk(one);
    private final byte[] second = signer.chunk(two);
    private final byte[] third = signer.chunk(three);
    private final byte[] last = join(signer.chunk(new byte[0]), ascii("\r\n"));

    @Test
    void chunksInOrderPass() {
        assertThat(ChunkedBody.read(request, join(first, second, third, last)).payload())
                .isEqualTo(Bytes.wrap(join(one, two, three)));
    }

    @Test
    void reorderedChunksAreRefused() {
        assertThat(refusal(request, join(second, first, third, last))).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refusal(request, join(first, third, second, last))).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void repeatedChunksAreRefused() {
        assertThat(refusal(request, join(first, first, second, last))).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void droppedChunksAreRefused() {
        assertThat(refusal(request, join(first, second, last))).isEqualTo(S3Error.INCOMPLETE_BODY);
        assertThat(refusal(request, join(first, third, last))).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refusal(request, join(last))).isEqualTo(S3Error.INCOMPLETE_BODY);
    }

    @Test
    void addedChunksAreRefused() {
        byte[] fourth = new ChunkSigner(request).chunk(one);
        assertThat(refusal(request, join(first, second, third, fourth, last))).isEqualTo(S3Error.INCOMPLETE_BODY);
    }

    @Test
    void chunksOfAnotherRequestAreRefused() {
        RawRequest other = new SdkSigner.Request("PUT", "http://s3.localhost:9000/bucket/other")
                .body(SdkSigner.Body.CHUNKS, join(one, two, three))
                .sign()
                .request();
        ChunkSigner otherSigner = new ChunkSigner(other);
        otherSigner.chunk(one);
        assertThat(refusal(request, join(first, otherSigner.chunk(two), third, last)))
                .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void chunksSplitAnewAreRefused() {
        ChunkSigner anew = new ChunkSigner(request);
        byte[] whole = anew.chunk(join(one, two, three));
        assertThat(ChunkedBody.read(request, join(whole, anew.chunk(new byte[0]), ascii("\r\n")))
                        .payload()
                        .length())
                .isEqualTo(3 * CHUNK);
        // The same bytes with the signatures of the other division.
        assertThat(refusal(request, join(whole, last))).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void bytesAfterTheEndAreRefused() {
        assertThat(refusal(request, join(first, second, third, last, ascii("x"))))
                .isEqualTo(S3Error.INCOMPLETE_BODY);
        assertThat(refusal(request, join(first, second, third, last, last))).isEqualTo(S3Error.INCOMPLETE_BODY);
    }

    @Test
    void chunksWithoutSignatureAreRefused() {
        assertThat(refusal(request, join(ascii("6000\r\n"), one, two, three, ascii("\r\n0\r\n\r\n"))))
                .isEqualTo(S3Error.INCOMPLETE_BODY);
    }

    @Test
    void trailersOfABodyWithoutTrailersAreRefused() {
        byte[] end = Arrays.copyOf(last, last.length - 2);
        assertThat(refusal(request, join(first, second, third, end, ascii("x-amz-checksum-crc32:AAAAAA==\r\n\r\n"))))
                .isEqualTo(S3Error.MALFORMED_TRAILER);
    }

    // ---- sizes and lengths

    private static final RequestHeaders UNSIGNED =
            RequestHeaders.of("x-amz-decoded-content-length", "20000", "x-amz-trailer", "x-amz-checksum-crc32");

    private static S3Exception refusedUnsigned(RequestHeaders headers, byte[] body) {
        return catchThrowableOfType(
                S3Exception.class, () -> ChunkedBody.read(PayloadMode.UnsignedChunks.INSTANCE, headers, body));
    }

    @Test
    void onlyTheLastChunkMayBeSmall() {
        S3Exception refused = refusedUnsigned(
                UNSIGNED,
                join(
                        ascii("2000\r\n"),
                        filled(8192, 'a'),
                        ascii("\r\n1fff\r\n"),
                        filled(8191, 'a'),
                        ascii("\r\n1\r\na\r\n0\r\n")));
        assertThat(refused.error()).isEqualTo(S3Error.INVALID_CHUNK_SIZE);
        assertThat(refused.details())
                .containsExactly(new S3Exception.Detail("Chunk", "3"), new S3Exception.Detail("BadChunkSize", "8191"));
    }

    @Test
    void decodedLengthMustBeExact() {
        for (String length : new String[] {"4", "6", "0", "999999999999999999"}) {
            S3Exception refused = refusedUnsigned(
                    RequestHeaders.of("x-amz-decoded-content-length", length), ascii("5\r\nhello\r\n0\r\n\r\n"));
            assertThat(refused.error()).isEqualTo(S3Error.INCOMPLETE_BODY);
            assertThat(refused.details())
                    .containsExactly(
                            new S3Exception.Detail("NumberBytesExpected", length),
                            new S3Exception.Detail("NumberBytesProvided", "5"));
        }
    }

    @Test
    void decodedLengthMustBeANumber() {
        for (String length : new String[] {"", "-1", "x", "1.5", "+5", "9999999999999999999"}) {
            assertThat(refusedUnsigned(RequestHeaders.of("x-amz-decoded-content-length", length), new byte[0])
                            .error())
                    .isEqualTo(S3Error.MISSING_CONTENT_LENGTH);
        }
        assertThat(refusedUnsigned(RequestHeaders.EMPTY, new byte[0]).error())
                .isEqualTo(S3Error.MISSING_CONTENT_LENGTH);
    }

    @Test
    void malformedChunkHeadersAreIncompleteBodies() {
        for (String header : new String[] {
            "\r\n",
            "g\r\n",
            "-5\r\n",
            " 5\r\n",
            "5 \r\n",
            "0x5\r\n",
            "5;a=b\r\n",
            "5\n",
            "5\rhello",
            "10000000000000000\r\n",
            "٥\r\n",
            "0".repeat(300)
        }) {
            assertThat(refusedUnsigned(
                                    RequestHeaders.of("x-amz-decoded-content-length", "5"),
                                    join(ascii(header), ascii("hello\r\n0\r\n\r\n")))
                            .error())
                    .as(header)
                    .isEqualTo(S3Error.INCOMPLETE_BODY);
        }
    }

    // ---- trailers

    private static S3Error unsignedTrailer(String announced, String trailers) {
        RequestHeaders headers = announced.isEmpty()
                ? RequestHeaders.of("x-amz-decoded-content-length", "5")
                : RequestHeaders.of("x-amz-decoded-content-length", "5", "x-amz-trailer", announced);
        S3Exception refused = refusedUnsigned(headers, ascii("5\r\nhello\r\n0\r\n" + trailers + "\r\n"));
        return refused == null ? null : refused.error();
    }

    @Test
    void trailersMustBeThoseAnnounced() {
        String good = "x-amz-checksum-crc32:NhCmhg==\r\n";
        assertThat(unsignedTrailer("x-amz-checksum-crc32", good)).isNull();
        assertThat(unsignedTrailer("X-Amz-Checksum-CRC32", "X-Amz-Checksum-CRC32: NhCmhg==\r\n"))
                .isNull();
        assertThat(unsignedTrailer("", "")).isNull();

        assertThat(unsignedTrailer("", good)).isEqualTo(S3Error.MALFORMED_TRAILER);
        assertThat(unsignedTrailer("x-amz-checksum-crc32", "")).isEqualTo(S3Error.MALFORMED_TRAILER);
        assertThat(unsignedTrailer("x-amz-checksum-crc32c", good)).isEqualTo(S3Error.MALFORMED_TRAILER);
        assertThat(unsignedTrailer("x-amz-checksum-crc32", good + good)).isEqualTo(S3Error.MALFORMED_TRAILER);
        assertThat(unsignedTrailer("x-amz-checksum-crc32", good + "x-amz-meta-a:b\r\n"))
                .isEqualTo(S3Error.MALFORMED_TRAILER);
        assertThat(unsignedTrailer("x-amz-checksum-crc32", "x-amz-checksum-crc32 NhCmhg==\r\n"))
                .isEqualTo(S3Error.MALFORMED_TRAILER);
        assertThat(unsignedTrailer("x-amz-checksum-crc32", ":NhCmhg==\r\n")).isEqualTo(S3Error.MALFORMED_TRAILER);
        assertThat(unsignedTrailer("x-amz-checksum-crc32", "x-amz-checksum-crc32:" + "A".repeat(2000) + "\r\n"))
                .isEqualTo(S3Error.MALFORMED_TRAILER);
    }

    @Test
    void wrongTrailerValuesAreRefused() {
        assertThat(unsignedTrailer("x-amz-checksum-crc32", "x-amz-checksum-crc32:AAAAAA==\r\n"))
                .isEqualTo(S3Error.BAD_DIGEST);
        assertThat(unsignedTrailer("x-amz-checksum-crc32", "x-amz-checksum-crc32:AAAA\r\n"))
                .isEqualTo(S3Error.INVALID_REQUEST);
        assertThat(unsignedTrailer("x-amz-checksum-crc32", "x-amz-checksum-crc32:\r\n"))
                .isEqualTo(S3Error.INVALID_REQUEST);
    }

    @Test
    void unknownTrailersAreNotSupported() {
        for (String announced :
                new String[] {"x-amz-checksum-md5", "x-amz-meta-a", "x-amz-checksum-crc32,x-amz-checksum-sha1", "x"}) {
            assertThat(unsignedTrailer(announced, "")).isEqualTo(S3Error.INVALID_REQUEST);
        }
    }

    @Test
    void signedTrailersNeedTheirSignature() {
        RawRequest trailing =
                upload(SdkSigner.Body.CHUNKS_TRAILER, ascii("hello")).request();
        String checksum = "x-amz-checksum-crc32c:mnG7TA==";
        byte[] end = ascii("\r\n");

        ChunkSigner good = new ChunkSigner(trailing);
        assertThat(ChunkedBody.read(
                                trailing,
                                join(
                                        good.chunk(ascii("hello")),
                                        good.chunk(new byte[0]),
                                        ascii(checksum + "\r\n"),
                                        good.trailerSignature(checksum + "\n"),
                                        end))
                        .payload())
                .isEqualTo(Bytes.utf8("hello"));

        ChunkSigner unsigned = new ChunkSigner(trailing);
        assertThat(refusal(
                        trailing,
                        join(
                                unsigned.chunk(ascii("hello")),
                                unsigned.chunk(new byte[0]),
                                ascii(checksum + "\r\n"),
                                end)))
                .isEqualTo(S3Error.MALFORMED_TRAILER);

        ChunkSigner before = new ChunkSigner(trailing);
        assertThat(refusal(
                        trailing,
                        join(
                                before.chunk(ascii("hello")),
                                before.chunk(new byte[0]),
                                before.trailerSignature(checksum + "\n"),
                                ascii(checksum + "\r\n"),
                                end)))
                .isEqualTo(S3Error.MALFORMED_TRAILER);

        ChunkSigner other = new ChunkSigner(trailing);
        assertThat(refusal(
                        trailing,
                        join(
                                other.chunk(ascii("hello")),
                                other.chunk(new byte[0]),
                                ascii("x-amz-checksum-crc32c:AAAAAA==\r\n"),
                                other.trailerSignature(checksum + "\n"),
                                end)))
                .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    private static S3Error refusal(RawRequest request, byte[] body) {
        S3Exception refused = catchThrowableOfType(S3Exception.class, () -> ChunkedBody.read(request, body));
        assertThat(refused).as("accepted").isNotNull();
        return refused.error();
    }
}
