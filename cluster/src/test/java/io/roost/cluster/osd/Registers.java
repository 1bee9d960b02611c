package io.roost.cluster.osd;

import io.roost.cluster.classes.ClassInput;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Mutation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A class for tests: a locator is a register, kept in several entries that one transaction changes together, so that a
 * reader sees when some of them are not as the others are. Some are replaced whole, one only gets other attributes, the
 * name of one is a new one for every value. It can also be read in two steps: what it is and in which version, and then the
 * body of that version.
 */
final class Registers {
    private static final Bytes HEAD = Bytes.utf8("head");
    private static final Bytes KEPT = Bytes.utf8("kept");
    private static final Bytes WORK = Bytes.hex("80");
    private static final Bytes OWN = Bytes.utf8("own-");
    private static final Bytes OWN_END = OWN.prefixEnd();
    private static final String NONE = "";

    static final ObjectClass CLASS = new ObjectClass("registers", 1)
            .writing("write", Registers::write)
            .freeing("clear", Registers::clear)
            .reading("read", (view, input) -> read(view))
            .reading("list", (view, input) -> list(view))
            .reading("find", (view, input) -> find(view))
            .readingConstant("body", (view, input) -> body(view, input.parameters()));

    private Registers() {}

    /** The body of a value: of any size, small ones more often. */
    static Data body(String value) {
        int hash = value.hashCode() & 0x7fffffff;
        byte[] bytes = new byte[hash % 5 == 0 ? 70_000 + hash % 1000 : hash % 3000];
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        int filled = Math.min(text.length, bytes.length);
        System.arraycopy(text, 0, bytes, 0, filled);
        while (filled < bytes.length) {
            int more = Math.min(filled, bytes.length - filled);
            System.arraycopy(bytes, 0, bytes, filled, more);
            filled += more;
        }
        return Data.wrap(bytes);
    }

    private static ClassReply write(LocatorView view, ClassInput input) {
        Bytes value = input.parameters();
        List<Mutation> mutations = new ArrayList<>(forgetOwn(view, value));
        mutations.add(new Mutation.Put(HEAD, value, value, input.data()));
        mutations.add(
                view.entry(KEPT) == null
                        ? new Mutation.Put(KEPT, value, Bytes.EMPTY, Data.wrap(new byte[100]))
                        : new Mutation.SetAttributes(KEPT, value, Bytes.EMPTY));
        mutations.add(Mutation.Put.row(WORK, value));
        mutations.add(Mutation.Put.row(OWN.concat(value), value));
        return ClassReply.write(value, mutations);
    }

    /** Removes the name that the value before has of its own. */
    private static List<Mutation> forgetOwn(LocatorView view, Bytes value) {
        List<Mutation> mutations = new ArrayList<>();
        EntryCursor names = view.entries(OWN, OWN_END);
        while (names.next()) {
            if (!names.name().equals(OWN.concat(value))) {
                mutations.add(new Mutation.Delete(names.name()));
            }
        }
        return mutations;
    }

    private static ClassReply clear(LocatorView view, ClassInput input) {
        List<Mutation> mutations = forgetOwn(view, Bytes.EMPTY);
        for (Bytes name : List.of(HEAD, KEPT, WORK)) {
            mutations.add(new Mutation.Delete(name));
        }
        return ClassReply.write(Bytes.EMPTY, mutations);
    }

    private static ClassReply read(LocatorView view) {
        TreeMap<Bytes, Entry> entries = new TreeMap<>();
        for (Bytes name : List.of(HEAD, KEPT, WORK)) {
            Entry entry = view.entry(name);
            if (entry != null) {
                entries.put(name, entry);
            }
        }
        Bytes own = OWN.concat(entries.containsKey(HEAD) ? entries.get(HEAD).attributes() : Bytes.EMPTY);
        Entry entry = view.entry(own);
        if (entry != null) {
            entries.put(own, entry);
        }
        return answer(entries);
    }

    private static ClassReply find(LocatorView view) {
        Entry head = view.entry(HEAD);
        return ClassReply.read(
                head == null ? Bytes.utf8(NONE) : Bytes.utf8(head.attributes().utf8() + " " + head.version()));
    }

    /** @param version of the head, as {@code find} has said */
    private static ClassReply body(LocatorView view, Bytes version) {
        Entry head = view.entry(HEAD);
        return head == null || !head.version().toString().equals(version.utf8())
                ? ClassReply.refuse(1, Bytes.EMPTY)
                : ClassReply.read(head.attributes(), new ClassReply.BodyRange(HEAD, 0, Long.MAX_VALUE));
    }

    private static ClassReply list(LocatorView view) {
        TreeMap<Bytes, Entry> entries = new TreeMap<>();
        for (Bytes begin : List.of(Bytes.EMPTY, WORK)) {
            EntryCursor cursor = view.entries(begin, null);
            while (cursor.next()) {
                entries.put(cursor.name(), cursor.entry());
            }
        }
        return answer(entries);
    }

    /** The value that all entries have, or what they have when it is not one. */
    private static ClassReply answer(NavigableMap<Bytes, Entry> entries) {
        if (entries.isEmpty()) {
            return ClassReply.read(Bytes.utf8(NONE));
        }
        Bytes value = entries.firstEntry().getValue().attributes();
        boolean isWhole = entries.size() == 4 && entries.containsKey(HEAD);
        for (Entry entry : entries.values()) {
            isWhole &= entry.attributes().equals(value);
        }
        if (!isWhole) {
            StringBuilder torn = new StringBuilder("torn");
            entries.forEach(
                    (name, entry) -> torn.append(' ').append(name).append('=').append(entry.attributes()));
            return ClassReply.read(Bytes.utf8(torn.toString()));
        }
        return ClassReply.read(value, new ClassReply.BodyRange(HEAD, 0, Long.MAX_VALUE));
    }

    /** What a client was told that it read: a value, null for none, or that it is not as it was written. */
    static String value(String output, Data body) {
        if (output.equals(NONE)) {
            return null;
        }
        boolean isWhole = output.startsWith("torn")
                || Arrays.equals(body.toArray(), body(output).toArray());
        return isWhole ? output : "another body than that of " + output;
    }
}
