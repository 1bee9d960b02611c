package io.roost.cluster.pg;

import io.roost.cluster.classes.ClassInput;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.Mutation;
import java.util.List;

/**
 * A class for tests of what happens to requests: one item of a locator that can be there or not, so that about half of
 * what is asked for changes nothing. Changes are numbered, and each leaves its number with its request.
 *
 * <p>{@code create} is refused when there is an item, {@code remove} succeeds without one but changes nothing,
 * {@code touch} is invalid without one, {@code malformed} always. Answers are {@code c} and the number of the change made,
 * or {@code u} and the number of the change before.
 */
public final class Items {
    private static final int EXISTS = 17;
    private static final Bytes ITEM = Bytes.utf8("item");
    private static final Bytes NEWEST = Bytes.utf8("newest");

    /** The class. */
    public static final ObjectClass CLASS = new ObjectClass("items", 1)
            .writing(
                    "create",
                    (view, input) -> view.entry(ITEM) == null
                            ? changed(view, input, Mutation.Put.row(ITEM, Bytes.EMPTY))
                            : ClassReply.refuse(EXISTS, unchanged(view)))
            .freeing(
                    "remove",
                    (view, input) -> view.entry(ITEM) == null
                            ? ClassReply.read(unchanged(view))
                            : changed(view, input, new Mutation.Delete(ITEM)))
            .writing(
                    "touch",
                    (view, input) -> changed(view, input, new Mutation.SetAttributes(ITEM, Bytes.EMPTY, Bytes.EMPTY)))
            .writing("malformed", (view, input) -> {
                throw new MalformedBytesException("as always");
            })
            .reading("newest", (view, input) -> ClassReply.read(unchanged(view)));

    private Items() {}

    /** Name of the entry whose attributes are the numbers of the changes that a request made. */
    static Bytes mark(long tid) {
        return Bytes.utf8("by-" + tid);
    }

    private static int newest(LocatorView view) {
        Entry entry = view.entry(NEWEST);
        return entry == null ? 0 : Integer.parseInt(entry.attributes().utf8());
    }

    private static Bytes unchanged(LocatorView view) {
        return Bytes.utf8("u" + newest(view));
    }

    private static ClassReply changed(LocatorView view, ClassInput input, Mutation mutation) {
        int number = newest(view) + 1;
        Bytes mark = mark(input.request().tid());
        Entry before = view.entry(mark);
        String marks = (before == null ? "" : before.attributes().utf8() + " ") + number;
        return ClassReply.write(
                Bytes.utf8("c" + number),
                List.of(
                        mutation,
                        Mutation.Put.row(NEWEST, Bytes.utf8(Integer.toString(number))),
                        new Mutation.Put(mark, Bytes.utf8(marks), Bytes.EMPTY, input.data())));
    }
}
