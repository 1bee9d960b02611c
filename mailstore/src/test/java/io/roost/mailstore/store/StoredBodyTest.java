package io.roost.mailstore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.object.Bytes;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is stored of a message gives the message back, or nothing. */
class StoredBodyTest {
    private static Bytes text(int bytes) {
        return Bytes.utf8("Subject: text\r\n\r\n" + "all work and no play\r\n".repeat(bytes / 22));
    }

    private static Bytes noise(int bytes, long seed) {
        byte[] noise = new byte[bytes];
        new Random(seed).nextBytes(noise);
        return Bytes.wrap(noise);
    }

    @Test
    void aMessageComesBackAsItWas() {
        for (int bytes : new int[] {0, 1, 255, 256, 20_000, 262_144, 262_145, 3_000_000}) {
            assertThat(StoredBody.message(StoredBody.of(noise(bytes, bytes)))).isEqualTo(noise(bytes, bytes));
            assertThat(StoredBody.message(StoredBody.of(text(bytes)))).isEqualTo(text(bytes));
        }
    }

    @Test
    void itIsCompressedWhenThatIsSmaller() {
        assertThat(StoredBody.of(text(1_000_000)).length).isLessThan(10_000);
        assertThat(StoredBody.of(noise(1_000_000, 1)).length).isEqualTo(1_000_001);
        assertThat(StoredBody.of(text(50)).length).isEqualTo(text(50).length() + 1);
    }

    @Test
    void releasedFormsAreRead() {
        assertThat(StoredBody.message(GoldenFile.read("mail-body-plain.hex").array()))
                .isEqualTo(Bytes.utf8("a\r\n"));
        assertThat(StoredBody.message(GoldenFile.read("mail-body-zstd.hex").array()))
                .isEqualTo(text(600));
    }

    @Test
    void damageIsNoFailure() {
        byte[] stored = StoredBody.of(text(600_000));
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = stored.clone();
            damaged[random.nextInt(i % 2 == 0 ? 20 : damaged.length)] ^= (byte) (1 + random.nextInt(255));
            assertThatCode(() -> StoredBody.message(damaged)).doesNotThrowAnyException();
        }
        for (int end = 0; end < stored.length; end += 7) {
            assertThat(StoredBody.message(Arrays.copyOf(stored, end))).isNull();
        }
        assertThat(StoredBody.message(new byte[] {2, 0})).as("another form").isNull();
    }
}
