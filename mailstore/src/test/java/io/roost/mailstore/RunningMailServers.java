package io.roost.mailstore;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.account.LoginFailures;
import io.roost.mailstore.account.MailUsers;
import io.roost.mailstore.imap.ImapConfig;
import io.roost.mailstore.imap.ImapServer;
import io.roost.mailstore.lmtp.LmtpConfig;
import io.roost.mailstore.lmtp.LmtpLimits;
import io.roost.mailstore.lmtp.LmtpServer;
import io.roost.mailstore.mailbox.MailUser;
import io.roost.mailstore.net.Certificate;
import io.roost.mailstore.net.ClientLimits;
import io.roost.mailstore.net.Endpoint;
import io.roost.mailstore.net.Endpoint.Encryption;
import io.roost.mailstore.net.LoginPenalties;
import io.roost.mailstore.net.Networks;
import io.roost.mailstore.net.Occupancy;
import io.roost.mailstore.store.BodyWork;
import io.roost.mailstore.store.HereWork;
import io.roost.mailstore.store.MailAccounts;
import io.roost.mailstore.store.MailboxChanges;
import io.roost.mailstore.store.MemoryCluster;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.Placement;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.Versioning;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The servers on real sockets, over a pool in memory; all on one event loop. The users ada and bob have pass-ada and pass-bob. */
final class RunningMailServers implements AutoCloseable {
    private static final BucketRecord BUCKET = new BucketRecord(
            Bytes.hex("000102030405060708090a0b0c0d0e0f"),
            "mail",
            "owner",
            1,
            false,
            1,
            Versioning.NEVER,
            new BucketRecord.Layout(new Placement(1), 1, 4 << 20, List.of(0)),
            "",
            BucketRecord.Use.MAIL);

    /** Connections that one user may have. */
    static final int MAX_OF_USER = 5;

    /** The tests are proxies. */
    private static final Networks TRUSTED = Networks.parse("127.0.0.1");

    private static final int WAIT_SECONDS = 60;

    private final SecureRandom random = new SecureRandom();
    private final MemoryCluster cluster = new MemoryCluster();
    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final BodyWork work = HereWork.of(24 << 20);
    private final MailUsers users = new MailUsers(vertx, cluster, random, System::currentTimeMillis);
    private final MailAccounts accounts = new MailAccounts(
            cluster, BUCKET, BUCKET, new MailboxChanges(cluster), System::currentTimeMillis, this::randomBytes, work);
    private final ClientLimits limits = new ClientLimits(new Occupancy(100), new Occupancy(MAX_OF_USER), penalties());
    private final ObservedMail observed = new ObservedMail();
    private final List<ImapServer> imaps = new ArrayList<>();
    private final LmtpServer lmtp;
    private final int imapPort;
    private final int imapsPort;
    private final int lmtpPort;

    /** Starts them; IMAP with TLS from the beginning only with a certificate. */
    RunningMailServers(Optional<Certificate> certificate) {
        for (String name : List.of("ada", "bob")) {
            on(() -> users.create(name, "pass-" + name));
            MailUser user = user(name);
            on(() -> {
                cluster.locator(accounts.place(user.account()).locatorKey())
                        .call(new ShardClass.Parameters(ShardRef.of(BUCKET), 1).init());
                return accounts.ensure(user.account()).compose(made -> accounts.ensure(user.account()));
            });
        }
        imapPort = startImap(Encryption.ON_DEMAND, certificate);
        imapsPort = certificate.isPresent() ? startImap(Encryption.ALWAYS, certificate) : 0;
        lmtp = new LmtpServer(
                vertx,
                new LmtpConfig(
                        new Endpoint("127.0.0.1", 0, Encryption.ON_DEMAND, 100),
                        TRUSTED,
                        "mail.test",
                        new LmtpLimits(1 << 20, 100)),
                certificate,
                limits,
                observed,
                users,
                accounts,
                System::currentTimeMillis);
        lmtpPort = on(lmtp::start);
    }

    private int startImap(Encryption encryption, Optional<Certificate> certificate) {
        ImapServer imap = new ImapServer(
                vertx,
                new ImapConfig(new Endpoint("127.0.0.1", 0, encryption, 100), TRUSTED, Duration.ZERO),
                certificate,
                limits,
                observed,
                users,
                accounts,
                System::currentTimeMillis);
        imaps.add(imap);
        return on(imap::start);
    }

    /** Of a node that tells the others of failures. */
    LoginPenalties penalties() {
        LoginFailures failures = new LoginFailures(cluster, randomBytes(LoginFailures.ORIGIN_BYTES));
        return new LoginPenalties(Duration.ofMillis(1), System::nanoTime, failures::tell);
    }

    MailUsers users() {
        return users;
    }

    private Bytes randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    /** Runs something on the loop and waits for it; not for use on the loop. */
    <T> T on(Supplier<Future<T>> task) {
        Promise<T> promise = Promise.promise();
        loop.runOnContext(v -> task.get().onComplete(promise));
        return promise.future()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(WAIT_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    MailUser user(String name) {
        return on(() -> users.find(name)).orElseThrow();
    }

    MailAccounts accounts() {
        return accounts;
    }

    BodyWork work() {
        return work;
    }

    /** What the servers' observer was told. */
    List<String> observed() {
        return observed.told();
    }

    MemoryCluster cluster() {
        return cluster;
    }

    Vertx vertx() {
        return vertx;
    }

    int imapPort() {
        return imapPort;
    }

    int imapsPort() {
        return imapsPort;
    }

    int lmtpPort() {
        return lmtpPort;
    }

    void certificate(Certificate changed) {
        imaps.forEach(imap -> on(() -> imap.certificate(changed)));
        on(() -> lmtp.certificate(changed));
    }

    void stopImap() {
        imaps.forEach(imap -> on(imap::stop));
    }

    void stopLmtp() {
        on(lmtp::stop);
    }

    @Override
    public void close() {
        stopImap();
        stopLmtp();
        users.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
