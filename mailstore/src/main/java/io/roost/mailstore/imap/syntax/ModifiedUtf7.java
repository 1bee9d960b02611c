package io.roost.mailstore.imap.syntax;

/**
 * Names of mailboxes in the 7-bit form of RFC 3501 5.1.3: printable ASCII is itself, {@code &} is {@code &-}, anything
 * else is UTF-16 in a base64 with a comma for the slash, between {@code &} and {@code -}.
 */
public final class ModifiedUtf7 {
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

    private ModifiedUtf7() {}

    /** The form of a name. */
    public static String encode(String name) {
        StringBuilder out = new StringBuilder(name.length() + 16);
        int at = 0;
        while (at < name.length()) {
            char c = name.charAt(at);
            if (c == '&') {
                out.append("&-");
                at++;
            } else if (isPrintable(c)) {
                out.append(c);
                at++;
            } else {
                int end = at;
                while (end < name.length() && !isPrintable(name.charAt(end))) {
                    end++;
                }
                shifted(name, at, end, out);
                at = end;
            }
        }
        return out.toString();
    }

    private static boolean isPrintable(char c) {
        return c >= 0x20 && c <= 0x7e;
    }

    private static void shifted(String name, int begin, int end, StringBuilder out) {
        out.append('&');
        int bits = 0;
        int held = 0;
        for (int at = begin; at < end; at++) {
            held = held << 16 | name.charAt(at);
            bits += 16;
            while (bits >= 6) {
                bits -= 6;
                out.append(DIGITS.charAt(held >>> bits & 63));
            }
            held &= (1 << bits) - 1;
        }
        if (bits > 0) {
            out.append(DIGITS.charAt(held << (6 - bits) & 63));
        }
        out.append('-');
    }

    /**
     * The name, or null when the text is not of this form. Only the form that {@link #encode} makes is taken, so that a
     * name has one spelling: RFC 3501 forbids encoded ASCII and adjacent shifts.
     */
    public static String decode(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (!isPrintable(c)) {
                return null;
            }
            if (c != '&') {
                out.append(c);
                continue;
            }
            int end = text.indexOf('-', at);
            if (end < 0) {
                return null;
            }
            if (end == at) {
                out.append('&');
            } else if (!unshift(text, at, end, out)) {
                return null;
            }
            at = end + 1;
        }
        String name = out.toString();
        return encode(name).equals(text) ? name : null;
    }

    private static boolean unshift(String text, int begin, int end, StringBuilder out) {
        int bits = 0;
        int held = 0;
        for (int at = begin; at < end; at++) {
            int digit = DIGITS.indexOf(text.charAt(at));
            if (digit < 0) {
                return false;
            }
            held = held << 6 | digit;
            bits += 6;
            if (bits >= 16) {
                bits -= 16;
                out.append((char) (held >>> bits));
                held &= (1 << bits) - 1;
            }
        }
        return held == 0;
    }
}
