package io.roost.cluster.osd;

import io.roost.cluster.pg.PgEffects;

/** What a shard of an OSD wants done, on top of what its placement groups want. */
public interface OsdEffects extends PgEffects, Watches.Replies {
    /** Ask the monitor for maps newer than the given epoch; {@link OsdShard#onMap} follows. */
    void wantMap(int epoch);
}
