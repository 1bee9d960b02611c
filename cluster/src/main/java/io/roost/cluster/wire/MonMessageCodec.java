package io.roost.cluster.wire;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@link MonMessage} as bytes: a type byte, then a versioned struct of the record's fields in order, maps as
 * {@link MapCodec} has them.
 *
 * <pre>
 * subscription   topic u8, start varint, continuous u8
 * command        kind u8, then its fields in order
 * osd maps       has full u8, full bytes, incrementals, oldest u32, newest u32
 * </pre>
 */
public final class MonMessageCodec {
    private static final int FORMAT = 1;
    private static final int MAX_ITEMS = 1024;

    private static final int SUBSCRIBE = 1;
    private static final int AUTHENTICATE = 2;
    private static final int AUTHENTICATE_REPLY = 3;
    private static final int OSD_BOOT = 4;
    private static final int OSD_BOOT_REFUSED = 5;
    private static final int OSD_ALIVE = 6;
    private static final int OSD_BEACON = 7;
    private static final int OSD_STOPPING = 8;
    private static final int COMMAND = 9;
    private static final int COMMAND_REPLY = 10;
    private static final int OSD_MAPS = 11;
    private static final int MON_MAP_UPDATE = 12;
    private static final int CONFIG_UPDATE = 13;

    private static final int CREATE_POOL = 1;
    private static final int REMOVE_POOL = 2;
    private static final int SET_OSD_WEIGHT = 3;
    private static final int SET_FLAG = 4;
    private static final int SET_CRUSH = 5;
    private static final int SET_SETTING = 6;

    private MonMessageCodec() {}

    /** The message's bytes. */
    public static Bytes encode(MonMessage message) {
        ByteWriter out = new ByteWriter(256);
        out.u8(type(message));
        int mark = out.begin(FORMAT, FORMAT);
        if (message instanceof MonMessage.ToMonitor toMonitor) {
            write(out, toMonitor);
        } else if (message instanceof MonMessage.FromMonitor fromMonitor) {
            write(out, fromMonitor);
        }
        return out.end(mark).toBytes();
    }

    /** Reads {@link #encode}; {@link MalformedBytesException} when it is nothing of the kind. */
    public static MonMessage decode(Bytes encoded) {
        return MapCodec.whole(encoded, in -> {
            int type = in.u8();
            ByteReader.Struct struct = in.begin(FORMAT);
            MonMessage message = message(type, in);
            in.end(struct);
            return message;
        });
    }

    private static int type(MonMessage message) {
        if (message instanceof MonMessage.Subscribe) {
            return SUBSCRIBE;
        } else if (message instanceof MonMessage.Authenticate) {
            return AUTHENTICATE;
        } else if (message instanceof MonMessage.AuthenticateReply) {
            return AUTHENTICATE_REPLY;
        } else if (message instanceof MonMessage.OsdBoot) {
            return OSD_BOOT;
        } else if (message instanceof MonMessage.OsdBootRefused) {
            return OSD_BOOT_REFUSED;
        } else if (message instanceof MonMessage.OsdAlive) {
            return OSD_ALIVE;
        } else if (message instanceof MonMessage.OsdBeacon) {
            return OSD_BEACON;
        } else if (message instanceof MonMessage.OsdStopping) {
            return OSD_STOPPING;
        } else if (message instanceof MonMessage.Command) {
            return COMMAND;
        } else if (message instanceof MonMessage.CommandReply) {
            return COMMAND_REPLY;
        } else if (message instanceof MonMessage.OsdMaps) {
            return OSD_MAPS;
        } else if (message instanceof MonMessage.MonMapUpdate) {
            return MON_MAP_UPDATE;
        }
        return CONFIG_UPDATE;
    }

    private static void write(ByteWriter out, MonMessage.ToMonitor message) {
        if (message instanceof MonMessage.Subscribe subscribe) {
            out.varint(subscribe.subscriptions().size());
            for (MonMessage.Subscription subscription : subscribe.subscriptions()) {
                out.u8(subscription.topic().code())
                        .varint(subscription.start())
                        .flag(subscription.duration() == MonMessage.Duration.CONTINUOUS);
            }
        } else if (message instanceof MonMessage.Authenticate authenticate) {
            out.u64(authenticate.tid()).text(authenticate.entity());
        } else if (message instanceof MonMessage.OsdBoot boot) {
            OsdMapCodec.uuid(out.u32(boot.osd()), boot.uuid());
            OsdMapCodec.write(out, boot.publicAddress());
            OsdMapCodec.write(out, boot.clusterAddress());
            OsdMapCodec.features(out.u32(boot.newestEpoch()), boot.features());
        } else if (message instanceof MonMessage.OsdAlive alive) {
            OsdMapCodec.write(out.u32(alive.osd()), alive.clusterAddress());
            out.u32(alive.wantedUpThru());
        } else if (message instanceof MonMessage.OsdBeacon beacon) {
            out.u32(beacon.osd()).u32(beacon.epoch()).u32(beacon.minLastEpochClean());
        } else if (message instanceof MonMessage.OsdStopping stopping) {
            OsdMapCodec.write(out.u32(stopping.osd()), stopping.clusterAddress());
        } else if (message instanceof MonMessage.Command command) {
            write(out.u64(command.tid()), command.command());
        }
    }

