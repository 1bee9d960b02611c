package io.roost.mailstore.imap.command;

import io.roost.mailstore.imap.session.ImapSession;
import io.roost.mailstore.imap.session.SelectedMailbox;
import io.roost.mailstore.imap.session.SelectedMailbox.Expunges;
import io.roost.mailstore.mailbox.FolderChanges;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.mailstore.store.MailboxChanges;
import io.roost.mailstore.store.MailboxStore;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** What the commands of one logged-in connection share: the user's mail, the open mailbox, where answers go. */
public final class UserSession {
    private final MailboxStore store;
    private final ImapSession session;
    private final Told told;
    private final LongSupplier nowMillis;
    private final long keepMillis;
    private SelectedMailbox selected;

    /**
     * A session without an open mailbox.
     *
     * @param keepMillis how long expunged messages are kept, 0 for not at all
     */
    public UserSession(MailboxStore store, ImapSession session, Told told, LongSupplier nowMillis, long keepMillis) {
        this.store = store;
        this.session = session;
        this.told = told;
        this.nowMillis = nowMillis;
        this.keepMillis = keepMillis;
    }

    MailboxStore store() {
        return store;
    }

    ImapSession session() {
        return session;
    }

    Told told() {
        return told;
    }

    long nowMillis() {
        return nowMillis.getAsLong();
    }

    /** Until when a message that is expunged now is kept; 0 for not at all. */
    long keepUntilMillis() {
        return keepMillis == 0 ? 0 : nowMillis() + keepMillis;
    }

    /** The open mailbox, or null. */
    public SelectedMailbox selected() {
        return selected;
    }

    void select(SelectedMailbox opened) {
        selected = opened;
    }

    /** Asks what has changed in the open mailbox, and tells the client. */
    Future<Void> sync(Expunges expunges) {
        return selected == null
                ? Future.succeededFuture()
                : changes().map(changes -> {
                    selected.apply(changes, expunges, session.enabled().detail(), UidSet.EMPTY)
                            .forEach(told::tell);
                    return null;
                });
    }

    /** Before messages of the open mailbox are told: when others have made keywords that they have, the client is told of those. */
    Future<Void> syncKeywords(List<NumberedMessage> messages) {
        boolean isKnown = messages.stream()
                .allMatch(each -> selected.header().knows(each.message().flags().keywords()));
        return isKnown ? Future.succeededFuture() : sync(Expunges.HELD);
    }

    /** Asks what has changed in the open mailbox, and tells the client if it still is idle then. */
    public Future<Void> syncWhile(BooleanSupplier isIdle) {
        return changes().map(changes -> {
            if (isIdle.getAsBoolean()) {
                selected.apply(changes, Expunges.TOLD, session.enabled().detail(), UidSet.EMPTY)
                        .forEach(told::tell);
            }
            return null;
        });
    }

    /** Follows the account; the runnable is called on any thread. */
    public MailboxChanges.Following follow(Runnable changed) {
        return store.follow(changed);
    }

    /** What has changed in the open mailbox since the client was told. */
    Future<FolderChanges> changes() {
        return store.changes(
                selected.folder(), selected.knownModSeq(), selected.numbers().uids());
    }

    /**
     * Ends a command that has been carried out, after telling what has changed. When that cannot be asked now the command
     * has been carried out all the same, and the next one tells it.
     */
    Future<Done> syncAnd(Expunges expunges, Done done) {
        return sync(expunges).map(done).otherwise(done);
    }
}
