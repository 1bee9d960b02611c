package io.roost.objectstore.classes;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.layout.VersionId;
import io.roost.objectstore.layout.Versioning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What S3 says of keys and versions, as a sorted map of lists, newest first: the model that the classes are held against. */
final class VersionModel {
    /**
     * A version.
     *
     * @param id as the API names it
     * @param isDeleteMarker true for a delete marker
     * @param content what a GET answers, of whatever kind
     * @param sizeBytes of the content
     */
    record Stored(VersionId id, boolean isDeleteMarker, Object content, long sizeBytes) {}

    private final TreeMap<Bytes, List<Stored>> keys = new TreeMap<>();
    private Versioning versioning = Versioning.NEVER;

    Versioning versioning() {
        return versioning;
    }

    void setVersioning(Versioning newVersioning) {
        versioning = newVersioning;
    }

    Map<Bytes, List<Stored>> keys() {
        return keys;
    }

    Stored latest(Bytes key) {
        List<Stored> versions = keys.get(key);
        return versions == null ? null : versions.get(0);
    }

    Stored live(Bytes key) {
        Stored latest = latest(key);
        return latest == null || latest.isDeleteMarker ? null : latest;
    }

    Stored version(Bytes key, VersionId id) {
        for (Stored version : keys.getOrDefault(key, List.of())) {
            if (version.id.equals(id)) {
                return version;
            }
        }
        return null;
    }

    /** Writes a version under the id that the store gave it. */
    void put(Bytes key, Stored version) {
        List<Stored> versions = keys.computeIfAbsent(key, unused -> new ArrayList<>());
        if (versioning != Versioning.ENABLED) {
            versions.removeIf(old -> old.id.equals(VersionId.NULL));
        }
        versions.add(0, version);
    }

    /** Removes a version for good. */
    void remove(Bytes key, VersionId id) {
        List<Stored> versions = keys.get(key);
        if (versions != null) {
            versions.removeIf(old -> old.id.equals(id));
            if (versions.isEmpty()) {
                keys.remove(key);
            }
        }
    }

    long objects() {
        return count(false);
    }

    long deleteMarkers() {
        return count(true);
    }

    long bytes() {
        long bytes = 0;
        for (List<Stored> versions : keys.values()) {
            for (Stored version : versions) {
                bytes += version.sizeBytes;
            }
        }
        return bytes;
    }

    private long count(boolean markers) {
        long count = 0;
        for (List<Stored> versions : keys.values()) {
            for (Stored version : versions) {
                count += version.isDeleteMarker == markers ? 1 : 0;
            }
        }
        return count;
    }
}
