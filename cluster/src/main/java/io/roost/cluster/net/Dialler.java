package io.roost.cluster.net;

import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.net.handshake.Handshake;
import io.roost.cluster.net.handshake.HandshakeMessage;
import io.roost.cluster.net.handshake.Refusal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Dials: a socket to an address, TLS, handshake, within one deadline. An address that failed is not dialled again at once,
 * but later and later ({@link Backoffs}). For any thread.
 */
final class Dialler {
    /** Why a dial came to nothing. */
    record Failure(CloseCause cause, Optional<Refusal> refusal, String reason) {}

    /** What a dial comes to; exactly one of these, once, on the event loop. */
    interface Outcome {
        /** The peer has answered the handshake. */
        void established(FramedSocket socket, Handshake.Agreement agreement);

        /** It has given us the certificate that we asked for, DER. */
        void issued(HandshakeMessage.Issued issued);

        /** It has not. */
        void failed(Failure failure);
    }

    private record Address(String host, int port) {}

    private final MessengerConfig config;
    private final MessengerMetrics metrics;
    private final NetClient client;
    private final Backoffs<Address> backoffs;

    Dialler(Vertx vertx, MessengerConfig config, MessengerMetrics metrics) {
        this.config = config;
        this.metrics = metrics;
        this.backoffs =
                new Backoffs<>(config.times().minBackoff(), config.times().maxBackoff());
        this.client = vertx.createNetClient(new NetClientOptions()
                .setConnectTimeout(Math.toIntExact(config.times().dial().toMillis()))
                .setTcpNoDelay(true));
    }

    /**
     * Dials on an event loop.
     *
     * @param tls empty for a connection in the clear
     * @param handshakes makes the handshake of what the peer has shown
     */
    void dial(
            Target target,
            Context context,
            Optional<Negotiation.Tls> tls,
            Function<Handshake.Proof, Handshake> handshakes,
            Outcome outcome) {
        Address address = new Address(target.address().host(), target.address().port());
        Dial dial = new Dial(address, context, tls, handshakes, outcome);
        long delayMillis = TimeUnit.NANOSECONDS.toMillis(backoffs.pauseNanos(address, System.nanoTime()));
        if (delayMillis > 0) {
            context.runOnContext(v -> context.owner().setTimer(delayMillis, id -> dial.begin()));
        } else {
            context.runOnContext(v -> dial.begin());
        }
    }

    /** Closes all sockets. */
    Future<Void> close() {
        return client.close();
    }

    /** True when a host answered that nobody listens. Other failures are no proof that a process is gone. */
    private static boolean isConnectionRefused(Throwable failure) {
        // Timeouts and missing routes have the same or no type; the text is the platform's, in English or not
        // recognised.
        return failure instanceof ConnectException
                && String.valueOf(failure.getMessage()).contains("refused");
    }

    private final class Dial implements Negotiation.Outcome {
        private final Address address;
        private final Context context;
        private final Optional<Negotiation.Tls> tls;
        private final Function<Handshake.Proof, Handshake> handshakes;
        private final Outcome outcome;
        private long beginNanos;

        Dial(
                Address address,
                Context context,
                Optional<Negotiation.Tls> tls,
                Function<Handshake.Proof, Handshake> handshakes,
                Outcome outcome) {
            this.address = address;
            this.context = context;
            this.tls = tls;
            this.handshakes = handshakes;
            this.outcome = outcome;
        }

        void begin() {
            beginNanos = System.nanoTime();
            NodeAddress listens = new NodeAddress(address.host(), address.port(), 0);
            NodeAddress dialled = config.detours().getOrDefault(listens, listens);
            client.connect(dialled.port(), dialled.host())
                    .onComplete(connected -> context.runOnContext(v -> {
                        if (connected.succeeded()) {
                            negotiate(connected.result());
                        } else {
                            Throwable failure = connected.cause();
                            fail(
                                    isConnectionRefused(failure)
                                            ? CloseCause.CONNECTION_REFUSED
                                            : CloseCause.UNREACHABLE,
                                    Optional.empty(),
                                    String.valueOf(failure));
                        }
                    }));
        }

        private void negotiate(NetSocket netSocket) {
            FramedSocket socket =
                    new FramedSocket(netSocket, context, HandshakeMessage.MAX_BYTES, metrics.handshakes());
            long leftNanos = config.times().dial().toNanos() - (System.nanoTime() - beginNanos);
            Negotiation.start(
                    socket,
                    tls,
                    handshakes,
                    Duration.ofNanos(Math.max(leftNanos, TimeUnit.MILLISECONDS.toNanos(1))),
                    this);
        }

        private void fail(CloseCause cause, Optional<Refusal> refusal, String reason) {
            backoffs.onFailed(address, beginNanos, System.nanoTime());
            outcome.failed(new Failure(cause, refusal, reason));
        }

        @Override
        public void established(FramedSocket socket, Handshake.Agreement agreement) {
            backoffs.onReached(address);
            outcome.established(socket, agreement);
        }

        @Override
        public void issued(HandshakeMessage.Issued issued) {
            backoffs.onReached(address);
            outcome.issued(issued);
        }

        @Override
        public void refused(Refusal refusal, String reason) {
            CloseCause cause = refusal == Refusal.TIMEOUT ? CloseCause.UNREACHABLE : CloseCause.REFUSED;
            fail(cause, Optional.of(refusal), reason);
        }

        @Override
        public void ended(Optional<Throwable> failure) {
            fail(
                    CloseCause.RESET,
                    Optional.empty(),
                    failure.map(Throwable::toString).orElse("closed in the handshake"));
        }

        @Override
        public void wantsCertificate(Negotiation negotiation, HandshakeMessage.ForCertificate wish) {
            throw new IllegalStateException("who dials does not issue certificates");
        }
    }
}
