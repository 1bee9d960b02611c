package io.roost.cluster.store;

import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;

class MemoryObjectStoreTest extends ObjectStoreContract {
    private final SimDisk disk = new SimDisk(1).capacity(256 << 20);
    private final MemoryKeyValue rows = new MemoryKeyValue(disk);
    private final MemoryBlockFiles files = new MemoryBlockFiles(disk);

    @Override
    protected ObjectStore open(StoreConfig config) {
        return ObjectStore.open(config, rows, files, pool);
    }
}
