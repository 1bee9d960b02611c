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
        /** The answer's JSON document, or a failure with an {@link AdminException}. */
        Future<JsonNode> handle(Request request);
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
