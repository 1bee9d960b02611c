package io.roost.cluster.wire;

import io.roost.cluster.crush.CrushMap;
import io.roost.cluster.map.FullRatios;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.OsdMapState;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.Remap;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The OSD map and its parts as bytes; every struct is versioned, every collection is a count and its items in order.
 *
 * <pre>
 * map      epoch u32, fsid 2 x u64, created u64, modified u64, flags varint (a bit each), last pool varint,
 *          pools, osds, crush struct, pg_temp: (pg, osds), primary_temp: (pg, osd u32), upmaps: (pg, osds),
 *          upmap items: (pg, (from u32, to u32)), blocklist: (client u64, until u64), full ratios 3 x varint
 * pool     id varint, name, type u8, size, min_size, pg_num, pgp_num, rule, flags: varints, last change u32
 * osd      id varint, uuid 2 x u64, up u8, weight u32, primary affinity u32, up from, up thru, down at, lost at: u32,
 *          public address, cluster address, features: (name, version varint); since format 2: dead at u32;
 *          since format 3: store since u32
 * address  host, port u16, nonce u64
 * pg       pool varint, seed varint
 * osds     count, each u32
 * </pre>
 */
final class OsdMapCodec {
    private static final int MAP_FORMAT = 1;
    private static final int POOL_FORMAT = 1;
    private static final int OSD_FORMAT = 3;

    private OsdMapCodec() {}

    static void write(ByteWriter out, OsdMapState map) {
        int mark = out.begin(MAP_FORMAT, MAP_FORMAT);
        out.u32(map.epoch());
        uuid(out, map.fsid());
        out.u64(map.createdMillis()).u64(map.modifiedMillis());
        flags(out, map.flags());
        out.varint(map.lastPool()).varint(map.pools().size());
        map.pools().values().forEach(pool -> write(out, pool));
        out.varint(map.osds().size());
        map.osds().values().forEach(osd -> write(out, osd));
        CrushMapCodec.write(out, map.crush());
        out.varint(map.pgTemp().size());
        map.pgTemp().forEach((pg, osds) -> osds(pg(out, pg), osds));
        out.varint(map.primaryTemp().size());
        map.primaryTemp().forEach((pg, osd) -> pg(out, pg).u32(osd));
        out.varint(map.upmaps().size());
        map.upmaps().forEach((pg, osds) -> osds(pg(out, pg), osds));
        out.varint(map.upmapItems().size());
        map.upmapItems().forEach((pg, remaps) -> remaps(pg(out, pg), remaps));
        out.varint(map.blocklist().size());
        map.blocklist().forEach((client, untilMillis) -> out.u64(client).u64(untilMillis));
        write(out, map.fullRatios());
        out.end(mark);
    }

