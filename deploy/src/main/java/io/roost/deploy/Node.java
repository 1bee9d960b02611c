package io.roost.deploy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.daemon.AdminServer;
import io.roost.cluster.daemon.ClusterNode;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.store.StoreFailedException;
import io.roost.mailstore.classes.MailClasses;
import io.roost.objectstore.BucketName;
import io.roost.objectstore.Operation;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.admin.BucketAdmin;
import io.roost.objectstore.admin.ObjectNames;
import io.roost.objectstore.admin.UserDirectory;
import io.roost.objectstore.auth.AuthenticationRules;
import io.roost.objectstore.auth.Identity;
import io.roost.objectstore.bucket.BucketRegion;
import io.roost.objectstore.cache.RecordChanges;
import io.roost.objectstore.classes.S3Classes;
import io.roost.objectstore.http.BodyBudget;
import io.roost.objectstore.http.MeteredRequests;
import io.roost.objectstore.http.OperationTable;
import io.roost.objectstore.http.S3Config;
import io.roost.objectstore.http.S3Gateway;
import io.roost.objectstore.layout.AccessKeyRecord;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.object.ListingCounters;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole Roost in this process: a cluster of one, an S3 gateway on every event loop, the admin API. Starting and closing
 * block and are for one thread; the rest is for any.
 */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    /** Bytes that nobody refers to any more are kept this long for readers under way. */
    static final Duration GARBAGE_DELAY = Duration.ofMinutes(15);

    /** The same for throw-away data. */
    static final Duration SHORT_GARBAGE_DELAY = Duration.ofSeconds(60);

    private static final long START_SECONDS = 60;

    /** How long a node that stops waits for requests under way. Docker kills after 10 s. */
    private static final Duration FINISH_TIME = Duration.ofSeconds(5);

    private static final Duration LEAVE_TIME = Duration.ofSeconds(1);

    /** Blocks of 64 KiB that are kept for bodies: 32 MiB. */
    private static final int KEPT_BLOCKS = 1024;

    private final NodeConfig config;
    private final NodeFolder folder;
    private final Vertx vertx;
    private final SecureRandom random = new SecureRandom();
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<Context> loops = new ArrayList<>();
    private final String adminToken;
    private ClusterNode cluster;
    private S3Servers servers;
    private Future<IoContext.Watch> following = Future.failedFuture("no gateway");
    private UserDirectory users;
    private BucketAdmin buckets;
    private Maintenance maintenance;
    private AdminServer adminServer;
    private MailServers mail;
    private int adminPort;

    private Node(NodeConfig config, NodeFolder folder) {
        this.config = config;
        this.folder = folder;
        int loopCount = Math.max(1, Runtime.getRuntime().availableProcessors());
        this.vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(loopCount)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2));
        byte[] token = new byte[24];
        random.nextBytes(token);
        adminToken = HexFormat.of().formatHex(token);
        // Instances of one verticle have a context on an event loop each, and share a port that is chosen for them.
        await(
                "start the event loops",
                vertx.deployVerticle(Loop::new, new DeploymentOptions().setInstances(loopCount)));
    }

    /** Holds an event loop's context. */
    private final class Loop extends VerticleBase {
        @Override
        public Future<?> start() {
            synchronized (loops) {
                loops.add(context);
            }
            return Future.succeededFuture();
        }
    }

    /**
     * Starts a node on a folder's data.
     *
     * @param garbageDelay how long bytes that nobody refers to any more are kept for readers under way
     * @param onFatal called once, on any thread, when the disk or an invariant fails; the node answers nothing any more
     * @throws CommandFailure when it cannot be started
     */
    static Node start(NodeConfig config, NodeFolder folder, Duration garbageDelay, Consumer<Throwable> onFatal) {
        Node node = new Node(config, folder);
        try {
            node.startCluster(onFatal);
            node.startGateway(garbageDelay);
            if (config.mail().isOn()) {
                node.mail = MailServers.start(node.vertx, node.loops, node, config.mail());
            }
            node.maintenance = new Maintenance(
                    node.vertx,
                    node.loops.get(0),
                    node.cluster,
                    node::objectNames,
                    node.mail().map(MailServers::work).stream().toList());
            node.maintenance.start();
            node.startAdmin();
            return node;
        } catch (IOException | StoreFailedException failure) {
            node.close();
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN,
                    "cannot use the data in " + folder.path() + ": " + failure.getMessage());
        } catch (InterruptedException interrupted) {
            node.close();
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "interrupted");
        } catch (RuntimeException | Error failure) {
            node.close();
            throw failure;
        }
    }

    private void startCluster(Consumer<Throwable> onFatal) throws IOException, InterruptedException {
        cluster = ClusterNode.start(
                vertx,
                ClusterSetup.of(config, folder),
                loops,
                new ClassRegistry(classes()),
                new BlockPool(KEPT_BLOCKS),
                onFatal);
    }

    private static List<ObjectClass> classes() {
        List<ObjectClass> classes = new ArrayList<>(S3Classes.all());
        // Also where no mail server runs: another start's mail is in the data.
        classes.addAll(MailClasses.all());
        return classes;
    }

    private void startGateway(Duration garbageDelay) {
        NodeConfig.S3 s3 = config.s3();
        IoContext system = cluster.rados().pool("system");
        IoContext data = cluster.rados().pool("data");
        boolean anyRegion = s3.acceptRegion() == NodeConfig.AcceptRegion.ANY;
        RecordChanges changes = new RecordChanges(system, () -> System.nanoTime() / 1_000_000);
        users = new UserDirectory(system, random, System::currentTimeMillis, changes);
        ListingCounters listings = new ListingCounters();
        OperationTable.Cluster pools = new OperationTable.Cluster(
                system,
                data,
                System::currentTimeMillis,
                random,
                new BucketRegion(s3.region(), anyRegion ? BucketRegion.Rule.ANY : BucketRegion.Rule.EXACT),
                garbageDelay::toMillis,
                listings);
        BodyBudget budget = BodyBudget.of(s3.bodyBudgetBytes());
        BodyBudget answers = BodyBudget.of(s3.bodyBudgetBytes());
        Map<S3Operation, Operation> operations = OperationTable.of(pools, changes);
        following = changes.follow();
        buckets = new BucketAdmin(system, data, operations, users, System::currentTimeMillis);
        S3Gateway gateway = new S3Gateway(
                operations,
                users,
                budget,
                answers,
                cluster.blocks(),
                new MeteredRequests(metrics),
                System::currentTimeMillis,
                folder.fsid().toString());
        NodeMetrics meters = new NodeMetrics(metrics, vertx);
        meters.ofCluster(cluster);
        meters.ofGateway(budget, answers, listings);
        meters.watch(loops);
        AuthenticationRules rules = new AuthenticationRules(
                s3.region(),
                anyRegion ? AuthenticationRules.RegionRule.ANY : AuthenticationRules.RegionRule.EXACT,
                s3.signatureV2()
                        ? AuthenticationRules.SignatureV2Rule.ACCEPTED
                        : AuthenticationRules.SignatureV2Rule.REFUSED,
                List.of(s3.domain()));
        servers = new S3Servers(vertx, s3, S3Servers.tls(s3, folder, random));
        servers.start(loops, rules, gateway);
    }

    static int freePort(String host) {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN, "cannot listen on " + host + " (s3.host): " + Reason.of(failure));
        }
    }

    static Buffer pem(Path file, String mark) {
        try {
            Buffer content = Buffer.buffer(Files.readAllBytes(file));
            if (!content.toString(StandardCharsets.ISO_8859_1).contains(mark)) {
                throw new CommandFailure(
                        CommandFailure.COULD_NOT_RUN,
                        file + " is no PEM file with a " + mark.replace("-", "").toLowerCase(Locale.ROOT));
            }
            return content;
        } catch (IOException failure) {
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "cannot read " + file + ": " + Reason.of(failure));
        }
    }

    private void startAdmin() {
        adminServer = new AdminServer(vertx, adminToken, new NodeRoutes(this).all(), metrics::scrape);
        int port = config.admin().port();
        try {
            adminPort = await("listen on 127.0.0.1:" + port, adminServer.start("127.0.0.1", port));
        } catch (CommandFailure taken) {
            throw S3Servers.inUse(taken, "--admin-port");
        }
        folder.write(DataFolder.ADMIN_FILE, "{\"url\": \"" + adminUrl() + "\", \"token\": \"" + adminToken + "\"}\n");
    }

    static <T> Future<T> on(Context loop, java.util.function.Supplier<Future<T>> task) {
        Promise<T> promise = Promise.promise();
        loop.runOnContext(v -> task.get().onComplete(promise));
        return promise.future();
    }

    /** Waits for a step of the start. */
    static <T> T await(String what, Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN, "cannot " + what + ": " + Reason.of(failed.getCause()));
        } catch (TimeoutException late) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN, "cannot " + what + ": no answer in " + START_SECONDS + " s");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "interrupted");
        }
    }

    /** Where S3 clients connect. */
    public URI s3Endpoint() {
        String scheme = config.s3().tls() instanceof NodeConfig.Tls.Off ? "http" : "https";
        return URI.create(scheme + "://" + config.s3().host() + ":" + servers.port());
    }

    /** The file that clients are to trust, empty when they need not be told. */
    Optional<Path> trustedFile() {
        return config.s3().tls() instanceof NodeConfig.Tls.SelfSigned
                ? Optional.of(folder.path().resolve(NodeCertificate.FILE))
                : Optional.empty();
    }

    /** The certificate chain of the S3 gateway in PEM, empty when it speaks HTTP. */
    Optional<String> certificatePem() {
        return servers.tls() instanceof S3Config.Tls.Pem pem
                ? Optional.of(pem.certificate().toString(StandardCharsets.US_ASCII))
                : Optional.empty();
    }

    /** Where the admin API listens. */
    public URI adminUrl() {
        return URI.create("http://127.0.0.1:" + adminPort);
    }

    /** The users. */
    public UserDirectory users() {
        return users;
    }

    /** The mail servers, when there are any. */
    Optional<MailServers> mail() {
        return Optional.ofNullable(mail);
    }

    Maintenance maintenance() {
        return maintenance;
    }

    /** Names of objects for what is stored. */
    Future<ObjectNames> objectNames() {
        return ObjectNames.load(cluster.rados().pool("data"), buckets);
    }

    /** The buckets of all users. */
    BucketAdmin buckets() {
        return buckets;
    }

    /** Refuses what S3 does not take for a bucket's name, and says what it takes. */
    static void requireBucketName(String name) {
        if (!BucketName.isAllowed(name)) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no name for a bucket: 3 to 63 of a-z, 0-9, '-' and"
                            + " '.', with a letter or digit at both ends, no IP address and no beginning or end that AWS reserves");
        }
    }

    /** Makes a bucket of a user when there is none of that name. */
    Future<BucketRecord> ensureBucket(String name, String user) {
        return Future.succeededFuture().compose(checked -> {
            requireBucketName(name);
            return buckets.existing(name).recover(failure -> buckets.create(name, user, null, null));
        });
    }

    /**
     * A key of a user, both made when they do not exist.
     *
     * @param accessKey null for a random one
     * @param secret of the key; another secret of a key that exists is an error
     */
    Future<AccessKeyRecord> ensureKey(String user, Identity.Role role, String accessKey, String secret) {
        return users.user(user)
                .compose(found -> found.isPresent()
                        ? Future.succeededFuture(found.get())
                        : users.createUser(user, user, "", role))
                .compose(found -> users.keys(user))
                .compose(keys -> {
                    for (AccessKeyRecord key : keys) {
                        if (key.accessKey().equals(accessKey) && key.secret().equals(secret)) {
                            return Future.succeededFuture(key);
                        }
                    }
                    return users.createKey(user, accessKey, secret);
                });
    }

    /** Where meters are registered. */
    MeterRegistry metrics() {
        return metrics;
    }

    ClusterNode cluster() {
        return cluster;
    }

    NodeFolder folder() {
        return folder;
    }

    /** Closes the port and every connection of the S3 gateway; may be called on any thread, and does not wait. */
    Future<Void> stopListening() {
        return servers.stop();
    }

    /**
     * Stops listening, answers the requests under way, writes what is left, and closes the data. A step that fails does not keep the others from
     * being made; its failure is thrown at the end.
     */
    @Override
    public void close() {
        List<RuntimeException> failures = new ArrayList<>();
        if (servers != null) {
            step(failures, () -> await("stop the S3 gateway", servers.finish(FINISH_TIME)));
        }
        if (mail != null) {
            step(failures, mail::stop);
        }
        if (maintenance != null) {
            maintenance.stop();
        }
        if (adminServer != null) {
            step(failures, () -> await("stop the admin API", adminServer.stop()));
            step(failures, () -> folder.delete(DataFolder.ADMIN_FILE));
        }
        if (cluster != null) {
            step(failures, this::takeLeave);
            step(failures, this::stopCluster);
        }
        step(failures, () -> await("stop the event loops", vertx.close()));
        step(failures, metrics::close);
        step(failures, folder::close);
        if (!failures.isEmpty()) {
            RuntimeException first = failures.get(0);
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }

    private static void step(List<RuntimeException> failures, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException failure) {
            failures.add(failure);
        }
    }

    /** So that nobody waits for this gateway when a bucket or key changes; where nobody answers it just goes. */
    private void takeLeave() {
        if (following.succeeded()) {
            try {
                following
                        .result()
                        .cancel()
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(LEAVE_TIME.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException unheard) {
                LOG.debug("nobody heard that this gateway goes", unheard);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void stopCluster() {
        try {
            cluster.stop();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
