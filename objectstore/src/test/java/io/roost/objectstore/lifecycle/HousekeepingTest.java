package io.roost.objectstore.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.client.IoContext;
import io.roost.cluster.client.WorkCursor;
import io.roost.cluster.client.WorkPage;
import io.roost.cluster.daemon.LocalCluster;
import io.roost.cluster.object.Bytes;
import io.roost.objectstore.http.TestGateway;
import io.roost.objectstore.layout.EntryNames;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MetadataDirective;

/** Housekeeping on a real OSD, of what clients leave behind. */
class HousekeepingTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    private TestGateway gateway;
    private S3Client s3;
    private IoContext data;
    private Housekeeping housekeeping;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.start(folder);
        s3 = gateway.client();
        data = gateway.cluster().rados().pool("data");
        housekeeping = new Housekeeping(gateway.cluster().rados().pool("system"), data, System::currentTimeMillis);
        s3.createBucket(b -> b.bucket("photos"));
    }

    @AfterEach
    void stop() throws Exception {
        s3.close();
        gateway.close();
    }

    private void put(String key, int bytes) {
        s3.putObject(b -> b.bucket("photos").key(key), RequestBody.fromBytes(new byte[bytes]));
    }

    private CompletedPart part(String upload, int number, int bytes) {
        String eTag = s3.uploadPart(
                        b -> b.bucket("photos").key("parts").uploadId(upload).partNumber(number),
                        RequestBody.fromBytes(new byte[bytes]))
                .eTag();
        return CompletedPart.builder().partNumber(number).eTag(eTag).build();
    }

    private String upload() {
        return s3.createMultipartUpload(b -> b.bucket("photos").key("parts")).uploadId();
    }

    /** Names of a kind in all placement groups. */
    private int count(Bytes name, boolean isWork) throws Exception {
        int count = 0;
        for (int pg = 0; pg < data.pgNum(); pg++) {
            WorkCursor at = WorkCursor.START;
            while (at != null) {
                Future<WorkPage> scan = isWork ? data.work(pg, at, 10) : data.catalogue(pg, at, 10);
                WorkPage page = LocalCluster.join(scan);
                for (WorkPage.Item item : page.entries()) {
                    count += item.name().startsWith(name) ? 1 : 0;
                }
                at = page.next();
            }
        }
        return count;
    }

    private int stripes() throws Exception {
        return count(EntryNames.STRIPE, false);
    }

    @Test
    void whatClientsLeaveBehindIsCollectedAndTheRestIsWhole() throws Exception {
        put("small", 100);
        put("big", 9 * MIB);
        put("big", 10 * MIB);
        put("gone", 5 * MIB);
        s3.deleteObject(b -> b.bucket("photos").key("gone"));
        s3.copyObject(b -> b.sourceBucket("photos")
                .sourceKey("big")
                .destinationBucket("photos")
                .destinationKey("big")
                .metadataDirective(MetadataDirective.REPLACE)
                .metadata(Map.of("a", "b")));
        String upload = upload();
        CompletedPart one = part(upload, 1, 5 * MIB);
        part(upload, 2, 5 * MIB);
        part(upload, 3, 100);
        CompletedPart three = part(upload, 3, 200);
        s3.completeMultipartUpload(
                b -> b.bucket("photos").key("parts").uploadId(upload).multipartUpload(m -> m.parts(one, three)));
        String aborted = upload();
        part(aborted, 1, 100);
        s3.abortMultipartUpload(b -> b.bucket("photos").key("parts").uploadId(aborted));
        assertThat(verify().findings()).isEmpty();
        assertThat(stripes()).isEqualTo(3 + 3 + 2 + 2 + 2 + 1 + 1 + 1);
        assertThat(collect(Housekeeping.Extent.DUE).rows()).as("not due yet").isZero();
        Housekeeping.Collected collected = collect(Housekeeping.Extent.ALL);
        // Overwritten, deleted, part 2, the first part 3, and the aborted upload.
        assertThat(collected).isEqualTo(new Housekeeping.Collected(5, 5, 0));
        assertThat(stripes()).isEqualTo(3 + 2 + 1);
        Housekeeping.Verified verified = verify();
        assertThat(verified.findings()).isEmpty();
        assertThat(verified.stripes()).isEqualTo(6);
        assertThat(s3.getObjectAsBytes(b -> b.bucket("photos").key("big")).asByteArray().length)
                .isEqualTo(10 * MIB);
    }

    @Test
    void aDeletedBucketLeavesOnlyFences() throws Exception {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            put("k" + i, i % 5 == 0 ? 5 * MIB : 10);
            keys.add("k" + i);
        }
        keys.forEach(key -> s3.deleteObject(b -> b.bucket("photos").key(key)));
        s3.deleteBucket(b -> b.bucket("photos"));
        assertThat(collect(Housekeeping.Extent.ALL).stripeSets()).isEqualTo(4);
        assertThat(stripes()).isZero();
        assertThat(count(Bytes.of(EntryNames.KEY), false)).isZero();
        assertThat(count(Bytes.of(EntryNames.GARBAGE), true))
                .as("a fence for each shard")
                .isEqualTo(8);
        assertThat(verify().findings()).isEmpty();
        LocalCluster.join(housekeeping.round(pg -> true));
    }

    private Housekeeping.Collected collect(Housekeeping.Extent extent) throws Exception {
        return LocalCluster.join(housekeeping.collect(extent, pg -> data.primaryOf(pg) == 0));
    }

    private Housekeeping.Verified verify() throws Exception {
        return LocalCluster.join(housekeeping.verify());
    }
}
