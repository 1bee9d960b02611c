package io.roost.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client of a protocol of lines, which blocks. */
final class LineClient implements AutoCloseable {
    private static final int READ_MILLIS = 30_000;

    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;

    LineClient(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    LineClient(Socket socket) throws IOException {
        this(socket, socket.getInputStream(), socket.getOutputStream());
    }

    private LineClient(Socket socket, InputStream in, OutputStream out) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(READ_MILLIS);
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
        this.out = out;
    }

    /** The same connection from here on compressed (RFC 4978). */
    LineClient compressed() throws IOException {
        return new LineClient(
                socket,
                new InflaterInputStream(socket.getInputStream(), new Inflater(true)) {
                    @Override
                    public int available() {
                        // Else a reader waits for more than there is.
                        return 0;
                    }
                },
                new DeflaterOutputStream(
                        socket.getOutputStream(), new Deflater(Deflater.DEFAULT_COMPRESSION, true), true));
    }

    void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    String line() throws IOException {
        return in.readLine();
    }

    /** The same connection from here on under TLS, with a client that trusts one certificate and compares the name. */
    LineClient underTls(SSLContext trusting) throws IOException {
        return new LineClient(tls(trusting, socket));
    }

    /** A client of a server that speaks TLS from the beginning. */
    static LineClient underTls(SSLContext trusting, int port) throws IOException {
        return new LineClient(tls(trusting, new Socket(InetAddress.getLoopbackAddress(), port)));
    }

    private static SSLSocket tls(SSLContext trusting, Socket plain) throws IOException {
        SSLSocket tls = (SSLSocket) trusting.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    Socket socket() {
        return socket;
    }

    /** Lines until one that begins so. */
    List<String> until(String begin) throws IOException {
        List<String> lines = new ArrayList<>();
        do {
            String line = line();
            assertThat(line).as("after %s", lines).isNotNull();
            lines.add(line);
        } while (!lines.get(lines.size() - 1).startsWith(begin));
        return lines;
    }

    /** The answer to a command. */
    List<String> ask(String command) throws IOException {
        send(command + "\r\n");
        return until(command.substring(0, command.indexOf(' ') + 1));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
