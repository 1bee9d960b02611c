package io.roost.cluster.net;

import io.roost.cluster.identity.CertificateAuthority;
import io.roost.cluster.identity.CertificateRequest;
import io.roost.cluster.identity.CertifiedPeer;
import io.roost.cluster.identity.ClusterTrust;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.JoinToken;
import io.roost.cluster.identity.NodeCertificate;
import io.roost.cluster.identity.NodeKey;
import io.roost.cluster.net.handshake.CertificateHandshake;
import io.roost.cluster.net.handshake.Handshake;
import io.roost.cluster.net.handshake.HandshakeMessage;
import io.roost.cluster.net.handshake.Refusal;
import io.roost.cluster.object.Bytes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Gets certificates from monitors: a node's first with a join token, the next with the present one. Monitors are asked one
 * after the other until one answers, always with the same key, so that a lost answer can be asked for again.
 */
public final class CertificateClient {
    private final Context context;
    private final Dialler dialler;
    private final InstantSource clock;
    private final SecureRandom random;

    /** A client on an event loop. */
    public CertificateClient(
            Vertx vertx, Context context, MessengerConfig config, InstantSource clock, SecureRandom random) {
        this.context = context;
        this.dialler = new Dialler(vertx, config, new MessengerMetrics());
        this.clock = clock;
        this.random = random;
    }

    /**
     * How a cluster was joined.
     *
     * @param certificate the node's
     * @param monitor who issued it
     */
    public record Joined(NodeCertificate certificate, Target monitor) {}

    /**
     * Joins a cluster. Fails with {@link RefusedException} when the cluster does not want the node or is not the token's, with
     * {@link IOException} when no monitor was reached.
     *
     * @param node the name that the node wants, of kind node
     */
    public Future<Joined> join(JoinToken token, EntityName node) {
        NodeKey key = NodeKey.generate(random);
        Bytes request = CertificateRequest.of(key).der();
        HandshakeMessage.Join join = new HandshakeMessage.Join(token.secret(), node, request);
        List<Target> monitors = token.monitors().stream()
                .map(address -> new Target(EntityName.mon("any"), address))
                .toList();
        return first(monitors, monitor -> {
            Attempt attempt = new Attempt(key, node);
            Negotiation.Tls tls = new Negotiation.Tls(
                    NodeTls.joining(token.fingerprint(), clock), Runnable::run, session -> attempt.pin(token, session));
            dialler.dial(monitor, context, Optional.of(tls), proof -> CertificateHandshake.joining(join), attempt);
            return attempt.promise.future().map(certificate -> new Joined(certificate, attempt.answering(monitor)));
        });
    }

    /**
     * What a renewal has brought.
     *
     * @param certificate the node's next
     * @param authority the cluster's, with its key, for a node with a monitor
     */
    public record Renewed(NodeCertificate certificate, Optional<CertificateAuthority> authority) {}

    /**
     * Gets the next certificate of a node. Fails as {@link #join} does. The present one is shown for it; the caller keeps the
     * new one and shows it from then on.
     *
     * @param monitors at least one, with their names
     */
    public Future<Renewed> renew(NodeTls present, List<Target> monitors) {
        NodeCertificate certificate = present.certificate();
        Optional<EntityName> node = certificate.peer().entities().stream()
                .filter(name -> name.kind() == EntityName.Kind.NODE)
                .findFirst();
        if (node.isEmpty()) {
            return Future.failedFuture(new IllegalArgumentException("no certificate of a node: " + certificate));
        }
        NodeKey key = NodeKey.generate(random);
        Bytes request = CertificateRequest.of(key).der();
        return first(monitors, monitor -> {
            Attempt attempt = new Attempt(key, node.get());
            attempt.trust = certificate.trust();
            dialler.dial(
                    monitor,
                    context,
                    Optional.of(new Negotiation.Tls(present.client(), Runnable::run, present::peer)),
                    proof -> CertificateHandshake.renewing(monitor.name(), proof, request),
                    attempt);
            return attempt.promise.future().map(next -> new Renewed(next, attempt.authority));
        });
    }

    private static <T> Future<T> first(List<Target> monitors, Function<Target, Future<T>> ask) {
        Future<T> answer = Future.failedFuture(new IOException("no monitor is known"));
        for (Target monitor : monitors) {
            answer = answer.recover(
                    failure -> failure instanceof IOException ? ask.apply(monitor) : Future.failedFuture(failure));
        }
        return answer;
    }

    /** Frees its sockets. */
    public Future<Void> close() {
        return dialler.close();
    }

    private final class Attempt implements Dialler.Outcome {
        private final NodeKey key;
        private final EntityName node;
        private final Promise<NodeCertificate> promise = Promise.promise();
        private ClusterTrust trust;
        private CertifiedPeer answering;
        private Optional<CertificateAuthority> authority = Optional.empty();

        Attempt(NodeKey key, EntityName node) {
            this.key = key;
            this.node = node;
        }

        /** Keeps the authority that the token's fingerprint names. */
        Optional<CertifiedPeer> pin(JoinToken token, SSLSession session) throws CertificateException {
            List<X509Certificate> chain;
            try {
                Certificate[] certificates = session.getPeerCertificates();
                chain = Arrays.stream(certificates)
                        .map(X509Certificate.class::cast)
                        .toList();
            } catch (SSLPeerUnverifiedException e) {
                throw new CertificateException("the monitor has shown no certificate", e);
            }
            trust = ClusterTrust.pinned(token.fingerprint(), chain);
            answering = trust.verify(chain, clock.instant());
            return Optional.of(answering);
        }

        /** The monitor at an address, by the name in the certificate that it has shown. */
        Target answering(Target dialled) {
            return answering.entities().stream()
                    .filter(name -> name.kind() == EntityName.Kind.MON)
                    .findFirst()
                    .map(name -> new Target(name, dialled.address()))
                    .orElse(dialled);
        }

        @Override
        public void issued(HandshakeMessage.Issued issued) {
            try {
                NodeCertificate certificate = NodeCertificate.ofDer(key, issued.certificate(), trust, clock.instant());
                if (!issued.authorityKey().isEmpty()) {
                    authority = Optional.of(CertificateAuthority.of(trust, issued.authorityKey()));
                }
                if (!certificate.peer().entities().contains(node)) {
                    throw new CertificateException("a certificate for somebody else: " + certificate);
                }
                promise.complete(certificate);
            } catch (GeneralSecurityException invalid) {
                promise.fail(new RefusedException(Refusal.FOREIGN_CERTIFICATE, invalid.getMessage()));
            }
        }

        @Override
        public void failed(Dialler.Failure failure) {
            boolean isFinal =
                    failure.cause() == CloseCause.REFUSED && failure.refusal().orElseThrow() != Refusal.UNAVAILABLE;
            promise.fail(
                    isFinal
                            ? new RefusedException(failure.refusal().orElseThrow(), failure.reason())
                            : new IOException(failure.cause().label() + ": " + failure.reason()));
        }

        @Override
        public void established(FramedSocket socket, Handshake.Agreement agreement) {
            throw new IllegalStateException("a certificate is no connection");
        }
    }
}
