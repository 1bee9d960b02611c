package io.roost.objectstore.http;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.ChecksumAlgorithm;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.auth.PayloadMode;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * What a body is checked against while it arrives: the hash of its signature, Content-MD5, one x-amz-checksum-* in a
 * header or trailer; and the MD5 of an ETag. Only digests that something needs are computed. Pure; one body, one thread.
 */
public final class PayloadChecks {
    private static final Bytes EMPTY_SHA256 =
            Bytes.hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    private static final int MD5_BYTES = 16;

    private final Bytes expectedSha256;
    private final Bytes expectedMd5;
    private final String expectedMd5Text;
    private final ChecksumAlgorithm algorithm;
    private final Bytes expectedChecksum;
    private final boolean checksumInTrailer;

    private final MessageDigest md5;
    private final MessageDigest sha256;
    private final ChecksumAlgorithm.Running checksum;
    private long length;

    /** What the body is for, which decides what is read of the headers and what is computed. */
    public enum Purpose {
        /** An object or a part: its MD5 becomes the ETag, a checksum is verified and stored. */
        OBJECT,
        /** A document that configures or lists: a checksum is verified. */
        DOCUMENT,
        /** The part list of CompleteMultipartUpload, whose checksum headers speak of the object and not of the body. */
        PART_LIST
    }

    /**
     * What is known of a body that passed.
     *
     * @param lengthBytes number of bytes
     * @param md5 16 bytes, or empty where nothing needed it
     * @param checksum the client's or the requested checksum, if any
     */
    public record Result(long lengthBytes, Bytes md5, Optional<ObjectChecksum> checksum) {}

    /**
     * A checksum of a whole body.
     *
     * @param algorithm which
     * @param value as many bytes as the algorithm has
     */
    public record ObjectChecksum(ChecksumAlgorithm algorithm, Bytes value) {}

    private PayloadChecks(
            PayloadMode mode, RequestHeaders headers, Purpose purpose, Optional<ChecksumAlgorithm> wanted) {
        expectedSha256 = mode instanceof PayloadMode.Hashed hashed ? hashed.sha256() : Bytes.EMPTY;
        expectedMd5Text = headers.first("content-md5");
        expectedMd5 = contentMd5(headers);
        Declared declared = purpose == Purpose.PART_LIST ? Declared.NONE : Declared.of(mode, headers, purpose);
        checksumInTrailer = declared.inTrailer;
        expectedChecksum = declared.value;
        algorithm = declared.algorithm != null ? declared.algorithm : wanted.orElse(null);

        md5 = purpose == Purpose.OBJECT || !expectedMd5.isEmpty() ? digest("MD5") : null;
        sha256 = expectedSha256.isEmpty() || expectedSha256.equals(EMPTY_SHA256) ? null : digest("SHA-256");
        // The hash of the signature can serve as the checksum too.
        checksum = algorithm == null || (algorithm == ChecksumAlgorithm.SHA256 && sha256 != null)
                ? null
                : algorithm.start();
    }

    /**
     * Reads what a request says about its body.
     *
     * @throws S3Exception InvalidDigest for a malformed Content-MD5, InvalidRequest for checksum headers that are
     *     malformed or contradict each other
     */
    public static PayloadChecks of(PayloadMode mode, RequestHeaders headers, Purpose purpose) {
        return new PayloadChecks(mode, headers, purpose, Optional.empty());
    }

    /**
     * The same, with a checksum that is computed if the client sends none: a part of an upload that has an algorithm.
     */
    public static PayloadChecks of(
            PayloadMode mode, RequestHeaders headers, Purpose purpose, ChecksumAlgorithm wanted) {
        return new PayloadChecks(mode, headers, purpose, Optional.of(wanted));
    }

    /** The additional checksum that is computed, if any. */
    public Optional<ChecksumAlgorithm> algorithm() {
        return Optional.ofNullable(algorithm);
    }

    /** Whether the client gave something that protects the body: Content-MD5 or a checksum. */
    public boolean isChecked() {
        return !expectedMd5.isEmpty() || !expectedChecksum.isEmpty() || checksumInTrailer;
    }

    /** Takes bytes of the payload, from position to limit, which are not consumed. */
    public void update(ByteBuffer payload) {
        length += payload.remaining();
        if (md5 != null) {
            md5.update(payload.duplicate());
        }
        if (sha256 != null) {
            sha256.update(payload.duplicate());
        }
        if (checksum != null) {
            checksum.update(payload.duplicate());
        }
    }

    /**
     * Ends the body.
     *
     * @param trailers of an aws-chunked body, otherwise empty
     * @throws S3Exception XAmzContentSHA256Mismatch, BadDigest, or InvalidRequest for a malformed checksum in a trailer
     */
    public Result finish(RequestHeaders trailers) {
        Bytes actualSha256 = sha256 == null ? Bytes.EMPTY : Bytes.wrap(sha256.digest());
        checkSha256(actualSha256);
        Bytes actualMd5 = md5 == null ? Bytes.EMPTY : Bytes.wrap(md5.digest());
        if (!expectedMd5.isEmpty() && !expectedMd5.equals(actualMd5)) {
            throw new S3Exception(
                    S3Error.BAD_DIGEST,
                    "The Content-MD5 you specified did not match what we received.",
                    new S3Exception.Detail("ExpectedDigest", expectedMd5Text),
                    new S3Exception.Detail("CalculatedDigest", base64(actualMd5)));
        }
        if (algorithm == null) {
            return new Result(length, actualMd5, Optional.empty());
        }
        Bytes actual = checksum == null ? actualSha256 : checksum.value();
        Bytes expected = checksumInTrailer ? trailerChecksum(trailers) : expectedChecksum;
        if (!expected.isEmpty() && !expected.equals(actual)) {
            throw new S3Exception(
                    S3Error.BAD_DIGEST,
                    "The " + algorithm.wireName() + " you specified did not match the calculated checksum.");
        }
        return new Result(length, actualMd5, Optional.of(new ObjectChecksum(algorithm, actual)));
    }

