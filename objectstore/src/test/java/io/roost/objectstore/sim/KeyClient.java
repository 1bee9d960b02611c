package io.roost.objectstore.sim;

import io.roost.objectstore.admin.AdminFailure;
import io.roost.objectstore.auth.AccessKey;
import io.roost.objectstore.auth.Identity;
import io.roost.objectstore.layout.AccessKeyRecord;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An administrator who gives access keys and takes them away, and users who try them at any gateway: from the answer on
 * every gateway knows a key, or does not know it any more. A key has one life, and there is one at a time; of which it is
 * not known whether it was made or removed, another follows.
 */
final class KeyClient {
    private static final String USER = "keys";
    private static final int MAX_LOOK_UPS = 3;

    /** What is known of the key. */
    private enum Standing {
        /** It is being made or removed, or nobody knows. */
        OPEN,
        /** It was made. */
        GIVEN,
        /** It was removed, or nobody has begun to make it. */
        GONE
    }

    private final Workload workload;
    private boolean hasUser;
    private boolean isChanging;
    private int keys;
    private Standing standing = Standing.GONE;

    KeyClient(Workload workload) {
        this.workload = workload;
    }

    private String key() {
        return "AKSIM" + keys;
    }

    private String secret() {
        return "secret-" + keys;
    }

    /** Looks the key up a few times, changes it or not, and looks again. */
    void call(Runnable then) {
        boolean isChange = !isChanging && workload.random().nextInt(2) == 0;
        lookUps(() -> {
            if (isChange && !isChanging) {
                change(() -> lookUps(then));
            } else {
                lookUps(then);
            }
        });
    }

    private void lookUps(Runnable then) {
        lookUp(1 + workload.random().nextInt(MAX_LOOK_UPS), then);
    }

    private void lookUp(int times, Runnable then) {
        SimGateway gateway = workload.gateways().any();
        if (times == 0 || gateway == null) {
            then.run();
            return;
        }
        int number = keys;
        String key = key();
        String secret = secret();
        Standing before = standing;
        Future<Optional<AccessKey>> found =
                Future.fromCompletionStage(gateway.users().find(key));
        workload.gateways().work(gateway, found, result -> {
            if (result != null && number == keys && standing == before && before != Standing.OPEN) {
                workload.marks().add(before == Standing.GIVEN ? "keys found" : "keys not found", 1);
                boolean isFound = result.isPresent() && result.get().secret().equals(secret);
                if (isFound != (before == Standing.GIVEN)) {
                    workload.violation(gateway.life() + " finds " + result + " for " + key + ", which is " + before);
                }
            }
            lookUp(times - 1, then);
        });
    }

    private void change(Runnable then) {
        SimGateway gateway = workload.gateways().any();
        if (gateway == null) {
            then.run();
            return;
        }
        isChanging = true;
        if (standing == Standing.GIVEN) {
            standing = Standing.OPEN;
            end(gateway, () -> gateway.users().removeKey(USER, key()), Standing.GONE, then);
        } else {
            keys++;
            standing = Standing.OPEN;
            end(gateway, () -> user(gateway).compose(user -> give(gateway)), Standing.GIVEN, then);
        }
    }

    private Future<Void> user(SimGateway gateway) {
        return hasUser
                ? Future.succeededFuture()
                : gateway.users()
                        .createUser(USER, USER, "", Identity.Role.USER)
                        .<Void>mapEmpty()
                        .recover(failure -> failure instanceof AdminFailure refused
                                        && refused.code().equals("UserAlreadyExists")
                                ? Future.succeededFuture()
                                : Future.failedFuture(failure))
                        .onSuccess(made -> hasUser = true);
    }

    private Future<AccessKeyRecord> give(SimGateway gateway) {
        return gateway.users().createKey(USER, key(), secret());
    }

    /** A change that fails may be half made: its key is left to itself. */
    private void end(SimGateway gateway, Supplier<Future<?>> change, Standing after, Runnable then) {
        Future<Boolean> isDone = change.get().map(true).recover(failure -> Future.succeededFuture(false));
        workload.gateways().work(gateway, isDone, done -> {
            isChanging = false;
            if (Boolean.TRUE.equals(done)) {
                standing = after;
                workload.marks().add(after == Standing.GIVEN ? "keys given" : "keys taken", 1);
            }
            then.run();
        });
    }
}
