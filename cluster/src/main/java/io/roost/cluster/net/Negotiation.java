package io.roost.cluster.net;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.roost.cluster.identity.CertifiedPeer;
import io.roost.cluster.net.handshake.Handshake;
import io.roost.cluster.net.handshake.HandshakeCodec;
import io.roost.cluster.net.handshake.HandshakeMessage;
import io.roost.cluster.net.handshake.Refusal;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.wire.FrameType;
import io.roost.cluster.wire.Protocol;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * Makes of a socket a connection, or an end: TLS, then a {@link Handshake}, within one deadline. On the socket's event loop,
 * but for the expensive parts of TLS.
 */
final class Negotiation implements FramedSocket.Owner, Handshake.Out {
    /** What it comes to; exactly one of these is called, once. */
    interface Outcome {
        /** The connection stands; its owner is now whoever takes it here. */
        void established(FramedSocket socket, Handshake.Agreement agreement);

        /** The peer is turned away, or turns us away; the socket is being closed. */
        void refused(Refusal refusal, String reason);

        /** The peer went away without a word. */
        void ended(Optional<Throwable> failure);

        /** The peer wants a certificate; whoever takes the negotiation answers it. */
        void wantsCertificate(Negotiation negotiation, HandshakeMessage.ForCertificate wish);

        /** The certificate that we wanted; the socket is being closed. */
        void issued(HandshakeMessage.Issued issued);
    }

    /** How TLS is done. */
    record Tls(SslContext context, Executor executor, Check check) {
        /** Looks at the peer's certificate once more. */
        interface Check {
            /** What it says; empty when there is none. */
            Optional<CertifiedPeer> peer(SSLSession session) throws CertificateException;
        }
    }

    /** A peer that does not read need not be told that the connection is closed. */
    private static final long CLOSE_NOTIFY_MILLIS = 200;

    private final FramedSocket socket;
    private final Outcome outcome;
    private Handshake.Proof proof = new Handshake.Proof.Unchecked();
    private Handshake handshake;
    private long timer;
    private boolean decided;

    private Negotiation(FramedSocket socket, Outcome outcome) {
        this.socket = socket;
        this.outcome = outcome;
    }

    /**
     * Begins, on the socket's event loop.
     *
     * @param socket nothing has been read of it
     * @param tls empty for a connection in the clear
     * @param handshakes makes the handshake of what the peer has shown
     * @param deadline for all of it
     */
    static void start(
            FramedSocket socket,
            Optional<Tls> tls,
            Function<Handshake.Proof, Handshake> handshakes,
            Duration deadline,
            Outcome outcome) {
        Negotiation negotiation = new Negotiation(socket, outcome);
        socket.own(negotiation);
        negotiation.timer = socket.context().owner().setTimer(deadline.toMillis(), id -> negotiation.onDeadline());
        if (tls.isPresent()) {
            negotiation.encrypt(tls.get(), deadline, handshakes);
        } else {
            negotiation.begin(handshakes);
        }
    }

    /** The peer's address. */
    String remoteAddress() {
        return socket.remoteAddress();
    }

    /** What the peer has shown. */
    Handshake.Proof proof() {
        return proof;
    }

    private void encrypt(Tls tls, Duration deadline, Function<Handshake.Proof, Handshake> handshakes) {
        SslHandler handler =
                tls.context().newHandler(socket.pipeline().channel().alloc(), tls.executor());
        handler.setHandshakeTimeoutMillis(deadline.toMillis());
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
        // What is written comes in good pieces: each is encrypted as a whole, not joined with others and cut again.
        handler.setWrapDataSize(0);
        handler.handshakeFuture().addListener(done -> {
            if (decided) {
                return;
            }
            if (!done.isSuccess()) {
                onTlsFailure(done.cause());
                return;
            }
            try {
                proof = tls.check()
                        .peer(handler.engine().getSession())
                        .<Handshake.Proof>map(Handshake.Proof.Certificate::new)
                        .orElseGet(Handshake.Proof.Nothing::new);
            } catch (CertificateException invalid) {
                refuse(Refusal.FOREIGN_CERTIFICATE, invalid.getMessage());
                return;
            }
            begin(handshakes);
        });
        socket.pipeline().addFirst("ssl", handler);
    }

