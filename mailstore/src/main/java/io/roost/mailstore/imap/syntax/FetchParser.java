package io.roost.mailstore.imap.syntax;

import io.roost.mailstore.imap.syntax.Command.FetchOptions;
import io.roost.mailstore.imap.syntax.Command.Vanished;
import io.roost.mailstore.imap.syntax.FetchItem.Attribute;
import io.roost.mailstore.imap.syntax.FetchItem.Partial;
import io.roost.mailstore.imap.syntax.FetchItem.Peek;
import io.roost.mailstore.imap.syntax.FetchItem.Section;
import java.util.ArrayList;
import java.util.List;

/** The arguments of FETCH (RFC 9051 6.4.5, RFC 7162, RFC 8970, RFC 9394). */
final class FetchParser {
    private static final List<FetchItem> FAST = List.of(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.RFC822_SIZE);

    private final CommandText in;

    FetchParser(CommandText in) {
        this.in = in;
    }

    Command fetch(Numbering numbering) {
        in.space();
        MessageSet set = in.messageSet();
        in.space();
        List<FetchItem> items = new ArrayList<>();
        if (in.take('(')) {
            do {
                items.add(item(in.word(), true));
            } while (in.take(' '));
            in.expect(')');
        } else {
            items.addAll(macroOrItem());
        }
        return new Command.Fetch(numbering, set, items, options());
    }

    private List<FetchItem> macroOrItem() {
        String word = in.word();
        List<FetchItem> items = new ArrayList<>(FAST);
        switch (word) {
            case "FAST" -> {}
            case "ALL" -> items.add(Attribute.ENVELOPE);
            case "FULL" -> {
                items.add(Attribute.ENVELOPE);
                items.add(Attribute.BODY);
            }
            default -> {
                return List.of(item(word, false));
            }
        }
        return items;
    }

    private FetchItem item(String word, boolean isInList) {
        return switch (word) {
            case "BODY" -> in.peek() == '[' ? bodySection(Peek.NO) : Attribute.BODY;
            case "BODY.PEEK" -> bodySection(Peek.YES);
            case "BINARY" -> binary(Peek.NO);
            case "BINARY.PEEK" -> binary(Peek.YES);
            case "BINARY.SIZE" -> new FetchItem.BinarySize(binaryPart());
            case "PREVIEW" -> preview(isInList);
            default -> {
                Attribute attribute = Attribute.ofWord(word);
                if (attribute == null) {
                    throw new SyntaxException("Unknown FETCH item " + word);
                }
                yield attribute;
            }
        };
    }

    /** LAZY stands in parentheses, which outside of a list of items may also be those of the modifiers. */
    private FetchItem preview(boolean isInList) {
        if (isInList) {
            if (!in.takeSpaceAndList()) {
                return FetchItem.Preview.MADE;
            }
            if (!in.takeWord("LAZY")) {
                throw new SyntaxException("Unknown modifier of PREVIEW");
            }
            in.expect(')');
            return FetchItem.Preview.LAZY;
        }
        return in.takeSpaceAndListOf("LAZY") ? FetchItem.Preview.LAZY : FetchItem.Preview.MADE;
    }

    private FetchItem bodySection(Peek peek) {
        in.expect('[');
        Section section = section();
        in.expect(']');
        return new FetchItem.Body(section, partial(), peek);
    }

    private FetchItem binary(Peek peek) {
        return new FetchItem.Binary(binaryPart(), partial(), peek);
    }

    private List<Integer> binaryPart() {
        in.expect('[');
        List<Integer> part = new ArrayList<>();
        if (in.isDigit()) {
            do {
                addPart(part);
            } while (in.take('.'));
        }
        in.expect(']');
        return part;
    }

    private void addPart(List<Integer> part) {
        if (part.size() == ImapLimits.MAX_PART_DEPTH) {
            throw new SyntaxException("Section is too deep");
        }
        part.add((int) in.number(1, Integer.MAX_VALUE));
    }

    private Section section() {
        List<Integer> part = new ArrayList<>();
        while (in.isDigit()) {
            addPart(part);
            if (!in.take('.')) {
                return Section.ofPart(part);
            }
        }
        if (part.isEmpty() && in.peek() == ']') {
            return Section.ofPart(part);
        }
        String word = in.word();
        return switch (word) {
            case "HEADER" -> new Section(part, Section.Text.HEADER, List.of());
            case "HEADER.FIELDS" -> new Section(part, Section.Text.HEADER_FIELDS, headers());
            case "HEADER.FIELDS.NOT" -> new Section(part, Section.Text.HEADER_FIELDS_NOT, headers());
            case "TEXT" -> new Section(part, Section.Text.TEXT, List.of());
            case "MIME" -> {
                if (part.isEmpty()) {
                    throw new SyntaxException("MIME needs a part");
                }
                yield new Section(part, Section.Text.MIME, List.of());
            }
            default -> throw new SyntaxException("Unknown section " + word);
        };
    }

    private List<String> headers() {
        in.space();
        in.expect('(');
        List<String> names = new ArrayList<>();
        do {
            names.add(in.textArgument());
        } while (in.take(' '));
        in.expect(')');
        return names;
    }

    private Partial partial() {
        if (!in.take('<')) {
            return null;
        }
        long offset = in.number(0, Long.MAX_VALUE);
        in.expect('.');
        long length = in.number(1, Long.MAX_VALUE);
        in.expect('>');
        return new Partial(offset, length);
    }

    private FetchOptions options() {
        if (!in.takeSpaceAndList()) {
            return FetchOptions.NONE;
        }
        long changedSince = FetchOptions.ANY;
        Vanished vanished = Vanished.NO;
        PartialRange partial = null;
        do {
            String word = in.word();
            switch (word) {
                case "CHANGEDSINCE" -> {
                    in.space();
                    changedSince = in.modSeq(0);
                }
                case "VANISHED" -> vanished = Vanished.YES;
                case "PARTIAL" -> {
                    in.space();
                    partial = in.partialRange();
                }
                default -> throw new SyntaxException("Unknown FETCH modifier " + word);
            }
        } while (in.take(' '));
        in.expect(')');
        if (vanished == Vanished.YES && changedSince == FetchOptions.ANY) {
            throw new SyntaxException("VANISHED needs CHANGEDSINCE");
        }
        return new FetchOptions(changedSince, vanished, partial);
    }
}
