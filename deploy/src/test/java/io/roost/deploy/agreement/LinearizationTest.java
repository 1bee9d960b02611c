package io.roost.deploy.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.deploy.agreement.RandomHistory.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LinearizationTest {
    private static final int SEEDS = 5;

    private static Linearization search(RandomHistory history, StoredMail stored) {
        return new Linearization(history.operations(), RandomHistory.model(), history.told(), stored);
    }

    @Test
    void findsTheOrderOfARightStore() {
        for (long seed = 1; seed <= 10 * SEEDS; seed++) {
            RandomHistory history = new RandomHistory(seed, Fault.NONE);
            Linearization found = search(history, history.stored());
            assertThat(found.findings()).as("seed " + seed).isEmpty();
            assertThat(found.order()).containsExactlyInAnyOrderElementsOf(history.operations());
            assertThat(inRealTime(found.order())).isTrue();
        }
    }

    /** None comes after one that began when it had ended. */
    private static boolean inRealTime(List<MailOperation> order) {
        long begun = Long.MIN_VALUE;
        for (MailOperation operation : order) {
            if (operation.endedAt() < begun) {
                return false;
            }
            begun = Math.max(begun, operation.beganAt());
        }
        return true;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsNoOrderForAFault(Fault fault) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            RandomHistory history = new RandomHistory(seed, fault);
            assertThat(history.isFaulty()).as("%s of seed %d", fault, seed).isTrue();
            assertThat(search(history, history.stored()).findings())
                    .as("%s of seed %d", fault, seed)
                    .isNotEmpty();
        }
    }

    /** What the store says of itself at the end, off by one. */
    @Test
    void comparesAllThatIsStored() {
        RandomHistory history = new RandomHistory(1, Fault.NONE);
        StoredMail right = history.stored();
        StoredMail.Folder inbox = right.folders().get("INBOX");
        StoredMail.Status status = inbox.status();
        List<StoredMail> wrong = new ArrayList<>();
        wrong.add(new StoredMail(right.folders(), right.usedBytes() + 1, right.usedMessages()));
        wrong.add(new StoredMail(right.folders(), right.usedBytes(), right.usedMessages() - 1));
        long[] numbers = {
            status.uidNext(),
            status.highestModSeq(),
            status.messages(),
            status.unseen(),
            status.deleted(),
            status.sizeBytes()
        };
        for (int i = 0; i < numbers.length; i++) {
            long[] off = numbers.clone();
            off[i]++;
            wrong.add(with(
                    right,
                    new StoredMail.Folder(
                            new StoredMail.Status(off[0], off[1], off[2], off[3], off[4], off[5]), inbox.messages())));
        }
        long uid = inbox.messages().firstKey();
        StoredMail.Message message = inbox.messages().get(uid);
        Told.Content content = message.content();
        wrong.add(with(right, inbox, uid, new StoredMail.Message(content, Set.of("$Other"), message.modSeq())));
        wrong.add(with(right, inbox, uid, new StoredMail.Message(content, message.flags(), message.modSeq() + 1)));
        Told.Content dated = new Told.Content(content.subject(), content.sizeBytes(), "another", content.id());
        wrong.add(with(right, inbox, uid, new StoredMail.Message(dated, message.flags(), message.modSeq())));
        assertThat(wrong).allSatisfy(stored -> {
            RandomHistory again = new RandomHistory(1, Fault.NONE);
            assertThat(search(again, stored).findings()).isNotEmpty();
        });
    }

    private static StoredMail with(StoredMail stored, StoredMail.Folder inbox) {
        SortedMap<String, StoredMail.Folder> folders = new TreeMap<>(stored.folders());
        folders.put("INBOX", inbox);
        return new StoredMail(folders, stored.usedBytes(), stored.usedMessages());
    }

    private static StoredMail with(StoredMail stored, StoredMail.Folder inbox, long uid, StoredMail.Message message) {
        SortedMap<Long, StoredMail.Message> messages = new TreeMap<>(inbox.messages());
        messages.put(uid, message);
        return with(stored, new StoredMail.Folder(inbox.status(), messages));
    }

    @Test
    void whatIsToldTwiceIsTheSame() {
        Told told = new Told();
        Told.Content first = new Told.Content("m1", 10, "then", "e1");
        told.flags("INBOX", 1, 5, Set.of("\\Seen"));
        told.flags("INBOX", 1, 5, Set.of("\\Seen"));
        told.flags("INBOX", 1, 6, Set.of());
        told.content("INBOX", 1, first);
        told.content("Archive", 7, first);
        assertThat(told.findings()).isEmpty();
        told.flags("INBOX", 1, 5, Set.of());
        told.content("INBOX", 1, new Told.Content("m2", 10, "then", "e2"));
        told.content("INBOX", 2, new Told.Content("m1", 11, "then", "e1"));
        told.content("INBOX", 3, new Told.Content("m3", 10, "then", "e2"));
        assertThat(told.findings()).hasSizeGreaterThanOrEqualTo(4);
    }
}
