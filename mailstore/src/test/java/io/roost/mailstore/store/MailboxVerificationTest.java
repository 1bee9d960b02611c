package io.roost.mailstore.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.AccountClass;
import io.roost.mailstore.classes.AccountRef;
import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.mailbox.AccountHeader;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.mailstore.store.MailboxVerification.Bodies;
import io.roost.mailstore.store.MailboxVerification.Finding;
import io.roost.mailstore.store.MailboxVerification.Report;
import io.roost.objectstore.classes.ModelLocator;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.Versioning;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every damage that can be planted is found, and nothing else. */
class MailboxVerificationTest {
    private static final FolderNumber INBOX = FolderNumber.INBOX;
    private static final AccountId ACCOUNT = AccountId.parse("00112233-4455-6677-8899-aabbccddeeff");
    private static final ShardRef SHARD =
            new ShardRef(Bytes.hex("000102030405060708090a0b0c0d0e0f"), 1, Versioning.NEVER);
    private static final AccountPlace PLACE = new AccountPlace(ACCOUNT, Bytes.utf8("shard"), SHARD);
    private static final long NOW = 1_800_000_000_000L;
    private static final int MESSAGES = 1_200;

    private final Random random = new Random(1);
    private final MemoryCluster cluster = new MemoryCluster();
    private final MailboxStore store =
            new MailboxStore(cluster, PLACE, new MailboxChanges(cluster), () -> NOW, this::bytes, HereWork.of(1 << 20));

    private Bytes bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private ModelLocator locator() {
        return cluster.locator(PLACE.locatorKey());
    }

    private static <T> T done(Future<T> future) {
        assertThat(future.isComplete()).isTrue();
        assertThat(future.cause()).isNull();
        return future.result();
    }

    @BeforeEach
    void fill() {
        locator().call(new ShardClass.Parameters(SHARD, 1).init());
        locator()
                .call(new AccountClass.Parameters(
                                new AccountRef(SHARD, ACCOUNT, NOW, NOW),
                                Quota.NONE,
                                List.of(new AccountClass.NewFolder("INBOX", "", bytes(16))))
                        .create());
        for (int filled = 0; filled < MESSAGES; filled += 200) {
            List<NewMessage> messages = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                messages.add(new NewMessage(
                        Bytes.utf8("Subject: " + i + "\r\n\r\nx\r\n"), NOW, random.nextInt(32), List.of("$Work")));
            }
            done(store.append(FolderRef.of(INBOX), messages));
        }
        done(store.createFolder("Other", ""));
        done(store.copy(INBOX, UidSet.of(1, 100), FolderRef.of("Other")));
        done(store.expunge(INBOX, UidSet.of(50, 400), 0));
    }

    private Report report(Bodies bodies) {
        return done(new MailboxVerification(store, bodies).run());
    }

    private MessageRecord record(long uid) {
        return MessageRecord.decode(locator().attributes(MailRows.message(ACCOUNT, INBOX, uid)));
    }

    @Test
    void whatIsWholeHasNoFindings() {
        Report report = report(Bodies.READ);
        assertThat(report.findings()).isEmpty();
        assertThat(report.folders()).isEqualTo(2);
        assertThat(report.unsettled()).isZero();
        long messages = done(store.folders()).account().used().messages();
        assertThat(report.messages()).isEqualTo(messages).isGreaterThan(MESSAGES - 351 + 100 - 1);
    }

    @Test
    void eachDamageIsFound() {
        // Messages that nobody has copied.
        EmailId body = record(1_001).email();
        locator().plant(EntryNames.version(body.bodyKey(ACCOUNT), 0), null);
        locator().plant(MailRows.content(ACCOUNT, record(1_002).email()), null);
        EmailId unreferred = record(1_003).email();
        locator().plant(MailRows.references(ACCOUNT, unreferred), null);
        locator().plant(MailRows.message(ACCOUNT, INBOX, 1_004), Bytes.of(1, 2, 3));
        assertThat(report(Bodies.PRESENT).findings())
                .containsExactly(
                        new Finding("INBOX", 1_001, "no body"),
                        new Finding("INBOX", 1_002, "no content"),
                        new Finding("INBOX", 1_003, "no reference"),
                        new Finding("INBOX", 1_004, "unreadable record"),
                        new Finding("", 0, "no message refers to the body " + unreferred));
    }

    @Test
    void countsThatAreWrongAreFound() {
        Bytes name = MailRows.folder(ACCOUNT, INBOX);
        FolderHeader header = FolderHeader.decode(locator().attributes(name));
        FolderHeader.Counts counts = header.counts();
        FolderHeader wrong = new FolderHeader(
                header.uidValidity(),
                1_100,
                header.log(),
                new FolderHeader.Counts(counts.exists(), counts.unseen(), counts.deleted(), counts.bytes() + 1),
                List.of());
        locator().plant(name, wrong.encode());
        List<Finding> findings = report(Bodies.PRESENT).findings();
        assertThat(findings).contains(new Finding("INBOX", 1_100, "uid not given"));
        assertThat(findings).contains(new Finding("INBOX", 1_099, "unknown keyword"));
        assertThat(findings).anyMatch(each -> each.what().startsWith("its header has"));
        assertThat(findings)
                .anyMatch(each -> each.folder().isEmpty() && each.what().startsWith("usage is"));
    }

    @Test
    void aMessageThatTheLogDoesNotKnowIsFound() {
        locator().plant(MailRows.message(ACCOUNT, INBOX, 1_150), null);
        assertThat(report(Bodies.PRESENT).findings())
                .anyMatch(each ->
                        each.what().startsWith("its log has UIDs that are not there: [Range[first=1150, last=1150]]"))
                .anyMatch(each -> each.what().startsWith("its header has"));
    }

    @Test
    void usageThatIsWrongIsFound() {
        Bytes name = MailRows.account(ACCOUNT);
        AccountHeader header = AccountHeader.decode(locator().attributes(name));
        locator().plant(name, header.withUsed(header.used().plus(1, 0)).encode());
        assertThat(report(Bodies.PRESENT).findings())
                .singleElement()
                .satisfies(only -> assertThat(only.what()).startsWith("usage is"));
    }
}
