package io.roost.mailstore.lmtp;

import io.roost.cluster.object.ByteWriter;
import io.roost.mailstore.lmtp.LmtpArguments.Path;
import io.roost.mailstore.lmtp.MessageLines.Framing;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One connection of LMTP (RFC 2033), a machine: bytes and answers in, {@link LmtpEffects} out. Also PIPELINING (RFC
 * 2920), 8BITMIME (RFC 6152), SMTPUTF8 (RFC 6531), CHUNKING (RFC 3030), ENHANCEDSTATUSCODES (RFC 2034), SIZE (RFC 1870),
 * STARTTLS (RFC 3207), XCLIENT (Postfix's), XRCPTFORWARD (Dovecot's).
 *
 * <p>While the owner has a recipient to check or a message to deliver, {@link #isWaiting} is true and commands wait; the
 * owner then takes no more bytes from the connection. Every accepted recipient gets its own reply after the message.
 *
 * <p>One class, because DATA, BDAT and RSET are about one state, the transaction that MAIL began: what is said of arguments and of
 * lines is elsewhere.
 */
public final class LmtpSession {
    /** Whether a peer's XCLIENT is believed. */
    public enum Trust {
        /** It is not. */
        NONE,
        /** It is a proxy of ours. */
        PROXY
    }

    /** Whether TLS can begin, or has. */
    public enum Tls {
        /** There is no certificate. */
        UNAVAILABLE,
        /** STARTTLS is offered. */
        OFFERED,
        /** The connection is encrypted. */
        ACTIVE
    }

    private enum State {
        COMMAND,
        /** The owner checks a recipient. */
        CHECKING,
        DATA,
        CHUNK,
        /** Bytes of a chunk that has no place are passed over. */
        SKIP_CHUNK,
        /** The owner delivers. */
        DELIVERING,
        TLS,
        CLOSED
    }

    private static final Set<String> RCPT_PARAMETERS = Set.of("XRCPTFORWARD");

    private final String host;
    private final LmtpLimits limits;
    private final Trust trust;
    private Tls tls;
    private LmtpClient client;

    private State state = State.COMMAND;
    private final LmtpInput input = new LmtpInput();
    private int errors;
    private boolean isGreeted;
    private boolean isRunning;

    private String sender;
    private boolean isUtf8;
    private long announcedBytes;
    private String checking;
    private final List<String> recipients = new ArrayList<>();

    private MessageLines lines;
    private boolean isMessageOpen;
    private long messageBytes;
    private boolean isTooBig;
    /** A chunk was refused: those after it are too, until RSET. */
    private boolean isChunkRefused;

    private long chunkLeft;
    private boolean isLastChunk;

    /**
     * A session of a new connection.
     *
     * @param host the server's name
     * @param client the peer
     */
    public LmtpSession(String host, LmtpLimits limits, LmtpClient client, Trust trust, Tls tls) {
        this.host = host;
        this.limits = limits;
        this.client = client;
        this.trust = trust;
        this.tls = tls;
    }

    /** True while the session needs an answer, and no bytes. */
    public boolean isWaiting() {
        return state == State.CHECKING || state == State.DELIVERING || state == State.TLS;
    }

    /** True between the first byte of a message and its delivery. */
    public boolean isReceiving() {
        return isMessageOpen;
    }

    /** The connection is there. */
    public void onConnect(LmtpEffects out) {
        out.send("220 " + host + " LMTP Roost\r\n");
    }

    /** Bytes have come; the buffer must not change afterwards. */
    public void onBytes(Buffer bytes, LmtpEffects out) {
        if (state != State.CLOSED) {
            input.offer(bytes);
            run(out);
        }
    }

    /** The connection is gone, or is to be ended with a reply. */
    public void onEnd(LmtpReply reply, LmtpEffects out) {
        if (state != State.CLOSED) {
            end(reply, out);
        }
    }

    /** The connection is gone. */
    public void onDisconnect(LmtpEffects out) {
        abort(out);
        state = State.CLOSED;
        input.clear();
    }

    /** The recipient that was to be checked is taken, or not. */
    public void onRecipient(LmtpReply reply, LmtpEffects out) {
        if (state != State.CHECKING) {
            return;
        }
        state = State.COMMAND;
        if (reply.isPositive()) {
            recipients.add(checking);
        }
        out.send(reply.line(checking) + "\r\n");
        run(out);
    }

    /** The message is delivered, or not, to each recipient. */
    public void onDelivered(List<LmtpReply> replies, LmtpEffects out) {
        if (state != State.DELIVERING) {
            return;
        }
        if (replies.size() != recipients.size()) {
            throw new IllegalArgumentException(replies.size() + " replies for " + recipients.size() + " recipients");
        }
        isMessageOpen = false;
        replyToAll(replies, out);
        reset(out);
        state = State.COMMAND;
        run(out);
    }

    /** TLS is active; the client begins anew, and what it sent before is gone (RFC 3207 4.2). */
    public void onTls(LmtpEffects out) {
        tls = Tls.ACTIVE;
        isGreeted = false;
        reset(out);
        input.clear();
        state = State.COMMAND;
    }

    private void replyToAll(List<LmtpReply> replies, LmtpEffects out) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < replies.size(); i++) {
            all.append(replies.get(i).line(recipients.get(i))).append("\r\n");
        }
        out.send(all.toString());
    }

    private void replyToAll(LmtpReply reply, LmtpEffects out) {
        replyToAll(recipients.stream().map(recipient -> reply).toList(), out);
    }

    private void abort(LmtpEffects out) {
        if (isMessageOpen) {
            isMessageOpen = false;
            out.abortMessage();
        }
    }

    /** Back to before MAIL. */
    private void reset(LmtpEffects out) {
        abort(out);
        sender = null;
        isUtf8 = false;
        announcedBytes = LmtpEnvelope.UNKNOWN_SIZE;
        recipients.clear();
        lines = null;
        messageBytes = 0;
        isTooBig = false;
        isChunkRefused = false;
    }

    private void end(LmtpReply reply, LmtpEffects out) {
        abort(out);
        state = State.CLOSED;
        input.clear();
        out.send(reply.line() + "\r\n");
        out.close();
    }

    private void reply(LmtpReply reply, LmtpEffects out) {
        out.send(reply.line() + "\r\n");
        if (!reply.isPositive() && ++errors >= LmtpLimits.MAX_ERRORS) {
            end(LmtpReply.TOO_MANY_ERRORS, out);
        }
    }

    /** What is answered at once comes back here: the stack does not grow with the commands that wait. */
    private void run(LmtpEffects out) {
        if (isRunning) {
            return;
        }
        isRunning = true;
        try {
            read(out);
        } finally {
            isRunning = false;
        }
    }

    private void read(LmtpEffects out) {
        while (state != State.CLOSED && !isWaiting() && !input.isEmpty()) {
            switch (state) {
                case COMMAND -> readLine(out);
                case DATA -> readData(out);
                case CHUNK -> readChunk(out);
                default -> skipChunk(out);
            }
        }
    }

    private void readLine(LmtpEffects out) {
        LmtpInput.Line line = input.line();
        if (line == null) {
            return;
        }
        if (line.isTooLong()) {
            reply(LmtpReply.LINE_TOO_LONG, out);
        } else {
            command(line.text(), out);
        }
    }

    private void command(String text, LmtpEffects out) {
        int space = text.indexOf(' ');
        String verb = (space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT);
        String argument = space < 0 ? "" : text.substring(space + 1).strip();
        switch (verb) {
            case "LHLO" -> onLhlo(argument, out);
            case "HELO", "EHLO" -> reply(LmtpReply.NOT_SMTP, out);
            case "MAIL" -> onMail(argument, out);
            case "RCPT" -> onRcpt(argument, out);
            case "DATA" -> onData(argument, out);
            case "BDAT" -> onBdat(argument, out);
            case "RSET" -> onRset(argument, out);
            case "NOOP" -> reply(LmtpReply.OK, out);
            case "VRFY" -> reply(LmtpReply.NOT_VERIFIED, out);
            case "QUIT" -> end(LmtpReply.BYE, out);
            case "STARTTLS" -> onStartTls(argument, out);
            case "XCLIENT" -> onXclient(argument, out);
            default -> reply(LmtpReply.UNKNOWN_COMMAND, out);
        }
    }

    private void onLhlo(String argument, LmtpEffects out) {
        if (argument.isEmpty()) {
            reply(LmtpReply.SYNTAX_ERROR, out);
            return;
        }
        reset(out);
        isGreeted = true;
        client = client.helo().isEmpty() || trust == Trust.NONE ? client.withHelo(argument) : client;
        StringBuilder offer =
                new StringBuilder("250-" + host + "\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n");
        offer.append("250-CHUNKING\r\n250-ENHANCEDSTATUSCODES\r\n");
        if (tls == Tls.OFFERED) {
            offer.append("250-STARTTLS\r\n");
        }
        if (trust == Trust.PROXY) {
            offer.append("250-XCLIENT ")
                    .append(String.join(" ", LmtpArguments.XCLIENT))
                    .append("\r\n250-XRCPTFORWARD\r\n");
        }
        out.send(offer.append("250 SIZE ")
                .append(limits.messageBytes())
                .append("\r\n")
                .toString());
    }

    private void onMail(String argument, LmtpEffects out) {
        Path path = LmtpArguments.path(argument, "FROM:");
        if (!isGreeted || sender != null) {
            reply(LmtpReply.BAD_SEQUENCE, out);
        } else if (path == null) {
            reply(LmtpReply.BAD_SENDER, out);
        } else {
            LmtpReply reply = LmtpArguments.mailReply(path, limits);
            if (reply.isPositive()) {
                sender = path.address();
                isUtf8 = path.parameters().containsKey("SMTPUTF8");
                announcedBytes = LmtpArguments.announcedBytes(path);
            }
            reply(reply, out);
        }
    }

    private void onRcpt(String argument, LmtpEffects out) {
        Path path = LmtpArguments.path(argument, "TO:");
        if (sender == null || lines != null || isChunkRefused) {
            reply(LmtpReply.BAD_SEQUENCE, out);
        } else if (path == null || path.address().isEmpty()) {
            reply(LmtpReply.BAD_RECIPIENT, out);
        } else if (!RCPT_PARAMETERS.containsAll(path.parameters().keySet())
                || (trust == Trust.NONE && !path.parameters().isEmpty())) {
            reply(LmtpReply.UNKNOWN_PARAMETER, out);
        } else if (!isUtf8 && !LmtpArguments.isAscii(path.address())) {
            reply(LmtpReply.NEEDS_SMTPUTF8, out);
        } else if (recipients.size() == limits.recipients()) {
            reply(LmtpReply.TOO_MANY_RECIPIENTS, out);
        } else {
            checking = path.address();
            state = State.CHECKING;
            out.checkRecipient(checking, announcedBytes);
        }
    }

    private LmtpReply contentReply() {
        return sender == null ? LmtpReply.BAD_SEQUENCE : LmtpReply.NO_RECIPIENTS;
    }

    private void beginMessage(Framing framing, LmtpEffects out) {
        lines = new MessageLines(framing);
        isMessageOpen = true;
        out.beginMessage(new LmtpEnvelope(client, sender, recipients, announcedBytes));
    }

    private void onData(String argument, LmtpEffects out) {
        if (!argument.isEmpty()) {
            reply(LmtpReply.SYNTAX_ERROR, out);
        } else if (lines != null || isChunkRefused) {
            reply(LmtpReply.BAD_SEQUENCE, out);
        } else if (recipients.isEmpty()) {
            reply(contentReply(), out);
        } else {
            reply(LmtpReply.GO_AHEAD, out);
            beginMessage(Framing.DOT, out);
            state = State.DATA;
        }
    }

    private void readData(LmtpEffects out) {
        byte[] bytes = input.peek(Integer.MAX_VALUE);
        ByteWriter message = new ByteWriter(bytes.length + 16);
        input.consume(lines.onBytes(bytes, 0, bytes.length, message));
        message(message, out);
        if (lines.isEnded()) {
            endMessage(out);
        }
    }

    /** Hands bytes on unless the message is too big. */
    private void message(ByteWriter message, LmtpEffects out) {
        messageBytes += message.size();
        if (messageBytes > limits.messageBytes()) {
            isTooBig = true;
            abort(out);
        } else if (message.size() > 0) {
            out.messageBytes(Buffer.buffer(message.toArray()));
        }
    }

    private void endMessage(LmtpEffects out) {
        if (isTooBig) {
            replyToAll(LmtpReply.TOO_BIG, out);
            reset(out);
            state = State.COMMAND;
        } else {
            state = State.DELIVERING;
            out.endMessage();
        }
    }

    /** {@code BDAT n [LAST]}: whatever the reply, n bytes follow (RFC 3030 2). */
    private void onBdat(String argument, LmtpEffects out) {
        String[] parts = argument.split(" +", -1);
        boolean isLast = parts.length == 2 && parts[1].equalsIgnoreCase("LAST");
        long size = LmtpArguments.number(parts[0]);
        if (size < 0 || parts.length > 2 || (parts.length == 2 && !isLast)) {
            // How many bytes follow cannot be known, so nothing after this can be read.
            end(LmtpReply.SYNTAX_ERROR, out);
            return;
        }
        chunkLeft = size;
        isLastChunk = isLast;
        if (recipients.isEmpty() || isChunkRefused) {
            isChunkRefused |= sender != null;
            skipOrReply(out);
            return;
        }
        if (lines == null) {
            beginMessage(Framing.CHUNK, out);
        }
        state = State.CHUNK;
        if (chunkLeft == 0) {
            endChunk(out);
        }
    }

    private void skipOrReply(LmtpEffects out) {
        state = State.SKIP_CHUNK;
        if (chunkLeft == 0) {
            endSkipped(out);
        }
    }

    private void skipChunk(LmtpEffects out) {
        chunkLeft -= input.skip(chunkLeft);
        if (chunkLeft == 0) {
            endSkipped(out);
        }
    }

    private void endSkipped(LmtpEffects out) {
        state = State.COMMAND;
        reply(isTooBig ? LmtpReply.TOO_BIG : contentReply(), out);
    }

    private void readChunk(LmtpEffects out) {
        byte[] bytes = input.peek(chunkLeft);
        chunkLeft -= bytes.length;
        input.consume(bytes.length);
        ByteWriter message = new ByteWriter(bytes.length + 16);
        lines.onBytes(bytes, 0, bytes.length, message);
        message(message, out);
        if (chunkLeft == 0) {
            endChunk(out);
        }
    }

    private void endChunk(LmtpEffects out) {
        state = State.COMMAND;
        if (isLastChunk) {
            ByteWriter message = new ByteWriter();
            lines.finish(message);
            message(message, out);
            endMessage(out);
        } else if (isTooBig) {
            isChunkRefused = true;
            reply(LmtpReply.TOO_BIG, out);
        } else {
            reply(LmtpReply.CHUNK_OK, out);
        }
    }

    private void onRset(String argument, LmtpEffects out) {
        if (argument.isEmpty()) {
            reset(out);
            reply(LmtpReply.OK, out);
        } else {
            reply(LmtpReply.SYNTAX_ERROR, out);
        }
    }

    private void onStartTls(String argument, LmtpEffects out) {
        if (!argument.isEmpty()) {
            reply(LmtpReply.SYNTAX_ERROR, out);
        } else if (tls == Tls.UNAVAILABLE) {
            reply(LmtpReply.TLS_UNAVAILABLE, out);
        } else if (tls == Tls.ACTIVE || sender != null) {
            reply(LmtpReply.BAD_SEQUENCE, out);
        } else {
            reply(LmtpReply.TLS_READY, out);
            state = State.TLS;
            out.startTls();
        }
    }

    private void onXclient(String argument, LmtpEffects out) {
        LmtpClient told = LmtpArguments.xclient(argument, client);
        if (trust == Trust.NONE) {
            reply(LmtpReply.NOT_TRUSTED, out);
        } else if (sender != null) {
            reply(LmtpReply.BAD_SEQUENCE, out);
        } else if (told == null) {
            reply(LmtpReply.SYNTAX_ERROR, out);
        } else {
            client = told;
            isGreeted = false;
            onConnect(out);
        }
    }
}
