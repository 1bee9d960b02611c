package io.roost.objectstore.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.objectstore.sim.KeyHistory.Call;
import io.roost.objectstore.sim.KeyHistory.State;
import io.roost.objectstore.sim.KeyHistory.Version;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The judge of the simulation's histories, on histories that are right and wrong. */
class KeyHistoryTest {
    private final KeyHistory history = new KeyHistory("k");

    private static State only(long write) {
        return new State(List.of(new Version(write, "e" + write, false)));
    }

    private Call put(long write) {
        return history.beginChange("put " + write);
    }

    private static void ok(Call put, long write) {
        put.did("ok", state -> true, state -> only(write));
    }

    private static void unknown(Call put, long write) {
        put.mayHave("?", state -> true, state -> only(write));
    }

    private void reads(long write) {
        history.begin("get").saw("saw " + write, state -> state.equals(only(write)));
    }

    private void readsNothing() {
        history.begin("get").saw("404", State::isAbsent);
    }

    @Test
    void whatWasAcknowledgedIsRead() {
        ok(put(1), 1);
        reads(1);
        ok(put(2), 2);
        reads(2);
        assertThat(history.check()).isNull();
    }

    @Test
    void anAcknowledgedWriteThatIsNotThereIsFound() {
        ok(put(1), 1);
        readsNothing();
        assertThat(history.check()).contains("no state agrees");
    }

    @Test
    void anOverwrittenVersionThatIsReadAgainIsFound() {
        ok(put(1), 1);
        ok(put(2), 2);
        reads(2);
        reads(1);
        assertThat(history.check()).contains("saw 1");
    }

    @Test
    void writesAtATimeMayTakeEffectInAnyOrderButInOne() {
        Call one = put(1);
        Call two = put(2);
        Call reader = history.begin("get");
        ok(one, 1);
        ok(two, 2);
        reader.saw("saw 2", state -> state.equals(only(2)));
        reads(1);
        reads(1);
        assertThat(history.check()).isNull();
        reads(2);
        assertThat(history.check()).contains("saw 2");
    }

    @Test
    void anUnknownWriteMayTakeEffectLateOrNever() {
        ok(put(1), 1);
        unknown(put(2), 2);
        reads(1);
        assertThat(history.check()).isNull();
        reads(2);
        assertThat(history.check()).isNull();
    }

    @Test
    void anUnknownWriteThatWasSeenStays() {
        ok(put(1), 1);
        unknown(put(2), 2);
        reads(2);
        reads(1);
        assertThat(history.check()).contains("saw 1");
    }

    @Test
    void anUnknownWriteThatIsSettledTakesEffectNoMore() {
        ok(put(1), 1);
        unknown(put(2), 2);
        history.settle();
        reads(1);
        assertThat(history.check()).isNull();
        assertThat(history.states()).containsExactly(only(1));
        reads(2);
        assertThat(history.check()).contains("saw 2");
    }

    @Test
    void oneOfTwoConditionalWritesLoses() {
        Call one = put(1);
        Call two = put(2);
        one.did("ok", State::isAbsent, state -> only(1));
        two.did("ok", State::isAbsent, state -> only(2));
        assertThat(history.check()).contains("no state agrees");
    }

    @Test
    void aLoserMustHaveHadAReason() {
        Call one = put(1);
        one.saw("412", state -> !state.isAbsent());
        assertThat(history.check()).contains("412");
    }

    @Test
    void aReadBetweenTwoUnknownWritesFixesTheirOrder() {
        unknown(put(1), 1);
        unknown(put(2), 2);
        reads(2);
        reads(1);
        assertThat(history.check()).isNull();
        reads(2);
        assertThat(history.check()).contains("saw 2");
    }
}
