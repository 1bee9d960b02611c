package io.roost.cluster.pg;

/**
 * Whose turn it is first, with Ceph's numbers (src/osd/osd_types.h): what does not serve for lack of copies before all else,
 * then what the log tells of, which ends soon, then copies that are lacking, then copies that only are elsewhere.
 */
final class RecoveryPriority {
    /** Ceph's OSD_RECOVERY_PRIORITY_MAX, but for what is forced. */
    private static final int MAX = 253;

    private static final int INACTIVE = 220;
    private static final int RECOVERY = 180;
    private static final int DEGRADED = 140;
    private static final int MISPLACED = 100;

    private RecoveryPriority() {}

    /** Of entries that the log tells of. */
    static int ofRecovery(int actingCount, int minSize) {
        return actingCount < minSize ? inactive(actingCount, minSize) : RECOVERY;
    }

    /** Of copies that are filled. */
    static int ofBackfill(int actingCount, int minSize, int size) {
        if (actingCount < minSize) {
            return inactive(actingCount, minSize);
        }
        return actingCount < size ? Math.min(RECOVERY - 1, DEGRADED + size - actingCount) : MISPLACED;
    }

    private static int inactive(int actingCount, int minSize) {
        return Math.min(MAX, INACTIVE + minSize - actingCount);
    }
}
