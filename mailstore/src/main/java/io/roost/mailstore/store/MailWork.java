package io.roost.mailstore.store;

import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.AccountRef;
import io.roost.mailstore.classes.CopyUndoClass;
import io.roost.mailstore.classes.ExpungeClass;
import io.roost.mailstore.classes.FolderEndClass;
import io.roost.mailstore.classes.KeptClass;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.classes.Progress;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.MailRows;
import io.vertx.core.Future;
import java.util.function.LongSupplier;

/**
 * What mailboxes leave to be done later: the rows of deleted folders, expunged messages that nobody can have back any
 * more, copies that have been given up. Each step is a transaction, and what was done can be done again.
 */
public final class MailWork {
    private final IoContext cluster;
    private final MailAccounts accounts;
    private final LongSupplier nowMillis;
    private final long keepMillis;

    /**
     * The work of a bucket's accounts.
     *
     * @param keepMillis how long messages of deleted folders can be had back, 0 for not at all
     */
    public MailWork(IoContext cluster, MailAccounts accounts, LongSupplier nowMillis, long keepMillis) {
        this.cluster = cluster;
        this.accounts = accounts;
        this.nowMillis = nowMillis;
        this.keepMillis = keepMillis;
    }

    /**
     * Does what a row of pending work asks for, if it is of the mail store, of this bucket, and due.
     *
     * @param locatorKey where the row is
     * @param name its name
     */
    public Future<Void> visit(Bytes locatorKey, Bytes name) {
        if (name.at(0) == MailRows.FOLDER_END) {
            AccountPlace place = accounts.place(MailRows.accountOf(name));
            return isOurs(place, locatorKey) ? endFolder(place, name) : Future.succeededFuture();
        }
        if (name.at(0) == MailRows.COPY_PROGRESS) {
            AccountPlace place = accounts.place(MailRows.accountOf(name));
            return isOurs(place, locatorKey) ? undoCopy(place, name) : Future.succeededFuture();
        }
        boolean isDue = name.at(0) == MailRows.KEPT_END && name.compareTo(MailRows.keptDueEnd(now())) < 0;
        if (isDue) {
            AccountId account = MailRows.keptEnd(name).account();
            AccountPlace place = accounts.place(account);
            return isOurs(place, locatorKey) ? purge(place) : Future.succeededFuture();
        }
        return Future.succeededFuture();
    }

    private long now() {
        return nowMillis.getAsLong();
    }

    /** Another bucket's accounts are another's work. */
    private static boolean isOurs(AccountPlace place, Bytes locatorKey) {
        return place.locatorKey().equals(locatorKey);
    }

    private AccountRef caller(AccountPlace place) {
        return new AccountRef(place.shard(), place.account(), now(), now() + MailboxStore.GARBAGE_MILLIS);
    }

    private Future<Void> endFolder(AccountPlace place, Bytes name) {
        long keepUntilMillis = keepMillis == 0 ? ExpungeClass.KEEP_NOT : now() + keepMillis;
        return Steps.repeat(() -> call(
                        place,
                        new FolderEndClass.Parameters(caller(place), MailRows.folderOf(name), keepUntilMillis).call())
                .map(output -> Progress.decode(output) == Progress.MORE));
    }

    /** A copy that still goes on is left alone by the class. */
    private Future<Void> undoCopy(AccountPlace place, Bytes name) {
        return Steps.repeat(() -> call(
                        place, new CopyUndoClass.Parameters(caller(place), MailRows.copyOf(name), now()).call())
                .map(output -> Progress.decode(output) == Progress.MORE));
    }

    private Future<Void> purge(AccountPlace place) {
        return Steps.repeat(
                () -> call(place, KeptClass.purge(caller(place))).map(output -> KeptClass.count(output) > 0));
    }

    private Future<Bytes> call(AccountPlace place, ClassCall call) {
        return cluster.call(place.locatorKey(), call).map(reply -> {
            if (!reply.isOk()) {
                throw new MailException(MailStatus.ofCode(reply.status()));
            }
            return reply.output();
        });
    }
}
