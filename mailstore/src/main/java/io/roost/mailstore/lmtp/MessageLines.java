package io.roost.mailstore.lmtp;

import io.roost.cluster.object.ByteWriter;

/**
 * The bytes of a message between the wire and the store. With DATA a dot at the beginning of a line goes, and a line of
 * one dot ends the message (RFC 5321 4.5.2).
 *
 * <p>A line ends with CRLF and nothing else, as far as dots are concerned: {@code LF . LF}, {@code LF . CRLF} or
 * {@code CR . CR} do not end a message, so that nobody hides a second message in it. A bare LF is then stored as CRLF,
 * which is what IMAP's clients expect; a bare CR stays.
 */
final class MessageLines {
    /** How a message comes. */
    enum Framing {
        /** DATA. */
        DOT,
        /** BDAT. */
        CHUNK
    }

    private enum At {
        /** After CRLF, or at the beginning. */
        LINE_BEGIN,
        /** After a dot at the beginning of a line. */
        DOT,
        /** After a dot and CR. */
        DOT_CR,
        TEXT,
        /** After CR. */
        CR
    }

    private final Framing framing;
    private At at = At.LINE_BEGIN;
    private boolean isEnded;

    MessageLines(Framing framing) {
        this.framing = framing;
    }

    /** True when the line of one dot has come. */
    boolean isEnded() {
        return isEnded;
    }

    /**
     * Takes bytes {@code [begin, end)} until the message ends.
     *
     * @return where it stopped: end, or after the line of one dot
     */
    int onBytes(byte[] bytes, int begin, int end, ByteWriter out) {
        int next = begin;
        while (next < end && !isEnded) {
            onByte(bytes[next++], out);
        }
        return next;
    }

    private void onByte(byte b, ByteWriter out) {
        switch (at) {
            case LINE_BEGIN -> {
                if (b == '.' && framing == Framing.DOT) {
                    at = At.DOT;
                } else {
                    text(b, out);
                }
            }
            case DOT -> {
                if (b == '\r') {
                    at = At.DOT_CR;
                } else {
                    text(b, out);
                }
            }
            case DOT_CR -> {
                if (b == '\n') {
                    isEnded = true;
                } else {
                    out.u8('\r');
                    text(b, out);
                }
            }
            case TEXT -> text(b, out);
            case CR -> {
                out.u8('\r');
                if (b == '\n') {
                    out.u8('\n');
                    at = At.LINE_BEGIN;
                } else {
                    text(b, out);
                }
            }
        }
    }

    private void text(byte b, ByteWriter out) {
        if (b == '\r') {
            at = At.CR;
            return;
        }
        at = At.TEXT;
        if (b == '\n') {
            out.u8('\r').u8('\n');
        } else {
            out.u8(b);
        }
    }

    /** The message has ended by its chunks: a CR that was held back. */
    void finish(ByteWriter out) {
        if (at == At.CR) {
            out.u8('\r');
        }
    }
}
