package io.roost.cluster.store;

import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;

class MemoryKeyValueTest extends KeyValueContract {
    private final MemoryKeyValue model = new MemoryKeyValue(new SimDisk(1));

    @Override
    protected KeyValue open() {
        return model;
    }
}
