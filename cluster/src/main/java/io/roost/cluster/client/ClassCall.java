package io.roost.cluster.client;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.ReadFrom;
import java.util.Objects;

/**
 * A call of an object class's method.
 *
 * @param className the class
 * @param method its method
 * @param parameters what the method decodes
 * @param data a body to be stored, {@link Data#EMPTY} for none
 * @param readFrom REPLICA when the class has declared that the method reads what is written once
 */
public record ClassCall(String className, String method, Bytes parameters, Data data, ReadFrom readFrom) {
    /** Checks that nothing is null. */
    public ClassCall {
        Objects.requireNonNull(className, "className");
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(parameters, "parameters");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(readFrom, "readFrom");
    }

    /** A call that the primary answers. */
    public ClassCall(String className, String method, Bytes parameters, Data data) {
        this(className, method, parameters, data, ReadFrom.PRIMARY);
    }

    /** A call without data. */
    public static ClassCall of(String className, String method, Bytes parameters) {
        return new ClassCall(className, method, parameters, Data.EMPTY);
    }

    /** A call of a method that reads what is written once; a replica in this process is asked first. */
    public static ClassCall ofConstant(String className, String method, Bytes parameters) {
        return new ClassCall(className, method, parameters, Data.EMPTY, ReadFrom.REPLICA);
    }
}
