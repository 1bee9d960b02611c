package io.roost.cluster.osd;

import io.roost.cluster.client.MonClient;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.MonMessage;
import java.util.Optional;

/** A client's use of its {@link MonitorSessions}. */
final class ClientMonitorLink implements MonitorSessions.Listener {
    private final ClientNode client;

    private ClientMonitorLink(ClientNode client) {
        this.client = client;
    }

    /** The link of a client whose life begins. */
    static MapLink of(ClientNode client, MonMap seed, OsdMap first) {
        return new MonitorSessions(
                client.node(), seed, Optional.of(first), MonClient.FirstMap.NEWEST, new ClientMonitorLink(client));
    }

    @Override
    public void onMap(OsdMap map) {
        client.onMap(map);
    }

    @Override
    public void onSession() {
        // Nothing is told that must not be lost.
    }

    @Override
    public void onReply(MonMessage.FromMonitor reply) {
        throw new AssertionError("nothing is asked: " + reply);
    }

    @Override
    public void onGone(String osd, long nonce) {
        client.onReset(osd);
    }
}
