package io.roost.deploy.lab;

import io.roost.deploy.RawConnection;
import io.roost.deploy.SignedHttp;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** One client's connection to one gateway, made anew when it has broken. For one thread. */
final class Gateway implements AutoCloseable {
    /** Keys and where the nodes are. */
    record Access(String accessKey, String secretKey, int port) {
        URI endpoint(int node) {
            return URI.create("http://127.0.0." + node + ":" + port);
        }
    }

    /** What an attempt came to. */
    sealed interface Outcome {
        /** There was an answer that is none of the server's trouble, or says that nothing was done for want of space. */
        record Answered(RawConnection.Response response) implements Outcome {}

        /** Nobody listened: nothing was done. */
        record Refused(String reason) implements Outcome {}

        /** Whether it was done is not known. */
        record Open(String reason) implements Outcome {}
    }

    /** The status of a PUT for which there is no space. */
    static final int FULL = 507;

    private final Access access;
    private final int node;
    private final int patienceMillis;
    private Optional<SignedHttp> connection = Optional.empty();

    Gateway(Access access, int node, int patienceMillis) {
        this.access = access;
        this.node = node;
        this.patienceMillis = patienceMillis;
    }

    int node() {
        return node;
    }

    Outcome send(String method, String path, Map<String, String> query, Map<String, String> headers, byte[] body) {
        if (connection.isEmpty()) {
            try {
                URI endpoint = access.endpoint(node);
                connection = Optional.of(new SignedHttp(
                        new RawConnection(endpoint, patienceMillis),
                        endpoint,
                        access.accessKey(),
                        access.secretKey(),
                        SignedHttp.Signature.V4));
            } catch (IOException refused) {
                return new Outcome.Refused(refused.toString());
            }
        }
        try {
            RawConnection.Response response = connection.get().request(method, path, query, headers, body);
            if (response.headers().getOrDefault("connection", "").equalsIgnoreCase("close")) {
                close();
            }
            return response.status() >= 500 && response.status() != FULL
                    ? new Outcome.Open(response.status() + " " + response.errorCode())
                    : new Outcome.Answered(response);
        } catch (IOException | RuntimeException broken) {
            // A damaged answer is one that cannot be parsed, too.
            close();
            return new Outcome.Open(broken.toString());
        }
    }

    @Override
    public void close() {
        connection.ifPresent(open -> {
            try {
                open.close();
            } catch (IOException ignored) {
                throw new IllegalStateException("a socket cannot be closed", ignored);
            }
        });
        connection = Optional.empty();
    }
}
