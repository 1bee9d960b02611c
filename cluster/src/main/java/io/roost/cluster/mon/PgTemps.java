package io.roost.cluster.mon;

import io.roost.cluster.crush.CrushMapper;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.MonMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Acting sets that differ from what placement gives, for as long as they are of use. */
final class PgTemps {
    private PgTemps() {}

    /** What a request changes of a map. */
    static List<OsdMapChange> requested(MonMessage.OsdPgTemp request, OsdMap map) {
        List<OsdMapChange> changes = new ArrayList<>();
        if (!map.isUp(request.osd())) {
            return changes;
        }
        request.wanted().forEach((pg, osds) -> {
            List<Integer> before = map.state().pgTemp().getOrDefault(pg, List.of());
            if (isAskable(request.osd(), pg, map) && isPossible(osds, map) && !osds.equals(before)) {
                changes.add(new OsdMapChange.SetPgTemp(pg, osds));
            }
        });
        return changes;
    }

    /** True when it is one of those that the placement group is on: others know nothing of it. */
    private static boolean isAskable(int osd, PgId pg, OsdMap map) {
        return map.up(pg).contains(osd) || map.acting(pg).contains(osd);
    }

    private static boolean isPossible(List<Integer> osds, OsdMap map) {
        return osds.size() <= CrushMapper.MAX_RESULT
                && new HashSet<>(osds).size() == osds.size()
                && osds.stream().allMatch(map::isUp);
    }

    /** What is of no use in a map any more: it says what placement says, or nobody of it is up. */
    static List<OsdMapChange> useless(OsdMap map) {
        List<OsdMapChange> changes = new ArrayList<>();
        for (Map.Entry<PgId, List<Integer>> temp : map.state().pgTemp().entrySet()) {
            PgId pg = temp.getKey();
            if (temp.getValue().stream().noneMatch(map::isUp) || temp.getValue().equals(map.up(pg))) {
                changes.add(new OsdMapChange.SetPgTemp(pg, List.of()));
            }
        }
        return changes;
    }
}
