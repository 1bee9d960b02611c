package io.roost.objectstore.admin;

import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.objectstore.auth.AccessKey;
import io.roost.objectstore.auth.AccessKeys;
import io.roost.objectstore.auth.Identity;
import io.roost.objectstore.cache.RecordCache;
import io.roost.objectstore.cache.RecordChanges;
import io.roost.objectstore.classes.AccessKeyClass;
import io.roost.objectstore.classes.BucketClass;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.UserClass;
import io.roost.objectstore.layout.AccessKeyRecord;
import io.roost.objectstore.layout.SystemNames;
import io.roost.objectstore.layout.UserRecord;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The users of a cluster and their access keys, in the system pool. Keys that are asked for often are kept in memory
 * until they change; a change is told to all gateways before it is answered. Safe for any thread.
 *
 * <p>A key is listed with its user before it exists and until after it is gone, so that no key is without a user.
 */
public final class UserDirectory implements AccessKeys {
    private static final String KEY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String SECRET_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int MAX_KEY_LENGTH = 128;
    private static final int KEY_LENGTH = 20;
    private static final int SECRET_LENGTH = 40;
    private static final int USER_ID_BYTES = 32;

    private final IoContext system;
    private final RandomGenerator random;
    private final LongSupplier wallClock;
    private final RecordChanges changes;
    private final RecordCache<CompletableFuture<Optional<AccessKey>>> cache;

    /**
     * A directory over the system pool.
     *
     * @param random unpredictable: keys and ids are made with it; safe for any thread
     * @param wallClock milliseconds since 1970
     * @param changes of records, by this gateway and others
     */
    public UserDirectory(IoContext system, RandomGenerator random, LongSupplier wallClock, RecordChanges changes) {
        this.system = system;
        this.random = random;
        this.wallClock = wallClock;
        this.changes = changes;
        this.cache = changes.cache(RecordChanges.Kind.ACCESS_KEY);
    }

    @Override
    public CompletionStage<Optional<AccessKey>> find(String accessKeyId) {
        CompletableFuture<Optional<AccessKey>> known = cache.get(accessKeyId);
        if (known != null) {
            return known;
        }
        if (accessKeyId.isEmpty() || accessKeyId.length() > MAX_KEY_LENGTH) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        CompletableFuture<Optional<AccessKey>> answer = new CompletableFuture<>();
        RecordCache.Reading reading = cache.begin();
        read(accessKeyId).onComplete(result -> {
            if (result.failed()) {
                answer.completeExceptionally(result.cause());
                return;
            }
            // Only keys that exist are kept: nobody can fill the cache with guesses.
            if (result.result().isPresent()) {
                cache.put(accessKeyId, answer, reading);
            }
            answer.complete(result.result());
        });
        return answer;
    }

    private Future<Optional<AccessKey>> read(String accessKeyId) {
        return system.call(SystemNames.accessKeyLocator(accessKeyId), AccessKeyClass.get(accessKeyId))
                .compose(reply -> {
                    if (!reply.isOk()) {
                        return Future.succeededFuture(Optional.empty());
                    }
                    AccessKeyRecord key = AccessKeyRecord.decode(reply.output());
                    if (!key.isActive()) {
                        return Future.succeededFuture(Optional.empty());
                    }
                    return user(key.userName())
                            .map(user ->
                                    user.map(found -> new AccessKey(key.accessKey(), key.secret(), identity(found))));
                });
    }

    private static Identity identity(UserRecord user) {
        Identity.Role role = user.isAdmin() ? Identity.Role.ADMIN : Identity.Role.USER;
        return new Identity(user.id(), user.displayName(), role);
    }

    /** The user of a name. */
    public Future<Optional<UserRecord>> user(String name) {
        return system.call(SystemNames.userLocator(name), UserClass.get(name))
                .map(reply -> reply.isOk() ? Optional.of(UserRecord.decode(reply.output())) : Optional.empty());
    }

