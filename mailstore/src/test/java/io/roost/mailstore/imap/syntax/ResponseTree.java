package io.roost.mailstore.imap.syntax;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A response as the lists, strings and atoms of the grammar: a list is a {@link List}, an atom a String, a string (quoted
 * or literal) a String after a quote. Fails where the text is not of that form.
 */
final class ResponseTree {
    private final String text;
    private int at;

    private ResponseTree(String text) {
        this.text = text;
    }

    /** The tokens of some lines that end with CRLF. */
    static List<Object> parse(byte[] bytes) {
        ResponseTree tree = new ResponseTree(new String(bytes, StandardCharsets.ISO_8859_1));
        List<Object> all = tree.items('\r');
        tree.expect("\r\n");
        if (tree.at != tree.text.length()) {
            throw new AssertionError("more than one response: " + tree.text);
        }
        return all;
    }

    private void expect(String expected) {
        if (!text.startsWith(expected, at)) {
            throw new AssertionError("expected " + expected + " at " + at + " of " + text);
        }
        at += expected.length();
    }

    private List<Object> items(char end) {
        List<Object> items = new ArrayList<>();
        while (text.charAt(at) != end) {
            // Between lists of addresses and parts there is no space.
            boolean isAdjacentList =
                    !items.isEmpty() && items.get(items.size() - 1) instanceof List && text.charAt(at) == '(';
            if (!items.isEmpty() && !isAdjacentList) {
                expect(" ");
            }
            items.add(item());
        }
        return items;
    }

    private Object item() {
        char c = text.charAt(at);
        if (c == '(') {
            at++;
            List<Object> list = items(')');
            at++;
            return list;
        }
        if (c == '"') {
            return quoted();
        }
        if (c == '~') {
            at++;
            c = '{';
        }
        return c == '{' ? literal() : atom();
    }

    private String quoted() {
        StringBuilder string = new StringBuilder("'");
        at++;
        for (char c = text.charAt(at); c != '"'; c = text.charAt(at)) {
            if (c == '\\') {
                c = text.charAt(++at);
                if (c != '"' && c != '\\') {
                    throw new AssertionError("escape of " + c);
                }
            }
            if (c == '\r' || c == '\n' || c == 0) {
                throw new AssertionError("a quoted string with " + (int) c);
            }
            string.append(c);
            at++;
        }
        at++;
        return string.toString();
    }

    private String literal() {
        expect("{");
        int end = text.indexOf('}', at);
        int size = Integer.parseInt(text.substring(at, end));
        at = end + 1;
        expect("\r\n");
        at += size;
        return "'" + text.substring(at - size, at);
    }

    /** An atom, with what stands in its brackets. */
    private String atom() {
        int begin = at;
        int depth = 0;
        while (depth > 0 || " ()\r".indexOf(text.charAt(at)) < 0) {
            char c = text.charAt(at++);
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (c == '\r') {
                throw new AssertionError("line ends within brackets: " + text);
            }
        }
        if (at == begin) {
            throw new AssertionError("expected an atom at " + at + " of " + text);
        }
        return text.substring(begin, at);
    }
}
