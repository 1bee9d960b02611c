package io.roost.mailstore.store;

import io.roost.mailstore.mailbox.FolderChanges;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mailbox.UidSet;
import java.util.ArrayList;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Pages of a folder's changes, put together. */
final class CollectedChanges {
    private final SortedMap<Long, NumberedMessage> changed = new TreeMap<>();
    private final SortedSet<Long> expunged = new TreeSet<>();
    private long untilModSeq;
    private FolderHeader header;

    CollectedChanges(long sinceModSeq) {
        untilModSeq = sinceModSeq;
    }

    /** Up to where they go. */
    long untilModSeq() {
        return untilModSeq;
    }

    /** Adds a page; true when it is not the last. */
    boolean add(FolderChanges page) {
        page.changed().forEach(each -> changed.put(each.uid(), each));
        page.expunged().toList().forEach(uid -> {
            expunged.add(uid);
            changed.remove(uid);
        });
        untilModSeq = page.untilModSeq();
        header = page.header();
        return !page.isWhole();
    }

    FolderChanges build() {
        UidSet.Builder gone = new UidSet.Builder();
        expunged.forEach(gone::add);
        return new FolderChanges(header, untilModSeq, new ArrayList<>(changed.values()), gone.build());
    }
}
