package io.roost.mailstore.store;

import io.roost.cluster.client.IoContext;
import io.roost.mailstore.classes.AccountClass;
import io.roost.mailstore.classes.AccountClass.NewFolder;
import io.roost.mailstore.classes.AccountRef;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.FolderTree;
import io.roost.objectstore.layout.BucketRecord;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The accounts of a mail bucket. Safe for any thread. */
public final class MailAccounts {
    /** Folders of a new account beside INBOX, with their special use (RFC 6154). */
    private static final List<Map.Entry<String, String>> FOLDERS = List.of(
            Map.entry("Drafts", "\\Drafts"),
            Map.entry("Sent", "\\Sent"),
            Map.entry("Junk", "\\Junk"),
            Map.entry("Trash", "\\Trash"));

    private static final int GUID_BYTES = 16;

    private final IoContext cluster;
    private final BucketRecord bucket;
    private final BucketRecord checkpoints;
    private final MailboxChanges changes;
    private final LongSupplier nowMillis;
    private final Randomness random;
    private final BodyWork work;

    /**
     * The accounts of a bucket.
     *
     * @param bucket with prefix placement
     * @param checkpoints another one
     */
    public MailAccounts(
            IoContext cluster,
            BucketRecord bucket,
            BucketRecord checkpoints,
            MailboxChanges changes,
            LongSupplier nowMillis,
            Randomness random,
            BodyWork work) {
        this.cluster = cluster;
        this.bucket = bucket;
        this.checkpoints = checkpoints;
        this.changes = changes;
        this.nowMillis = nowMillis;
        this.random = random;
        this.work = work;
    }

    /** What works on bodies. */
    public BodyWork work() {
        return work;
    }

    /** Where an account's mail is. */
    public AccountPlace place(AccountId account) {
        return AccountPlace.of(account, bucket);
    }

    /** The mail of an account. */
    public MailboxStore store(AccountId account) {
        return new MailboxStore(cluster, place(account), changes, nowMillis, random, work);
    }

    /** What an administrator does with an account. */
    public AccountAdmin admin(AccountId account) {
        return new AccountAdmin(cluster, place(account), changes, nowMillis);
    }

    /** The checkpoints of an account. */
    public AccountCheckpoints checkpoints(AccountId account) {
        return new AccountCheckpoints(cluster, AccountPlace.of(account, checkpoints), nowMillis, random);
    }

    /** What programs in front keep for an account in a dict of this name. */
    public AccountDict dict(AccountId account, String dict) {
        return new AccountDict(cluster, place(account), dict, nowMillis);
    }

    /** Makes an account again; see {@link MailboxRebuild}. */
    public MailboxRebuild rebuild(AccountId account) {
        return new MailboxRebuild(store(account), checkpoints(account), work, nowMillis, random);
    }

    /** The folders of a new account. */
    static List<NewFolder> newFolders(Randomness random) {
        List<NewFolder> folders = new ArrayList<>();
        folders.add(new NewFolder(FolderTree.INBOX, "", random.bytes(GUID_BYTES)));
        FOLDERS.forEach(each -> folders.add(new NewFolder(each.getKey(), each.getValue(), random.bytes(GUID_BYTES))));
        return folders;
    }

    /** Makes an account when there is none yet. */
    public Future<Void> ensure(AccountId account) {
        AccountPlace place = place(account);
        long now = nowMillis.getAsLong();
        AccountRef caller = new AccountRef(place.shard(), account, now, now);
        return cluster.call(
                        place.locatorKey(),
                        new AccountClass.Parameters(caller, Quota.NONE, newFolders(random)).create())
                .compose(reply -> reply.isOk() || reply.status() == MailStatus.ALREADY_EXISTS.code()
                        ? Future.succeededFuture()
                        : Future.failedFuture(new MailException(MailStatus.ofCode(reply.status()))));
    }
}
