package io.roost.mailstore.imap.syntax;

import io.roost.cluster.object.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A command's text and the literals that have arrived, read from the left: the tokens of the grammar. A literal stays in
 * the text as announced, {@code {5}} and the end of its line; its bytes are in a list beside it.
 *
 * <p>Every method throws {@link SyntaxException} when the text has not what it reads, and {@link LiteralNeeded} when
 * that is a literal which has not arrived.
 */
final class CommandText {
    /** Stands in the list of literals for a message, whose bytes are not kept. */
    static final Bytes MESSAGE = Bytes.wrap(new byte[] {'m', 'e', 's', 's', 'a', 'g', 'e'});

    private static final int END = -1;

    private final byte[] text;
    private final int end;
    private final List<Bytes> literals;
    private final Dialect dialect;
    private int at;
    private int nextLiteral;

    /**
     * A text from its beginning.
     *
     * @param text with the LF of every complete line
     * @param end how many bytes of the array it has; the last one is an LF
     */
    CommandText(byte[] text, int end, List<Bytes> literals, Dialect dialect) {
        this.text = text;
        this.end = end;
        this.literals = literals;
        this.dialect = dialect;
    }

    Dialect dialect() {
        return dialect;
    }

    /** The next byte, or -1 at the end of a line. */
    int peek() {
        int b = text[at] & 0xff;
        boolean isLineEnd = b == '\n' || (b == '\r' && text[at + 1] == '\n');
        return isLineEnd ? END : b;
    }

    /** The byte after the next one, or -1 where the line has ended. */
    private int peekSecond() {
        if (peek() == END) {
            return END;
        }
        at++;
        int second = peek();
        at--;
        return second;
    }

    boolean isAtEnd() {
        return peek() == END;
    }

    /** The end of the command. */
    void end() {
        if (!isAtEnd()) {
            throw new SyntaxException("Unexpected text after the command's end");
        }
    }

