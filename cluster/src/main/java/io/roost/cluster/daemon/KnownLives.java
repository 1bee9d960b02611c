package io.roost.cluster.daemon;

import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.KeyValueBatch;
import io.roost.cluster.store.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The lives of an OSD that its store knows of: the one last seen in a map, and all that were begun since. A store that was set
 * back, or a copy of one, does not know the life that the monitors accepted last. The meta row {@code lives}:
 *
 * <pre>
 * version u8 = 1, compat u8 = 1, length u32, count varint, each: nonce u64, oldest first
 * </pre>
 *
 * One thread at a time.
 */
public final class KnownLives {
    private static final Bytes KEY = KeyLayout.meta("lives");
    private static final int FORMAT = 1;

    private final KeyValue store;
    private final List<Long> nonces;

    private KnownLives(KeyValue store, List<Long> nonces) {
        this.store = store;
        this.nonces = nonces;
    }

    /** Those of a store. */
    public static KnownLives of(KeyValue store) {
        List<Long> nonces = new ArrayList<>();
        Bytes row = store.get(Family.META, KEY, Tier.DISK);
        if (row != null) {
            ByteReader in = new ByteReader(row);
            ByteReader.Struct struct = in.begin(FORMAT);
            for (int left = in.count(MonMessage.OsdBoot.MAX_KNOWN); left > 0; left--) {
                nonces.add(in.u64());
            }
            in.end(struct);
        }
        return new KnownLives(store, nonces);
    }

    /** A life begins; durable on return. All that are known then. */
    public SortedSet<Long> begin(long nonce) {
        nonces.add(nonce);
        if (nonces.size() > MonMessage.OsdBoot.MAX_KNOWN) {
            // The first is the one last seen; of those that came to nothing the oldest are the least likely.
            nonces.remove(1);
        }
        write();
        return new TreeSet<>(nonces);
    }

    /** A map shows a life: those before it are over. Durable on return. */
    public void seen(long nonce) {
        int at = nonces.indexOf(nonce);
        if (at > 0) {
            nonces.subList(0, at).clear();
            write();
        }
    }

    private void write() {
        ByteWriter out = new ByteWriter();
        int mark = out.begin(FORMAT, FORMAT);
        out.varint(nonces.size());
        nonces.forEach(out::u64);
        store.write(new KeyValueBatch().put(Family.META, KEY, out.end(mark).toBytes()));
    }
}