    private void checkSha256(Bytes actual) {
        if (expectedSha256.isEmpty()) {
            return;
        }
        boolean matches = sha256 == null ? length == 0 : expectedSha256.equals(actual);
        if (!matches) {
            throw new S3Exception(
                    S3Error.XAMZ_CONTENT_SHA256_MISMATCH,
                    S3Error.XAMZ_CONTENT_SHA256_MISMATCH.defaultMessage(),
                    new S3Exception.Detail("ClientComputedContentSHA256", expectedSha256.hex()),
                    new S3Exception.Detail("S3ComputedContentSHA256", actual.hex()));
        }
    }

    private Bytes trailerChecksum(RequestHeaders trailers) {
        String text = trailers.first(algorithm.headerName());
        Bytes value = text == null ? Bytes.EMPTY : base64(text, algorithm.lengthBytes());
        if (value.isEmpty()) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "Value for " + algorithm.headerName() + " trailing header is invalid.");
        }
        return value;
    }

    private static Bytes contentMd5(RequestHeaders headers) {
        String text = headers.first("content-md5");
        if (text == null) {
            return Bytes.EMPTY;
        }
        Bytes value = headers.occurrences("content-md5") > 1 ? Bytes.EMPTY : base64(text.strip(), MD5_BYTES);
        if (value.isEmpty()) {
            throw new S3Exception(
                    S3Error.INVALID_DIGEST,
                    "The Content-MD5 you specified was invalid.",
                    new S3Exception.Detail("Content-MD5", text));
        }
        return value;
    }

    /** Decodes base64 of exactly the given length; empty when it is not that. */
    private static Bytes base64(String text, int lengthBytes) {
        if (text.length() != (lengthBytes + 2) / 3 * 4) {
            return Bytes.EMPTY;
        }
        try {
            byte[] value = Base64.getDecoder().decode(text);
            return value.length == lengthBytes ? Bytes.wrap(value) : Bytes.EMPTY;
        } catch (IllegalArgumentException notBase64) {
            return Bytes.EMPTY;
        }
    }

    private static String base64(Bytes value) {
        return Base64.getEncoder().encodeToString(value.array());
    }

    private static MessageDigest digest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(name + " is part of every Java platform", impossible);
        }
    }

    /**
     * The checksum that a request declares.
     *
     * @param algorithm null when it declares none
     * @param value from the header; empty when it comes in the trailer
     * @param inTrailer whether it comes in the trailer
     */
    private record Declared(ChecksumAlgorithm algorithm, Bytes value, boolean inTrailer) {
        static final Declared NONE = new Declared(null, Bytes.EMPTY, false);

        static Declared of(PayloadMode mode, RequestHeaders headers, Purpose purpose) {
            Declared declared = NONE;
            for (int i = 0; i < headers.count(); i++) {
                String name = headers.name(i);
                if (name.startsWith(ChecksumAlgorithm.HEADER_PREFIX) && !isAboutChecksums(name)) {
                    declared = declared.and(inHeader(name, headers.value(i)));
                } else if (name.equals("x-amz-trailer")) {
                    declared = declared.and(inTrailer(mode, headers.value(i)));
                }
            }
            checkSdkAlgorithm(headers.first("x-amz-sdk-checksum-algorithm"), declared, purpose);
            return declared;
        }

        private static boolean isAboutChecksums(String name) {
            return name.equals("x-amz-checksum-algorithm")
                    || name.equals("x-amz-checksum-mode")
                    || name.equals("x-amz-checksum-type");
        }

        private Declared and(Declared other) {
            if (algorithm != null) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
            }
            return other;
        }

        private static Declared inHeader(String name, String text) {
            ChecksumAlgorithm algorithm = ChecksumAlgorithm.ofHeaderName(name);
            if (algorithm == null) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "The algorithm type you specified in x-amz-checksum- header is invalid.");
            }
            Bytes value = base64(text.strip(), algorithm.lengthBytes());
            if (value.isEmpty()) {
                throw new S3Exception(S3Error.INVALID_REQUEST, "Value for " + name + " header is invalid.");
            }
            return new Declared(algorithm, value, false);
        }

        private static Declared inTrailer(PayloadMode mode, String text) {
            ChecksumAlgorithm algorithm =
                    ChecksumAlgorithm.ofHeaderName(text.strip().toLowerCase(Locale.ROOT));
            boolean hasTrailers = mode instanceof PayloadMode.UnsignedChunks
                    || (mode instanceof PayloadMode.SignedChunks chunks
                            && chunks.ending() == PayloadMode.Ending.TRAILER);
            if (algorithm == null || !hasTrailers) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST, "The value specified in the x-amz-trailer header is not supported");
            }
            return new Declared(algorithm, Bytes.EMPTY, true);
        }

        private static void checkSdkAlgorithm(String name, Declared declared, Purpose purpose) {
            if (name == null) {
                return;
            }
            if (declared.algorithm == null) {
                // SDKs name an algorithm on requests without a body too, where nothing can be checked.
                if (purpose != Purpose.OBJECT) {
                    return;
                }
                throw new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer"
                                + " headers were found.");
            }
            if (ChecksumAlgorithm.ofWireName(name) != declared.algorithm) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST, "Value for x-amz-sdk-checksum-algorithm header is invalid.");
            }
        }
    }
}