    private static void write(ByteWriter out, MonMessage.FromMonitor message) {
        if (message instanceof MonMessage.AuthenticateReply reply) {
            out.u64(reply.tid()).u64(reply.globalId());
        } else if (message instanceof MonMessage.OsdBootRefused refused) {
            out.u32(refused.osd()).text(refused.reason());
        } else if (message instanceof MonMessage.CommandReply reply) {
            out.u64(reply.tid()).u8(reply.outcome().code()).text(reply.text()).u64(reply.epoch());
        } else if (message instanceof MonMessage.OsdMaps maps) {
            out.flag(maps.full().isPresent());
            maps.full().ifPresent(full -> out.bytes(MapCodec.encode(full)));
            out.varint(maps.incrementals().size());
            maps.incrementals().forEach(incremental -> MapCodec.write(out, incremental));
            out.u32(maps.oldestEpoch()).u32(maps.newestEpoch());
        } else if (message instanceof MonMessage.MonMapUpdate update) {
            MapCodec.write(out, update.map());
        } else if (message instanceof MonMessage.ConfigUpdate update) {
            MapCodec.write(out, update.config());
        }
    }

    private static void write(ByteWriter out, MonCommand command) {
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
        }
    }

    private static MonMessage message(int type, ByteReader in) {
        return switch (type) {
            case SUBSCRIBE -> subscribe(in);
            case AUTHENTICATE -> new MonMessage.Authenticate(in.u64(), in.text());
            case AUTHENTICATE_REPLY -> new MonMessage.AuthenticateReply(in.u64(), in.u64());
            case OSD_BOOT ->
                new MonMessage.OsdBoot(
                        in.u32(),
                        OsdMapCodec.uuid(in),
                        OsdMapCodec.address(in),
                        OsdMapCodec.address(in),
                        in.u32(),
                        OsdMapCodec.features(in));
            case OSD_BOOT_REFUSED -> new MonMessage.OsdBootRefused(in.u32(), in.text());
            case OSD_ALIVE -> new MonMessage.OsdAlive(in.u32(), OsdMapCodec.address(in), in.u32());
            case OSD_BEACON -> new MonMessage.OsdBeacon(in.u32(), in.u32(), in.u32());
            case OSD_STOPPING -> new MonMessage.OsdStopping(in.u32(), OsdMapCodec.address(in));
            case COMMAND -> new MonMessage.Command(in.u64(), command(in));
            case COMMAND_REPLY ->
                new MonMessage.CommandReply(in.u64(), MonCommand.Outcome.ofCode(in.u8()), in.text(), in.u64());
            case OSD_MAPS -> osdMaps(in);
            case MON_MAP_UPDATE -> new MonMessage.MonMapUpdate(MapCodec.monMap(in));
            case CONFIG_UPDATE -> new MonMessage.ConfigUpdate(MapCodec.config(in));
            default -> throw new MalformedBytesException("monitor message " + type);
        };
    }

    private static MonMessage.Subscribe subscribe(ByteReader in) {
        List<MonMessage.Subscription> subscriptions = new ArrayList<>();
        for (int left = in.count(MAX_ITEMS); left > 0; left--) {
            subscriptions.add(new MonMessage.Subscription(
                    topic(in.u8()),
                    in.varint(),
                    in.flag() ? MonMessage.Duration.CONTINUOUS : MonMessage.Duration.ONCE));
        }
        return new MonMessage.Subscribe(subscriptions);
    }

    private static MonMessage.Topic topic(int code) {
        for (MonMessage.Topic topic : MonMessage.Topic.values()) {
            if (topic.code() == code) {
                return topic;
            }
        }
        throw new MalformedBytesException("topic " + code);
    }

    private static MonMessage.OsdMaps osdMaps(ByteReader in) {
        Optional<OsdMap> full = in.flag() ? Optional.of(MapCodec.osdMap(in.bytes())) : Optional.empty();
        List<OsdMap.Incremental> incrementals = new ArrayList<>();
        for (int left = in.count(MAX_ITEMS); left > 0; left--) {
            incrementals.add(MapCodec.incremental(in));
        }
        return new MonMessage.OsdMaps(full, incrementals, in.u32(), in.u32());
    }

    private static MonCommand command(ByteReader in) {
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
