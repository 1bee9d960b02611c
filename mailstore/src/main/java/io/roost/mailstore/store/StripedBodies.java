package io.roost.mailstore.store;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.mailstore.classes.MailStatus;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.IntentRow;
import io.roost.objectstore.layout.Stripe;
import io.roost.objectstore.layout.StripeCalls;
import io.roost.objectstore.layout.StripeSet;
import io.vertx.core.Future;
import java.util.Arrays;

/**
 * Bodies too large for the transaction of their message, as stripes. No stripe is written before its intent is committed;
 * the append takes the intent. What is written and never appended is the reaper's, at once or when the intent is stale.
 */
final class StripedBodies {
    private final IoContext cluster;
    private final AccountPlace place;
    private final Randomness random;

    StripedBodies(IoContext cluster, AccountPlace place, Randomness random) {
        this.cluster = cluster;
        this.place = place;
        this.random = random;
    }

    /**
     * Writes a body.
     *
     * @param key of the object that it will be
     * @return the set, when every stripe is on disk
     */
    Future<StripeSet> write(Bytes key, byte[] body, long nowMillis) {
        StripeSet set = new StripeSet(
                random.bytes(EntryNames.ID_BYTES), cluster.pool(), StripeSet.DEFAULT_STRIPE_BYTES, body.length);
        IntentRow intent = new IntentRow(false, nowMillis, key, Bytes.EMPTY, 0, set);
        Stripe.Owner owner = Stripe.Owner.ofObject(set.id(), place.locatorKey(), key);
        int[] next = {0};
        return call(
                        place.locatorKey(),
                        StripeCalls.INTENT,
                        StripeCalls.CREATE,
                        StripeCalls.createIntent(place.shard(), intent),
                        Data.EMPTY)
                .compose(made -> Steps.repeat(() -> {
                    int number = next[0]++;
                    return stripe(new Stripe(owner, number), set, body).map(written -> next[0] < set.stripeCount());
                }))
                .map(set)
                .recover(failure -> abandon(set).transform(told -> Future.failedFuture(failure)));
    }

    private Future<CallReply> stripe(Stripe stripe, StripeSet set, byte[] body) {
        int begin = stripe.number() * set.stripeBytes();
        Data bytes = Data.wrap(Arrays.copyOfRange(body, begin, begin + set.stripeLength(stripe.number())));
        return call(set.locatorKey(stripe.number()), StripeCalls.STRIPE, StripeCalls.CREATE, stripe.encode(), bytes);
    }

    /** Leaves a set that nobody has appended, and nobody will, to the reaper. */
    Future<Void> abandon(StripeSet set) {
        return call(
                        place.locatorKey(),
                        StripeCalls.INTENT,
                        StripeCalls.REAP,
                        StripeCalls.reapIntent(set.id(), Long.MAX_VALUE),
                        Data.EMPTY)
                .mapEmpty();
    }

    /** Reads a whole body; fails with NO_SUCH_BODY when a stripe is missing. */
    Future<byte[]> read(StripeSet set) {
        return read(set, 0, Math.toIntExact(set.sizeBytes()));
    }

    /** Reads a range of a body, which is within it; fails with NO_SUCH_BODY when a stripe is missing. */
    Future<byte[]> read(StripeSet set, long offset, int length) {
        byte[] range = new byte[length];
        int[] done = {0};
        return Steps.repeat(() -> {
                    int number = (int) ((offset + done[0]) / set.stripeBytes());
                    long begin = (offset + done[0]) % set.stripeBytes();
                    long most = Math.min(length - done[0], set.stripeLength(number) - begin);
                    return call(
                                    set.locatorKey(number),
                                    StripeCalls.STRIPE,
                                    StripeCalls.READ,
                                    StripeCalls.read(begin, most),
                                    Data.EMPTY)
                            .map(reply -> {
                                byte[] bytes = reply.data().toArray();
                                reply.data().release();
                                if (bytes.length != most) {
                                    throw new MailException(MailStatus.NO_SUCH_BODY);
                                }
                                System.arraycopy(bytes, 0, range, done[0], bytes.length);
                                done[0] += bytes.length;
                                return done[0] < length;
                            });
                })
                .map(range);
    }

    private Future<CallReply> call(Bytes locatorKey, String name, String method, Bytes parameters, Data data) {
        return cluster.call(locatorKey, new ClassCall(name, method, parameters, data))
                .map(reply -> {
                    if (reply.isOk()) {
                        return reply;
                    }
                    reply.data().release();
                    if (method.equals(StripeCalls.READ)) {
                        throw new MailException(MailStatus.NO_SUCH_BODY);
                    }
                    throw new ObjectException(
                            ObjectError.CLASS_FAILED, name + " " + method + " answered status " + reply.status());
                });
    }
}