    boolean take(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    void expect(char c) {
        if (!take(c)) {
            throw new SyntaxException("Expected '" + c + "'");
        }
    }

    void space() {
        if (!take(' ')) {
            throw new SyntaxException(isAtEnd() ? "Missing argument" : "Expected a space");
        }
    }

    /** Takes a space and an opening parenthesis if both are next. */
    boolean takeSpaceAndList() {
        if (peek() != ' ' || peekSecond() != '(') {
            return false;
        }
        at += 2;
        return true;
    }

    /** Takes a space and a list of only this word if they are next. */
    boolean takeSpaceAndListOf(String word) {
        int begin = at;
        if (takeSpaceAndList() && takeWord(word) && take(')')) {
            return true;
        }
        at = begin;
        return false;
    }

    /** True when a space and then something else than an opening parenthesis comes. */
    boolean isMoreBeforeList() {
        return peek() == ' ' && peekSecond() != '(';
    }

    private static boolean isAtomChar(int b) {
        return b > 0x20 && b < 0x7f && "(){%*\"\\]".indexOf(b) < 0;
    }

    private static boolean isTagChar(int b) {
        return (isAtomChar(b) || b == ']') && b != '+';
    }

    private String run(int begin) {
        return new String(text, begin, at - begin, StandardCharsets.US_ASCII);
    }

    String tag() {
        int begin = at;
        while (isTagChar(peek())) {
            at++;
        }
        boolean isFollowed = peek() == ' ' || isAtEnd();
        if (at == begin || at - begin > ImapLimits.MAX_TAG_BYTES || !isFollowed) {
            throw new SyntaxException("Invalid tag");
        }
        return run(begin);
    }

    String atom() {
        int begin = at;
        while (isAtomChar(peek())) {
            at++;
        }
        if (at == begin) {
            throw new SyntaxException("Expected an atom");
        }
        return run(begin);
    }

    /** A word of the grammar, in upper case: letters, digits, and {@code - _ . / =} and plus signs. */
    String word() {
        int begin = at;
        while (isWordChar(peek())) {
            at++;
        }
        if (at == begin) {
            throw new SyntaxException(isAtEnd() ? "Missing argument" : "Expected a word");
        }
        return run(begin).toUpperCase(Locale.ROOT);
    }

    private static boolean isWordChar(int b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || (b > 0 && "-_./=+".indexOf(b) >= 0);
    }

    /** Takes a word if it is the next one. */
    boolean takeWord(String expected) {
        int begin = at;
        if (isWordChar(peek()) && word().equals(expected)) {
            return true;
        }
        at = begin;
        return false;
    }

    /** Takes a space and a word if they are next. */
    boolean takeSpaceAndWord(String expected) {
        int begin = at;
        if (take(' ') && takeWord(expected)) {
            return true;
        }
        at = begin;
        return false;
    }

    Flag flag() {
        boolean isSystem = take('\\');
        String atom = atom();
        if (atom.length() > Flag.MAX_KEYWORD_BYTES) {
            throw new SyntaxException("Flag is too long");
        }
        return Flag.of(isSystem ? '\\' + atom : atom);
    }

    /** Flags in parentheses, the opening one not yet read. */
    List<Flag> flagList() {
        expect('(');
        List<Flag> flags = new ArrayList<>();
        while (!take(')')) {
            if (!flags.isEmpty()) {
                space();
            }
            flags.add(flag());
        }
        return flags;
    }

    /** A number of the grammar: digits, in {@code [min, max]}. */
    long number(long min, long max) {
        int begin = at;
        long value = 0;
        int b = peek();
        while (b >= '0' && b <= '9') {
            int digit = b - '0';
            if (value > (max - digit) / 10) {
                throw new SyntaxException("Number is too large");
            }
            value = value * 10 + digit;
            at++;
            b = peek();
        }
        if (at == begin) {
            throw new SyntaxException(isAtEnd() ? "Missing argument" : "Expected a number");
        }
        if (value < min) {
            throw new SyntaxException("Number is too small");
        }
        return value;
    }

    boolean isDigit() {
        int b = peek();
        return b >= '0' && b <= '9';
    }

    /** A value of MODSEQ: 63 bits (RFC 7162). */
    long modSeq(long min) {
        return number(min, Long.MAX_VALUE);
    }

    MessageSet messageSet() {
        if (take('$')) {
            return MessageSet.SavedResult.SAVED;
        }
        return sequenceSet();
    }

    SequenceSet sequenceSet() {
        List<SequenceSet.Range> ranges = new ArrayList<>();
        do {
            long one = sequenceNumber();
            ranges.add(SequenceSet.Range.between(one, take(':') ? sequenceNumber() : one));
        } while (take(','));
        return new SequenceSet(ranges);
    }

    long sequenceNumber() {
        return take('*') ? SequenceSet.STAR : number(1, SequenceSet.MAX_NUMBER);
    }

    /** A set without {@code *}. */
    SequenceSet knownSet() {
        SequenceSet set = sequenceSet();
        if (set.hasStar()) {
            throw new SyntaxException("'*' is not allowed here");
        }
        return set;
    }

    /** {@code 1:100} or {@code -1:-100} (RFC 9394). */
    PartialRange partialRange() {
        boolean isFromEnd = take('-');
        long one = number(1, SequenceSet.MAX_NUMBER);
        expect(':');
        if (isFromEnd) {
            expect('-');
        }
        long other = number(1, SequenceSet.MAX_NUMBER);
        long first = Math.min(one, other);
        long last = Math.max(one, other);
        return isFromEnd ? new PartialRange(-first, -last) : new PartialRange(first, last);
    }

    Bytes astring() {
        int b = peek();
        if (b == '"' || b == '{') {
            return string();
        }
        int begin = at;
        while (isAtomChar(b) || b == ']') {
            at++;
            b = peek();
        }
        if (at == begin) {
            throw new SyntaxException(isAtEnd() ? "Missing argument" : "Expected a string");
        }
        return Bytes.copyOf(text, begin, at);
    }

    /** An astring that is text: UTF-8. */
    String textArgument() {
        return MailboxNames.utf8(astring());
    }

    String mailbox() {
        return MailboxNames.decode(astring(), dialect);
    }

    /** The reference of LIST: a mailbox's name that is not one. */
    String reference() {
        return MailboxNames.decodePattern(astring(), dialect);
    }

    /** A mailbox's name with wildcards. */
    String listMailbox() {
        int b = peek();
        if (b == '"' || b == '{') {
            return MailboxNames.decodePattern(string(), dialect);
        }
        int begin = at;
        while (isAtomChar(b) || b == ']' || b == '%' || b == '*') {
            at++;
            b = peek();
        }
        if (at == begin) {
            throw new SyntaxException(isAtEnd() ? "Missing argument" : "Expected a mailbox name");
        }
        return MailboxNames.decodePattern(Bytes.copyOf(text, begin, at), dialect);
    }

    /** NIL as null, or a string. */
    Bytes nstring() {
        return takeWord("NIL") ? null : string();
    }

    Bytes string() {
        if (peek() == '"') {
            return quoted();
        }
        if (peek() != '{') {
            throw new SyntaxException(isAtEnd() ? "Missing argument" : "Expected a string");
        }
        LiteralNeeded.Literal literal = announcement();
        Bytes bytes = arrived();
        if (bytes == null) {
            throw LiteralNeeded.argument(literal);
        }
        for (int i = 0; i < bytes.length(); i++) {
            if (bytes.at(i) == 0) {
                throw new SyntaxException("NUL in a literal");
            }
        }
        return bytes;
    }

    /**
     * The announcement of a message. What follows is read only when its bytes have been handed on.
     *
     * @return null when the message has been handed on, else what is announced
     */
    LiteralNeeded.Literal message(Command.MessageForm form) {
        if (form != Command.MessageForm.LITERAL) {
            expect('~');
        }
        if (peek() != '{') {
            throw new SyntaxException("Expected a literal");
        }
        LiteralNeeded.Literal literal = announcement();
        LiteralNeeded.Literal message = new LiteralNeeded.Literal(
                literal.sizeBytes(), literal.isSynchronizing(), form != Command.MessageForm.LITERAL);
        lastMessageBytes = literal.sizeBytes();
        return arrived() == null ? message : null;
    }

    private long lastMessageBytes;

    /** The length of the message that {@link #message} read last. */
    long lastMessageBytes() {
        return lastMessageBytes;
    }

    /** {@code {n}} or {@code {n+}} and the end of its line. */
    private LiteralNeeded.Literal announcement() {
        expect('{');
        long size = number(0, Long.MAX_VALUE);
        boolean isSynchronizing = !take('+');
        expect('}');
        end();
        return new LiteralNeeded.Literal(size, isSynchronizing, false);
    }

    /** The literal announced last, past the end of its line, or null when it has not arrived. */
    private Bytes arrived() {
        if (nextLiteral == literals.size()) {
            return null;
        }
        at += text[at] == '\r' ? 2 : 1;
        return literals.get(nextLiteral++);
    }

    private Bytes quoted() {
        expect('"');
        ByteArrayOutputStream unquoted = new ByteArrayOutputStream();
        for (int b = peek(); b != '"'; b = peek()) {
            if (b == '\\') {
                at++;
                b = peek();
                if (b != '\\' && b != '"') {
                    throw new SyntaxException("Invalid escape in a quoted string");
                }
            }
            if (b == END) {
                throw new SyntaxException("Quoted string without an end");
            }
            if (b == 0 || b == '\r') {
                throw new SyntaxException("Invalid character in a quoted string");
            }
            unquoted.write(b);
            at++;
        }
        at++;
        return Bytes.wrap(unquoted.toByteArray());
    }

    /** Bytes not read yet of the current line, all of them. */
    Bytes rest() {
        int begin = at;
        while (peek() != END) {
            at++;
        }
        return Bytes.copyOf(text, begin, at);
    }

    /** Where the reading is; for the check that everything was read. */
    boolean isWhole() {
        return at + (text[at] == '\r' ? 2 : 1) == end && nextLiteral == literals.size();
    }
}
