package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

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
    private final List<Row> written = new ArrayList<>();

    private record Row(Family family, Bytes key, Bytes value) {}

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

    /**
     * Flips a bit in about one of so many places where no checksum notices it: values, and attributes. To be called when
     * nothing is written any more.
     */
    void spreadUnnoticed(int places) {
        node.count("disk: bits flip that no checksum covers");
        Bytes values = Bytes.of('v');
        flipUnnoticed(Family.DATA, rows(Family.DATA, values, values.prefixEnd()), places);
        for (Family family : List.of(Family.CATALOGUE, Family.WORK)) {
            flipUnnoticed(family, rows(family, Bytes.of(0), KeyValue.LAST), places);
        }
    }

    private void flipUnnoticed(Family family, List<Bytes> rows, int places) {
        for (Bytes row : rows) {
            if (random.nextInt(places) == 0) {
                flipUnnoticed(family, row);
            }
        }
    }

    /** Flips a bit of a row where no checksum notices it. */
    void flipUnnoticed(Family family, Bytes row) {
        written.add(new Row(family, row, node.keyValue().get(family, row, Tier.DISK)));
        node.keyValue().flipLast(family, row);
    }

    /** What was flipped unnoticed is as it was written, where it still is. */
    void checkIsMended() {
        for (Row row : written) {
            Bytes now = node.keyValue().get(row.family(), row.key(), Tier.DISK);
            assertThat(now == null || now.equals(row.value()))
                    .as("%s of %s on %s is as it was written", row.key(), row.family(), node.name())
                    .isTrue();
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
