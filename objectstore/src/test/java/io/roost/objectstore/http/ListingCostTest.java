package io.roost.objectstore.http;

import static io.roost.cluster.daemon.LocalCluster.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.store.StoreCounters;
import io.roost.objectstore.classes.BucketClass;
import io.roost.objectstore.classes.Conditions;
import io.roost.objectstore.classes.PutClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.BucketShards;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.ETag;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ObjectMetadata;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.StorageClass;
import io.roost.objectstore.layout.SystemNames;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * A page of a listing costs as much in a bucket of 50,000 objects as in one of 1,000: cursors placed and entries stepped
 * over, by the store's counters, at its beginning, in its middle, at its end. Keys are {@code dNNN/kNNN}, 100 in each of
 * 10 or 500 directories; which shard has which is a matter of the key alone, so these costs are always the same.
 */
class ListingCostTest {
    private static final int FILES = 100;
    private static final int FEW = 10;
    private static final int MANY = 500;
    private static final int SHARDS = 8;
    private static final int IN_FLIGHT = 500;
    private static final int TRIES = 20;

    @TempDir
    static Path folder;

    private static TestGateway gateway;
    private static S3Client s3;

    /** Numbers of tags; what is random elsewhere need only be different here. */
    private static long nextId = 1;

    private record Cost(long seeks, long steps) {}

    @BeforeAll
    static void start() throws Exception {
        gateway = TestGateway.start(folder);
        s3 = gateway.client();
        create("few", "hash");
        fill("few", FEW);
        create("many", "hash");
        fill("many", MANY);
    }

    @AfterAll
    static void stop() throws Exception {
        s3.close();
        gateway.close();
    }

    private static void create(String bucket, String placement) {
        s3.createBucket(b -> b.bucket(bucket)
                .overrideConfiguration(o -> o.putHeader("x-roost-shards", Integer.toString(SHARDS))
                        .putHeader("x-roost-placement", placement)));
    }

    private static String directory(int number) {
        return String.format(Locale.ROOT, "d%03d/", number);
    }

    private static Bytes id() {
        return new ByteWriter(16).u64(0).u64(nextId++).toBytes();
    }

    /** Writes empty objects as the gateway does, but many at once and without HTTP. */
    private static void fill(String bucket, int directories) throws Exception {
        IoContext system = gateway.cluster().rados().pool("system");
        CallReply found = join(system.call(SystemNames.BUCKETS, BucketClass.get(bucket)));
        BucketRecord record = BucketRecord.decode(found.output());
        BucketShards shards = new BucketShards(record);
        IoContext data = gateway.cluster().rados().pool("data");
        List<Future<CallReply>> inFlight = new ArrayList<>();
        for (int i = 0; i < directories * FILES; i++) {
            Bytes key = Bytes.utf8(directory(i / FILES) + String.format(Locale.ROOT, "k%03d", i % FILES));
            inFlight.add(data.call(shards.locatorKeyOf(key), put(record, key)));
            if (inFlight.size() == IN_FLIGHT || i == directories * FILES - 1) {
                join(Future.all(inFlight));
                inFlight.forEach(put -> assertThat(put.result().isOk()).isTrue());
                inFlight.clear();
            }
        }
    }

    private static ClassCall put(BucketRecord record, Bytes key) {
        Head head = new Head(
                new Head.State(false, false, nextId++),
                0,
                1_700_000_000_000L,
                ETag.NONE,
                StorageClass.STANDARD,
                ChecksumMark.NONE,
                id(),
                Manifest.inline());
        return new PutClass.Parameters(
                        ShardRef.of(record), key, head, ObjectMetadata.EMPTY.encode(), Conditions.NONE, 0)
                .call(Data.EMPTY);
    }

