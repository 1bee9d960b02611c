package io.roost.mailstore.imap.session;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.sasl.SaslStep;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** What an {@link ImapSession} has done by its owner, in order. */
public interface ImapEffects {
    /** Sends bytes to the client. */
    void send(Bytes bytes);

    /** Finds out whether a password is right; answered with {@link ImapSession#onLogin}. */
    void checkPassword(SaslStep.Identity identity, String password);

    /** Finds the keys of a user, or fakes them; answered with {@link ImapSession#onKeys}. */
    void findKeys(String user);

    /** The client has proved who it is: may it be whom it wants to be? Answered with {@link ImapSession#onLogin}. */
    void authorize(SaslStep.Identity identity);

    /** The client has not proved who it is; answered with {@link ImapSession#onLogin} when its time has come. */
    void loginFailed(SaslStep.Identity identity);

    /** The client says who it is (RFC 2971). */
    void clientId(List<Command.Id.Field> fields);

    /**
     * Carries a command out; ended with {@link ImapSession#onDone}. What it tells meanwhile goes to {@link ImapSession#tell}.
     *
     * @param tag of the command, which an ESEARCH names
     */
    void execute(String tag, Command command);

    /**
     * A message is about to come; answered with {@link ImapSession#onMessageAccepted} or {@link ImapSession#onMessageRefused}.
     *
     * @param command APPEND or REPLACE with the messages announced so far, this one the last
     */
    void announceMessage(Command command);

    /** The next bytes of the accepted message. */
    void messageBytes(Buffer bytes);

    /** The accepted message is whole. */
    void messageEnd();

    /** The command whose messages have come so far will not be carried out. */
    void abandonMessages();

    /** The client wants to be told of changes as they happen, until {@link #endIdle}. */
    void beginIdle();

    /** No more of them. */
    void endIdle();

    /** TLS begins when what was sent is out; then {@link ImapSession#onTls}. */
    void startTls();

    /**
     * Compression begins when what was sent is out (RFC 4978).
     *
     * @param first bytes that the client has sent compressed already
     */
    void startCompression(Buffer first);

    /** The connection is closed when what was sent is out. */
    void close();
}
