package io.roost.mailstore.store;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.mailstore.classes.Progress;
import io.roost.mailstore.classes.RebuildClass;
import io.roost.mailstore.mailbox.AccountHeader;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.MailRow;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Makes the rows of an account again, from its last checkpoint and its bodies alone, as {@link RebuiltAccount} has it. Meanwhile
 * there is no account: clients are refused for now. When this ends in the middle, it is begun again from the beginning. What is
 * known of all messages is in memory, some 300 bytes for each. For one use.
 */
public final class MailboxRebuild {
    private final MailboxStore store;
    private final AccountCheckpoints checkpoints;
    private final BodyWork work;
    private final LongSupplier nowMillis;
    private final Bytes token;
    private final Randomness random;
    private final List<MailRow> rows = new ArrayList<>();
    private int rowBytes;
    private long unreadable;
    private long lost;

    MailboxRebuild(
            MailboxStore store,
            AccountCheckpoints checkpoints,
            BodyWork work,
            LongSupplier nowMillis,
            Randomness random) {
        this.store = store;
        this.checkpoints = checkpoints;
        this.work = work;
        this.nowMillis = nowMillis;
        this.random = random;
        this.token = random.bytes(RebuildClass.TOKEN_BYTES);
    }

    /**
     * What came of it.
     *
     * @param checkpointMillis when the checkpoint was made that was used, 0 for none
     * @param known messages that are as it has them
     * @param unknown messages that it does not have: they are where they were delivered, with their first flags
     * @param kept expunged messages that can be had back
     * @param gone messages that it has and whose bodies are not there: expunged since, or lost
     * @param unreadable messages whose bodies are there and cannot be read
     * @param lost bodies that are left without a message, since nothing is known of them
     * @param keys of dicts that the checkpoint has
     * @param isLimitOwn true when the quota is the one that the account had
     */
    public record Report(
            long checkpointMillis,
            long known,
            long unknown,
            long kept,
            long gone,
            long unreadable,
            long lost,
            long keys,
            boolean isLimitOwn) {
        /** What could not be known, in words. */
        public List<String> notKnown() {
            List<String> all = new ArrayList<>();
            boolean hasCheckpoint = checkpointMillis != 0;
            all.add(
                    hasCheckpoint
                            ? "what was flagged, moved, copied or renamed after the checkpoint"
                            : "flags, moves, copies, names of folders and what was expunged: there is no checkpoint");
            if (unknown > 0) {
                all.add("flags after the delivery, and keywords, of messages that "
                        + (hasCheckpoint ? "came after the checkpoint: " : "are back: ") + unknown);
            }
            if (gone > 0) {
                all.add("whether messages of the checkpoint were expunged after it or lost, bodies not being there: "
                        + gone);
            }
            if (unreadable > 0) {
                all.add("the structure of messages with bodies that cannot be read: " + unreadable);
            }
            if (lost > 0) {
                all.add("where messages were whose bodies say nothing of it; left as they are: " + lost);
            }
            if (keys > 0) {
                all.add("whether keys of dicts were removed after the checkpoint: those are back");
            }
            if (!isLimitOwn) {
                all.add("the quota, its row being lost; it is "
                        + (hasCheckpoint ? "that of the checkpoint" : "without limit"));
            }
            return all;
        }
    }

    /** Does it. */
    public Future<Report> run() {
        return checkpoints.last().compose(this::run);
    }

