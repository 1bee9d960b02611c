package io.roost.mailstore.mime;

import io.roost.cluster.object.ByteWriter;

/** Takes a part's transfer encoding away (RFC 2045 6), piece by piece. What is malformed is left out or left as it is. */
public abstract sealed class TransferDecoder {
    /** The decoder of an encoding in upper case, or null for one that is not known. */
    public static TransferDecoder of(String encoding) {
        return switch (encoding) {
            case "7BIT", "8BIT", "BINARY" -> new Identity();
            case "BASE64" -> new Base64();
            case "QUOTED-PRINTABLE" -> new QuotedPrintable();
            default -> null;
        };
    }

    /** Decodes the next bytes {@code [begin, end)} of an array. */
    public abstract void onBytes(byte[] bytes, int begin, int end, ByteWriter out);

    /** Decodes what was held back at the end. */
    public abstract void finish(ByteWriter out);

    private static final class Identity extends TransferDecoder {
        @Override
        public void onBytes(byte[] bytes, int begin, int end, ByteWriter out) {
            out.raw(bytes, begin, end - begin);
        }

        @Override
        public void finish(ByteWriter out) {
            // Nothing is held back.
        }
    }

    private static final class Base64 extends TransferDecoder {
        private int held;
        private int digits;

        private static int digit(int b) {
            if (b >= 'A' && b <= 'Z') {
                return b - 'A';
            }
            if (b >= 'a' && b <= 'z') {
                return b - 'a' + 26;
            }
            if (b >= '0' && b <= '9') {
                return b - '0' + 52;
            }
            return b == '+' ? 62 : b == '/' ? 63 : -1;
        }

        @Override
        public void onBytes(byte[] bytes, int begin, int end, ByteWriter out) {
            for (int at = begin; at < end; at++) {
                if (bytes[at] == '=') {
                    // Some senders go on after padding; what follows begins anew.
                    finish(out);
                    continue;
                }
                int digit = digit(bytes[at]);
                if (digit < 0) {
                    continue;
                }
                held = held << 6 | digit;
                if (++digits == 4) {
                    out.u8(held >>> 16).u8(held >>> 8).u8(held);
                    held = 0;
                    digits = 0;
                }
            }
        }

        @Override
        public void finish(ByteWriter out) {
            if (digits == 2) {
                out.u8(held >>> 4);
            } else if (digits == 3) {
                out.u8(held >>> 10).u8(held >>> 2);
            }
            held = 0;
            digits = 0;
        }
    }

    private static final class QuotedPrintable extends TransferDecoder {
        private enum State {
            TEXT,
            /** After an equals sign. */
            EQUALS,
            /** After an equals sign and a hex digit. */
            DIGIT,
            /** After an equals sign and white space: a soft line break, if the line ends. */
            SOFT_BREAK
        }

        private State state = State.TEXT;
        private int first;
        /** White space that is left out if the line ends after it. */
        private ByteWriter spaces = new ByteWriter();

        @Override
        public void onBytes(byte[] bytes, int begin, int end, ByteWriter out) {
            for (int at = begin; at < end; at++) {
                onByte(bytes[at] & 0xff, out);
            }
        }

        private void onByte(int b, ByteWriter out) {
            switch (state) {
                case TEXT -> text(b, out);
                case EQUALS -> {
                    if (Character.digit(b, 16) >= 0) {
                        first = b;
                        state = State.DIGIT;
                    } else if (b == '\n') {
                        state = State.TEXT;
                    } else if (b == '\r' || b == ' ' || b == '\t') {
                        state = State.SOFT_BREAK;
                    } else {
                        out.u8('=');
                        state = State.TEXT;
                        text(b, out);
                    }
                }
                case DIGIT -> {
                    state = State.TEXT;
                    if (Character.digit(b, 16) >= 0) {
                        out.u8(Character.digit(first, 16) << 4 | Character.digit(b, 16));
                    } else {
                        out.u8('=').u8(first);
                        text(b, out);
                    }
                }
                case SOFT_BREAK -> {
                    if (b == '\n') {
                        state = State.TEXT;
                    } else if (b != '\r' && b != ' ' && b != '\t') {
                        state = State.TEXT;
                        text(b, out);
                    }
                }
            }
        }

        private void text(int b, ByteWriter out) {
            if (b == ' ' || b == '\t') {
                if (spaces.size() < MimeLimits.MAX_FIELD_BYTES) {
                    spaces.u8(b);
                }
                return;
            }
            if (spaces.size() > 0) {
                if (b != '\r' && b != '\n') {
                    out.raw(spaces.toBytes());
                }
                spaces = new ByteWriter();
            }
            if (b == '=') {
                state = State.EQUALS;
            } else {
                out.u8(b);
            }
        }

        @Override
        public void finish(ByteWriter out) {
            if (state == State.EQUALS) {
                out.u8('=');
            } else if (state == State.DIGIT) {
                out.u8('=').u8(first);
            }
            state = State.TEXT;
        }
    }
}
