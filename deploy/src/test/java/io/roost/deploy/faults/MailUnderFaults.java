package io.roost.deploy.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;

/**
 * Deliveries and appends by several clients, and what they were answered. A message that was not taken, or whose answer did not
 * come, is sent again under another id, at the next node when the connection has ended: so each id is there at most once, and
 * exactly once when it was answered.
 */
final class MailUnderFaults {
    private static final String TEXT = "text ".repeat(200);

    private final String user;
    private final String password;
    private final Set<String> tried = ConcurrentHashMap.newKeySet();
    private final Set<String> stored = ConcurrentHashMap.newKeySet();
    private final Set<String> flagged = ConcurrentHashMap.newKeySet();
    private final Set<String> refusals = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean isEnding;
    private volatile Throwable failure;

    MailUnderFaults(String user, String password) {
        this.user = user;
        this.password = password;
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void begin(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | InterruptedException | RuntimeException | Error e) {
                        failure = e;
                    }
                },
                name);
        threads.add(thread);
        thread.start();
    }

    private String message(String id) {
        tried.add(id);
        return "Message-ID: <" + id + ">\r\nSubject: load\r\n\r\n" + TEXT + "\r\n";
    }

    /**
     * Delivers by LMTP, first at one node.
     *
     * @param ports of LMTP, by node
     */
    void deliver(String name, int first, int nodes, IntUnaryOperator ports) {
        begin(name, () -> {
            int number = 0;
            for (int node = first; !isEnding; node = (node + 1) % nodes) {
                try (MailSession lmtp = MailSession.lmtp(ports.applyAsInt(node))) {
                    while (!isEnding) {
                        String id = name + "-" + number++;
                        String reply = lmtp.deliver(user, message(id));
                        if (reply.startsWith("250 ")) {
                            stored.add(id);
                        } else if (reply.startsWith("4")) {
                            refusals.add(reply);
                        } else {
                            throw new IllegalStateException(id + " is refused for good: " + reply);
                        }
                    }
                } catch (IOException gone) {
                    // Its node has ended: on with the next one.
                    Thread.sleep(10);
                }
            }
        });
    }

    /** Appends to Sent and flags what it has appended, in a session that must not end. */
    void append(String name, int port) {
        begin(name, () -> {
            try (MailSession imap = MailSession.imap(port, user, password)) {
                imap.command("SELECT Sent");
                for (int number = 0; !isEnding; number++) {
                    String id = name + "-" + number;
                    String answer = imap.append("Sent", message(id));
                    if (!answer.startsWith("OK [APPENDUID ")) {
                        refusals.add(answer);
                        continue;
                    }
                    stored.add(id);
                    String uid = answer.substring(0, answer.indexOf(']')).split(" ", -1)[3];
                    String flags = MailSession.last(imap.command("UID STORE " + uid + " +FLAGS.SILENT (\\Flagged)"));
                    if (flags.startsWith("OK ")) {
                        flagged.add(id);
                    } else {
                        refusals.add(flags);
                    }
                }
            }
        });
    }

    /** Returns when so many more messages are answered. */
    void awaitMore(int count) throws InterruptedException {
        int until = stored.size() + count;
        long end = System.nanoTime() + 90_000_000_000L;
        while (stored.size() < until) {
            if (failure != null || System.nanoTime() > end) {
                throw new AssertionError(
                        stored.size() + " messages are answered and not " + until + "; " + refusals, failure);
            }
            Thread.sleep(10);
        }
    }

    /** Ends all clients after what they are doing; fails when one of them has. */
    void end() throws InterruptedException {
        isEnding = true;
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure != null) {
            throw new AssertionError("a client has failed", failure);
        }
    }

    /** What was answered 250 or OK. */
    Set<String> stored() {
        return stored;
    }

    /** Of what flags were answered OK. */
    Set<String> flagged() {
        return flagged;
    }

    /** What was sent at all. */
    Set<String> tried() {
        return tried;
    }

    /** What was answered instead, each answer once. */
    Set<String> refusals() {
        return refusals;
    }
}
