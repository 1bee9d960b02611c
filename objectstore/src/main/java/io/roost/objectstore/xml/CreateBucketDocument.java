package io.roost.objectstore.xml;

import io.roost.cluster.object.Bytes;

/** CreateBucketConfiguration. */
public final class CreateBucketDocument {
    private CreateBucketDocument() {}

    /**
     * The location constraint of the document, empty when it names none.
     *
     * @throws io.roost.objectstore.S3Exception MalformedXML
     */
    public static String locationConstraint(Bytes document) {
        XmlReader xml = new XmlReader(document, "CreateBucketConfiguration");
        String location = "";
        for (String name = xml.nextChild(); name != null; name = xml.nextChild()) {
            if (name.equals("LocationConstraint")) {
                location = xml.text().strip();
            } else {
                xml.skip();
            }
        }
        return location;
    }
}
