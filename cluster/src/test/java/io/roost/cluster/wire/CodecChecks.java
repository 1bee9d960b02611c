package io.roost.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.Collection;
import java.util.Random;
import java.util.function.Consumer;

/** What must hold of every codec, whatever it is of. */
final class CodecChecks {
    private static final int DAMAGES = 1000;

    private CodecChecks() {}

    /** No encoding can end early. */
    static void cutBytesAreRefused(Collection<Bytes> encodings, Consumer<Bytes> decode) {
        for (Bytes encoded : encodings) {
            for (int end = 0; end < encoded.length(); end++) {
                Bytes cut = encoded.slice(0, end);
                assertThatThrownBy(() -> decode.accept(cut))
                        .as("%s cut to %d bytes", encoded, end)
                        .isInstanceOf(MalformedBytesException.class);
            }
        }
    }

    /**
     * Bytes of which one is another are a message, or malformed, and nothing else.
     *
     * @param refused more than so many must be malformed
     */
    static void damagedBytesEndInNothingButMalformedBytes(
            Collection<Bytes> encodings, Consumer<Bytes> decode, long seed, int refused) {
        Random random = new Random(seed);
        int malformed = 0;
        for (Bytes encoded : encodings) {
            for (int i = 0; i < DAMAGES; i++) {
                byte[] copy = encoded.array().clone();
                copy[random.nextInt(copy.length)] ^= (byte) (1 + random.nextInt(255));
                try {
                    decode.accept(Bytes.wrap(copy));
                } catch (MalformedBytesException expected) {
                    malformed++;
                }
            }
        }
        assertThat(malformed).as("seed %d", seed).isGreaterThan(refused);
    }
}
