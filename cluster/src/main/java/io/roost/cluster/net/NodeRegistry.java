package io.roost.cluster.net;

import io.roost.cluster.identity.EntityName;
import io.roost.cluster.object.Bytes;
import io.vertx.core.Future;
import java.util.Set;

/** What the monitors know of nodes and join tokens; behind it is their replicated store. For any thread. */
public interface NodeRegistry {
    /** What became of a token. */
    enum Spending {
        /** The node is let in. */
        ACCEPTED,
        /** There is no such token. */
        UNKNOWN,
        /** It was valid until some time ago. */
        EXPIRED,
        /** It has let in somebody else. */
        USED,
        /** The token is good still, but another node has the name. */
        NAME_TAKEN
    }

    /**
     * Spends a token for a node. The store has of it: hash of the secret, when it expires, and once it is spent, for which
     * node and key. What was accepted is durable when this completes, and is accepted again for the same node and key: the
     * answer may have been lost.
     *
     * @param secretHash SHA-256 of the secret
     * @param node the name that the node wants
     * @param keyHash SHA-256 of its public key
     */
    Future<Spending> spend(Bytes secretHash, EntityName node, Bytes keyHash);

    /** For whom a node may speak, itself included; empty when it does not belong to the cluster any more. */
    Future<Set<EntityName>> entities(EntityName node);

    /** True when a monitor of this node is in the monitor map: it is to have the authority's key. */
    boolean hasMonitor(EntityName node);
}
