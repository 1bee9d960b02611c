package io.roost.cluster.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockPoolTest {
    @Test
    void keepsBuffersForUseAgainUpToItsLimit() {
        BlockPool pool = new BlockPool(1);
        ByteBuffer one = pool.take();
        ByteBuffer other = pool.take();
        assertThat(pool.out()).isEqualTo(2);
        one.position(5).limit(10);
        pool.give(one);
        pool.give(other);
        assertThat(pool.out()).isZero();
        ByteBuffer again = pool.take();
        assertThat(again).isSameAs(one);
        assertThat(again.position()).isZero();
        assertThat(again.limit()).isEqualTo(Data.BLOCK_BYTES);
        assertThat(pool.take()).isNotSameAs(other);
    }

    @Test
    void dataGivesItsBlocksBackWhenReleased() {
        BlockPool pool = new BlockPool(4);
        ByteBuffer buffer = pool.take().put(new byte[] {1, 2, 3}).flip();
        Data data = pool.data(List.of(new Data.Block(buffer, Data.crc32c(buffer.duplicate()))));
        assertThat(data.isIntact()).isTrue();
        assertThat(data.toArray()).containsExactly(1, 2, 3);
        data.release();
        assertThat(pool.out()).isZero();
        assertThat(pool.take()).isSameAs(buffer);
    }

    @Test
    void sharedDataLeavesItsBlocksToWhoStillReadsThem() {
        BlockPool pool = new BlockPool(4);
        ByteBuffer buffer = pool.take().put(new byte[] {1, 2, 3}).flip();
        List<String> released = new ArrayList<>();
        Data data = pool.data(
                List.of(new Data.Block(buffer, Data.crc32c(buffer.duplicate()))), () -> released.add("released"));
        data.share();
        data.release();
        assertThat(released).hasSize(1);
        assertThat(pool.out()).isZero();
        assertThat(pool.take()).isNotSameAs(buffer);
        assertThat(data.isIntact()).isTrue();
    }

    @Test
    void arraysAmongTheBlocksDoNotEnterThePool() {
        BlockPool pool = new BlockPool(4);
        ByteBuffer array = ByteBuffer.wrap(new byte[] {1, 2, 3});
        pool.data(List.of(new Data.Block(array, Data.crc32c(array.duplicate()))))
                .release();
        assertThat(pool.out()).isZero();
        assertThat(pool.take().isDirect()).isTrue();
    }
}
