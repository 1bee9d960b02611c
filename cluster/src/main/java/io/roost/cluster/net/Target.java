package io.roost.cluster.net;

import io.roost.cluster.identity.EntityName;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.net.handshake.Entity;

/**
 * Whom to dial.
 *
 * @param name of the entity
 * @param address where it listens, and in which of its lives it is wanted; nonce 0 for any
 */
public record Target(EntityName name, NodeAddress address) {
    Entity entity() {
        return new Entity(name, address.nonce());
    }

    /** Name and address. */
    @Override
    public String toString() {
        return name + " at " + address;
    }
}
