package io.roost.mailstore.mailbox;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.mailbox.FolderTree.Kind;

/** A tree of each kind of name. */
final class SampleTree {
    static final Bytes GUID = Bytes.utf8("0123456789abcdef");

    private SampleTree() {}

    static FolderTree tree() {
        return FolderTree.empty()
                .with("INBOX", FolderNumber.INBOX, GUID, "", Kind.FOLDER)
                .with("Archive", new FolderNumber(2), Bytes.wrap(new byte[16]), "", Kind.NAME_ONLY)
                .with("Archive/2026", new FolderNumber(3), GUID, "\\Archive", Kind.FOLDER)
                .with("Archive/2026/J\u00e4nner", new FolderNumber(4), GUID, "", Kind.FOLDER)
                .subscribed("Archive/2026")
                .subscribed("gone");
    }
}
