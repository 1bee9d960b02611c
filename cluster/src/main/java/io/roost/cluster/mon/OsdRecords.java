package io.roost.cluster.mon;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.paxos.MonKey;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonTransaction;
import java.util.TreeMap;

/** What the monitors remember of OSDs that nobody else needs to know. */
final class OsdRecords {
    private static final String PREFIX = "osd";
    private static final int FORMAT = 1;
    private static final OsdRecord NOTHING = new OsdRecord(0, 0);

    private final MonStore store;
    private final TreeMap<Integer, OsdRecord> pending = new TreeMap<>();

    /**
     * What is remembered of an OSD.
     *
     * @param nonce of the boot that was accepted last, if its store remembers its boots; 0 if not
     * @param inWeight the weight it gets when it comes up, because it is new, or was marked out for being down for long; 0 when
     *     it stays out
     */
    record OsdRecord(long nonce, int inWeight) {
        Bytes encode() {
            ByteWriter out = new ByteWriter(24);
            int mark = out.begin(FORMAT, FORMAT);
            out.u64(nonce).u32(inWeight);
            return out.end(mark).toBytes();
        }

        static OsdRecord decode(Bytes bytes) {
            ByteReader in = new ByteReader(bytes);
            ByteReader.Struct struct = in.begin(FORMAT);
            OsdRecord read = new OsdRecord(in.u64(), in.u32());
            in.end(struct);
            return read;
        }
    }

    OsdRecords(MonStore store) {
        this.store = store;
    }

    /** What is remembered, as the pending changes will make it. */
    OsdRecord of(int osd) {
        OsdRecord changed = pending.get(osd);
        return changed != null
                ? changed
                : store.get(MonKey.of(PREFIX, osd)).map(OsdRecord::decode).orElse(NOTHING);
    }

    void put(int osd, OsdRecord changed) {
        pending.put(osd, changed);
    }

    void forget(int osd) {
        pending.put(osd, NOTHING);
    }

    void encodePending(MonTransaction transaction) {
        pending.forEach((osd, changed) -> {
            MonKey key = MonKey.of(PREFIX, osd);
            if (changed.equals(NOTHING)) {
                transaction.remove(key);
            } else {
                transaction.put(key, changed.encode());
            }
        });
        pending.clear();
    }
}
