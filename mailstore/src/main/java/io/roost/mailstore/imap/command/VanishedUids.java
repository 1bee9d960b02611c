package io.roost.mailstore.imap.command;

import io.roost.mailstore.imap.session.MessageNumbers;
import io.roost.mailstore.imap.session.SelectedMailbox;
import io.roost.mailstore.imap.syntax.Numbering;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.imap.syntax.SequenceSet;
import io.roost.mailstore.mailbox.UidSet;
import io.vertx.core.Future;

/** VANISHED (EARLIER) of SELECT and of UID FETCH (RFC 7162 3.2.5 and 3.2.6). */
final class VanishedUids {
    private final UserSession user;
    private final SelectedMailbox mailbox;

    VanishedUids(UserSession user, SelectedMailbox mailbox) {
        this.user = user;
        this.mailbox = mailbox;
    }

    /** Tells which UIDs of a set went after a MODSEQ, or at any time when the log does not reach back. */
    Future<Void> tell(SequenceSet set, long sinceModSeq) {
        long last = mailbox.header().uidNext() - 1;
        UidSet given = last < 1 ? UidSet.EMPTY : UidSet.of(1, last);
        return user.store().changes(mailbox.folder(), sinceModSeq, given).map(changes -> {
            // "*" is the last UID that was ever given, not the last that went.
            tell(set.normalized(Math.max(1, last)), changes.expunged());
            return null;
        });
    }

    /** Tells which of some UIDs are among those that a client names; messages that it still has go by a VANISHED of their own. */
    void tell(SequenceSet named, UidSet gone) {
        UidSet earlier = gone.minus(mailbox.numbers().uids());
        SequenceSet told = MessageNumbers.toSequenceSet(new MessageNumbers(earlier).resolve(named, Numbering.UID));
        if (told != null) {
            user.told().tell(new Response.Vanished(Response.When.EARLIER, told));
        }
    }
}
