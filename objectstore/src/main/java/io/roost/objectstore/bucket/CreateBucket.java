package io.roost.objectstore.bucket;

import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.objectstore.BucketName;
import io.roost.objectstore.Operation;
import io.roost.objectstore.RandomIds;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.Requester;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.classes.BucketClass;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.BucketShards;
import io.roost.objectstore.layout.Placement;
import io.roost.objectstore.layout.SystemNames;
import io.roost.objectstore.layout.Versioning;
import io.roost.objectstore.xml.CreateBucketDocument;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * CreateBucket: one transaction in the system pool, then a header for each shard. Headers {@code x-roost-shards} and
 * {@code x-roost-placement} ({@code hash}, {@code prefix}, {@code prefix:N}) say how keys are spread; an administrator makes
 * a bucket of the mail store with {@code x-roost-use: mail}.
 */
public final class CreateBucket implements Operation {
    private static final int MAX_DOCUMENT_BYTES = 64 * 1024;

    private final IoContext system;
    private final IoContext data;
    private final BucketDirectory buckets;
    private final RandomIds ids;
    private final BucketRegion region;
    private final ObjectSizes sizes;

    /**
     * The operation.
     *
     * @param region where buckets are
     * @param sizes whose head limit new buckets have
     */
    public CreateBucket(
            IoContext system,
            IoContext data,
            BucketDirectory buckets,
            RandomIds ids,
            BucketRegion region,
            ObjectSizes sizes) {
        this.system = system;
        this.data = data;
        this.buckets = buckets;
        this.ids = ids;
        this.region = region;
        this.sizes = sizes;
    }

    @Override
    public Future<S3Response> answer(S3Request request) {
        if (!BucketName.isAllowed(request.bucket())) {
            throw new S3Exception(S3Error.INVALID_BUCKET_NAME);
        }
        if ("true".equalsIgnoreCase(request.header("x-amz-bucket-object-lock-enabled"))) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED);
        }
        BucketAcl.check(request.headers());
        return request.body().document(MAX_DOCUMENT_BYTES).compose(document -> {
            String constraint = document.isEmpty() ? "" : CreateBucketDocument.locationConstraint(document);
            return create(request, region.accepted(constraint));
        });
    }

    private Future<S3Response> create(S3Request request, String location) {
        BucketRecord wanted = record(request, location);
        return system.call(SystemNames.BUCKETS, BucketClass.create(wanted)).compose(reply -> {
            ClassStatus status = ClassStatus.ofCode(reply.status());
            return switch (status) {
                case OK -> open(Bucket.of(wanted), request);
                case ALREADY_OWNED -> existing(BucketRecord.decode(reply.output()), request);
                default -> Future.failedFuture(ClassErrors.of(status));
            };
        });
    }

    private Future<S3Response> existing(BucketRecord record, S3Request request) {
        if (record.isDeleting()) {
            return Future.failedFuture(new S3Exception(S3Error.OPERATION_ABORTED));
        }
        // In us-east-1, and there only, AWS answers 200 to the owner who creates a bucket again.
        return region.isUsEast1()
                ? Future.succeededFuture(created(request))
                : Future.failedFuture(new S3Exception(S3Error.BUCKET_ALREADY_OWNED_BY_YOU));
    }

    private Future<S3Response> open(Bucket bucket, S3Request request) {
        List<Future<?>> shards = new ArrayList<>(bucket.shards().count());
        ShardClass.Parameters parameters = new ShardClass.Parameters(bucket.shardRef(), request.nowMillis());
        for (int shard = 0; shard < bucket.shards().count(); shard++) {
            shards.add(data.call(bucket.shards().locatorKey(shard), parameters.init()));
        }
        return Future.all(shards)
                .compose(all -> buckets.changed(request.bucket()))
                .map(told -> created(request));
    }

    private static S3Response created(S3Request request) {
        return new S3Response(200).header("location", "/" + request.bucket());
    }

    private BucketRecord record(S3Request request, String location) {
        Placement placement = placement(request.headers());
        int shards = shards(request.headers(), placement);
        Bytes id = ids.id();
        BucketRecord.Layout layout = new BucketRecord.Layout(
                placement, 1, sizes.headLimitBytes(), BucketShards.chooseSalts(id, shards, new DataGroups(data)));
        return new BucketRecord(
                id,
                request.bucket(),
                request.requester().userId(),
                request.nowMillis(),
                false,
                1,
                Versioning.NEVER,
                layout,
                location,
                use(request));
    }

    private static BucketRecord.Use use(S3Request request) {
        String text = request.header("x-roost-use");
        if (text == null || text.equals("objects")) {
            return BucketRecord.Use.OBJECTS;
        }
        if (!text.equals("mail")) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "x-roost-use must be objects or mail.");
        }
        if (request.requester().rights() != Requester.Rights.ADMIN) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
        return BucketRecord.Use.MAIL;
    }

    private static Placement placement(RequestHeaders headers) {
        String text = headers.first("x-roost-placement");
        Placement placement = text == null ? Placement.HASH : Placement.parse(text);
        if (placement == null) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT,
                    "x-roost-placement must be hash, prefix or prefix:N with N from 1 to 16.");
        }
        return placement;
    }

    private static int shards(RequestHeaders headers, Placement placement) {
        String text = headers.first("x-roost-shards");
        if (text == null) {
            return placement.isPrefix() ? BucketRecord.DEFAULT_PREFIX_SHARDS : BucketRecord.DEFAULT_SHARDS;
        }
        try {
            int shards = Integer.parseInt(text);
            if (shards >= 1 && shards <= BucketRecord.MAX_SHARDS) {
                return shards;
            }
        } catch (NumberFormatException e) {
            // Told below, as a number out of range is.
        }
        throw new S3Exception(
                S3Error.INVALID_ARGUMENT, "x-roost-shards must be a number from 1 to " + BucketRecord.MAX_SHARDS + ".");
    }

    /** The data pool's placement groups by the newest map. */
    private record DataGroups(IoContext data) implements BucketShards.PlacementGroups {
        @Override
        public int pgCount() {
            return data.pgNum();
        }

        @Override
        public int pgOf(Bytes locatorKey) {
            return data.pgOf(locatorKey);
        }

        @Override
        public int primaryOf(int pg) {
            return data.primaryOf(pg);
        }
    }
}
