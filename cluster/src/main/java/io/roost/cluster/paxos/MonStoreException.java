package io.roost.cluster.paxos;

import io.roost.cluster.object.Bytes;

/** A monitor's store that is not what a monitor left behind: never formatted, of another cluster, or damaged. */
public final class MonStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with it. */
    public MonStoreException(String message) {
        super(message);
    }

    /** The value of a key that must be there. */
    public static Bytes require(MonStore store, MonKey key) {
        return store.get(key).orElseThrow(() -> new MonStoreException("the monitor's store has no " + key));
    }
}
