package io.roost.cluster.wire;

import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;
import java.util.Optional;

/** One command as bytes: a kind byte, then the record's fields in order. */
final class MonCommandCodec {
    private static final int CREATE_POOL = 1;
    private static final int REMOVE_POOL = 2;
    private static final int SET_OSD_WEIGHT = 3;
    private static final int SET_FLAG = 4;
    private static final int SET_CRUSH = 5;
    private static final int SET_SETTING = 6;
    private static final int SET_POOL_SIZE = 7;
    private static final int SET_POOL_MIN_SIZE = 8;
    private static final int CREATE_OSD = 9;
    private static final int MARK_OSD_DOWN = 10;
    private static final int DECLARE_OSD_LOST = 11;
    private static final int PURGE_OSD = 12;
    private static final int EDIT_CRUSH = 13;
    private static final int SET_BLOCKLISTED = 14;
    private static final int ADD_MONITOR = 15;
    private static final int REMOVE_MONITOR = 16;
    private static final int CREATE_TOKEN = 17;
    private static final int ADMIT_NODE = 18;

    private MonCommandCodec() {}

    static void write(ByteWriter out, MonCommand command) {
        if (command instanceof MonCommand.CreatePool create) {
            out.u8(CREATE_POOL)
                    .text(create.name())
                    .u32(create.size())
                    .u32(create.minSize())
                    .u32(create.pgNum())
                    .text(create.rule());
        } else if (command instanceof MonCommand.RemovePool remove) {
            out.u8(REMOVE_POOL).text(remove.name());
        } else if (command instanceof MonCommand.SetOsdWeight set) {
            out.u8(SET_OSD_WEIGHT).u32(set.osd()).u32(set.weight());
        } else if (command instanceof MonCommand.SetFlag set) {
            out.u8(SET_FLAG).u8(set.flag().code()).flag(set.value() == MonCommand.Switch.ON);
        } else if (command instanceof MonCommand.SetCrush set) {
            CrushMapCodec.write(out.u8(SET_CRUSH), set.crush());
        } else if (command instanceof MonCommand.SetSetting set) {
            out.u8(SET_SETTING)
                    .text(set.section())
                    .text(set.setting())
                    .flag(set.value().isPresent());
            set.value().ifPresent(out::text);
        } else if (command instanceof MonCommand.EditCrush edit) {
            CrushEditCodec.write(out.u8(EDIT_CRUSH), edit.edit());
        } else if (command instanceof MonCommand.SetPoolSize set) {
            out.u8(SET_POOL_SIZE).text(set.pool()).u32(set.size());
        } else if (command instanceof MonCommand.SetPoolMinSize set) {
            write(out.u8(SET_POOL_MIN_SIZE).text(set.pool()).u32(set.minSize()), set.consent());
        } else {
            writeOfDaemons(out, command);
        }
    }

    private static void writeOfDaemons(ByteWriter out, MonCommand command) {
        if (command instanceof MonCommand.CreateOsd create) {
            OsdMapCodec.uuid(out.u8(CREATE_OSD), create.uuid());
            out.text(create.host()).u32(create.weight()).text(create.deviceClass());
        } else if (command instanceof MonCommand.MarkOsdDown mark) {
            out.u8(MARK_OSD_DOWN).u32(mark.osd()).u32(mark.upFrom());
        } else if (command instanceof MonCommand.DeclareOsdLost declare) {
            out.u8(DECLARE_OSD_LOST).u32(declare.osd());
        } else if (command instanceof MonCommand.PurgeOsd purge) {
            write(out.u8(PURGE_OSD).u32(purge.osd()), purge.consent());
        } else if (command instanceof MonCommand.SetBlocklisted set) {
            out.u8(SET_BLOCKLISTED).u64(set.client()).u64(set.untilMillis());
        } else if (command instanceof MonCommand.AddMonitor add) {
            OsdMapCodec.write(out.u8(ADD_MONITOR).text(add.name()), add.address());
        } else if (command instanceof MonCommand.RemoveMonitor remove) {
            out.u8(REMOVE_MONITOR).text(remove.name());
        } else if (command instanceof MonCommand.CreateToken create) {
            out.u8(CREATE_TOKEN).bytes(create.secretHash()).u64(create.expiresMillis());
        } else if (command instanceof MonCommand.AdmitNode admit) {
            out.u8(ADMIT_NODE).bytes(admit.secretHash()).text(admit.node()).bytes(admit.keyHash());
        }
    }

    private static void write(ByteWriter out, MonCommand.Consent consent) {
        out.flag(consent == MonCommand.Consent.DATA_LOSS);
    }

    private static MonCommand.Consent consent(ByteReader in) {
        return in.flag() ? MonCommand.Consent.DATA_LOSS : MonCommand.Consent.NONE;
    }

    static MonCommand read(ByteReader in) {
        int kind = in.u8();
        return switch (kind) {
            case CREATE_POOL -> new MonCommand.CreatePool(in.text(), in.u32(), in.u32(), in.u32(), in.text());
            case REMOVE_POOL -> new MonCommand.RemovePool(in.text());
            case SET_OSD_WEIGHT -> new MonCommand.SetOsdWeight(in.u32(), in.u32());
            case SET_FLAG ->
                new MonCommand.SetFlag(flag(in.u8()), in.flag() ? MonCommand.Switch.ON : MonCommand.Switch.OFF);
            case SET_CRUSH -> new MonCommand.SetCrush(CrushMapCodec.read(in));
            case SET_SETTING ->
                new MonCommand.SetSetting(in.text(), in.text(), in.flag() ? Optional.of(in.text()) : Optional.empty());
            case SET_POOL_SIZE -> new MonCommand.SetPoolSize(in.text(), in.u32());
            case SET_POOL_MIN_SIZE -> new MonCommand.SetPoolMinSize(in.text(), in.u32(), consent(in));
            case CREATE_OSD -> new MonCommand.CreateOsd(OsdMapCodec.uuid(in), in.text(), in.u32(), in.text());
            case MARK_OSD_DOWN -> new MonCommand.MarkOsdDown(in.u32(), in.u32());
            case DECLARE_OSD_LOST -> new MonCommand.DeclareOsdLost(in.u32());
            case PURGE_OSD -> new MonCommand.PurgeOsd(in.u32(), consent(in));
            case EDIT_CRUSH -> new MonCommand.EditCrush(CrushEditCodec.read(in));
            case SET_BLOCKLISTED -> new MonCommand.SetBlocklisted(in.u64(), in.u64());
            case ADD_MONITOR -> new MonCommand.AddMonitor(in.text(), OsdMapCodec.address(in));
            case REMOVE_MONITOR -> new MonCommand.RemoveMonitor(in.text());
            case CREATE_TOKEN -> new MonCommand.CreateToken(in.bytes(), in.u64());
            case ADMIT_NODE -> new MonCommand.AdmitNode(in.bytes(), in.text(), in.bytes());
            default -> throw new MalformedBytesException("command " + kind);
        };
    }

    private static OsdMapFlag flag(int code) {
        for (OsdMapFlag flag : OsdMapFlag.values()) {
            if (flag.code() == code) {
                return flag;
            }
        }
        throw new MalformedBytesException("flag " + code);
    }
}
