package io.roost.mailstore.lmtp;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.mailstore.account.MailUsers;
import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.mailbox.AccountHeader;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailUser;
import io.roost.mailstore.net.MailObserver;
import io.roost.mailstore.store.MailAccounts;
import io.roost.mailstore.store.MailException;
import io.roost.mailstore.store.MailboxStore;
import io.roost.mailstore.store.NewMessage;
import io.roost.mailstore.store.Steps;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a message into the mailboxes of its recipients, one transaction for each. */
final class LmtpDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(LmtpDelivery.class);

    /** Recipients of one message that are served at a time. */
    private static final int AT_A_TIME = 8;

    /** Bytes of a message that are in memory for its recipients: of a large one they are served one after the other. */
    private static final int BYTES_AT_A_TIME = 4 * 1024 * 1024;

    private final MailUsers users;
    private final MailAccounts accounts;
    private final MailObserver observer;
    private final LongSupplier nowMillis;

    LmtpDelivery(MailUsers users, MailAccounts accounts, MailObserver observer, LongSupplier nowMillis) {
        this.users = users;
        this.accounts = accounts;
        this.observer = observer;
        this.nowMillis = nowMillis;
    }

    /** The user that an address means. */
    Future<Optional<MailUser>> user(String address) {
        Iterator<String> names = Recipient.names(address).iterator();
        List<MailUser> found = new ArrayList<>();
        return Steps.repeat(() -> names.hasNext()
                        ? users.find(names.next()).map(user -> {
                            user.ifPresent(found::add);
                            return found.isEmpty();
                        })
                        : Future.succeededFuture(false))
                .map(unused -> found.stream().findFirst());
    }

    /** What is answered to RCPT. */
    Future<LmtpReply> recipient(String address) {
        return user(address)
                .map(found -> found.isPresent() ? LmtpReply.RECIPIENT_OK : LmtpReply.NO_SUCH_USER)
                .otherwise(failure -> failed(address, failure));
    }

    /**
     * Delivers.
     *
     * @param server its name
     * @return a reply for each recipient, in their order; never fails
     */
    Future<List<LmtpReply>> deliver(LmtpEnvelope envelope, Bytes message, String server, String id) {
        List<String> recipients = envelope.recipients();
        LmtpReply[] replies = new LmtpReply[recipients.size()];
        int[] next = {0};
        List<Future<Void>> workers = new ArrayList<>();
        int atATime = Math.max(1, Math.min(AT_A_TIME, BYTES_AT_A_TIME / Math.max(1, message.length())));
        for (int i = 0; i < Math.min(atATime, replies.length); i++) {
            workers.add(Steps.repeat(() -> {
                int mine = next[0]++;
                if (mine >= replies.length) {
                    return Future.succeededFuture(false);
                }
                return deliverTo(envelope, recipients.get(mine), message, server, id)
                        .map(reply -> {
                            replies[mine] = reply;
                            return true;
                        });
            }));
        }
        return Future.all(workers).map(done -> Arrays.asList(replies));
    }

    private Future<LmtpReply> deliverTo(
            LmtpEnvelope envelope, String recipient, Bytes message, String server, String id) {
        long begunNanos = System.nanoTime();
        return user(recipient)
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(LmtpReply.NO_SUCH_USER)
                        : append(envelope, recipient, found.get(), message, server, id))
                .otherwise(failure -> failed(recipient, failure))
                .onSuccess(reply -> {
                    long micros = (System.nanoTime() - begunNanos) / 1_000;
                    LOG.info(
                            "delivery id={} from=<{}> to=<{}> client={} bytes={} micros={} reply={}",
                            id,
                            envelope.sender(),
                            recipient,
                            envelope.client().address(),
                            message.length(),
                            micros,
                            reply);
                    observer.onDelivery(reply.name(), message.length(), micros);
                });
    }

    private Future<LmtpReply> append(
            LmtpEnvelope envelope, String recipient, MailUser user, Bytes message, String server, String id) {
        long now = nowMillis.getAsLong();
        Bytes header = DeliveryHeader.of(envelope, recipient, server, id, now);
        Bytes whole = new ByteWriter(header.length() + message.length())
                .raw(header)
                .raw(message)
                .toBytes();
        MailboxStore store = accounts.store(user.account());
        return store.append(FolderRef.of(FolderNumber.INBOX), List.of(new NewMessage(whole, now, 0, List.of())))
                .map(LmtpReply.DELIVERED)
                .recover(failure -> MailException.is(failure, MailStatus.OVER_QUOTA)
                        ? store.account().map(account -> overQuota(account, whole.length()))
                        : Future.failedFuture(failure));
    }

    /** A message that would not fit into an empty mailbox need not be tried again (RFC 5321 4.2.1). */
    private static LmtpReply overQuota(AccountHeader account, long bytes) {
        return account.limit().admits(new Quota(bytes, 1)) ? LmtpReply.OVER_QUOTA_FOR_NOW : LmtpReply.OVER_QUOTA;
    }

    /** The one place where failures of the store become replies of LMTP. */
    private static LmtpReply failed(String recipient, Throwable failure) {
        LOG.warn("delivery to <{}> failed", recipient, failure);
        if (failure instanceof ObjectException refused) {
            if (refused.error().isOutcomeUnknown()) {
                return LmtpReply.OUTCOME_UNKNOWN;
            }
            if (refused.error() == ObjectError.NO_SPACE) {
                return LmtpReply.STORE_FULL;
            }
        }
        return LmtpReply.TEMPORARY_FAILURE;
    }
}
