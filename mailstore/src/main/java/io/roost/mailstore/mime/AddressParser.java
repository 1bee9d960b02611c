package io.roost.mailstore.mime;

import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * Address lists of RFC 5322 3.4 with the obsolete forms of 4.4, read leniently: what is between two commas is an address
 * whatever it looks like. A phrase that is missing is taken from a comment, as old mails write names.
 */
final class AddressParser {
    private static final String SPECIALS = "()<>[]:;@\\,\"";

    private final HeaderLexer in;
    private final List<Address> addresses = new ArrayList<>();
    private boolean isInGroup;

    private AddressParser(HeaderLexer in) {
        this.in = in;
    }

    static List<Address> parse(Bytes value) {
        AddressParser parser = new AddressParser(new HeaderLexer(value));
        while (!parser.in.isAtEnd() && parser.addresses.size() < MimeLimits.MAX_ADDRESSES) {
            parser.address();
        }
        parser.endGroup();
        return parser.addresses;
    }

    private void endGroup() {
        if (isInGroup) {
            addresses.add(Address.GROUP_END);
            isInGroup = false;
        }
    }

    private static Bytes orNull(String text) {
        return text == null || text.isEmpty() ? null : HeaderLexer.latin1(text);
    }

    /** One address, group's beginning or end, and the comma after it. */
    private void address() {
        in.takeComment();
        String words = words();
        switch (in.peek()) {
            case ':' -> {
                in.next();
                endGroup();
                addresses.add(Address.groupBegin(HeaderLexer.latin1(words)));
                isInGroup = true;
            }
            case '<' -> {
                in.next();
                angle(words);
                skipToEnd();
            }
            case '@' -> {
                in.next();
                String domain = domain();
                in.skipSpace();
                add(in.takeComment(), null, words, domain);
                skipToEnd();
            }
            default -> {
                if (!words.isEmpty()) {
                    add(in.takeComment(), null, words, "");
                }
                skipToEnd();
            }
        }
    }

    private void add(String name, String route, String mailbox, String host) {
        addresses.add(new Address(orNull(name), orNull(route), HeaderLexer.latin1(mailbox), HeaderLexer.latin1(host)));
    }

    /** What is left of an address is stepped over, up to the comma, or the semicolon that ends a group. */
    private void skipToEnd() {
        while (!in.isAtEnd()) {
            in.skipSpace();
            if (in.take(',')) {
                return;
            }
            if (in.take(';')) {
                endGroup();
                in.skipSpace();
                in.take(',');
                return;
            }
            if (in.peek() == '"') {
                in.quoted();
            } else if (!in.isAtEnd()) {
                in.next();
            }
        }
    }

    /** Words and dots: a phrase or a local part. Between words is one space, around dots none. */
    private String words() {
        StringBuilder text = new StringBuilder();
        in.skipSpace();
        boolean isGap = false;
        while (!in.isAtEnd()) {
            int b = in.peek();
            String word;
            if (b == '"') {
                word = in.quoted();
            } else if (b == '\\' || b == ']' || b == ')' || b == '>') {
                in.next();
                continue;
            } else {
                word = in.run(SPECIALS);
                if (word.isEmpty() && (b < ' ' || b == 0x7f)) {
                    in.next();
                    continue;
                }
                if (word.isEmpty()) {
                    break;
                }
            }
            if (isGap && text.length() > 0) {
                text.append(' ');
            }
            text.append(word);
            isGap = in.skipSpace();
        }
        return text.toString();
    }

    /** {@code <route:local@domain>}, its bracket already taken. */
    private void angle(String phrase) {
        String route = null;
        in.skipSpace();
        if (in.peek() == '@') {
            route = route();
        }
        String local = words();
        String host = in.take('@') ? domain() : "";
        while (!in.isAtEnd() && in.peek() != ',' && !in.take('>')) {
            in.next();
        }
        in.skipSpace();
        String comment = in.takeComment();
        add(phrase.isEmpty() ? comment : phrase, route, local, host);
    }

    private String route() {
        StringBuilder text = new StringBuilder();
        while (!in.isAtEnd() && in.peek() != ':' && in.peek() != '>') {
            in.skipSpace();
            if (!in.isAtEnd()) {
                text.append((char) in.next());
            }
        }
        in.take(':');
        return text.toString();
    }

    private String domain() {
        StringBuilder text = new StringBuilder();
        in.skipSpace();
        while (!in.isAtEnd()) {
            String word = in.peek() == '[' ? in.domainLiteral() : in.run(SPECIALS);
            if (word.isEmpty()) {
                break;
            }
            text.append(word);
            boolean isGap = in.skipSpace();
            // Spaces are allowed around dots only (RFC 5322 4.4).
            if (isGap && in.peek() != '.' && text.charAt(text.length() - 1) != '.') {
                break;
            }
        }
        return text.toString();
    }
}
