package io.roost.cluster.mon;

import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Remap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Exceptions of placement, which must not outlive the OSDs that they name. */
final class Upmaps {
    private Upmaps() {}

    /** What is of no use in a map any more: it leads to an OSD that does not exist, or that is out. */
    static List<OsdMapChange> useless(OsdMap map) {
        List<OsdMapChange> changes = new ArrayList<>();
        map.state().upmaps().forEach((pg, osds) -> {
            if (!osds.stream().allMatch(osd -> isTarget(osd, map))) {
                changes.add(new OsdMapChange.SetUpmap(pg, List.of()));
            }
        });
        for (Map.Entry<PgId, List<Remap>> items : map.state().upmapItems().entrySet()) {
            List<Remap> useful = items.getValue().stream()
                    .filter(remap -> map.osd(remap.from()) != null && isTarget(remap.to(), map))
                    .toList();
            if (useful.size() < items.getValue().size()) {
                changes.add(new OsdMapChange.SetUpmapItems(items.getKey(), useful));
            }
        }
        return changes;
    }

    private static boolean isTarget(int id, OsdMap map) {
        OsdInfo osd = map.osd(id);
        return osd != null && osd.isIn();
    }
}
