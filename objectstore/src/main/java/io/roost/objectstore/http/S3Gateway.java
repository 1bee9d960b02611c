package io.roost.objectstore.http;

import io.roost.cluster.object.BlockPool;
import io.roost.objectstore.Operation;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.auth.AccessKeys;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * What all servers of a process share. Everything in it is safe for use from any thread.
 *
 * @param operations what carries out each operation; one that is missing answers NotImplemented
 * @param accessKeys where secrets are found
 * @param bodyBudget memory for request bodies
 * @param answerBudget memory for the bytes of objects in answers
 * @param blocks of which request bodies are made
 * @param observer learns of every answer
 * @param wallClock milliseconds since 1970
 * @param hostId names this process in answers ({@code x-amz-id-2})
 */
public record S3Gateway(
        Map<S3Operation, Operation> operations,
        AccessKeys accessKeys,
        BodyBudget bodyBudget,
        BodyBudget answerBudget,
        BlockPool blocks,
        RequestObserver observer,
        LongSupplier wallClock,
        String hostId) {
    /** Copies the map and checks that nothing is null. */
    public S3Gateway {
        Map<S3Operation, Operation> copy = new EnumMap<>(S3Operation.class);
        copy.putAll(operations);
        operations = Collections.unmodifiableMap(copy);
        Objects.requireNonNull(accessKeys, "accessKeys");
        Objects.requireNonNull(bodyBudget, "bodyBudget");
        Objects.requireNonNull(answerBudget, "answerBudget");
        Objects.requireNonNull(blocks, "blocks");
        Objects.requireNonNull(observer, "observer");
        Objects.requireNonNull(wallClock, "wallClock");
        Objects.requireNonNull(hostId, "hostId");
    }
}
