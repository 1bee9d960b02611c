package io.roost.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.MalformedBytesException;
import java.nio.ByteBuffer;
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

    /** What is sent of a message is what is written of it, in whatever pieces. */
    static void payloadIsTheEncoding(Payload payload, Bytes encoded) {
        ByteWriter joined = new ByteWriter(payload.length());
        for (ByteBuffer piece : payload.slice(0, payload.length())) {
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            joined.raw(Bytes.wrap(bytes));
        }
        assertThat(joined.toBytes()).isEqualTo(encoded);
    }

    /** True when a payload has a body where it was: in direct memory, which an encoding is not in. */
    static boolean isInPlace(Payload payload) {
        return payload.slice(0, payload.length()).stream().anyMatch(ByteBuffer::isDirect);
    }

    /** A body in direct memory. */
    static Data direct(Data body) {
        return Data.ofBlocks(body.blocks().stream()
                .map(block -> new Data.Block(
                        ByteBuffer.allocateDirect(block.length())
                                .put(block.bytes())
                                .flip(),
                        block.crc32c()))
                .toList());
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
