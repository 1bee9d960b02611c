package io.roost.objectstore.lifecycle;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.vertx.core.Future;
import java.util.Objects;

/**
 * Something that verification found wrong.
 *
 * @param kind what is wrong
 * @param locatorKey where; empty when it concerns more than one locator
 * @param key of the object it is wrong with; empty when it is not one object's
 * @param detail which entry, and what was expected
 */
public record Finding(Kind kind, Bytes locatorKey, Bytes key, String detail) {
    /** Something wrong with what is not one object's. */
    public Finding(Kind kind, Bytes locatorKey, String detail) {
        this(kind, locatorKey, Bytes.EMPTY, detail);
    }

    /** What can be wrong. */
    public enum Kind {
        /** A row cannot be read, or stands where it must not. */
        MALFORMED_ROW,
        /** The counters are not the sums. */
        WRONG_COUNTERS,
        /** An object's body is missing or of another length. */
        WRONG_BODY,
        /** A version is not in the reference row of its bytes, or a reference is to no version. */
        WRONG_REFERENCE,
        /** A pointer to a null version is missing or wrong. */
        WRONG_NULL_VERSION,
        /** A part that an object needs is missing, or of another size. */
        WRONG_PARTS,
        /** A stripe set is in use and in the garbage, or in two places. */
        DOUBLE_USE,
        /** A stripe that an object needs is missing, of another length, or of another owner. */
        WRONG_STRIPE,
        /** A stripe, or a set of parts, that nothing refers to. */
        ORPHAN,
        /** A shard without a header, or of another bucket. */
        WRONG_HEADER,
        /** Something could not be read. */
        UNREADABLE
    }

    /** The finding that a read made which met something damaged; fails with the failure when it was another. */
    static Future<Finding> unreadable(Throwable failure, Bytes locatorKey) {
        boolean isDamage = failure instanceof ObjectException fault && fault.error() == ObjectError.IO_ERROR;
        return isDamage
                ? Future.succeededFuture(new Finding(Kind.UNREADABLE, locatorKey, failure.getMessage()))
                : Future.failedFuture(failure);
    }

    /** Checks that nothing is null. */
    public Finding {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(locatorKey, "locatorKey");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(detail, "detail");
    }
}
