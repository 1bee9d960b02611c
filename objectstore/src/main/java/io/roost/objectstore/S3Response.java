package io.roost.objectstore;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The answer of an operation: status, headers in order, body. Made and used on one event loop. */
public final class S3Response {
    private final int status;
    private final List<CharSequence> headers = new ArrayList<>(16);
    private Body body = Body.NONE;

    /** A body, or that there is none. */
    public sealed interface Body {
        /** No body. */
        Body NONE = new None();

        /** No body. */
        record None() implements Body {}

        /**
         * The length that a HEAD request tells without sending the bytes.
         *
         * @param length in bytes
         */
        record LengthOnly(long length) implements Body {}

        /**
         * A document in memory.
         *
         * @param bytes all of it
         */
        record Document(Bytes bytes) implements Body {}

        /**
         * Bytes that are fetched while they are sent. The connection is aborted when a piece cannot be had.
         *
         * @param length of all pieces together
         * @param first the first piece, at hand
         * @param next fetches the following piece; asked only when the bytes so far are fewer than the length; releases
         *     nothing by itself
         */
        record Pieces(long length, Data first, Supplier<Future<Data>> next) implements Body {}
    }

    /** An answer without headers and body yet. */
    public S3Response(int status) {
        this.status = status;
    }

    /** Adds a header. */
    public S3Response header(CharSequence name, CharSequence value) {
        headers.add(name);
        headers.add(value);
        return this;
    }

    /** Sets an XML document as the body. */
    public S3Response xml(Bytes document) {
        header("content-type", "application/xml");
        return body(new Body.Document(document));
    }

    /** Sets the body. */
    public S3Response body(Body newBody) {
        this.body = newBody;
        return this;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** Names and values in turn, in the order they were added. */
    public List<CharSequence> headers() {
        return headers;
    }

    /** The value of the first header of a name as it was added, or null. */
    public CharSequence header(String name) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).toString().equalsIgnoreCase(name)) {
                return headers.get(i + 1);
            }
        }
        return null;
    }

    /** The body. */
    public Body body() {
        return body;
    }
}
