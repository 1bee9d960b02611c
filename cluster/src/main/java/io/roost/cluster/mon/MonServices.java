package io.roost.cluster.mon;

import io.roost.cluster.message.MonMessage;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonTransaction;
import java.util.List;
import java.util.UUID;

/** All services of a monitor, over a store that holds a state. */
final class MonServices {
    private final OsdMapService osdMaps;
    private final MonMapService monMaps;
    private final ConfigService configs;
    private final List<MonService> all;
    private final Subscriptions subscriptions;

    MonServices(MonStore store, UUID fsid) {
        osdMaps = new OsdMapService(store);
        monMaps = new MonMapService(store);
        configs = new ConfigService(store);
        all = List.of(osdMaps, monMaps, new AuthService(store), configs);
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

    Prepared prepare(MonMessage.ToMonitor message, long wallMillis) {
        for (MonService service : all) {
            Prepared prepared = service.prepare(message, wallMillis);
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
    void onTerm() {
        all.forEach(MonService::onTerm);
    }
}
