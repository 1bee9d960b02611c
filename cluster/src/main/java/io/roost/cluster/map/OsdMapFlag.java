package io.roost.cluster.map;

import java.util.Locale;

/** A switch of the whole cluster; the code is the number of its bit in encoded maps. */
public enum OsdMapFlag {
    /** OSDs are not marked up. */
    NOUP(0),
    /** OSDs are not marked down. */
    NODOWN(1),
    /** OSDs are not marked out. */
    NOOUT(2),
    /** OSDs that boot are not marked in. */
    NOIN(3),
    /** Nothing is recovered. */
    NORECOVER(4),
    /** Nothing is backfilled. */
    NOBACKFILL(5),
    /** No copies are compared unless somebody asks for it, but for scrubs that read everything. */
    NOSCRUB(6),
    /** Reads wait. */
    PAUSERD(7),
    /** Writes wait. */
    PAUSEWR(8),
    /** Writes are refused: an OSD is full. The monitors set it and take it back. */
    FULL(9),
    /** No scrub reads everything unless somebody asks for it. */
    NODEEP_SCRUB(10);

    private final int code;

    OsdMapFlag(int code) {
        this.code = code;
    }

    /** Its name for a person: {@code nodeep-scrub}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return text();
    }

    /** Number of the bit in encoded maps. */
    public int code() {
        return code;
    }
}
