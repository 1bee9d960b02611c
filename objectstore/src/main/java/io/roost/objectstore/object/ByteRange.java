package io.roost.objectstore.object;

import io.roost.objectstore.classes.ByteSpan;

/** Reads the Range header (RFC 9110 section 14.1.2). S3 knows one range in bytes; anything else is ignored. */
public final class ByteRange {
    private static final String UNIT = "bytes=";

    /** Longest number that fits a long. */
    private static final int MAX_DIGITS = 18;

    private ByteRange() {}

    /** The bytes that a header asks for; {@link ByteSpan.All} when there is none or it says nothing that S3 knows. */
    public static ByteSpan parse(String header) {
        if (header == null || !header.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
            return ByteSpan.all();
        }
        String range = header.substring(UNIT.length()).strip();
        int dash = range.indexOf('-');
        if (dash < 0) {
            return ByteSpan.all();
        }
        long first = number(range.substring(0, dash).strip());
        String lastText = range.substring(dash + 1).strip();
        long last = number(lastText);
        if (dash == 0) {
            return last < 0 ? ByteSpan.all() : new ByteSpan.Suffix(last);
        }
        if (first < 0 || (last < 0 && !lastText.isEmpty()) || (last >= 0 && last < first)) {
            return ByteSpan.all();
        }
        return new ByteSpan.Between(first, last < 0 ? Long.MAX_VALUE : last);
    }

    /** The number in a text of digits alone, -1 when it is none. */
    private static long number(String digits) {
        if (digits.isEmpty() || digits.length() > MAX_DIGITS) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
