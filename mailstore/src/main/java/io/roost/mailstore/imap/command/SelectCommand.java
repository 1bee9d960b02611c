package io.roost.mailstore.imap.command;

import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.classes.SelectClass;
import io.roost.mailstore.imap.session.FlagNames;
import io.roost.mailstore.imap.session.ImapSession.Selection;
import io.roost.mailstore.imap.session.MessageNumbers;
import io.roost.mailstore.imap.session.SelectedMailbox;
import io.roost.mailstore.imap.session.SelectedMailbox.Detail;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.imap.syntax.Command.Access;
import io.roost.mailstore.imap.syntax.Numbering;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.imap.syntax.Response.Condition;
import io.roost.mailstore.imap.syntax.Response.CountKind;
import io.roost.mailstore.imap.syntax.Response.Status;
import io.roost.mailstore.imap.syntax.ResponseCode;
import io.roost.mailstore.imap.syntax.ResponseCode.NumberName;
import io.roost.mailstore.imap.syntax.ResponseCode.Word;
import io.roost.mailstore.imap.syntax.SequenceSet;
import io.roost.mailstore.mailbox.FolderChanges;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.mailstore.store.MailException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** SELECT and EXAMINE (RFC 9051 6.3.2, RFC 7162 3.2.5). */
final class SelectCommand {
    private final UserSession user;

    SelectCommand(UserSession user) {
        this.user = user;
    }

    Future<Done> run(Command.Select command) {
        if (command.qresync() != null && user.session().detail() != Detail.QRESYNC) {
            return Future.succeededFuture(Done.bad("QRESYNC is not enabled"));
        }
        if (user.selected() != null) {
            // RFC 7162 3.2.11: what was open is closed whatever becomes of this.
            user.told().tell(Status.info(Word.CLOSED, "Previous mailbox is closed"));
            user.select(null);
        }
        if (command.condStore() == Command.CondStore.YES) {
            user.session().enableCondStore();
        }
        return user.store()
                .open(FolderRef.of(command.mailbox()))
                .compose(opened -> opened(command, opened))
                .recover(failure -> {
                    Done done = Done.of(failure);
                    return Future.succeededFuture(new Done(done.condition(), done.code(), done.text(), Selection.NONE));
                });
    }

    private Future<Done> opened(Command.Select command, SelectClass.Reply opened) {
        FolderHeader header = opened.header();
        SelectedMailbox mailbox = new SelectedMailbox(opened.number(), command.access(), header, opened.uids());
        user.select(mailbox);
        Told told = user.told();
        told.tell(new Response.Flags(FlagNames.all(header)));
        told.tell(new Response.Count(mailbox.numbers().count(), CountKind.EXISTS));
        if (!user.session().isRev2()) {
            told.tell(new Response.Count(0, CountKind.RECENT));
        }
        told.tell(Status.info(
                new ResponseCode.PermanentFlags(
                        command.access() == Access.READ_ONLY ? List.of() : FlagNames.permanent(header)),
                "Flags permitted"));
        told.tell(Status.info(new ResponseCode.Numbered(NumberName.UIDVALIDITY, header.uidValidity()), "UIDs valid"));
        told.tell(Status.info(new ResponseCode.Numbered(NumberName.UIDNEXT, header.uidNext()), "Predicted next UID"));
        told.tell(Status.info(
                new ResponseCode.Numbered(NumberName.HIGHESTMODSEQ, header.log().highestModSeq()), "Highest"));
        told.tell(Status.info(new ResponseCode.MailboxId("F" + opened.guid().hex()), "Ok"));
        if (user.session().isRev2()) {
            told.tell(
                    new Response.ListEntry(Response.ListKind.LIST, List.of(), "/", command.mailbox(), List.of(), null));
        }
        Word code = command.access() == Access.READ_ONLY ? Word.READ_ONLY : Word.READ_WRITE;
        String text = command.access() == Access.READ_ONLY ? "EXAMINE completed" : "SELECT completed";
        Done done = new Done(Condition.OK, code, text, Selection.OPEN);
        boolean isKnown = command.qresync() != null && command.qresync().uidValidity() == header.uidValidity();
        return isKnown ? resync(mailbox, command.qresync()).map(done) : Future.succeededFuture(done);
    }

    private Future<Void> resync(SelectedMailbox mailbox, Command.QResync qresync) {
        return user.store()
                .changes(mailbox.folder(), qresync.modSeq())
                .recover(failure -> fallback(mailbox, qresync, failure))
                .map(changes -> {
                    tellResync(mailbox, qresync, changes);
                    return null;
                });
    }

    /** The log does not reach back: all UIDs that the client may know and that do not exist, and all newer records. */
    private Future<FolderChanges> fallback(SelectedMailbox mailbox, Command.QResync qresync, Throwable failure) {
        boolean isBelow = failure instanceof MailException refused && refused.status() == MailStatus.BELOW_FLOOR;
        if (!isBelow) {
            return Future.failedFuture(failure);
        }
        return newer(mailbox, qresync.modSeq(), 1, new ArrayList<>()).map(changed -> {
            long last = mailbox.header().uidNext() - 1;
            MessageNumbers missing = new MessageNumbers(last < 1 ? UidSet.EMPTY : UidSet.of(1, last));
            missing.remove(mailbox.numbers().uids());
            return new FolderChanges(mailbox.header(), mailbox.header().log().highestModSeq(), changed, missing.uids());
        });
    }

    private Future<List<NumberedMessage>> newer(
            SelectedMailbox mailbox, long modSeq, long fromUid, List<NumberedMessage> found) {
        return user.store()
                .records(mailbox.folder(), UidSet.of(1, UidSet.MAX_UID), fromUid)
                .compose(page -> {
                    page.messages().stream()
                            .filter(each -> each.message().modSeq() > modSeq)
                            .forEach(found::add);
                    return page.resumeAt() == 0
                            ? Future.succeededFuture(found)
                            : newer(mailbox, modSeq, page.resumeAt(), found);
                });
    }

    private void tellResync(SelectedMailbox mailbox, Command.QResync qresync, FolderChanges changes) {
        UidSet gone = changes.expunged();
        if (qresync.knownUids() != null) {
            MessageNumbers expunged = new MessageNumbers(gone);
            gone = expunged.resolve(qresync.knownUids(), Numbering.UID);
        }
        SequenceSet vanished = MessageNumbers.toSequenceSet(gone);
        if (vanished != null) {
            user.told().tell(new Response.Vanished(Response.When.EARLIER, vanished));
        }
        for (NumberedMessage each : changes.changed()) {
            long number = mailbox.numbers().numberOf(each.uid());
            if (number > 0) {
                user.told().tell(new Response.Fetch(number, mailbox.flagData(each, Detail.QRESYNC)));
            }
        }
    }
}
