package io.roost.objectstore.xml;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.S3Error;
import java.util.ArrayList;
import java.util.List;

/** DeleteObjects: what is asked for and what is answered. */
public final class DeleteDocuments {
    /** The most keys of one request. */
    public static final int MAX_KEYS = 1000;

    private DeleteDocuments() {}

    /** Whether the answer names what was deleted. */
    public enum Detail {
        /** Every key. */
        VERBOSE,
        /** Errors only. */
        QUIET
    }

    /**
     * A key to be deleted.
     *
     * @param key the key
     * @param versionId the version, empty for none
     * @param etag what the object's ETag must be, empty for any
     */
    public record Victim(Bytes key, String versionId, String etag) {}

    /**
     * The request.
     *
     * @param victims 1 to {@value #MAX_KEYS}
     * @param detail what is answered
     */
    public record Request(List<Victim> victims, Detail detail) {
        /** Copies the list. */
        public Request {
            victims = List.copyOf(victims);
        }
    }

    /**
     * What became of a key.
     *
     * @param victim what was asked for
     * @param deleteMarkerVersionId the version id of the delete marker made or removed, empty for none
     * @param error null when it was deleted
     */
    public record Outcome(Victim victim, String deleteMarkerVersionId, S3Error error) {}

    /**
     * Reads the request.
     *
     * @throws io.roost.objectstore.S3Exception MalformedXML, also for no key or more than {@value #MAX_KEYS}
     */
    public static Request parse(Bytes document) {
        XmlReader xml = new XmlReader(document, "Delete");
        List<Victim> victims = new ArrayList<>();
        Detail detail = Detail.VERBOSE;
        for (String name = xml.nextChild(); name != null; name = xml.nextChild()) {
            switch (name) {
                case "Object" -> {
                    if (victims.size() == MAX_KEYS) {
                        throw XmlReader.malformed();
                    }
                    victims.add(victim(xml));
                }
                case "Quiet" -> detail = "true".equalsIgnoreCase(xml.text().strip()) ? Detail.QUIET : Detail.VERBOSE;
                default -> xml.skip();
            }
        }
        if (victims.isEmpty()) {
            throw XmlReader.malformed();
        }
        return new Request(victims, detail);
    }

    private static Victim victim(XmlReader xml) {
        Bytes key = Bytes.EMPTY;
        String versionId = "";
        String etag = "";
        for (String name = xml.nextChild(); name != null; name = xml.nextChild()) {
            switch (name) {
                case "Key" -> key = Bytes.utf8(xml.text());
                case "VersionId" -> versionId = xml.text();
                case "ETag" -> etag = xml.text();
                default -> xml.skip();
            }
        }
        if (key.isEmpty()) {
            throw XmlReader.malformed();
        }
        return new Victim(key, versionId, etag);
    }

    /** DeleteResult. */
    public static Bytes result(List<Outcome> outcomes, Detail detail) {
        XmlWriter xml = new XmlWriter(256 + outcomes.size() * 128).root("DeleteResult");
        for (Outcome outcome : outcomes) {
            Victim victim = outcome.victim();
            if (outcome.error() != null) {
                xml.open("Error").element("Key", victim.key()).optional("VersionId", victim.versionId());
                xml.element("Code", outcome.error().code())
                        .element("Message", outcome.error().defaultMessage());
                xml.close("Error");
            } else if (detail == Detail.VERBOSE) {
                xml.open("Deleted").element("Key", victim.key()).optional("VersionId", victim.versionId());
                if (!outcome.deleteMarkerVersionId().isEmpty()) {
                    xml.element("DeleteMarker", "true");
                    xml.element("DeleteMarkerVersionId", outcome.deleteMarkerVersionId());
                }
                xml.close("Deleted");
            }
        }
        return xml.close("DeleteResult").toBytes();
    }
}