    /** All users by name. */
    public Future<List<UserRecord>> users() {
        List<Future<List<UserRecord>>> all = new ArrayList<>();
        for (Bytes locator : SystemNames.userLocators()) {
            all.add(usersOf(locator, "", new ArrayList<>()));
        }
        return Future.all(all).map(done -> {
            List<UserRecord> users = new ArrayList<>();
            all.forEach(page -> users.addAll(page.result()));
            users.sort(Comparator.comparing(UserRecord::name));
            return users;
        });
    }

    private Future<List<UserRecord>> usersOf(Bytes locator, String after, List<UserRecord> found) {
        return system.call(locator, new UserClass.ListParameters(after, UserClass.MAX_PAGE).call())
                .compose(reply -> {
                    List<UserRecord> page = UserClass.users(reply.output());
                    found.addAll(page);
                    return page.size() < UserClass.MAX_PAGE
                            ? Future.succeededFuture(found)
                            : usersOf(locator, page.get(page.size() - 1).name(), found);
                });
    }

    /**
     * Creates a user without keys.
     *
     * @param displayName as listings show the owner
     * @param email may be empty
     * @return fails with {@link AdminFailure} {@code UserAlreadyExists}
     */
    public Future<UserRecord> createUser(String name, String displayName, String email, Identity.Role role) {
        byte[] id = new byte[USER_ID_BYTES];
        random.nextBytes(id);
        UserRecord user = new UserRecord(
                HexFormat.of().formatHex(id),
                name,
                displayName,
                email,
                wallClock.getAsLong(),
                role == Identity.Role.ADMIN,
                List.of());
        return system.call(SystemNames.userLocator(name), UserClass.create(user))
                .map(reply -> {
                    if (!reply.isOk()) {
                        throw new AdminFailure(
                                AdminFailure.Kind.CONFLICT, "UserAlreadyExists", "there is a user " + name);
                    }
                    return user;
                });
    }

    /**
     * Gives a user a key; fails with {@code NoSuchUser}, {@code TooManyAccessKeys} or {@code AccessKeyAlreadyExists}.
     *
     * @param accessKey null for a random one
     * @param secret null for a random one
     */
    public Future<AccessKeyRecord> createKey(String userName, String accessKey, String secret) {
        AccessKeyRecord key = new AccessKeyRecord(
                accessKey == null ? randomText(KEY_LETTERS, KEY_LENGTH) : accessKey,
                secret == null ? randomText(SECRET_LETTERS, SECRET_LENGTH) : secret,
                userName,
                wallClock.getAsLong(),
                true);
        UserClass.KeyParameters listed = new UserClass.KeyParameters(userName, key.accessKey());
        return change(SystemNames.userLocator(userName), listed.add(), userName)
                .compose(done -> system.call(SystemNames.accessKeyLocator(key.accessKey()), AccessKeyClass.create(key)))
                .compose(reply -> reply.isOk()
                        ? changed(key.accessKey()).map(key)
                        : unlistOthers(userName, key.accessKey())
                                .compose(undone -> Future.failedFuture(new AdminFailure(
                                        AdminFailure.Kind.CONFLICT,
                                        "AccessKeyAlreadyExists",
                                        "access key " + key.accessKey() + " exists already"))));
    }

    /** Takes a key from a user's list when it is another's, or nobody's. */
    private Future<Void> unlistOthers(String userName, String accessKey) {
        return keys(userName)
                .compose(own -> own.stream().anyMatch(key -> key.accessKey().equals(accessKey))
                        ? Future.succeededFuture()
                        : change(
                                SystemNames.userLocator(userName),
                                new UserClass.KeyParameters(userName, accessKey).remove(),
                                userName));
    }

