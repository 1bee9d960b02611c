package io.roost.cluster.transport;

/** Within a process, with the codec forced. */
class LocalTransportOfBytesTest extends LocalTransportContract {
    LocalTransportOfBytesTest() {
        super(LocalTransport.Mode.BYTES);
    }
}
