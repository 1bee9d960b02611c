package io.roost.objectstore.object;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.Operation;
import io.roost.objectstore.QueryParameters;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.bucket.Bucket;
import io.roost.objectstore.bucket.BucketSettings;
import io.roost.objectstore.classes.ListClass;
import io.roost.objectstore.classes.ListClass.Found;
import io.roost.objectstore.classes.ListClass.Item;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.xml.ListDocuments;
import io.roost.objectstore.xml.ListRequest;
import io.roost.objectstore.xml.ListedObject;
import io.roost.objectstore.xml.ObjectListing;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/** ListObjects and ListObjectsV2: the same page, asked for and told in two ways. */
public final class ListObjects implements Operation {
    private static final int MAX_KEYS = 1000;

    /** First byte of a continuation token, for a day when it has to say more than where to go on. */
    private static final int TOKEN_FORMAT = 1;

    private final Storage storage;

    /** The operation on a storage. */
    public ListObjects(Storage storage) {
        this.storage = storage;
    }

    @Override
    public Future<S3Response> answer(S3Request request) {
        boolean isV2 = request.operation() == S3Operation.LIST_OBJECTS_V2;
        ListRequest wanted = listRequest(request, isV2 ? "start-after" : "marker");
        String token = isV2 ? request.query().text("continuation-token") : null;
        Bytes startAfter = token == null ? wanted.startAfter() : ofToken(token);
        return storage.buckets()
                .acrossShards(
                        request,
                        bucket -> list(request, bucket, wanted, startAfter)
                                .map(listing -> new S3Response(200)
                                        .xml(
                                                isV2
                                                        ? v2(request, bucket, wanted, listing, token)
                                                        : ListDocuments.v1(
                                                                wanted,
                                                                listing,
                                                                BucketSettings.owner(request, bucket.record())))));
    }

    private static Bytes v2(S3Request request, Bucket bucket, ListRequest wanted, ObjectListing listing, String token) {
        boolean fetchOwner = "true".equalsIgnoreCase(request.query().text("fetch-owner"));
        return ListDocuments.v2(
                wanted,
                token,
                listing,
                listing.isTruncated() ? toToken(listing.next()) : null,
                fetchOwner ? ListDocuments.Owners.SHOWN : ListDocuments.Owners.HIDDEN,
                BucketSettings.owner(request, bucket.record()));
    }

    private Future<ObjectListing> list(S3Request request, Bucket bucket, ListRequest wanted, Bytes startAfter) {
        boolean findsNothing = wanted.maxKeys() == 0
                || wanted.prefix().length() > EntryNames.MAX_KEY_BYTES
                || startAfter.length() > EntryNames.MAX_KEY_BYTES;
        if (findsNothing) {
            return Future.succeededFuture(new ObjectListing(List.of(), List.of(), false, Bytes.EMPTY));
        }
        // A delimiter longer than any key rolls nothing up.
        boolean canRollUp = wanted.delimiter().length() <= EntryNames.MAX_KEY_BYTES;
        ListClass.Parameters first = ListClass.Parameters.latest(
                wanted.prefix(), canRollUp ? wanted.delimiter() : Bytes.EMPTY, startAfter, wanted.maxKeys() + 1);
        ListMerge<Item> merge = new ListMerge<>(
                bucket.shards().shardsOfPrefix(first.prefix()),
                first.maxItems(),
                first.delimiter().isEmpty() ? ListMerge.Share.EVEN : ListMerge.Share.WHOLE,
                Comparator.comparing(Item::name));
        return new ListedPage<Item>(
                        storage,
                        request,
                        ask -> first.next(ask.cursor(), ask.maxItems()).call(),
                        ListObjects::page)
                .find(bucket, merge)
                .map(items -> listing(items, wanted.maxKeys()));
    }

    private static ListMerge.Page<Item> page(Bytes output) {
        ListClass.Reply reply = ListClass.Reply.decode(output);
        return new ListMerge.Page<>(reply.items(), reply.cursor());
    }

    private static ObjectListing listing(List<Item> items, int maxKeys) {
        boolean isTruncated = items.size() > maxKeys;
        List<Item> page = isTruncated ? items.subList(0, maxKeys) : items;
        List<ListedObject> objects = new ArrayList<>(page.size());
        List<Bytes> prefixes = new ArrayList<>();
        for (Item item : page) {
            if (item instanceof Found found) {
                objects.add(listed(found));
            } else {
                prefixes.add(item.name());
            }
        }
        Bytes next = isTruncated ? page.get(page.size() - 1).name() : Bytes.EMPTY;
        return new ObjectListing(objects, prefixes, isTruncated, next);
    }

    private static ListedObject listed(Found found) {
        Head head = found.head();
        boolean checked = !head.checksum().isNone();
        return new ListedObject(
                found.name(),
                head.lastModifiedMillis(),
                head.eTag().text(),
                head.sizeBytes(),
                head.storageClass().name(),
                checked ? head.checksum().algorithm() : "",
                checked ? head.checksum().type().name() : "");
    }

    /**
     * What the query of a listing asks for.
     *
     * @param markerName the parameter after which the listing begins
     */
    public static ListRequest listRequest(S3Request request, String markerName) {
        return listRequest(request, markerName, "max-keys");
    }

    /** The same, where the most items have another name too. */
    public static ListRequest listRequest(S3Request request, String markerName, String maxName) {
        QueryParameters query = request.query();
        String encoding = query.text("encoding-type");
        if (encoding != null && !encoding.isEmpty() && !encoding.equals("url")) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "Invalid Encoding Method specified in Request");
        }
        return new ListRequest(
                request.bucket(),
                orEmpty(query.bytes("prefix")),
                orEmpty(query.bytes("delimiter")),
                orEmpty(query.bytes(markerName)),
                limit(query, maxName, MAX_KEYS),
                "url".equals(encoding) ? ListRequest.Encoding.URL : ListRequest.Encoding.PLAIN);
    }

    private static Bytes orEmpty(Bytes value) {
        return value == null ? Bytes.EMPTY : value;
    }

    /**
     * A number of items in a query: the most when it is absent or greater.
     *
     * @throws S3Exception InvalidArgument when it is not a number or negative
     */
    public static int limit(QueryParameters query, String name, int most) {
        String text = query.text(name);
        if (text == null || text.isEmpty()) {
            return most;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 0) {
                return Math.min(number, most);
            }
        } catch (NumberFormatException e) {
            // Told below, as a negative number is.
        }
        throw new S3Exception(
                S3Error.INVALID_ARGUMENT,
                "Provided " + name + " not an integer or within integer range",
                new S3Exception.Detail("ArgumentName", name),
                new S3Exception.Detail("ArgumentValue", text));
    }

    private static String toToken(Bytes next) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Bytes.of(TOKEN_FORMAT).concat(next).array());
    }

    private static Bytes ofToken(String token) {
        try {
            Bytes decoded = Bytes.wrap(Base64.getUrlDecoder().decode(token));
            if (decoded.length() > 1 && decoded.at(0) == TOKEN_FORMAT) {
                return decoded.slice(1, decoded.length());
            }
        } catch (IllegalArgumentException e) {
            // Told below, as any other text that is no token.
        }
        throw new S3Exception(S3Error.INVALID_ARGUMENT, "The continuation token provided is incorrect");
    }
}
