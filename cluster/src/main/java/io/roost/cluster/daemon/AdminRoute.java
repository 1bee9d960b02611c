package io.roost.cluster.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;

/**
 * One route of the admin API. Modules contribute theirs; {@link AdminServer} serves them all.
 *
 * @param method GET changes nothing
 * @param path segments after a slash each; a segment in braces matches any and is a parameter of that name
 * @param handler answers; called on an event loop
 */
public record AdminRoute(HttpMethod method, String path, Handler handler) {
    /** Answers a request. */
    @FunctionalInterface
    public interface Handler {
        /** The answer, or a failure with an {@link AdminException}. */
        Future<Answer> handle(Request request);
    }

    /**
     * An answer.
     *
     * @param status of HTTP: 200, 201 or 204
     * @param document null for none
     */
    public record Answer(int status, JsonNode document) {
        /** 200 with a document. */
        public static Answer ok(JsonNode document) {
            return new Answer(200, document);
        }

        /** 201 with what was made. */
        public static Answer created(JsonNode document) {
            return new Answer(201, document);
        }

        /** 204: it is gone. */
        public static Answer gone() {
            return new Answer(204, null);
        }
    }

    /**
     * A request of a route.
     *
     * @param parameters of the path, decoded
     * @param query parameters, decoded; the last of a name counts
     * @param body the JSON document, a missing node when there is none
     */
    public record Request(Map<String, String> parameters, Map<String, String> query, JsonNode body) {}

    /** The path's segments. */
    List<String> segments() {
        return List.of(path.substring(1).split("/"));
    }
}
