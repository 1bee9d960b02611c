package io.roost.mailstore.store;

import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.AccountClass;
import io.roost.mailstore.classes.AccountRef;
import io.roost.mailstore.classes.DictClass;
import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.classes.KeptClass;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.EmailReferences.Place;
import io.roost.mailstore.mailbox.MailRow;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** What an administrator does with an account and its user does not. Fails as {@link MailboxStore} does. */
public final class AccountAdmin {
    private final IoContext cluster;
    private final AccountPlace place;
    private final MailboxChanges changes;
    private final LongSupplier nowMillis;

    AccountAdmin(IoContext cluster, AccountPlace place, MailboxChanges changes, LongSupplier nowMillis) {
        this.cluster = cluster;
        this.place = place;
        this.changes = changes;
        this.nowMillis = nowMillis;
    }

    private AccountRef caller() {
        long now = nowMillis.getAsLong();
        return new AccountRef(place.shard(), place.account(), now, now + MailboxStore.GARBAGE_MILLIS);
    }

    private Future<Bytes> output(ClassCall call) {
        return cluster.call(place.locatorKey(), call).map(reply -> {
            if (!reply.isOk()) {
                throw new MailException(MailStatus.ofCode(reply.status()));
            }
            return reply.output();
        });
    }

    /** The OSD that serves the account, by the newest map. */
    public int primary() {
        return cluster.primaryOf(cluster.pgOf(place.locatorKey()));
    }

    /** Changes the quota; mail that is there already stays, however much it is. */
    public Future<Void> setLimit(Quota limit) {
        return output(new AccountClass.Parameters(caller(), limit, List.of()).setLimit())
                .mapEmpty();
    }

    /** The expunged messages that can be had back, by folder and UID. */
    public Future<List<KeptClass.Listed>> kept() {
        List<KeptClass.Listed> all = new ArrayList<>();
        Place[] after = {KeptClass.ListParameters.BEGIN};
        return Steps.repeat(() -> output(new KeptClass.ListParameters(place.account(), after[0]).call())
                        .map(output -> {
                            KeptClass.ListReply page = KeptClass.ListReply.decode(output);
                            all.addAll(page.messages());
                            if (page.isCut()) {
                                after[0] = all.get(all.size() - 1).place();
                            }
                            return page.isCut();
                        }))
                .map(all);
    }

    /** The rows of its dicts, in order. */
    Future<List<MailRow>> dicts() {
        List<MailRow> all = new ArrayList<>();
        Bytes[] after = {Bytes.EMPTY};
        return Steps.repeat(() -> output(new DictClass.AllParameters(place.account(), after[0]).call())
                        .map(output -> {
                            List<MailRow> page = DictClass.rows(output);
                            all.addAll(page);
                            after[0] = page.isEmpty()
                                    ? after[0]
                                    : page.get(page.size() - 1).name();
                            return !page.isEmpty();
                        }))
                .map(all);
    }

    /**
     * Puts kept messages into a folder, with new UIDs. Several transactions: when one fails, those before it stay.
     *
     * @return how many came back; those whose time was over meanwhile have not
     */
    public Future<Integer> undelete(List<Place> places, FolderRef target) {
        int[] next = {0};
        int[] restored = {0};
        return Steps.repeat(() -> {
                    int end = Math.min(places.size(), next[0] + KeptClass.MAX_UNDELETED);
                    List<Place> some = places.subList(next[0], end);
                    next[0] = end;
                    return some.isEmpty()
                            ? Future.succeededFuture(false)
                            : output(new KeptClass.UndeleteParameters(caller(), some, target).call())
                                    .map(output -> {
                                        restored[0] += KeptClass.count(output);
                                        return next[0] < places.size();
                                    });
                })
                .onSuccess(done -> changes.tell(place))
                .map(done -> restored[0]);
    }
}
