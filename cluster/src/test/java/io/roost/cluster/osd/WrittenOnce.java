package io.roost.cluster.osd;

import io.roost.cluster.classes.ClassInput;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Mutation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A class for tests: a locator is written once, with entries and a body that its key decides, and may be removed. A reader sees
 * when some of the entries are not there.
 */
final class WrittenOnce {
    static final String NAME = "once";
    private static final Bytes BODY = Bytes.utf8("body");
    private static final int NOT_THERE = 1;

    static final ObjectClass CLASS = new ObjectClass(NAME, 1)
            .writing("create", WrittenOnce::create)
            .freeing("remove", (view, input) -> remove(view))
            .readingConstant("read", (view, input) -> read(view));

    private WrittenOnce() {}

    private static ClassReply create(LocatorView view, ClassInput input) {
        if (view.entry(BODY) != null) {
            return ClassReply.read(Bytes.EMPTY);
        }
        Bytes key = view.locator().key();
        List<Mutation> mutations = new ArrayList<>();
        mutations.add(new Mutation.Put(BODY, key, Bytes.EMPTY, input.data()));
        for (String name : names(key.utf8())) {
            mutations.add(Mutation.Put.row(Bytes.utf8(name), key));
        }
        return ClassReply.write(Bytes.EMPTY, mutations);
    }

    /** Besides that of the body. */
    private static List<String> names(String key) {
        List<String> names = new ArrayList<>();
        for (int i = Math.floorMod(key.hashCode(), 4); i >= 0; i--) {
            names.add("row " + i + " of " + key);
        }
        names.sort(null);
        return names;
    }

    private static ClassReply remove(LocatorView view) {
        List<Mutation> mutations = new ArrayList<>();
        EntryCursor entries = view.entries(Bytes.EMPTY, null);
        while (entries.next()) {
            mutations.add(new Mutation.Delete(entries.name()));
        }
        return mutations.isEmpty() ? ClassReply.read(Bytes.EMPTY) : ClassReply.write(Bytes.EMPTY, mutations);
    }

    private static ClassReply read(LocatorView view) {
        List<String> names = new ArrayList<>();
        EntryCursor entries = view.entries(Bytes.EMPTY, null);
        while (entries.next()) {
            names.add(entries.name().utf8());
        }
        if (names.isEmpty()) {
            return ClassReply.refuse(NOT_THERE, Bytes.EMPTY);
        }
        Bytes output = Bytes.utf8(String.join("\n", names));
        return names.contains(BODY.utf8())
                ? ClassReply.read(output, new ClassReply.BodyRange(BODY, 0, Long.MAX_VALUE))
                : ClassReply.read(output);
    }

    /** What a client was told of a key: that it is there, null when it is not, or what is wrong. */
    static String value(String key, OsdMessage.OperationReply answer) {
        if (answer.status() == NOT_THERE) {
            return null;
        }
        List<String> expected = names(key);
        expected.add(0, BODY.utf8());
        if (!answer.output().utf8().equals(String.join("\n", expected))) {
            return key + " is torn: " + answer.output().utf8();
        }
        boolean isWhole =
                Arrays.equals(answer.data().toArray(), Registers.body(key).toArray());
        return isWhole ? key : "another body than that of " + key;
    }
}
