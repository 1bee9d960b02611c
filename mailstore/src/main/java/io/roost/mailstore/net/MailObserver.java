package io.roost.mailstore.net;

/** Is told what mail servers do, for metrics; on any event loop, and must not hold it. Times are in microseconds. */
public interface MailObserver {
    /** What servers speak. */
    enum Spoken {
        /** IMAP. */
        IMAP,
        /** LMTP. */
        LMTP,
        /** Dovecot's dict protocol. */
        DICT
    }

    /** A client has connected. */
    void onConnected(Spoken spoken);

    /** A client has gone. */
    void onGone(Spoken spoken);

    /** A command of IMAP has ended; {@code outcome} is OK, NO or BAD. */
    void onCommand(String command, String outcome, long micros);

    /** A login has ended. */
    void onLogin(String method, String outcome);

    /** A message has been delivered to one recipient, or not. */
    void onDelivery(String reply, long bytes, long micros);
}