    /** A change of a user's record. */
    private Future<Void> change(Bytes locator, ClassCall call, String userName) {
        return system.call(locator, call).map(reply -> {
            switch (ClassStatus.ofCode(reply.status())) {
                case OK -> {
                    return null;
                }
                case NOT_FOUND -> throw noSuchUser(userName);
                case TOO_MANY ->
                    throw new AdminFailure(
                            AdminFailure.Kind.CONFLICT,
                            "TooManyAccessKeys",
                            userName + " has " + UserRecord.MAX_ACCESS_KEYS + " access keys already");
                case NOT_EMPTY ->
                    throw new AdminFailure(
                            AdminFailure.Kind.CONFLICT, "UserHasAccessKeys", userName + " has access keys");
                default -> throw new IllegalStateException("status " + reply.status() + " for user " + userName);
            }
        });
    }

    private Future<Void> changed(String accessKey) {
        return changes.tell(RecordChanges.Kind.ACCESS_KEY, accessKey);
    }

    private static AdminFailure noSuchUser(String name) {
        return new AdminFailure(AdminFailure.Kind.NOT_FOUND, "NoSuchUser", "there is no user " + name);
    }

    /** The user of a name; fails with {@link AdminFailure} {@code NoSuchUser}. */
    public Future<UserRecord> existingUser(String name) {
        return user(name).map(user -> user.orElseThrow(() -> noSuchUser(name)));
    }

    /** The keys of a user that exist. */
    public Future<List<AccessKeyRecord>> keys(String userName) {
        return existingUser(userName).compose(user -> {
            List<Future<Optional<AccessKeyRecord>>> all = new ArrayList<>();
            for (String accessKey : user.accessKeys()) {
                all.add(system.call(SystemNames.accessKeyLocator(accessKey), AccessKeyClass.get(accessKey))
                        .map(reply ->
                                reply.isOk() ? Optional.of(AccessKeyRecord.decode(reply.output())) : Optional.empty()));
            }
            return Future.all(all)
                    .map(done -> all.stream()
                            .map(Future::result)
                            .flatMap(Optional::stream)
                            .filter(key -> key.userName().equals(userName))
                            .toList());
        });
    }

    /** Takes a key from a user; fails with {@code NoSuchUser} or {@code NoSuchAccessKey}. */
    public Future<Void> removeKey(String userName, String accessKey) {
        return keys(userName).compose(keys -> {
            if (keys.stream().noneMatch(key -> key.accessKey().equals(accessKey))) {
                return Future.failedFuture(new AdminFailure(
                        AdminFailure.Kind.NOT_FOUND, "NoSuchAccessKey", userName + " has no access key " + accessKey));
            }
            UserClass.KeyParameters listed = new UserClass.KeyParameters(userName, accessKey);
            return system.call(SystemNames.accessKeyLocator(accessKey), AccessKeyClass.remove(accessKey))
                    .compose(removed -> changed(accessKey))
                    .compose(told -> change(SystemNames.userLocator(userName), listed.remove(), userName));
        });
    }

    /** Removes a user with its keys; fails with {@code NoSuchUser} or {@code UserHasBuckets}. */
    public Future<Void> removeUser(String name) {
        return existingUser(name)
                .compose(user ->
                        system.call(SystemNames.BUCKETS, new BucketClass.ListParameters(user.id(), "", 1).call()))
                .compose(reply -> {
                    if (!BucketClass.ListReply.decode(reply.output()).buckets().isEmpty()) {
                        return Future.failedFuture(
                                new AdminFailure(AdminFailure.Kind.CONFLICT, "UserHasBuckets", name + " owns buckets"));
                    }
                    return keys(name);
                })
                .compose(keys -> {
                    Future<Void> removed = Future.succeededFuture();
                    for (AccessKeyRecord key : keys) {
                        removed = removed.compose(done -> removeKey(name, key.accessKey()));
                    }
                    return removed;
                })
                .compose(done -> change(SystemNames.userLocator(name), UserClass.remove(name), name));
    }

    private String randomText(String letters, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
