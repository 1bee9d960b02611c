package io.roost.deploy.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection of a protocol of lines, which blocks. */
final class MailClient implements AutoCloseable {
    private static final int READ_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private int tags;

    MailClient(String host, int port) throws IOException {
        socket = new Socket(host, port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_MILLIS);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = socket.getOutputStream();
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server has ended the connection");
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    private void send(byte[]... pieces) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.write(piece);
        }
        out.write(all.toByteArray());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The last line of an LMTP reply, which must be of a kind. */
    private void reply(char kind) throws IOException {
        String line = line();
        while (line.length() > 3 && line.charAt(3) == '-') {
            line = line();
        }
        if (line.charAt(0) != kind) {
            throw new IOException("the server answers " + line);
        }
    }

    /** Begins LMTP. */
    void helloLmtp() throws IOException {
        reply('2');
        send(ascii("LHLO bench.test\r\n"));
        reply('2');
    }

    /** Delivers a message; all recipients must take it. */
    void deliver(Iterable<String> recipients, byte[] message) throws IOException {
        StringBuilder envelope = new StringBuilder("MAIL FROM:<bench@example.org>\r\n");
        int count = 0;
        for (String recipient : recipients) {
            envelope.append("RCPT TO:<").append(recipient).append(">\r\n");
            count++;
        }
        send(ascii(envelope.append("DATA\r\n").toString()));
        for (int i = 0; i <= count; i++) {
            reply('2');
        }
        reply('3');
        send(message, ascii(".\r\n"));
        for (int i = 0; i < count; i++) {
            reply('2');
        }
    }

    /** Begins IMAP. */
    void login(MailPlan.Account account) throws IOException {
        line();
        command("LOGIN \"" + account.name() + "\" \"" + account.password() + "\"");
    }

    /** Appends a message to INBOX. */
    void append(byte[] message) throws IOException {
        String tag = tag();
        send(ascii(tag + " APPEND INBOX {" + message.length + "+}\r\n"), message, ascii("\r\n"));
        await(tag);
    }

    private String tag() {
        return "t" + ++tags;
    }

    /** A command that must succeed; the bytes of literals in its answer. */
    long command(String command) throws IOException {
        String tag = tag();
        send(ascii(tag + " " + command + "\r\n"));
        return await(tag);
    }

    private int exists;

    /** Messages of the mailbox as last told. */
    int exists() {
        return exists;
    }

    private long await(String tag) throws IOException {
        long bytes = 0;
        while (true) {
            String line = line();
            if (line.startsWith(tag + " ")) {
                if (!line.startsWith(tag + " OK")) {
                    throw new IOException("the server answers " + line);
                }
                return bytes;
            }
            if (line.endsWith(" EXISTS")) {
                exists = Integer.parseInt(line.split(" ", -1)[1]);
            } else if (line.endsWith("}")) {
                long length = Long.parseLong(line.substring(line.lastIndexOf('{') + 1, line.length() - 1));
                in.skipNBytes(length);
                bytes += length;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
