package io.roost.mailstore.store;

import io.roost.cluster.object.Bytes;

/** Where random bytes come from. */
@FunctionalInterface
public interface Randomness {
    /** So many random bytes. */
    Bytes bytes(int count);
}
