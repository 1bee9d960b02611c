package io.roost.mailstore.store;

import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.mailstore.classes.AppendClass;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.StripeSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Messages on their way into a folder: their bodies as they are stored, those that the transaction cannot hold in stripes
 * before it; then the transaction. For one use.
 */
final class IncomingMail {
    /** Bodies in the transaction of their messages: it may write 8 MiB, with rows that know structures of 256 KiB each. */
    private static final int MAX_INLINE_BYTES = 4 * 1024 * 1024;

    /** A body in the transaction of messages that are too much together: 250 of them are no more than that. */
    private static final int MAX_INLINE_OF_MANY = 16 * 1024;

    private final AccountPlace place;
    private final String folder;
    private final List<NewMessage> messages;
    private final long nowMillis;
    private final Randomness random;
    private final BodyWork work;
    private final StripedBodies striped;
    private final List<AppendClass.Item> items = new ArrayList<>();
    private final List<StripeSet> sets = new ArrayList<>();
    private final ByteWriter inline = new ByteWriter();

    /**
     * Messages.
     *
     * @param folder path of where they go, empty when it is not known here
     */
    IncomingMail(
            AccountPlace place,
            String folder,
            List<NewMessage> messages,
            long nowMillis,
            Randomness random,
            BodyWork work,
            StripedBodies striped) {
        this.place = place;
        this.folder = folder;
        this.messages = messages;
        this.nowMillis = nowMillis;
        this.random = random;
        this.work = work;
        this.striped = striped;
    }

    /** A message that has its id. */
    private record Incoming(NewMessage message, Bytes stored, EmailId email) {}

    /**
     * Stores them.
     *
     * @param call of items and the bodies that go with them
     * @param change carries it out
     */
    Future<Bytes> store(
            BiFunction<List<AppendClass.Item>, Data, ClassCall> call, Function<ClassCall, Future<Bytes>> change) {
        long bytes = messages.stream()
                .mapToLong(message -> message.bytes().length() + StoredBody.HEADER_BYTES)
                .sum();
        Iterator<NewMessage> left = messages.iterator();
        return Steps.repeat(() -> {
                    NewMessage message = left.next();
                    return work.compute(
                                    message.bytes().length(),
                                    () -> new Incoming(
                                            message,
                                            Bytes.wrap(StoredBody.of(message.bytes())),
                                            message.id().orElseGet(() -> MessageFacts.newId(nowMillis, random))))
                            .compose(incoming -> isInline(incoming, bytes) ? inline(incoming) : striped(incoming))
                            .map(item -> {
                                items.add(item);
                                return left.hasNext();
                            });
                })
                .compose(ready -> change.apply(call.apply(items, Data.wrap(inline.toArray()))))
                .recover(this::abandon);
    }

    /** Of several messages the small ones stay with what is known of them: a large one is what made it too much. */
    private boolean isInline(Incoming incoming, long bytes) {
        int stored = incoming.stored.length();
        return bytes <= MAX_INLINE_BYTES
                || stored <= MAX_INLINE_OF_MANY
                || (messages.size() == 1 && stored <= MAX_INLINE_BYTES);
    }

    private Future<AppendClass.Item> inline(Incoming incoming) {
        inline.raw(incoming.stored);
        return item(incoming, Manifest.inline());
    }

    private Future<AppendClass.Item> striped(Incoming incoming) {
        return striped.write(incoming.email.bodyKey(place.account()), incoming.stored.array(), nowMillis)
                .compose(set -> {
                    sets.add(set);
                    return item(incoming, new Manifest.Striped(set));
                });
    }

    private Future<AppendClass.Item> item(Incoming incoming, Manifest manifest) {
        return work.compute(
                incoming.stored.length(),
                () -> MessageFacts.item(
                        incoming.message, incoming.stored.array(), manifest, incoming.email, folder, nowMillis));
    }

    /** Stripes of what has been refused go at once; of what may have come in, only when nobody has taken the intent. */
    private <T> Future<T> abandon(Throwable failure) {
        List<Future<Void>> told = new ArrayList<>();
        if (failure instanceof MailException) {
            sets.forEach(set -> told.add(striped.abandon(set)));
        }
        return Future.join(told).transform(done -> Future.failedFuture(failure));
    }
}
