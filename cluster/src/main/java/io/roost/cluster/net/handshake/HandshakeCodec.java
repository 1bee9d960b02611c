package io.roost.cluster.net.handshake;

import io.roost.cluster.identity.EntityName;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.UUID;

/**
 * {@link HandshakeMessage} as bytes: a type byte, then a versioned struct of the record's fields in order.
 *
 * <pre>
 * fsid      u64 u64
 * entity    name text, nonce u64
 * nonce     16 bytes
 * </pre>
 */
public final class HandshakeCodec {
    private static final int FORMAT = 1;

    /** Of ISSUED: the authority's key is new in it. */
    private static final int WITH_AUTHORITY = 2;

    private static final int CHALLENGE = 1;
    private static final int HELLO = 2;
    private static final int WELCOME = 3;
    private static final int REFUSED = 4;
    private static final int JOIN = 5;
    private static final int RENEW = 6;
    private static final int ISSUED = 7;

    private HandshakeCodec() {}

    /** The message's bytes. */
    public static Bytes encode(HandshakeMessage message) {
        ByteWriter out = new ByteWriter(256);
        int mark;
        if (message instanceof HandshakeMessage.Challenge m) {
            mark = out.u8(CHALLENGE).begin(FORMAT, FORMAT);
            out.u16(m.oldestVersion()).u16(m.newestVersion()).raw(m.nonce());
        } else if (message instanceof HandshakeMessage.Hello m) {
            mark = out.u8(HELLO).begin(FORMAT, FORMAT);
            out.u16(m.version()).raw(m.nonce());
            entity(entity(fsid(out, m.fsid()), m.from()), m.to());
            out.u8(m.channel().code()).u64(m.features());
        } else if (message instanceof HandshakeMessage.Welcome m) {
            mark = out.u8(WELCOME).begin(FORMAT, FORMAT);
            entity(fsid(out, m.fsid()), m.from()).u64(m.features());
        } else if (message instanceof HandshakeMessage.Refused m) {
            mark = out.u8(REFUSED).begin(FORMAT, FORMAT);
            out.u16(m.refusal().code()).text(m.reason());
        } else if (message instanceof HandshakeMessage.Join m) {
            mark = out.u8(JOIN).begin(FORMAT, FORMAT);
            out.bytes(m.secret()).text(m.node().toString()).bytes(m.request());
        } else if (message instanceof HandshakeMessage.Renew m) {
            mark = out.u8(RENEW).begin(FORMAT, FORMAT);
            out.raw(m.nonce()).bytes(m.request());
        } else {
            HandshakeMessage.Issued m = (HandshakeMessage.Issued) message;
            mark = out.u8(ISSUED).begin(WITH_AUTHORITY, FORMAT);
            out.bytes(m.certificate()).text(m.authorityKey());
        }
        return out.end(mark).toBytes();
    }

    private static ByteWriter fsid(ByteWriter out, UUID fsid) {
        return out.u64(fsid.getMostSignificantBits()).u64(fsid.getLeastSignificantBits());
    }

    private static ByteWriter entity(ByteWriter out, Entity entity) {
        return out.text(entity.name().toString()).u64(entity.nonce());
    }

    /**
     * Reads {@link #encode}.
     *
     * @throws MalformedBytesException when it is nothing of the kind
     */
    public static HandshakeMessage decode(Bytes bytes) {
        ByteReader in = new ByteReader(bytes);
        int type = in.u8();
        ByteReader.Struct struct = in.begin(FORMAT);
        HandshakeMessage message;
        try {
            message = message(type, struct.version(), in);
        } catch (IllegalArgumentException malformed) {
            throw new MalformedBytesException(malformed.getMessage());
        }
        in.end(struct);
        if (in.remaining() > 0) {
            throw new MalformedBytesException(in.remaining() + " bytes after a handshake message");
        }
        return message;
    }

    private static HandshakeMessage message(int type, int version, ByteReader in) {
        return switch (type) {
            case CHALLENGE -> new HandshakeMessage.Challenge(in.u16(), in.u16(), nonce(in));
            case HELLO ->
                new HandshakeMessage.Hello(
                        in.u16(),
                        nonce(in),
                        new UUID(in.u64(), in.u64()),
                        entity(in),
                        entity(in),
                        Channel.ofCode(in.u8()),
                        in.u64());
            case WELCOME -> new HandshakeMessage.Welcome(new UUID(in.u64(), in.u64()), entity(in), in.u64());
            case REFUSED -> new HandshakeMessage.Refused(Refusal.ofCode(in.u16()), in.text());
            case JOIN -> new HandshakeMessage.Join(in.bytes(), EntityName.parse(in.text()), in.bytes());
            case RENEW -> new HandshakeMessage.Renew(nonce(in), in.bytes());
            case ISSUED -> new HandshakeMessage.Issued(in.bytes(), version < WITH_AUTHORITY ? "" : in.text());
            default -> throw new MalformedBytesException("handshake message " + type);
        };
    }

    private static Bytes nonce(ByteReader in) {
        return in.raw(HandshakeMessage.NONCE_BYTES);
    }

    private static Entity entity(ByteReader in) {
        return new Entity(EntityName.parse(in.text()), in.u64());
    }
}
