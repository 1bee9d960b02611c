package io.roost.mailstore.imap.syntax;

/** The announcement of a literal at the end of a line that the grammar does not know. */
final class LiteralTail {
    private LiteralTail() {}

    /**
     * What a line announces with its last characters, {@code {5}} or {@code {5+}}, or null.
     *
     * @param length of the text; the last byte is the LF of the line
     */
    static LiteralNeeded.Literal of(byte[] text, int length) {
        int at = length - 2;
        if (at >= 0 && text[at] == '\r') {
            at--;
        }
        if (at < 0 || text[at] != '}') {
            return null;
        }
        at--;
        boolean isSynchronizing = at < 0 || text[at] != '+';
        if (!isSynchronizing) {
            at--;
        }
        int digitsEnd = at + 1;
        while (at >= 0 && text[at] >= '0' && text[at] <= '9') {
            at--;
        }
        if (at < 0 || text[at] != '{' || at + 1 == digitsEnd) {
            return null;
        }
        return new LiteralNeeded.Literal(number(text, at + 1, digitsEnd), isSynchronizing, false);
    }

    private static long number(byte[] text, int begin, int end) {
        long value = 0;
        for (int at = begin; at < end; at++) {
            if (value > Long.MAX_VALUE / 10 - 1) {
                return Long.MAX_VALUE;
            }
            value = value * 10 + text[at] - '0';
        }
        return value;
    }
}
