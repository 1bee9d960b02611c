package io.roost.cluster.osd;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.store.BlockFile;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.Tier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A disk that changes what it holds by itself: bits of bodies, in data files and in rows, and of the rows that say what
 * entries there are.
 */
final class BitRot {
    private static final int PAGE_BYTES = 4096;

    /** Rows that are bodies. */
    private static final Bytes BODIES = Bytes.of('b');

    private final SimNode node;
    private final MemoryBlockFiles files;
    private final SplittableRandom random;

    BitRot(SimNode node, MemoryBlockFiles files, SplittableRandom random) {
        this.node = node;
        this.files = files;
        this.random = random;
    }

    SimNode node() {
        return node;
    }

    /** Flips a bit in about one of so many places. */
    void spread(int places) {
        node.count("disk: bits flip");
        try {
            for (int number : files.list()) {
                BlockFile file = files.open(number);
                for (long page = 0; page < file.size(); page += PAGE_BYTES) {
                    if (random.nextInt(places) == 0) {
                        files.flip(number, page + random.nextInt(16));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Bytes row : rows(Family.DATA, BODIES, BODIES.prefixEnd())) {
            if (random.nextInt(places) == 0) {
                node.keyValue().flipLast(Family.DATA, row);
            }
        }
        for (Family family : List.of(Family.CATALOGUE, Family.WORK)) {
            for (Bytes row : rows(family, Bytes.of(0), KeyValue.LAST)) {
                if (random.nextInt(places) == 0) {
                    node.keyValue().flipFirst(family, row);
                }
            }
        }
    }

    private List<Bytes> rows(Family family, Bytes from, Bytes to) {
        List<Bytes> rows = new ArrayList<>();
        try (KeyValue.Cursor cursor = node.keyValue().cursor(family, from, to, Tier.DISK)) {
            while (cursor.next()) {
                rows.add(cursor.key());
            }
        }
        return rows;
    }
}
