package io.roost.objectstore.http;

import io.roost.objectstore.auth.AuthenticationRules;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Objects;

/**
 * How a gateway listens.
 *
 * @param host address to bind to
 * @param port 0 for a free one, negative for a free one that all servers of a verticle with the same number share
 * @param tls whether connections are encrypted
 * @param authentication which signatures are accepted, the region and the domains of virtual hosts
 * @param bodyBudgetBytes memory for request bodies of the process
 * @param bodyPatience a piece of a body that a client takes longer for is given up when others wait as long for its memory
 * @param idleTimeout a connection without a request or progress is closed after it
 */
public record S3Config(
        String host,
        int port,
        Tls tls,
        AuthenticationRules authentication,
        long bodyBudgetBytes,
        Duration bodyPatience,
        Duration idleTimeout) {
    /** Longest request line: a key of 1024 bytes, each encoded, with a presigned query. */
    public static final int MAX_REQUEST_LINE_BYTES = 16 * 1024;

    /** Largest header section: 2 KiB of user metadata, signatures and what proxies add. */
    public static final int MAX_HEADER_BYTES = 32 * 1024;

    /** A body's pieces of 4 MiB must fit a few times. */
    private static final long MIN_BODY_BUDGET_BYTES = 16L << 20;

    /** Whether connections are encrypted. */
    public sealed interface Tls {
        /** No encryption. */
        record Off() implements Tls {}

        /**
         * A certificate with its key, both in PEM.
         *
         * @param certificate the chain
         * @param key PKCS #8
         */
        record Pem(Buffer certificate, Buffer key) implements Tls {}
    }

    /** Checks the ranges above. */
    public S3Config {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(authentication, "authentication");
        if (port > 65535) {
            throw new IllegalArgumentException("port " + port);
        }
        if (bodyBudgetBytes < MIN_BODY_BUDGET_BYTES) {
            throw new IllegalArgumentException(
                    "a body budget of " + bodyBudgetBytes + " bytes; at least " + MIN_BODY_BUDGET_BYTES);
        }
        if (bodyPatience.isNegative() || bodyPatience.isZero()) {
            throw new IllegalArgumentException("a patience with bodies of " + bodyPatience);
        }
        if (idleTimeout.isNegative() || idleTimeout.isZero()) {
            throw new IllegalArgumentException("an idle timeout of " + idleTimeout);
        }
    }
}
