package io.roost.objectstore;

import io.roost.cluster.object.Bytes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * The checksums a client can have an object verified and stored with ("Checking object integrity in Amazon S3", AWS S3
 * user guide). Values are big-endian byte strings, base64 on the wire.
 */
public enum ChecksumAlgorithm {
    /** CRC-32 of ISO 3309. */
    CRC32("CRC32", "crc32", 4, CrcCombination.CRC32),
    /** CRC-32C (Castagnoli), RFC 3720 appendix B.4. */
    CRC32C("CRC32C", "crc32c", 4, CrcCombination.CRC32C),
    /** CRC-64/NVME. */
    CRC64NVME("CRC64NVME", "crc64nvme", 8, CrcCombination.CRC64NVME),
    /** SHA-1. */
    SHA1("SHA1", "sha1", 20, null),
    /** SHA-256. */
    SHA256("SHA256", "sha256", 32, null);

    /** Beginning of the names of the header fields that carry checksums. */
    public static final String HEADER_PREFIX = "x-amz-checksum-";

    private static final List<ChecksumAlgorithm> ALL = List.of(values());

    private final String wireName;
    private final String headerName;
    private final int lengthBytes;
    private final CrcCombination combination;

    ChecksumAlgorithm(String wireName, String suffix, int lengthBytes, CrcCombination combination) {
        this.wireName = wireName;
        this.headerName = "x-amz-checksum-" + suffix;
        this.lengthBytes = lengthBytes;
        this.combination = combination;
    }

    /** What the checksum of a multipart object covers. */
    public enum Type {
        /** The checksums of its parts. */
        COMPOSITE,
        /** All its bytes, whatever the parts. */
        FULL_OBJECT
    }

    /** A checksum being computed. */
    public interface Running {
        /** Takes the bytes between position and limit, which are consumed. */
        void update(ByteBuffer bytes);

        /** The checksum of everything taken; called once, at the end. */
        Bytes value();
    }

    /** Its name in headers and documents, such as {@code CRC32C}; documents put {@code Checksum} before it. */
    public String wireName() {
        return wireName;
    }

    /** The lower-case header or trailer with its value, such as {@code x-amz-checksum-crc32c}. */
    public String headerName() {
        return headerName;
    }

    /** Length of a value in bytes, before base64. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** Whether a multipart object can have a checksum of this type: SHA cannot be combined, CRC64NVME always is. */
    public boolean supports(Type type) {
        return switch (type) {
            case COMPOSITE -> this != CRC64NVME;
            case FULL_OBJECT -> combination != null;
        };
    }

    /** The type of a multipart upload that names none. */
    public Type defaultType() {
        return this == CRC64NVME ? Type.FULL_OBJECT : Type.COMPOSITE;
    }

    /** The algorithm of this name in any case, null when there is none. */
    public static ChecksumAlgorithm ofWireName(String name) {
        for (ChecksumAlgorithm algorithm : ALL) {
            if (algorithm.wireName.equalsIgnoreCase(name)) {
                return algorithm;
            }
        }
        return null;
    }

    /** The algorithm whose value this lower-case header carries, null when there is none. */
    public static ChecksumAlgorithm ofHeaderName(String name) {
        for (ChecksumAlgorithm algorithm : ALL) {
            if (algorithm.headerName.equals(name)) {
                return algorithm;
            }
        }
        return null;
    }

    /** Begins a computation. */
    public Running start() {
        return switch (this) {
            case CRC32 -> new RunningCrc(new CRC32(), lengthBytes);
            case CRC32C -> new RunningCrc(new CRC32C(), lengthBytes);
            case CRC64NVME -> new Crc64Nvme();
            case SHA1 -> new RunningDigest(digest("SHA-1"));
            case SHA256 -> new RunningDigest(digest("SHA-256"));
        };
    }

    /**
     * The checksum of two byte strings one after the other, from the checksums of each.
     *
     * @param secondLength length of the second in bytes
     * @throws IllegalArgumentException for an algorithm that cannot be combined
     */
    public Bytes combine(Bytes first, Bytes second, long secondLength) {
        if (combination == null) {
            throw new IllegalArgumentException(wireName + " values cannot be combined");
        }
        return bigEndian(combination.combine(number(first), number(second), secondLength), lengthBytes);
    }

    /** The composite checksum of parts: the checksum of their checksums in order. */
    public Bytes composite(List<Bytes> parts) {
        Running running = start();
        for (Bytes part : parts) {
            running.update(ByteBuffer.wrap(part.array()));
        }
        return running.value();
    }

    private static long number(Bytes value) {
        long number = 0;
        for (int i = 0; i < value.length(); i++) {
            number = (number << 8) | value.at(i);
        }
        return number;
    }

    static Bytes bigEndian(long number, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            bytes[i] = (byte) (number >>> (8 * (lengthBytes - 1 - i)));
        }
        return Bytes.wrap(bytes);
    }

    private static MessageDigest digest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(name + " is part of every Java platform", impossible);
        }
    }

    private static final class RunningCrc implements Running {
        private final Checksum crc;
        private final int lengthBytes;

        RunningCrc(Checksum crc, int lengthBytes) {
            this.crc = crc;
            this.lengthBytes = lengthBytes;
        }

        @Override
        public void update(ByteBuffer bytes) {
            crc.update(bytes);
        }

        @Override
        public Bytes value() {
            return bigEndian(crc.getValue(), lengthBytes);
        }
    }

    private static final class RunningDigest implements Running {
        private final MessageDigest digest;

        RunningDigest(MessageDigest digest) {
            this.digest = digest;
        }

        @Override
        public void update(ByteBuffer bytes) {
            digest.update(bytes);
        }

        @Override
        public Bytes value() {
            return Bytes.wrap(digest.digest());
        }
    }
}
