package io.roost.deploy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The histories of the lab see what must not be, and nothing else. */
class HistoriesTest {
    private final Violations violations = new Violations(line -> {});

    private void assertSeen(Violations.Kind kind, int count) {
        assertThat(violations.count(kind)).isEqualTo(count);
        assertThat(violations.total()).isEqualTo(count);
    }

    private static int acknowledged(Register register, boolean isDelete) {
        int sequence = register.begin(isDelete);
        register.acknowledged(sequence);
        return sequence;
    }

    @Test
    void aReadMayBeOfAnyWriteThatIsUnderWayOrTheLast() {
        Register register = new Register("k", violations);
        register.read(Optional.empty(), System.nanoTime(), "r");
        int first = register.begin(false);
        register.read(Optional.of(register.body(first, 10)), System.nanoTime(), "r");
        register.acknowledged(first);
        long before = System.nanoTime();
        int second = acknowledged(register, false);
        register.read(Optional.of(register.body(first, 10)), before, "r");
        register.read(Optional.of(register.body(second, 5000)), System.nanoTime(), "r");
        acknowledged(register, true);
        register.read(Optional.empty(), System.nanoTime(), "r");
        assertSeen(Violations.Kind.LOST, 0);
    }

    @Test
    void anOlderWriteIsStale() {
        Register register = new Register("k", violations);
        int first = acknowledged(register, false);
        acknowledged(register, false);
        register.read(Optional.of(register.body(first, 10)), System.nanoTime(), "r");
        assertSeen(Violations.Kind.STALE, 1);
    }

    @Test
    void soIsOneThatAnotherReaderHasSeenReplaced() {
        Register register = new Register("k", violations);
        int first = acknowledged(register, false);
        int second = register.begin(false);
        register.read(Optional.of(register.body(second, 10)), System.nanoTime(), "r1");
        register.read(Optional.of(register.body(first, 10)), System.nanoTime(), "r2");
        assertSeen(Violations.Kind.STALE, 1);
    }

    @Test
    void nothingInPlaceOfAWriteIsALoss() {
        Register register = new Register("k", violations);
        acknowledged(register, true);
        acknowledged(register, false);
        register.read(Optional.empty(), System.nanoTime(), "r");
        assertSeen(Violations.Kind.LOST, 1);
    }

    @Test
    void otherBytesAreWrong() {
        Register register = new Register("k", violations);
        byte[] body = register.body(acknowledged(register, false), 5000);
        body[4000] ^= 1;
        register.read(Optional.of(body), System.nanoTime(), "r");
        register.read(Optional.of(new byte[0]), System.nanoTime(), "r");
        assertSeen(Violations.Kind.WRONG, 2);
    }

    @Test
    void aWriteWithoutAnswerMayTakeEffectAtAnyTime() {
        Register register = new Register("k", violations);
        int open = register.begin(false);
        register.unresolved(open);
        acknowledged(register, false);
        register.read(Optional.of(register.body(open, 10)), System.nanoTime(), "r");
        assertSeen(Violations.Kind.STALE, 0);
    }

    @Test
    void aSharedListOnlyGrows() {
        SharedList list = new SharedList("l", violations);
        list.read(List.of(), System.nanoTime(), "r");
        list.acknowledged("a");
        list.read(List.of("a", "b"), System.nanoTime(), "r");
        list.read(List.of("a", "b", "c"), System.nanoTime(), "r");
        assertSeen(Violations.Kind.LOST, 0);
        list.read(List.of("a", "c"), System.nanoTime(), "r");
        assertSeen(Violations.Kind.LOST, 1);
    }

    @Test
    void aWordThatWasAcknowledgedIsThere() {
        SharedList list = new SharedList("l", violations);
        list.acknowledged("a");
        list.read(List.of(), System.nanoTime(), "r");
        assertSeen(Violations.Kind.LOST, 1);
    }

    @Test
    void aListThatWasReadIsNotShorterLater() {
        SharedList list = new SharedList("l", violations);
        list.read(List.of("a", "b"), System.nanoTime(), "r");
        list.read(List.of("a"), System.nanoTime(), "r");
        assertSeen(Violations.Kind.STALE, 1);
    }

    @Test
    void aListingHasWhatWasPutAndNotWhatWasDeleted() {
        Folder folder = new Folder("f/", violations);
        folder.putBegins("f/1");
        folder.listed(Set.of(), System.nanoTime(), "r");
        folder.listed(Set.of("f/1"), System.nanoTime(), "r");
        folder.put("f/1");
        assertSeen(Violations.Kind.LOST, 0);
        folder.listed(Set.of(), System.nanoTime(), "r");
        assertSeen(Violations.Kind.LOST, 1);
        folder.deleteBegins("f/1");
        folder.listed(Set.of(), System.nanoTime(), "r");
        folder.deleted("f/1");
        assertSeen(Violations.Kind.LOST, 1);
        folder.listed(Set.of("f/1"), System.nanoTime(), "r");
        assertThat(violations.count(Violations.Kind.STALE)).isEqualTo(1);
        folder.listed(Set.of("f/2"), System.nanoTime(), "r");
        assertThat(violations.count(Violations.Kind.WRONG)).isEqualTo(1);
    }
}
