package io.roost.mailstore.store;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.FolderClass;
import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.classes.SelectClass;
import io.roost.mailstore.classes.VerifyClass;
import io.roost.mailstore.mailbox.AccountHeader;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderHeader.Counts;
import io.roost.mailstore.mailbox.FolderTree;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mailbox.UidSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * Verifies an account while it is used: every message has its record, body, content and reference, every folder the counts
 * and the UIDs of its messages, the account the usage of its folders, every body something that refers to it. Changes nothing. For one use.
 */
public final class MailboxVerification {
    /** A folder that changes while it is read is read again; after so many times its counts are not compared. */
    private static final int MAX_TRIES = 5;

    private final MailboxStore store;
    private final Bodies bodies;
    private final List<Finding> findings = new ArrayList<>();
    private long folders;
    private long messages;
    private long unsettled;

    /** Whether bodies are read. */
    public enum Bodies {
        /** They must be there. */
        PRESENT,
        /** They must be what their records say. */
        READ
    }

    /** Of an account. */
    public MailboxVerification(MailboxStore store, Bodies bodies) {
        this.store = store;
        this.bodies = bodies;
    }

    /**
     * Something that is wrong.
     *
     * @param folder where, empty for the account as a whole
     * @param uid of which message, 0 for the folder as a whole
     * @param what in words
     */
    public record Finding(String folder, long uid, String what) {}

    /**
     * What was found.
     *
     * @param findings what is wrong
     * @param folders looked at
     * @param messages looked at
     * @param unsettled folders that changed all the time: their counts were not compared
     */
    public record Report(List<Finding> findings, long folders, long messages, long unsettled) {
        /** Copies the list. */
        public Report {
            findings = List.copyOf(findings);
        }
    }

    /** Looks at everything. */
    public Future<Report> run() {
        return store.folders()
                .compose(all -> {
                    Iterator<FolderTree.Node> left = all.tree().nodes().stream()
                            .filter(node -> node.kind() == FolderTree.Kind.FOLDER)
                            .iterator();
                    return Steps.repeat(() -> left.hasNext()
                            ? folder(all.tree(), left.next()).map(done -> left.hasNext())
                            : Future.succeededFuture(false));
                })
                .compose(done -> usage(MAX_TRIES))
                .compose(done -> bodies())
                .map(done -> new Report(findings, folders, messages, unsettled));
    }

    /** Every body has something that refers to it. */
    private Future<Void> bodies() {
        Bytes[] after = {Bytes.EMPTY};
        return Steps.repeat(() -> store.bodies(after[0]).map(page -> {
            page.bodies().stream()
                    .filter(body -> !body.isReferred())
                    .forEach(body -> findings.add(new Finding("", 0, "no message refers to the body " + body.email())));
            after[0] = page.after();
            return !after[0].isEmpty();
        }));
    }

    /** The account's usage is the sum of its folders' counts. */
    private Future<Void> usage(int tries) {
        return store.folders()
                .compose(all -> store.account().compose(after -> {
                    if (!after.equals(all.account())) {
                        return tries > 1 ? usage(tries - 1) : Future.succeededFuture();
                    }
                    Quota sum = Quota.NONE;
                    for (FolderClass.Numbered folder : all.folders()) {
                        Counts counts = folder.header().counts();
                        sum = sum.plus(counts.bytes(), counts.exists());
                    }
                    AccountHeader account = all.account();
                    if (!sum.equals(account.used())) {
                        findings.add(new Finding("", 0, "usage is " + account.used() + ", its folders have " + sum));
                    }
                    return Future.succeededFuture();
                }));
    }

    /** What a folder was seen to have, and as of when. */
    private static final class Seen {
        private final List<VerifyClass.Finding> findings = new ArrayList<>();
        private final UidSet.Builder uids = new UidSet.Builder();
        private FolderHeader first;
        private FolderHeader last;
        private Counts counts = Counts.NONE;
        private long fromUid = 1;

        /** Adds a page; true when it is not the last. */
        boolean add(VerifyClass.Reply page) {
            first = first == null ? page.header() : first;
            last = page.header();
            findings.addAll(page.findings());
            page.uids().ranges().forEach(range -> uids.add(range.first(), range.last()));
            counts = new Counts(
                    counts.exists() + page.counts().exists(),
                    counts.unseen() + page.counts().unseen(),
                    counts.deleted() + page.counts().deleted(),
                    counts.bytes() + page.counts().bytes());
            fromUid = page.resumeAt();
            return fromUid != 0;
        }

        boolean isOfOneMoment() {
            return first.log().highestModSeq() == last.log().highestModSeq();
        }
    }

    private Future<Void> folder(FolderTree tree, FolderTree.Node node) {
        String path = tree.path(node);
        return folder(path, node, MAX_TRIES)
                .compose(done -> bodies == Bodies.READ ? read(path, node) : Future.succeededFuture())
                // Removed meanwhile.
                .recover(failure -> MailException.is(failure, MailStatus.NO_SUCH_FOLDER)
                        ? Future.succeededFuture()
                        : Future.failedFuture(failure));
    }

    private Future<Void> folder(String path, FolderTree.Node node, int tries) {
        Seen seen = new Seen();
        return Steps.repeat(() -> store.verify(node.number(), seen.fromUid).map(seen::add))
                .compose(done -> store.open(FolderRef.of(node.number())))
                .compose(opened -> {
                    boolean isSettled = seen.isOfOneMoment()
                            && opened.header().log().highestModSeq()
                                    == seen.last.log().highestModSeq();
                    if (!isSettled && tries > 1) {
                        return folder(path, node, tries - 1);
                    }
                    folders++;
                    UidSet uids = seen.uids.build();
                    messages += uids.count();
                    seen.findings.forEach(each -> findings.add(new Finding(
                            path,
                            each.uid(),
                            each.fault().name().toLowerCase(Locale.ROOT).replace('_', ' '))));
                    if (isSettled) {
                        compare(path, seen, opened, uids);
                    } else {
                        unsettled++;
                    }
                    return Future.succeededFuture();
                });
    }

    private void compare(String path, Seen seen, SelectClass.Reply opened, UidSet uids) {
        boolean isWhole = seen.findings.stream().noneMatch(each -> each.fault() == VerifyClass.Fault.UNREADABLE_RECORD);
        if (isWhole && !seen.counts.equals(seen.last.counts())) {
            findings.add(
                    new Finding(path, 0, "its header has " + seen.last.counts() + ", its messages " + seen.counts));
        }
        if (!opened.uids().equals(uids)) {
            findings.add(new Finding(
                    path,
                    0,
                    "its log has UIDs that are not there: "
                            + opened.uids().minus(uids).ranges() + "; and not: "
                            + uids.minus(opened.uids()).ranges()));
        }
    }

    private Future<Void> read(String path, FolderTree.Node node) {
        return store.eachPage(node.number(), UidSet.of(1, UidSet.MAX_UID), page -> {
            Iterator<NumberedMessage> left = page.iterator();
            return Steps.repeat(() -> {
                if (!left.hasNext()) {
                    return Future.succeededFuture(false);
                }
                NumberedMessage message = left.next();
                long sizeBytes = message.message().sizeBytes();
                return store.bodies().withMessage(message.message().email(), sizeBytes, bytes -> {
                    if (bytes == null || bytes.length() != sizeBytes) {
                        findings.add(
                                new Finding(path, message.uid(), "its body cannot be read, or is of another length"));
                    }
                    return Future.succeededFuture(true);
                });
            });
        });
    }
}