    /** What a page costs when it is in memory; one read from disk is asked twice. */
    private static Cost cost(String bucket, String delimiter, String after, int expected) {
        StoreCounters counters = gateway.cluster().osd().store().counters();
        for (int i = 0; i < TRIES; i++) {
            long misses = gateway.cluster().keyValue().misses();
            long seeks = counters.seeks();
            long steps = counters.steps();
            ListObjectsV2Response page = s3.listObjectsV2(
                    b -> b.bucket(bucket).delimiter(delimiter).startAfter(after).maxKeys(50));
            assertThat(page.keyCount()).isEqualTo(expected);
            Cost cost = new Cost(counters.seeks() - seeks, counters.steps() - steps);
            if (gateway.cluster().keyValue().misses() == misses) {
                return cost;
            }
        }
        throw new AssertionError("the page does not stay in memory");
    }

    @Test
    void aPageOfKeysCostsTheSameInASmallAndALargeBucket() {
        for (double place : new double[] {0, 0.5}) {
            Cost few = cost("few", null, at(place, FEW), 50);
            Cost many = cost("many", null, at(place, MANY), 50);
            assertThat(many).as("at %s", place).isEqualTo(few);
            // One cursor for each shard, and few entries more than are shown.
            assertThat(few.seeks()).isEqualTo(SHARDS);
            assertThat(few.steps()).isBetween(50L, 50L + 30 * SHARDS);
        }
        // The last two pages.
        assertThat(cost("many", null, directory(MANY - 2) + "k099", 50))
                .isEqualTo(cost("few", null, directory(FEW - 2) + "k099", 50));
        Cost few = cost("few", null, directory(FEW - 1) + "k069", 30);
        Cost many = cost("many", null, directory(MANY - 1) + "k069", 30);
        assertThat(many).isEqualTo(few);
        assertThat(few).isEqualTo(new Cost(SHARDS, 30));
    }

    private static String at(double place, int directories) {
        return place == 0 ? "" : directory((int) (place * directories) - 1) + "k099";
    }

    @Test
    void aPageOfCommonPrefixesCostsOneSeekForEach() {
        // All ten of the small bucket, the last ten of the large one; then the last five and the last three of both.
        for (int last : new int[] {10, 5, 3}) {
            Cost few = cost("few", "/", after(FEW - last), last);
            Cost many = cost("many", "/", after(MANY - last), last);
            assertThat(many).as("the last %d", last).isEqualTo(few);
            assertThat(few.seeks()).isBetween((long) last * SHARDS, (long) (last + 1) * SHARDS);
            assertThat(few.steps()).isLessThanOrEqualTo(SHARDS);
        }
        // A full page at the beginning and in the middle of the large one: of 50 and one to see that there are more.
        for (int from : new int[] {0, MANY / 2}) {
            Cost page = cost("many", "/", after(from), 50);
            assertThat(page.seeks()).isEqualTo(52L * SHARDS);
            assertThat(page.steps()).isZero();
        }
    }

    private static String after(int directory) {
        return directory == 0 ? "" : directory(directory - 1);
    }

    @Test
    void aListingWithinAPrefixThatDecidesAsksOneShard() {
        create("users", "prefix:2");
        create("others", "hash");
        for (String bucket : List.of("users", "others")) {
            for (int user = 0; user < 20; user++) {
                String key = "8f/user" + user + "/mail";
                s3.putObject(
                        b -> b.bucket(bucket).key(key), software.amazon.awssdk.core.sync.RequestBody.fromString("x"));
            }
        }
        assertThat(shardsAsked("users", "8f/user7/")).isEqualTo(1);
        assertThat(shardsAsked("users", "8f/user7/ma")).isEqualTo(1);
        assertThat(shardsAsked("users", "8f/user7")).isEqualTo(8);
        assertThat(shardsAsked("others", "8f/user7/")).isEqualTo(8);
    }

    private static long shardsAsked(String bucket, String prefix) {
        long pages = gateway.listings().pages();
        long shards = gateway.listings().shards();
        long calls = gateway.listings().calls();
        s3.listObjectsV2(b -> b.bucket(bucket).prefix(prefix));
        assertThat(gateway.listings().pages() - pages).isEqualTo(1);
        assertThat(gateway.listings().calls() - calls)
                .isEqualTo(gateway.listings().shards() - shards);
        return gateway.listings().shards() - shards;
    }
}
