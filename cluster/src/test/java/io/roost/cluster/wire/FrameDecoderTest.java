package io.roost.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {
    private static final int MAX_BYTES = 3 * Frame.MAX_PAYLOAD_BYTES;
    private static final Bytes HELLO = Bytes.utf8("hello");

    /** Keeps what comes, as text of its kind and its bytes. */
    private static final class Kept implements FrameDecoder.Sink {
        final List<String> kinds = new ArrayList<>();
        final List<Bytes> contents = new ArrayList<>();
        final List<Integer> asked = new ArrayList<>();
        boolean grants = true;

        @Override
        public boolean reserve(int bytes) {
            asked.add(bytes);
            return grants;
        }

        @Override
        public void onMessage(Protocol protocol, Bytes message) {
            kinds.add(protocol.name());
            contents.add(message);
        }

        @Override
        public void onFrame(FrameType type, Bytes payload) {
            kinds.add(type.name());
            contents.add(payload);
        }
    }

    private static Bytes random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private static FrameFault fault(Bytes bytes) {
        FrameDecoder decoder = new FrameDecoder(MAX_BYTES);
        ByteBuffer chunk = ByteBuffer.wrap(bytes.array());
        return catchThrowableOfType(FrameException.class, () -> decoder.feed(chunk, new Kept()))
                .fault();
    }

    /** Both sides of an encrypted connection leave the payloads' checksums out, from one frame to the next. */
    @Test
    void payloadsAreNotCheckedAnyMoreWhenTheConnectionDoesIt() {
        FrameDecoder decoder = new FrameDecoder(MAX_BYTES);
        Kept kept = new Kept();
        decoder.feed(ByteBuffer.wrap(Frames.message(Protocol.OSD, HELLO).array()), kept);
        decoder.leaveChecksums();
        Bytes unchecked =
                Frames.framed(Frame.unchecked(Protocol.OSD, HELLO.length(), 0), ByteBuffer.wrap(HELLO.array()));
        decoder.feed(ByteBuffer.wrap(unchecked.array()), kept);
        assertThat(kept.contents).containsExactly(HELLO, HELLO);
        assertThat(fault(unchecked)).as("elsewhere they are checked").isEqualTo(FrameFault.PAYLOAD_CHECKSUM);
        byte[] damaged = unchecked.array().clone();
        damaged[3] ^= 1;
        assertThatThrownBy(() -> decoder.feed(ByteBuffer.wrap(damaged), kept))
                .as("headers always")
                .isInstanceOf(FrameException.class);
    }

    /** A header with any fields and the right checksum of its own. */
    private static Bytes header(int length, int rest, int type, int version, int protocol, int zero) {
        ByteBuffer out = ByteBuffer.allocate(Frame.HEADER_BYTES);
        out.putInt(length).putInt(rest);
        out.put((byte) type).put((byte) version).put((byte) protocol).put((byte) zero);
        out.putInt(0);
        out.putInt(Data.crc32c(out.duplicate().flip()));
        return Bytes.wrap(out.array());
    }

    @Test
    void framesAreWrittenAsReleased() {
        Bytes all = Frames.frame(FrameType.HANDSHAKE, HELLO)
                .concat(Frames.message(Protocol.OSD, HELLO))
                .concat(Frames.message(Protocol.MONITOR, Bytes.EMPTY))
                .concat(Frames.frame(FrameType.KEEPALIVE, Bytes.EMPTY))
                .concat(Frames.frame(FrameType.BYE, Bytes.EMPTY));
        GoldenFile.check("frames-v1.hex", all);
        Bytes piece = Bytes.wrap(new byte[Frame.MAX_PAYLOAD_BYTES + 1]);
        GoldenFile.check(
                "frame-piece-header-v1.hex", Frames.message(Protocol.OSD, piece).slice(0, Frame.HEADER_BYTES));
    }

    @Test
    void releasedFramesAreRead() {
        Kept kept = new Kept();
        new FrameDecoder(MAX_BYTES)
                .feed(ByteBuffer.wrap(GoldenFile.read("frames-v1.hex").array()), kept);
        assertThat(kept.kinds).containsExactly("HANDSHAKE", "OSD", "MONITOR", "KEEPALIVE", "BYE");
        assertThat(kept.contents).containsExactly(HELLO, HELLO, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY);
    }

    @Test
    void messagesAreTheSameHoweverTheirBytesAreCut() {
        int full = Frame.MAX_PAYLOAD_BYTES;
        List<Bytes> sent = new ArrayList<>();
        ByteWriter stream = new ByteWriter();
        for (int length : new int[] {0, 1, 19, 20, 21, full - 1, full, full + 1, 2 * full, MAX_BYTES}) {
            Bytes message = random(length, length);
            sent.add(message);
            stream.raw(Frames.message(Protocol.OSD, message));
        }
        byte[] bytes = stream.toArray();
        for (int most : new int[] {1, 7, 64, 1 << 12, 1 << 17, bytes.length}) {
            Random random = new Random(most);
            Kept kept = new Kept();
            FrameDecoder decoder = new FrameDecoder(MAX_BYTES);
            for (int at = 0; at < bytes.length; ) {
                int end = Math.min(bytes.length, at + 1 + random.nextInt(most));
                // A chunk inside of a buffer, to see that only what lies between position and limit is read.
                decoder.feed(ByteBuffer.wrap(bytes, at, end - at), kept);
                at = end;
            }
            assertThat(kept.contents).as("chunks of at most %d bytes", most).isEqualTo(sent);
            assertThat(kept.asked).containsExactly(full + 1, 2 * full, MAX_BYTES);
            assertThat(decoder.isIdle()).isTrue();
        }
    }

    @Test
    void everyDamagedBitIsFound() {
        Bytes good = Frames.message(Protocol.OSD, HELLO);
        for (int bit = 0; bit < good.length() * 8; bit++) {
            byte[] bad = good.array().clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            FrameFault expected =
                    bit / 8 < Frame.HEADER_BYTES ? FrameFault.HEADER_CHECKSUM : FrameFault.PAYLOAD_CHECKSUM;
            assertThat(fault(Bytes.wrap(bad))).as("bit %d", bit).isEqualTo(expected);
        }
    }

    @Test
    void headersThatClaimTooMuchAreRefusedBeforeAnyPayload() {
        int message = FrameType.MESSAGE.code();
        int full = Frame.MAX_PAYLOAD_BYTES;
        assertThat(fault(header(full + 1, 0, message, 1, 1, 0))).isEqualTo(FrameFault.OVERSIZED);
        assertThat(fault(header(-1, 0, message, 1, 1, 0))).isEqualTo(FrameFault.OVERSIZED);
        assertThat(fault(header(Integer.MAX_VALUE, 0, message, 1, 1, 0))).isEqualTo(FrameFault.OVERSIZED);
        assertThat(fault(header(full, Integer.MAX_VALUE, message, 1, 1, 0))).isEqualTo(FrameFault.OVERSIZED);
        assertThat(fault(header(full, MAX_BYTES - full + 1, message, 1, 1, 0))).isEqualTo(FrameFault.OVERSIZED);
        assertThat(fault(header(full, -1, message, 1, 1, 0))).isEqualTo(FrameFault.OVERSIZED);
    }

    @Test
    void unknownKindsOfFramesAreRefused() {
        int message = FrameType.MESSAGE.code();
        assertThat(fault(header(0, 0, message, 2, 1, 0))).isEqualTo(FrameFault.VERSION);
        assertThat(fault(header(0, 0, 0, 1, 0, 0))).isEqualTo(FrameFault.TYPE);
        assertThat(fault(header(0, 0, 5, 1, 0, 0))).isEqualTo(FrameFault.TYPE);
        assertThat(fault(header(0, 0, 255, 1, 0, 0))).isEqualTo(FrameFault.TYPE);
        assertThat(fault(header(0, 0, message, 1, 0, 0))).isEqualTo(FrameFault.TYPE);
        assertThat(fault(header(0, 0, message, 1, 200, 0))).isEqualTo(FrameFault.TYPE);
        assertThat(fault(header(0, 0, message, 1, 1, 1))).isEqualTo(FrameFault.TYPE);
        assertThat(fault(header(0, 0, FrameType.KEEPALIVE.code(), 1, 1, 0))).isEqualTo(FrameFault.TYPE);
    }

    @Test
    void piecesMustBeFullAndFollowEachOther() {
        int message = FrameType.MESSAGE.code();
        int full = Frame.MAX_PAYLOAD_BYTES;
        assertThat(fault(header(full - 1, 1, message, 1, 1, 0))).isEqualTo(FrameFault.SEQUENCE);
        assertThat(fault(header(0, 1, message, 1, 1, 0))).isEqualTo(FrameFault.SEQUENCE);
        assertThat(fault(header(full, 1, FrameType.HANDSHAKE.code(), 1, 0, 0))).isEqualTo(FrameFault.SEQUENCE);

        Bytes first = Frames.message(Protocol.OSD, random(full + 5, 1)).slice(0, Frame.HEADER_BYTES + full);
        assertThat(fault(first.concat(Frames.message(Protocol.OSD, random(4, 1)))))
                .isEqualTo(FrameFault.SEQUENCE);
        assertThat(fault(first.concat(Frames.message(Protocol.OSD, random(6, 1)))))
                .isEqualTo(FrameFault.SEQUENCE);
        assertThat(fault(first.concat(Frames.message(Protocol.MONITOR, random(5, 1)))))
                .isEqualTo(FrameFault.SEQUENCE);
        assertThat(fault(first.concat(Frames.frame(FrameType.KEEPALIVE, Bytes.EMPTY))))
                .isEqualTo(FrameFault.SEQUENCE);
    }

    @Test
    void aMessageOfSeveralFramesWaitsForItsMemory() {
        Bytes large = random(Frame.MAX_PAYLOAD_BYTES + 5, 1);
        ByteBuffer stream = ByteBuffer.wrap(Frames.message(Protocol.OSD, HELLO)
                .concat(Frames.message(Protocol.OSD, large))
                .concat(Frames.message(Protocol.OSD, HELLO))
                .array());
        Kept kept = new Kept();
        kept.grants = false;
        FrameDecoder decoder = new FrameDecoder(MAX_BYTES);
        decoder.feed(stream, kept);
        decoder.feed(stream, kept);
        assertThat(kept.contents).containsExactly(HELLO);
        assertThat(kept.asked).containsExactly(large.length(), large.length());
        assertThat(decoder.isIdle()).isFalse();

        kept.grants = true;
        decoder.feed(stream, kept);
        assertThat(kept.contents).containsExactly(HELLO, large, HELLO);
        assertThat(stream.hasRemaining()).isFalse();
        assertThat(decoder.isIdle()).isTrue();
    }

    @Test
    void theLimitCanBeRaised() {
        FrameDecoder decoder = new FrameDecoder(4);
        Kept kept = new Kept();
        decoder.feed(
                ByteBuffer.wrap(
                        Frames.frame(FrameType.HANDSHAKE, Bytes.utf8("four")).array()),
                kept);
        decoder.limit(5);
        decoder.feed(ByteBuffer.wrap(Frames.message(Protocol.OSD, HELLO).array()), kept);
        assertThat(kept.contents).containsExactly(Bytes.utf8("four"), HELLO);
        decoder.limit(4);
        ByteBuffer tooLarge =
                ByteBuffer.wrap(Frames.message(Protocol.OSD, HELLO).array());
        assertThatThrownBy(() -> decoder.feed(tooLarge, kept)).isInstanceOf(FrameException.class);
    }

    @Test
    void nothingIsTakenAfterAFailure() {
        FrameDecoder decoder = new FrameDecoder(MAX_BYTES);
        Kept kept = new Kept();
        ByteBuffer noise = ByteBuffer.wrap(random(100, 3).array());
        assertThatThrownBy(() -> decoder.feed(noise, kept)).isInstanceOf(FrameException.class);
        ByteBuffer good = ByteBuffer.wrap(Frames.message(Protocol.OSD, HELLO).array());
        assertThatThrownBy(() -> decoder.feed(good, kept)).isInstanceOf(IllegalStateException.class);
        assertThat(kept.contents).isEmpty();
    }
}
