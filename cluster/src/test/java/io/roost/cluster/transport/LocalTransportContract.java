package io.roost.cluster.transport;

import io.roost.cluster.map.NodeAddress;

/** {@link TransportContract} within a process. */
abstract class LocalTransportContract extends TransportContract {
    final LocalTransport transport;

    LocalTransportContract(LocalTransport.Mode mode) {
        transport = new LocalTransport(mode);
    }

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
