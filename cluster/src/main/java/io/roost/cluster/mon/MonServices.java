package io.roost.cluster.mon;

import io.roost.cluster.message.MonMessage;
import io.roost.cluster.paxos.LogLimits;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.paxos.Quorum;
import java.util.List;
import java.util.UUID;

/** All services of a monitor, over a store that holds a state. */
final class MonServices {
    private final OsdMapService osdMaps;
    private final MonMapService monMaps;
    private final ConfigService configs;
    private final ClusterLog log;
    private final List<MonService> all;
    private final Subscriptions subscriptions;

    MonServices(MonStore store, UUID fsid, Quorum quorum, LogLimits limits) {
        log = new ClusterLog(store);
        configs = new ConfigService(store);
        osdMaps = new OsdMapService(store, configs, log, limits);
        monMaps = new MonMapService(store, quorum, log);
        Health health = new Health(osdMaps, monMaps, configs, quorum);
        all = List.of(osdMaps, monMaps, new AuthService(store), configs, health, log);
        subscriptions = new Subscriptions(osdMaps, monMaps, configs);
        Mkfs.checkFsid(store, fsid, osdMaps.map(), monMaps.map());
    }

    OsdMapService osdMaps() {
        return osdMaps;
    }

    MonMapService monMaps() {
        return monMaps;
    }

    ConfigService configs() {
        return configs;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    Prepared prepare(MonMessage.ToMonitor message, Clocks now) {
        for (MonService service : all) {
            Prepared prepared = service.prepare(message, now);
            if (prepared.kind() != Prepared.Kind.NOT_MINE) {
                return prepared;
            }
        }
        throw new IllegalStateException("no service takes " + message);
    }

    /** All pending changes, which the services forget. */
    MonTransaction pending(long wallMillis) {
        MonTransaction transaction = new MonTransaction();
        all.forEach(service -> service.encodePending(transaction, wallMillis));
        return transaction;
    }

    void refresh() {
        all.forEach(MonService::refresh);
    }

    /** This monitor begins to lead, or does not any more. */
    void onTerm(Clocks now) {
        all.forEach(service -> service.onTerm(now));
    }

    /** About a second has passed, and this monitor leads. */
    void onTick(Clocks now) {
        all.forEach(service -> service.onTick(now));
    }
}
