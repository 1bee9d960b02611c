package io.roost.cluster.osd;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.wire.MapCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All maps that there have been; an authority over them gives out those that are not trimmed. It outlives it. */
final class MapLog {
    /** As many as to be seen in a run: monitors send 40. */
    private static final int MAX_MESSAGE_EPOCHS = 7;

    private final List<OsdMap> maps = new ArrayList<>();
    private final List<OsdMap.Incremental> differences = new ArrayList<>();
    private int oldest = 1;

    /** A log that begins with a map of epoch 1. */
    MapLog(OsdMap first) {
        maps.add(first);
    }

    OsdMap newest() {
        return maps.get(maps.size() - 1);
    }

    /** Makes the next epoch. */
    void add(List<OsdMapChange> changes) {
        OsdMap map = newest();
        int epoch = map.epoch() + 1;
        long modifiedMillis = map.state().modifiedMillis();
        OsdMap next = map.apply(new OsdMap.Incremental(epoch, map.fsid(), modifiedMillis, changes, 0));
        maps.add(next);
        differences.add(new OsdMap.Incremental(
                epoch, map.fsid(), modifiedMillis, changes, MapCodec.crc(MapCodec.encode(next))));
    }

    /** Maps before an epoch are not given out any more; false when they were not before. */
    boolean trim(int epoch) {
        boolean isNews = epoch > oldest;
        oldest = Math.max(oldest, epoch);
        return isNews;
    }

    /**
     * What brings somebody up to date, as monitors tell it.
     *
     * @param start first epoch wanted, 0 for just the newest
     */
    List<MonMessage.OsdMaps> since(int start) {
        if (start == 0) {
            return wholeFrom(newest().epoch());
        }
        return start <= oldest ? wholeFrom(start) : from(start);
    }

    /** The same, and the first is whole. */
    List<MonMessage.OsdMaps> wholeFrom(int start) {
        if (start > newest().epoch()) {
            return List.of();
        }
        int first = Math.max(start, oldest);
        List<MonMessage.OsdMaps> messages = new ArrayList<>();
        messages.add(message(Optional.of(maps.get(first - 1)), first + 1));
        messages.addAll(from(first + 1 + MAX_MESSAGE_EPOCHS));
        return messages;
    }

    private List<MonMessage.OsdMaps> from(int start) {
        List<MonMessage.OsdMaps> messages = new ArrayList<>();
        for (int next = start; next <= newest().epoch(); next += MAX_MESSAGE_EPOCHS) {
            messages.add(message(Optional.empty(), next));
        }
        return messages;
    }

    private MonMessage.OsdMaps message(Optional<OsdMap> full, int next) {
        int end = Math.min(newest().epoch(), next + MAX_MESSAGE_EPOCHS - 1);
        List<OsdMap.Incremental> some = next > end ? List.of() : differences.subList(next - 2, end - 1);
        return new MonMessage.OsdMaps(full, some, oldest, newest().epoch());
    }
}
