package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.daemon.LocalCluster;
import io.roost.cluster.transport.LocalTransport;
import io.roost.objectstore.auth.AccessKey;
import io.roost.objectstore.auth.AuthenticationRules;
import io.roost.objectstore.auth.Identity;
import io.roost.objectstore.bucket.BucketRegion;
import io.roost.objectstore.cache.RecordChanges;
import io.roost.objectstore.classes.S3Classes;
import io.roost.objectstore.object.ListingCounters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A gateway on a real OSD in this process, with two users of its own, for tests that speak S3. */
@SuppressWarnings("try") // An interrupted test has failed anyway.
public final class TestGateway implements AutoCloseable {
    static final AccessKey USER =
            new AccessKey(RawClient.ACCESS_KEY, RawClient.SECRET, new Identity("0a1b2c", "tester", Identity.Role.USER));
    static final AccessKey OTHER =
            new AccessKey("AKOTHER", "secret-of-another", new Identity("ffee99", "other", Identity.Role.USER));

    private final LocalCluster cluster;
    private final boolean isFirst;
    private final S3Server server;
    private final ListingCounters listings = new ListingCounters();
    private final BodyBudget budget = BodyBudget.of(64 << 20);
    private final BodyBudget answers = BodyBudget.of(64 << 20);
    private final int port;
    private final IoContext.Watch watch;

    private TestGateway(LocalCluster cluster, boolean isFirst) throws Exception {
        this.cluster = cluster;
        this.isFirst = isFirst;
        AuthenticationRules rules = new AuthenticationRules(
                "us-east-1",
                AuthenticationRules.RegionRule.EXACT,
                AuthenticationRules.SignatureV2Rule.REFUSED,
                List.of("s3.localhost"));
        S3Config config = new S3Config(
                "127.0.0.1",
                0,
                new S3Config.Tls.Off(),
                rules,
                64 << 20,
                Duration.ofSeconds(20),
                Duration.ofSeconds(60));
        OperationTable.Cluster operations = new OperationTable.Cluster(
                cluster.rados().pool("system"),
                cluster.rados().pool("data"),
                System::currentTimeMillis,
                new SecureRandom(),
                new BucketRegion("us-east-1", BucketRegion.Rule.EXACT),
                () -> 60_000,
                listings);
        Map<String, AccessKey> keys = Map.of(USER.id(), USER, OTHER.id(), OTHER);
        RecordChanges changes = new RecordChanges(cluster.rados().pool("system"), () -> System.nanoTime() / 1_000_000);
        S3Gateway gateway = new S3Gateway(
                OperationTable.of(operations, changes),
                id -> CompletableFuture.completedFuture(Optional.ofNullable(keys.get(id))),
                budget,
                answers,
                cluster.blocks(),
                (operation, status, received, sent, micros) -> {},
                System::currentTimeMillis,
                "host");
        server = new S3Server(cluster.vertx(), config, gateway);
        Promise<Integer> started = Promise.promise();
        cluster.loops().get(0).runOnContext(on -> server.start().onComplete(started));
        port = LocalCluster.join(started.future());
        watch = LocalCluster.join(changes.follow());
    }

    /** Starts one on the data of a folder; with {@code -Droost.transport=BYTES} every message goes through its codec. */
    public static TestGateway start(Path folder) throws Exception {
        LocalTransport.Mode mode = LocalTransport.Mode.valueOf(System.getProperty("roost.transport", "REFERENCES"));
        return new TestGateway(LocalCluster.start(folder, new ClassRegistry(S3Classes.all()), mode), true);
    }

    /** The same, with replies of its OSD that are lost and operations that arrive twice. */
    static TestGateway lossy(Path folder, long seed) throws Exception {
        return new TestGateway(LocalCluster.lossy(folder, new ClassRegistry(S3Classes.all()), seed), true);
    }

    /** Another gateway of the same cluster, to be closed before the first. */
    TestGateway another() throws Exception {
        return new TestGateway(cluster, false);
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** The cluster behind it. */
    public LocalCluster cluster() {
        return cluster;
    }

    /** A client of the first user. */
    public S3Client client() {
        return client(USER);
    }

    S3Client client(AccessKey key) {
        return client(key, o -> {});
    }

    /** A client of the first user, with settings of the SDK's own. */
    S3Client client(Consumer<ClientOverrideConfiguration.Builder> settings) {
        return client(USER, settings);
    }

    private S3Client client(AccessKey key, Consumer<ClientOverrideConfiguration.Builder> settings) {
        return S3Client.builder()
                .overrideConfiguration(settings)
                .endpointOverride(URI.create("http://127.0.0.1:" + port))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(key.id(), key.secret())))
                .build();
    }

    /** What its listings have cost. */
    ListingCounters listings() {
        return listings;
    }

    /** Waits until no memory is reserved: an answer gives its own back only when it has been written. */
    public void awaitNothingReserved() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (budget.reservedBytes() + answers.reservedBytes() > 0) {
            assertThat(System.nanoTime()).as("memory stays reserved").isLessThan(deadline);
            Thread.sleep(1);
        }
    }

    @Override
    public void close() throws Exception {
        Promise<Void> stopped = Promise.promise();
        cluster.loops().get(0).runOnContext(on -> {
            Future<Void> stop = server.stop();
            stop.onComplete(stopped);
        });
        LocalCluster.join(stopped.future());
        LocalCluster.join(watch.cancel());
        if (isFirst) {
            cluster.close();
        }
    }
}
