package io.roost.cluster.wire;

import io.roost.cluster.message.SyncMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;

/** {@link SyncMessage} as bytes: a type byte, then a versioned struct of the record's fields in order. */
final class SyncMessageCodec {
    private static final int FORMAT = 1;

    private static final int GET_ROWS = 1;
    private static final int ROWS = 2;
    private static final int GET_VERSIONS = 3;
    private static final int COMMITTED_VERSIONS = 4;

    private SyncMessageCodec() {}

    static void write(ByteWriter out, SyncMessage message) {
        out.u8(type(message));
        int mark = out.begin(FORMAT, FORMAT);
        if (message instanceof SyncMessage.GetRows get) {
            out.bytes(get.after());
        } else if (message instanceof SyncMessage.Rows rows) {
            out.bytes(rows.after()).u64(rows.lastCommitted()).bytes(rows.rows()).bytes(rows.next());
        } else if (message instanceof SyncMessage.GetVersions get) {
            out.u64(get.first());
        } else if (message instanceof SyncMessage.CommittedVersions versions) {
            out.u64(versions.firstCommitted()).u64(versions.lastCommitted());
            PaxosMessageCodec.write(out, versions.committed());
        }
        out.end(mark);
    }

    private static int type(SyncMessage message) {
        if (message instanceof SyncMessage.GetRows) {
            return GET_ROWS;
        } else if (message instanceof SyncMessage.Rows) {
            return ROWS;
        } else if (message instanceof SyncMessage.GetVersions) {
            return GET_VERSIONS;
        }
        return COMMITTED_VERSIONS;
    }

    static SyncMessage read(ByteReader in) {
        int type = in.u8();
        ByteReader.Struct struct = in.begin(FORMAT);
        SyncMessage message = switch (type) {
            case GET_ROWS -> new SyncMessage.GetRows(in.bytes());
            case ROWS -> new SyncMessage.Rows(in.bytes(), in.u64(), in.bytes(), in.bytes());
            case GET_VERSIONS -> new SyncMessage.GetVersions(in.u64());
            case COMMITTED_VERSIONS ->
                new SyncMessage.CommittedVersions(in.u64(), in.u64(), PaxosMessageCodec.versions(in));
            default -> throw new MalformedBytesException("sync message " + type);
        };
        in.end(struct);
        return message;
    }
}
