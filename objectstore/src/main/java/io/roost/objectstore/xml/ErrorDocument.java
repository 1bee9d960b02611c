package io.roost.objectstore.xml;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.S3Exception;
import java.util.List;

/** The document of an error. It has no namespace, as AWS's. */
public final class ErrorDocument {
    private ErrorDocument() {}

    /**
     * Writes the document.
     *
     * @param extras elements between message and resource, such as BucketName; in order
     */
    public static Bytes of(
            String code,
            String message,
            List<S3Exception.Detail> extras,
            String resource,
            String requestId,
            String hostId) {
        XmlWriter xml = new XmlWriter(512).open("Error");
        xml.element("Code", code).element("Message", message);
        for (S3Exception.Detail extra : extras) {
            xml.element(extra.element(), extra.text());
        }
        xml.element("Resource", resource).element("RequestId", requestId).element("HostId", hostId);
        return xml.close("Error").toBytes();
    }
}
