package io.roost.mailstore.store;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.AccountRef;
import io.roost.mailstore.classes.DictClass;
import io.roost.mailstore.classes.MailStatus;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Keys and values that programs in front keep for an account, or for all ({@link DictClass#SHARED}). Safe for any thread. */
public final class AccountDict {
    private final IoContext cluster;
    private final AccountPlace place;
    private final String dict;
    private final LongSupplier nowMillis;

    AccountDict(IoContext cluster, AccountPlace place, String dict, LongSupplier nowMillis) {
        this.cluster = cluster;
        this.place = place;
        this.dict = dict;
        this.nowMillis = nowMillis;
    }

    private DictClass.Place where() {
        return new DictClass.Place(place.account(), dict);
    }

    private Future<Bytes> output(ClassCall call) {
        return cluster.call(place.locatorKey(), call).map(AccountDict::output);
    }

    private static Bytes output(CallReply reply) {
        reply.data().release();
        if (!reply.isOk()) {
            throw new MailException(MailStatus.ofCode(reply.status()));
        }
        return reply.output();
    }

    /** A value, if there is one. */
    public Future<Optional<Bytes>> get(Bytes key) {
        return output(new DictClass.GetParameters(where(), key).call())
                .map(Optional::of)
                .recover(failure -> MailException.is(failure, MailStatus.NO_SUCH_KEY)
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(failure));
    }

    /** A page of keys and values, in order; {@code after} is that of the page before, empty for the first. */
    public Future<DictClass.Page> page(Bytes prefix, DictClass.Depth depth, Bytes after) {
        return output(new DictClass.ListParameters(where(), prefix, depth, after).call())
                .map(DictClass.Page::decode);
    }

    /** Makes changes, all in one transaction or none; fails with NO_SUCH_KEY and NOT_POSSIBLE as the class does. */
    public Future<Void> commit(List<DictClass.Change> changes) {
        long now = nowMillis.getAsLong();
        AccountRef caller = new AccountRef(place.shard(), place.account(), now, now + MailboxStore.GARBAGE_MILLIS);
        return output(new DictClass.CommitParameters(caller, dict, changes).call())
                .mapEmpty();
    }
}
