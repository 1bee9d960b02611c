package io.roost.cluster.classes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A named set of methods. The version is a feature of the OSD: callers use only what every OSD that is up has.
 * Built once at start-up, then only read.
 */
public final class ObjectClass {
    private final String name;
    private final int version;
    private final Map<String, Method> methods = new LinkedHashMap<>();

    /** What a method may do. */
    public enum Access {
        /** Answers from committed state, changes nothing. */
        READ,
        /**
         * As {@link #READ}, of what is written once: whenever it answers with status 0, at whichever replica that has all
         * of the locator, the answer is the same for the same input. It may come before the write is acknowledged, and
         * after what was written is deleted. Another status says nothing but at the primary.
         */
        READ_CONSTANT,
        /** May change entries. */
        WRITE,
        /** May change entries, and is carried out when the store is full, because it makes room. */
        FREE
    }

    /**
     * A method of a class.
     *
     * @param access what it may do
     * @param body its code
     */
    public record Method(Access access, ClassMethod body) {
        /** True when it changes nothing. */
        public boolean isReading() {
            return access == Access.READ || access == Access.READ_CONSTANT;
        }
    }

    /** A class without methods yet. */
    public ObjectClass(String name, int version) {
        this.name = name;
        this.version = version;
    }

    /** Adds a method that reads. */
    public ObjectClass reading(String method, ClassMethod body) {
        return add(method, new Method(Access.READ, body));
    }

    /** Adds a method that reads what is written once: {@link Access#READ_CONSTANT}. */
    public ObjectClass readingConstant(String method, ClassMethod body) {
        return add(method, new Method(Access.READ_CONSTANT, body));
    }

    /** Adds a method that may write. */
    public ObjectClass writing(String method, ClassMethod body) {
        return add(method, new Method(Access.WRITE, body));
    }

    /** Adds a method that may write and makes room, so that a full store still carries it out: delete, abort, reap. */
    public ObjectClass freeing(String method, ClassMethod body) {
        return add(method, new Method(Access.FREE, body));
    }

    private ObjectClass add(String method, Method body) {
        if (methods.putIfAbsent(method, body) != null) {
            throw new IllegalArgumentException(name + "." + method + " exists");
        }
        return this;
    }

    /** The class's name. */
    public String name() {
        return name;
    }

    /** The class's version. */
    public int version() {
        return version;
    }

    /** Names of the methods, as added. */
    public List<String> methodNames() {
        return List.copyOf(methods.keySet());
    }

    /** The method of a name, or null. */
    public Method method(String method) {
        return methods.get(method);
    }
}
