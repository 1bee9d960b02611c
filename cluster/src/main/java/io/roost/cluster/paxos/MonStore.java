package io.roost.cluster.paxos;

import io.roost.cluster.object.Bytes;
import java.util.Optional;

/**
 * Port to a monitor's durable keys. For the monitor's own thread.
 *
 * <p>Who runs a monitor carries out {@code persist} by {@link #write} before the input returns, so that the
 * monitor reads back what it has persisted.
 */
public interface MonStore {
    /** The value of a key, or empty. */
    Optional<Bytes> get(MonKey key);

    /**
     * Makes all of a transaction durable and visible, or nothing of it; durable on return.
     *
     * @throws RuntimeException when that failed; the store must not be used on
     */
    void write(MonTransaction transaction);

    /**
     * Rows in order.
     *
     * @param after the row before the first, or empty for the beginning
     * @param maxBytes where to stop, once there is a row
     * @return a transaction that puts them, empty when there are no more
     */
    MonTransaction rows(Optional<MonKey> after, int maxBytes);

    /** The value of a key that is a number, or 0 when it is absent. */
    default long number(MonKey key) {
        return get(key).map(MonKey::number).orElse(0L);
    }
}
