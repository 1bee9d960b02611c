package io.roost.objectstore.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.Operation;
import io.roost.objectstore.PayloadDigests;
import io.roost.objectstore.QueryParameters;
import io.roost.objectstore.RequestBody;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.Requester;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.S3Target;
import io.roost.objectstore.bucket.BucketRegion;
import io.roost.objectstore.cache.RecordChanges;
import io.roost.objectstore.classes.ModelCluster;
import io.roost.objectstore.http.OperationTable;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A bucket is deleted and made anew with another number of shards through one gateway, while another gateway still knows
 * the old one: what spans shards there is done on the new bucket, not on a mixture.
 */
class ReplacedBucketTest {
    private static final Requester ANNA = new Requester("anna", "Anna", Requester.Rights.OWNER);
    private static final int KEYS = 20;

    private final ModelCluster system = new ModelCluster(1);
    private final ModelCluster data = new ModelCluster(2);
    private final Map<S3Operation, Operation> one = gateway(1);
    private final Map<S3Operation, Operation> other = gateway(2);

    private Map<S3Operation, Operation> gateway(long seed) {
        RecordChanges changes = new RecordChanges(system, () -> 0);
        Map<S3Operation, Operation> operations = OperationTable.of(
                new OperationTable.Cluster(
                        system,
                        data,
                        () -> 1_000_000,
                        new Random(seed),
                        new BucketRegion("us-east-1", BucketRegion.Rule.EXACT),
                        () -> 0,
                        new ListingCounters()),
                changes);
        assertThat(changes.follow().succeeded()).isTrue();
        return operations;
    }

    private record Body(Bytes bytes) implements RequestBody {
        @Override
        public long length() {
            return bytes.length();
        }

        @Override
        public Future<Data> read(int maxBytes) {
            return Future.succeededFuture(Data.wrap(bytes.array()));
        }

        @Override
        public String checksumAlgorithm() {
            return "";
        }

        @Override
        public void requireChecksum(String algorithm) {}

        @Override
        public boolean isEnded() {
            return true;
        }

        @Override
        public PayloadDigests digests() {
            return new PayloadDigests(Bytes.wrap(new byte[16]), "", Bytes.EMPTY);
        }
    }

    private static S3Response answer(
            Map<S3Operation, Operation> gateway, S3Operation operation, String key, String body, String... headers) {
        return answer(gateway, operation, key, QueryParameters.NONE, body, headers);
    }

    private static S3Response answer(
            Map<S3Operation, Operation> gateway,
            S3Operation operation,
            String key,
            QueryParameters query,
            String body,
            String... headers) {
        Future<S3Response> answer = gateway.get(operation)
                .answer(new S3Request(
                        operation,
                        new S3Target("photos", Bytes.utf8(key)),
                        query,
                        RequestHeaders.of(headers),
                        ANNA,
                        new Body(Bytes.utf8(body)),
                        "r",
                        1_000_000));
        assertThat(answer.isComplete()).isTrue();
        assertThat(answer.cause()).isNull();
        return answer.result();
    }

    private void create(int shards) {
        answer(one, S3Operation.CREATE_BUCKET, "", "", "x-roost-shards", Integer.toString(shards));
    }

    private static List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            keys.add("k" + (10 + i));
        }
        return keys;
    }

    private static List<String> found(Map<S3Operation, Operation> gateway, S3Operation operation) {
        S3Response.Body.Document document =
                (S3Response.Body.Document) answer(gateway, operation, "", "").body();
        List<String> keys = new ArrayList<>();
        for (Matcher key = Pattern.compile("<Key>([^<]*)</Key>")
                        .matcher(document.bytes().utf8());
                key.find(); ) {
            keys.add(key.group(1));
        }
        return keys;
    }

    private void replace(int before, int after) {
        create(before);
        assertThat(found(other, S3Operation.LIST_OBJECTS_V2)).isEmpty();
        answer(one, S3Operation.DELETE_BUCKET, "", "");
        create(after);
    }

    @ParameterizedTest
    @CsvSource({"1, 8", "8, 1", "5, 7"})
    void aListingShowsAllKeysOfTheNewBucket(int before, int after) {
        replace(before, after);
        keys().forEach(key -> answer(one, S3Operation.PUT_OBJECT, key, "x"));
        assertThat(found(other, S3Operation.LIST_OBJECTS_V2)).isEqualTo(keys());
    }

    @ParameterizedTest
    @CsvSource({"1, 8", "8, 1", "5, 7"})
    void aListingOfUploadsShowsAllOfTheNewBucket(int before, int after) {
        replace(before, after);
        keys().forEach(key -> answer(one, S3Operation.CREATE_MULTIPART_UPLOAD, key, ""));
        assertThat(found(other, S3Operation.LIST_MULTIPART_UPLOADS)).isEqualTo(keys());
    }

    @ParameterizedTest
    @CsvSource({"1, 8", "8, 1", "5, 7"})
    void whatIsDeletedTogetherIsGone(int before, int after) {
        replace(before, after);
        keys().forEach(key -> answer(one, S3Operation.PUT_OBJECT, key, "x"));
        StringBuilder document = new StringBuilder("<Delete>");
        keys().forEach(key -> document.append("<Object><Key>").append(key).append("</Key></Object>"));
        answer(
                other,
                S3Operation.DELETE_OBJECTS,
                "",
                document.append("</Delete>").toString());
        assertThat(found(one, S3Operation.LIST_OBJECTS_V2)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"UPLOAD_PART, 1, 8", "UPLOAD_PART, 8, 1", "LIST_PARTS, 1, 8", "LIST_PARTS, 8, 1"})
    void anUploadToTheNewBucketIsFound(S3Operation operation, int before, int after) {
        replace(before, after);
        for (String key : keys()) {
            S3Response.Body.Document created = (S3Response.Body.Document)
                    answer(one, S3Operation.CREATE_MULTIPART_UPLOAD, key, "").body();
            Matcher uploadId = Pattern.compile("<UploadId>([^<]*)<")
                    .matcher(created.bytes().utf8());
            assertThat(uploadId.find()).isTrue();
            QueryParameters query = QueryParameters.parse("partNumber=1&uploadId=" + uploadId.group(1));
            assertThat(answer(other, operation, key, query, "x").status()).isEqualTo(200);
        }
    }
}
