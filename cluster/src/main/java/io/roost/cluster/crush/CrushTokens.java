package io.roost.cluster.crush;

import java.util.ArrayList;
import java.util.List;

/** The words of a text map with their lines; white space separates, braces stand alone, {@code #} begins a comment. */
final class CrushTokens {
    /** Longest text: 100,000 devices need about a tenth. */
    private static final int MAX_LENGTH = 64 << 20;

    private final List<String> words = new ArrayList<>();
    private final List<Integer> lines = new ArrayList<>();
    private int next;

    CrushTokens(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new CrushTextException(1, "a map of " + text.length() + " characters");
        }
        int line = 1;
        int begin = -1;
        boolean comment = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '\n';
            boolean brace = c == '{' || c == '}';
            boolean ends = comment || brace || c == '#' || c <= ' ';
            if (ends && begin >= 0) {
                add(text.substring(begin, i), line);
                begin = -1;
            }
            if (!comment && brace) {
                add(String.valueOf(c), line);
            } else if (c == '#') {
                comment = true;
            } else if (!ends && begin < 0) {
                begin = i;
            }
            if (c == '\n') {
                comment = false;
                line++;
            }
        }
        lines.add(line - 1);
    }

    private void add(String word, int line) {
        words.add(word);
        lines.add(line);
    }

    boolean isAtEnd() {
        return next == words.size();
    }

    /** The line of the next word, or the last line at the end. */
    int line() {
        return Math.max(lines.get(next), 1);
    }

    /** True when the next word is this one; it is not taken. */
    boolean isNext(String word) {
        return !isAtEnd() && words.get(next).equals(word);
    }

    /** Takes the next word. */
    String word(String what) {
        if (isAtEnd()) {
            throw new CrushTextException(line(), "the text ends where " + what + " is needed");
        }
        return words.get(next++);
    }

    /** Takes the next word if it is this one. */
    boolean accept(String word) {
        if (isNext(word)) {
            next++;
            return true;
        }
        return false;
    }

    /** Takes the next word, which must be this one. */
    void expect(String word) {
        int line = line();
        String found = word("\"" + word + "\"");
        if (!found.equals(word)) {
            throw new CrushTextException(line, "\"" + found + "\" where \"" + word + "\" is needed");
        }
    }

    /** Takes a decimal integer. */
    int integer(String what) {
        int line = line();
        String found = word(what);
        try {
            return Integer.parseInt(found);
        } catch (NumberFormatException e) {
            throw new CrushTextException(line, "\"" + found + "\" where " + what + " is needed");
        }
    }
}
