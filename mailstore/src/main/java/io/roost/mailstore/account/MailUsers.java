package io.roost.mailstore.account;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.MailUserClass;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.MailUser;
import io.roost.mailstore.mailbox.UserRows;
import io.roost.mailstore.sasl.SaslStep;
import io.roost.mailstore.sasl.ScramKeys;
import io.roost.mailstore.sasl.StoredSecret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The users of a cluster, in its system pool. Safe for any thread. */
public final class MailUsers implements AutoCloseable {
    /** Threads that compute hashes: a flood of logins takes no more of the machine. */
    private static final int HASH_THREADS = 2;

    private static final int ID_BYTES = 16;

    private final IoContext system;
    private final SecureRandom random;
    private final LongSupplier nowMillis;
    private final WorkerExecutor hashes;
    /** Of this process: what keys of users that do not exist are made with. */
    private final Bytes fakeSecret;
    /** Checked for users that do not exist, so that they cannot be told by the time it takes. */
    private final StoredSecret nobody;

    private volatile StaticUsers statics = StaticUsers.NONE;

    /** The users of a cluster. */
    public MailUsers(Vertx vertx, IoContext system, SecureRandom random, LongSupplier nowMillis) {
        this.system = system;
        this.random = random;
        this.nowMillis = nowMillis;
        this.hashes = vertx.createSharedWorkerExecutor("mail-passwords", HASH_THREADS);
        this.fakeSecret = bytes(ScramKeys.SALT_BYTES);
        this.nobody = StoredSecret.scram(ScramKeys.fake(fakeSecret, ""));
    }

    private Bytes bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private Future<CallReply> call(String name, ClassCall call) {
        return system.call(UserRows.locator(name), call);
    }

    /** The user of a name, in any case of its letters. */
    public Future<Optional<MailUser>> find(String name) {
        String normalized = MailUser.normalized(name);
        if (!MailUser.isName(normalized)) {
            return Future.succeededFuture(Optional.empty());
        }
        return call(normalized, MailUserClass.get(normalized))
                .map(reply -> reply.isOk() ? Optional.of(MailUser.decode(reply.output())) : Optional.empty());
    }

    /** How a user was made. */
    public enum Creation {
        /** Now. */
        MADE,
        /** There was one of this name. */
        EXISTED
    }

    /**
     * Makes a user, with keys that serve SCRAM and passwords in clear; one that exists is left as it is.
     *
     * @param name one that {@link MailUser#isName} allows
     */
    public Future<Creation> create(String name, String password) {
        return secret(password)
                .compose(secret -> call(
                        name,
                        MailUserClass.create(
                                new MailUser(new AccountId(bytes(ID_BYTES)), name, secret, nowMillis.getAsLong()))))
                .map(reply -> reply.isOk() ? Creation.MADE : Creation.EXISTED);
    }

    /** Gives a user another password; false when there is no such user. */
    public Future<Boolean> setPassword(String name, String password) {
        return secret(password)
                .compose(secret -> call(name, new MailUserClass.SecretParameters(name, secret).call()))
                .map(CallReply::isOk);
    }

    private Future<String> secret(String password) {
        Bytes salt = bytes(ScramKeys.SALT_BYTES);
        return hashes.executeBlocking(
                () -> StoredSecret.scram(ScramKeys.of(password, salt, ScramKeys.DEFAULT_ITERATIONS))
                        .text(),
                false);
    }

    /** How a user was given another name. */
    public enum Renaming {
        /** It has the new name, and no longer the old one. */
        RENAMED,
        /** There is no user of the old name. */
        MISSING,
        /** Another user has the new one. */
        TAKEN
    }

