package io.roost.objectstore.object;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.objectstore.bucket.Bucket;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.GetClass;
import io.roost.objectstore.classes.PartClass;
import io.roost.objectstore.classes.StripeClass;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.PartPage;
import io.roost.objectstore.layout.StripeSet;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Reads a range of an object from its stripes, in order, a piece of a stripe at a time. A piece that is not there or is
 * shorter than its manifest says fails: bytes of two versions are never mixed. Used by one event loop.
 */
final class StripedBody {
    /** Parts asked for at a time when an object has more than a GET answers. */
    private static final int PARTS_PER_CALL = 256;

    private final Storage storage;
    private final Bytes locatorKey;
    private final Bytes uploadId;
    private final Deque<Run> runs = new ArrayDeque<>();
    private long offset;
    private long left;
    private int lastPart;
    private long locatedEnd;

    /** Bytes of the object that are in one stripe set: {@code [begin, begin + size)}. */
    private record Run(StripeSet set, long begin) {
        long end() {
            return begin + set.sizeBytes();
        }
    }

    private StripedBody(Storage storage, Bytes locatorKey, Bytes uploadId, long offset, long length) {
        this.storage = storage;
        this.locatorKey = locatorKey;
        this.uploadId = uploadId;
        this.offset = offset;
        this.left = length;
    }

    /** The bytes that a GET has found to be wanted. */
    static StripedBody of(Storage storage, Bucket bucket, Bytes key, GetClass.Reply found) {
        Manifest manifest = found.head().manifest();
        if (manifest instanceof Manifest.Striped striped) {
            StripedBody body = new StripedBody(storage, Bytes.EMPTY, Bytes.EMPTY, found.offset(), found.length());
            body.runs.add(new Run(striped.set(), 0));
            return body;
        }
        if (manifest instanceof Manifest.Parts parts) {
            StripedBody body = new StripedBody(
                    storage, bucket.locatorKeyOf(key), parts.uploadId(), found.offset(), found.length());
            body.locatedEnd = found.partsOffset();
            found.parts().forEach(body::add);
            return body;
        }
        throw new IllegalArgumentException("an object without stripes");
    }

    private void add(PartPage.Part part) {
        runs.add(new Run(part.set(), locatedEnd));
        locatedEnd += part.sizeBytes();
        lastPart = part.number();
    }

    /** The next piece; to be asked only while bytes are left. */
    Future<Data> next() {
        while (!runs.isEmpty() && runs.peek().end() <= offset) {
            runs.remove();
        }
        if (runs.isEmpty()) {
            return locateMore().compose(located -> next());
        }
        Run run = runs.peek();
        long inSet = offset - run.begin();
        int stripeBytes = run.set().stripeBytes();
        int number = (int) (inSet / stripeBytes);
        long inStripe = inSet % stripeBytes;
        long length = Math.min(left, run.set().stripeLength(number) - inStripe);
        offset += length;
        left -= length;
        return storage.data()
                .call(run.set().locatorKey(number), StripeClass.read(inStripe, length))
                .map(reply -> {
                    boolean isWhole = ClassStatus.ofCode(reply.status()) == ClassStatus.OK
                            && reply.data().length() == length;
                    if (!isWhole) {
                        reply.data().release();
                        throw new ObjectException(
                                ObjectError.IO_ERROR,
                                "stripe " + number + " of set " + run.set().id().hex() + " is missing or cut short");
                    }
                    return reply.data();
                });
    }

    private Future<Void> locateMore() {
        PartClass.ListParameters parameters =
                new PartClass.ListParameters(Bytes.EMPTY, uploadId, lastPart, PARTS_PER_CALL);
        return storage.data().call(locatorKey, parameters.call()).map(reply -> {
            ClassStatus status = ClassStatus.ofCode(reply.status());
            if (status != ClassStatus.OK) {
                throw ClassErrors.of(status);
            }
            PartClass.ListReply page = PartClass.ListReply.decode(reply.output());
            if (page.parts().isEmpty()) {
                throw new ObjectException(
                        ObjectError.IO_ERROR, "the object of upload " + uploadId.hex() + " lacks parts");
            }
            page.parts().forEach(this::add);
            return null;
        });
    }
}
