package io.roost.cluster.classes;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.Mutation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Bounds of one evaluation; what needs more answers with a cursor and is called again. */
public final class EvaluationLimits {
    /** Entries stepped over or looked up: about 5 ms of an event loop. */
    public static final int MAX_ENTRIES_READ = 4096;

    /** Names changed by one transaction. */
    public static final int MAX_NAMES_WRITTEN = 1024;

    /** Attributes, values and bodies of one transaction. */
    public static final int MAX_BYTES_WRITTEN = 8 * 1024 * 1024;

    /** Largest reply that the log keeps for a resend; a writing method answers no more than this. */
    public static final int MAX_RECORDED_REPLY_BYTES = 4096;

    private EvaluationLimits() {}

    /**
     * Checks how many entries of a locator have been looked up or stepped over.
     *
     * @throws MalformedBytesException when they are too many for one evaluation
     */
    public static void checkRead(int entries, Locator locator) {
        if (entries > MAX_ENTRIES_READ) {
            throw new MalformedBytesException(
                    "one evaluation reads more than " + MAX_ENTRIES_READ + " entries of locator " + locator);
        }
    }

    /**
     * Checks what a writing method has come to.
     *
     * @throws IllegalArgumentException when it is beyond these bounds, or changes a name twice
     */
    public static void check(ClassReply reply) {
        List<Mutation> mutations = reply.mutations();
        if (mutations.size() > MAX_NAMES_WRITTEN) {
            throw new IllegalArgumentException(mutations.size() + " names in one transaction");
        }
        if (reply.output().length() > MAX_RECORDED_REPLY_BYTES) {
            throw new IllegalArgumentException("a reply of " + reply.output().length() + " bytes to a write");
        }
        long bytes = 0;
        Set<Bytes> names = new HashSet<>(mutations.size() * 2);
        for (Mutation mutation : mutations) {
            if (!names.add(mutation.name())) {
                throw new IllegalArgumentException("two changes of " + mutation.name() + " in one transaction");
            }
            if (mutation instanceof Mutation.Put put) {
                bytes += put.attributes().length() + put.value().length();
                bytes += put.body() == null ? 0 : put.body().length();
            } else if (mutation instanceof Mutation.SetAttributes set) {
                bytes += set.attributes().length() + set.value().length();
            }
        }
        if (bytes > MAX_BYTES_WRITTEN) {
            throw new IllegalArgumentException(bytes + " bytes in one transaction");
        }
    }
}
