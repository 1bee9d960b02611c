package io.roost.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.wire.Frame;
import io.roost.cluster.wire.Frames;
import io.roost.cluster.wire.Payload;
import io.roost.cluster.wire.Protocol;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final MessengerMetrics.Traffic traffic = new MessengerMetrics.Traffic();
    private final Outbox outbox = new Outbox(traffic);

    private static Bytes random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private Bytes next() {
        ByteBuf frames = outbox.next();
        assertThat(frames.nioBufferCount()).as("in one piece").isOne();
        assertThat(frames.isDirect()).isTrue();
        byte[] bytes = new byte[frames.readableBytes()];
        frames.readBytes(bytes);
        frames.release();
        return Bytes.wrap(bytes);
    }

    /** A payload of three pieces, one of them direct memory in the midst of a larger buffer. */
    private static Payload cut(Bytes bytes) {
        int third = bytes.length() / 3;
        ByteBuffer direct = ByteBuffer.allocateDirect(third + 10);
        direct.position(5).limit(5 + third);
        direct.duplicate().put(bytes.array(), third, third);
        return Payload.of(
                List.of(
                        ByteBuffer.wrap(bytes.array(), 0, third),
                        direct,
                        ByteBuffer.wrap(bytes.array(), 2 * third, bytes.length() - 2 * third)),
                () -> {});
    }

    @Test
    void messagesComeOutAsFramesInTheirOrder() {
        ByteWriter expected = new ByteWriter();
        int messages = 0;
        for (int length : new int[] {
            0, 5, 100, 65_000, 400, 65_516, 65_517, 300_000, 3, Frame.MAX_PAYLOAD_BYTES, 2 * Frame.MAX_PAYLOAD_BYTES, 1
        }) {
            Protocol protocol = length % 2 == 0 ? Protocol.OSD : Protocol.MONITOR;
            outbox.add(protocol, cut(random(length)));
            expected.raw(Frames.message(protocol, random(length)));
            messages++;
        }
        ByteWriter out = new ByteWriter();
        while (!outbox.isEmpty()) {
            out.raw(next());
        }
        assertThat(out.toBytes()).isEqualTo(expected.toBytes());
        assertThat(outbox.next()).isNull();
        assertThat(outbox.queuedBytes()).isZero();
        assertThat(traffic.queuedBytes.sum()).isZero();
        assertThat(traffic.messagesOut.sum()).isEqualTo(messages);
        assertThat(traffic.framesOut.sum()).isEqualTo(messages + 2);
    }

    @Test
    void smallMessagesLeaveTogetherAndLargeOnesPieceByPiece() {
        outbox.add(Protocol.OSD, Payload.of(random(100)));
        outbox.add(Protocol.OSD, Payload.of(random(200)));
        outbox.add(Protocol.OSD, Payload.of(random(300_000)));
        outbox.add(Protocol.OSD, Payload.of(random(10)));
        assertThat(next().length()).isEqualTo(300 + 2 * Frame.HEADER_BYTES);
        assertThat(next().length()).isEqualTo(Frame.MAX_PAYLOAD_BYTES + Frame.HEADER_BYTES);
        assertThat(next().length()).isEqualTo(300_000 - Frame.MAX_PAYLOAD_BYTES + Frame.HEADER_BYTES);
        assertThat(next().length()).isEqualTo(10 + Frame.HEADER_BYTES);
    }

    @Test
    void whatIsThrownAwayIsCounted() {
        outbox.add(Protocol.OSD, Payload.of(random(300_000)));
        outbox.add(Protocol.OSD, Payload.of(Bytes.EMPTY));
        assertThat(outbox.queuedBytes()).as("an empty message is not free").isGreaterThan(300_000 + 1);
        next();
        outbox.drop();
        assertThat(outbox.isEmpty()).isTrue();
        assertThat(outbox.queuedBytes()).isZero();
        assertThat(traffic.queuedBytes.sum()).isZero();
        assertThat(traffic.dropped.sum()).isEqualTo(2);
        assertThat(traffic.messagesOut.sum()).isZero();
    }

    /** A pooled block that was given back too early would be sent with another object's bytes. */
    @Test
    void aLargeMessageIsReleasedOnceWhenItsLastPieceHasBeenCopied() {
        int[] released = new int[1];
        Payload large = Payload.of(List.of(ByteBuffer.allocateDirect(600_000)), () -> released[0]++);
        outbox.add(Protocol.OSD, large);
        next();
        next();
        assertThat(released[0]).isZero();
        next();
        assertThat(outbox.isEmpty()).isTrue();
        assertThat(released[0]).isEqualTo(1);
    }

    @Test
    void aMessageThatIsThrownAwayIsReleasedOnce() {
        int[] released = new int[2];
        outbox.add(Protocol.OSD, Payload.of(List.of(ByteBuffer.allocate(600_000)), () -> released[0]++));
        outbox.add(Protocol.OSD, Payload.of(List.of(ByteBuffer.allocate(6)), () -> released[1]++));
        next();
        outbox.drop();
        assertThat(released).containsExactly(1, 1);
    }

    @Test
    void smallMessagesAreReleasedWhenTheyHaveBeenCopied() {
        int[] released = new int[1];
        outbox.add(Protocol.OSD, Payload.of(List.of(ByteBuffer.allocate(6)), () -> released[0]++));
        outbox.next();
        assertThat(released[0]).isEqualTo(1);
    }
}
