package io.roost.mailstore.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.mailstore.mailbox.MailUser;
import io.roost.mailstore.mailbox.UserRows;
import io.roost.mailstore.store.MemoryCluster;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Users of a pool in memory. */
class MailUsersTest {
    private final Vertx vertx = Vertx.vertx();
    private final MailUsers users =
            new MailUsers(vertx, new MemoryCluster(), new SecureRandom(), () -> 1_800_000_000_000L);

    @AfterEach
    void close() {
        users.close();
        done(vertx.close());
    }

    private static <T> T done(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aUserLogsInWithItsPasswordAndNoOther() {
        assertThat(done(users.create("a@b", "secret"))).isEqualTo(MailUsers.Creation.MADE);
        assertThat(done(users.isPassword("A@B", "secret"))).isTrue();
        MailUser user = done(users.find("A@B")).orElseThrow();
        assertThat(user.name()).isEqualTo("a@b");
        assertThat(user.secret()).startsWith("SCRAM-SHA-256$");
        assertThat(user.toString()).doesNotContain("SCRAM");
        assertThat(done(users.isPassword("a@b", "Secret"))).isFalse();
        assertThat(done(users.isPassword("c@d", "secret"))).isFalse();
        assertThat(done(users.isPassword("", ""))).isFalse();
    }

    @Test
    void aUserIsMadeOnceAndKeepsItsAccount() {
        done(users.create("a", "one"));
        MailUser made = done(users.find("a")).orElseThrow();
        assertThat(done(users.create("a", "two"))).isEqualTo(MailUsers.Creation.EXISTED);
        assertThat(done(users.isPassword("a", "one"))).isTrue();
        assertThat(done(users.setPassword("a", "two"))).isTrue();
        assertThat(done(users.isPassword("a", "one"))).isFalse();
        assertThat(done(users.isPassword("a", "two"))).isTrue();
        assertThat(done(users.find("a")).orElseThrow().account()).isEqualTo(made.account());
        assertThat(done(users.remove("a"))).isTrue();
        assertThat(done(users.remove("a"))).isFalse();
        assertThat(done(users.setPassword("a", "two"))).isFalse();
        done(users.create("a", "two"));
        assertThat(done(users.find("a")).orElseThrow().account())
                .as("ids of accounts are never given twice")
                .isNotEqualTo(made.account());
    }

    @Test
    void keysOfUsersThatDoNotExistLookLikeOthers() {
        done(users.create("a", "secret"));
        assertThat(done(users.keys("a")).isOf("secret")).isTrue();
        assertThat(done(users.keys("nobody"))).isEqualTo(done(users.keys("NOBODY")));
        assertThat(done(users.keys("nobody")).salt())
                .isNotEqualTo(done(users.keys("another")).salt());
        assertThat(users.nonce()).matches("[0-9a-f]{32}").isNotEqualTo(users.nonce());
    }

    @Test
    void aRenamedUserKeepsAccountAndPassword() {
        done(users.create("a", "secret"));
        done(users.create("b", "other"));
        MailUser before = done(users.find("a")).orElseThrow();
        assertThat(done(users.rename("a", "b"))).isEqualTo(MailUsers.Renaming.TAKEN);
        assertThat(done(users.rename("nobody", "c"))).isEqualTo(MailUsers.Renaming.MISSING);
        assertThat(done(users.rename("A", "c"))).isEqualTo(MailUsers.Renaming.RENAMED);
        assertThat(done(users.find("a"))).isEmpty();
        assertThat(done(users.isPassword("c", "secret"))).isTrue();
        assertThat(done(users.find("c")).orElseThrow().account()).isEqualTo(before.account());
    }

    @Test
    void usersAreListedByName() {
        List<String> names = new ArrayList<>();
        for (int i = 10; i < 40; i++) {
            names.add("user" + i);
            done(users.create("user" + i, "p"));
        }
        assertThat(done(users.list())).extracting(MailUser::name).isEqualTo(names);
        assertThat(names.stream().map(UserRows::locator).distinct().count())
                .as("over several locators")
                .isGreaterThan(5);
        assertThat(UserRows.locators())
                .containsAll(names.stream().map(UserRows::locator).toList());
    }

    @Test
    void namesAreWithoutSpacesAndCase() {
        assertThat(MailUser.isName("a@b")).isTrue();
        assertThat(List.of("", "A", "a b", "a\u0000", " a", "x".repeat(321))).noneMatch(MailUser::isName);
        assertThatThrownBy(() -> done(users.create("A", "p"))).hasRootCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFileOfUsersIsReadAsItIsMeant() {
        String secret = "SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$" + "A".repeat(43) + "=:" + "B".repeat(43) + "=";
        StaticUsers read = StaticUsers.parse("# a comment\n\nAda@X " + secret + "\nproxy\t" + secret + "  master\r\n");
        assertThat(read.mailboxes()).containsExactly("ada@x");
        assertThat(read.isMaster("proxy")).isTrue();
        assertThat(read.isMaster("ada@x")).isFalse();
        assertThat(read)
                .isEqualTo(StaticUsers.parse("proxy " + secret + " master\nada@x " + secret))
                .isNotEqualTo(StaticUsers.NONE);
        for (String wrong : List.of("a", "a secret", "a " + secret + " admin", "a " + secret + "\nA " + secret)) {
            assertThatThrownBy(() -> StaticUsers.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("line ")
                    .hasMessageNotContaining("SCRAM");
        }
    }

    @Test
    void aStaticUserHasAMailboxAndNoSecretOfTheCluster() {
        done(users.createStatic("ada"));
        assertThat(done(users.isPassword("ada", ""))).isFalse();
        assertThat(done(users.find("ada")).orElseThrow().secret()).isEmpty();
        assertThat(done(users.createStatic("ada"))).isEqualTo(MailUsers.Creation.EXISTED);
    }
}
