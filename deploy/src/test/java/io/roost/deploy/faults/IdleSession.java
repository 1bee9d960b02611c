package io.roost.deploy.faults;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A session that has INBOX open and idles, on a thread of its own: what it is told without asking. */
final class IdleSession implements AutoCloseable {
    private final MailSession session;
    private int exists;
    private long toldNanos;
    private IOException failure;

    /** Returns when it idles. */
    IdleSession(int port, String user, String password) throws IOException {
        session = MailSession.imap(port, user, password);
        session.command("SELECT INBOX").forEach(this::hear);
        session.idle();
        for (String line = session.line(); !line.startsWith("+"); line = session.line()) {
            hear(line);
        }
        Thread reader = new Thread(this::read, "idle at " + port);
        reader.setDaemon(true);
        reader.start();
    }

    private synchronized void hear(String line) {
        if (line.endsWith(" EXISTS")) {
            exists = Integer.parseInt(line.split(" ", -1)[1]);
            toldNanos = System.nanoTime();
            notifyAll();
        }
    }

    private void read() {
        try {
            while (true) {
                hear(session.line());
            }
        } catch (IOException e) {
            synchronized (this) {
                failure = e;
                notifyAll();
            }
        }
    }

    /** The messages that it has been told of. */
    synchronized int exists() {
        return exists;
    }

    /**
     * Returns when it has been told of so many messages; fails when its connection has ended, or too late.
     *
     * @return when it was told last, by {@link System#nanoTime}
     */
    synchronized long await(int messages, long endNanos) throws IOException, InterruptedException {
        while (exists < messages) {
            long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
            if (failure != null || left <= 0) {
                throw new IOException("told of " + exists + " messages and not of " + messages, failure);
            }
            wait(left);
        }
        return toldNanos;
    }

    @Override
    public void close() throws IOException {
        session.close();
    }
}
