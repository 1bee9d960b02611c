package io.roost.cluster.classes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The object classes of an OSD. Immutable. */
public final class ClassRegistry {
    private final Map<String, ObjectClass> classes = new LinkedHashMap<>();

    /** A registry of classes with distinct names. */
    public ClassRegistry(List<ObjectClass> registered) {
        for (ObjectClass objectClass : registered) {
            if (classes.putIfAbsent(objectClass.name(), objectClass) != null) {
                throw new IllegalArgumentException("object class " + objectClass.name() + " twice");
            }
        }
    }

    /** The method of a class, or null when the OSD has no such class or method. */
    public ObjectClass.Method method(String className, String method) {
        ObjectClass objectClass = classes.get(className);
        return objectClass == null ? null : objectClass.method(method);
    }

    /** All classes, as registered. */
    public List<ObjectClass> classes() {
        return List.copyOf(classes.values());
    }
}
