package io.roost.cluster.net.handshake;

import io.roost.cluster.identity.EntityName;

/**
 * An entity in one of its lives.
 *
 * @param name of the entity
 * @param nonce another in every life, as in its address; 0 for one that keeps its address, or for any life
 */
public record Entity(EntityName name, long nonce) {
    /** Name and nonce: {@code osd.3/77}. */
    @Override
    public String toString() {
        return name + "/" + nonce;
    }
}
