package io.roost.cluster.classes;

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
}
