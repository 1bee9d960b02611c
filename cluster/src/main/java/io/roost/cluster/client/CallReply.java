package io.roost.cluster.client;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.ObjectVersion;

/**
 * What a call answered.
 *
 * @param status 0, or an expected outcome of the class's own that changed nothing
 * @param output what the method encoded
 * @param data the body asked for, {@link Data#EMPTY} for none; {@link Data#release} it when it has been used
 * @param version of the transaction, {@link ObjectVersion#NONE} when nothing was changed
 */
public record CallReply(int status, Bytes output, Data data, ObjectVersion version) {
    /** True for status 0. */
    public boolean isOk() {
        return status == 0;
    }
}
