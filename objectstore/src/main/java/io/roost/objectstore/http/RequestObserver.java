package io.roost.objectstore.http;

import io.roost.objectstore.S3Operation;

/** Learns of every request that has been answered: where metrics come from. Called on event loops; must not block. */
public interface RequestObserver {
    /**
     * A request has been answered.
     *
     * @param operation null when the request named none
     * @param status HTTP status; 0 when the connection was lost before an answer
     * @param receivedBytes of the body
     * @param sentBytes of the body
     * @param micros from the request's head to the answer's last byte given to the socket
     */
    void onAnswered(S3Operation operation, int status, long receivedBytes, long sentBytes, long micros);
}
