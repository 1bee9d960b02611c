package io.roost.mailstore.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.Random;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;

/** RFC 4978 3: the streams of RFC 1951 without a header, flushed wherever the other side may wait for what was sent. */
class DeflationTest {
    @Test
    void whatIsSentComesOutWhateverItsPieces() throws DataFormatException {
        Random random = new Random(1);
        try (Deflation sender = new Deflation();
                Deflation receiver = new Deflation()) {
            for (int i = 0; i < 200; i++) {
                byte[] bytes = new byte[random.nextInt(40_000)];
                for (int at = 0; at < bytes.length; at++) {
                    // Half of them cannot be compressed.
                    bytes[at] = (byte) (i % 2 == 0 ? random.nextInt() : at / 7);
                }
                Buffer sent = sender.deflated(Buffer.buffer(bytes));
                Buffer got = Buffer.buffer();
                for (int at = 0; at < sent.length(); ) {
                    int end = Math.min(sent.length(), at + 1 + random.nextInt(5_000));
                    receiver.offer(sent.slice(at, end));
                    for (Buffer piece = receiver.next(); piece != null; piece = receiver.next()) {
                        got.appendBuffer(piece);
                    }
                    at = end;
                }
                assertThat(got.getBytes()).isEqualTo(bytes);
            }
        }
    }

    @Test
    void aFewBytesThatStandForManyComeInPieces() throws DataFormatException {
        try (Deflation sender = new Deflation();
                Deflation receiver = new Deflation()) {
            Buffer bomb = sender.deflated(Buffer.buffer(new byte[64 << 20]));
            assertThat(bomb.length()).isLessThan(512 << 10);
            receiver.offer(bomb);
            long bytes = 0;
            for (Buffer piece = receiver.next(); piece != null; piece = receiver.next()) {
                assertThat(piece.length()).isLessThanOrEqualTo(16 << 10);
                bytes += piece.length();
            }
            assertThat(bytes).isEqualTo(64 << 20);
        }
    }

    @Test
    void whatIsNoDeflateIsRefused() {
        try (Deflation receiver = new Deflation()) {
            receiver.offer(Buffer.buffer("a NOOP\r\n"));
            assertThatThrownBy(receiver::next).isInstanceOf(DataFormatException.class);
        }
        try (Deflation receiver = new Deflation()) {
            // An empty last block: the client will send nothing more, so what follows cannot be meant.
            receiver.offer(Buffer.buffer(new byte[] {3, 0}));
            assertThatThrownBy(receiver::next).isInstanceOf(DataFormatException.class);
        }
    }
}
