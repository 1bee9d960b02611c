package io.roost.mailstore.imap.command;

import io.roost.mailstore.mailbox.FolderTree;

/**
 * A pattern of LIST: {@code *} stands for anything, {@code %} for anything but the delimiter. Matching takes time in
 * proportion to the product of the lengths, whatever the pattern.
 */
final class NamePattern {
    private final String pattern;

    NamePattern(String pattern) {
        this.pattern = FolderTree.normalized(pattern);
    }

    boolean matches(String path) {
        // reach[i]: the pattern so far can match the first i characters.
        boolean[] reach = new boolean[path.length() + 1];
        reach[0] = true;
        for (int p = 0; p < pattern.length(); p++) {
            reach = step(pattern.charAt(p), path, reach);
        }
        return reach[path.length()];
    }

    private static boolean[] step(char c, String path, boolean[] reach) {
        boolean[] next = new boolean[reach.length];
        for (int i = 0; i < reach.length; i++) {
            if (c == '*' || c == '%') {
                boolean isStepped = i > 0 && next[i - 1] && (c == '*' || path.charAt(i - 1) != '/');
                next[i] = reach[i] || isStepped;
            } else if (i > 0) {
                next[i] = reach[i - 1] && path.charAt(i - 1) == c;
            }
        }
        return next;
    }
}
