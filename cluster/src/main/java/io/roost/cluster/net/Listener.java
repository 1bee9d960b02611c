package io.roost.cluster.net;

import io.roost.cluster.net.handshake.Handshake;
import io.roost.cluster.net.handshake.HandshakeMessage;
import io.roost.cluster.net.handshake.Refusal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts peers on every event loop and hands over those whose handshake succeeds; answers wishes for certificates. */
final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    /** Peers that the kernel has accepted and nobody has looked at yet. */
    private static final int BACKLOG = 1024;

    private static final AtomicInteger NEXT_FREE = new AtomicInteger(-1);

    private final Messenger messenger;
    private final RefusalLog refusals;
    private final List<NetServer> servers = new ArrayList<>();

    /** Host → peers from there that have not said who they are. */
    private final Map<String, Integer> negotiating = new HashMap<>();

    private int negotiatingCount;

    Listener(Messenger messenger, RefusalLog refusals) {
        this.messenger = messenger;
        this.refusals = refusals;
    }

    /** Listens; the port, when it is had. */
    Future<Integer> listen(String host, int port) {
        // Vert.x lets servers of one port share it, so that each loop accepts its part; and those of one negative
        // number
        // share a free port.
        int shared = port == 0 ? NEXT_FREE.getAndDecrement() : port;
        List<Future<Integer>> bound = new ArrayList<>();
        messenger.loops().forEach(loop -> bound.add(bind(loop, host, shared)));
        return Future.all(bound).map(all -> all.resultAt(0));
    }

    private Future<Integer> bind(Context loop, String host, int port) {
        NetServerOptions options = new NetServerOptions()
                .setHost(host)
                .setPort(port)
                .setAcceptBacklog(BACKLOG)
                .setTcpNoDelay(true);
        NetServer server = loop.owner()
                .createNetServer(options)
                .connectHandler(socket -> accept(socket, loop))
                .exceptionHandler(broken -> LOG.warn("a peer was lost before it was accepted: {}", broken.toString()));
        synchronized (servers) {
            servers.add(server);
        }
        Promise<Integer> bound = Promise.promise();
        loop.runOnContext(v -> server.listen().map(NetServer::actualPort).onComplete(bound));
        return bound.future();
    }

    /** Listens no more. */
    Future<Void> close() {
        List<Future<Void>> closes = new ArrayList<>();
        synchronized (servers) {
            servers.forEach(server -> closes.add(server.close()));
        }
        return Future.join(closes).mapEmpty();
    }

    private void accept(NetSocket netSocket, Context loop) {
        MessengerConfig config = messenger.config();
        String host = String.valueOf(netSocket.remoteAddress().hostAddress());
        if (!enter(host)) {
            refusals.refused(String.valueOf(netSocket.remoteAddress()), Refusal.TOO_MANY, "too many connections");
            netSocket.close();
            return;
        }
        FramedSocket socket = new FramedSocket(
                netSocket, loop, HandshakeMessage.MAX_BYTES, messenger.metrics().handshakes());
        Negotiation.start(
                socket,
                messenger.serverTls(),
                messenger::acceptHandshake,
                config.times().handshake(),
                new Accepted(socket, host, loop));
    }

    private synchronized boolean enter(String host) {
        MessengerConfig.Sizes sizes = messenger.config().sizes();
        int fromHost = negotiating.getOrDefault(host, 0);
        if (negotiatingCount >= sizes.handshakes()
                || fromHost >= sizes.handshakesPerHost()
                || messenger.connectionCount() >= sizes.connections()) {
            return false;
        }
        negotiatingCount++;
        negotiating.put(host, fromHost + 1);
        return true;
    }

    private synchronized void leave(String host) {
        negotiatingCount--;
        negotiating.computeIfPresent(host, (same, count) -> count > 1 ? count - 1 : null);
    }

    private final class Accepted implements Negotiation.Outcome {
        private final FramedSocket socket;
        private final String host;
        private final Context loop;

        Accepted(FramedSocket socket, String host, Context loop) {
            this.socket = socket;
            this.host = host;
            this.loop = loop;
        }

        @Override
        public void established(FramedSocket established, Handshake.Agreement agreement) {
            leave(host);
            messenger.accepted(established, agreement, loop);
        }

        @Override
        public void refused(Refusal refusal, String reason) {
            leave(host);
            refusals.refused(socket.remoteAddress(), refusal, reason);
        }

        @Override
        public void ended(Optional<Throwable> failure) {
            leave(host);
            LOG.debug(
                    "{} went away: {}",
                    socket.remoteAddress(),
                    failure.map(Throwable::toString).orElse("closed"));
        }

        @Override
        public void wantsCertificate(Negotiation negotiation, HandshakeMessage.ForCertificate wish) {
            messenger
                    .issue(wish, negotiation.proof())
                    .timeout(messenger.config().times().handshake().toMillis(), TimeUnit.MILLISECONDS)
                    .otherwise(failure -> {
                        LOG.warn("no decision about a certificate for {}", socket.remoteAddress(), failure);
                        return new HandshakeMessage.Refused(Refusal.UNAVAILABLE, "the monitor could not decide");
                    })
                    .onSuccess(answer -> loop.runOnContext(v -> answer(negotiation, wish, answer)));
        }

        @Override
        public void issued(HandshakeMessage.Issued issued) {
            throw new IllegalStateException("who listens asks for no certificate");
        }

        private void answer(
                Negotiation negotiation, HandshakeMessage.ForCertificate wish, HandshakeMessage.ToDialler answer) {
            leave(host);
            if (answer instanceof HandshakeMessage.Refused refused) {
                refusals.refused(socket.remoteAddress(), refused.refusal(), refused.reason());
            } else {
                messenger.metrics().certificateIssued();
                LOG.info("issued a certificate to {}: {}", socket.remoteAddress(), wish);
            }
            negotiation.answer(answer);
        }
    }
}
