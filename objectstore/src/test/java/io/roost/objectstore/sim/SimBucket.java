package io.roost.objectstore.sim;

import java.util.Map;
import java.util.TreeMap;

/** A bucket as its clients know it, with the histories of its keys and of its own existence. */
final class SimBucket {
    /** What a bucket is like. */
    enum Kind {
        /** It stays, and was never versioned. */
        PLAIN,
        /** It stays, and is versioned. */
        VERSIONED,
        /** It is created and deleted, and was never versioned. */
        PASSING
    }

    private static final int MAX_CHANGING = 8;

    /** The order of versions makes more possibilities. */
    private static final int MAX_CHANGING_VERSIONS = 5;

    private final String name;
    private final Kind kind;
    private final KeyHistory existence;
    private final Map<String, KeyHistory> keys = new TreeMap<>();

    SimBucket(String name, Kind kind, int keyCount) {
        this.name = name;
        this.kind = kind;
        this.existence = new KeyHistory("bucket " + name);
        for (int i = 0; i < keyCount; i++) {
            String key = (i % 2 == 0 ? "a/" : "b/") + "key-" + i;
            keys.put(key, new KeyHistory(name + "/" + key));
        }
    }

    String name() {
        return name;
    }

    Kind kind() {
        return kind;
    }

    boolean isVersioned() {
        return kind == Kind.VERSIONED;
    }

    /** History of the bucket as if it were a key: a write is its creation. */
    KeyHistory existence() {
        return existence;
    }

    /** The keys in order, with what happened to them. */
    Map<String, KeyHistory> keys() {
        return keys;
    }

    /** True when so little is unknown of a key that it can be changed once more. */
    boolean isClear(String key) {
        return key(key).changing() < (isVersioned() ? MAX_CHANGING_VERSIONS : MAX_CHANGING);
    }

    KeyHistory key(String key) {
        return keys.get(key);
    }
}
