package io.roost.cluster.net;

import io.roost.cluster.identity.EntityName;
import io.roost.cluster.net.handshake.AcceptHandshake;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.DialHandshake;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.net.handshake.Handshake;
import io.roost.cluster.net.handshake.HandshakeMessage;
import io.roost.cluster.object.Bytes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries messages between the entities of this process and those of others, over mutual TLS. It knows nothing of what the
 * messages say. For any thread.
 */
public final class Messenger {
    private static final Logger LOG = LoggerFactory.getLogger(Messenger.class);

    /** Payloads of frames on encrypted connections have no checksums: TLS shows every changed byte. */
    static final long UNCHECKED_PAYLOADS = 1;

    /** What this version of the program can do beyond the protocol's version, a bit each. */
    static final long FEATURES = UNCHECKED_PAYLOADS;

    private record Key(Entity self, Target target, Channel channel, int loop) {}

    private final List<Context> loops;
    private final MessengerConfig config;
    private final UUID fsid;
    private final Optional<NodeTls> tls;
    private final Optional<CertificateIssuer> issuer;
    private final SecureRandom random;
    private final MessengerMetrics metrics = new MessengerMetrics();
    private final RefusalLog refusals = new RefusalLog(metrics);
    private final ReceiveBudget budget;
    private final Connection.Shared shared;
    private final Dialler dialler;
    private final Listener listener;
    private final ExecutorService handshakes;
    private final Map<EntityName, Endpoint> endpoints = new ConcurrentHashMap<>();
    private final Map<Long, Connection> sessions = new ConcurrentHashMap<>();
    private final Map<Key, Connection> dialled = new ConcurrentHashMap<>();
    private final AtomicLong nextSession = new AtomicLong(1);
    private volatile boolean closed;

    /**
     * A messenger that does not listen yet.
     *
     * @param loops a context on every event loop that connections may live on
     * @param issuer on monitors
     * @param random for challenges
     */
    public Messenger(
            Vertx vertx,
            List<Context> loops,
            MessengerConfig config,
            NodeTls tls,
            Optional<CertificateIssuer> issuer,
            SecureRandom random) {
        this(vertx, loops, config, tls.certificate().trust().fsid(), Optional.of(tls), issuer, random);
    }

    private Messenger(
            Vertx vertx,
            List<Context> loops,
            MessengerConfig config,
            UUID fsid,
            Optional<NodeTls> tls,
            Optional<CertificateIssuer> issuer,
            SecureRandom random) {
        this.loops = List.copyOf(loops);
        this.config = config;
        this.fsid = fsid;
        this.tls = tls;
        this.issuer = issuer;
        this.random = random;
        this.budget = new ReceiveBudget(config.sizes().receiveBytes());
        this.shared = new Connection.Shared(config, metrics, budget, refusals);
        this.dialler = new Dialler(vertx, config, metrics);
        this.listener = new Listener(this, refusals);
        // Signatures take a millisecond each: not on an event loop, and not more than one core's worth of them.
        this.handshakes = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "messenger-tls");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** A messenger without TLS, where everybody is who he says he is; for tests and measurements. */
    static Messenger inTheClear(
            Vertx vertx, List<Context> loops, MessengerConfig config, UUID fsid, SecureRandom random) {
        return new Messenger(vertx, loops, config, fsid, Optional.empty(), Optional.empty(), random);
    }

    /**
     * Listens for peers.
     *
     * @param port 0 for a free one
     * @return the port
     */
    public Future<Integer> listen(String host, int port) {
        return listener.listen(host, port);
    }

    /** What it counts. */
    public MessengerMetrics metrics() {
        return metrics;
    }

    /** Bytes of memory reserved for messages that are being received. */
    public int receivingBytes() {
        return budget.usedBytes();
    }

    /**
     * Makes an entity of this process known, so that peers find it and it can dial.
     *
     * @throws IllegalStateException when it is known already
     */
    public Endpoint register(Entity self, Receiver receiver) {
        Endpoint endpoint = new Endpoint(this, self, receiver);
        if (endpoints.putIfAbsent(self.name(), endpoint) != null) {
            throw new IllegalStateException(self.name() + " is here already");
        }
        return endpoint;
    }

    /** The connection of a session that has not ended. */
    public Optional<Connection> connection(long session) {
        return Optional.ofNullable(sessions.get(session));
    }

    /** Closes all connections in good order, then the sockets. */
    public Future<Void> close() {
        closed = true;
        endpoints.clear();
        List<Future<Void>> closes = new ArrayList<>();
        sessions.values().forEach(connection -> closes.add(connection.close()));
        // The listener last: Vert.x closes what a server has accepted with it, and in no order.
        return Future.join(closes)
                .compose(v -> listener.close())
                .compose(v -> dialler.close())
                .onComplete(v -> handshakes.shutdown());
    }

