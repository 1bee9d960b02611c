package io.roost.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.FuzzRounds;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever bytes come, the decoder gives the messages that were sent, in order, or refuses; and never takes more memory. */
class FrameFuzzTest {
    private static final int MAX_BYTES = 2 * Frame.MAX_PAYLOAD_BYTES;

    /** Checks what comes against what was sent. */
    private static final class Checked implements FrameDecoder.Sink {
        private final List<Bytes> sent;
        private final Random random;
        private int delivered;

        Checked(List<Bytes> sent, Random random) {
            this.sent = sent;
            this.random = random;
        }

        @Override
        public boolean reserve(int bytes) {
            assertThat(bytes).isBetween(Frame.MAX_PAYLOAD_BYTES + 1, MAX_BYTES);
            return random.nextInt(4) > 0;
        }

        @Override
        public void onMessage(Protocol protocol, Bytes message) {
            assertThat(delivered).isLessThan(sent.size());
            assertThat(message).isEqualTo(sent.get(delivered));
            delivered++;
        }

        @Override
        public void onFrame(FrameType type, Bytes payload) {
            throw new AssertionError("a frame of type " + type + " that nobody sent");
        }
    }

    /** Takes anything within the limits. */
    private static final class Open implements FrameDecoder.Sink {
        @Override
        public boolean reserve(int bytes) {
            assertThat(bytes).isBetween(Frame.MAX_PAYLOAD_BYTES + 1, MAX_BYTES);
            return true;
        }

        @Override
        public void onMessage(Protocol protocol, Bytes message) {
            assertThat(message.length()).isLessThanOrEqualTo(MAX_BYTES);
        }

        @Override
        public void onFrame(FrameType type, Bytes payload) {
            assertThat(payload.length()).isLessThanOrEqualTo(Frame.MAX_PAYLOAD_BYTES);
        }
    }

    @Test
    void damagedStreamsGiveWhatWasSentBeforeTheDamage() {
        Map<FrameFault, Integer> found = new EnumMap<>(FrameFault.class);
        long[] whole = new long[1];
        FuzzRounds.run(4_000, random -> {
            List<Bytes> sent = new ArrayList<>();
            ByteWriter stream = new ByteWriter();
            for (int i = random.nextInt(6); i >= 0; i--) {
                Bytes message = message(random);
                sent.add(message);
                stream.raw(Frames.message(random.nextBoolean() ? Protocol.OSD : Protocol.MONITOR, message));
            }
            byte[] bytes = stream.toArray();
            int damages = random.nextInt(3);
            for (int i = 0; i < damages; i++) {
                bytes = damaged(bytes, random);
            }
            Checked sink = new Checked(sent, random);
            try {
                feed(bytes, sink, random);
                if (damages == 0) {
                    assertThat(sink.delivered).isEqualTo(sent.size());
                    whole[0]++;
                }
            } catch (FrameException refused) {
                assertThat(damages).isPositive();
                found.merge(refused.fault(), 1, Integer::sum);
            }
        });
        assertThat(whole[0]).isPositive();
        assertThat(found).containsKeys(FrameFault.HEADER_CHECKSUM, FrameFault.PAYLOAD_CHECKSUM);
    }

    @Test
    void headersOfAnyContentAreTakenWithinTheLimitsOrRefused() {
        Map<FrameFault, Integer> found = new EnumMap<>(FrameFault.class);
        FuzzRounds.run(5_000, random -> {
            ByteWriter stream = new ByteWriter();
            for (int i = random.nextInt(4); i >= 0; i--) {
                stream.raw(Bytes.wrap(crafted(random)));
            }
            try {
                feed(stream.toArray(), new Open(), random);
            } catch (FrameException refused) {
                found.merge(refused.fault(), 1, Integer::sum);
            }
        });
        assertThat(found)
                .containsKeys(FrameFault.OVERSIZED, FrameFault.TYPE, FrameFault.VERSION, FrameFault.SEQUENCE)
                .doesNotContainKey(FrameFault.HEADER_CHECKSUM);
    }

    private static Bytes message(Random random) {
        int length = switch (random.nextInt(20)) {
            case 0 -> Frame.MAX_PAYLOAD_BYTES + random.nextInt(Frame.MAX_PAYLOAD_BYTES + 1);
            case 1 -> Frame.MAX_PAYLOAD_BYTES - random.nextInt(2);
            case 2 -> 0;
            default -> random.nextInt(2000);
        };
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    /** Flips, removes, repeats or invents some bytes. */
    private static byte[] damaged(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length + 1);
        int length = Math.min(bytes.length - at, 1 + random.nextInt(random.nextInt(10) == 0 ? 4096 : 8));
        ByteWriter out = new ByteWriter(bytes.length + length);
        out.raw(bytes, 0, at);
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        switch (random.nextInt(4)) {
            case 0 -> {
                // Removed.
            }
            case 1 -> out.raw(bytes, at, length).raw(bytes, at, length);
            case 2 -> out.raw(noise, 0, length).raw(bytes, at, length);
            default -> out.raw(noise, 0, length);
        }
        return out.raw(bytes, at + length, bytes.length - at - length).toArray();
    }

    /** A header of random fields with the right checksum, and some payload. */
    private static byte[] crafted(Random random) {
        int[] lengths = {
            0,
            1,
            random.nextInt(100),
            Frame.MAX_PAYLOAD_BYTES,
            Frame.MAX_PAYLOAD_BYTES + 1,
            MAX_BYTES,
            -1,
            random.nextInt()
        };
        int length = lengths[random.nextInt(lengths.length)];
        int rest = random.nextBoolean() ? 0 : lengths[random.nextInt(lengths.length)];
        byte[] payload = new byte[Math.max(0, Math.min(length, Frame.MAX_PAYLOAD_BYTES))];
        ByteBuffer out = ByteBuffer.allocate(Frame.HEADER_BYTES + payload.length);
        out.putInt(length).putInt(rest);
        out.put((byte) random.nextInt(6)).put((byte) (random.nextInt(20) == 0 ? 2 : 1));
        out.put((byte) random.nextInt(4)).put((byte) (random.nextInt(20) == 0 ? 1 : 0));
        out.putInt(Data.crc32c(ByteBuffer.wrap(payload)));
        out.putInt(Data.crc32c(out.duplicate().flip()));
        out.put(payload);
        return out.array();
    }

    private static void feed(byte[] bytes, FrameDecoder.Sink sink, Random random) {
        FrameDecoder decoder = new FrameDecoder(MAX_BYTES);
        int most = 1 << random.nextInt(19);
        for (int at = 0; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + 1 + random.nextInt(most));
            ByteBuffer chunk = ByteBuffer.wrap(bytes, at, end - at);
            do {
                decoder.feed(chunk, sink);
            } while (chunk.hasRemaining());
            at = end;
        }
    }
}