    static OsdMapState map(ByteReader in) {
        ByteReader.Struct struct = in.begin(MAP_FORMAT);
        int epoch = in.u32();
        UUID fsid = uuid(in);
        long createdMillis = in.u64();
        long modifiedMillis = in.u64();
        Set<OsdMapFlag> flags = flags(in);
        long lastPool = in.varint();
        SortedMap<Long, Pool> pools = new TreeMap<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            Pool pool = pool(in);
            pools.put(pool.id(), pool);
        }
        SortedMap<Integer, OsdInfo> osds = new TreeMap<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            OsdInfo osd = osd(in);
            osds.put(osd.id(), osd);
        }
        CrushMap crush = CrushMapCodec.read(in);
        SortedMap<PgId, List<Integer>> pgTemp = osdsByPg(in);
        SortedMap<PgId, Integer> primaryTemp = new TreeMap<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            primaryTemp.put(pg(in), in.u32());
        }
        SortedMap<PgId, List<Integer>> upmaps = osdsByPg(in);
        SortedMap<PgId, List<Remap>> upmapItems = new TreeMap<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            upmapItems.put(pg(in), remaps(in));
        }
        SortedMap<Long, Long> blocklist = new TreeMap<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            blocklist.put(in.u64(), in.u64());
        }
        FullRatios ratios = fullRatios(in);
        in.end(struct);
        return new OsdMapState(
                epoch,
                fsid,
                createdMillis,
                modifiedMillis,
                flags,
                lastPool,
                pools,
                osds,
                crush,
                pgTemp,
                primaryTemp,
                upmaps,
                upmapItems,
                blocklist,
                ratios);
    }

    static void write(ByteWriter out, Pool pool) {
        int mark = out.begin(POOL_FORMAT, POOL_FORMAT);
        long flags = 0;
        for (Pool.Flag flag : pool.flags()) {
            flags |= 1L << flag.code();
        }
        out.varint(pool.id())
                .text(pool.name())
                .u8(pool.type().code())
                .varint(pool.size())
                .varint(pool.minSize())
                .varint(pool.pgNum())
                .varint(pool.pgpNum())
                .varint(pool.crushRule())
                .varint(flags)
                .u32(pool.lastChange());
        out.end(mark);
    }

    static Pool pool(ByteReader in) {
        ByteReader.Struct struct = in.begin(POOL_FORMAT);
        long id = in.varint();
        String name = in.text();
        int type = in.u8();
        int size = in.count(Integer.MAX_VALUE);
        int minSize = in.count(Integer.MAX_VALUE);
        int pgNum = in.count(Integer.MAX_VALUE);
        int pgpNum = in.count(Integer.MAX_VALUE);
        int crushRule = in.count(Integer.MAX_VALUE);
        long flagBits = in.varint();
        int lastChange = in.u32();
        in.end(struct);
        Set<Pool.Flag> flags = EnumSet.noneOf(Pool.Flag.class);
        for (Pool.Flag flag : Pool.Flag.values()) {
            if (((flagBits >>> flag.code()) & 1) == 1) {
                flags.add(flag);
            }
        }
        for (Pool.Type known : Pool.Type.values()) {
            if (known.code() == type) {
                return new Pool(id, name, known, size, minSize, pgNum, pgpNum, crushRule, flags, lastChange);
            }
        }
        throw new MalformedBytesException("pool type " + type);
    }

    static void write(ByteWriter out, OsdInfo osd) {
        int mark = out.begin(OSD_FORMAT, 1);
        out.varint(osd.id());
        uuid(out, osd.uuid());
        out.flag(osd.isUp())
                .u32(osd.weight())
                .u32(osd.primaryAffinity())
                .u32(osd.upFrom())
                .u32(osd.upThru())
                .u32(osd.downAt())
                .u32(osd.lostAt());
        write(out, osd.publicAddress());
        write(out, osd.clusterAddress());
        features(out, osd.features());
        out.u32(osd.deadAt()).u32(osd.storeSince());
        out.end(mark);
    }

    static OsdInfo osd(ByteReader in) {
        ByteReader.Struct struct = in.begin(OSD_FORMAT);
        int id = in.count(Integer.MAX_VALUE);
        UUID uuid = uuid(in);
        OsdInfo.State state = in.flag() ? OsdInfo.State.UP : OsdInfo.State.DOWN;
        int weight = in.u32();
        int primaryAffinity = in.u32();
        int upFrom = in.u32();
        int upThru = in.u32();
        int downAt = in.u32();
        int lostAt = in.u32();
        NodeAddress publicAddress = address(in);
        NodeAddress clusterAddress = address(in);
        SortedMap<String, Integer> features = features(in);
        int deadAt = struct.version() < 2 ? 0 : in.u32();
        // Of older maps nobody can tell: it has always had it.
        int storeSince = struct.version() < 3 ? Math.min(upFrom, 1) : in.u32();
        in.end(struct);
        return new OsdInfo(
                id,
                uuid,
                state,
                weight,
                primaryAffinity,
                upFrom,
                upThru,
                downAt,
                lostAt,
                deadAt,
                storeSince,
                publicAddress,
                clusterAddress,
                features);
    }

    static void features(ByteWriter out, SortedMap<String, Integer> features) {
        out.varint(features.size());
        features.forEach((name, version) -> out.text(name).varint(version));
    }

    static SortedMap<String, Integer> features(ByteReader in) {
        SortedMap<String, Integer> features = new TreeMap<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            features.put(in.text(), in.count(Integer.MAX_VALUE));
        }
        return features;
    }

    static void write(ByteWriter out, FullRatios ratios) {
        out.varint(ratios.nearFullPermille())
                .varint(ratios.backfillFullPermille())
                .varint(ratios.fullPermille());
    }

    static FullRatios fullRatios(ByteReader in) {
        return new FullRatios(in.count(1000), in.count(1000), in.count(1000));
    }

    static void write(ByteWriter out, NodeAddress address) {
        out.text(address.host()).u16(address.port()).u64(address.nonce());
    }

    static NodeAddress address(ByteReader in) {
        return new NodeAddress(in.text(), in.u16(), in.u64());
    }

    static void flags(ByteWriter out, Set<OsdMapFlag> flags) {
        long bits = 0;
        for (OsdMapFlag flag : flags) {
            bits |= 1L << flag.code();
        }
        out.varint(bits);
    }

    static Set<OsdMapFlag> flags(ByteReader in) {
        long bits = in.varint();
        Set<OsdMapFlag> flags = EnumSet.noneOf(OsdMapFlag.class);
        for (OsdMapFlag flag : OsdMapFlag.values()) {
            if (((bits >>> flag.code()) & 1) == 1) {
                flags.add(flag);
            }
        }
        return flags;
    }

    static ByteWriter pg(ByteWriter out, PgId pg) {
        return out.varint(pg.pool()).varint(pg.seed());
    }

    static PgId pg(ByteReader in) {
        return new PgId(in.varint(), in.count(Integer.MAX_VALUE));
    }

    static void osds(ByteWriter out, List<Integer> osds) {
        out.varint(osds.size());
        osds.forEach(out::u32);
    }

    static List<Integer> osds(ByteReader in) {
        List<Integer> osds = new ArrayList<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            osds.add(in.u32());
        }
        return osds;
    }

    static SortedMap<PgId, List<Integer>> osdsByPg(ByteReader in) {
        SortedMap<PgId, List<Integer>> map = new TreeMap<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            map.put(pg(in), osds(in));
        }
        return map;
    }

    static void remaps(ByteWriter out, List<Remap> remaps) {
        out.varint(remaps.size());
        remaps.forEach(remap -> out.u32(remap.from()).u32(remap.to()));
    }

    static List<Remap> remaps(ByteReader in) {
        List<Remap> remaps = new ArrayList<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            remaps.add(new Remap(in.u32(), in.u32()));
        }
        return remaps;
    }

    static void uuid(ByteWriter out, UUID uuid) {
        out.u64(uuid.getMostSignificantBits()).u64(uuid.getLeastSignificantBits());
    }

    static UUID uuid(ByteReader in) {
        return new UUID(in.u64(), in.u64());
    }
}
