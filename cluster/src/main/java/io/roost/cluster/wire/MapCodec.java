package io.roost.cluster.wire;

import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.zip.CRC32C;

/**
 * The maps as bytes, in monitors' stores and between nodes. One map has one encoding: its CRC32C tells whether two nodes
 * have the same.
 *
 * <pre>
 * incremental  epoch u32, fsid 2 x u64, modified u64, full crc32c u32, changes
 * monmap       epoch u32, fsid 2 x u64, modified u64, monitors: (name, address, voter u8)
 * config       version varint, sections: (name, settings: (name, value))
 * </pre>
 */
public final class MapCodec {
    private static final int INCREMENTAL_FORMAT = 1;
    private static final int MONMAP_FORMAT = 1;
    private static final int CONFIG_FORMAT = 1;

    private MapCodec() {}

    /** CRC32C of an encoded map. */
    public static int crc(Bytes encoded) {
        CRC32C crc = new CRC32C();
        crc.update(encoded.array(), 0, encoded.length());
        return (int) crc.getValue();
    }

    /** The map's bytes. */
    public static Bytes encode(OsdMap map) {
        ByteWriter out = new ByteWriter(4096);
        OsdMapCodec.write(out, map.state());
        return out.toBytes();
    }

    /** Reads {@link #encode(OsdMap)}; {@link MalformedBytesException} when it is nothing of the kind. */
    public static OsdMap osdMap(Bytes encoded) {
        return whole(encoded, in -> new OsdMap(OsdMapCodec.map(in)));
    }

    /** The difference's bytes. */
    public static Bytes encode(OsdMap.Incremental incremental) {
        ByteWriter out = new ByteWriter(256);
        write(out, incremental);
        return out.toBytes();
    }

    /** Reads {@link #encode(OsdMap.Incremental)}; {@link MalformedBytesException} when it is nothing of the kind. */
    public static OsdMap.Incremental incremental(Bytes encoded) {
        return whole(encoded, MapCodec::incremental);
    }

    static void write(ByteWriter out, OsdMap.Incremental incremental) {
        int mark = out.begin(INCREMENTAL_FORMAT, INCREMENTAL_FORMAT);
        out.u32(incremental.epoch());
        OsdMapCodec.uuid(out, incremental.fsid());
        out.u64(incremental.modifiedMillis()).u32(incremental.fullCrc());
        out.varint(incremental.changes().size());
        incremental.changes().forEach(change -> OsdMapChangeCodec.write(out, change));
        out.end(mark);
    }

    static OsdMap.Incremental incremental(ByteReader in) {
        ByteReader.Struct struct = in.begin(INCREMENTAL_FORMAT);
        int epoch = in.u32();
        UUID fsid = OsdMapCodec.uuid(in);
        long modifiedMillis = in.u64();
        int fullCrc = in.u32();
        List<OsdMapChange> changes = new ArrayList<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            changes.add(OsdMapChangeCodec.read(in));
        }
        in.end(struct);
        return new OsdMap.Incremental(epoch, fsid, modifiedMillis, changes, fullCrc);
    }

    /**
     * The next epoch of a map, checked against the difference's CRC.
     *
     * @throws MalformedBytesException when the result is not what the monitors agreed on: this map is damaged, and a
     *     full one must be asked for
     */
    public static OsdMap apply(OsdMap map, OsdMap.Incremental incremental) {
        OsdMap next = map.apply(incremental);
        int crc = crc(encode(next));
        if (crc != incremental.fullCrc()) {
            throw new MalformedBytesException("epoch " + next.epoch() + " has CRC " + Integer.toHexString(crc)
                    + ", not " + Integer.toHexString(incremental.fullCrc()));
        }
        return next;
    }

    /** The map's bytes. */
    public static Bytes encode(MonMap map) {
        ByteWriter out = new ByteWriter(256);
        write(out, map);
        return out.toBytes();
    }

    /** Reads {@link #encode(MonMap)}; {@link MalformedBytesException} when it is nothing of the kind. */
    public static MonMap monMap(Bytes encoded) {
        return whole(encoded, MapCodec::monMap);
    }

    static void write(ByteWriter out, MonMap map) {
        int mark = out.begin(MONMAP_FORMAT, MONMAP_FORMAT);
        out.u32(map.epoch());
        OsdMapCodec.uuid(out, map.fsid());
        out.u64(map.modifiedMillis()).varint(map.monitors().size());
        for (MonMap.Monitor monitor : map.monitors()) {
            out.text(monitor.name());
            OsdMapCodec.write(out, monitor.address());
            out.flag(monitor.role() == MonMap.Role.VOTER);
        }
        out.end(mark);
    }

    static MonMap monMap(ByteReader in) {
        ByteReader.Struct struct = in.begin(MONMAP_FORMAT);
        int epoch = in.u32();
        UUID fsid = OsdMapCodec.uuid(in);
        long modifiedMillis = in.u64();
        List<MonMap.Monitor> monitors = new ArrayList<>();
        for (int left = in.count(MonMap.MAX_MONITORS); left > 0; left--) {
            monitors.add(new MonMap.Monitor(
                    in.text(), OsdMapCodec.address(in), in.flag() ? MonMap.Role.VOTER : MonMap.Role.NON_VOTER));
        }
        in.end(struct);
        return new MonMap(epoch, fsid, modifiedMillis, monitors);
    }

    /** The settings' bytes. */
    public static Bytes encode(ClusterConfig config) {
        ByteWriter out = new ByteWriter(256);
        write(out, config);
        return out.toBytes();
    }

    /** Reads {@link #encode(ClusterConfig)}; {@link MalformedBytesException} when it is nothing of the kind. */
    public static ClusterConfig config(Bytes encoded) {
        return whole(encoded, MapCodec::config);
    }

    static void write(ByteWriter out, ClusterConfig config) {
        int mark = out.begin(CONFIG_FORMAT, CONFIG_FORMAT);
        out.varint(config.version()).varint(config.sections().size());
        for (Map.Entry<String, SortedMap<String, String>> section :
                config.sections().entrySet()) {
            out.text(section.getKey()).varint(section.getValue().size());
            section.getValue().forEach((setting, value) -> out.text(setting).text(value));
        }
        out.end(mark);
    }

    static ClusterConfig config(ByteReader in) {
        ByteReader.Struct struct = in.begin(CONFIG_FORMAT);
        long version = in.varint();
        SortedMap<String, SortedMap<String, String>> sections = new TreeMap<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            String name = in.text();
            SortedMap<String, String> settings = new TreeMap<>();
            for (int settingsLeft = in.count(in.remaining()); settingsLeft > 0; settingsLeft--) {
                settings.put(in.text(), in.text());
            }
            sections.put(name, settings);
        }
        in.end(struct);
        return new ClusterConfig(version, sections);
    }

    /** Reads all of the bytes; what breaks a rule of the value read is malformed too. */
    static <T> T whole(Bytes encoded, Function<ByteReader, T> reader) {
        ByteReader in = new ByteReader(encoded);
        T value;
        try {
            value = reader.apply(in);
        } catch (IllegalArgumentException e) {
            throw new MalformedBytesException(e.getMessage());
        }
        if (in.remaining() > 0) {
            throw new MalformedBytesException(in.remaining() + " bytes behind the end");
        }
        return value;
    }
}
