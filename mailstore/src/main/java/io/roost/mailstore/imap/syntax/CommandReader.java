package io.roost.mailstore.imap.syntax;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.CommandEvent.Flow;
import io.roost.mailstore.imap.syntax.CommandEvent.Size;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Finds commands in the bytes of a connection. Bytes are given with {@link #offer}; {@link #next} is asked until it has
 * nothing more. The owner asks only when it is ready for another command, so that what it learns from one (the dialect, a
 * SASL exchange, an idle client) holds for the bytes after it; bytes that it has offered and not asked for wait here.
 *
 * <p>Memory: a command and its arguments, up to {@link ImapLimits#commandBytes}, none of it between commands; the bytes of
 * messages pass through.
 *
 * <p>After a command that cannot be read, the next is looked for where it must begin: after the line, or after the
 * literal that the client sends without waiting and the rest of that command (RFC 7888 section 4).
 */
public final class CommandReader {
    private static final byte[] NO_TEXT = {};
    private static final int FIRST_LINE_BYTES = 256;

    /** Digits, braces and signs of the longest announcement of a literal. */
    private static final int TAIL_BYTES = 32;

    private enum State {
        /** Collecting a line of a command. */
        TEXT,
        /** Collecting a literal that is an argument. */
        ARGUMENT,
        /** A message has been announced and not been answered for. */
        ANNOUNCED,
        /** Handing on a message. */
        MESSAGE,
        /** A message has been handed on; its end is to be told. */
        MESSAGE_END,
        /** Passing over the rest of a line. */
        SKIP_LINE,
        /** Passing over a literal. */
        SKIP_LITERAL,
        /** Collecting a line that is no command. */
        LINE,
        /** Out of step. */
        ENDED
    }

    private final Deque<Buffer> input = new ArrayDeque<>();
    private int inputAt;

    private ImapLimits limits;
    private Dialect dialect = Dialect.REV1;
    private State state = State.TEXT;

    private byte[] text = NO_TEXT;
    private int textLength;
    private List<Bytes> literals = new ArrayList<>();
    private int literalsBytes;

    private byte[] argument;
    private int argumentLength;
    private long literalLeft;
    private LiteralNeeded.Literal announced;
    private String tag = CommandEvent.NO_TAG;

    /** What is to be answered when the command that is passed over has ended; null when it has been answered. */
    private CommandEvent afterSkip;

    /** What {@link #next} tells first. */
    private CommandEvent pending;

    /** A reader at the beginning of a connection. */
    public CommandReader(ImapLimits limits) {
        this.limits = limits;
    }

    /** Sets the bounds from the next command on. */
    public void limits(ImapLimits newLimits) {
        limits = newLimits;
    }

    /** Sets the dialect from the next command on. */
    public void dialect(Dialect newDialect) {
        dialect = newDialect;
    }

    /** Takes bytes that came from the connection; the buffer must not change afterwards. */
    public void offer(Buffer bytes) {
        if (bytes.length() > 0 && state != State.ENDED) {
            input.add(bytes);
        }
    }

    /** The next thing that is not a command, but a line; to be said when the one before has been taken. */
    public void expectLine() {
        require(State.TEXT);
        state = State.LINE;
    }

    /** Takes the announced message: its bytes come as {@link CommandEvent.MessageBytes}. */
    public void acceptMessage() {
        require(State.ANNOUNCED);
        literalLeft = announced.sizeBytes();
        literals.add(CommandText.MESSAGE);
        state = literalLeft == 0 ? State.MESSAGE_END : State.MESSAGE;
    }

    /** Ends the command at the announced message, which is passed over if the client sends it all the same. */
    public void refuseMessage() {
        require(State.ANNOUNCED);
        pending = abandon(announced, null);
    }

    private void require(State expected) {
        if (state != expected) {
            throw new IllegalStateException("the reader is at " + state + ", not " + expected);
        }
    }

    /** Whether bytes have come that no event has told of: what a client sent too early before STARTTLS. */
    public boolean hasUnread() {
        return textLength > 0 || !input.isEmpty();
    }

    /** Takes back all bytes that no event has told of, and forgets them: they belong to a layer that begins. */
    public Buffer takeUnread() {
        Buffer unread = Buffer.buffer();
        unread.appendBytes(text, 0, textLength);
        for (Buffer bytes : input) {
            unread.appendBuffer(bytes, inputAt, bytes.length() - inputAt);
            inputAt = 0;
        }
        input.clear();
        reset();
        return unread;
    }

    /** Bytes that the reader has set aside for the command it is at, for the check of its bound. */
    int heldBytes() {
        return text.length + literalsBytes + (argument == null ? 0 : argument.length);
    }

    /** The next event, or null when more bytes are needed or the owner has not answered for a message. */
    public CommandEvent next() {
        while (true) {
            if (pending != null) {
                CommandEvent event = pending;
                pending = null;
                return event;
            }
            if (state == State.MESSAGE_END) {
                state = State.TEXT;
                return CommandEvent.MessageEnd.COMPLETE;
            }
            if (state == State.ANNOUNCED || state == State.ENDED || (input.isEmpty() && literalLeft > 0)) {
                return null;
            }
            if (state == State.SKIP_LITERAL && literalLeft == 0) {
                state = State.SKIP_LINE;
            }
            if (state == State.ARGUMENT && literalLeft == 0) {
                literals.add(Bytes.wrap(argument));
                argument = null;
                state = State.TEXT;
            }
            if (input.isEmpty()) {
                return null;
            }
            CommandEvent event = step();
            if (event != null) {
                return event;
            }
        }
    }

    private CommandEvent step() {
        return switch (state) {
            case TEXT -> readLine() ? parse() : overlong();
            case LINE -> readLine() ? line() : overlong();
            case SKIP_LINE -> skipLine();
            case ARGUMENT -> readArgument();
            case MESSAGE -> readMessage();
            case SKIP_LITERAL -> skipLiteral();
            case ANNOUNCED, MESSAGE_END, ENDED -> throw new IllegalStateException("nothing to read at " + state);
        };
    }

    /** Collects text up to an LF; true when it is there. */
    private boolean readLine() {
        while (!input.isEmpty()) {
            Buffer bytes = input.peek();
            int room = Math.max(0, limits.commandBytes() + 1 - textLength - literalsBytes);
            int end = Math.min(bytes.length(), inputAt + room);
            int lineEnd = inputAt;
            while (lineEnd < end && bytes.getByte(lineEnd) != '\n') {
                lineEnd++;
            }
            boolean isComplete = lineEnd < end;
            collect(bytes, isComplete ? lineEnd + 1 : end);
            if (isComplete) {
                return true;
            }
            if (textLength + literalsBytes > limits.commandBytes()) {
                return false;
            }
        }
        return false;
    }

    private void collect(Buffer bytes, int end) {
        int length = end - inputAt;
        if (text.length - textLength < length) {
            int capacity = Math.max(Math.max(text.length * 2, FIRST_LINE_BYTES), textLength + length);
            text = Arrays.copyOf(text, Math.min(capacity, limits.commandBytes() + 1 + FIRST_LINE_BYTES));
        }
        bytes.getBytes(inputAt, end, text, textLength);
        textLength += length;
        consume(length);
    }

    private void consume(int length) {
        inputAt += length;
        if (inputAt == input.peek().length()) {
            input.remove();
            inputAt = 0;
        }
    }

    /** A line without an end yet: too long when the limit is reached, else more bytes are needed. */
    private CommandEvent overlong() {
        if (textLength + literalsBytes <= limits.commandBytes()) {
            return null;
        }
        if (state == State.LINE) {
            return fatal("Line is too long");
        }
        afterSkip = new CommandEvent.Bad(tagOfOverlong(), "Command is too long");
        keepTail();
        state = State.SKIP_LINE;
        return null;
    }

    private CommandEvent fatal(String reason) {
        reset();
        input.clear();
        inputAt = 0;
        state = State.ENDED;
        return new CommandEvent.Fatal(reason);
    }

    private void reset() {
        text = NO_TEXT;
        textLength = 0;
        literals = new ArrayList<>();
        literalsBytes = 0;
        argument = null;
        literalLeft = 0;
        announced = null;
        afterSkip = null;
        tag = CommandEvent.NO_TAG;
        state = State.TEXT;
    }

    private CommandEvent line() {
        int end = textLength - 1;
        if (end > 0 && text[end - 1] == '\r') {
            end--;
        }
        Bytes line = Bytes.copyOf(text, 0, end);
        reset();
        return new CommandEvent.Line(line);
    }

    private String tagOfOverlong() {
        byte[] head = Arrays.copyOf(text, Math.min(textLength, ImapLimits.MAX_TAG_BYTES + 1) + 1);
        head[head.length - 1] = '\n';
        try {
            return new CommandText(head, head.length, List.of(), dialect).tag();
        } catch (SyntaxException invalid) {
            return CommandEvent.NO_TAG;
        }
    }

    private CommandEvent parse() {
        tag = CommandEvent.NO_TAG;
        CommandText in = new CommandText(text, textLength, literals, dialect);
        try {
            tag = in.tag();
            in.space();
            CommandEvent complete = new CommandEvent.Complete(tag, CommandParser.parse(in));
            reset();
            return complete;
        } catch (LiteralNeeded needed) {
            return needed.carrier() == null ? argument(needed.literal()) : announce(needed);
        } catch (SyntaxException invalid) {
            return bad(invalid.getMessage());
        }
    }

    private CommandEvent announce(LiteralNeeded needed) {
        announced = needed.literal();
        state = State.ANNOUNCED;
        Size size = announced.sizeBytes() > limits.messageBytes() ? Size.TOO_BIG : Size.ACCEPTABLE;
        Flow flow = announced.isSynchronizing() ? Flow.WAITS : Flow.SENDS;
        return new CommandEvent.MessageAnnounced(tag, needed.carrier(), size, flow);
    }

    private CommandEvent argument(LiteralNeeded.Literal literal) {
        boolean isTooLong = literal.sizeBytes() > limits.commandBytes() - textLength - literalsBytes;
        if (isTooLong || literals.size() == ImapLimits.MAX_LITERALS) {
            String reason = isTooLong ? "Literal is too long" : "Too many literals";
            return abandon(literal, new CommandEvent.Bad(tag, reason));
        }
        literalLeft = literal.sizeBytes();
        literalsBytes += (int) literal.sizeBytes();
        argument = new byte[(int) literal.sizeBytes()];
        argumentLength = 0;
        state = State.ARGUMENT;
        return literal.isSynchronizing() ? CommandEvent.Wanted.CONTINUATION : null;
    }

    /** Ends a command whose last line cannot be read; that line may announce a literal which is on its way. */
    private CommandEvent bad(String reason) {
        return abandon(LiteralTail.of(text, textLength), new CommandEvent.Bad(tag, reason));
    }

    /**
     * Gives a command up.
     *
     * @param literal that its last line announces, or null
     * @param answer to be given, null when the owner has answered
     */
    private CommandEvent abandon(LiteralNeeded.Literal literal, CommandEvent answer) {
        if (literal == null || literal.isSynchronizing()) {
            reset();
            return answer;
        }
        if (literal.sizeBytes() > limits.skippedBytes()) {
            return fatal("Literal is too long");
        }
        reset();
        literalLeft = literal.sizeBytes();
        afterSkip = answer;
        state = State.SKIP_LITERAL;
        return null;
    }

    private void keepTail() {
        int begin = Math.max(0, textLength - TAIL_BYTES);
        text = Arrays.copyOfRange(text, begin, textLength);
        textLength = text.length;
    }

    private CommandEvent skipLine() {
        Buffer bytes = input.peek();
        int lineEnd = inputAt;
        while (lineEnd < bytes.length() && bytes.getByte(lineEnd) != '\n') {
            lineEnd++;
        }
        boolean isComplete = lineEnd < bytes.length();
        int end = isComplete ? lineEnd + 1 : lineEnd;
        int tailBegin = Math.max(inputAt, end - TAIL_BYTES);
        byte[] tail = Arrays.copyOf(text, textLength + end - tailBegin);
        bytes.getBytes(tailBegin, end, tail, textLength);
        text = tail;
        textLength = tail.length;
        consume(end - inputAt);
        if (isComplete) {
            return abandon(LiteralTail.of(text, textLength), afterSkip);
        }
        keepTail();
        return null;
    }

    private int literalBytesHere() {
        return (int) Math.min(literalLeft, input.peek().length() - inputAt);
    }

    private CommandEvent readArgument() {
        int length = literalBytesHere();
        input.peek().getBytes(inputAt, inputAt + length, argument, argumentLength);
        argumentLength += length;
        literalLeft -= length;
        consume(length);
        return null;
    }

    private CommandEvent readMessage() {
        int length = literalBytesHere();
        Buffer bytes = input.peek().slice(inputAt, inputAt + length);
        literalLeft -= length;
        consume(length);
        if (literalLeft == 0) {
            state = State.MESSAGE_END;
        }
        return new CommandEvent.MessageBytes(bytes);
    }

    private CommandEvent skipLiteral() {
        int length = literalBytesHere();
        literalLeft -= length;
        consume(length);
        return null;
    }
}
