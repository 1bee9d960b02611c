package io.roost.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.SimDisk;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemoryBlockFilesTest extends BlockFileContract {
    private final SimDisk disk = new SimDisk(1);
    private final MemoryBlockFiles folder = new MemoryBlockFiles(disk);

    @Override
    protected BlockFiles folder() {
        return folder;
    }

    private static ByteBuffer filled(int value, int length) {
        byte[] bytes = new byte[length];
        java.util.Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }

    @Test
    void aPowerLossKeepsWhatWasSyncedAndTearsTheRest() throws Exception {
        Set<Byte> unsynced = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            SimDisk torn = new SimDisk(seed);
            MemoryBlockFiles files = new MemoryBlockFiles(torn);
            BlockFile file = files.create(1);
            file.write(0, filled(1, 16384));
            file.sync();
            file.write(8192, filled(2, 8192));
            torn.restart();
            BlockFile after = files.open(1);
            assertThat(after.size()).isEqualTo(16384);
            ByteBuffer bytes = ByteBuffer.allocate(16384);
            after.read(0, bytes);
            for (int i = 0; i < 8192; i++) {
                assertThat(bytes.get(i)).isEqualTo((byte) 1);
            }
            for (int i = 8192; i < 16384; i++) {
                unsynced.add(bytes.get(i));
            }
        }
        // Kept, dropped, and garbage.
        assertThat(unsynced).contains((byte) 1, (byte) 2).hasSizeGreaterThan(100);
    }

    @Test
    void aFullDiskRefusesToGrowAFileButNotToOverwrite() throws Exception {
        SimDisk small = new SimDisk(1).capacity(10_000);
        MemoryBlockFiles files = new MemoryBlockFiles(small);
        BlockFile file = files.create(1);
        file.write(0, filled(1, 9_000));
        assertThatThrownBy(() -> file.write(9_000, filled(1, 1_001))).isInstanceOf(BlockFile.NoSpaceException.class);
        file.write(0, filled(2, 9_000));
        file.truncate(0);
        assertThat(files.availableBytes()).isEqualTo(10_000);
    }
}
