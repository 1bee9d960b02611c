package io.roost.mailstore.imap.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.session.SelectedMailbox.Detail;
import io.roost.mailstore.imap.session.SelectedMailbox.Expunges;
import io.roost.mailstore.imap.syntax.Command.Access;
import io.roost.mailstore.imap.syntax.Dialect;
import io.roost.mailstore.imap.syntax.MessageSet;
import io.roost.mailstore.imap.syntax.Numbering;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.imap.syntax.ResponseWriter;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.FolderChanges;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mailbox.UidSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client is told of a mailbox that changes. */
class SelectedMailboxTest {
    private static final EmailId EMAIL = new EmailId(Bytes.utf8("0123456789abcdef"));

    private final SelectedMailbox mailbox =
            new SelectedMailbox(new FolderNumber(3), Access.READ_WRITE, header(10, List.of()), UidSet.of(1, 5));

    private static FolderHeader header(long modSeq, List<String> keywords) {
        return new FolderHeader(77, 100, new FolderHeader.Log(modSeq, 1, 0, 0), FolderHeader.Counts.NONE, keywords);
    }

    private static NumberedMessage message(long uid, long modSeq, int flags) {
        return new NumberedMessage(uid, new MessageRecord(EMAIL, 0, 0, 1, new MailFlags(flags, 0), modSeq, EMAIL));
    }

    private static String text(List<Response> responses) {
        ResponseWriter writer = new ResponseWriter(Dialect.REV1);
        responses.forEach(writer::write);
        return writer.take().utf8().replace("\r\n", ";");
    }

    private String apply(FolderChanges changes, Expunges expunges, Detail detail) {
        return text(mailbox.apply(changes, expunges, detail, UidSet.EMPTY));
    }

    @Test
    void newMessagesAreTold() {
        // RFC 9051 7.4.1.
        FolderChanges changes = new FolderChanges(
                header(12, List.of()), 12, List.of(message(6, 11, 0), message(8, 12, 1)), UidSet.EMPTY);
        assertThat(apply(changes, Expunges.TOLD, Detail.PLAIN)).isEqualTo("* 7 EXISTS;");
        assertThat(mailbox.numbers().uidOf(7)).isEqualTo(8);
        assertThat(mailbox.knownModSeq()).isEqualTo(12);
        assertThat(apply(changes, Expunges.TOLD, Detail.PLAIN))
                .as("told once")
                .contains("FLAGS")
                .doesNotContain("EXISTS");
    }

    @Test
    void flagsAreToldWithWhatIsSwitchedOn() {
        // RFC 7162 3.2: with QRESYNC the UID, with CONDSTORE the MODSEQ.
        FolderChanges changes =
                new FolderChanges(header(11, List.of()), 11, List.of(message(2, 11, MailFlags.SEEN)), UidSet.EMPTY);
        assertThat(apply(changes, Expunges.HELD, Detail.PLAIN)).isEqualTo("* 2 FETCH (FLAGS (\\Seen));");
        assertThat(apply(changes, Expunges.HELD, Detail.MODSEQ)).isEqualTo("* 2 FETCH (FLAGS (\\Seen) MODSEQ (11));");
        assertThat(apply(changes, Expunges.HELD, Detail.QRESYNC))
                .isEqualTo("* 2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (11));");
    }

    @Test
    void whatTheCommandAnsweredIsNotToldAgain() {
        mailbox.answered(11);
        FolderChanges changes = new FolderChanges(
                header(12, List.of()), 12, List.of(message(2, 11, 1), message(3, 12, 1)), UidSet.EMPTY);
        assertThat(apply(changes, Expunges.HELD, Detail.PLAIN)).isEqualTo("* 3 FETCH (FLAGS (\\Seen));");
    }

    @Test
    void keywordsAreToldBeforeMessagesHaveThem() {
        FolderChanges changes = new FolderChanges(header(11, List.of("$x")), 11, List.of(), UidSet.EMPTY);
        assertThat(apply(changes, Expunges.HELD, Detail.PLAIN))
                .isEqualTo("* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $x);* OK [PERMANENTFLAGS (\\Seen"
                        + " \\Answered \\Flagged \\Deleted \\Draft $x \\*)] Flags permitted;");
    }

    @Test
    void expungesAreHeldWhileNumbersAreInUse() {
        // RFC 9051 7.5.1.
        FolderChanges changes = new FolderChanges(
                header(12, List.of()),
                12,
                List.of(message(6, 12, 0)),
                new UidSet(List.of(new UidSet.Range(2, 2), new UidSet.Range(4, 4), new UidSet.Range(90, 95))));
        assertThat(apply(changes, Expunges.HELD, Detail.PLAIN)).isEqualTo("* 6 EXISTS;");
        assertThat(mailbox.isAnyGone(UidSet.of(3, 4))).isTrue();
        assertThat(mailbox.isAnyGone(UidSet.of(3))).isFalse();
        assertThat(mailbox.numbers().numberOf(5)).isEqualTo(5);
        assertThat(text(mailbox.takeExpunges(Detail.PLAIN))).isEqualTo("* 4 EXPUNGE;* 2 EXPUNGE;");
        assertThat(mailbox.numbers().numberOf(5)).isEqualTo(3);
        assertThat(mailbox.takeExpunges(Detail.PLAIN)).isEmpty();
    }

    @Test
    void vanishedTakesThePlaceOfExpunge() {
        // RFC 7162 3.2.10.
        mailbox.save(UidSet.of(1, 3));
        FolderChanges changes = new FolderChanges(header(11, List.of()), 11, List.of(), UidSet.of(2, 3));
        assertThat(apply(changes, Expunges.TOLD, Detail.QRESYNC)).isEqualTo("* VANISHED 2:3;");
        assertThat(mailbox.resolve(MessageSet.SavedResult.SAVED, Numbering.UID))
                .as("RFC 5182 2.1: expunged messages leave the saved result")
                .isEqualTo(UidSet.of(1));
    }

    @Test
    void aClientThatIsCutOffWhileExpungesAreHeldAsksFromBeforeThem() {
        // RFC 7162 3.2: HIGHESTMODSEQ is told lower than the MODSEQ of an expunge that is held back.
        FolderChanges changes =
                new FolderChanges(header(12, List.of()), 12, List.of(message(2, 12, MailFlags.SEEN)), UidSet.of(4));
        assertThat(apply(changes, Expunges.HELD, Detail.QRESYNC))
                .isEqualTo("* 2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (12));* OK [HIGHESTMODSEQ 10] Expunges follow;");
        assertThat(text(mailbox.takeExpunges(Detail.QRESYNC))).isEqualTo("* VANISHED 4;");
        FolderChanges later = new FolderChanges(header(13, List.of()), 13, List.of(), UidSet.of(5));
        assertThat(apply(later, Expunges.HELD, Detail.QRESYNC)).isEqualTo("* OK [HIGHESTMODSEQ 12] Expunges follow;");
    }

    @Test
    void whatTheCommandTellsIsLeftToIt() {
        FolderChanges changes = new FolderChanges(
                header(12, List.of()), 12, List.of(message(2, 11, 1), message(3, 12, 1)), UidSet.EMPTY);
        assertThat(text(mailbox.apply(changes, Expunges.HELD, Detail.PLAIN, UidSet.of(2))))
                .isEqualTo("* 3 FETCH (FLAGS (\\Seen));");
    }
}
