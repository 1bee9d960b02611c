package io.roost.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceiveBudgetTest {
    private final ReceiveBudget budget = new ReceiveBudget(10);
    private final List<String> granted = new ArrayList<>();

    private ReceiveBudget.Share share(String name) {
        return budget.share(() -> granted.add(name));
    }

    @Test
    void whatIsFreeIsGrantedAtOnce() {
        ReceiveBudget.Share share = share("a");
        assertThat(share.reserve(10)).isTrue();
        assertThat(share.reserve(10)).as("asked again").isTrue();
        assertThat(budget.usedBytes()).isEqualTo(10);
        share.release();
        assertThat(budget.usedBytes()).isZero();
        assertThat(granted).isEmpty();
    }

    @Test
    void othersWaitInTheirOrderAndSmallOnesDoNotOvertake() {
        ReceiveBudget.Share first = share("first");
        ReceiveBudget.Share large = share("large");
        ReceiveBudget.Share small = share("small");
        assertThat(first.reserve(6)).isTrue();
        assertThat(large.reserve(8)).isFalse();
        assertThat(small.reserve(1)).isFalse();
        assertThat(large.reserve(8)).as("asked again").isFalse();

        first.release();
        assertThat(granted).containsExactly("large", "small");
        assertThat(large.reserve(8)).isTrue();
        assertThat(small.reserve(1)).isTrue();
        assertThat(budget.usedBytes()).isEqualTo(9);
    }

    @Test
    void whoGivesUpWaitingLetsTheNextIn() {
        ReceiveBudget.Share first = share("first");
        ReceiveBudget.Share large = share("large");
        ReceiveBudget.Share small = share("small");
        first.reserve(6);
        large.reserve(8);
        small.reserve(4);
        large.release();
        assertThat(granted).containsExactly("small");
        assertThat(small.reserve(4)).isTrue();
        assertThat(budget.usedBytes()).isEqualTo(10);
        first.release();
        small.release();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void givingBackTwiceGivesBackOnce() {
        ReceiveBudget.Share share = share("a");
        share.reserve(4);
        share.release();
        share.release();
        assertThat(budget.usedBytes()).isZero();
        assertThat(share("b").reserve(11)).isFalse();
    }
}
