package io.roost.objectstore.multipart;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.Operation;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.bucket.Bucket;
import io.roost.objectstore.bucket.BucketSettings;
import io.roost.objectstore.classes.UploadListClass;
import io.roost.objectstore.classes.UploadListClass.Found;
import io.roost.objectstore.classes.UploadListClass.Item;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.UploadRow;
import io.roost.objectstore.object.ListMerge;
import io.roost.objectstore.object.ListObjects;
import io.roost.objectstore.object.ListedPage;
import io.roost.objectstore.object.Storage;
import io.roost.objectstore.xml.ListRequest;
import io.roost.objectstore.xml.UploadDocuments;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** ListMultipartUploads. */
public final class ListMultipartUploads implements Operation {
    private static final Comparator<Item> ORDER = Comparator.comparing(Item::name)
            .thenComparing(item -> item instanceof Found found ? found.uploadId() : Bytes.EMPTY);

    private final Storage storage;

    /** The operation on a storage. */
    public ListMultipartUploads(Storage storage) {
        this.storage = storage;
    }

    @Override
    public Future<S3Response> answer(S3Request request) {
        ListRequest wanted = ListObjects.listRequest(request, "key-marker", "max-uploads");
        String idMarker = request.query().text("upload-id-marker");
        // Without a key the marker of an upload means nothing, as the API reference has it.
        boolean hasIdMarker =
                idMarker != null && !idMarker.isEmpty() && !wanted.startAfter().isEmpty();
        Bytes uploadId = hasIdMarker ? UploadId.parse(idMarker) : Bytes.EMPTY;
        if (hasIdMarker && uploadId.isEmpty()) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "Invalid uploadId marker");
        }
        return storage.buckets()
                .acrossShards(
                        request,
                        bucket -> find(request, bucket, wanted, uploadId)
                                .map(items -> answer(request, bucket, wanted, hasIdMarker ? idMarker : "", items)));
    }

    private Future<List<Item>> find(S3Request request, Bucket bucket, ListRequest wanted, Bytes uploadId) {
        boolean findsNothing = wanted.maxKeys() == 0
                || wanted.prefix().length() > EntryNames.MAX_KEY_BYTES
                || wanted.startAfter().length() > EntryNames.MAX_KEY_BYTES;
        if (findsNothing) {
            return Future.succeededFuture(List.of());
        }
        boolean canRollUp = wanted.delimiter().length() <= EntryNames.MAX_KEY_BYTES;
        UploadListClass.Parameters first = new UploadListClass.Parameters(
                wanted.prefix(),
                canRollUp ? wanted.delimiter() : Bytes.EMPTY,
                wanted.startAfter(),
                uploadId,
                Bytes.EMPTY,
                wanted.maxKeys() + 1);
        ListMerge<Item> merge = new ListMerge<>(
                bucket.shards().shardsOfPrefix(first.prefix()), first.maxItems(), ListMerge.Share.WHOLE, ORDER);
        return new ListedPage<Item>(
                        storage,
                        request,
                        ask -> first.next(ask.cursor(), ask.maxItems()).call(),
                        ListMultipartUploads::page)
                .find(bucket, merge);
    }

    private static ListMerge.Page<Item> page(Bytes output) {
        UploadListClass.Reply reply = UploadListClass.Reply.decode(output);
        return new ListMerge.Page<>(reply.items(), reply.cursor());
    }

    private static S3Response answer(
            S3Request request, Bucket bucket, ListRequest wanted, String idMarker, List<Item> items) {
        boolean isTruncated = items.size() > wanted.maxKeys();
        List<Item> page = isTruncated ? items.subList(0, wanted.maxKeys()) : items;
        List<UploadDocuments.ListedUpload> uploads = new ArrayList<>(page.size());
        List<Bytes> prefixes = new ArrayList<>();
        for (Item item : page) {
            if (item instanceof Found found) {
                uploads.add(listed(found));
            } else {
                prefixes.add(item.name());
            }
        }
        Item last = isTruncated ? page.get(page.size() - 1) : null;
        UploadDocuments.UploadPage told = new UploadDocuments.UploadPage(
                wanted,
                idMarker,
                isTruncated,
                last == null ? Bytes.EMPTY : last.name(),
                last instanceof Found found ? found.uploadId().hex() : "");
        return new S3Response(200)
                .xml(UploadDocuments.uploads(told, uploads, prefixes, BucketSettings.owner(request, bucket.record())));
    }

    private static UploadDocuments.ListedUpload listed(Found found) {
        UploadRow row = found.upload();
        boolean isChecked = !row.checksum().isNone();
        return new UploadDocuments.ListedUpload(
                found.name(),
                found.uploadId().hex(),
                row.initiatedMillis(),
                row.storageClass().name(),
                isChecked ? row.checksum().algorithm() : "",
                isChecked ? row.checksum().type().name() : "");
    }
}
