package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    @Test
    void waitersAreServedInOrderSoThatALargeOneIsNotPassedOver() {
        ByteBudget budget = new ByteBudget(10);
        assertThat(budget.reserve(6).isComplete()).isTrue();
        Future<Void> large = budget.reserve(8);
        Future<Void> small = budget.reserve(1);
        assertThat(large.isComplete()).isFalse();
        assertThat(small.isComplete()).isFalse();
        budget.release(6);
        assertThat(large.isComplete()).isTrue();
        assertThat(small.isComplete()).isTrue();
        assertThat(budget.reservedBytes()).isEqualTo(9);
    }

    @Test
    void whatWasNotReservedCannotBeGivenBackAndTooMuchNotBeReserved() {
        ByteBudget budget = new ByteBudget(10);
        assertThatThrownBy(() -> budget.release(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> budget.reserve(11)).isInstanceOf(IllegalArgumentException.class);
    }
}
