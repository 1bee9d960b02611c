package io.roost.objectstore;

import io.vertx.core.Future;

/** Carries out one operation of the S3 API. Safe for use from any event loop. */
@FunctionalInterface
public interface Operation {
    /**
     * Answers an authenticated request. Fails with an {@link S3Exception} for an error that the client is told, with an
     * {@link io.roost.cluster.object.ObjectException} for a fault of the cluster.
     */
    Future<S3Response> answer(S3Request request);
}