    private Future<Report> run(Optional<AccountCheckpoints.Read> checkpoint) {
        AccountHeader elsewhere =
                checkpoint.map(read -> read.account().account()).orElseGet(() -> AccountHeader.empty(Quota.NONE));
        List<MailRow> dicts = checkpoint.stream()
                .flatMap(read -> read.pages().stream())
                .flatMap(page -> page.dicts().stream())
                .toList();
        return begin(elsewhere).compose(begun -> {
            AccountHeader known = begun.known();
            long now = nowMillis.getAsLong();
            RebuiltAccount account = checkpoint
                    .map(read -> new RebuiltAccount(store.accountId(), read, known, now, random))
                    .orElseGet(() -> new RebuiltAccount(store.accountId(), known, now, random));
            return bodies(account)
                    .compose(done -> write(account.folders()))
                    .compose(done -> write(dicts))
                    .compose(done -> flush())
                    .compose(done -> store.rebuild(
                            caller -> new RebuildClass.EndParameters(caller, token, account.header()).call()))
                    .map(done -> new Report(
                            checkpoint.map(read -> read.account().atMillis()).orElse(0L),
                            account.known(),
                            account.unknown(),
                            account.kept(),
                            account.gone(),
                            unreadable,
                            lost,
                            dicts.size(),
                            begun.isOwn()));
        });
    }

    private Future<RebuildClass.Begun> begin(AccountHeader elsewhere) {
        RebuildClass.Begun[] begun = {null};
        return Steps.repeat(() -> store.rebuild(
                                caller -> new RebuildClass.BeginParameters(caller, token, elsewhere).call())
                        .map(output -> {
                            begun[0] = RebuildClass.Begun.decode(output);
                            return begun[0].progress() == Progress.MORE;
                        }))
                .map(done -> begun[0]);
    }

    private Future<Void> bodies(RebuiltAccount account) {
        Bytes[] after = {Bytes.EMPTY};
        return Steps.repeat(() -> store.bodies(after[0]).compose(page -> {
            after[0] = page.after();
            Iterator<RebuildClass.Body> left = page.bodies().iterator();
            return Steps.repeat(() -> left.hasNext()
                            ? body(account, left.next()).map(done -> left.hasNext())
                            : Future.succeededFuture(false))
                    .map(done -> !after[0].isEmpty());
        }));
    }

    private Future<Void> body(RebuiltAccount account, RebuildClass.Body body) {
        DeliveredAs delivered = DeliveredAs.of(body.metadata());
        return content(body.email(), Math.max(body.storedBytes(), delivered.sizeBytes()))
                .compose(content -> {
                    List<MailRow> its = account.body(body.email(), delivered, content);
                    unreadable += content.isEmpty() && !its.isEmpty() ? 1 : 0;
                    lost += its.isEmpty() ? 1 : 0;
                    return write(its);
                });
    }

    private Future<Bytes> content(EmailId email, long sizeBytes) {
        return store.bodies()
                .withMessage(
                        email,
                        sizeBytes,
                        message -> message == null
                                ? Future.succeededFuture(Bytes.EMPTY)
                                : work.compute(
                                        sizeBytes,
                                        () -> MessageFacts.content(message).encode()))
                .recover(failure ->
                        isDamage(failure) ? Future.succeededFuture(Bytes.EMPTY) : Future.failedFuture(failure));
    }

    /** A matter of one body; what may go away by itself ends the rebuild, which is begun again. */
    private static boolean isDamage(Throwable failure) {
        return failure instanceof MalformedBytesException
                || (failure instanceof ObjectException refused
                        && (refused.error() == ObjectError.IO_ERROR
                                || refused.error() == ObjectError.INVALID_OPERATION));
    }

    private Future<Void> write(List<MailRow> more) {
        Iterator<MailRow> left = more.iterator();
        return Steps.repeat(() -> {
            while (left.hasNext() && rows.size() < RebuildClass.MAX_ROWS && rowBytes < RebuildClass.MAX_ROW_BYTES) {
                MailRow row = left.next();
                rows.add(row);
                rowBytes += row.bytes();
            }
            return left.hasNext() ? flush().map(true) : Future.succeededFuture(false);
        });
    }

    private Future<Void> flush() {
        List<MailRow> some = List.copyOf(rows);
        rows.clear();
        rowBytes = 0;
        return store.rebuild(caller -> new RebuildClass.RowsParameters(caller, token, some).call())
                .mapEmpty();
    }
}
