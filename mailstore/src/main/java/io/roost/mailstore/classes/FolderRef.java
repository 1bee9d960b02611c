package io.roost.mailstore.classes;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.mailstore.mailbox.FolderNumber;

/** A folder as a caller names it. */
public sealed interface FolderRef {
    /**
     * By its number; never another folder by mistake.
     *
     * @param number of the folder
     */
    record ByNumber(FolderNumber number) implements FolderRef {}

    /**
     * By its path at the time of the call.
     *
     * @param path names with delimiters
     */
    record ByPath(String path) implements FolderRef {}

    /** By number. */
    static FolderRef of(FolderNumber number) {
        return new ByNumber(number);
    }

    /** By path. */
    static FolderRef of(String path) {
        return new ByPath(path);
    }

    /** Writes the number, or 0 and the path. */
    default void encode(ByteWriter out) {
        if (this instanceof ByNumber byNumber) {
            out.varint(byNumber.number.value());
        } else if (this instanceof ByPath byPath) {
            out.varint(0).text(byPath.path);
        }
    }

    /** Reads what {@link #encode} writes. */
    static FolderRef decode(ByteReader in) {
        int number = in.count(Integer.MAX_VALUE);
        return number == 0 ? of(in.text()) : of(new FolderNumber(number));
    }
}
