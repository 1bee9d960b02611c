package io.roost.mailstore.mime;

import io.roost.cluster.object.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Steps over the value of a structured field, unfolded: white space, comments, quoted strings, tokens (RFC 5322 3.2). */
final class HeaderLexer {
    private static final String TOKEN_SPECIALS = "()<>@,;:\\\"/[]?=";

    private final byte[] value;
    private int at;
    private String comment;

    HeaderLexer(Bytes value) {
        this.value = value.array();
    }

    boolean isAtEnd() {
        return at >= value.length;
    }

    /** The next byte, or -1. */
    int peek() {
        return isAtEnd() ? -1 : value[at] & 0xff;
    }

    int next() {
        return value[at++] & 0xff;
    }

    boolean take(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    /** Steps over white space and comments; true when there were some. */
    boolean skipSpace() {
        int begin = at;
        while (!isAtEnd()) {
            int b = peek();
            if (b == ' ' || b == '\t' || b == '\r' || b == '\n') {
                at++;
            } else if (b == '(') {
                skipComment();
            } else {
                break;
            }
        }
        return at > begin;
    }

    private void skipComment() {
        int depth = 0;
        StringBuilder text = new StringBuilder();
        while (!isAtEnd()) {
            int b = next();
            if (b == '\\' && !isAtEnd()) {
                text.append((char) next());
                continue;
            }
            if (b == '(' && ++depth == 1) {
                continue;
            }
            if (b == ')' && --depth == 0) {
                break;
            }
            text.append((char) b);
        }
        comment = text.toString();
    }

    /** The comment stepped over last, as Latin-1, or null; forgotten by this. */
    String takeComment() {
        String last = comment;
        comment = null;
        return last;
    }

    /** A quoted string whose opening quote is next, without quotes and escapes, as Latin-1. */
    String quoted() {
        StringBuilder text = new StringBuilder();
        at++;
        while (!isAtEnd()) {
            int b = next();
            if (b == '"') {
                break;
            }
            if (b == '\\' && !isAtEnd()) {
                b = next();
            }
            if (b != '\r' && b != '\n') {
                text.append((char) b);
            }
        }
        return text.toString();
    }

    /** A domain literal whose bracket is next, with brackets. */
    String domainLiteral() {
        StringBuilder text = new StringBuilder();
        while (!isAtEnd()) {
            int b = next();
            if (b == '\\' && !isAtEnd()) {
                b = next();
            }
            text.append((char) b);
            if (b == ']') {
                break;
            }
        }
        return text.toString();
    }

    /** Bytes up to white space or one of the given characters, as Latin-1. */
    String run(String ends) {
        int begin = at;
        while (!isAtEnd()) {
            int b = peek();
            if (b <= ' ' || b == 0x7f || (b < 0x80 && ends.indexOf(b) >= 0)) {
                break;
            }
            at++;
        }
        return new String(value, begin, at - begin, StandardCharsets.ISO_8859_1);
    }

    /** A token of RFC 2045, possibly empty. */
    String token() {
        return run(TOKEN_SPECIALS);
    }

    /** Parameters {@code ;name=value} up to the end of the field. What is malformed is stepped over. */
    List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        while (!isAtEnd() && parameters.size() < MimeLimits.MAX_PARAMETERS) {
            skipSpace();
            if (!take(';')) {
                if (!isAtEnd()) {
                    at++;
                }
                continue;
            }
            skipSpace();
            String name = token();
            skipSpace();
            if (name.isEmpty() || !take('=')) {
                continue;
            }
            skipSpace();
            // Values with characters that should have been quoted are common.
            String text = peek() == '"' ? quoted() : run(";");
            parameters.add(new Parameter(name, latin1(text)));
        }
        return parameters;
    }

    static Bytes latin1(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
