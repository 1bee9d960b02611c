package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Mutation;
import io.roost.objectstore.layout.AccessKeyRecord;
import io.roost.objectstore.layout.SystemNames;
import java.util.List;

/**
 * {@code access-key.*}: access keys, in the locators {@link SystemNames#accessKeyLocator} of the system pool.
 *
 * <pre>
 * create  ALREADY_EXISTS, unless it is the very same
 * get     the row ({@link AccessKeyRecord#decode}); NOT_FOUND
 * remove  NOT_FOUND
 * </pre>
 */
public final class AccessKeyClass {
    static final String CREATE = "create";
    static final String GET = "get";
    static final String REMOVE = "remove";

    private AccessKeyClass() {}

    /** The call that creates a key. */
    public static ClassCall create(AccessKeyRecord key) {
        return ClassCall.of(S3Classes.ACCESS_KEY, CREATE, key.encode());
    }

    /** The call that reads a key. */
    public static ClassCall get(String accessKey) {
        return ClassCall.of(
                S3Classes.ACCESS_KEY, GET, new ByteWriter().text(accessKey).toBytes());
    }

    /** The call that removes a key. */
    public static ClassCall remove(String accessKey) {
        return ClassCall.of(
                S3Classes.ACCESS_KEY, REMOVE, new ByteWriter().text(accessKey).toBytes());
    }

    static ClassReply create(LocatorView view, AccessKeyRecord key, Data data) {
        Bytes name = SystemNames.accessKey(key.accessKey());
        Bytes row = key.encode();
        Entry existing = view.entry(name);
        if (existing != null) {
            return existing.attributes().equals(row)
                    ? ClassReply.read(Bytes.EMPTY)
                    : ClassStatus.ALREADY_EXISTS.refuse();
        }
        return ClassReply.write(Bytes.EMPTY, List.of(Mutation.Put.row(name, row)));
    }

    static ClassReply get(LocatorView view, String accessKey, Data data) {
        Entry entry = view.entry(SystemNames.accessKey(accessKey));
        return entry == null ? ClassStatus.NOT_FOUND.refuse() : ClassReply.read(entry.attributes());
    }

    static ClassReply remove(LocatorView view, String accessKey, Data data) {
        Bytes name = SystemNames.accessKey(accessKey);
        return view.entry(name) == null
                ? ClassStatus.NOT_FOUND.refuse()
                : ClassReply.write(Bytes.EMPTY, List.of(new Mutation.Delete(name)));
    }
}
