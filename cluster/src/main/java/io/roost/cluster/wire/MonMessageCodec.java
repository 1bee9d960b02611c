package io.roost.cluster.wire;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdStat;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

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
    /** 2: boots name earlier ones, and say why. 3: an epoch of the OSD map can be asked for whole. */
    private static final int FORMAT = 3;

    private static final int COMPAT = 1;
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
    private static final int OSD_FAILURE = 14;
    private static final int OSD_STILL_ALIVE = 15;
    private static final int OSD_PG_TEMP = 16;
    private static final int OSD_PG_STATS = 17;
    private static final int GET_LOG = 18;
    private static final int LOG_REPLY = 19;
    private static final int GET_HEALTH = 20;
    private static final int HEALTH_REPLY = 21;
    private static final int GET_STATS = 22;
    private static final int STATS_REPLY = 23;

    private MonMessageCodec() {}

    /** The message's bytes. */
    public static Bytes encode(MonMessage message) {
        ByteWriter out = new ByteWriter(256);
        out.u8(type(message));
        int mark = out.begin(FORMAT, COMPAT);
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
            MonMessage message = message(type, struct.version(), in);
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
        } else if (message instanceof MonMessage.OsdFailure) {
            return OSD_FAILURE;
        } else if (message instanceof MonMessage.OsdStillAlive) {
            return OSD_STILL_ALIVE;
        } else if (message instanceof MonMessage.OsdPgTemp) {
            return OSD_PG_TEMP;
        } else if (message instanceof MonMessage.OsdPgStats) {
            return OSD_PG_STATS;
        } else if (message instanceof MonMessage.GetLog) {
            return GET_LOG;
        } else if (message instanceof MonMessage.LogReply) {
            return LOG_REPLY;
        } else if (message instanceof MonMessage.GetHealth) {
            return GET_HEALTH;
        } else if (message instanceof MonMessage.HealthReply) {
            return HEALTH_REPLY;
        } else if (message instanceof MonMessage.GetStats) {
            return GET_STATS;
        } else if (message instanceof MonMessage.StatsReply) {
            return STATS_REPLY;
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
        } else if (message instanceof MonMessage.Command command) {
            MonCommandCodec.write(out.u64(command.tid()), command.command());
        } else if (message instanceof MonMessage.GetLog get) {
            out.u64(get.tid()).u32(get.lines());
        } else if (message instanceof MonMessage.GetHealth get) {
            out.u64(get.tid());
        } else if (message instanceof MonMessage.GetStats get) {
            out.u64(get.tid());
        } else {
            writeOfOsd(out, message);
        }
    }

    private static void writeOfOsd(ByteWriter out, MonMessage.ToMonitor message) {
        if (message instanceof MonMessage.OsdBoot boot) {
            OsdMapCodec.uuid(out.u32(boot.osd()), boot.uuid());
            OsdMapCodec.write(out, boot.publicAddress());
            OsdMapCodec.write(out, boot.clusterAddress());
            OsdMapCodec.features(out.u32(boot.newestEpoch()), boot.features());
            out.varint(boot.knownNonces().size());
            boot.knownNonces().forEach(out::u64);
            out.flag(boot.cause() == MonMessage.BootCause.WRONGLY_DOWN);
        } else if (message instanceof MonMessage.OsdAlive alive) {
            OsdMapCodec.write(out.u32(alive.osd()), alive.clusterAddress());
            out.u32(alive.wantedUpThru());
        } else if (message instanceof MonMessage.OsdBeacon beacon) {
            out.u32(beacon.osd()).u32(beacon.epoch()).u32(beacon.minLastEpochClean());
        } else if (message instanceof MonMessage.OsdStopping stopping) {
            OsdMapCodec.write(out.u32(stopping.osd()), stopping.clusterAddress());
        } else if (message instanceof MonMessage.OsdFailure failure) {
            OsdMapCodec.write(out.u32(failure.reporter()).u32(failure.target()), failure.targetClusterAddress());
            out.u64(failure.failedForMillis())
                    .flag(failure.evidence() == MonMessage.Evidence.REFUSED)
                    .u32(failure.epoch());
        } else if (message instanceof MonMessage.OsdStillAlive alive) {
            OsdMapCodec.write(out.u32(alive.reporter()).u32(alive.target()), alive.targetClusterAddress());
            out.u32(alive.epoch());
        } else if (message instanceof MonMessage.OsdPgTemp temp) {
            out.u32(temp.osd()).varint(temp.wanted().size());
            temp.wanted().forEach((pg, osds) -> OsdMapCodec.osds(OsdMapCodec.pg(out, pg), osds));
            out.u32(temp.epoch());
        } else if (message instanceof MonMessage.OsdPgStats stats) {
            out.u32(stats.osd()).u32(stats.epoch());
            StatCodec.write(out, stats.stat());
            StatCodec.write(out, stats.pgs());
        }
    }

    private static void write(ByteWriter out, MonMessage.FromMonitor message) {
        if (message instanceof MonMessage.AuthenticateReply reply) {
            out.u64(reply.tid()).u64(reply.globalId());
        } else if (message instanceof MonMessage.OsdBootRefused refused) {
            out.u32(refused.osd()).text(refused.reason()).u64(refused.nonce());
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
        } else if (message instanceof MonMessage.LogReply reply) {
            out.u64(reply.tid()).varint(reply.lines().size());
            reply.lines().forEach(line -> LogLineCodec.write(out, line));
        } else if (message instanceof MonMessage.HealthReply reply) {
            out.u64(reply.tid()).varint(reply.checks().size());
            reply.checks().forEach(check -> StatCodec.write(out, check));
        } else if (message instanceof MonMessage.StatsReply reply) {
            out.u64(reply.tid()).varint(reply.osds().size());
            reply.osds().forEach((osd, stat) -> StatCodec.write(out.u32(osd), stat));
            StatCodec.write(out, reply.pgs());
        }
    }

    private static MonMessage message(int type, int version, ByteReader in) {
        return switch (type) {
            case SUBSCRIBE -> subscribe(in);
            case AUTHENTICATE -> new MonMessage.Authenticate(in.u64(), in.text());
            case AUTHENTICATE_REPLY -> new MonMessage.AuthenticateReply(in.u64(), in.u64());
            case OSD_BOOT_REFUSED -> new MonMessage.OsdBootRefused(in.u32(), in.text(), version == 1 ? 0 : in.u64());
            case COMMAND -> new MonMessage.Command(in.u64(), MonCommandCodec.read(in));
            case COMMAND_REPLY ->
                new MonMessage.CommandReply(in.u64(), MonCommand.Outcome.ofCode(in.u8()), in.text(), in.u64());
            case OSD_MAPS -> osdMaps(in);
            case MON_MAP_UPDATE -> new MonMessage.MonMapUpdate(MapCodec.monMap(in));
            case CONFIG_UPDATE -> new MonMessage.ConfigUpdate(MapCodec.config(in));
            case GET_LOG -> new MonMessage.GetLog(in.u64(), in.u32());
            case GET_HEALTH -> new MonMessage.GetHealth(in.u64());
            case GET_STATS -> new MonMessage.GetStats(in.u64());
            case LOG_REPLY ->
                new MonMessage.LogReply(in.u64(), list(in, MonMessage.GetLog.MAX_LOG_LINES, LogLineCodec::read));
            case HEALTH_REPLY -> new MonMessage.HealthReply(in.u64(), list(in, MAX_ITEMS, StatCodec::healthCheck));
            case STATS_REPLY -> statsReply(in);
            default -> ofOsd(type, version, in);
        };
    }

    private static MonMessage ofOsd(int type, int version, ByteReader in) {
        return switch (type) {
            case OSD_BOOT -> osdBoot(version, in);
            case OSD_ALIVE -> new MonMessage.OsdAlive(in.u32(), OsdMapCodec.address(in), in.u32());
            case OSD_BEACON -> new MonMessage.OsdBeacon(in.u32(), in.u32(), in.u32());
            case OSD_STOPPING -> new MonMessage.OsdStopping(in.u32(), OsdMapCodec.address(in));
            case OSD_FAILURE ->
                new MonMessage.OsdFailure(
                        in.u32(),
                        in.u32(),
                        OsdMapCodec.address(in),
                        in.u64(),
                        in.flag() ? MonMessage.Evidence.REFUSED : MonMessage.Evidence.SILENCE,
                        in.u32());
            case OSD_STILL_ALIVE -> new MonMessage.OsdStillAlive(in.u32(), in.u32(), OsdMapCodec.address(in), in.u32());
            case OSD_PG_TEMP -> new MonMessage.OsdPgTemp(in.u32(), OsdMapCodec.osdsByPg(in), in.u32());
            case OSD_PG_STATS ->
                new MonMessage.OsdPgStats(in.u32(), in.u32(), StatCodec.osdStat(in), StatCodec.pgStats(in));
            default -> throw new MalformedBytesException("monitor message " + type);
        };
    }

    private static MonMessage.OsdBoot osdBoot(int version, ByteReader in) {
        return new MonMessage.OsdBoot(
                in.u32(),
                OsdMapCodec.uuid(in),
                OsdMapCodec.address(in),
                OsdMapCodec.address(in),
                in.u32(),
                OsdMapCodec.features(in),
                version == 1 ? new TreeSet<>() : nonces(in),
                version > 1 && in.flag() ? MonMessage.BootCause.WRONGLY_DOWN : MonMessage.BootCause.STARTED);
    }

    private static SortedSet<Long> nonces(ByteReader in) {
        return new TreeSet<>(list(in, MonMessage.OsdBoot.MAX_KNOWN, ByteReader::u64));
    }

    private static MonMessage.StatsReply statsReply(ByteReader in) {
        long tid = in.u64();
        SortedMap<Integer, OsdStat> osds = new TreeMap<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            osds.put(in.u32(), StatCodec.osdStat(in));
        }
        return new MonMessage.StatsReply(tid, osds, StatCodec.pgStats(in));
    }

    private static <T> List<T> list(ByteReader in, int max, Function<ByteReader, T> reader) {
        List<T> items = new ArrayList<>();
        for (int left = in.count(max); left > 0; left--) {
            items.add(reader.apply(in));
        }
        return items;
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
}