    List<Context> loops() {
        return loops;
    }

    MessengerConfig config() {
        return config;
    }

    int connectionCount() {
        return sessions.size();
    }

    Optional<Negotiation.Tls> serverTls() {
        return tls.map(node -> new Negotiation.Tls(node.server(), handshakes, node::peer));
    }

    private Optional<Negotiation.Tls> clientTls() {
        return tls.map(node -> new Negotiation.Tls(node.client(), handshakes, node::peer));
    }

    Handshake acceptHandshake(Handshake.Proof proof) {
        byte[] nonce = new byte[HandshakeMessage.NONCE_BYTES];
        random.nextBytes(nonce);
        return new AcceptHandshake(fsid, new LocalEntities(), proof, Bytes.wrap(nonce), FEATURES);
    }

    Future<HandshakeMessage.ToDialler> issue(HandshakeMessage.ForCertificate wish, Handshake.Proof proof) {
        return issuer.orElseThrow().issue(wish, proof);
    }

    /** A peer has dialled; on its event loop. */
    void accepted(FramedSocket socket, Handshake.Agreement agreement, Context context) {
        Endpoint endpoint = endpoints.get(agreement.self().name());
        if (endpoint == null) {
            // It was closed a moment ago.
            socket.close();
            return;
        }
        long session = nextSession.getAndIncrement();
        Connection connection = new Connection(
                session, agreement, endpoint.receiver(), shared, context, () -> sessions.remove(session));
        sessions.put(session, connection);
        connection.open(socket, agreement);
    }

    Connection connection(Endpoint endpoint, Target target, Channel channel, int loop) {
        Key key = new Key(endpoint.self(), target, channel, loop);
        Connection present = dialled.get(key);
        if (present != null && present.isUsable()) {
            return present;
        }
        AtomicInteger made = new AtomicInteger();
        Connection connection = dialled.compute(key, (same, old) -> {
            if (old != null && old.isUsable()) {
                return old;
            }
            made.incrementAndGet();
            return create(endpoint, key);
        });
        if (made.get() > 0) {
            dial(connection, key);
        }
        return connection;
    }

    private Connection create(Endpoint endpoint, Key key) {
        long session = nextSession.getAndIncrement();
        Handshake.Agreement wanted =
                new Handshake.Agreement(key.self(), key.target().entity(), key.channel(), FEATURES);
        Connection[] self = new Connection[1];
        self[0] = new Connection(session, wanted, endpoint.receiver(), shared, loops.get(key.loop()), () -> {
            sessions.remove(session);
            dialled.remove(key, self[0]);
        });
        sessions.put(session, self[0]);
        return self[0];
    }

    private void dial(Connection connection, Key key) {
        Handshake.Agreement wanted =
                new Handshake.Agreement(key.self(), key.target().entity(), key.channel(), FEATURES);
        if (closed) {
            connection.close();
            return;
        }
        dialler.dial(
                key.target(),
                connection.context(),
                clientTls(),
                proof -> new DialHandshake(fsid, wanted, proof),
                new Dialler.Outcome() {
                    @Override
                    public void established(FramedSocket socket, Handshake.Agreement agreement) {
                        connection.open(socket, agreement);
                    }

                    @Override
                    public void issued(HandshakeMessage.Issued issued) {
                        throw new IllegalStateException("nobody has asked for a certificate");
                    }

                    @Override
                    public void failed(Dialler.Failure failure) {
                        failure.refusal()
                                .ifPresentOrElse(
                                        refusal -> refusals.refused(key.target().toString(), refusal, failure.reason()),
                                        () -> LOG.debug("{} was not reached: {}", key.target(), failure.reason()));
                        connection.end(failure.cause());
                    }
                });
    }

    List<Connection> connections(Endpoint endpoint) {
        return sessions.values().stream()
                .filter(connection -> connection.self().equals(endpoint.self()))
                .toList();
    }

    void unregister(Endpoint endpoint) {
        endpoints.remove(endpoint.self().name(), endpoint);
        connections(endpoint).forEach(Connection::close);
    }

    private final class LocalEntities implements AcceptHandshake.Local {
        @Override
        public Optional<Entity> entity(EntityName name) {
            return Optional.ofNullable(endpoints.get(name)).map(Endpoint::self);
        }

        @Override
        public boolean admits(EntityName self, Entity peer) {
            Endpoint endpoint = endpoints.get(self);
            return endpoint != null && endpoint.receiver().admits(peer);
        }

        @Override
        public boolean isIssuer() {
            return issuer.isPresent();
        }
    }
}
