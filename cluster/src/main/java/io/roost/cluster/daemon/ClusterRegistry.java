package io.roost.cluster.daemon;

import io.roost.cluster.crush.CrushBucket;
import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.JoinToken;
import io.roost.cluster.identity.NodeCertificate;
import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.net.NodeRegistry;
import io.roost.cluster.object.Bytes;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What the monitors know of nodes and join tokens, by their commands and settings. A node may speak for itself, for a client
 * and a monitor of its name, and for the OSDs of the host of its name.
 */
final class ClusterRegistry implements NodeRegistry {
    private final Supplier<ClientNode> client;
    /** Let in a moment ago: the settings that say so may not have come yet. */
    private final Set<EntityName> admitted = ConcurrentHashMap.newKeySet();

    /** A registry over a client of the cluster, null while there is none yet. */
    ClusterRegistry(Supplier<ClientNode> client) {
        this.client = client;
    }

    private Optional<ClientNode> client() {
        return Optional.ofNullable(client.get());
    }

    private static <T> Future<T> unavailable() {
        return Future.failedFuture(new IOException("the node has no monitor yet"));
    }

    @Override
    public Future<Spending> spend(Bytes secretHash, EntityName node, Bytes keyHash) {
        if (client().isEmpty()) {
            return unavailable();
        }
        return client().get()
                .command(new MonCommand.AdmitNode(secretHash, node.id(), keyHash))
                .map(reply -> {
                    Spending spending = Spending.valueOf(
                            reply.text().toUpperCase(Locale.ROOT).replace('-', '_'));
                    if (spending == Spending.ACCEPTED) {
                        admitted.add(node);
                    }
                    return spending;
                });
    }

    @Override
    public Future<Set<EntityName>> entities(EntityName node) {
        if (client().isEmpty()) {
            return unavailable();
        }
        ClientNode known = client().get();
        boolean isMember = admitted.contains(node)
                || known.config()
                        .map(ClusterConfig::sections)
                        .map(sections -> sections.containsKey(node.toString()))
                        .orElse(false);
        if (!isMember) {
            return Future.succeededFuture(Set.of());
        }
        Set<EntityName> entities = new TreeSet<>(Set.of(node, EntityName.client(node.id()), EntityName.mon(node.id())));
        OsdMap map = known.osdMap();
        Optional<CrushBucket> host = map.state().crush().bucket(node.id());
        host.ifPresent(bucket -> bucket.items().stream()
                .map(CrushItem::id)
                .filter(id -> id >= 0 && map.osd(id) != null)
                .forEach(id -> entities.add(EntityName.osd(id))));
        return Future.succeededFuture(entities);
    }

    @Override
    public boolean hasMonitor(EntityName node) {
        return client().map(known -> known.monMap().rank(node.id()) >= 0).orElse(false);
    }

    /** Makes the node of this certificate known: the first one has not joined. */
    Future<Void> enter(NodeCertificate certificate) {
        Optional<EntityName> node = certificate.peer().entities().stream()
                .filter(name -> name.kind() == EntityName.Kind.NODE)
                .findFirst();
        if (node.isEmpty() || client().isEmpty()) {
            return Future.succeededFuture();
        }
        Bytes key = Bytes.wrap(certificate.chain().get(0).getPublicKey().getEncoded());
        return client().get()
                .command(new MonCommand.SetSetting(
                        node.get().toString(),
                        "key",
                        Optional.of(JoinToken.hash(key).hex())))
                .mapEmpty();
    }

    /** Lets the monitors know a token. */
    Future<JoinToken> createToken(JoinToken token) {
        if (client().isEmpty()) {
            return unavailable();
        }
        return client().get()
                .command(new MonCommand.CreateToken(
                        token.secretHash(), token.expires().toEpochMilli()))
                .compose(reply -> reply.outcome() == MonCommand.Outcome.DONE
                        ? Future.succeededFuture(token)
                        : Future.failedFuture(new IOException(reply.text())));
    }
}
