package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;

/**
 * An access key, in the {@code system} pool ({@link SystemNames}). The secret is stored as it is: signatures cannot be
 * verified with less.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * access key  text
 * secret      text
 * user name   text
 * created     varint  Unix milliseconds
 * active      u8      0 or 1
 * </pre>
 *
 * @param accessKey the key's id, at most 128 characters
 * @param secret what signatures are made with
 * @param userName whose it is
 * @param createdMillis Unix milliseconds
 * @param isActive false when it is refused
 */
public record AccessKeyRecord(String accessKey, String secret, String userName, long createdMillis, boolean isActive) {
    private static final int VERSION = 1;

    /** Checks the lengths. */
    public AccessKeyRecord {
        if (accessKey.isEmpty() || accessKey.length() > 128 || secret.isEmpty() || userName.isEmpty()) {
            throw new IllegalArgumentException("access key " + accessKey + " of " + userName);
        }
    }

    /** Leaves the secret out, so that no log shows it. */
    @Override
    public String toString() {
        return "AccessKeyRecord[" + accessKey + " of " + userName + "]";
    }

    /** The record's row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(128);
        int mark = out.begin(VERSION, 1);
        out.text(accessKey).text(secret).text(userName).varint(createdMillis).flag(isActive);
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static AccessKeyRecord decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        AccessKeyRecord key = new AccessKeyRecord(in.text(), in.text(), in.text(), in.varint(), in.flag());
        in.end(struct);
        return key;
    }
}