    /**
     * Gives a user another name, with account and password. For a moment the user has both; when that is where it ends,
     * renaming again completes it.
     *
     * @param newName one that {@link MailUser#isName} allows
     */
    public Future<Renaming> rename(String name, String newName) {
        return find(name).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(Renaming.MISSING);
            }
            MailUser user = found.get();
            MailUser renamed = new MailUser(user.account(), newName, user.secret(), user.createdMillis());
            return call(newName, MailUserClass.create(renamed))
                    .compose(made -> made.isOk() ? Future.succeededFuture(Optional.of(renamed)) : find(newName))
                    .compose(there -> there.isPresent() && there.get().account().equals(user.account())
                            ? remove(user.name()).map(Renaming.RENAMED)
                            : Future.succeededFuture(Renaming.TAKEN));
        });
    }

    /** Removes a user, whose account stays; false when there is none. */
    public Future<Boolean> remove(String name) {
        return call(name, MailUserClass.remove(name)).map(CallReply::isOk);
    }

    /** All users by name. */
    public Future<List<MailUser>> list() {
        List<Future<List<MailUser>>> shards = new ArrayList<>();
        UserRows.locators().forEach(locator -> shards.add(list(locator, "", new ArrayList<>())));
        return Future.all(shards).map(done -> {
            List<MailUser> all = new ArrayList<>();
            shards.forEach(shard -> all.addAll(shard.result()));
            all.sort(Comparator.comparing(MailUser::name));
            return all;
        });
    }

    private Future<List<MailUser>> list(Bytes locator, String after, List<MailUser> found) {
        return system.call(locator, MailUserClass.list(after)).compose(reply -> {
            List<MailUser> page = MailUserClass.users(reply.output());
            found.addAll(page);
            return page.size() < MailUserClass.MAX_PAGE
                    ? Future.succeededFuture(found)
                    : list(locator, page.get(page.size() - 1).name(), found);
        });
    }

    /** Users whose secrets are not the cluster's, from now on. */
    public void use(StaticUsers users) {
        statics = users;
    }

    /** Makes a user of the static ones findable, without a secret of the cluster's; one that exists is left as it is. */
    public Future<Creation> createStatic(String name) {
        return call(
                        name,
                        MailUserClass.create(
                                new MailUser(new AccountId(bytes(ID_BYTES)), name, "", nowMillis.getAsLong())))
                .map(reply -> reply.isOk() ? Creation.MADE : Creation.EXISTED);
    }

    /** What is stored of a user's password; empty when nobody can log in with the name. */
    private Future<Optional<StoredSecret>> secretOf(String name) {
        StoredSecret fixed = statics.secret(MailUser.normalized(name));
        return fixed == null
                ? find(name).map(found -> found.map(user -> StoredSecret.parse(user.secret())))
                : Future.succeededFuture(Optional.of(fixed));
    }

    /** Whether this is the user's password; for a user that does not exist found out in the same time. */
    public Future<Boolean> isPassword(String name, String password) {
        return secretOf(name)
                .compose(known -> hashes.executeBlocking(
                                () -> known.orElse(nobody).isOf(password), false)
                        .map(isRight -> isRight && known.isPresent()));
    }

    /** The keys of a user, or keys that no password has. */
    public Future<ScramKeys> keys(String name) {
        return secretOf(name)
                .map(known -> known.orElse(null) instanceof StoredSecret.Scram scram
                        ? scram.keys()
                        : ScramKeys.fake(fakeSecret, MailUser.normalized(name)));
    }

    /** Whose mail is opened for one who has proved who it is; empty when it may not act for whom it wants to be. */
    public Future<Optional<MailUser>> owner(SaslStep.Identity identity) {
        String owner = MailUser.normalized(identity.mailboxOwner());
        String user = MailUser.normalized(identity.user());
        return owner.equals(user) || statics.isMaster(user) ? find(owner) : Future.succeededFuture(Optional.empty());
    }

    /** A nonce of SCRAM: random, printable, without comma. */
    public String nonce() {
        return bytes(ID_BYTES).hex();
    }

    /** Ends the threads. */
    @Override
    public void close() {
        hashes.close();
    }
}
