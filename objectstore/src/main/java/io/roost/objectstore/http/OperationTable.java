package io.roost.objectstore.http;

import io.roost.cluster.client.IoContext;
import io.roost.objectstore.Operation;
import io.roost.objectstore.RandomIds;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.bucket.BucketDirectory;
import io.roost.objectstore.bucket.BucketRegion;
import io.roost.objectstore.bucket.BucketSettings;
import io.roost.objectstore.bucket.CreateBucket;
import io.roost.objectstore.bucket.DeleteBucket;
import io.roost.objectstore.bucket.HeadBucket;
import io.roost.objectstore.bucket.ListBuckets;
import io.roost.objectstore.bucket.ObjectSizes;
import io.roost.objectstore.cache.RecordChanges;
import io.roost.objectstore.multipart.AbortMultipartUpload;
import io.roost.objectstore.multipart.CompleteMultipartUpload;
import io.roost.objectstore.multipart.CreateMultipartUpload;
import io.roost.objectstore.multipart.ListMultipartUploads;
import io.roost.objectstore.multipart.ListParts;
import io.roost.objectstore.multipart.UploadPart;
import io.roost.objectstore.multipart.UploadPartCopy;
import io.roost.objectstore.object.CopyObject;
import io.roost.objectstore.object.DeleteObject;
import io.roost.objectstore.object.DeleteObjects;
import io.roost.objectstore.object.GetObject;
import io.roost.objectstore.object.ListObjects;
import io.roost.objectstore.object.ListingCounters;
import io.roost.objectstore.object.ObjectSettings;
import io.roost.objectstore.object.PutObject;
import io.roost.objectstore.object.Storage;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Which class carries out each operation. */
public final class OperationTable {
    private OperationTable() {}

    /**
     * What operations work with.
     *
     * @param system pool of records
     * @param data pool of heads and stripes
     * @param wallClock milliseconds since 1970
     * @param random safe for threads and unpredictable
     * @param region where buckets are
     * @param sizes how objects are cut up
     * @param garbageDelayMillis how long bytes that nobody refers to any more are kept
     * @param listings counts what listings cost
     */
    public record Cluster(
            IoContext system,
            IoContext data,
            LongSupplier wallClock,
            RandomGenerator random,
            BucketRegion region,
            ObjectSizes sizes,
            LongSupplier garbageDelayMillis,
            ListingCounters listings) {
        /** With the usual sizes. */
        public Cluster(
                IoContext system,
                IoContext data,
                LongSupplier wallClock,
                RandomGenerator random,
                BucketRegion region,
                LongSupplier garbageDelayMillis,
                ListingCounters listings) {
            this(system, data, wallClock, random, region, ObjectSizes.DEFAULT, garbageDelayMillis, listings);
        }
    }

    /**
     * The operations on a cluster.
     *
     * @param changes of records, not followed yet
     */
    public static Map<S3Operation, Operation> of(Cluster cluster, RecordChanges changes) {
        IoContext system = cluster.system();
        IoContext data = cluster.data();
        BucketRegion region = cluster.region();
        RandomIds ids = new RandomIds(cluster.random());
        BucketDirectory buckets = new BucketDirectory(system, data, cluster.wallClock(), changes);
        Storage storage = new Storage(
                buckets,
                data,
                ids,
                cluster.wallClock(),
                cluster.sizes(),
                cluster.garbageDelayMillis(),
                cluster.listings());
        Map<S3Operation, Operation> table = new EnumMap<>(S3Operation.class);
        table.put(S3Operation.LIST_BUCKETS, new ListBuckets(system, region));
        table.put(S3Operation.CREATE_BUCKET, new CreateBucket(system, data, buckets, ids, region, cluster.sizes()));
        table.put(S3Operation.DELETE_BUCKET, new DeleteBucket(system, data, buckets));
        table.put(S3Operation.HEAD_BUCKET, new HeadBucket(buckets, region));
        Operation bucketSettings = new BucketSettings(buckets, region);
        Operation objectSettings = new ObjectSettings(storage);
        for (S3Operation operation : S3Operation.values()) {
            if (BucketSettings.answers(operation)) {
                table.put(operation, bucketSettings);
            } else if (ObjectSettings.answers(operation)) {
                table.put(operation, objectSettings);
            }
        }
        putObjects(table, storage);
        return table;
    }

    private static void putObjects(Map<S3Operation, Operation> table, Storage storage) {
        Operation get = new GetObject(storage);
        table.put(S3Operation.GET_OBJECT, get);
        table.put(S3Operation.HEAD_OBJECT, get);
        table.put(S3Operation.PUT_OBJECT, new PutObject(storage));
        table.put(S3Operation.DELETE_OBJECT, new DeleteObject(storage));
        table.put(S3Operation.DELETE_OBJECTS, new DeleteObjects(storage));
        Operation list = new ListObjects(storage);
        table.put(S3Operation.LIST_OBJECTS, list);
        table.put(S3Operation.LIST_OBJECTS_V2, list);
        table.put(S3Operation.COPY_OBJECT, new CopyObject(storage));
        table.put(S3Operation.CREATE_MULTIPART_UPLOAD, new CreateMultipartUpload(storage));
        table.put(S3Operation.UPLOAD_PART, new UploadPart(storage));
        table.put(S3Operation.UPLOAD_PART_COPY, new UploadPartCopy(storage));
        table.put(S3Operation.COMPLETE_MULTIPART_UPLOAD, new CompleteMultipartUpload(storage));
        table.put(S3Operation.ABORT_MULTIPART_UPLOAD, new AbortMultipartUpload(storage));
        table.put(S3Operation.LIST_PARTS, new ListParts(storage));
        table.put(S3Operation.LIST_MULTIPART_UPLOADS, new ListMultipartUploads(storage));
    }
}
