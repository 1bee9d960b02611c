package io.roost.cluster.identity;

import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Who speaks: {@code mon.a}, {@code osd.3}, {@code client.gateway}, {@code node.host1}. A node is a process; it speaks for
 * the monitor, OSDs and clients that run in it, and its certificate names them all.
 *
 * @param kind of the entity
 * @param id within the kind: lower-case letters, digits, dots, dashes and underscores; of an OSD its number
 */
public record EntityName(Kind kind, String id) implements Comparable<EntityName> {
    /** Longest id; host names of that length do not exist. */
    public static final int MAX_ID_LENGTH = 255;

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]*");
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");
    private static final Comparator<EntityName> ORDER =
            Comparator.comparing(EntityName::kind).thenComparing(EntityName::id);

    /** What an entity is. */
    public enum Kind {
        /** A monitor. */
        MON,
        /** An OSD. */
        OSD,
        /** A user of the cluster: a gateway, a mail server, a command. */
        CLIENT,
        /** A process that runs others of these. */
        NODE
    }

    /** Checks the id. */
    public EntityName {
        boolean fits =
                kind == Kind.OSD ? NUMBER.matcher(id).matches() : ID.matcher(id).matches();
        if (!fits || id.length() > MAX_ID_LENGTH) {
            throw new IllegalArgumentException("no name of a " + kind + ": \"" + id + "\"");
        }
    }

    /** The name of a monitor. */
    public static EntityName mon(String name) {
        return new EntityName(Kind.MON, name);
    }

    /** The name of an OSD. */
    public static EntityName osd(int id) {
        return new EntityName(Kind.OSD, Integer.toString(id));
    }

    /** The name of a client. */
    public static EntityName client(String name) {
        return new EntityName(Kind.CLIENT, name);
    }

    /** The name of a node. */
    public static EntityName node(String name) {
        return new EntityName(Kind.NODE, name);
    }

    /**
     * Reads {@link #toString}.
     *
     * @throws IllegalArgumentException when it is no name
     */
    public static EntityName parse(String text) {
        int dot = text.indexOf('.');
        for (Kind kind : Kind.values()) {
            if (dot > 0 && prefix(kind).equals(text.substring(0, dot))) {
                return new EntityName(kind, text.substring(dot + 1));
            }
        }
        throw new IllegalArgumentException("no name of an entity: \"" + text + "\"");
    }

    private static String prefix(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public int compareTo(EntityName other) {
        return ORDER.compare(this, other);
    }

    /** Kind and id: {@code osd.3}. */
    @Override
    public String toString() {
        return prefix(kind) + "." + id;
    }
}
