package io.roost.cluster.mon;

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
