package io.roost.cluster.transport;

import io.roost.cluster.map.NodeAddress;

/** Within a process, with the codec forced. */
class LocalTransportOfBytesTest extends TransportContract {
    private final LocalTransport transport = new LocalTransport(LocalTransport.Mode.BYTES);

    @Override
    Transport here() {
        return transport;
    }

    @Override
    Transport there() {
        return transport;
    }

    @Override
    NodeAddress address(long nonce) {
        return new NodeAddress("127.0.0.1", 0, nonce);
    }

    @Override
    void stop() {
        // Nothing runs.
    }
}
