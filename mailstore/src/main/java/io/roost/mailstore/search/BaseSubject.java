package io.roost.mailstore.search;

import java.util.Locale;

/**
 * What is left of a subject without the marks of replies and forwards (RFC 5256 2.1). The steps have the numbers that
 * they have there.
 */
final class BaseSubject {
    private static final String FORWARD_BEGIN = "[fwd:";
    private static final String FORWARD_END = "]";
    private static final String TRAILER = "(fwd)";

    private BaseSubject() {}

    /** The base of a decoded subject. */
    static String of(String subject) {
        // Step 1.
        String text = subject.replaceAll("[ \t\r\n]+", " ");
        while (true) {
            text = withoutLeaders(withoutTrailers(text));
            // Step 6.
            boolean isForward = startsWith(text, 0, FORWARD_BEGIN) && text.endsWith(FORWARD_END);
            if (!isForward) {
                return text;
            }
            text = text.substring(FORWARD_BEGIN.length(), text.length() - FORWARD_END.length());
        }
    }

    private static boolean startsWith(String text, int at, String lower) {
        return at + lower.length() <= text.length()
                && text.substring(at, at + lower.length())
                        .toLowerCase(Locale.ROOT)
                        .equals(lower);
    }

    /** Step 2. */
    private static String withoutTrailers(String text) {
        int end = text.length();
        while (end > 0) {
            if (text.charAt(end - 1) == ' ') {
                end--;
            } else if (end >= TRAILER.length() && startsWith(text, end - TRAILER.length(), TRAILER)) {
                end -= TRAILER.length();
            } else {
                break;
            }
        }
        return text.substring(0, end);
    }

    /** Steps 3 to 5. */
    private static String withoutLeaders(String text) {
        int at = 0;
        while (true) {
            int afterLeader = leader(text, at);
            if (afterLeader > at) {
                at = afterLeader;
                continue;
            }
            int afterBlob = blob(text, at);
            // Step 4: not when nothing were left.
            if (afterBlob == at || afterBlob == text.length()) {
                return text.substring(at);
            }
            at = afterBlob;
        }
    }

    /** Where {@code subj-leader} ends, or where it would have begun. */
    private static int leader(String text, int begin) {
        if (begin < text.length() && text.charAt(begin) == ' ') {
            return begin + 1;
        }
        int at = begin;
        for (int after = blob(text, at); after > at; after = blob(text, at)) {
            at = after;
        }
        if (startsWith(text, at, "fwd")) {
            at += 3;
        } else if (startsWith(text, at, "re") || startsWith(text, at, "fw")) {
            at += 2;
        } else {
            return begin;
        }
        at = blob(text, space(text, at));
        return at < text.length() && text.charAt(at) == ':' ? at + 1 : begin;
    }

    /** Where {@code subj-blob} ends, or where it would have begun. */
    private static int blob(String text, int begin) {
        if (begin >= text.length() || text.charAt(begin) != '[') {
            return begin;
        }
        for (int at = begin + 1; at < text.length() && text.charAt(at) != '['; at++) {
            if (text.charAt(at) == ']') {
                return space(text, at + 1);
            }
        }
        return begin;
    }

    private static int space(String text, int begin) {
        int at = begin;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at;
    }
}
