package io.roost.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.object.Bytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.checksums.DefaultChecksumAlgorithm;
import software.amazon.awssdk.checksums.SdkChecksum;

class ChecksumAlgorithmTest {
    private static final long SEED = 64_1981;

    /** The check values of the CRC catalogue and of FIPS 180. */
    @ParameterizedTest
    @CsvSource({
        "CRC32, cbf43926",
        "CRC32C, e3069283",
        "CRC64NVME, ae8b14860a799888",
        "SHA1, f7c3bc1d808e04732adf679965ccc34ca7ae3441",
        "SHA256, 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"
    })
    void checkValuesMatch(ChecksumAlgorithm algorithm, String hex) {
        assertThat(checksum(algorithm, "123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                        .hex())
                .isEqualTo(hex);
        assertThat(algorithm.lengthBytes()).isEqualTo(hex.length() / 2);
    }

    @Test
    void everyBufferAndCutGivesTheSameCrc64() {
        Random random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            Bytes expected = bitByBit(bytes);
            int cut = random.nextInt(bytes.length + 1);
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(bytes.length + 3).position(3).put(bytes);
            direct.flip().position(3);

            ChecksumAlgorithm.Running running = ChecksumAlgorithm.CRC64NVME.start();
            running.update(ByteBuffer.wrap(bytes, 0, cut));
            running.update(ByteBuffer.wrap(bytes, cut, bytes.length - cut).asReadOnlyBuffer());
            assertThat(running.value()).as("seed %d, round %d", SEED, round).isEqualTo(expected);

            ChecksumAlgorithm.Running ofDirect = ChecksumAlgorithm.CRC64NVME.start();
            ofDirect.update(direct);
            assertThat(direct.remaining()).isZero();
            assertThat(ofDirect.value()).isEqualTo(expected);
        }
    }

    /** The definition, as NVMe states it. */
    private static Bytes bitByBit(byte[] bytes) {
        long register = -1;
        for (byte b : bytes) {
            register ^= b & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                register = (register & 1) != 0 ? (register >>> 1) ^ 0x9A6C9329AC4BC9B5L : register >>> 1;
            }
        }
        return ChecksumAlgorithm.bigEndian(~register, 8);
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "SHA1", "SHA256"})
    void valuesAreThoseOfTheSdk(ChecksumAlgorithm algorithm) {
        byte[] bytes = new byte[100_000];
        new Random(SEED).nextBytes(bytes);
        SdkChecksum sdk = SdkChecksum.forAlgorithm(DefaultChecksumAlgorithm.fromValue(algorithm.wireName()));
        sdk.update(bytes);
        assertThat(checksum(algorithm, bytes)).isEqualTo(Bytes.wrap(sdk.getChecksumBytes()));
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
    void combinedValuesAreThoseOfTheConcatenation(ChecksumAlgorithm algorithm) {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            byte[] first = new byte[random.nextInt(5000)];
            byte[] second = new byte[round < 20 ? round : random.nextInt(70_000)];
            random.nextBytes(first);
            random.nextBytes(second);
            ChecksumAlgorithm.Running whole = algorithm.start();
            whole.update(ByteBuffer.wrap(first));
            whole.update(ByteBuffer.wrap(second));

            assertThat(algorithm.combine(checksum(algorithm, first), checksum(algorithm, second), second.length))
                    .as("seed %d, round %d", SEED, round)
                    .isEqualTo(whole.value());
        }
    }

    @Test
    void combiningTakesLengthsBeyondAnInt() {
        // Appending n zero bytes twice is appending 2n: 5 GiB twice.
        ChecksumAlgorithm crc = ChecksumAlgorithm.CRC64NVME;
        long length = 5L << 30;
        Bytes start = checksum(crc, new byte[] {1, 2, 3});
        Bytes zeros = checksumOfZeros(crc, length);
        Bytes once = crc.combine(start, zeros, length);
        Bytes twice = crc.combine(once, zeros, length);
        assertThat(crc.combine(start, crc.combine(zeros, zeros, length), 2 * length))
                .isEqualTo(twice);
        assertThat(twice).isNotEqualTo(once);
    }

    /** By doubling. */
    private static Bytes checksumOfZeros(ChecksumAlgorithm crc, long length) {
        Bytes power = checksum(crc, new byte[1]);
        Bytes value = checksum(crc, new byte[0]);
        long powerLength = 1;
        for (long left = length; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                value = crc.combine(value, power, powerLength);
            }
            power = crc.combine(power, power, powerLength);
            powerLength *= 2;
        }
        return value;
    }

    @Test
    void hashesCannotBeCombined() {
        Bytes value = checksum(ChecksumAlgorithm.SHA256, new byte[0]);
        assertThatThrownBy(() -> ChecksumAlgorithm.SHA256.combine(value, value, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void compositeIsTheChecksumOfChecksums() {
        Bytes a = checksum(ChecksumAlgorithm.SHA256, new byte[] {1});
        Bytes b = checksum(ChecksumAlgorithm.SHA256, new byte[] {2});
        assertThat(ChecksumAlgorithm.SHA256.composite(List.of(a, b)))
                .isEqualTo(checksum(ChecksumAlgorithm.SHA256, a.concat(b).array()));
    }

    /** "Checking object integrity in Amazon S3": the table of algorithms and checksum types. */
    @ParameterizedTest
    @CsvSource({
        "CRC32, true, true, COMPOSITE",
        "CRC32C, true, true, COMPOSITE",
        "CRC64NVME, false, true, FULL_OBJECT",
        "SHA1, true, false, COMPOSITE",
        "SHA256, true, false, COMPOSITE"
    })
    void typesAreThoseOfTheTable(
            ChecksumAlgorithm algorithm, boolean composite, boolean fullObject, ChecksumAlgorithm.Type defaultType) {
        assertThat(algorithm.supports(ChecksumAlgorithm.Type.COMPOSITE)).isEqualTo(composite);
        assertThat(algorithm.supports(ChecksumAlgorithm.Type.FULL_OBJECT)).isEqualTo(fullObject);
        assertThat(algorithm.defaultType()).isEqualTo(defaultType);
    }

    @Test
    void namesLeadBack() {
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            assertThat(ChecksumAlgorithm.ofHeaderName(algorithm.headerName())).isEqualTo(algorithm);
            assertThat(ChecksumAlgorithm.ofWireName(algorithm.wireName().toLowerCase(java.util.Locale.ROOT)))
                    .isEqualTo(algorithm);
        }
        assertThat(ChecksumAlgorithm.ofHeaderName("x-amz-checksum-md5")).isNull();
        assertThat(ChecksumAlgorithm.ofWireName("MD5")).isNull();
    }

    private static Bytes checksum(ChecksumAlgorithm algorithm, byte[] bytes) {
        ChecksumAlgorithm.Running running = algorithm.start();
        running.update(ByteBuffer.wrap(bytes));
        return running.value();
    }
}
