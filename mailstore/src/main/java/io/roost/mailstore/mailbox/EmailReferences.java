package io.roost.mailstore.mailbox;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a content is: messages of folders, and kept ones. A set, never a counter: the body goes with the last of them.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * count  varint
 * each   folder varint, UID varint
 * </pre>
 *
 * @param places at least one
 */
public record EmailReferences(List<Place> places) {
    /** Copies of one content in an account; one more is refused. Keeps the row small. */
    public static final int MAX_PLACES = 1_000;

    private static final int VERSION = 1;

    /** Copies the list. */
    public EmailReferences {
        places = List.copyOf(places);
        if (places.isEmpty() || places.size() > MAX_PLACES) {
            throw new IllegalArgumentException(places.size() + " places");
        }
    }

    /**
     * A message, or one that is kept.
     *
     * @param folder its folder
     * @param uid its UID
     */
    public record Place(FolderNumber folder, long uid) {}

    /** The content's only place. */
    public static EmailReferences of(Place place) {
        return new EmailReferences(List.of(place));
    }

    /** With one place more. */
    public EmailReferences with(Place place) {
        List<Place> changed = new ArrayList<>(places);
        changed.add(place);
        return new EmailReferences(changed);
    }

    /** Without a place, or null when none is left. */
    public EmailReferences without(Place place) {
        List<Place> changed = new ArrayList<>(places);
        changed.remove(place);
        return changed.isEmpty() ? null : new EmailReferences(changed);
    }

    /** The row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(16 + 6 * places.size());
        int mark = out.begin(VERSION, 1);
        out.varint(places.size());
        for (Place place : places) {
            out.varint(place.folder.value()).varint(place.uid);
        }
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static EmailReferences decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        int count = in.count(MAX_PLACES);
        List<Place> places = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            places.add(new Place(new FolderNumber(in.count(Integer.MAX_VALUE)), in.varint()));
        }
        in.end(struct);
        return new EmailReferences(places);
    }
}
