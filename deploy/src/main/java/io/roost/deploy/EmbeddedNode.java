package io.roost.deploy;

import io.roost.objectstore.layout.BucketRecord;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A {@link Node} inside somebody else's program, such as a test: it never ends the process, and leaves no thread and no
 * temporary folder behind. Starting, closing and the work on buckets block the calling thread; all of it may be called on
 * any thread.
 */
public final class EmbeddedNode implements AutoCloseable {
    /** Many nodes may run in one process, none of them with much data. */
    private static final Map<String, String> SMALL =
            Map.of("store.block-cache-mib", "16", "store.memtable-mib", "8", "s3.body-budget-mib", "64");

    /** A test may have left requests under way that write into a bucket while it is being removed. */
    private static final int REMOVE_TRIES = 5;

    /**
     * How to run.
     *
     * @param data where the data are kept; empty for a temporary folder, removed at the end
     * @param s3Port 0 for a free one
     * @param tls encryption of the S3 gateway
     * @param keys of the node's administrator; empty for those of the folder, random ones in a new folder
     */
    public record Options(Optional<Path> data, int s3Port, NodeConfig.Tls tls, Optional<Keys> keys) {
        private static final int MAX_PORT = 65_535;

        /** Checks the port. */
        public Options {
            Objects.requireNonNull(data, "data");
            Objects.requireNonNull(tls, "tls");
            Objects.requireNonNull(keys, "keys");
            if (s3Port < 0 || s3Port > MAX_PORT) {
                throw new IllegalArgumentException("port " + s3Port);
            }
        }
    }

    /**
     * An access key.
     *
     * @param accessKey its id
     * @param secretKey its secret
     */
    public record Keys(String accessKey, String secretKey) {
        /** Checks that neither is empty. */
        public Keys {
            if (accessKey.isEmpty() || secretKey.isEmpty()) {
                throw new IllegalArgumentException("an access key and a secret are needed");
            }
        }

        /** Leaves the secret out. */
        @Override
        public String toString() {
            return "Keys[" + accessKey + "]";
        }
    }

    private final NodeFolder folder;
    private final AtomicReference<Throwable> fatal;
    private final Node node;
    private final Keys keys;
    private boolean isClosed;

    private EmbeddedNode(NodeFolder folder, AtomicReference<Throwable> fatal, Node node, Keys keys) {
        this.folder = folder;
        this.fatal = fatal;
        this.node = node;
        this.keys = keys;
    }

    /**
     * Starts a node.
     *
     * @throws CommandFailure when it cannot be started; nothing is left of the attempt then
     */
    public static EmbeddedNode start(Options options) {
        NodeFolder folder = options.data()
                .map(path -> NodeFolder.open(path.toAbsolutePath()))
                .orElseGet(NodeFolder::openTemporary);
        Fatal onFatal = new Fatal();
        try {
            Node node = Node.start(config(options), folder, Node.SHORT_GARBAGE_DELAY, onFatal);
            onFatal.protect(node);
            return ready(options, folder, onFatal, node);
        } catch (RuntimeException | Error failure) {
            // Errors too: with other versions of a library on the class path, classes are missing.
            folder.close();
            removeTemporary(folder);
            throw failure;
        }
    }

    private static EmbeddedNode ready(Options options, NodeFolder folder, Fatal onFatal, Node node) {
        try {
            Optional<NodeCredentials> given =
                    options.keys().map(keys -> new NodeCredentials(keys.accessKey(), keys.secretKey(), false));
            NodeCredentials made = NodeCredentials.of(node, given);
            return new EmbeddedNode(folder, onFatal.first, node, new Keys(made.accessKey(), made.secretKey()));
        } catch (RuntimeException failure) {
            node.close();
            throw failure;
        }
    }

    private static NodeConfig config(Options options) {
        Settings settings = new Settings(NodeConfig.defaults());
        SMALL.forEach((key, value) -> settings.with(key, value, "EmbeddedNode"));
        settings.with("s3.port", options.s3Port(), "Options.s3Port");
        if (options.tls() instanceof NodeConfig.Tls.Files files) {
            settings.with("s3.tls-certificate", files.certificate(), "Options.tls")
                    .with("s3.tls-key", files.key(), "Options.tls");
        } else if (options.tls() instanceof NodeConfig.Tls.SelfSigned) {
            settings.with("s3.tls", "self-signed", "Options.tls");
        }
        return NodeConfig.of(settings);
    }

    private static void removeTemporary(NodeFolder folder) {
        if (folder.isTemporary()) {
            folder.remove();
        }
    }

    /** Keeps what the disk or an invariant failed with, and hangs up on clients, who would wait for answers in vain. */
    private static final class Fatal implements Consumer<Throwable> {
        private final AtomicReference<Throwable> first = new AtomicReference<>();
        private Node node;

        @Override
        public void accept(Throwable failure) {
            Node running;
            synchronized (this) {
                first.compareAndSet(null, failure);
                running = node;
            }
            if (running != null) {
                hangUp(running);
            }
        }

        /** From now on a failure closes the node's port. */
        void protect(Node started) {
            synchronized (this) {
                node = started;
                if (first.get() == null) {
                    return;
                }
            }
            hangUp(started);
        }

        private void hangUp(Node running) {
            running.stopListening().onFailure(alsoFailed -> first.get().addSuppressed(alsoFailed));
        }
    }

    /** Where S3 clients connect. */
    public URI s3Endpoint() {
        return node.s3Endpoint();
    }

    /** The administrator's keys. */
    public Keys keys() {
        return keys;
    }

    /** The certificate chain of the S3 gateway in PEM, empty when it speaks HTTP. */
    public Optional<String> certificatePem() {
        return node.certificatePem();
    }

    /** The data folder. */
    public Path data() {
        return folder.path();
    }

    /** What the disk or an invariant failed with; the node answers nothing any more then. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(fatal.get());
    }

    /** Makes a bucket of the administrator when there is none of that name. */
    public void ensureBucket(String name) {
        Node.await("make the bucket " + name, node.ensureBucket(name, DevCommand.USER));
    }

    /** Removes a bucket with all that is in it; does nothing when there is no such bucket. */
    public void removeBucket(String name) {
        BucketRemoval removal = new BucketRemoval(node);
        Node.await("remove the bucket " + name, removal.remove(name, REMOVE_TRIES));
    }

    /** Whether there is a bucket of that name. */
    public boolean hasBucket(String name) {
        return Node.await("list buckets", node.buckets().list()).stream()
                .map(BucketRecord::name)
                .anyMatch(name::equals);
    }

    /** Stops the node and, when its folder is temporary, removes that. Further calls do nothing. */
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            node.close();
        } finally {
            removeTemporary(folder);
        }
    }
}
