package io.roost.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExtentAllocatorTest {
    private static final int U = Extent.UNIT_BYTES;
    private final ExtentAllocator allocator = new ExtentAllocator();

    private static Extent extent(int file, int unit, int units) {
        return new Extent(file, (long) unit * U, (long) units * U);
    }

    @Test
    void takesTheSmallestPieceThatIsLongEnough() {
        allocator.release(extent(1, 0, 10));
        allocator.release(extent(1, 20, 4));
        allocator.release(extent(2, 0, 5));
        assertThat(allocator.allocate(4 * U)).containsExactly(extent(1, 20, 4));
        assertThat(allocator.allocate(4 * U)).containsExactly(extent(2, 0, 4));
        assertThat(allocator.allocate(6 * U)).containsExactly(extent(1, 0, 6));
        assertThat(allocator.freeBytes()).isEqualTo(5L * U);
    }

    @Test
    void putsALongBodyTogetherFromTheLongestPieces() {
        allocator.release(extent(1, 0, 2));
        allocator.release(extent(1, 10, 5));
        allocator.release(extent(3, 0, 4));
        assertThat(allocator.allocate(10 * U)).containsExactly(extent(1, 10, 5), extent(3, 0, 4), extent(1, 0, 1));
        assertThat(allocator.allocate(2 * U)).isEmpty();
        assertThat(allocator.freeBytes()).isEqualTo(U);
    }

    @Test
    void joinsAFreedPieceWithItsNeighboursOfTheSameFile() {
        allocator.release(extent(1, 0, 2));
        allocator.release(extent(1, 4, 2));
        allocator.release(extent(2, 2, 2));
        allocator.release(extent(1, 2, 2));
        assertThat(allocator.free()).containsExactly(extent(1, 0, 6), extent(2, 2, 2));
        assertThat(allocator.longestBytes()).isEqualTo(6L * U);
        assertThat(allocator.tail(1, 6L * U)).isEqualTo(extent(1, 0, 6));
        assertThat(allocator.tail(1, 7L * U)).isNull();
        assertThat(allocator.tail(9, 0)).isNull();
    }

    @Test
    void refusesToFreeTwice() {
        allocator.release(extent(1, 0, 4));
        assertThatThrownBy(() -> allocator.release(extent(1, 3, 2))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> allocator.release(extent(1, 0, 1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void reservesACertainPieceOnlyWhenAllOfItIsFree() {
        allocator.release(extent(1, 0, 10));
        assertThat(allocator.reserve(extent(1, 3, 2))).isTrue();
        assertThat(allocator.reserve(extent(1, 4, 2))).isFalse();
        assertThat(allocator.reserve(extent(1, 9, 2))).isFalse();
        assertThat(allocator.reserve(extent(2, 0, 1))).isFalse();
        assertThat(allocator.free()).containsExactly(extent(1, 0, 3), extent(1, 5, 5));
    }

    @Test
    void neverGivesAUnitTwiceNorLosesOne() {
        long seed = 42;
        Random random = new Random(seed);
        int units = 2000;
        allocator.release(extent(1, 0, units));
        BitSet taken = new BitSet();
        List<Extent> held = new ArrayList<>();
        for (int round = 0; round < 20_000; round++) {
            if (random.nextInt(100) < 52) {
                for (Extent extent : allocator.allocate((1L + random.nextInt(30)) * U)) {
                    int begin = (int) (extent.offset() / U);
                    int end = (int) (extent.end() / U);
                    int clash = taken.nextSetBit(begin);
                    assertThat(clash < 0 || clash >= end)
                            .as("seed %d round %d", seed, round)
                            .isTrue();
                    taken.set(begin, end);
                    held.add(extent);
                }
            } else if (!held.isEmpty()) {
                Extent extent = held.remove(random.nextInt(held.size()));
                taken.clear((int) (extent.offset() / U), (int) (extent.end() / U));
                allocator.release(extent);
            }
            assertThat(allocator.freeBytes()).isEqualTo((long) (units - taken.cardinality()) * U);
        }
        held.forEach(allocator::release);
        assertThat(allocator.free()).containsExactly(extent(1, 0, units));
    }
}
