package io.roost.objectstore.admin;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.Operation;
import io.roost.objectstore.PayloadDigests;
import io.roost.objectstore.QueryParameters;
import io.roost.objectstore.RequestBody;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.Requester;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.S3Target;
import io.roost.objectstore.classes.BucketClass;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.BucketShards;
import io.roost.objectstore.layout.Counters;
import io.roost.objectstore.layout.SystemNames;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Buckets of all users, as an administrator sees them: made and removed by the gateway's own operations. */
public final class BucketAdmin {
    private static final Requester ADMIN = new Requester("admin", "admin", Requester.Rights.ADMIN);

    private final IoContext system;
    private final IoContext data;
    private final Map<S3Operation, Operation> operations;
    private final UserDirectory users;
    private final LongSupplier wallClock;

    /**
     * What an administrator may do with buckets.
     *
     * @param operations of the gateway
     * @param wallClock milliseconds since 1970
     */
    public BucketAdmin(
            IoContext system,
            IoContext data,
            Map<S3Operation, Operation> operations,
            UserDirectory users,
            LongSupplier wallClock) {
        this.system = system;
        this.data = data;
        this.operations = operations;
        this.users = users;
        this.wallClock = wallClock;
    }

    /**
     * A bucket's contents.
     *
     * @param record the bucket
     * @param counters the sum over its shards
     */
    public record Stat(BucketRecord record, Counters counters) {}

    /**
     * Makes a bucket for a user.
     *
     * @param shards null for the default
     * @param placement {@code hash}, {@code prefix} or {@code prefix:N}; null for the default
     * @return fails with {@link AdminFailure} {@code NoSuchUser}, or the code of the S3 API
     */
    public Future<BucketRecord> create(String name, String owner, Integer shards, String placement) {
        RequestHeaders.Builder headers = RequestHeaders.EMPTY.toBuilder();
        if (shards != null) {
            headers.add("x-roost-shards", shards.toString());
        }
        if (placement != null) {
            headers.add("x-roost-placement", placement);
        }
        return create(name, owner, headers.build(), Requester.Rights.OWNER);
    }

    /**
     * Makes a bucket of the mail store for a user: with prefix placement, and read-only over S3.
     *
     * @return fails as {@link #create(String, String, Integer, String)} does
     */
    public Future<BucketRecord> createForMail(String name, String owner) {
        RequestHeaders headers = RequestHeaders.of("x-roost-placement", "prefix").toBuilder()
                .add("x-roost-use", "mail")
                .build();
        return create(name, owner, headers, Requester.Rights.ADMIN);
    }

    private Future<BucketRecord> create(String name, String owner, RequestHeaders headers, Requester.Rights rights) {
        return users.existingUser(owner)
                .compose(user -> answer(
                        S3Operation.CREATE_BUCKET, name, headers, new Requester(user.id(), user.displayName(), rights)))
                .compose(created -> existing(name));
    }

    /** Removes an empty bucket. */
    public Future<Void> remove(String name) {
        return existing(name)
                .compose(record -> answer(S3Operation.DELETE_BUCKET, name, RequestHeaders.EMPTY, ADMIN))
                .mapEmpty();
    }

    private Future<S3Response> answer(
            S3Operation operation, String bucket, RequestHeaders headers, Requester requester) {
        S3Request request = new S3Request(
                operation,
                new S3Target(bucket, Bytes.EMPTY),
                QueryParameters.NONE,
                headers,
                requester,
                new NoBody(),
                "admin",
                wallClock.getAsLong());
        Future<S3Response> answer;
        try {
            answer = operations.get(operation).answer(request);
        } catch (S3Exception refused) {
            answer = Future.failedFuture(refused);
        }
        return answer.recover(failure -> Future.failedFuture(told(failure)));
    }

    private static Throwable told(Throwable failure) {
        if (failure instanceof S3Exception refused) {
            AdminFailure.Kind kind = switch (refused.error().status()) {
                case 404 -> AdminFailure.Kind.NOT_FOUND;
                case 409 -> AdminFailure.Kind.CONFLICT;
                default -> AdminFailure.Kind.INVALID;
            };
            return new AdminFailure(kind, refused.error().code(), refused.getMessage());
        }
        return failure;
    }

    /** The bucket of a name; fails with {@code NoSuchBucket}. */
    public Future<BucketRecord> existing(String name) {
        return system.call(SystemNames.BUCKETS, BucketClass.get(name)).map(reply -> {
            if (!reply.isOk()) {
                throw new AdminFailure(AdminFailure.Kind.NOT_FOUND, "NoSuchBucket", "there is no bucket " + name);
            }
            return BucketRecord.decode(reply.output());
        });
    }

    /** All buckets by name. */
    public Future<List<BucketRecord>> list() {
        return list("", new ArrayList<>());
    }

    private Future<List<BucketRecord>> list(String after, List<BucketRecord> found) {
        return system.call(SystemNames.BUCKETS, new BucketClass.ListParameters("", after, BucketClass.MAX_PAGE).call())
                .compose(reply -> {
                    BucketClass.ListReply page = BucketClass.ListReply.decode(reply.output());
                    found.addAll(page.buckets());
                    return page.isTruncated()
                            ? list(page.buckets().get(page.buckets().size() - 1).name(), found)
                            : Future.succeededFuture(found);
                });
    }

    /** What a bucket holds. */
    public Future<Stat> stat(String name) {
        return existing(name).compose(record -> {
            BucketShards shards = new BucketShards(record.id(), record.layout());
            List<Future<CallReply>> replies = new ArrayList<>();
            for (int shard = 0; shard < shards.count(); shard++) {
                replies.add(data.call(shards.locatorKey(shard), ShardClass.stat()));
            }
            return Future.all(replies).map(all -> {
                Counters sum = Counters.ZERO;
                for (Future<CallReply> reply : replies) {
                    if (reply.result().isOk()) {
                        sum = sum.plus(Counters.decode(reply.result().output()));
                    }
                }
                return new Stat(record, sum);
            });
        });
    }

    /** The body of a request that has none. */
    private record NoBody() implements RequestBody {
        @Override
        public long length() {
            return 0;
        }

        @Override
        public Future<Data> read(int maxBytes) {
            return Future.succeededFuture(Data.EMPTY);
        }

        @Override
        public String checksumAlgorithm() {
            return "";
        }

        @Override
        public void requireChecksum(String algorithm) {
            throw new IllegalStateException("a checksum of no body");
        }

        @Override
        public boolean isEnded() {
            return true;
        }

        @Override
        public PayloadDigests digests() {
            throw new IllegalStateException("nothing was computed over no body");
        }
    }
}
