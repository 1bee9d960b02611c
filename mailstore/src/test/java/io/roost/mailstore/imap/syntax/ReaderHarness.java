package io.roost.mailstore.imap.syntax;

import io.roost.mailstore.imap.syntax.CommandEvent.MessageAnnounced;
import io.roost.mailstore.imap.syntax.CommandEvent.Size;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A reader whose owner accepts every message within the limit, and what it has told. */
final class ReaderHarness {
    final CommandReader reader;
    final List<CommandEvent> events = new ArrayList<>();
    final Buffer message = Buffer.buffer();

    ReaderHarness(ImapLimits limits) {
        reader = new CommandReader(limits);
    }

    ReaderHarness() {
        this(ImapLimits.AFTER_LOGIN);
    }

    static Buffer latin1(String text) {
        return Buffer.buffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static String text(byte[] latin1) {
        return new String(latin1, StandardCharsets.ISO_8859_1);
    }

    /** Gives bytes, one character for each, and takes all events. */
    ReaderHarness send(String text) {
        return send(latin1(text));
    }

    ReaderHarness send(Buffer bytes) {
        reader.offer(bytes);
        for (CommandEvent event = reader.next(); event != null; event = reader.next()) {
            take(event);
        }
        return this;
    }

    private void take(CommandEvent event) {
        if (event instanceof CommandEvent.MessageBytes bytes) {
            message.appendBuffer(bytes.bytes());
            return;
        }
        events.add(event);
        if (event instanceof MessageAnnounced announced) {
            if (announced.size() == Size.ACCEPTABLE) {
                reader.acceptMessage();
            } else {
                reader.refuseMessage();
            }
        }
    }

    /** The command of a text, which has the tag {@code a} and no literals that the client waits with. */
    static Command command(String text, Dialect dialect) {
        ReaderHarness harness = new ReaderHarness();
        harness.reader.dialect(dialect);
        harness.send("a " + text + "\r\n");
        if (harness.events.size() == 1 && harness.events.get(0) instanceof CommandEvent.Complete complete) {
            return complete.command();
        }
        throw new AssertionError(text + " gives " + harness.events);
    }

    static Command command(String text) {
        return command(text, Dialect.REV1);
    }

    /** Why a text is refused. */
    static String refusal(String text) {
        ReaderHarness harness = new ReaderHarness();
        harness.send("a " + text + "\r\n");
        if (harness.events.size() == 1 && harness.events.get(0) instanceof CommandEvent.Bad bad) {
            return bad.text();
        }
        throw new AssertionError(text + " gives " + harness.events);
    }
}
