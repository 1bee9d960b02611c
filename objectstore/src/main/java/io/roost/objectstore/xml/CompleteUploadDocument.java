package io.roost.objectstore.xml;

import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** CompleteMultipartUpload: the parts that a client wants to be the object. */
public final class CompleteUploadDocument {
    /** The most parts of an object. */
    public static final int MAX_PARTS = 10_000;

    private CompleteUploadDocument() {}

    /**
     * A part as the client names it.
     *
     * @param number its number
     * @param etag without quotes
     * @param checksums algorithm, such as CRC32, to base64 value
     */
    public record Part(int number, String etag, Map<String, String> checksums) {
        /** Copies the map. */
        public Part {
            checksums = Map.copyOf(checksums);
        }
    }

    /**
     * Reads the document.
     *
     * @throws io.roost.objectstore.S3Exception MalformedXML, also for no part or more than {@value #MAX_PARTS}
     */
    public static List<Part> parse(Bytes document) {
        XmlReader xml = new XmlReader(document, "CompleteMultipartUpload");
        List<Part> parts = new ArrayList<>();
        for (String name = xml.nextChild(); name != null; name = xml.nextChild()) {
            if (name.equals("Part")) {
                parts.add(part(xml));
                if (parts.size() > MAX_PARTS) {
                    throw XmlReader.malformed();
                }
            } else {
                xml.skip();
            }
        }
        if (parts.isEmpty()) {
            throw XmlReader.malformed();
        }
        return parts;
    }

    private static Part part(XmlReader xml) {
        int number = 0;
        String etag = null;
        Map<String, String> checksums = new LinkedHashMap<>();
        for (String name = xml.nextChild(); name != null; name = xml.nextChild()) {
            if (name.equals("PartNumber")) {
                number = xml.number();
            } else if (name.equals("ETag")) {
                etag = unquoted(xml.text().strip());
            } else if (name.startsWith("Checksum")) {
                checksums.put(name.substring("Checksum".length()), xml.text().strip());
            } else {
                xml.skip();
            }
        }
        if (number < 1 || etag == null) {
            throw XmlReader.malformed();
        }
        return new Part(number, etag, checksums);
    }

    private static String unquoted(String etag) {
        boolean quoted = etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"");
        return quoted ? etag.substring(1, etag.length() - 1) : etag;
    }
}
