package io.roost.objectstore.user;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.objectstore.RandomIds;
import io.roost.objectstore.Requester;
import io.roost.objectstore.auth.AccessKey;
import io.roost.objectstore.auth.AccessKeys;
import io.roost.objectstore.auth.Identity;
import io.roost.objectstore.classes.AccessKeyClass;
import io.roost.objectstore.classes.BucketClass;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.UserClass;
import io.roost.objectstore.layout.AccessKeyRecord;
import io.roost.objectstore.layout.SystemNames;
import io.roost.objectstore.layout.UserRecord;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * Users and their access keys. Keys that requests use are kept for a short time: a key removed elsewhere works that much
 * longer at most, one removed here no longer at all. Safe for use from any thread.
 */
public final class UserStore implements AccessKeys {
    private static final Duration MAX_AGE = Duration.ofSeconds(5);

    /** Keys kept; when there are more the cache is emptied. */
    private static final int MAX_KEYS = 10_000;

    /** Longest id of an access key. */
    private static final int MAX_ID_CHARS = 128;

    private final IoContext system;
    private final RandomIds ids;
    private final LongSupplier wallClock;
    private final ConcurrentMap<String, Known> cache = new ConcurrentHashMap<>();

    private record Known(CompletableFuture<Optional<AccessKey>> key, long readMillis) {}

    /**
     * The store on the system pool.
     *
     * @param wallClock milliseconds since 1970
     */
    public UserStore(IoContext system, RandomIds ids, LongSupplier wallClock) {
        this.system = system;
        this.ids = ids;
        this.wallClock = wallClock;
    }

    @Override
    public CompletionStage<Optional<AccessKey>> find(String accessKeyId) {
        Known known = cache.get(accessKeyId);
        if (known != null && wallClock.getAsLong() - known.readMillis() < MAX_AGE.toMillis()) {
            return known.key();
        }
        boolean isPossible = !accessKeyId.isEmpty() && accessKeyId.length() <= MAX_ID_CHARS;
        return isPossible ? read(accessKeyId).toCompletionStage() : CompletableFuture.completedFuture(Optional.empty());
    }

    private Future<Optional<AccessKey>> read(String accessKeyId) {
        long nowMillis = wallClock.getAsLong();
        return system.call(SystemNames.accessKeyLocator(accessKeyId), AccessKeyClass.get(accessKeyId))
                .compose(reply -> {
                    if (status(reply) != ClassStatus.OK) {
                        cache.remove(accessKeyId);
                        return Future.succeededFuture(Optional.empty());
                    }
                    AccessKeyRecord key = AccessKeyRecord.decode(reply.output());
                    return user(key.userName()).map(user -> learn(key, user, nowMillis));
                });
    }

    private Optional<AccessKey> learn(AccessKeyRecord key, Optional<UserRecord> user, long nowMillis) {
        Optional<AccessKey> found = key.isActive()
                ? user.map(of -> new AccessKey(key.accessKey(), key.secret(), identity(of)))
                : Optional.empty();
        if (found.isPresent()) {
            if (cache.size() >= MAX_KEYS) {
                cache.clear();
            }
            cache.put(key.accessKey(), new Known(CompletableFuture.completedFuture(found), nowMillis));
        }
        return found;
    }

    private static Identity identity(UserRecord user) {
        return new Identity(user.id(), user.displayName(), user.isAdmin() ? Identity.Role.ADMIN : Identity.Role.USER);
    }

    private static ClassStatus status(CallReply reply) {
        return ClassStatus.ofCode(reply.status());
    }

    /**
     * What a new user is to be.
     *
     * @param name unique, at most 128 characters
     * @param displayName as listings show the owner
     * @param email may be empty
     * @param rights what the user may do besides using buckets of their own
     */
    public record NewUser(String name, String displayName, String email, Requester.Rights rights) {}

    /** Creates a user without keys; fails with ALREADY_EXISTS. */
    public Future<UserRecord> create(NewUser wanted) {
        UserRecord user = new UserRecord(
                ids.id().concat(ids.id()).hex(),
                wanted.name(),
                wanted.displayName(),
                wanted.email(),
                wallClock.getAsLong(),
                wanted.rights() == Requester.Rights.ADMIN,
                List.of());
        return change(SystemNames.userLocator(user.name()), UserClass.create(user))
                .map(user);
    }

    /** The user of a name. */
    public Future<Optional<UserRecord>> user(String name) {
        return system.call(SystemNames.userLocator(name), UserClass.get(name)).map(reply -> {
            return status(reply) == ClassStatus.OK
                    ? Optional.of(UserRecord.decode(reply.output()))
                    : Optional.<UserRecord>empty();
        });
    }

    /** All users by name. */
    public Future<List<UserRecord>> users() {
        List<Future<List<UserRecord>>> locators = new ArrayList<>();
        for (Bytes locator : SystemNames.userLocators()) {
            locators.add(usersOf(locator, "", new ArrayList<>()));
        }
        return Future.all(locators).map(all -> {
            List<UserRecord> users = new ArrayList<>();
            locators.forEach(some -> users.addAll(some.result()));
            users.sort(Comparator.comparing(UserRecord::name));
            return users;
        });
    }

