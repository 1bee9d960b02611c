package io.roost.objectstore.bucket;

import io.roost.cluster.client.IoContext;
import io.roost.objectstore.Operation;
import io.roost.objectstore.QueryParameters;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.classes.BucketClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.SystemNames;
import io.roost.objectstore.xml.BucketDocuments;
import io.roost.objectstore.xml.BucketDocuments.ListedBucket;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** ListBuckets: those of the requester, by name; a page when the client asks for one, else all. */
public final class ListBuckets implements Operation {
    /** The most of one answer, as AWS has it. */
    private static final int MAX_BUCKETS = 10_000;

    private final IoContext system;
    private final BucketRegion region;

    /** The operation. */
    public ListBuckets(IoContext system, BucketRegion region) {
        this.system = system;
        this.region = region;
    }

    /** What is asked for. */
    private record Wanted(String owner, String prefix, String region, int maxBuckets) {}

    @Override
    public Future<S3Response> answer(S3Request request) {
        QueryParameters query = request.query();
        Wanted wanted = new Wanted(
                request.requester().userId(),
                orEmpty(query.text("prefix")),
                orEmpty(query.text("bucket-region")),
                maxBuckets(query));
        String startAfter = startAfter(query.text("continuation-token"));
        return collect(wanted, startAfter, new ArrayList<>()).map(buckets -> {
            boolean isTruncated = buckets.size() > wanted.maxBuckets();
            List<ListedBucket> page = isTruncated ? buckets.subList(0, wanted.maxBuckets()) : buckets;
            String next = isTruncated ? toToken(page.get(page.size() - 1).name()) : "";
            return new S3Response(200).xml(BucketDocuments.buckets(request.requester(), page, next, wanted.prefix()));
        });
    }

    /** Finds one bucket more than wanted, if there are so many. */
    private Future<List<ListedBucket>> collect(Wanted wanted, String startAfter, List<ListedBucket> found) {
        BucketClass.ListParameters parameters =
                new BucketClass.ListParameters(wanted.owner(), startAfter, BucketClass.MAX_PAGE);
        return system.call(SystemNames.BUCKETS, parameters.call()).compose(reply -> {
            BucketClass.ListReply page = BucketClass.ListReply.decode(reply.output());
            for (BucketRecord record : page.buckets()) {
                String itsRegion = region.of(record);
                boolean isWanted = record.name().startsWith(wanted.prefix())
                        && (wanted.region().isEmpty() || wanted.region().equals(itsRegion));
                if (isWanted && !record.isDeleting() && found.size() <= wanted.maxBuckets()) {
                    found.add(new ListedBucket(record.name(), record.createdMillis(), itsRegion));
                }
            }
            boolean isDone = !page.isTruncated() || found.size() > wanted.maxBuckets();
            return isDone
                    ? Future.succeededFuture(found)
                    : collect(
                            wanted,
                            page.buckets().get(page.buckets().size() - 1).name(),
                            found);
        });
    }

    private static int maxBuckets(QueryParameters query) {
        String text = query.text("max-buckets");
        if (text == null) {
            return MAX_BUCKETS;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= MAX_BUCKETS) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, as a number out of range is.
        }
        throw new S3Exception(S3Error.INVALID_ARGUMENT, "max-buckets must be a number from 1 to " + MAX_BUCKETS + ".");
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    private static String toToken(String name) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    private static String startAfter(String token) {
        if (token == null) {
            return "";
        }
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "The continuation token provided is incorrect");
        }
    }
}
