package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    void whatIsOnlyConvenientDoesNotWaitAndDoesNotPassThoseWhoDo() {
        ByteBudget budget = new ByteBudget(10);
        assertThat(budget.tryReserve(6)).isTrue();
        assertThat(budget.tryReserve(5)).isFalse();
        Future<Void> waiting = budget.reserve(8);
        assertThat(budget.tryReserve(1)).isFalse();
        budget.release(6);
        assertThat(waiting.isComplete()).isTrue();
        assertThat(budget.tryReserve(2)).isTrue();
        assertThat(budget.reservedBytes()).isEqualTo(10);
    }

    @Test
    void aWaiterGoesOnOnItsOwnEventLoop() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            ByteBudget budget = new ByteBudget(10);
            budget.reserve(10);
            CompletableFuture<Thread> asked = new CompletableFuture<>();
            CompletableFuture<Thread> granted = new CompletableFuture<>();
            vertx.getOrCreateContext().runOnContext(on -> {
                budget.reserve(1).onSuccess(given -> granted.complete(Thread.currentThread()));
                asked.complete(Thread.currentThread());
            });
            Thread loop = asked.get(30, TimeUnit.SECONDS);
            budget.release(10);
            assertThat(granted.get(30, TimeUnit.SECONDS)).isSameAs(loop);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void noMoreIsToBeGivenBackThanThoseNeedWhoHaveWaitedTooLong() {
        ByteBudget budget = new ByteBudget(10);
        budget.reserve(10);
        long before = System.nanoTime();
        Future<Void> first = budget.reserve(6);
        Future<Void> second = budget.reserve(1);
        assertThat(budget.mustGiveBack(4, before)).isFalse();
        long after = System.nanoTime() + 1;
        assertThat(budget.mustGiveBack(4, after)).isTrue();
        // Two bytes for the first and one for the second: both are served when these have come.
        assertThat(budget.mustGiveBack(4, after)).isTrue();
        assertThat(budget.mustGiveBack(2, after)).isFalse();
        budget.release(8);
        assertThat(first.isComplete() && second.isComplete()).isTrue();
    }

    @Test
    void whatWasNotReservedCannotBeGivenBackAndTooMuchNotBeReserved() {
        ByteBudget budget = new ByteBudget(10);
        assertThatThrownBy(() -> budget.release(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> budget.reserve(11)).isInstanceOf(IllegalArgumentException.class);
    }
}
