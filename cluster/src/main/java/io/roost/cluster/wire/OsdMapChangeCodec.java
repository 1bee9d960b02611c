package io.roost.cluster.wire;

import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;

/** One change of the OSD map as bytes: a kind byte, then the record's fields in order as {@link OsdMapCodec} has them. */
final class OsdMapChangeCodec {
    private static final int PUT_POOL = 1;
    private static final int REMOVE_POOL = 2;
    private static final int PUT_OSD = 3;
    private static final int REMOVE_OSD = 4;
    private static final int SET_FLAGS = 5;
    private static final int SET_CRUSH = 6;
    private static final int SET_PG_TEMP = 7;
    private static final int SET_PRIMARY_TEMP = 8;
    private static final int SET_UPMAP = 9;
    private static final int SET_UPMAP_ITEMS = 10;
    private static final int SET_BLOCKLISTED = 11;
    private static final int SET_FULL_RATIOS = 12;

    private OsdMapChangeCodec() {}

    static void write(ByteWriter out, OsdMapChange change) {
        if (change instanceof OsdMapChange.PutPool put) {
            OsdMapCodec.write(out.u8(PUT_POOL), put.pool());
        } else if (change instanceof OsdMapChange.RemovePool remove) {
            out.u8(REMOVE_POOL).varint(remove.pool());
        } else if (change instanceof OsdMapChange.PutOsd put) {
            OsdMapCodec.write(out.u8(PUT_OSD), put.osd());
        } else if (change instanceof OsdMapChange.RemoveOsd remove) {
            out.u8(REMOVE_OSD).varint(remove.osd());
        } else if (change instanceof OsdMapChange.SetFlags set) {
            OsdMapCodec.flags(out.u8(SET_FLAGS), set.flags());
        } else if (change instanceof OsdMapChange.SetCrush set) {
            CrushMapCodec.write(out.u8(SET_CRUSH), set.crush());
        } else if (change instanceof OsdMapChange.SetPgTemp set) {
            OsdMapCodec.osds(OsdMapCodec.pg(out.u8(SET_PG_TEMP), set.pg()), set.osds());
        } else if (change instanceof OsdMapChange.SetPrimaryTemp set) {
            OsdMapCodec.pg(out.u8(SET_PRIMARY_TEMP), set.pg()).u32(set.osd());
        } else if (change instanceof OsdMapChange.SetUpmap set) {
            OsdMapCodec.osds(OsdMapCodec.pg(out.u8(SET_UPMAP), set.pg()), set.osds());
        } else if (change instanceof OsdMapChange.SetUpmapItems set) {
            OsdMapCodec.remaps(OsdMapCodec.pg(out.u8(SET_UPMAP_ITEMS), set.pg()), set.remaps());
        } else if (change instanceof OsdMapChange.SetBlocklisted set) {
            out.u8(SET_BLOCKLISTED).u64(set.client()).u64(set.untilMillis());
        } else if (change instanceof OsdMapChange.SetFullRatios set) {
            OsdMapCodec.write(out.u8(SET_FULL_RATIOS), set.ratios());
        }
    }

    static OsdMapChange read(ByteReader in) {
        int kind = in.u8();
        return switch (kind) {
            case PUT_POOL -> new OsdMapChange.PutPool(OsdMapCodec.pool(in));
            case REMOVE_POOL -> new OsdMapChange.RemovePool(in.varint());
            case PUT_OSD -> new OsdMapChange.PutOsd(OsdMapCodec.osd(in));
            case REMOVE_OSD -> new OsdMapChange.RemoveOsd(in.count(Integer.MAX_VALUE));
            case SET_FLAGS -> new OsdMapChange.SetFlags(OsdMapCodec.flags(in));
            case SET_CRUSH -> new OsdMapChange.SetCrush(CrushMapCodec.read(in));
            case SET_PG_TEMP -> new OsdMapChange.SetPgTemp(OsdMapCodec.pg(in), OsdMapCodec.osds(in));
            case SET_PRIMARY_TEMP -> new OsdMapChange.SetPrimaryTemp(OsdMapCodec.pg(in), in.u32());
            case SET_UPMAP -> new OsdMapChange.SetUpmap(OsdMapCodec.pg(in), OsdMapCodec.osds(in));
            case SET_UPMAP_ITEMS -> new OsdMapChange.SetUpmapItems(OsdMapCodec.pg(in), OsdMapCodec.remaps(in));
            case SET_BLOCKLISTED -> new OsdMapChange.SetBlocklisted(in.u64(), in.u64());
            case SET_FULL_RATIOS -> new OsdMapChange.SetFullRatios(OsdMapCodec.fullRatios(in));
            default -> throw new MalformedBytesException("map change " + kind);
        };
    }
}
