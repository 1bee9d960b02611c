package io.roost.junit;

import io.roost.deploy.CommandFailure;
import io.roost.deploy.EmbeddedNode;
import io.roost.deploy.NodeConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * An S3 server in this process, on the loopback address: the same code, disk format and signatures as a server of its own.
 * Unless told otherwise it listens on a free port, makes random keys, and keeps its data in a temporary folder that
 * {@link #close} removes. Several may run side by side. Safe for any thread.
 *
 * <p>When its disk or one of its invariants fails it hangs up on its clients, and says so in {@link #failure} and
 * {@link #check}; it never ends the process.
 */
public final class RoostServer implements AutoCloseable {
    /** Region of the server. */
    public static final String REGION = "us-east-1";

    private final EmbeddedNode node;
    private final SSLContext sslContext;

    private RoostServer(EmbeddedNode node, SSLContext sslContext) {
        this.node = node;
        this.sslContext = sslContext;
    }

    /**
     * Starts a server with default settings.
     *
     * @throws RoostException when it cannot be started
     */
    public static RoostServer start() {
        return builder().start();
    }

    /** A server with settings of your own. */
    public static Builder builder() {
        return new Builder();
    }

    /** Settings of a server; one may start several servers. For one thread. */
    public static final class Builder {
        private Optional<Path> data = Optional.empty();
        private int port;
        private NodeConfig.Tls tls = new NodeConfig.Tls.Off();
        private Optional<EmbeddedNode.Keys> keys = Optional.empty();
        private final List<String> buckets = new ArrayList<>();

        private Builder() {}

        /** Listens on this port of the loopback address; 0, the default, for a free one. */
        public Builder port(int newPort) {
            this.port = newPort;
            return this;
        }

        /** Accepts these keys instead of random ones. */
        public Builder keys(String accessKey, String secretKey) {
            keys = Optional.of(new EmbeddedNode.Keys(accessKey, secretKey));
            return this;
        }

        /**
         * Speaks HTTPS with a certificate made at the start, for localhost and 127.0.0.1; {@link RoostServer#sslContext}
         * trusts it.
         */
        public Builder selfSignedTls() {
            tls = new NodeConfig.Tls.SelfSigned();
            return this;
        }

        /**
         * Speaks HTTPS with a certificate of your own.
         *
         * @param certificate PEM file with the chain
         * @param key PEM file, PKCS #8
         */
        public Builder tls(Path certificate, Path key) {
            tls = new NodeConfig.Tls.Files(certificate, key);
            return this;
        }

        /** Makes these buckets at the start unless they exist. */
        public Builder buckets(String... names) {
            buckets.addAll(List.of(names));
            return this;
        }

        /** Keeps the data, and the keys unless others are given, in this folder instead of a temporary one. */
        public Builder dataFolder(Path folder) {
            data = Optional.of(Objects.requireNonNull(folder, "folder"));
            return this;
        }

        /**
         * Starts a server.
         *
         * @throws RoostException when it cannot be started: a port or folder in use, a malformed bucket name
         */
        public RoostServer start() {
            EmbeddedNode node = startNode();
            try {
                buckets.forEach(node::ensureBucket);
                return new RoostServer(
                        node,
                        node.certificatePem().map(TrustedCertificate::context).orElse(null));
            } catch (RuntimeException failure) {
                node.close();
                throw told(failure);
            }
        }

        private EmbeddedNode startNode() {
            try {
                return EmbeddedNode.start(new EmbeddedNode.Options(data, port, tls, keys));
            } catch (RuntimeException failure) {
                throw told(failure);
            }
        }
    }

    /** A refusal of the node's, without the command line's exit code. */
    private static RuntimeException told(RuntimeException failure) {
        return failure instanceof CommandFailure
                ? new RoostException("Roost: " + failure.getMessage(), failure)
                : failure;
    }

    /** Where S3 clients connect: {@code http://127.0.0.1:PORT}, or https. Buckets are addressed by path. */
    public URI endpoint() {
        return node.s3Endpoint();
    }

    /** What clients sign their requests with. They belong to an administrator. */
    public RoostCredentials credentials() {
        EmbeddedNode.Keys keys = node.keys();
        return new RoostCredentials(keys.accessKey(), keys.secretKey(), REGION);
    }

    /** Where the data are. */
    public Path dataFolder() {
        return node.data();
    }

    /** The certificate that a server with TLS shows, in PEM. */
    public Optional<String> certificatePem() {
        return node.certificatePem();
    }

    /** For clients of a server with TLS: trusts its certificate and no other. Empty without TLS. */
    public Optional<SSLContext> sslContext() {
        return Optional.ofNullable(sslContext);
    }

    /**
     * Makes a bucket unless it exists.
     *
     * @throws RoostException when it cannot be made: no name of a bucket
     */
    public void createBucket(String name) {
        check();
        try {
            node.ensureBucket(name);
        } catch (CommandFailure refused) {
            throw told(refused);
        }
    }

    /**
     * Removes a bucket with its objects, versions and uploads; does nothing when there is no such bucket.
     *
     * @throws RoostException when it cannot be removed: somebody goes on writing into it
     */
    public void removeBucket(String name) {
        check();
        try {
            node.removeBucket(name);
        } catch (CommandFailure refused) {
            throw told(refused);
        }
    }

    /** Whether there is a bucket of that name, whoever owns it. */
    public boolean hasBucket(String name) {
        check();
        return node.hasBucket(name);
    }

    /** What the disk or an invariant failed with, empty while all is well. */
    public Optional<Throwable> failure() {
        return node.failure();
    }

    /**
     * Does nothing while all is well.
     *
     * @throws RoostException with what the server failed with
     */
    public void check() {
        Optional<Throwable> failure = failure();
        if (failure.isPresent()) {
            throw new RoostException("Roost has failed and answers nothing any more: " + failure.get(), failure.get());
        }
    }

    /** Stops the server; a temporary folder is removed. Further calls do nothing. */
    @Override
    public void close() {
        node.close();
    }

    @Override
    public String toString() {
        return "RoostServer[" + endpoint() + "]";
    }
}
