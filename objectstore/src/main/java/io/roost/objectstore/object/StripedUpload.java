package io.roost.objectstore.object;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.bucket.Bucket;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.IntentClass;
import io.roost.objectstore.classes.StripeClass;
import io.roost.objectstore.layout.IntentRow;
import io.roost.objectstore.layout.Stripe;
import io.roost.objectstore.layout.StripeSet;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;

/**
 * Writes a body as the stripes of a new set. The intent is committed before the first stripe leaves, while the first piece
 * of the body arrives; up to four stripes are under way at a time. The set becomes an object or a part only by a commit
 * that takes the intent; until then, and when this fails, the reaper can find and delete everything.
 *
 * <p>Used once, by one event loop.
 */
public final class StripedUpload {
    /** Stripes under way: enough to keep disks busy while the next piece arrives. */
    private static final int MAX_IN_FLIGHT = 4;

    /** How often a slow uploader says that it is alive: well within the age at which intents count as stale. */
    private static final Duration RENEWAL = Duration.ofMinutes(1);

    private final Storage storage;
    private final S3Request request;
    private final Source source;
    private final Stripe.Owner owner;
    private final StripeSet set;
    private final Promise<Bucket> done = Promise.promise();
    private Bucket bucket;
    private Future<Void> intent;
    private long renewedMillis;
    private int nextNumber;
    private int inFlight;
    private boolean isReading;
    private boolean isAbandoned;
    private Throwable failure;

    /** Where the bytes come from. */
    public interface Source {
        /** Bytes in all. */
        long length();

        /** The next piece: of the length asked for, the last one shorter. */
        Future<Data> read(int maxBytes);
    }

    private StripedUpload(
            Storage storage, S3Request request, Bucket bucket, Stripe.Owner owner, StripeSet set, Source source) {
        this.storage = storage;
        this.request = request;
        this.bucket = bucket;
        this.owner = owner;
        this.set = set;
        this.source = source;
    }

    /** A set for an object's own bytes. */
    public static StripedUpload ofObject(Storage storage, S3Request request, Bucket bucket, Source source) {
        Bytes id = storage.ids().id();
        Stripe.Owner owner = Stripe.Owner.ofObject(id, bucket.locatorKeyOf(request.key()), request.key());
        return new StripedUpload(storage, request, bucket, owner, set(storage, id, source.length()), source);
    }

    /** A set for a part of an upload. */
    public static StripedUpload ofPart(
            Storage storage, S3Request request, Bucket bucket, Bytes uploadId, int partNumber, Source source) {
        Bytes id = storage.ids().id();
        Stripe.Owner owner =
                new Stripe.Owner(id, bucket.locatorKeyOf(request.key()), request.key(), uploadId, partNumber);
        return new StripedUpload(storage, request, bucket, owner, set(storage, id, source.length()), source);
    }

    private static StripeSet set(Storage storage, Bytes id, long length) {
        return new StripeSet(id, storage.data().pool(), storage.sizes().stripeBytes(), length);
    }

    /** The bytes of a request's body, which is verified when its last piece has been read. */
    public static Source bodyOf(S3Request request) {
        return new Source() {
            @Override
            public long length() {
                return request.body().length();
            }

            @Override
            public Future<Data> read(int maxBytes) {
                return request.body().read(maxBytes);
            }
        };
    }

    /** The set being written. */
    public StripeSet set() {
        return set;
    }

    /**
     * Writes all stripes.
     *
     * @return the bucket as it is known by then, when every stripe is on disk and the source has been read to its end; a
     *     set of 0 bytes has neither stripes nor an intent
     */
    public Future<Bucket> write() {
        if (set.stripeCount() == 0) {
            return source.read(Data.BLOCK_BYTES).map(empty -> {
                empty.release();
                return bucket;
            });
        }
        renewedMillis = storage.wallClock().getAsLong();
        intent = createIntent();
        intent.onFailure(this::fail);
        readNext();
        return done.future();
    }

    private Future<Void> createIntent() {
        IntentRow row = new IntentRow(false, renewedMillis, owner.key(), owner.uploadId(), owner.partNumber(), set);
        return storage.buckets()
                .callOnKey(
                        request,
                        bucket,
                        owner.key(),
                        now -> new IntentClass.CreateParameters(now.shardRef(), row).call())
                .map(reply -> {
                    if (reply.status() != ClassStatus.OK) {
                        throw ClassErrors.of(reply.status());
                    }
                    if (!reply.bucket().record().id().equals(bucket.record().id())) {
                        // The stripes would name a shard that is gone.
                        throw new S3Exception(S3Error.OPERATION_ABORTED);
                    }
                    bucket = reply.bucket();
                    return null;
                });
    }

    private void readNext() {
        if (isReading || failure != null || inFlight == MAX_IN_FLIGHT || nextNumber == set.stripeCount()) {
            return;
        }
        isReading = true;
        int number = nextNumber++;
        source.read(set.stripeBytes())
                .onSuccess(piece -> onPiece(number, piece))
                .onFailure(cause -> {
                    isReading = false;
                    fail(cause);
                });
    }

    private void onPiece(int number, Data piece) {
        isReading = false;
        if (failure != null) {
            piece.release();
            settle();
            return;
        }
        if (piece.length() != set.stripeLength(number)) {
            piece.release();
            fail(new S3Exception(S3Error.INCOMPLETE_BODY));
            return;
        }
        inFlight++;
        intent.compose(committed -> renew())
                .compose(live -> storage.data()
                        .call(set.locatorKey(number), StripeClass.create(new Stripe(owner, number), piece)))
                .onComplete(written -> {
                    piece.release();
                    inFlight--;
                })
                .onSuccess(this::onWritten)
                .onFailure(this::fail);
        readNext();
    }

    private void onWritten(CallReply reply) {
        ClassStatus status = ClassStatus.ofCode(reply.status());
        if (status != ClassStatus.OK) {
            fail(ClassErrors.of(status));
            return;
        }
        readNext();
        settle();
    }

    private Future<Void> renew() {
        long nowMillis = storage.wallClock().getAsLong();
        if (nowMillis - renewedMillis < RENEWAL.toMillis()) {
            return Future.succeededFuture();
        }
        renewedMillis = nowMillis;
        return storage.data()
                .call(owner.headLocator(), IntentClass.renew(set.id(), nowMillis))
                .map(reply -> {
                    ClassStatus status = ClassStatus.ofCode(reply.status());
                    if (status != ClassStatus.OK) {
                        throw ClassErrors.of(status);
                    }
                    return null;
                });
    }

    private void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
        settle();
    }

    /** Ends when nothing is under way any more: an answer while stripes are still being written would free the body. */
    private void settle() {
        if (isReading || inFlight > 0) {
            return;
        }
        if (failure != null) {
            abandon();
        } else if (nextNumber == set.stripeCount()) {
            done.tryComplete(bucket);
        }
    }

    /** Leaves the stripes to the reaper at once; where that cannot be said now, it finds the intent when it is stale. */
    private void abandon() {
        if (isAbandoned) {
            return;
        }
        isAbandoned = true;
        intent.transform(known -> known.succeeded()
                        ? storage.data().call(owner.headLocator(), IntentClass.abandon(set.id()))
                        : Future.succeededFuture())
                .onComplete(told -> done.fail(failure));
    }
}
