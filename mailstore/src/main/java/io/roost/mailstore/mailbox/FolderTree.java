package io.roost.mailstore.mailbox;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The folders of an account and the names it has subscribed to: the value of one row, so that a change of names is one
 * change, whatever is below. Immutable.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * nodes          count varint; each: number varint, parent varint (0 for none), name text, GUID 16 bytes,
 *                special use text, selectable u8
 * subscriptions  count varint, texts
 * </pre>
 */
public final class FolderTree {
    /** Between the names of a path. */
    public static final String DELIMITER = "/";

    /** Folders of an account. */
    public static final int MAX_FOLDERS = 5_000;

    /** Longest path, in bytes of UTF-8. */
    public static final int MAX_PATH_BYTES = 1_000;

    /** Names of a path. */
    public static final int MAX_DEPTH = 50;

    /** An account's first folder. */
    public static final String INBOX = "INBOX";

    private static final int VERSION = 1;
    private static final int NO_PARENT = 0;

    private final SortedMap<Integer, Node> nodes;
    private final SortedSet<String> subscriptions;

    private FolderTree(SortedMap<Integer, Node> nodes, SortedSet<String> subscriptions) {
        this.nodes = nodes;
        this.subscriptions = subscriptions;
    }

    /** A tree without folders. */
    public static FolderTree empty() {
        return new FolderTree(new TreeMap<>(), new TreeSet<>());
    }

    /** Whether a name is a folder, or only has folders below it. */
    public enum Kind {
        /** It has messages. */
        FOLDER,
        /** It has none (\Noselect). */
        NAME_ONLY
    }

    /**
     * A name.
     *
     * @param number of its folder; a name without one has a number too
     * @param parent number of the one above it, 0 for none
     * @param name without those above it
     * @param guid 16 bytes, its MAILBOXID; of a name only, zeros
     * @param specialUse such as {@code \Sent}, or empty
     * @param kind whether it is a folder
     */
    public record Node(FolderNumber number, int parent, String name, Bytes guid, String specialUse, Kind kind) {
        /** Checks the length of the id. */
        public Node {
            IdText.check(guid);
        }

        private Node at(int newParent, String newName) {
            return new Node(number, newParent, newName, guid, specialUse, kind);
        }
    }

