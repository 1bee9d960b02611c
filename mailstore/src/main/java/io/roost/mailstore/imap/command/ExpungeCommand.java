package io.roost.mailstore.imap.command;

import io.roost.mailstore.imap.session.ImapSession.Selection;
import io.roost.mailstore.imap.session.SelectedMailbox;
import io.roost.mailstore.imap.session.SelectedMailbox.Detail;
import io.roost.mailstore.imap.session.SelectedMailbox.Expunges;
import io.roost.mailstore.imap.syntax.Command.Access;
import io.roost.mailstore.imap.syntax.MessageSet;
import io.roost.mailstore.imap.syntax.Numbering;
import io.roost.mailstore.imap.syntax.Response.Condition;
import io.roost.mailstore.imap.syntax.ResponseCode;
import io.roost.mailstore.imap.syntax.ResponseCode.NumberName;
import io.roost.mailstore.imap.syntax.ResponseCode.Word;
import io.roost.mailstore.mailbox.UidSet;
import io.vertx.core.Future;

/** EXPUNGE, UID EXPUNGE, CLOSE and UNSELECT (RFC 9051 6.4.1 to 6.4.3, RFC 4315). */
final class ExpungeCommand {
    private final UserSession user;
    private final SelectedMailbox mailbox;

    ExpungeCommand(UserSession user) {
        this.user = user;
        this.mailbox = user.selected();
    }

    /** All messages with \Deleted that the client knows of. */
    Future<Done> all() {
        return expunge(mailbox.numbers().uids(), "EXPUNGE completed");
    }

    Future<Done> uids(MessageSet set) {
        return expunge(mailbox.resolve(set, Numbering.UID), "UID EXPUNGE completed");
    }

    private Future<Done> expunge(UidSet uids, String text) {
        if (mailbox.access() == Access.READ_ONLY) {
            return Future.succeededFuture(Done.no(Word.CANNOT, "The mailbox is open for reading only"));
        }
        return user.store()
                .expunge(mailbox.folder(), uids, user.keepUntilMillis())
                .compose(gone -> user.syncAnd(Expunges.TOLD, Done.ok(text)).map(done -> {
                    // RFC 7162 3.2.7: with QRESYNC the new HIGHESTMODSEQ is told.
                    boolean isModSeq = user.session().enabled().detail() == Detail.QRESYNC && !gone.isEmpty();
                    return isModSeq
                            ? Done.ok(new ResponseCode.Numbered(NumberName.HIGHESTMODSEQ, mailbox.knownModSeq()), text)
                            : done;
                }));
    }

    Future<Done> close() {
        Future<?> expunged = mailbox.access() == Access.READ_ONLY
                ? Future.succeededFuture()
                : user.store().expunge(mailbox.folder(), mailbox.numbers().uids(), user.keepUntilMillis());
        return expunged.map(unused -> unselected("CLOSE completed"));
    }

    Done unselect() {
        return unselected("UNSELECT completed");
    }

    private Done unselected(String text) {
        user.select(null);
        return new Done(Condition.OK, null, text, Selection.NONE);
    }
}
