package io.roost.cluster.sim;

/** A process that keeps registers, as clients see it. */
public interface RegisterService {
    /** Where the answer goes. */
    interface Reply {
        /** A write is done, or a read has this value, null for none. */
        void done(String value);

        /** Nothing was done, and nothing will be. */
        void refused();
    }

    /** Reads. */
    void read(String register, Reply reply);

    /** Writes; null for no value any more. */
    void write(String register, String value, Reply reply);
}
