package io.roost.objectstore.xml;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.Requester;
import io.roost.objectstore.S3Dates;
import java.util.List;

/** The answers of operations on buckets and their settings. */
public final class BucketDocuments {
    private BucketDocuments() {}

    /**
     * A bucket in ListBuckets.
     *
     * @param name its name
     * @param createdMillis milliseconds since 1970
     * @param region its region
     */
    public record ListedBucket(String name, long createdMillis, String region) {}

    /**
     * ListAllMyBucketsResult.
     *
     * @param nextToken where the next page begins, empty for none
     * @param prefix what the names were asked to begin with, empty for none
     */
    public static Bytes buckets(Requester owner, List<ListedBucket> buckets, String nextToken, String prefix) {
        XmlWriter xml = new XmlWriter(512 + buckets.size() * 200).root("ListAllMyBucketsResult");
        ListDocuments.owner(xml, "Owner", owner);
        xml.open("Buckets");
        for (ListedBucket bucket : buckets) {
            xml.open("Bucket")
                    .element("Name", bucket.name())
                    .element("CreationDate", S3Dates.iso(bucket.createdMillis()))
                    .element("BucketRegion", bucket.region())
                    .close("Bucket");
        }
        xml.close("Buckets");
        xml.optional("ContinuationToken", nextToken);
        xml.optional("Prefix", prefix);
        return xml.close("ListAllMyBucketsResult").toBytes();
    }

    /** LocationConstraint: empty for us-east-1, as AWS has it. */
    public static Bytes location(String region) {
        XmlWriter xml = new XmlWriter(256).root("LocationConstraint");
        if (!"us-east-1".equals(region)) {
            xml.markup(region);
        }
        return xml.close("LocationConstraint").toBytes();
    }

    /** AccessControlPolicy of what its owner alone may use. */
    public static Bytes ownerAcl(Requester owner) {
        XmlWriter xml = new XmlWriter(768).root("AccessControlPolicy");
        ListDocuments.owner(xml, "Owner", owner);
        xml.open("AccessControlList").open("Grant");
        xml.markup("<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\">")
                .element("ID", owner.userId())
                .element("DisplayName", owner.displayName())
                .close("Grantee");
        xml.element("Permission", "FULL_CONTROL").close("Grant").close("AccessControlList");
        return xml.close("AccessControlPolicy").toBytes();
    }

    /**
     * VersioningConfiguration.
     *
     * @param status Enabled or Suspended, empty for a bucket that never was versioned
     */
    public static Bytes versioning(String status) {
        return new XmlWriter(256)
                .root("VersioningConfiguration")
                .optional("Status", status)
                .close("VersioningConfiguration")
                .toBytes();
    }

    /** RequestPaymentConfiguration: the owner pays. */
    public static Bytes requestPayment() {
        return new XmlWriter(256)
                .root("RequestPaymentConfiguration")
                .element("Payer", "BucketOwner")
                .close("RequestPaymentConfiguration")
                .toBytes();
    }

    /** A configuration that says nothing, such as BucketLoggingStatus. */
    public static Bytes empty(String rootName) {
        return new XmlWriter(256).root(rootName).close(rootName).toBytes();
    }

    /** Tagging without tags. */
    public static Bytes noTags() {
        return new XmlWriter(256)
                .root("Tagging")
                .open("TagSet")
                .close("TagSet")
                .close("Tagging")
                .toBytes();
    }
}
