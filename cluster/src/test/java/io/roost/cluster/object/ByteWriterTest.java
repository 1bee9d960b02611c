package io.roost.cluster.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ByteWriterTest {
    private static final byte[] BODY = {9, 8, 7, 6, 5};

    private static ByteWriter written(boolean isViewed) {
        ByteWriter out = new ByteWriter().u8(1);
        body(out, isViewed);
        int outer = out.begin(1, 1);
        out.varint(300);
        body(out, isViewed);
        int inner = out.begin(2, 1);
        body(out, isViewed);
        return out.end(inner).text("after").end(outer).u32(-1);
    }

    private static void body(ByteWriter out, boolean isViewed) {
        if (isViewed) {
            out.view(ByteBuffer.wrap(BODY, 1, 3));
        } else {
            out.raw(BODY, 1, 3);
        }
    }

    @Test
    void whatIsViewedIsWrittenAsIfItWereCopied() {
        ByteWriter copied = written(false);
        ByteWriter viewed = written(true);
        assertThat(viewed.size()).isEqualTo(copied.size());
        assertThat(viewed.toBytes()).isEqualTo(copied.toBytes());
        ByteBuffer all = ByteBuffer.allocate(copied.size());
        List<ByteBuffer> pieces = viewed.pieces();
        pieces.forEach(all::put);
        assertThat(all.array()).isEqualTo(copied.toArray());
    }

    @Test
    void whatIsViewedIsNotCopied() {
        byte[] bytes = BODY.clone();
        List<ByteBuffer> pieces =
                new ByteWriter().u8(1).view(ByteBuffer.wrap(bytes)).pieces();
        bytes[0] = 42;
        assertThat(pieces.get(1).get(0)).isEqualTo((byte) 42);
    }
}
