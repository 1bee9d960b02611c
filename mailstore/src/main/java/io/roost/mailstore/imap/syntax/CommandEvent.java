package io.roost.mailstore.imap.syntax;

import io.roost.cluster.object.Bytes;
import io.vertx.core.buffer.Buffer;

/** What {@link CommandReader} finds in the bytes of a connection. */
public sealed interface CommandEvent {
    /** The tag of an answer to what has none that can be read. */
    String NO_TAG = "*";

    /**
     * A command is complete. For APPEND and REPLACE all messages have been handed on before.
     *
     * @param tag of the client
     * @param command what it asks
     */
    record Complete(String tag, Command command) implements CommandEvent {}

    /** The client waits for {@code +} before it sends an argument. */
    enum Wanted implements CommandEvent {
        /** The only one. */
        CONTINUATION
    }

    /**
     * The last message of {@link Command.Append} or {@link Command.Replace} is about to come. To be answered with
     * {@link CommandReader#acceptMessage} (before it, when the client waits, {@code +} is sent) or
     * {@link CommandReader#refuseMessage} (the tagged NO is the caller's).
     *
     * @param tag of the client
     * @param command as far as it is known
     * @param size whether the message may be taken, by its length
     * @param flow whether the client waits
     */
    record MessageAnnounced(String tag, Command command, Size size, Flow flow) implements CommandEvent {}

    /** Whether a message is within the limit. */
    enum Size {
        /** It is. */
        ACCEPTABLE,
        /** It is too long, and can only be refused. */
        TOO_BIG
    }

    /** Whether a client waits for the server's word before it sends a message. */
    enum Flow {
        /** It does. */
        WAITS,
        /** It does not (RFC 7888). */
        SENDS
    }

    /**
     * Bytes of an accepted message.
     *
     * @param bytes at least one
     */
    record MessageBytes(Buffer bytes) implements CommandEvent {}

    /** How a message ends. */
    enum MessageEnd implements CommandEvent {
        /** All announced bytes have been handed on. */
        COMPLETE
    }

    /**
     * A line outside of commands: a response to a SASL challenge, or DONE.
     *
     * @param bytes without its end
     */
    record Line(Bytes bytes) implements CommandEvent {}

    /**
     * A command that cannot be understood; the reader goes on with the next.
     *
     * @param tag of the client, or {@link #NO_TAG}
     * @param text why, for the BAD
     */
    record Bad(String tag, String text) implements CommandEvent {}

    /**
     * The connection is out of step or beyond bounds, and is to be ended with BYE; nothing more is read.
     *
     * @param text why, for the BYE
     */
    record Fatal(String text) implements CommandEvent {}
}
