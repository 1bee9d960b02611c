package io.roost.cluster.client;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.wire.MapCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The newest OSD map that somebody knows, kept up by differences, each of which is checked against the CRC of the map that
 * it leads to. It remembers some differences for peers that are behind. One thread at a time.
 *
 * <p>No epoch is left out that can be had: what an OSD does not know of an interval it takes for an interval in which
 * others have served without it, and begins its copies anew.
 */
public final class OsdMapChain {
    /** Differences remembered: what peers that follow closely are behind. */
    private static final int KEPT_EPOCHS = 64;

    /** Most differences in a message for a peer. */
    private static final int MAX_MESSAGE_EPOCHS = 40;

    /** What became of maps that came. */
    public enum Outcome {
        /** All that was new has been taken. */
        TAKEN,
        /** They begin later than the map that is known ends: what lies between must be asked for. */
        GAP,
        /** A difference does not lead where it should: the epoch that it leads to must be asked for whole. */
        DAMAGED
    }

    private final UUID fsid;
    private final ArrayDeque<OsdMap.Incremental> recent = new ArrayDeque<>();
    private Optional<OsdMap> map;

    /** A chain that begins with a map, or with the first full one that comes. */
    public OsdMapChain(UUID fsid, Optional<OsdMap> first) {
        this.fsid = fsid;
        this.map = first;
    }

    /** The newest map. */
    public Optional<OsdMap> map() {
        return map;
    }

    /** Its epoch, 0 while there is none. */
    public int epoch() {
        return map.map(OsdMap::epoch).orElse(0);
    }

    /**
     * Takes maps that have come.
     *
     * @param onMap is given every new map, in order
     */
    public Outcome offer(MonMessage.OsdMaps maps, Consumer<OsdMap> onMap) {
        Optional<OsdMap> full = maps.full().filter(whole -> whole.fsid().equals(fsid));
        if (full.isPresent() && full.get().epoch() > epoch()) {
            if (!isNext(full.get(), maps.oldestEpoch())) {
                return Outcome.GAP;
            }
            recent.clear();
            map = full;
            onMap.accept(full.get());
        }
        for (OsdMap.Incremental next : maps.incrementals()) {
            if (next.epoch() <= epoch()) {
                continue;
            }
            if (map.isEmpty() || next.epoch() > epoch() + 1) {
                return Outcome.GAP;
            }
            try {
                map = Optional.of(MapCodec.apply(map.get(), next));
            } catch (MalformedBytesException | IllegalArgumentException damaged) {
                return Outcome.DAMAGED;
            }
            recent.addLast(next);
            if (recent.size() > KEPT_EPOCHS) {
                recent.removeFirst();
            }
            onMap.accept(map.get());
        }
        return Outcome.TAKEN;
    }

    /** True when a whole map leaves nothing out, or what it leaves out is gone for good. */
    private boolean isNext(OsdMap whole, int oldestEpoch) {
        return map.isEmpty() || whole.epoch() == epoch() + 1 || oldestEpoch > epoch() + 1;
    }

    /** The differences that a peer lacks that knows an epoch; empty when it is too far behind, and must ask monitors. */
    public Optional<MonMessage.OsdMaps> since(int known) {
        if (map.isEmpty() || recent.isEmpty() || recent.getFirst().epoch() > known + 1 || known >= epoch()) {
            return Optional.empty();
        }
        List<OsdMap.Incremental> missing = new ArrayList<>();
        for (OsdMap.Incremental next : recent) {
            if (next.epoch() > known && missing.size() < MAX_MESSAGE_EPOCHS) {
                missing.add(next);
            }
        }
        return Optional.of(new MonMessage.OsdMaps(Optional.empty(), missing, known + 1, epoch()));
    }
}
