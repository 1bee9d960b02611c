package io.roost.cluster.object;

import java.util.Locale;

/** What an administrator can have done with a placement group, as Ceph names it. */
public enum ScrubKind {
    /** Compare what is recorded. */
    SCRUB(ScrubDepth.SHALLOW),
    /** Read everything and compare it. */
    DEEP_SCRUB(ScrubDepth.DEEP),
    /** The same, and where it cannot be told which copy is right, the newest that is whole counts. */
    REPAIR(ScrubDepth.DEEP);

    private final ScrubDepth depth;

    ScrubKind(ScrubDepth depth) {
        this.depth = depth;
    }

    /** Its name in commands: {@code deep-scrub}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How closely it looks. */
    public ScrubDepth depth() {
        return depth;
    }
}
