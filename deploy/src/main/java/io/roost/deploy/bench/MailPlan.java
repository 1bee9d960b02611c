package io.roost.deploy.bench;

import java.time.Duration;
import java.util.List;

/**
 * A run of mail.
 *
 * @param host of both servers
 * @param imapPort its IMAP port
 * @param lmtpPort its LMTP port
 * @param accounts whose mailboxes are used in turn by the connections
 * @param operation what is done
 * @param recipients of a delivery, at most as many as accounts
 * @param messages that each INBOX has at least before messages are read or changed
 * @param connections each does one thing after the other
 * @param warmUp before the first round
 * @param round length of a round
 * @param rounds how many
 * @param pids servers' processes, for their CPU time
 */
public record MailPlan(
        String host,
        int imapPort,
        int lmtpPort,
        List<Account> accounts,
        MailOperation operation,
        int recipients,
        int messages,
        int connections,
        Duration warmUp,
        Duration round,
        int rounds,
        List<Long> pids) {
    private static final int MAX_CONNECTIONS = 1_000;

    /** Copies and checks the ranges. */
    public MailPlan {
        accounts = List.copyOf(accounts);
        pids = List.copyOf(pids);
        if (accounts.isEmpty() || recipients < 1 || recipients > accounts.size()) {
            throw new IllegalArgumentException(recipients + " recipients of " + accounts.size() + " accounts");
        }
        if (connections < 1 || connections > MAX_CONNECTIONS || rounds < 1 || messages < 1 || round.isZero()) {
            throw new IllegalArgumentException(
                    "connections are 1 to " + MAX_CONNECTIONS + "; rounds, their length and messages are not nothing");
        }
    }

    /**
     * A mailbox.
     *
     * @param name to log in and to deliver to
     * @param password in clear
     */
    public record Account(String name, String password) {
        /** Without the password. */
        @Override
        public String toString() {
            return name;
        }
    }
}
