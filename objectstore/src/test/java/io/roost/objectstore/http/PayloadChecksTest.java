package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.ChecksumAlgorithm;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.auth.PayloadMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PayloadChecksTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
    private static final String MD5 = "5d41402abc4b2a76b9719d911017c592";
    private static final String MD5_BASE64 = "XUFAKrxLKna5cZ2REBfFkg==";
    private static final Bytes SHA256 = Bytes.hex("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    private static final Bytes EMPTY_SHA256 =
            Bytes.hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    private static final PayloadMode UNSIGNED = PayloadMode.Unsigned.INSTANCE;

    @Test
    void objectsGetAnMd5AndNothingElse() {
        PayloadChecks.Result result = check(UNSIGNED, HELLO);
        assertThat(result.md5().hex()).isEqualTo(MD5);
        assertThat(result.lengthBytes()).isEqualTo(5);
        assertThat(result.checksum()).isEmpty();
    }

    @Test
    void documentsGetNoMd5() {
        PayloadChecks checks = PayloadChecks.of(UNSIGNED, RequestHeaders.EMPTY, PayloadChecks.Purpose.DOCUMENT);
        checks.update(ByteBuffer.wrap(HELLO));
        assertThat(checks.finish(RequestHeaders.EMPTY).md5().isEmpty()).isTrue();
        assertThat(checks.isChecked()).isFalse();
    }

    @Test
    void updateLeavesTheBufferAsItIs() {
        ByteBuffer payload = ByteBuffer.wrap(HELLO);
        PayloadChecks.of(UNSIGNED, headers(ChecksumAlgorithm.CRC64NVME, HELLO), PayloadChecks.Purpose.OBJECT)
                .update(payload);
        assertThat(payload.remaining()).isEqualTo(5);
    }

    @Test
    void contentMd5IsCompared() {
        assertThat(check(UNSIGNED, HELLO, "Content-MD5", MD5_BASE64).md5().hex())
                .isEqualTo(MD5);
        assertThat(refusal(UNSIGNED, "hellp".getBytes(StandardCharsets.UTF_8), "Content-MD5", MD5_BASE64))
                .isEqualTo(S3Error.BAD_DIGEST);
        assertThat(refusal(UNSIGNED, new byte[0], "Content-MD5", MD5_BASE64)).isEqualTo(S3Error.BAD_DIGEST);
    }

    @Test
    void malformedContentMd5IsInvalid() {
        for (String text :
                new String[] {"", "x", MD5, "XUFAKrxLKna5cZ2REBfFkg", "XUFAKrxLKna5cZ2REBfFkgA=", "=========="}) {
            assertThat(refusal(UNSIGNED, HELLO, "Content-MD5", text)).as(text).isEqualTo(S3Error.INVALID_DIGEST);
        }
        assertThat(refusal(UNSIGNED, HELLO, "Content-MD5", MD5_BASE64, "Content-MD5", MD5_BASE64))
                .isEqualTo(S3Error.INVALID_DIGEST);
    }

    @Test
    void theHashOfTheSignatureIsCompared() {
        assertThat(check(new PayloadMode.Hashed(SHA256), HELLO).lengthBytes()).isEqualTo(5);
        assertThat(check(new PayloadMode.Hashed(EMPTY_SHA256), new byte[0]).lengthBytes())
                .isZero();
        assertThat(refusal(new PayloadMode.Hashed(SHA256), "hellp".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(S3Error.XAMZ_CONTENT_SHA256_MISMATCH);
        assertThat(refusal(new PayloadMode.Hashed(SHA256), new byte[0]))
                .isEqualTo(S3Error.XAMZ_CONTENT_SHA256_MISMATCH);
        assertThat(refusal(new PayloadMode.Hashed(EMPTY_SHA256), HELLO))
                .isEqualTo(S3Error.XAMZ_CONTENT_SHA256_MISMATCH);
    }

    @ParameterizedTest
    @EnumSource
    void checksumsInHeadersAreComparedAndKept(ChecksumAlgorithm algorithm) {
        RequestHeaders headers = headers(algorithm, HELLO);
        for (PayloadMode mode : new PayloadMode[] {UNSIGNED, new PayloadMode.Hashed(SHA256)}) {
            PayloadChecks checks = PayloadChecks.of(mode, headers, PayloadChecks.Purpose.OBJECT);
            assertThat(checks.isChecked()).isTrue();
            checks.update(ByteBuffer.wrap(HELLO, 0, 2));
            checks.update(ByteBuffer.wrap(HELLO, 2, 3));
            assertThat(checks.finish(RequestHeaders.EMPTY).checksum())
                    .contains(new PayloadChecks.ObjectChecksum(algorithm, value(algorithm, HELLO)));
        }
        S3Exception refused = refused(UNSIGNED, "hellp".getBytes(StandardCharsets.UTF_8), headers);
        assertThat(refused.error()).isEqualTo(S3Error.BAD_DIGEST);
        assertThat(refused)
                .hasMessage("The " + algorithm.wireName() + " you specified did not match the calculated checksum.");
    }

    @ParameterizedTest
    @EnumSource
    void malformedChecksumsAreInvalid(ChecksumAlgorithm algorithm) {
        for (String text : new String[] {"", "x", "AAAA", base64(value(algorithm, HELLO)) + "AAAA", "!!!!!!=="}) {
            S3Exception refused = refused(UNSIGNED, HELLO, RequestHeaders.of(algorithm.headerName(), text));
            assertThat(refused.error()).as(text).isEqualTo(S3Error.INVALID_REQUEST);
            assertThat(refused).hasMessage("Value for " + algorithm.headerName() + " header is invalid.");
        }
    }

    @Test
    void twoChecksumsAreRefused() {
        assertThat(refusal(
                        UNSIGNED,
                        HELLO,
                        "x-amz-checksum-crc32",
                        base64(value(ChecksumAlgorithm.CRC32, HELLO)),
                        "x-amz-checksum-sha1",
                        base64(value(ChecksumAlgorithm.SHA1, HELLO))))
                .isEqualTo(S3Error.INVALID_REQUEST);
        assertThat(refused(
                                PayloadMode.UnsignedChunks.INSTANCE,
                                HELLO,
                                RequestHeaders.of(
                                        "x-amz-checksum-crc32",
                                        base64(value(ChecksumAlgorithm.CRC32, HELLO)),
                                        "x-amz-trailer",
                                        "x-amz-checksum-crc32c"))
                        .error())
                .isEqualTo(S3Error.INVALID_REQUEST);
    }

    @Test
    void unknownChecksumsAreRefusedAndSettingsAreNot() {
        assertThat(refusal(UNSIGNED, HELLO, "x-amz-checksum-md6", "AAAA")).isEqualTo(S3Error.INVALID_REQUEST);
        assertThat(check(
                                UNSIGNED,
                                HELLO,
                                "x-amz-checksum-algorithm",
                                "CRC32",
                                "x-amz-checksum-type",
                                "FULL_OBJECT",
                                "x-amz-checksum-mode",
                                "ENABLED")
                        .checksum())
                .isEmpty();
    }

    @Test
    void theSdkAlgorithmMustBeThatOfTheChecksum() {
        String crc32 = base64(value(ChecksumAlgorithm.CRC32, HELLO));
        assertThat(check(UNSIGNED, HELLO, "x-amz-sdk-checksum-algorithm", "crc32", "x-amz-checksum-crc32", crc32)
                        .checksum())
                .isPresent();
        S3Exception other = refused(
                UNSIGNED,
                HELLO,
                RequestHeaders.of("x-amz-sdk-checksum-algorithm", "SHA1", "x-amz-checksum-crc32", crc32));
        assertThat(other).hasMessage("Value for x-amz-sdk-checksum-algorithm header is invalid.");
        S3Exception alone = refused(UNSIGNED, HELLO, RequestHeaders.of("x-amz-sdk-checksum-algorithm", "CRC32"));
        assertThat(alone)
                .hasMessage("x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or"
                        + " x-amz-trailer headers were found.");
    }

    @Test
    void requestsWithoutABodyMayNameAnAlgorithm() {
        PayloadChecks checks = PayloadChecks.of(
                UNSIGNED, RequestHeaders.of("x-amz-sdk-checksum-algorithm", "CRC32"), PayloadChecks.Purpose.DOCUMENT);
        assertThat(checks.finish(RequestHeaders.EMPTY).checksum()).isEmpty();
    }

    @Test
    void aTrailerNeedsABodyThatHasTrailers() {
        assertThat(refusal(UNSIGNED, HELLO, "x-amz-trailer", "x-amz-checksum-crc32"))
                .isEqualTo(S3Error.INVALID_REQUEST);
    }

    @Test
    void aWantedChecksumIsComputedUnlessTheClientChoosesAnother() {
        PayloadChecks wanted = PayloadChecks.of(
                UNSIGNED, RequestHeaders.EMPTY, PayloadChecks.Purpose.OBJECT, ChecksumAlgorithm.CRC32C);
        wanted.update(ByteBuffer.wrap(HELLO));
        assertThat(wanted.finish(RequestHeaders.EMPTY).checksum())
                .contains(new PayloadChecks.ObjectChecksum(
                        ChecksumAlgorithm.CRC32C, value(ChecksumAlgorithm.CRC32C, HELLO)));

        PayloadChecks chosen = PayloadChecks.of(
                UNSIGNED,
                headers(ChecksumAlgorithm.SHA1, HELLO),
                PayloadChecks.Purpose.OBJECT,
                ChecksumAlgorithm.CRC32C);
        chosen.update(ByteBuffer.wrap(HELLO));
        assertThat(chosen.finish(RequestHeaders.EMPTY).checksum().orElseThrow().algorithm())
                .isEqualTo(ChecksumAlgorithm.SHA1);
    }

    @Test
    void aPartListIsNotTheObjectItsChecksumSpeaksOf() {
        PayloadChecks checks = PayloadChecks.of(
                UNSIGNED,
                RequestHeaders.of("x-amz-checksum-crc32", "not even base64", "x-amz-sdk-checksum-algorithm", "CRC32"),
                PayloadChecks.Purpose.PART_LIST);
        checks.update(ByteBuffer.wrap(HELLO));
        assertThat(checks.finish(RequestHeaders.EMPTY).checksum()).isEmpty();
    }

    private static RequestHeaders headers(ChecksumAlgorithm algorithm, byte[] of) {
        return RequestHeaders.of(algorithm.headerName(), base64(value(algorithm, of)));
    }

    private static Bytes value(ChecksumAlgorithm algorithm, byte[] of) {
        ChecksumAlgorithm.Running running = algorithm.start();
        running.update(ByteBuffer.wrap(of));
        return running.value();
    }

    private static String base64(Bytes value) {
        return Base64.getEncoder().encodeToString(value.array());
    }

    private static PayloadChecks.Result check(PayloadMode mode, byte[] body, String... headers) {
        return check(mode, body, RequestHeaders.of(headers));
    }

    private static PayloadChecks.Result check(PayloadMode mode, byte[] body, RequestHeaders headers) {
        PayloadChecks checks = PayloadChecks.of(mode, headers, PayloadChecks.Purpose.OBJECT);
        checks.update(ByteBuffer.wrap(body));
        return checks.finish(RequestHeaders.EMPTY);
    }

    private static S3Error refusal(PayloadMode mode, byte[] body, String... headers) {
        return refused(mode, body, RequestHeaders.of(headers)).error();
    }

    private static S3Exception refused(PayloadMode mode, byte[] body, RequestHeaders headers) {
        S3Exception refused = catchThrowableOfType(S3Exception.class, () -> check(mode, body, headers));
        assertThat(refused).as("accepted").isNotNull();
        return refused;
    }
}
