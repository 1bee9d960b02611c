package io.roost.mailstore.imap.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.Command.Append;
import io.roost.mailstore.imap.syntax.Command.Message;
import io.roost.mailstore.imap.syntax.Command.MessageForm;
import io.roost.mailstore.imap.syntax.Command.Simple;
import io.roost.mailstore.imap.syntax.CommandEvent.Bad;
import io.roost.mailstore.imap.syntax.CommandEvent.Complete;
import io.roost.mailstore.imap.syntax.CommandEvent.Flow;
import io.roost.mailstore.imap.syntax.CommandEvent.MessageAnnounced;
import io.roost.mailstore.imap.syntax.CommandEvent.MessageEnd;
import io.roost.mailstore.imap.syntax.CommandEvent.Size;
import io.roost.mailstore.imap.syntax.CommandEvent.Wanted;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where commands, literals and messages begin and end in the bytes of a connection. */
class CommandReaderTest {
    private static final ImapLimits SMALL = new ImapLimits(100, 1_000, 2_000);

    private static Complete noop(String tag) {
        return new Complete(tag, Simple.NOOP);
    }

    @Test
    void pipelinedCommandsComeOneByOne() {
        // RFC 9051 section 5.5.
        assertThat(new ReaderHarness().send("a NOOP\r\nb NOOP\r\nc NO").send("OP\n").events)
                .containsExactly(noop("a"), noop("b"), noop("c"));
    }

    @Test
    void aClientThatWaitsIsAskedForItsLiteral() {
        // RFC 9051 section 4.3: the server sends a command continuation request.
        ReaderHarness harness = new ReaderHarness().send("a LOGIN {5}\r\n");
        assertThat(harness.events).containsExactly(Wanted.CONTINUATION);
        harness.send("a\r\nbc {0}\r\n");
        assertThat(harness.events).containsExactly(Wanted.CONTINUATION, Wanted.CONTINUATION);
        harness.send("\r\n");
        assertThat(harness.events)
                .containsExactly(
                        Wanted.CONTINUATION, Wanted.CONTINUATION, new Complete("a", new Command.Login("a\r\nbc", "")));
    }

    @Test
    void aMessageIsHandedOnAsItComes() {
        // RFC 9051 section 6.3.12.
        ReaderHarness harness = new ReaderHarness()
                .send("a APPEND saved (\\Seen) \" 7-Feb-1994 21:52:25 -0800\" {10}\r\n")
                .send("01234")
                .send("56789");
        Append append = new Append(
                "saved",
                List.of(new Message(
                        List.of(Flag.SEEN),
                        OffsetDateTime.parse("1994-02-07T21:52:25-08:00"),
                        10,
                        MessageForm.LITERAL)));
        assertThat(harness.events)
                .containsExactly(new MessageAnnounced("a", append, Size.ACCEPTABLE, Flow.WAITS), MessageEnd.COMPLETE);
        assertThat(harness.message.toString()).isEqualTo("0123456789");
        harness.send("\r\nb NOOP\r\n");
        assertThat(harness.events).endsWith(new Complete("a", append), noop("b"));
    }

