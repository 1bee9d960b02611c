package io.roost.cluster.client;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import java.util.Objects;

/**
 * A call of an object class's method.
 *
 * @param className the class
 * @param method its method
 * @param parameters what the method decodes
 * @param data a body to be stored, {@link Data#EMPTY} for none
 */
public record ClassCall(String className, String method, Bytes parameters, Data data) {
    /** Checks that nothing is null. */
    public ClassCall {
        Objects.requireNonNull(className, "className");
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(parameters, "parameters");
        Objects.requireNonNull(data, "data");
    }

    /** A call without data. */
    public static ClassCall of(String className, String method, Bytes parameters) {
        return new ClassCall(className, method, parameters, Data.EMPTY);
    }
}
