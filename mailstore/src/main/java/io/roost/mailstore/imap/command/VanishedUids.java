package io.roost.mailstore.imap.command;

import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.imap.session.MessageNumbers;
import io.roost.mailstore.imap.session.SelectedMailbox;
import io.roost.mailstore.imap.syntax.Numbering;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.imap.syntax.SequenceSet;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.mailstore.store.MailException;
import io.vertx.core.Future;

/** The VANISHED (EARLIER) of UID FETCH (RFC 7162 3.2.6). */
final class VanishedUids {
    private final UserSession user;
    private final SelectedMailbox mailbox;

    VanishedUids(UserSession user, SelectedMailbox mailbox) {
        this.user = user;
        this.mailbox = mailbox;
    }

    /** Tells which UIDs of a set went after a MODSEQ, or at any time when the log does not reach back. */
    Future<Void> tell(SequenceSet set, long sinceModSeq) {
        return user.store()
                .changes(mailbox.folder(), sinceModSeq)
                .map(changes -> changes.expunged())
                .recover(failure ->
                        failure instanceof MailException refused && refused.status() == MailStatus.BELOW_FLOOR
                                ? Future.succeededFuture(missing())
                                : Future.failedFuture(failure))
                .map(gone -> {
                    tell(set, gone);
                    return null;
                });
    }

    private UidSet missing() {
        long last = mailbox.header().uidNext() - 1;
        MessageNumbers missing = new MessageNumbers(last < 1 ? UidSet.EMPTY : UidSet.of(1, last));
        missing.remove(mailbox.numbers().uids());
        return missing.uids();
    }

    private void tell(SequenceSet set, UidSet gone) {
        // "*" is the last UID that was ever given, not the last that went.
        SequenceSet known = set.normalized(Math.max(1, mailbox.header().uidNext() - 1));
        SequenceSet told = MessageNumbers.toSequenceSet(new MessageNumbers(gone).resolve(known, Numbering.UID));
        if (told != null) {
            user.told().tell(new Response.Vanished(Response.When.EARLIER, told));
        }
    }
}
