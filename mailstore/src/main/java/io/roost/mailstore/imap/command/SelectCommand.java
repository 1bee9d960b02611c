package io.roost.mailstore.imap.command;

import io.roost.mailstore.classes.FolderRef;
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
import io.vertx.core.Future;
import java.util.List;

/** SELECT and EXAMINE (RFC 9051 6.3.2, RFC 7162 3.2.5). */
final class SelectCommand {
    private final UserSession user;

    SelectCommand(UserSession user) {
        this.user = user;
    }

    Future<Done> run(Command.Select command) {
        if (command.qresync() != null && user.session().enabled().detail() != Detail.QRESYNC) {
            return Future.succeededFuture(Done.bad("QRESYNC is not enabled"));
        }
        if (user.selected() != null) {
            // RFC 7162 3.2.11: what was open is closed whatever becomes of this.
            user.told().tell(Status.info(Word.CLOSED, "Previous mailbox is closed"));
            user.select(null);
        }
        if (command.condStore() == Command.CondStore.YES) {
            user.session().enabled().condStore();
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
        if (!user.session().enabled().isRev2()) {
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
        if (user.session().enabled().isRev2()) {
            told.tell(
                    new Response.ListEntry(Response.ListKind.LIST, List.of(), "/", command.mailbox(), List.of(), null));
        }
        Word code = command.access() == Access.READ_ONLY ? Word.READ_ONLY : Word.READ_WRITE;
        String text = command.access() == Access.READ_ONLY ? "EXAMINE completed" : "SELECT completed";
        Done done = new Done(Condition.OK, code, text, Selection.OPEN);
        boolean isKnown = command.qresync() != null && command.qresync().uidValidity() == header.uidValidity();
        return isKnown ? resync(mailbox, command.qresync()).map(done) : Future.succeededFuture(done);
    }

    /** RFC 7162 3.2.5.1: as UID FETCH of the UIDs that the client knows, or of all, would. */
    private Future<Void> resync(SelectedMailbox mailbox, Command.QResync qresync) {
        long last = mailbox.header().uidNext() - 1;
        if (last < 1) {
            return Future.succeededFuture();
        }
        UidSet given = UidSet.of(1, last);
        SequenceSet known = qresync.knownUids() == null ? SequenceSet.of(1, last) : qresync.knownUids();
        UidSet asked = new MessageNumbers(given).resolve(known, Numbering.UID);
        return user.store()
                .changes(mailbox.folder(), qresync.modSeq(), given)
                .compose(changes -> user.syncKeywords(changes.changed()).map(unused -> {
                    tell(mailbox, known, asked, changes);
                    return null;
                }));
    }

    private void tell(SelectedMailbox mailbox, SequenceSet known, UidSet asked, FolderChanges changes) {
        new VanishedUids(user, mailbox).tell(known, changes.expunged());
        for (NumberedMessage each : changes.changed()) {
            long number = mailbox.numbers().numberOf(each.uid());
            if (number > 0 && asked.contains(each.uid())) {
                user.told().tell(new Response.Fetch(number, mailbox.flagData(each, Detail.QRESYNC)));
            }
        }
    }
}