    private Future<List<UserRecord>> usersOf(Bytes locator, String startAfter, List<UserRecord> found) {
        UserClass.ListParameters parameters = new UserClass.ListParameters(startAfter, UserClass.MAX_PAGE);
        return system.call(locator, parameters.call()).compose(reply -> {
            List<UserRecord> page = UserClass.users(reply.output());
            found.addAll(page);
            return page.size() < UserClass.MAX_PAGE
                    ? Future.succeededFuture(found)
                    : usersOf(locator, page.get(page.size() - 1).name(), found);
        });
    }

    /** Removes a user with its keys; fails with NOT_FOUND, or with NOT_EMPTY while it has buckets. */
    public Future<Void> remove(String name) {
        return user(name).compose(found -> {
            UserRecord user = found.orElseThrow(() -> new UserException(ClassStatus.NOT_FOUND));
            return system.call(SystemNames.BUCKETS, new BucketClass.ListParameters(user.id(), "", 1).call())
                    .compose(reply -> {
                        if (!BucketClass.ListReply.decode(reply.output())
                                .buckets()
                                .isEmpty()) {
                            throw new UserException(ClassStatus.NOT_EMPTY);
                        }
                        return removeKeys(user);
                    })
                    .compose(gone -> change(SystemNames.userLocator(name), UserClass.remove(name)));
        });
    }

    private Future<Void> removeKeys(UserRecord user) {
        Future<Void> done = Future.succeededFuture();
        for (String key : user.accessKeys()) {
            done = done.compose(before -> removeKey(user.name(), key));
        }
        return done;
    }

    /**
     * Makes an access key for a user; fails with NOT_FOUND, TOO_MANY, or ALREADY_EXISTS when the id has another secret or
     * owner.
     */
    public Future<AccessKeyRecord> createKey(String userName, String accessKeyId, String secret) {
        AccessKeyRecord key = new AccessKeyRecord(accessKeyId, secret, userName, wallClock.getAsLong(), true);
        // Listed first: a key that is not listed could never be found and removed with its user.
        return change(SystemNames.userLocator(userName), new UserClass.KeyParameters(userName, accessKeyId).add())
                .compose(listed -> system.call(SystemNames.accessKeyLocator(accessKeyId), AccessKeyClass.create(key)))
                .compose(reply ->
                        status(reply) == ClassStatus.ALREADY_EXISTS ? existing(key) : Future.succeededFuture(key));
    }

    /** The same key may be asked for again, at every start of a development server for one. */
    private Future<AccessKeyRecord> existing(AccessKeyRecord wanted) {
        return key(wanted.accessKey()).compose(found -> {
            boolean isSame = found.isPresent()
                    && found.get().userName().equals(wanted.userName())
                    && found.get().secret().equals(wanted.secret());
            if (isSame) {
                return Future.succeededFuture(found.get());
            }
            boolean isOthers = found.isPresent() && !found.get().userName().equals(wanted.userName());
            Future<Void> unlisted = isOthers
                    ? change(
                            SystemNames.userLocator(wanted.userName()),
                            new UserClass.KeyParameters(wanted.userName(), wanted.accessKey()).remove())
                    : Future.succeededFuture();
            return unlisted.compose(done -> Future.failedFuture(new UserException(ClassStatus.ALREADY_EXISTS)));
        });
    }

    /** The access key of an id, with its secret. */
    public Future<Optional<AccessKeyRecord>> key(String accessKeyId) {
        return system.call(SystemNames.accessKeyLocator(accessKeyId), AccessKeyClass.get(accessKeyId))
                .map(reply -> {
                    return status(reply) == ClassStatus.OK
                            ? Optional.of(AccessKeyRecord.decode(reply.output()))
                            : Optional.<AccessKeyRecord>empty();
                });
    }

    /** Removes an access key of a user; one that is not there is no error. Fails with NOT_FOUND without the user. */
    public Future<Void> removeKey(String userName, String accessKeyId) {
        cache.remove(accessKeyId);
        return key(accessKeyId)
                .compose(found -> found.isPresent() && found.get().userName().equals(userName)
                        ? system.call(SystemNames.accessKeyLocator(accessKeyId), AccessKeyClass.remove(accessKeyId))
                                .<Void>mapEmpty()
                        : Future.<Void>succeededFuture())
                .compose(gone -> change(
                        SystemNames.userLocator(userName), new UserClass.KeyParameters(userName, accessKeyId).remove()))
                .onComplete(done -> cache.remove(accessKeyId));
    }

    private Future<Void> change(Bytes locator, ClassCall call) {
        return system.call(locator, call).map(reply -> {
            if (status(reply) != ClassStatus.OK) {
                throw new UserException(status(reply));
            }
            return null;
        });
    }
}
