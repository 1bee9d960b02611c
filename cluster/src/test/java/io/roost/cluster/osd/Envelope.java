package io.roost.cluster.osd;

import io.roost.cluster.message.HeartbeatMessage;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.MonPeerMessage;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.wire.HeartbeatMessageCodec;
import io.roost.cluster.wire.MonMessageCodec;
import io.roost.cluster.wire.MonPeerMessageCodec;
import io.roost.cluster.wire.OsdMessageCodec;
import io.roost.cluster.wire.PeerMessageCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What nodes of an {@link OsdWorld} or a {@link ClusterWorld} send: messages through their codecs, what the authority over maps
 * is told, and what sessions with real monitors and lives of OSDs take.
 */
sealed interface Envelope {
    /** Between a client and an OSD. */
    record Request(OsdMessage message) implements Envelope {}

    /** Between OSDs. */
    record Peer(PeerMessage message) implements Envelope {}

    /** From the authority, or from who knows newer ones. */
    record Maps(MonMessage.OsdMaps maps) implements Envelope {}

    /**
     * To the authority: maps from this epoch on are wanted, or with 0 just the newest.
     *
     * @param isWhole the first as a whole one
     */
    record Want(int start, boolean isWhole) implements Envelope {}

    /**
     * To the authority: how far back maps are needed.
     *
     * @param cleanThrough by this OSD
     * @param led placement groups that it leads → last epoch in which each was clean
     */
    record Beacon(int cleanThrough, SortedMap<Integer, Integer> led) implements Envelope {}

    /** To the authority: an OSD has begun a life and wants to be marked up. */
    record Boot(int life) implements Envelope {}

    /** To the authority: this OSD is up as of an epoch. */
    record UpThru(int epoch) implements Envelope {}

    /** To the authority: these OSDs should act for a placement group. */
    record PgTemp(int seed, List<Integer> osds) implements Envelope {}

    // ---- with real monitors ----

    /** To a monitor: a session begins, and every other of the sender ends. */
    record Hello(long session) implements Envelope {}

    /** From a monitor: it has begun. */
    record Welcome(long session) implements Envelope {}

    /** There is no such session, or not any more. */
    record Bye(long session) implements Envelope {}

    /** In a session with a monitor. */
    record OfSession(long session, MonMessage message) implements Envelope {}

    /** Between monitors. */
    record OfQuorum(MonPeerMessage message) implements Envelope {}

    /** Between OSDs, of a life that has one nonce to one that has another. */
    record Heart(long to, long from, HeartbeatMessage message) implements Envelope {}

    /** To an OSD in the life that has this nonce. */
    record OfLife(long nonce, Envelope message) implements Envelope {}

    /** From an OSD whose life with this nonce is over. */
    record Gone(long nonce) implements Envelope {}

    /** The message's bytes. */
    default Bytes encode() {
        ByteWriter out = new ByteWriter();
        write(out);
        return out.toBytes();
    }

    private void write(ByteWriter out) {
        if (this instanceof Request request) {
            out.u8(1).view(view(OsdMessageCodec.encode(request.message())));
        } else if (this instanceof Peer peer) {
            out.u8(2).view(view(PeerMessageCodec.encode(peer.message())));
        } else if (this instanceof Maps maps) {
            out.u8(3).view(view(MonMessageCodec.encode(maps.maps())));
        } else if (this instanceof Want want) {
            out.u8(4).u32(want.start()).flag(want.isWhole());
        } else if (this instanceof Beacon beacon) {
            out.u8(8).u32(beacon.cleanThrough()).varint(beacon.led().size());
            beacon.led().forEach((seed, epoch) -> out.u32(seed).u32(epoch));
        } else if (this instanceof Boot boot) {
            out.u8(5).u32(boot.life());
        } else if (this instanceof UpThru upThru) {
            out.u8(6).u32(upThru.epoch());
        } else if (this instanceof PgTemp temp) {
            out.u8(7).u32(temp.seed()).varint(temp.osds().size());
            temp.osds().forEach(out::u32);
        } else if (this instanceof Hello hello) {
            out.u8(9).u64(hello.session());
        } else if (this instanceof Welcome welcome) {
            out.u8(10).u64(welcome.session());
        } else if (this instanceof Bye bye) {
            out.u8(11).u64(bye.session());
        } else if (this instanceof OfSession said) {
            out.u8(12).u64(said.session()).view(view(MonMessageCodec.encode(said.message())));
        } else if (this instanceof OfQuorum said) {
            out.u8(13).view(view(MonPeerMessageCodec.encode(said.message())));
        } else if (this instanceof Heart heart) {
            out.u8(14).u64(heart.to()).u64(heart.from()).view(view(HeartbeatMessageCodec.encode(heart.message())));
        } else if (this instanceof OfLife said) {
            out.u8(15).u64(said.nonce());
            said.message().write(out);
        } else if (this instanceof Gone gone) {
            out.u8(16).u64(gone.nonce());
        }
    }

    private static ByteBuffer view(Bytes message) {
        return ByteBuffer.wrap(message.array());
    }

    static Envelope decode(Bytes bytes) {
        return read(new ByteReader(bytes));
    }

    private static Envelope read(ByteReader in) {
        return switch (in.u8()) {
            case 1 -> new Request(OsdMessageCodec.decode(in.rest()));
            case 2 -> new Peer(PeerMessageCodec.decode(in.rest()));
            case 3 -> new Maps((MonMessage.OsdMaps) MonMessageCodec.decode(in.rest()));
            case 4 -> new Want(in.u32(), in.flag());
            case 5 -> new Boot(in.u32());
            case 6 -> new UpThru(in.u32());
            case 7 -> {
                int seed = in.u32();
                List<Integer> osds = new ArrayList<>();
                for (int left = in.count(10); left > 0; left--) {
                    osds.add(in.u32());
                }
                yield new PgTemp(seed, osds);
            }
            case 8 -> {
                int cleanThrough = in.u32();
                SortedMap<Integer, Integer> led = new TreeMap<>();
                for (int left = in.count(OsdWorld.PG_NUM); left > 0; left--) {
                    led.put(in.u32(), in.u32());
                }
                yield new Beacon(cleanThrough, led);
            }
            case 9 -> new Hello(in.u64());
            case 10 -> new Welcome(in.u64());
            case 11 -> new Bye(in.u64());
            case 12 -> new OfSession(in.u64(), MonMessageCodec.decode(in.rest()));
            case 13 -> new OfQuorum(MonPeerMessageCodec.decode(in.rest()));
            case 14 -> new Heart(in.u64(), in.u64(), HeartbeatMessageCodec.decode(in.rest()));
            case 15 -> new OfLife(in.u64(), read(in));
            case 16 -> new Gone(in.u64());
            default -> throw new IllegalArgumentException("an envelope");
        };
    }

    /** How a person reads it. */
    static String describe(Bytes bytes) {
        String text = decode(bytes).toString();
        return text.length() > 300 ? text.substring(0, 300) + "..." : text;
    }
}