    @Test
    void severalMessagesAreOneAppend() {
        // RFC 3502 section 6.3.11, RFC 3516 section 4.4, RFC 6855 section 4.
        ReaderHarness harness = new ReaderHarness()
                .send("a APPEND {2+}\r\nab {1+}\r\nx () ~{0+}\r\n UTF8 (~{3+}\r\nyz\0)\r\nb NOOP\r\n");
        Message one = new Message(List.of(), null, 1, MessageForm.LITERAL);
        Message two = new Message(List.of(), null, 0, MessageForm.BINARY);
        Message three = new Message(List.of(), null, 3, MessageForm.UTF8);
        Append all = new Append("ab", List.of(one, two, three));
        assertThat(harness.events)
                .containsExactly(
                        new MessageAnnounced("a", new Append("ab", List.of(one)), Size.ACCEPTABLE, Flow.SENDS),
                        MessageEnd.COMPLETE,
                        new MessageAnnounced("a", new Append("ab", List.of(one, two)), Size.ACCEPTABLE, Flow.SENDS),
                        MessageEnd.COMPLETE,
                        new MessageAnnounced("a", all, Size.ACCEPTABLE, Flow.SENDS),
                        MessageEnd.COMPLETE,
                        new Complete("a", all),
                        noop("b"));
        assertThat(harness.message.getBytes()).isEqualTo("xyz\0".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void replaceCarriesOneMessage() {
        // RFC 8508 section 3.
        ReaderHarness harness = new ReaderHarness().send("a UID REPLACE 4 Drafts (\\Seen) {1+}\r\nx\r\n");
        Command.Replace replace = new Command.Replace(
                Numbering.UID, 4, "Drafts", new Message(List.of(Flag.SEEN), null, 1, MessageForm.LITERAL));
        assertThat(harness.events).endsWith(new Complete("a", replace));
    }

    @Test
    void catenateIsRefusedBeforeItsTextIsSent() {
        assertThat(new ReaderHarness().send("a APPEND Drafts CATENATE (TEXT {10}\r\nb NOOP\r\n").events)
                .containsExactly(new Bad("a", "CATENATE is not supported"), noop("b"));
    }

    @Test
    void aRefusedMessageOfAWaitingClientIsNotSent() {
        CommandReader reader = new CommandReader(SMALL);
        reader.offer(Buffer.buffer("a APPEND x {1001}\r\n"));
        assertThat(((MessageAnnounced) reader.next()).size()).isEqualTo(Size.TOO_BIG);
        assertThat(reader.next()).isNull();
        reader.refuseMessage();
        reader.offer(Buffer.buffer("b NOOP\r\n"));
        assertThat(reader.next()).isEqualTo(noop("b"));
    }

    @Test
    void aRefusedMessageThatIsOnItsWayIsPassedOver() {
        // RFC 7888 section 4.
        CommandReader reader = new CommandReader(SMALL);
        reader.offer(Buffer.buffer("a APPEND x {1001+}\r\n"));
        assertThat(reader.next()).isInstanceOf(MessageAnnounced.class);
        reader.refuseMessage();
        reader.offer(Buffer.buffer("z NOOP\r\n".repeat(200).substring(0, 1001)));
        reader.offer(Buffer.buffer(" (\\Seen) {6+}\r\nz NOOP\r\nb NOOP\r\n"));
        assertThat(reader.next()).isEqualTo(noop("b"));
    }

    @Test
    void aRefusedMessageBeyondBoundsEndsTheConnection() {
        CommandReader reader = new CommandReader(SMALL);
        reader.offer(Buffer.buffer("a APPEND x {2147483648+}\r\nabc"));
        assertThat(reader.next()).isInstanceOf(MessageAnnounced.class);
        reader.refuseMessage();
        assertThat(reader.next()).isInstanceOf(CommandEvent.Fatal.class);
        reader.offer(Buffer.buffer("b NOOP\r\n"));
        assertThat(reader.next()).isNull();
        assertThat(reader.hasUnread()).isFalse();
    }

    @Test
    void aLiteralWithoutAPlaceIsRefusedBeforeItIsSent() {
        ReaderHarness harness = new ReaderHarness().send("a FETCH {5}\r\nb NOOP\r\n");
        assertThat(harness.events).hasSize(2).endsWith(noop("b"));
        assertThat(((Bad) harness.events.get(0)).tag()).isEqualTo("a");
    }

    @Test
    void whatFollowsABadCommandsLiteralBelongsToThatCommand() {
        // RFC 7888 section 4: the literal is on its way, and must not be taken for commands.
        ReaderHarness harness = new ReaderHarness().send("a FOO {8+}\r\nz NOOP\r\n {8+}\r\nz NOOP\r\n x\r\nb NOOP\r\n");
        assertThat(harness.events).containsExactly(new Bad("a", "Unknown command FOO"), noop("b"));
        assertThat(new ReaderHarness().send("a FOO {8+}\r\nz NOOP\r\n {8}\r\nb NOOP\r\n").events)
                .as("a client that waits is told at once")
                .containsExactly(new Bad("a", "Unknown command FOO"), noop("b"));
    }

    @Test
    void anArgumentIsBounded() {
        ReaderHarness harness = new ReaderHarness(SMALL);
        harness.send("a LOGIN {101}\r\nb LOGIN {101+}\r\n" + "x".repeat(101) + " y\r\nc NOOP\r\n");
        assertThat(harness.events)
                .containsExactly(new Bad("a", "Literal is too long"), new Bad("b", "Literal is too long"), noop("c"));
        harness.events.clear();
        harness.send("a LOGIN {2001+}\r\nx");
        assertThat(harness.events).containsExactly(new CommandEvent.Fatal("Literal is too long"));
    }

    @Test
    void aLineIsBounded() {
        ReaderHarness harness = new ReaderHarness(SMALL);
        harness.send("abc LOGIN " + "x".repeat(300));
        harness.send("x".repeat(300) + " {8+}\r\nz NOOP\r\n y\r\nc NOOP\r\n");
        assertThat(harness.events).containsExactly(new Bad("abc", "Command is too long"), noop("c"));
        ReaderHarness untagged = new ReaderHarness(SMALL);
        untagged.send("x".repeat(300) + "\r\nc NOOP\r\n");
        assertThat(untagged.events).containsExactly(new Bad(CommandEvent.NO_TAG, "Command is too long"), noop("c"));
    }

    @Test
    void literalsAreCounted() {
        ReaderHarness harness = new ReaderHarness();
        harness.send("a SEARCH" + " SUBJECT {1+}\r\nx".repeat(ImapLimits.MAX_LITERALS + 1) + "\r\nb NOOP\r\n");
        assertThat(harness.events).containsExactly(new Bad("a", "Too many literals"), noop("b"));
    }

    @Test
    void messagesAreCounted() {
        ReaderHarness harness = new ReaderHarness();
        harness.send("a APPEND x" + " {1+}\r\nx".repeat(ImapLimits.MAX_MESSAGES + 1) + "\r\nb NOOP\r\n");
        assertThat(harness.events).endsWith(new Bad("a", "Too many messages"), noop("b"));
    }

    @Test
    void aLineOutsideOfCommandsIsTakenAsItIs() {
        // RFC 9051 section 6.2.2, RFC 2177.
        CommandReader reader = new CommandReader(SMALL);
        reader.offer(Buffer.buffer("a AUTHENTICATE PLAIN\r\nAGEAYg==\r\nb NOOP\r\n"));
        assertThat(reader.next()).isEqualTo(new Complete("a", new Command.Authenticate("PLAIN", null)));
        reader.expectLine();
        assertThat(reader.next()).isEqualTo(new CommandEvent.Line(Bytes.utf8("AGEAYg==")));
        assertThat(reader.next()).isEqualTo(noop("b"));
        reader.expectLine();
        reader.offer(Buffer.buffer("x".repeat(200)));
        assertThat(reader.next()).isInstanceOf(CommandEvent.Fatal.class);
    }

    @Test
    void bytesAfterACommandStayUntilTheyAreAskedFor() {
        // RFC 9051 section 11.1: what comes with STARTTLS is to be thrown away; RFC 4978 section 3: the layer begins.
        CommandReader reader = new CommandReader(SMALL);
        reader.offer(Buffer.buffer("a STARTTLS\r\nb NO"));
        assertThat(reader.next()).isEqualTo(new Complete("a", Simple.STARTTLS));
        assertThat(reader.hasUnread()).isTrue();
        assertThat(reader.takeUnread().toString()).isEqualTo("b NO");
        assertThat(reader.hasUnread()).isFalse();
        reader.offer(Buffer.buffer("c NOOP\r\n"));
        assertThat(reader.next()).isEqualTo(noop("c"));
    }

    @Test
    void anAnswerIsDueBeforeAMessageGoesOn() {
        CommandReader reader = new CommandReader(SMALL);
        assertThatThrownBy(reader::acceptMessage).isInstanceOf(IllegalStateException.class);
        reader.offer(Buffer.buffer("a APPEND x {1+}\r\ny\r\n"));
        assertThat(reader.next()).isInstanceOf(MessageAnnounced.class);
        assertThat(reader.next()).isNull();
        assertThatThrownBy(reader::expectLine).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTagIsOfItsCharacters() {
        // RFC 9051 section 9: tag = 1*<any ASTRING-CHAR except "+">.
        for (String line :
                List.of("", " NOOP", "+ NOOP", "a+ NOOP", "* NOOP", "\"a\" NOOP", "a".repeat(65) + " NOOP")) {
            assertThat(new ReaderHarness().send(line + "\r\n").events)
                    .as(line)
                    .containsExactly(new Bad(CommandEvent.NO_TAG, "Invalid tag"));
        }
        assertThat(new ReaderHarness().send("]a.1-x NOOP\r\n").events).containsExactly(noop("]a.1-x"));
    }
}
