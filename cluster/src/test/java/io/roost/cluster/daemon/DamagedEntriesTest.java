package io.roost.cluster.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.daemon.DamagedEntries.Damage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import java.util.List;
import org.junit.jupiter.api.Test;

class DamagedEntriesTest {
    private static final Locator LOCATOR = new Locator(2, Bytes.utf8("l"));

    private final DamagedEntries entries = new DamagedEntries();

    private static Damage damage(String name, long seenMillis) {
        return new Damage(LOCATOR, Bytes.utf8(name), "block " + seenMillis, seenMillis);
    }

    @Test
    void anEntryIsListedOnceWithWhatWasSeenLast() {
        entries.add(damage("a", 1));
        entries.add(damage("b", 2));
        entries.add(damage("a", 3));
        assertThat(entries.newestFirst()).containsExactly(damage("a", 3), damage("b", 2));
    }

    @Test
    void whatNobodyKnowsTheNameOfIsToldApartByItsDetail() {
        Damage log = new Damage(null, null, "a row of the log", 1);
        Damage page = new Damage(LOCATOR, null, "a page", 2);
        entries.add(log);
        entries.add(page);
        entries.add(page);
        assertThat(entries.newestFirst()).containsExactly(page, log);
    }

    @Test
    void theOldestMakeRoom() {
        for (int i = 0; i < DamagedEntries.MAX_ENTRIES + 5; i++) {
            entries.add(damage("n" + i, i));
        }
        assertThat(entries.newestFirst()).hasSize(DamagedEntries.MAX_ENTRIES);
        assertThat(entries.newestFirst().get(0).seenMillis()).isEqualTo(DamagedEntries.MAX_ENTRIES + 4);
        assertThat(entries.newestFirst()).doesNotContain(damage("n4", 4)).contains(damage("n5", 5));
    }

    @Test
    void whatAVerificationDoesNotFindAgainIsForgotten() {
        entries.add(damage("healed", 9));
        entries.add(damage("found", 10));
        entries.forgetBefore(10);
        assertThat(entries.newestFirst()).containsExactly(damage("found", 10));
    }

    @Test
    void whatIsReplacedOrDeletedIsForgotten() {
        for (String name : List.of("kept", "renamed", "replaced", "deleted")) {
            entries.add(damage(name, 1));
        }
        entries.forgetReplaced(
                LOCATOR,
                List.of(
                        new Mutation.SetAttributes(Bytes.utf8("renamed"), Bytes.EMPTY, Bytes.EMPTY),
                        Mutation.Put.row(Bytes.utf8("replaced"), Bytes.EMPTY),
                        new Mutation.Delete(Bytes.utf8("deleted")),
                        new Mutation.Delete(Bytes.utf8("never there"))));
        entries.forgetReplaced(
                new Locator(LOCATOR.pool(), Bytes.utf8("another")), List.of(new Mutation.Delete(Bytes.utf8("kept"))));
        assertThat(entries.newestFirst()).containsExactly(damage("renamed", 1), damage("kept", 1));
    }
}
