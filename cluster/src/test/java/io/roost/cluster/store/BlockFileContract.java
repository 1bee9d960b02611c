package io.roost.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link BlockFiles} keeps to. */
public abstract class BlockFileContract {
    /** The folder; the same one again when it was open before. */
    protected abstract BlockFiles folder() throws Exception;

    private static ByteBuffer random(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static ByteBuffer read(BlockFile file, long offset, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        file.read(offset, into);
        return into.flip();
    }

    @Test
    void filesAreListedByNumber() throws Exception {
        BlockFiles folder = folder();
        assertThat(folder.list()).isEmpty();
        folder.create(12).close();
        folder.create(3).close();
        assertThat(folder.list()).containsExactly(3, 12);
        assertThat(folder().list()).containsExactly(3, 12);
        assertThatThrownBy(() -> folder.create(3)).isInstanceOf(IOException.class);
        folder.delete(3);
        assertThat(folder.list()).containsExactly(12);
        assertThatThrownBy(() -> folder.open(3)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> folder.delete(3)).isInstanceOf(IOException.class);
        assertThat(folder.availableBytes()).isPositive();
        assertThat(folder.capacityBytes()).isGreaterThanOrEqualTo(folder.availableBytes());
    }

    @Test
    void bytesAreReadWhereTheyWereWritten() throws Exception {
        BlockFile file = folder().create(1);
        assertThat(file.size()).isZero();
        file.write(0, random(1, 10_000));
        file.write(5_000, random(2, 10_000));
        assertThat(file.size()).isEqualTo(15_000);
        assertThat(read(file, 0, 5_000)).isEqualTo(random(1, 10_000).limit(5_000));
        assertThat(read(file, 5_000, 10_000)).isEqualTo(random(2, 10_000));
        ByteBuffer direct = ByteBuffer.allocateDirect(100);
        direct.put(random(3, 100)).flip();
        file.write(200, direct);
        file.sync();
        assertThat(read(file, 200, 100)).isEqualTo(random(3, 100));
        file.close();
        BlockFile again = folder().open(1);
        assertThat(again.size()).isEqualTo(15_000);
        assertThat(read(again, 5_000, 10_000)).isEqualTo(random(2, 10_000));
        again.close();
    }

    @Test
    void readingBehindTheEndFails() throws Exception {
        BlockFile file = folder().create(1);
        file.write(0, random(1, 100));
        assertThatThrownBy(() -> read(file, 50, 51)).isInstanceOf(IOException.class);
        assertThat(read(file, 50, 50)).isEqualTo(random(1, 100).position(50).slice());
        file.close();
    }

    @Test
    void truncatingCutsTheEndOff() throws Exception {
        BlockFile file = folder().create(1);
        file.write(0, random(1, 8192));
        file.truncate(4096);
        assertThat(file.size()).isEqualTo(4096);
        assertThatThrownBy(() -> read(file, 4000, 100)).isInstanceOf(IOException.class);
        assertThat(read(file, 0, 4096)).isEqualTo(random(1, 8192).limit(4096));
        file.write(4096, random(2, 10));
        assertThat(file.size()).isEqualTo(4106);
        file.close();
    }
}
