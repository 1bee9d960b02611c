package io.roost.cluster.net;

import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.NodeCertificate;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.net.handshake.HandshakeCodec;
import io.roost.cluster.net.handshake.HandshakeMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.wire.FrameDecoder;
import io.roost.cluster.wire.FrameType;
import io.roost.cluster.wire.Frames;
import io.roost.cluster.wire.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.UUID;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A peer written by hand on a blocking socket, which does what no messenger does. */
final class RawPeer implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final Socket socket;
    private final FrameDecoder decoder = new FrameDecoder(1 << 20);
    private final ArrayDeque<Bytes> frames = new ArrayDeque<>();
    private int received;

    private RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
    }

    /** Without TLS. */
    static RawPeer plain(int port) throws IOException {
        return new RawPeer(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** Over TLS, trusting anybody and showing nothing. */
    static RawPeer anonymous(int port, String version) throws Exception {
        return tls(port, version, new KeyManager[0]);
    }

    /** Over TLS, showing a certificate whoever is asked for. */
    static RawPeer showing(int port, NodeCertificate certificate) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, new char[0]);
        store.setKeyEntry(
                "node",
                certificate.privateKey(),
                new char[0],
                certificate.chain().toArray(new Certificate[0]));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        return tls(port, "TLSv1.3", new KeyManager[] {new Stubborn((X509ExtendedKeyManager) keys.getKeyManagers()[0])});
    }

    private static RawPeer tls(int port, String version, KeyManager[] keys) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, new TrustManager[] {new Credulous()}, null);
        javax.net.ssl.SSLSocket socket = (javax.net.ssl.SSLSocket)
                context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setEnabledProtocols(new String[] {version});
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.startHandshake();
        return new RawPeer(socket);
    }

    void write(Bytes bytes) throws IOException {
        socket.getOutputStream().write(bytes.array());
        socket.getOutputStream().flush();
    }

    void write(HandshakeMessage message) throws IOException {
        write(Frames.frame(FrameType.HANDSHAKE, HandshakeCodec.encode(message)));
    }

    /** The next frame's payload, or null at the end. */
    Bytes readFrame() throws IOException {
        byte[] buffer = new byte[4096];
        while (frames.isEmpty()) {
            int read = read(buffer);
            if (read < 0) {
                return null;
            }
            decoder.feed(ByteBuffer.wrap(buffer, 0, read), new FrameDecoder.Sink() {
                @Override
                public boolean reserve(int bytes) {
                    return true;
                }

                @Override
                public void onMessage(Protocol protocol, Bytes message) {
                    frames.add(message);
                }

                @Override
                public void onFrame(FrameType type, Bytes payload) {
                    frames.add(payload);
                }
            });
        }
        return frames.poll();
    }

    private int read(byte[] buffer) {
        try {
            int read = socket.getInputStream().read(buffer);
            received += Math.max(0, read);
            return read;
        } catch (java.net.SocketTimeoutException silent) {
            throw new AssertionError("the socket is still open", silent);
        } catch (IOException reset) {
            // A reset, or an alert of TLS: the other kind of end.
            return -1;
        }
    }

    /** Reads until the other side closes; the bytes of frames, or of anything, that came in all. */
    int readToEnd() {
        byte[] buffer = new byte[4096];
        int read = 0;
        while (read >= 0) {
            read = read(buffer);
        }
        return received;
    }

    HandshakeMessage readHandshake() throws IOException {
        return HandshakeCodec.decode(readFrame());
    }

    /** What a good peer says to a challenge. */
    static HandshakeMessage.Hello hello(UUID fsid, EntityName self, Entity peer, Bytes nonce) {
        return new HandshakeMessage.Hello(1, nonce, fsid, new Entity(self, 1), peer, Channel.CONTROL, 0);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static final class Credulous extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Shows its certificate although the server asks for those of other issuers. */
    private static final class Stubborn extends X509ExtendedKeyManager {
        private final X509ExtendedKeyManager keys;

        Stubborn(X509ExtendedKeyManager keys) {
            this.keys = keys;
        }

        @Override
        public String chooseClientAlias(String[] type, Principal[] issuers, Socket socket) {
            return "node";
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {"node"};
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return keys.getCertificateChain(alias);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return keys.getPrivateKey(alias);
        }
    }
}
