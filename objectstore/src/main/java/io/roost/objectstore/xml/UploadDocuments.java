package io.roost.objectstore.xml;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.Requester;
import io.roost.objectstore.S3Dates;
import io.roost.objectstore.xml.ListRequest.Encoding;
import java.util.List;

/** The answers of multipart uploads and of copies. */
public final class UploadDocuments {
    private UploadDocuments() {}

    /**
     * A checksum in a document.
     *
     * @param algorithm such as CRC32, which gives the element ChecksumCRC32; empty for none
     * @param value base64
     * @param type COMPOSITE or FULL_OBJECT, empty when it is not told
     */
    public record Checksum(String algorithm, String value, String type) {
        /** No checksum. */
        public static final Checksum NONE = new Checksum("", "", "");
    }

    /**
     * An upload in ListMultipartUploads.
     *
     * @param key its key
     * @param uploadId its id
     * @param initiatedMillis milliseconds since 1970
     * @param storageClass such as STANDARD
     * @param checksumAlgorithm such as CRC32, empty for none
     * @param checksumType COMPOSITE or FULL_OBJECT, empty for none
     */
    public record ListedUpload(
            Bytes key,
            String uploadId,
            long initiatedMillis,
            String storageClass,
            String checksumAlgorithm,
            String checksumType) {}

    /**
     * A part in ListParts.
     *
     * @param number 1 to 10,000
     * @param lastModifiedMillis milliseconds since 1970
     * @param etag without quotes
     * @param sizeBytes at least 0
     * @param checksum of the part
     */
    public record ListedPart(int number, long lastModifiedMillis, String etag, long sizeBytes, Checksum checksum) {}

    /**
     * What a page of uploads was asked for and where it ends.
     *
     * @param request prefix, delimiter, key marker, page size
     * @param uploadIdMarker of the request, empty for none
     * @param isTruncated whether more follows
     * @param nextKey where the next page begins
     * @param nextUploadId where the next page begins
     */
    public record UploadPage(
            ListRequest request, String uploadIdMarker, boolean isTruncated, Bytes nextKey, String nextUploadId) {}

    /**
     * What a page of parts was asked for and where it ends.
     *
     * @param marker the part number after which it begins
     * @param maxParts the most parts
     * @param isTruncated whether more follows
     * @param nextMarker the last part's number
     */
    public record PartPage(int marker, int maxParts, boolean isTruncated, int nextMarker) {}

    /** InitiateMultipartUploadResult. */
    public static Bytes initiated(String bucket, Bytes key, String uploadId) {
        return new XmlWriter(512)
                .root("InitiateMultipartUploadResult")
                .element("Bucket", bucket)
                .element("Key", key)
                .element("UploadId", uploadId)
                .close("InitiateMultipartUploadResult")
                .toBytes();
    }

    /** CompleteMultipartUploadResult. */
    public static Bytes completed(String location, String bucket, Bytes key, String etag, Checksum checksum) {
        XmlWriter xml = new XmlWriter(768).root("CompleteMultipartUploadResult");
        xml.element("Location", location).element("Bucket", bucket).element("Key", key);
        xml.element("ETag", quoted(etag));
        checksum(xml, checksum);
        return xml.close("CompleteMultipartUploadResult").toBytes();
    }

    /** CopyObjectResult or CopyPartResult. */
    public static Bytes copied(String rootName, long lastModifiedMillis, String etag, Checksum checksum) {
        XmlWriter xml = new XmlWriter(512).root(rootName);
        xml.element("LastModified", S3Dates.iso(lastModifiedMillis)).element("ETag", quoted(etag));
        checksum(xml, checksum);
        return xml.close(rootName).toBytes();
    }

    /** ListMultipartUploadsResult. */
    public static Bytes uploads(
            UploadPage page, List<ListedUpload> uploads, List<Bytes> commonPrefixes, Requester owner) {
        ListRequest request = page.request();
        Encoding encoding = request.encoding();
        XmlWriter xml = new XmlWriter(1024 + uploads.size() * 512).root("ListMultipartUploadsResult");
        xml.element("Bucket", request.bucket());
        ListDocuments.key(xml, "KeyMarker", request.startAfter(), encoding);
        xml.element("UploadIdMarker", page.uploadIdMarker());
        if (page.isTruncated()) {
            ListDocuments.key(xml, "NextKeyMarker", page.nextKey(), encoding);
            xml.element("NextUploadIdMarker", page.nextUploadId());
        }
        ListDocuments.key(xml, "Prefix", request.prefix(), encoding);
        if (!request.delimiter().isEmpty()) {
            ListDocuments.key(xml, "Delimiter", request.delimiter(), encoding);
        }
        if (encoding == Encoding.URL) {
            xml.element("EncodingType", "url");
        }
        xml.element("MaxUploads", request.maxKeys()).element("IsTruncated", Boolean.toString(page.isTruncated()));
        for (ListedUpload upload : uploads) {
            xml.open("Upload");
            ListDocuments.key(xml, "Key", upload.key(), encoding);
            xml.element("UploadId", upload.uploadId());
            ListDocuments.owner(xml, "Initiator", owner);
            ListDocuments.owner(xml, "Owner", owner);
            xml.element("StorageClass", upload.storageClass());
            xml.element("Initiated", S3Dates.iso(upload.initiatedMillis()));
            xml.optional("ChecksumAlgorithm", upload.checksumAlgorithm());
            xml.optional("ChecksumType", upload.checksumType());
            xml.close("Upload");
        }
        ListDocuments.prefixes(xml, commonPrefixes, encoding);
        return xml.close("ListMultipartUploadsResult").toBytes();
    }

    /** ListPartsResult. */
    public static Bytes parts(
            String bucket, ListedUpload upload, PartPage page, List<ListedPart> parts, Requester owner) {
        XmlWriter xml = new XmlWriter(1024 + parts.size() * 256).root("ListPartsResult");
        xml.element("Bucket", bucket).element("Key", upload.key()).element("UploadId", upload.uploadId());
        ListDocuments.owner(xml, "Initiator", owner);
        ListDocuments.owner(xml, "Owner", owner);
        xml.element("StorageClass", upload.storageClass());
        xml.optional("ChecksumAlgorithm", upload.checksumAlgorithm());
        xml.optional("ChecksumType", upload.checksumType());
        xml.element("PartNumberMarker", page.marker());
        xml.element("NextPartNumberMarker", page.nextMarker());
        xml.element("MaxParts", page.maxParts()).element("IsTruncated", Boolean.toString(page.isTruncated()));
        for (ListedPart part : parts) {
            xml.open("Part").element("PartNumber", part.number());
            xml.element("LastModified", S3Dates.iso(part.lastModifiedMillis()));
            xml.element("ETag", quoted(part.etag())).element("Size", part.sizeBytes());
            checksum(xml, part.checksum());
            xml.close("Part");
        }
        return xml.close("ListPartsResult").toBytes();
    }

    private static String quoted(String etag) {
        return '"' + etag + '"';
    }

    private static void checksum(XmlWriter xml, Checksum checksum) {
        if (!checksum.algorithm().isEmpty()) {
            xml.element("Checksum" + checksum.algorithm(), checksum.value());
            xml.optional("ChecksumType", checksum.type());
        }
    }
}
