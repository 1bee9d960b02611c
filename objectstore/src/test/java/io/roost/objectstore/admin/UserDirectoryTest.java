package io.roost.objectstore.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.objectstore.auth.Identity;
import io.roost.objectstore.cache.RecordChanges;
import io.roost.objectstore.classes.ModelCluster;
import io.roost.objectstore.layout.AccessKeyRecord;
import io.vertx.core.Future;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Users of a pool in memory. */
class UserDirectoryTest {
    private final ModelCluster system = new ModelCluster(1);
    private final UserDirectory users =
            new UserDirectory(system, new Random(1), () -> 0, new RecordChanges(system, () -> 0));

    private static <T> T done(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private List<String> keys(String user) {
        return done(users.keys(user)).stream().map(AccessKeyRecord::accessKey).toList();
    }

    @Test
    void aKeyIsMadeOnceAndStaysItsUsers() {
        done(users.createUser("ada", "", "", Identity.Role.USER));
        done(users.createUser("bea", "", "", Identity.Role.USER));
        done(users.createKey("ada", "KEY", "one"));
        for (String user : List.of("ada", "bea")) {
            assertThatThrownBy(() -> done(users.createKey(user, "KEY", "two")))
                    .hasRootCauseMessage("access key KEY exists already");
        }
        assertThat(keys("ada")).containsExactly("KEY");
        assertThat(done(users.existingUser("bea")).accessKeys()).isEmpty();
        done(users.removeKey("ada", "KEY"));
        assertThat(keys("ada")).isEmpty();
        done(users.createKey("bea", "KEY", "three"));
        assertThat(keys("bea")).containsExactly("KEY");
    }
}
