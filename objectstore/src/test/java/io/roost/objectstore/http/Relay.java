package io.roost.objectstore.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between clients and a server, passes their bytes on, and notes which connections the server has ended before its
 * client and without an answer that announces it.
 */
final class Relay implements AutoCloseable {
    private static final String ANNOUNCEMENT = "connection: close";

    private final ServerSocket listening = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    private final int serverPort;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger announced = new AtomicInteger();
    private final BlockingQueue<String> unannounced = new LinkedBlockingQueue<>();

    Relay(int serverPort) throws IOException {
        this.serverPort = serverPort;
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Connections made so far. */
    int connections() {
        return connections.get();
    }

    /** Connections that the server has ended with an announcement. */
    int announced() {
        return announced.get();
    }

    /** The last that the server sent on connections that it has ended without one. */
    BlockingQueue<String> unannounced() {
        return unannounced;
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                connections.incrementAndGet();
                Link link = new Link(client, new Socket(InetAddress.getLoopbackAddress(), serverPort));
                start(link::passRequests);
                start(link::passAnswers);
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private final class Link {
        private final Socket client;
        private final Socket server;
        private volatile boolean clientEnded;

        Link(Socket client, Socket server) throws IOException {
            this.client = client;
            this.server = server;
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        }

        void passRequests() {
            byte[] bytes = new byte[64 * 1024];
            try {
                for (int n = client.getInputStream().read(bytes);
                        n >= 0;
                        n = client.getInputStream().read(bytes)) {
                    try {
                        server.getOutputStream().write(bytes, 0, n);
                    } catch (IOException serverEnded) {
                        // What it has answered before is still on its way to the client.
                        return;
                    }
                }
                clientEnded = true;
                server.shutdownOutput();
            } catch (IOException ended) {
                clientEnded = true;
                closeQuietly(server);
            }
        }

        void passAnswers() {
            byte[] bytes = new byte[64 * 1024];
            String tail = "";
            boolean isAnnounced = false;
            try {
                while (true) {
                    int n = readFromServer(bytes);
                    if (n < 0) {
                        break;
                    }
                    String text = tail + new String(bytes, 0, n, StandardCharsets.ISO_8859_1);
                    isAnnounced |= text.toLowerCase(Locale.ROOT).contains(ANNOUNCEMENT);
                    tail = text.substring(Math.max(0, text.length() - 500));
                    client.getOutputStream().write(bytes, 0, n);
                }
            } catch (IOException fromClient) {
                clientEnded = true;
            }
            if (isAnnounced) {
                announced.incrementAndGet();
            } else if (!clientEnded) {
                unannounced.add(tail);
            }
            closeQuietly(client);
            closeQuietly(server);
        }

        private int readFromServer(byte[] bytes) {
            try {
                return server.getInputStream().read(bytes);
            } catch (IOException reset) {
                return -1;
            }
        }

        private void closeQuietly(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
