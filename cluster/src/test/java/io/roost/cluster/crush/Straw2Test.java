package io.roost.cluster.crush;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Straw2Test {
    @Test
    void logarithmHasThePublishedFingerprint() throws NoSuchAlgorithmException {
        long[] values = new long[65536];
        for (int u = 0; u < values.length; u++) {
            values[u] = Straw2.ln(u);
        }
        assertThat(fingerprint(values)).isEqualTo("7e86f34e8fedc36c3b6252e5a6e4fe3fa4e115ed44e16f58f7fed6543aa1bd20");
    }

    @Test
    void tablesHaveThePublishedFingerprints() throws NoSuchAlgorithmException {
        assertThat(fingerprint(Straw2.fine()))
                .isEqualTo("56fecbea65b1d35d0d20f0327d783a870652a56356e9a5326b6ab16d6c31b6ca");
        long[] reciprocals = Straw2.reciprocals();
        long[] coarse = Straw2.coarse();
        long[] interleaved = new long[2 * coarse.length];
        for (int k = 0; k < coarse.length; k++) {
            interleaved[2 * k] = reciprocals[k];
            interleaved[2 * k + 1] = coarse[k];
        }
        assertThat(fingerprint(interleaved))
                .isEqualTo("304b097c8de73930d785af5802b1f6b4e9827a69175038f910f6120565e8364c");
    }

    @Test
    void zeroWeightNeverWinsAgainstAnyOther() {
        for (int x = 0; x < 1000; x++) {
            assertThat(Straw2.choose(x, 0, new int[] {0, 1, 2}, new int[] {0, 1, 0}))
                    .isEqualTo(1);
        }
    }

    private static String fingerprint(long[] values) throws NoSuchAlgorithmException {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            bytes.putLong(value);
        }
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    }
}