    private void begin(Function<Handshake.Proof, Handshake> handshakes) {
        handshake = handshakes.apply(proof);
        handshake.onStart(this);
        socket.resume();
    }

    private void onDeadline() {
        if (!decided) {
            refuse(Refusal.TIMEOUT, "it did not say in time who it is");
        }
    }

    private void onTlsFailure(Throwable failure) {
        Optional<Refusal> refusal = refusalOf(failure);
        if (refusal.isPresent()) {
            refuse(refusal.get(), failure.getMessage());
        } else {
            end(Optional.of(failure));
        }
    }

    /** Which rule of TLS a peer broke; empty when it only went away. */
    static Optional<Refusal> refusalOf(Throwable failure) {
        Optional<Refusal> refusal = Optional.empty();
        // The exceptions of Netty, TLS and our own check wrap each other, the most telling innermost.
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return Optional.of(Refusal.FOREIGN_CERTIFICATE);
            } else if (cause instanceof NotSslRecordException) {
                return Optional.of(Refusal.PLAIN_TEXT);
            } else if (cause instanceof SSLException) {
                refusal = Optional.of(Refusal.TLS);
            }
        }
        return refusal;
    }

    private boolean decide() {
        if (decided) {
            return false;
        }
        decided = true;
        socket.context().owner().cancelTimer(timer);
        return true;
    }

    private void refuse(Refusal refusal, String reason) {
        if (decide()) {
            socket.close();
            outcome.refused(refusal, reason);
        }
    }

    private void end(Optional<Throwable> failure) {
        if (decide()) {
            socket.close();
            outcome.ended(failure);
        }
    }

    /** Answers a wish for a certificate, and closes the socket. */
    void answer(HandshakeMessage message) {
        send(message);
        socket.close();
    }

    @Override
    public void send(HandshakeMessage message) {
        socket.write(FrameType.HANDSHAKE, HandshakeCodec.encode(message));
    }

    @Override
    public void established(Handshake.Agreement agreement) {
        if (decide()) {
            outcome.established(socket, agreement);
        }
    }

    @Override
    public void refused(Refusal refusal, String reason) {
        refuse(refusal, reason);
    }

    @Override
    public void wantsCertificate(HandshakeMessage.ForCertificate wish) {
        if (decide()) {
            outcome.wantsCertificate(this, wish);
        }
    }

    @Override
    public void issued(HandshakeMessage.Issued issued) {
        if (decide()) {
            socket.close();
            outcome.issued(issued);
        }
    }

    @Override
    public void onFrame(FrameType type, Bytes payload) {
        if (type == FrameType.HANDSHAKE) {
            handshake.onMessage(HandshakeCodec.decode(payload), this);
        } else {
            refuse(Refusal.UNEXPECTED, "a frame of type " + type + " in the handshake");
        }
    }

    @Override
    public void onMessage(Protocol protocol, Bytes message) {
        refuse(Refusal.UNEXPECTED, "a message of " + protocol + " in the handshake");
    }

    @Override
    public boolean reserve(int bytes) {
        throw new IllegalStateException("a handshake of " + bytes + " bytes");
    }

    @Override
    public void onFault(String reason) {
        refuse(Refusal.MALFORMED, reason);
    }

    @Override
    public void onDrained() {
        // What a handshake writes is small.
    }

    @Override
    public void onEnd(Optional<Throwable> failure) {
        Optional<Refusal> refusal = failure.flatMap(Negotiation::refusalOf);
        if (refusal.isPresent()) {
            refuse(refusal.get(), failure.get().getMessage());
        } else {
            end(failure);
        }
    }
}
