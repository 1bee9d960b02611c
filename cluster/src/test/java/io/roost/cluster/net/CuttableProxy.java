package io.roost.cluster.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Passes bytes between a client and a port of loopback, remembers what the client sent, and can cut all connections. */
final class CuttableProxy implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int targetPort;
    private final List<Socket> sockets = new ArrayList<>();
    private final ByteArrayOutputStream fromClient = new ByteArrayOutputStream();

    CuttableProxy(int targetPort) throws IOException {
        this.targetPort = targetPort;
        Thread accepting = new Thread(this::accept, "proxy");
        accepting.setDaemon(true);
        accepting.start();
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket target = new Socket(InetAddress.getLoopbackAddress(), targetPort);
                synchronized (this) {
                    sockets.add(client);
                    sockets.add(target);
                }
                pass(client, target, fromClient);
                pass(target, client, new ByteArrayOutputStream());
            } catch (IOException closed) {
                // The proxy is closed, or its target does not listen: then the client waits.
            }
        }
    }

    private static void pass(Socket from, Socket to, ByteArrayOutputStream copy) {
        Thread passing = new Thread(
                () -> {
                    byte[] buffer = new byte[64 * 1024];
                    try (InputStream in = from.getInputStream();
                            OutputStream out = to.getOutputStream()) {
                        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                            synchronized (copy) {
                                copy.write(buffer, 0, read);
                            }
                            out.write(buffer, 0, read);
                        }
                    } catch (IOException cut) {
                        // One side is gone, so the other is closed too.
                    }
                },
                "proxy");
        passing.setDaemon(true);
        passing.start();
    }

    /** What all clients sent so far. */
    byte[] fromClient() {
        synchronized (fromClient) {
            return fromClient.toByteArray();
        }
    }

    /** Resets all connections at whatever byte they are. */
    synchronized void cut() throws IOException {
        for (Socket socket : sockets) {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        }
        sockets.clear();
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
