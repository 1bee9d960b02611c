package io.roost.objectstore.xml;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.PercentCoding;
import io.roost.objectstore.Requester;
import io.roost.objectstore.S3Dates;
import io.roost.objectstore.xml.ListRequest.Encoding;

/** The answers of ListObjects and ListObjectsV2. */
public final class ListDocuments {
    private static final int BYTES_PER_OBJECT = 320;

    private ListDocuments() {}

    /** Who owns the objects, when a listing shows it. */
    public enum Owners {
        /** Each object with its owner. */
        SHOWN,
        /** Not at all. */
        HIDDEN
    }

    /** ListObjects: marker in, NextMarker out when there is a delimiter, as the API reference says. */
    public static Bytes v1(ListRequest request, ObjectListing listing, Requester owner) {
        Encoding encoding = request.encoding();
        XmlWriter xml = writer(listing).root("ListBucketResult");
        xml.element("Name", request.bucket());
        key(xml, "Prefix", request.prefix(), encoding);
        key(xml, "Marker", request.startAfter(), encoding);
        if (listing.isTruncated() && !request.delimiter().isEmpty()) {
            key(xml, "NextMarker", listing.next(), encoding);
        }
        tail(xml, request, listing);
        contents(xml, listing, encoding, Owners.SHOWN, owner);
        return xml.close("ListBucketResult").toBytes();
    }

    /**
     * ListObjectsV2.
     *
     * @param token the continuation token of the request, null for none
     * @param nextToken where the next page begins, null for none
     */
    public static Bytes v2(
            ListRequest request,
            String token,
            ObjectListing listing,
            String nextToken,
            Owners owners,
            Requester owner) {
        Encoding encoding = request.encoding();
        XmlWriter xml = writer(listing).root("ListBucketResult");
        xml.element("Name", request.bucket());
        key(xml, "Prefix", request.prefix(), encoding);
        if (!request.startAfter().isEmpty()) {
            key(xml, "StartAfter", request.startAfter(), encoding);
        }
        if (token != null) {
            xml.element("ContinuationToken", token);
        }
        if (nextToken != null) {
            xml.element("NextContinuationToken", nextToken);
        }
        xml.element(
                "KeyCount",
                listing.objects().size() + (long) listing.commonPrefixes().size());
        tail(xml, request, listing);
        contents(xml, listing, encoding, owners, owner);
        return xml.close("ListBucketResult").toBytes();
    }

    private static XmlWriter writer(ObjectListing listing) {
        return new XmlWriter(1024 + listing.objects().size() * BYTES_PER_OBJECT);
    }

    private static void tail(XmlWriter xml, ListRequest request, ObjectListing listing) {
        xml.element("MaxKeys", request.maxKeys());
        if (!request.delimiter().isEmpty()) {
            key(xml, "Delimiter", request.delimiter(), request.encoding());
        }
        if (request.encoding() == Encoding.URL) {
            xml.element("EncodingType", "url");
        }
        xml.element("IsTruncated", Boolean.toString(listing.isTruncated()));
    }

    private static void contents(
            XmlWriter xml, ObjectListing listing, Encoding encoding, Owners owners, Requester owner) {
        for (ListedObject object : listing.objects()) {
            xml.open("Contents");
            key(xml, "Key", object.key(), encoding);
            xml.element("LastModified", S3Dates.iso(object.lastModifiedMillis()));
            xml.markup("<ETag>&quot;").markup(object.etag()).markup("&quot;</ETag>");
            xml.optional("ChecksumAlgorithm", object.checksumAlgorithm());
            xml.optional("ChecksumType", object.checksumType());
            xml.element("Size", object.sizeBytes());
            if (owners == Owners.SHOWN) {
                owner(xml, "Owner", owner);
            }
            xml.element("StorageClass", object.storageClass());
            xml.close("Contents");
        }
        prefixes(xml, listing.commonPrefixes(), encoding);
    }

    static void prefixes(XmlWriter xml, Iterable<Bytes> commonPrefixes, Encoding encoding) {
        for (Bytes prefix : commonPrefixes) {
            xml.open("CommonPrefixes");
            key(xml, "Prefix", prefix, encoding);
            xml.close("CommonPrefixes");
        }
    }

    static void key(XmlWriter xml, String name, Bytes key, Encoding encoding) {
        xml.element(name, encoding == Encoding.URL ? PercentCoding.encode(key) : key);
    }

    static void owner(XmlWriter xml, String name, Requester owner) {
        xml.open(name).element("ID", owner.userId()).element("DisplayName", owner.displayName());
        xml.close(name);
    }
}
