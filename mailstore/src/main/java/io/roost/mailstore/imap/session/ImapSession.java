package io.roost.mailstore.imap.session;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.imap.syntax.Command.Simple;
import io.roost.mailstore.imap.syntax.CommandEvent;
import io.roost.mailstore.imap.syntax.CommandEvent.Complete;
import io.roost.mailstore.imap.syntax.CommandEvent.MessageAnnounced;
import io.roost.mailstore.imap.syntax.CommandReader;
import io.roost.mailstore.imap.syntax.Dialect;
import io.roost.mailstore.imap.syntax.ImapLimits;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.imap.syntax.Response.Condition;
import io.roost.mailstore.imap.syntax.Response.Status;
import io.roost.mailstore.imap.syntax.ResponseCode;
import io.roost.mailstore.imap.syntax.ResponseCode.Word;
import io.roost.mailstore.imap.syntax.ResponseWriter;
import io.roost.mailstore.sasl.ScramKeys;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One connection of IMAP, a machine: bytes and answers in, {@link ImapEffects} out. Commands are carried out one after the
 * other, in the order in which they come (RFC 9051 5.5 lets a server do so), so that no answer depends on another that is
 * still under way; what concerns the connection alone is answered here, the rest is given to the owner.
 *
 * <p>While the owner has something to answer, {@link #isWaiting} is true and later commands wait; the owner then takes no
 * more bytes from the connection than it has.
 *
 * <p>One class, because all its inputs are about one state: what it waits for, which each of them may end or begin.
 */
public final class ImapSession {
    private enum State {
        NOT_AUTHENTICATED,
        AUTHENTICATED,
        SELECTED,
        CLOSED
    }

    private enum Waiting {
        /** For bytes. */
        NOTHING,
        /** For the owner. */
        ANSWER,
        /** For DONE. */
        IDLE_END,
        /** For TLS. */
        TLS
    }

    /** What needs an open mailbox, beside commands without parameters. */
    private static final Set<Class<? extends Command>> OF_MESSAGES = Set.of(
            Command.UidExpunge.class,
            Command.Search.class,
            Command.Sort.class,
            Command.Fetch.class,
            Command.Store.class,
            Command.Copy.class,
            Command.Move.class,
            Command.Replace.class);

    private final SessionSettings settings;
    private final CommandReader reader = new CommandReader(ImapLimits.BEFORE_LOGIN);
    private final EnabledExtensions enabled = new EnabledExtensions();
    private ResponseWriter writer = new ResponseWriter(Dialect.REV1);
    private SessionSettings.TlsState tls;
    private State state = State.NOT_AUTHENTICATED;
    private Waiting waiting = Waiting.NOTHING;
    private String tag = CommandEvent.NO_TAG;
    private LoginDialog login;
    private CommandEvent.Flow messageFlow;
    private boolean hasMessages;
    private boolean isRunning;
    private boolean isCompressed;
    private int loginFailures;
    private int badCommands;

    /** A session of a new connection. */
    public ImapSession(SessionSettings settings, SessionSettings.TlsState tls) {
        this.settings = settings;
        this.tls = tls;
    }

    /** True while the session needs an answer, and no bytes. */
    public boolean isWaiting() {
        return waiting == Waiting.ANSWER || waiting == Waiting.TLS;
    }

    /** True while the client is logged in. */
    public boolean isAuthenticated() {
        return state == State.AUTHENTICATED || state == State.SELECTED;
    }

    /** What the client has switched on. */
    public EnabledExtensions enabled() {
        return enabled;
    }

    /** The connection is there. */
    public void onConnect(ImapEffects out) {
        send(Status.info(new ResponseCode.Capability(capabilities()), "Roost ready"), out);
    }

    /** Bytes have come; the buffer must not change afterwards. */
    public void onBytes(Buffer bytes, ImapEffects out) {
        if (state != State.CLOSED) {
            reader.offer(bytes);
            run(out);
        }
    }

    /** The connection is gone. */
    public void onDisconnect(ImapEffects out) {
        abandonMessages(out);
        state = State.CLOSED;
    }

    private void abandonMessages(ImapEffects out) {
        if (hasMessages) {
            hasMessages = false;
            out.abandonMessages();
        }
    }

    /** The server ends the connection. */
    public void onEnd(String reason, ImapEffects out) {
        if (state == State.CLOSED) {
            return;
        }
        abandonMessages(out);
        send(Status.untagged(Condition.BYE, reason), out);
        state = State.CLOSED;
        out.close();
    }

    /** Tells the client something while a command is carried out, or while it is idle. */
    public void tell(Response response, ImapEffects out) {
        if (state != State.CLOSED) {
            send(response, out);
        }
    }

    /** The writer of the session's dialect, for answers that are written in pieces; all of it must be taken. */
    public ResponseWriter writer() {
        return writer;
    }

    private void send(Response response, ImapEffects out) {
        out.send(writer.write(response).take());
    }

    private void answer(Condition condition, ResponseCode code, String text, ImapEffects out) {
        send(new Status(tag, condition, code, text), out);
    }

    /** What the session can do now, in the order in which it is told. */
    public List<String> capabilities() {
        return Capabilities.of(settings, tls, isAuthenticated());
    }

    /** What is answered at once comes back here: the stack does not grow with the commands that wait. */
    private void run(ImapEffects out) {
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

    private void read(ImapEffects out) {
        while (state != State.CLOSED && !isWaiting()) {
            CommandEvent event = reader.next();
            if (event == null) {
                return;
            }
            onEvent(event, out);
        }
    }

    private void onEvent(CommandEvent event, ImapEffects out) {
        if (event instanceof Complete complete) {
            tag = complete.tag();
            hasMessages = false;
            onCommand(complete.command(), out);
        } else if (event instanceof CommandEvent.Bad bad) {
            abandonMessages(out);
            tag = bad.tag();
            bad(bad.text(), out);
        } else if (event instanceof CommandEvent.Wanted) {
            send(new Response.Continuation("OK"), out);
        } else if (event instanceof MessageAnnounced announced) {
            onAnnounced(announced, out);
        } else if (event instanceof CommandEvent.MessageBytes bytes) {
            out.messageBytes(bytes.bytes());
        } else if (event instanceof CommandEvent.MessageEnd) {
            out.messageEnd();
        } else if (event instanceof CommandEvent.Line line) {
            onLine(line.bytes(), out);
        } else if (event instanceof CommandEvent.Fatal fatal) {
            onEnd(fatal.text(), out);
        }
    }

    private void bad(String text, ImapEffects out) {
        answer(Condition.BAD, null, text, out);
        if (++badCommands >= SessionSettings.MAX_BAD_COMMANDS) {
            onEnd("Too many invalid commands", out);
        }
    }

    private void onAnnounced(MessageAnnounced announced, ImapEffects out) {
        tag = announced.tag();
        boolean isAllowed = announced.command() instanceof Command.Append ? isAuthenticated() : state == State.SELECTED;
        if (!isAllowed) {
            refuse(Condition.BAD, null, "Command is not valid in this state", out);
        } else if (announced.size() == CommandEvent.Size.TOO_BIG) {
            refuse(Condition.NO, Word.TOOBIG, "Message is too big", out);
        } else {
            messageFlow = announced.flow();
            waiting = Waiting.ANSWER;
            out.announceMessage(announced.command());
        }
    }

    private void refuse(Condition condition, ResponseCode code, String text, ImapEffects out) {
        abandonMessages(out);
        answer(condition, code, text, out);
        reader.refuseMessage();
    }

    /** The announced message may come. */
    public void onMessageAccepted(ImapEffects out) {
        if (waiting != Waiting.ANSWER) {
            return;
        }
        waiting = Waiting.NOTHING;
        hasMessages = true;
        reader.acceptMessage();
        if (messageFlow == CommandEvent.Flow.WAITS) {
            send(new Response.Continuation("OK"), out);
        }
        run(out);
    }

    /** The announced message may not come, and the command ends with NO. */
    public void onMessageRefused(ResponseCode code, String text, ImapEffects out) {
        if (waiting == Waiting.ANSWER) {
            waiting = Waiting.NOTHING;
            refuse(Condition.NO, code, text, out);
            run(out);
        }
    }

    private void onCommand(Command command, ImapEffects out) {
        if (command instanceof Simple simple && onAnyState(simple, out)) {
            return;
        }
        if (command instanceof Command.Id id) {
            out.clientId(id.fields());
            send(new Response.Id(settings.serverId()), out);
            answer(Condition.OK, null, "ID completed", out);
        } else if (state == State.NOT_AUTHENTICATED) {
            beforeLogin(command, out);
        } else if (command instanceof Command.Login || command instanceof Command.Authenticate) {
            bad("Already logged in", out);
        } else if (command instanceof Command.Enable enable) {
            onEnable(enable, out);
        } else if (command instanceof Simple simple) {
            onSimple(simple, out);
        } else if (OF_MESSAGES.contains(command.getClass()) && state != State.SELECTED) {
            bad("No mailbox is selected", out);
        } else {
            execute(command, out);
        }
    }

    private boolean onAnyState(Simple simple, ImapEffects out) {
        switch (simple) {
            case CAPABILITY -> {
                send(new Response.Capability(capabilities()), out);
                answer(Condition.OK, null, "CAPABILITY completed", out);
            }
            case LOGOUT -> {
                send(Status.untagged(Condition.BYE, "Logging out"), out);
                answer(Condition.OK, null, "LOGOUT completed", out);
                state = State.CLOSED;
                out.close();
            }
            case NOOP -> {
                if (state == State.SELECTED) {
                    execute(simple, out);
                } else {
                    answer(Condition.OK, null, "NOOP completed", out);
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void execute(Command command, ImapEffects out) {
        waiting = Waiting.ANSWER;
        out.execute(tag, command);
    }

    /** Whether a mailbox is open after a command. */
    public enum Selection {
        /** As before. */
        SAME,
        /** The command has opened one. */
        OPEN,
        /** None is. */
        NONE
    }

    /** The command that was to be carried out is done. */
    public void onDone(Condition condition, ResponseCode code, String text, Selection selection, ImapEffects out) {
        if (state == State.CLOSED || waiting != Waiting.ANSWER) {
            return;
        }
        waiting = Waiting.NOTHING;
        if (selection == Selection.OPEN) {
            state = State.SELECTED;
        } else if (selection == Selection.NONE) {
            state = State.AUTHENTICATED;
        }
        answer(condition, code, text, out);
        run(out);
    }

    private void onSimple(Simple simple, ImapEffects out) {
        switch (simple) {
            case IDLE -> {
                waiting = Waiting.IDLE_END;
                send(new Response.Continuation("idling"), out);
                reader.expectLine();
                out.beginIdle();
            }
            case COMPRESS -> {
                if (!settings.capabilities().contains("COMPRESS=DEFLATE")) {
                    answer(Condition.NO, Word.CANNOT, "COMPRESS is not offered", out);
                } else if (!isCompressed) {
                    isCompressed = true;
                    answer(Condition.OK, null, "DEFLATE active", out);
                    out.startCompression(reader.takeUnread());
                } else {
                    answer(Condition.NO, Word.COMPRESSIONACTIVE, "DEFLATE is active already", out);
                }
            }
            case STARTTLS -> bad("Already logged in", out);
            case NAMESPACE -> execute(simple, out);
            default -> {
                if (state == State.SELECTED) {
                    execute(simple, out);
                } else {
                    bad("No mailbox is selected", out);
                }
            }
        }
    }

    private void onEnable(Command.Enable enable, ImapEffects out) {
        boolean wasRev2 = enabled.isRev2();
        List<String> told = enabled.enable(enable.capabilities());
        if (enabled.isRev2() && !wasRev2) {
            reader.dialect(Dialect.REV2);
            writer = new ResponseWriter(Dialect.REV2);
        }
        send(new Response.Enabled(told), out);
        answer(Condition.OK, null, "ENABLE completed", out);
    }

    private void onLine(Bytes line, ImapEffects out) {
        if (waiting == Waiting.IDLE_END) {
            waiting = Waiting.NOTHING;
            out.endIdle();
            String text = new String(line.array(), StandardCharsets.ISO_8859_1);
            if (text.toUpperCase(Locale.ROOT).equals("DONE")) {
                answer(Condition.OK, null, "IDLE completed", out);
            } else {
                bad("Expected DONE", out);
            }
        } else if (login != null) {
            onStep(login.onLine(line), out);
        }
    }

    private void beforeLogin(Command command, ImapEffects out) {
        if (command instanceof Command.Login given) {
            if (Capabilities.mayUsePasswords(settings, tls)) {
                onStep(LoginDialog.Step.password(given.user(), given.password()), out);
            } else {
                answer(Condition.NO, Word.PRIVACYREQUIRED, "Passwords are taken under TLS only", out);
            }
        } else if (command instanceof Command.Authenticate authenticate) {
            onAuthenticate(authenticate, out);
        } else if (command == Simple.STARTTLS) {
            onStartTls(out);
        } else {
            bad("Log in first", out);
        }
    }

    private void onAuthenticate(Command.Authenticate authenticate, ImapEffects out) {
        boolean isPassword = !authenticate.mechanism().startsWith("SCRAM-");
        if (isPassword && !Capabilities.mayUsePasswords(settings, tls)) {
            answer(Condition.NO, Word.PRIVACYREQUIRED, "Passwords are taken under TLS only", out);
            return;
        }
        login = LoginDialog.of(authenticate.mechanism(), tls.channelBinding());
        if (login == null) {
            answer(Condition.NO, Word.CANNOT, "Unsupported mechanism", out);
        } else {
            onStep(login.begin(authenticate.initialResponse()), out);
        }
    }

    private void onStep(LoginDialog.Step step, ImapEffects out) {
        switch (step.kind()) {
            case CHALLENGE -> {
                reader.expectLine();
                send(new Response.Challenge(step.challenge()), out);
            }
            case PASSWORD -> {
                waiting = Waiting.ANSWER;
                out.checkPassword(step.identity(), step.password());
            }
            case KEYS -> {
                waiting = Waiting.ANSWER;
                out.findKeys(step.identity().user());
            }
            case PROVED -> {
                waiting = Waiting.ANSWER;
                out.authorize(step.identity());
            }
            case CANCELLED, MALFORMED -> {
                login = null;
                bad(step.kind() == LoginDialog.Kind.CANCELLED ? "Authentication cancelled" : "Malformed response", out);
            }
            case FAILED -> {
                waiting = Waiting.ANSWER;
                out.loginFailed(step.identity());
            }
        }
    }

    /**
     * The keys of the user have been found, or faked.
     *
     * @param nonce random, never used before: printable ASCII without comma, 18 characters or more
     */
    public void onKeys(ScramKeys keys, String nonce, ImapEffects out) {
        if (waiting == Waiting.ANSWER && login != null) {
            waiting = Waiting.NOTHING;
            onStep(login.onKeys(keys, nonce), out);
            run(out);
        }
    }

    /** The login that was to be checked has ended. */
    public void onLogin(LoginOutcome outcome, ImapEffects out) {
        if (waiting != Waiting.ANSWER || state != State.NOT_AUTHENTICATED) {
            return;
        }
        waiting = Waiting.NOTHING;
        if (outcome == LoginOutcome.OK) {
            login = null;
            state = State.AUTHENTICATED;
            reader.limits(settings.limits());
            answer(Condition.OK, new ResponseCode.Capability(capabilities()), outcome.text(), out);
        } else {
            failLogin(outcome, out);
        }
        run(out);
    }

    private void failLogin(LoginOutcome outcome, ImapEffects out) {
        login = null;
        answer(Condition.NO, outcome.code(), outcome.text(), out);
        if (++loginFailures >= SessionSettings.MAX_LOGIN_FAILURES) {
            onEnd("Too many failed logins", out);
        }
    }

    private void onStartTls(ImapEffects out) {
        if (tls.phase() != SessionSettings.Phase.OFFERED) {
            bad(tls.phase() == SessionSettings.Phase.ACTIVE ? "TLS is active already" : "TLS is not available", out);
            return;
        }
        answer(Condition.OK, null, "Begin TLS", out);
        waiting = Waiting.TLS;
        out.startTls();
    }

    /** TLS is active; what the client sent before in clear is gone (RFC 9051 11.1). */
    public void onTls(SessionSettings.TlsState active, ImapEffects out) {
        if (waiting == Waiting.TLS) {
            waiting = Waiting.NOTHING;
            tls = active;
            reader.takeUnread();
            run(out);
        }
    }
}
