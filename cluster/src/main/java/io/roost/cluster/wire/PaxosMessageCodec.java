package io.roost.cluster.wire;

import io.roost.cluster.message.PaxosMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@link PaxosMessage} as bytes: a type byte, then a versioned struct of the record's fields in order.
 *
 * <pre>
 * versions      first u64, count varint, values bytes
 * uncommitted   present u8, then version u64, pn u64, value bytes
 * </pre>
 */
final class PaxosMessageCodec {
    private static final int FORMAT = 1;

    private static final int COLLECT = 1;
    private static final int LAST = 2;
    private static final int BEGIN = 3;
    private static final int ACCEPT = 4;
    private static final int COMMIT = 5;
    private static final int LEASE = 6;
    private static final int LEASE_ACK = 7;
    private static final int LEASE_GRANT = 8;

    private PaxosMessageCodec() {}

    static void write(ByteWriter out, PaxosMessage message) {
        out.u8(type(message));
        int mark = out.begin(FORMAT, FORMAT);
        out.u32(message.epoch());
        if (message instanceof PaxosMessage.Collect collect) {
            out.u64(collect.pn()).u64(collect.firstCommitted()).u64(collect.lastCommitted());
        } else if (message instanceof PaxosMessage.Last last) {
            out.u64(last.pn()).u64(last.firstCommitted()).u64(last.lastCommitted());
            write(out, last.committed());
            out.flag(last.uncommitted().isPresent());
            last.uncommitted()
                    .ifPresent(value -> out.u64(value.version()).u64(value.pn()).bytes(value.value()));
            out.u32(last.promisedMillis());
        } else if (message instanceof PaxosMessage.Begin begin) {
            out.u64(begin.pn()).u64(begin.version()).bytes(begin.value());
        } else if (message instanceof PaxosMessage.Accept accept) {
            out.u64(accept.pn()).u64(accept.version());
        } else if (message instanceof PaxosMessage.Commit commit) {
            write(out.u64(commit.pn()).u64(commit.lastCommitted()), commit.committed());
        } else if (message instanceof PaxosMessage.Lease lease) {
            out.u64(lease.round()).u64(lease.lastCommitted());
        } else if (message instanceof PaxosMessage.LeaseAck ack) {
            out.u64(ack.round()).u64(ack.lastCommitted()).u64(ack.sentMillis());
        } else if (message instanceof PaxosMessage.LeaseGrant grant) {
            out.u64(grant.lastCommitted()).u64(grant.sentMillis()).u32(grant.forMillis());
        }
        out.end(mark);
    }

    private static int type(PaxosMessage message) {
        if (message instanceof PaxosMessage.Collect) {
            return COLLECT;
        } else if (message instanceof PaxosMessage.Last) {
            return LAST;
        } else if (message instanceof PaxosMessage.Begin) {
            return BEGIN;
        } else if (message instanceof PaxosMessage.Accept) {
            return ACCEPT;
        } else if (message instanceof PaxosMessage.Commit) {
            return COMMIT;
        } else if (message instanceof PaxosMessage.Lease) {
            return LEASE;
        } else if (message instanceof PaxosMessage.LeaseAck) {
            return LEASE_ACK;
        }
        return LEASE_GRANT;
    }

    static PaxosMessage read(ByteReader in) {
        int type = in.u8();
        ByteReader.Struct struct = in.begin(FORMAT);
        PaxosMessage message = message(type, in.u32(), in);
        in.end(struct);
        return message;
    }

    private static PaxosMessage message(int type, int epoch, ByteReader in) {
        return switch (type) {
            case COLLECT -> new PaxosMessage.Collect(epoch, in.u64(), in.u64(), in.u64());
            case LAST ->
                new PaxosMessage.Last(epoch, in.u64(), in.u64(), in.u64(), versions(in), uncommitted(in), in.u32());
            case BEGIN -> new PaxosMessage.Begin(epoch, in.u64(), in.u64(), in.bytes());
            case ACCEPT -> new PaxosMessage.Accept(epoch, in.u64(), in.u64());
            case COMMIT -> new PaxosMessage.Commit(epoch, in.u64(), in.u64(), versions(in));
            case LEASE -> new PaxosMessage.Lease(epoch, in.u64(), in.u64());
            case LEASE_ACK -> new PaxosMessage.LeaseAck(epoch, in.u64(), in.u64(), in.u64());
            case LEASE_GRANT -> new PaxosMessage.LeaseGrant(epoch, in.u64(), in.u64(), in.u32());
            default -> throw new MalformedBytesException("Paxos message " + type);
        };
    }

    static void write(ByteWriter out, PaxosMessage.Versions versions) {
        out.u64(versions.first()).varint(versions.values().size());
        versions.values().forEach(out::bytes);
    }

    static PaxosMessage.Versions versions(ByteReader in) {
        long first = in.u64();
        List<Bytes> values = new ArrayList<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            values.add(in.bytes());
        }
        return new PaxosMessage.Versions(first, values);
    }

    private static Optional<PaxosMessage.Uncommitted> uncommitted(ByteReader in) {
        return in.flag() ? Optional.of(new PaxosMessage.Uncommitted(in.u64(), in.u64(), in.bytes())) : Optional.empty();
    }
}
