package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.ScrubMessage;
import io.roost.cluster.message.ScrubMessage.Sample;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.EntryDigest;
import io.roost.cluster.store.GroupScan;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreReader;
import io.roost.cluster.store.Tier;
import java.util.ArrayList;
import java.util.List;

/**
 * Examines the entries of a range, one at a time, in the state of the moment it was made, on any thread. It ends before the
 * range does when it has read enough, which writes wait for.
 */
final class ScrubScan implements Runnable {
    /** Bytes of bodies (Ceph reads half a MiB at a time, and may give way after each). */
    static final long MAX_BYTES = 8 << 20;

    private final ScrubMessage.Examine question;
    private final StoreReader snapshot;
    private final KeyLayout.KeyRange range;
    private final List<Sample> samples = new ArrayList<>();
    private final List<ChecksumException> damages = new ArrayList<>();
    private boolean isCut;
    private boolean isCutShort;

    /** @param group the keys of the placement group */
    ScrubScan(ObjectStore store, KeyLayout.KeyRange group, ScrubMessage.Examine question) {
        this.question = question;
        this.snapshot = store.snapshot(Tier.DISK);
        this.range = RangeScan.range(group, question.after(), question.through());
    }

    @Override
    public void run() {
        if (range.begin().compareTo(range.end()) >= 0) {
            snapshot.close();
            return;
        }
        try (StoreReader reader = snapshot;
                GroupScan scan = reader.scan(range)) {
            long bytes = 0;
            while (scan.next()) {
                if (samples.size() == ScrubMessage.Examined.MAX_SAMPLES || bytes >= MAX_BYTES) {
                    isCut = true;
                    return;
                }
                bytes += examine(reader, scan.key());
            }
        } catch (ChecksumException unreadable) {
            damages.add(unreadable);
            isCutShort = true;
        }
    }

    private long examine(StoreReader reader, Bytes key) {
        KeyLayout.EntryKey entry = KeyLayout.parse(key);
        try {
            EntryDigest digest = reader.digest(entry.locator(), entry.name(), question.depth());
            samples.add(new Sample(key, true, digest.version(), digest.crc32c()));
            return digest.bytesRead();
        } catch (ChecksumException damage) {
            damages.add(damage);
            samples.add(Sample.damaged(key));
            return 0;
        }
    }

    /** What was met and is not as it was written. */
    List<ChecksumException> damages() {
        return damages;
    }

    /** @param epoch of the interval */
    ScrubMessage.Examined answer(PgId id, int epoch) {
        Bytes through = isCut ? samples.get(samples.size() - 1).key() : question.through();
        return new ScrubMessage.Examined(id, epoch, question.number(), through, samples, isCutShort);
    }
}
