package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A user, in the {@code system} pool ({@link SystemNames}).
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * id            text
 * name          text
 * display name  text
 * email         text
 * created       varint  Unix milliseconds
 * admin         u8      0 or 1
 * access keys   varint count; each: text
 * </pre>
 *
 * @param id the canonical user id, hex digits, never reused; what owns a bucket
 * @param name unique
 * @param displayName as listings show the owner
 * @param email may be empty
 * @param createdMillis Unix milliseconds
 * @param isAdmin true when the user may use every bucket and administer the cluster
 * @param accessKeys ids of the user's keys; one may be listed that does not exist (yet, or any more)
 */
public record UserRecord(
        String id,
        String name,
        String displayName,
        String email,
        long createdMillis,
        boolean isAdmin,
        List<String> accessKeys) {
    /** Most keys of a user: keeps the record small. */
    public static final int MAX_ACCESS_KEYS = 100;

    private static final int VERSION = 1;

    /** Checks that nothing is null and copies the list. */
    public UserRecord {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(displayName, "displayName");
        Objects.requireNonNull(email, "email");
        accessKeys = List.copyOf(accessKeys);
        if (name.isEmpty() || name.length() > 128 || accessKeys.size() > MAX_ACCESS_KEYS) {
            throw new IllegalArgumentException("user " + name + " with " + accessKeys.size() + " keys");
        }
    }

    /** The user with other keys. */
    public UserRecord withAccessKeys(List<String> newAccessKeys) {
        return new UserRecord(id, name, displayName, email, createdMillis, isAdmin, newAccessKeys);
    }

    /** The record's row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(160);
        int mark = out.begin(VERSION, 1);
        out.text(id)
                .text(name)
                .text(displayName)
                .text(email)
                .varint(createdMillis)
                .flag(isAdmin);
        out.varint(accessKeys.size());
        for (String accessKey : accessKeys) {
            out.text(accessKey);
        }
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static UserRecord decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        String id = in.text();
        String name = in.text();
        String displayName = in.text();
        String email = in.text();
        long createdMillis = in.varint();
        boolean isAdmin = in.flag();
        int count = in.count(MAX_ACCESS_KEYS);
        List<String> accessKeys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            accessKeys.add(in.text());
        }
        in.end(struct);
        return new UserRecord(id, name, displayName, email, createdMillis, isAdmin, accessKeys);
    }
}
