package io.roost.cluster.net;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.roost.cluster.identity.CertifiedPeer;
import io.roost.cluster.identity.ClusterTrust;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.NodeCertificate;
import io.roost.cluster.object.Bytes;
import java.net.Socket;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS between nodes: version 1.3 only, each side shows its node certificate and accepts those of its cluster only. The
 * certificate can be changed at any time; connections that stand keep the one they began with. Safe for any thread.
 */
public final class NodeTls {
    private static final String VERSION = "TLSv1.3";

    /** AES in Galois mode, the one that processors and the platform are fastest at first. */
    private static final List<String> CIPHERS = List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384");

    /** BoringSSL where there is one for the machine: Java 17's Galois mode takes several times as long. */
    private static final SslProvider PROVIDER = OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;

    private record Current(NodeCertificate certificate, SslContext server, SslContext client) {}

    private final InstantSource clock;
    private volatile Current current;

    /** TLS with a certificate. */
    public NodeTls(NodeCertificate certificate, InstantSource clock) {
        this.clock = clock;
        this.current = current(certificate);
    }

    /**
     * Shows another certificate from now on.
     *
     * @throws IllegalArgumentException when it is not of the same authority
     */
    public void reload(NodeCertificate certificate) {
        if (!certificate.trust().ca().equals(current.certificate.trust().ca())) {
            throw new IllegalArgumentException("a certificate of another authority: " + certificate);
        }
        current = current(certificate);
    }

    /** The certificate that is shown. */
    public NodeCertificate certificate() {
        return current.certificate;
    }

    /** The time, by which certificates are judged. */
    InstantSource clock() {
        return clock;
    }

    private Current current(NodeCertificate certificate) {
        ClusterTrust cluster = certificate.trust();
        Trust trust = new Trust(chain -> cluster.verify(chain, clock.instant()), List.of(cluster.ca()));
        PrivateKey key = certificate.privateKey();
        X509Certificate[] chain = certificate.chain().toArray(new X509Certificate[0]);
        // It asks for a certificate; what a peer without one may do is for the handshake to say.
        SslContextBuilder server = SslContextBuilder.forServer(key, chain).clientAuth(ClientAuth.OPTIONAL);
        return new Current(
                certificate,
                context(server, trust),
                context(SslContextBuilder.forClient().keyManager(key, chain), trust));
    }

    private static SslContext context(SslContextBuilder builder, TrustManager trust) {
        try {
            return builder.trustManager(trust)
                    .sslProvider(PROVIDER)
                    .protocols(VERSION)
                    .ciphers(CIPHERS)
                    .endpointIdentificationAlgorithm(null)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS with a P-256 key is part of every Java platform", e);
        }
    }

    /**
     * The side that dials, without a certificate of its own.
     *
     * @param fingerprint of the cluster's authority; nobody but a monitor is accepted
     */
    static SslContext joining(Bytes fingerprint, InstantSource clock) {
        Trust trust = new Trust(
                chain -> {
                    CertifiedPeer peer = ClusterTrust.pinned(fingerprint, chain).verify(chain, clock.instant());
                    if (peer.entities().stream().noneMatch(name -> name.kind() == EntityName.Kind.MON)) {
                        throw new CertificateException("no monitor answers, but " + peer);
                    }
                },
                List.of());
        return context(SslContextBuilder.forClient(), trust);
    }

    /** The side that listens. */
    SslContext server() {
        return current.server;
    }

    /** The side that dials. */
    SslContext client() {
        return current.client;
    }

    /**
     * What the peer of a session has shown, looked at once more: a resumed session has not been through the check, and the
     * certificate may have expired since.
     *
     * @return empty when it has shown no certificate
     * @throws CertificateException when the certificate is not valid any more
     */
    Optional<CertifiedPeer> peer(SSLSession session) throws CertificateException {
        Certificate[] chain;
        try {
            chain = session.getPeerCertificates();
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
        List<X509Certificate> certificates =
                Arrays.stream(chain).map(X509Certificate.class::cast).toList();
        return Optional.of(current.certificate.trust().verify(certificates, clock.instant()));
    }

    private interface Check {
        void check(List<X509Certificate> chain) throws CertificateException;
    }

    /** Decides about a peer's certificates; the platform's authorities and host names are of no concern. */
    private static final class Trust extends X509ExtendedTrustManager {
        private final Check check;
        private final List<X509Certificate> issuers;

        Trust(Check check, List<X509Certificate> issuers) {
            this.check = check;
            this.issuers = issuers;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check.check(List.of(chain));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check.check(List.of(chain));
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check.check(List.of(chain));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check.check(List.of(chain));
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check.check(List.of(chain));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check.check(List.of(chain));
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return issuers.toArray(new X509Certificate[0]);
        }
    }
}
