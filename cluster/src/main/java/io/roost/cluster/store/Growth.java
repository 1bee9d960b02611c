package io.roost.cluster.store;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import java.util.List;

/**
 * What a transaction adds to the disk at most, when nothing of what it replaces is given back.
 *
 * @param extentBytes of bodies in extents
 * @param rowBytes of rows, bodies in rows among them
 * @param hasInlineBody true when a body goes into a row
 */
record Growth(long extentBytes, long rowBytes, boolean hasInlineBody) {
    /** Rows of a transaction may grow by so much on a full store: deleting leaves markers and counters behind. */
    static final long SMALL_BYTES = 1024;

    /** What a row costs besides its key and value. */
    static final int ROW_OVERHEAD_BYTES = 32;

    /** Of a row beside key, attributes, value and body: lengths, a version, the checksum of a short body. */
    private static final int FIELDS_BYTES = 40;

    /** Of a row of the log at most, beside its locator, its answer and its changes: ids, versions, the key. */
    private static final int LOG_ROW_BYTES = 160;

    /** Of a change in it beside the name. */
    private static final int LOGGED_CHANGE_BYTES = 48;

    /** For each block of {@link Data#BLOCK_BYTES}: its checksum, and where it is if it is not with the one before. */
    private static final int BYTES_OF_A_BLOCK = 12;

    /**
     * Of mutations of a locator's entries.
     *
     * @param inlineBytes longest body that goes into a row
     */
    static Growth of(Locator locator, List<Mutation> mutations, int inlineBytes) {
        int prefix = locator == null ? 0 : KeyLayout.locatorLength(locator);
        long extents = 0;
        long rows = 0;
        boolean hasInlineBody = false;
        for (Mutation mutation : mutations) {
            if (mutation instanceof Mutation.Put put) {
                rows += rows(prefix, put.name(), put.attributes(), put.value());
                if (put.body() != null) {
                    long length = put.body().length();
                    rows += row(prefix, put.name(), length / Data.BLOCK_BYTES * BYTES_OF_A_BLOCK);
                    hasInlineBody |= length <= inlineBytes;
                    extents += length <= inlineBytes ? 0 : Extent.roundUp(length);
                    rows += length <= inlineBytes ? length : 0;
                }
            } else if (mutation instanceof Mutation.SetAttributes set) {
                rows += rows(prefix, set.name(), set.attributes(), set.value());
            }
        }
        return new Growth(extents, rows, hasInlineBody);
    }

    /** Of a transaction, with its rows of log and meta. */
    static Growth of(StoreTransaction transaction, int inlineBytes) {
        Growth ofEntries = of(transaction.locator(), transaction.mutations(), inlineBytes);
        long rows = ofEntries.rowBytes;
        for (StoreTransaction.RowChange change : transaction.rows()) {
            if (change instanceof StoreTransaction.RowChange.PutRow put) {
                rows += put.key().length() + put.value().length() + ROW_OVERHEAD_BYTES;
            }
        }
        return new Growth(ofEntries.extentBytes, rows, ofEntries.hasInlineBody);
    }

    /**
     * What the row of the log that tells of mutations takes at most.
     *
     * @param answerBytes of the reply that is kept in it
     */
    static long ofLog(Locator locator, List<Mutation> mutations, int answerBytes) {
        long bytes = LOG_ROW_BYTES;
        bytes += locator.key().length();
        bytes += answerBytes;
        for (Mutation mutation : mutations) {
            bytes += mutation.name().length() + LOGGED_CHANGE_BYTES;
        }
        return bytes;
    }

    /** True when it is taken where so much is left beside the reserve, and so much is free in data files. */
    boolean fits(long growableBytes, long freeExtentBytes) {
        if (hasInlineBody || rowBytes > SMALL_BYTES || extentBytes == 0) {
            return growableBytes > rowBytes && extentsFit(growableBytes - rowBytes, freeExtentBytes);
        }
        return extentsFit(growableBytes - rowBytes, freeExtentBytes);
    }

    private boolean extentsFit(long growableBytes, long freeExtentBytes) {
        return extentBytes <= Extent.roundDown(Math.max(0, growableBytes)) + freeExtentBytes;
    }

    private static long rows(int prefix, Bytes name, Bytes attributes, Bytes value) {
        return row(prefix, name, attributes.length()) + (value.isEmpty() ? 0 : row(prefix, name, value.length()));
    }

    private static long row(int prefix, Bytes name, long bytes) {
        return prefix + name.length() + bytes + FIELDS_BYTES + ROW_OVERHEAD_BYTES;
    }
}
