package io.roost.cluster.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
    private final History history = new History();

    private void read(String value, long called, long returned) {
        history.finished(history.read("x", called), value, returned);
    }

    private void write(String value, long called, long returned) {
        history.finished(history.write("x", value, called), null, returned);
    }

    private void check(boolean isLinearizable) {
        assertThat(Linearizability.violation(history).isEmpty()).isEqualTo(isLinearizable);
    }

    @Test
    void concurrentOperationsMayBeInAnyOrder() {
        write("a", 1, 10);
        write("b", 2, 9);
        read("b", 3, 4);
        read("a", 5, 20);
        check(true);
    }

    @Test
    void readAfterAWriteSeesIt() {
        write("a", 1, 2);
        read(null, 3, 4);
        check(false);
    }

    @Test
    void valueSeenDoesNotGoAwayAgain() {
        write("a", 1, 2);
        write("b", 3, 20);
        read("b", 4, 5);
        read("a", 6, 7);
        check(false);
    }

    @Test
    void writeThatNobodyWasToldAboutMayHappenLaterOrNever() {
        write("a", 1, 2);
        history.write("x", "b", 3);
        read("a", 4, 5);
        read("b", 6, 7);
        check(true);
        read("a", 8, 9);
        check(false);
    }

    @Test
    void refusedWriteIsNeverSeen() {
        History.Operation refused = history.write("x", "a", 1);
        history.refused(refused);
        read("a", 5, 6);
        check(false);
    }

    @Test
    void registersAreIndependent() {
        write("a", 1, 2);
        history.finished(history.read("y", 3), null, 4);
        check(true);
    }

    @Test
    void longHistoryOfARealRegisterPasses() {
        long seed = 3;
        Random random = new Random(seed);
        String value = null;
        for (int i = 0; i < 300; i++) {
            long at = i * 10L;
            boolean isWrite = random.nextBoolean();
            String next = isWrite ? "v" + i : value;
            long called = at - random.nextInt(40);
            long returned = at + random.nextInt(40);
            if (isWrite) {
                write(next, called, returned);
            } else {
                read(next, called, returned);
            }
            value = next;
        }
        check(true);
    }
}
