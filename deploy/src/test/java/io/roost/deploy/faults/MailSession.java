package io.roost.deploy.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client of LMTP or IMAP, as far as mail under faults needs one; it blocks. */
public final class MailSession implements AutoCloseable {
    /** Longer than a cluster is without an account's primary. */
    private static final int PATIENCE_MILLIS = 90_000;

    private final Socket socket;
    private final BufferedReader in;
    private int tags;

    private MailSession(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        line();
    }

    /** LMTP after its greeting. */
    public static MailSession lmtp(int port) throws IOException {
        MailSession session = new MailSession(port);
        session.write("LHLO faults.test\r\n");
        session.reply();
        return session;
    }

    /** IMAP, logged in. */
    public static MailSession imap(int port, String user, String password) throws IOException {
        MailSession session = new MailSession(port);
        session.command("LOGIN " + user + " " + password);
        return session;
    }

    /** The next line; fails when there is none. */
    public String line() throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new IOException("the server has ended the connection");
        }
        return line;
    }

    private void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String reply() throws IOException {
        String line = line();
        while (line.charAt(3) == '-') {
            line = line();
        }
        return line;
    }

    /** Delivers a message to one recipient; the reply that it ended with. */
    public String deliver(String recipient, String message) throws IOException {
        for (String command : List.of("RSET", "MAIL FROM:<a@example.org>", "RCPT TO:<" + recipient + ">", "DATA")) {
            write(command + "\r\n");
            String reply = reply();
            if (reply.charAt(0) > '3') {
                return reply;
            }
        }
        write(message + ".\r\n");
        return reply();
    }

    /** Appends a message; the tagged answer. */
    public String append(String folder, String message) throws IOException {
        return last(command("APPEND " + folder + " {" + message.length() + "+}\r\n" + message));
    }

    public static String last(List<String> lines) {
        return lines.get(lines.size() - 1);
    }

    /** A command; all lines of its answer, the tagged one without its tag. */
    public List<String> command(String command) throws IOException {
        String tag = "t" + ++tags;
        write(tag + " " + command + "\r\n");
        List<String> lines = new ArrayList<>();
        while (true) {
            String line = line();
            if (line.startsWith(tag + " ")) {
                lines.add(line.substring(tag.length() + 1));
                return lines;
            }
            lines.add(line);
        }
    }

    /** Begins IDLE; what comes then is read with {@link #line}. */
    public void idle() throws IOException {
        write("idle IDLE\r\n");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
