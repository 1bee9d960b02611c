package io.roost.mailstore.store;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.mailstore.classes.ContentClass;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.Manifest;
import io.vertx.core.Future;
import java.util.function.Function;

/** Reads the messages of one account: whole, or those that are too large for that piece by piece. */
public final class MessageBodies {
    private final Function<ClassCall, Future<CallReply>> cluster;
    private final AccountId account;
    private final StripedBodies striped;
    private final BodyWork work;

    MessageBodies(
            Function<ClassCall, Future<CallReply>> cluster, AccountId account, StripedBodies striped, BodyWork work) {
        this.cluster = cluster;
        this.account = account;
        this.striped = striped;
        this.work = work;
    }

    /** Whether a body is missing, or the disk or a checksum fails for it: a matter of its message alone. */
    public static boolean isUnreadable(Throwable failure) {
        return MailException.is(failure, MailStatus.NO_SUCH_BODY)
                || (failure instanceof ObjectException refused && refused.error() == ObjectError.IO_ERROR);
    }

    private static <T> Future<T> orNull(Throwable failure) {
        return isUnreadable(failure) ? Future.succeededFuture(null) : Future.failedFuture(failure);
    }

    /**
     * Works on a message, whose bytes may be used until the future completes. They wait for their part of the memory for
     * bodies.
     *
     * @param sizeBytes as its record says
     * @param use is given null when the body {@link #isUnreadable cannot be read}, or is not of a known form
     */
    public <T> Future<T> withMessage(EmailId email, long sizeBytes, Function<Bytes, Future<T>> use) {
        return work.reserve(sizeBytes)
                .compose(reserved -> message(email, sizeBytes)
                        .recover(MessageBodies::orNull)
                        .compose(use)
                        .onComplete(used -> work.release(sizeBytes)));
    }

    private Future<Bytes> message(EmailId email, long sizeBytes) {
        return body(email, 0, Integer.MAX_VALUE)
                .compose(body -> body.head.manifest() instanceof Manifest.Striped inStripes
                        ? striped.read(inStripes.set())
                        : Future.succeededFuture(body.bytes.array()))
                .compose(stored -> work.compute(sizeBytes, () -> StoredBody.message(stored)));
    }

    /** A body's head, and of one that is not in stripes bytes. */
    private record Body(Head head, Bytes bytes) {}

    private Future<Body> body(EmailId email, long offset, int length) {
        return cluster.apply(new ContentClass.BodyParameters(account, email, offset, length).call())
                .map(reply -> {
                    Bytes bytes = Bytes.wrap(reply.data().toArray());
                    reply.data().release();
                    return new Body(Head.decode(reply.output()), bytes);
                });
    }

    /**
     * Works on a message piece by piece, with as much memory as a piece takes.
     *
     * @param use is given null as by {@link #withMessage}; what is read later may turn out to be unreadable then
     */
    public <T> Future<T> withReader(EmailId email, Function<MessageReader, Future<T>> use) {
        return work.reserve(MessageReader.HELD_BYTES)
                .compose(reserved -> reader(email)
                        .recover(MessageBodies::orNull)
                        .compose(use)
                        .onComplete(used -> work.release(MessageReader.HELD_BYTES)));
    }

    private Future<MessageReader> reader(EmailId email) {
        return body(email, 0, StoredBody.MAX_PREFIX_BYTES)
                .compose(body -> body.head.manifest() instanceof Manifest.Striped inStripes
                        ? reader(body.head, (offset, length) -> striped.read(inStripes.set(), offset, length))
                        : reader(
                                body.head,
                                (offset, length) -> body(email, offset, length).map(part -> part.bytes.array())));
    }

    private Future<MessageReader> reader(Head head, MessageReader.Stored stored) {
        return stored.read(0, (int) Math.min(StoredBody.MAX_PREFIX_BYTES, head.sizeBytes()))
                .map(prefix -> StoredBody.Frames.of(prefix, head.sizeBytes()))
                .map(frames -> frames == null ? null : new MessageReader(frames, stored, work));
    }

    /** Lets a message that turned out to be unreadable late be read whole the next time, before any of it is told. */
    public void suspect(EmailId email) {
        work.suspect(email);
    }

    /** Whether it is one of those. */
    public boolean isSuspect(EmailId email) {
        return work.isSuspect(email);
    }
}
