package io.roost.cluster.map;

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
    /** Nothing is scrubbed. */
    NOSCRUB(6),
    /** Reads wait. */
    PAUSERD(7),
    /** Writes wait. */
    PAUSEWR(8),
    /** Writes are refused: an OSD is full. The monitors set it and take it back. */
    FULL(9);

    private final int code;

    OsdMapFlag(int code) {
        this.code = code;
    }

    /** Number of the bit in encoded maps. */
    public int code() {
        return code;
    }
}
