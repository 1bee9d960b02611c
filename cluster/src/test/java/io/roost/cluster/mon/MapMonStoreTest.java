package io.roost.cluster.mon;

import io.roost.cluster.paxos.MonStore;

class MapMonStoreTest extends MonStoreContract {
    private final MapMonStore store = new MapMonStore();

    @Override
    MonStore create() {
        return store;
    }

    @Override
    MonStore reopened() {
        return store;
    }
}
