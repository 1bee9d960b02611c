package io.roost.cluster.classes;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.RequestId;
import java.util.Objects;

/**
 * What a class method is called with.
 *
 * @param request the client's request, the same for a resend
 * @param parameters encoded by the caller, decoded by the method
 * @param data a body to be stored, {@link Data#EMPTY} for none
 */
public record ClassInput(RequestId request, Bytes parameters, Data data) {
    /** Checks that nothing is null. */
    public ClassInput {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(parameters, "parameters");
        Objects.requireNonNull(data, "data");
    }
}