    /** True for a path that a folder can have. */
    public static boolean isValidPath(String path) {
        String[] names = path.split(DELIMITER, -1);
        if (path.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES || names.length > MAX_DEPTH) {
            return false;
        }
        for (String name : names) {
            if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
                return false;
            }
        }
        return true;
    }

    /** The path with INBOX written so, in whatever case it came, also as the first of several names. */
    public static String normalized(String path) {
        boolean isInbox = path.regionMatches(true, 0, INBOX, 0, INBOX.length())
                && (path.length() == INBOX.length() || path.startsWith(DELIMITER, INBOX.length()));
        return isInbox ? INBOX + path.substring(INBOX.length()) : path;
    }

    /** All names, by number. */
    public Collection<Node> nodes() {
        return Collections.unmodifiableCollection(nodes.values());
    }

    /** The names subscribed to, in order; some may not exist. */
    public Collection<String> subscriptions() {
        return Collections.unmodifiableCollection(subscriptions);
    }

    /** The name of a number, or null. */
    public Node node(FolderNumber number) {
        return nodes.get(number.value());
    }

    /** The name of a path, or null. */
    public Node find(String path) {
        Node at = null;
        for (String name : normalized(path).split(DELIMITER, -1)) {
            at = child(at == null ? NO_PARENT : at.number.value(), name);
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    private Node child(int parent, String name) {
        for (Node node : nodes.values()) {
            if (node.parent == parent && node.name.equals(name)) {
                return node;
            }
        }
        return null;
    }

    /** The path of a name. */
    public String path(Node node) {
        StringBuilder path = new StringBuilder(node.name);
        for (Node at = nodes.get(node.parent); at != null; at = nodes.get(at.parent)) {
            path.insert(0, at.name + DELIMITER);
        }
        return path.toString();
    }

    /** True when there are names below a name. */
    public boolean hasChildren(Node node) {
        for (Node other : nodes.values()) {
            if (other.parent == node.number.value()) {
                return true;
            }
        }
        return false;
    }

    /** True when a name is another one or above it. */
    public boolean isOrIsAbove(Node node, Node other) {
        for (Node at = other; at != null; at = nodes.get(at.parent)) {
            if (at.number.equals(node.number)) {
                return true;
            }
        }
        return false;
    }

    /** Names that a path needs above it and that are not there, from the top. */
    public List<String> missingAbove(String path) {
        List<String> missing = new ArrayList<>();
        String normalized = normalized(path);
        for (int at = normalized.indexOf(DELIMITER); at >= 0; at = normalized.indexOf(DELIMITER, at + 1)) {
            String above = normalized.substring(0, at);
            if (find(above) == null) {
                missing.add(above);
            }
        }
        return missing;
    }

    private FolderTree copy() {
        return new FolderTree(new TreeMap<>(nodes), new TreeSet<>(subscriptions));
    }

    /** With a folder or a name at a path; what is above it must be there, and it must not, unless it is a name only. */
    public FolderTree with(String path, FolderNumber number, Bytes guid, String specialUse, Kind kind) {
        String normalized = normalized(path);
        int slash = normalized.lastIndexOf(DELIMITER);
        Node above = slash < 0 ? null : find(normalized.substring(0, slash));
        FolderTree changed = copy();
        changed.nodes.put(
                number.value(),
                new Node(
                        number,
                        above == null ? NO_PARENT : above.number.value(),
                        normalized.substring(slash + 1),
                        guid,
                        specialUse,
                        kind));
        return changed;
    }

    /** Without a name. */
    public FolderTree without(Node node) {
        FolderTree changed = copy();
        changed.nodes.remove(node.number.value());
        return changed;
    }

    /** With another number for a name, and so for the parent of those below it. */
    public FolderTree renumbered(Node node, FolderNumber number) {
        FolderTree changed = without(node);
        changed.nodes.replaceAll(
                (key, other) -> other.parent == node.number.value() ? other.at(number.value(), other.name) : other);
        changed.nodes.put(
                number.value(), new Node(number, node.parent, node.name, node.guid, node.specialUse, node.kind));
        return changed;
    }

    /** True when some path is longer or deeper than a path may be. */
    public boolean hasLongPaths() {
        for (Node node : nodes.values()) {
            if (!isValidPath(path(node))) {
                return true;
            }
        }
        return false;
    }

    /** With a name, and so all below it, at another path; what is above that must be there. */
    public FolderTree renamed(Node node, String path) {
        String normalized = normalized(path);
        int slash = normalized.lastIndexOf(DELIMITER);
        Node above = slash < 0 ? null : find(normalized.substring(0, slash));
        FolderTree changed = copy();
        changed.nodes.put(
                node.number.value(),
                node.at(above == null ? NO_PARENT : above.number.value(), normalized.substring(slash + 1)));
        return changed;
    }

    /** With a name subscribed to. */
    public FolderTree subscribed(String path) {
        FolderTree changed = copy();
        changed.subscriptions.add(normalized(path));
        return changed;
    }

    /** Without a subscription. */
    public FolderTree unsubscribed(String path) {
        FolderTree changed = copy();
        changed.subscriptions.remove(normalized(path));
        return changed;
    }

    /** The value. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(64 * nodes.size() + 64);
        int mark = out.begin(VERSION, 1);
        out.varint(nodes.size());
        for (Node node : nodes.values()) {
            out.varint(node.number.value()).varint(node.parent).text(node.name);
            out.raw(node.guid).text(node.specialUse).flag(node.kind == Kind.FOLDER);
        }
        out.varint(subscriptions.size());
        subscriptions.forEach(out::text);
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes; the empty value is a tree without folders. */
    public static FolderTree decode(Bytes value) {
        FolderTree tree = empty();
        if (value.isEmpty()) {
            return tree;
        }
        ByteReader in = new ByteReader(value);
        ByteReader.Struct struct = in.begin(VERSION);
        int count = in.count(MAX_FOLDERS);
        for (int i = 0; i < count; i++) {
            Node node = new Node(
                    new FolderNumber(in.count(Integer.MAX_VALUE)),
                    in.count(Integer.MAX_VALUE),
                    in.text(),
                    in.raw(IdText.BYTES),
                    in.text(),
                    in.flag() ? Kind.FOLDER : Kind.NAME_ONLY);
            tree.nodes.put(node.number.value(), node);
        }
        int names = in.count(2 * MAX_FOLDERS);
        for (int i = 0; i < names; i++) {
            tree.subscriptions.add(in.text());
        }
        in.end(struct);
        return tree;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FolderTree that && nodes.equals(that.nodes) && subscriptions.equals(that.subscriptions);
    }

    @Override
    public int hashCode() {
        return nodes.hashCode() + 31 * subscriptions.hashCode();
    }

    @Override
    public String toString() {
        return nodes.values() + " subscribed " + subscriptions;
    }
}
