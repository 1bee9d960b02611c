package io.roost.deploy;

import io.roost.cluster.client.IoContext;
import io.roost.cluster.client.Rados;
import io.roost.cluster.object.Bytes;
import io.roost.mailstore.account.LoginFailures;
import io.roost.mailstore.account.MailUsers;
import io.roost.mailstore.account.StaticUsers;
import io.roost.mailstore.dict.DictConfig;
import io.roost.mailstore.dict.DictServer;
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
import io.roost.mailstore.net.MailObserver;
import io.roost.mailstore.net.Occupancy;
import io.roost.mailstore.store.BodyWork;
import io.roost.mailstore.store.MailAccounts;
import io.roost.mailstore.store.MailWork;
import io.roost.mailstore.store.MailboxChanges;
import io.roost.mailstore.store.MailboxStore;
import io.roost.objectstore.admin.BucketAdmin;
import io.roost.objectstore.admin.UserDirectory;
import io.roost.objectstore.auth.Identity;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.lifecycle.WorkHandler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node's mail store: its users, and IMAP and LMTP on every event loop. Starting and stopping block. */
final class MailServers {
    private static final Logger LOG = LoggerFactory.getLogger(MailServers.class);

    /** Whose the mail bucket is. */
    private static final String OWNER = "mail";

    /** Of the bucket of checkpoints, after the name of the mail bucket. */
    private static final String CHECKPOINTS = "-checkpoints";

    /** How long the answer to a wrong password is kept back, at first. */
    private static final Duration LOGIN_DELAY = Duration.ofSeconds(2);

    /** What a message may have, less what delivery puts before it. */
    private static final long LMTP_MESSAGE_BYTES = MailboxStore.MAX_MESSAGE_BYTES - 16 * 1024;

    /** Of the heap, what bodies in memory may take: each is there up to four times while it is worked on. */
    private static final int HEAP_PARTS = 8;

    private record OnLoop(Context loop, List<ImapServer> imaps, LmtpServer lmtp) {}

    private final BodyWork.Elsewhere elsewhere;
    private final MailUsers users;
    private final MailAccounts accounts;
    private final MailWork work;
    private final MailCertificate certificate;
    private final Optional<MailUsersFile> usersFile;
    private final ClientLimits limits;
    private final MailObserver observer;
    private final List<OnLoop> servers = new ArrayList<>();
    private int imapPort;
    private Optional<Integer> imapsPort = Optional.empty();
    private int lmtpPort;
    private final List<OnDict> dicts = new ArrayList<>();
    private Optional<Integer> dictPort = Optional.empty();

    private record OnDict(Context loop, DictServer server) {}

    private MailServers(
            BodyWork.Elsewhere elsewhere,
            MailUsers users,
            MailAccounts accounts,
            MailWork work,
            MailCertificate certificate,
            Optional<MailUsersFile> usersFile,
            ClientLimits limits,
            MailObserver observer) {
        this.elsewhere = elsewhere;
        this.users = users;
        this.accounts = accounts;
        this.work = work;
        this.certificate = certificate;
        this.usersFile = usersFile;
        this.limits = limits;
        this.observer = observer;
    }

    /**
     * Starts the servers.
     *
     * @param node whose gateway runs already
     * @throws CommandFailure when a port cannot be had, or the bucket is none for mail
     */
    static MailServers start(Vertx vertx, List<Context> loops, Node node, NodeConfig.Mail mail) {
        BucketRecord bucket = bucket(node, mail.bucket());
        BucketRecord checkpoints = bucket(node, mail.bucket() + CHECKPOINTS);
        SecureRandom random = new SecureRandom();
        Rados rados = node.cluster().rados();
        IoContext data = rados.pool("data");
        MailUsers users = new MailUsers(vertx, rados.pool("system"), random, System::currentTimeMillis);
        MailAccounts accounts = new MailAccounts(
                data,
                bucket,
                checkpoints,
                new MailboxChanges(data),
                System::currentTimeMillis,
                count -> bytes(random, count),
                new BodyWork(Runtime.getRuntime().maxMemory() / HEAP_PARTS, elsewhere(vertx)));
        ClientLimits limits = new ClientLimits(
                new Occupancy(mail.connectionsPerAddress()),
                new Occupancy(mail.connectionsPerUser()),
                penalties(rados.pool("system"), random));
        MailServers servers = new MailServers(
                elsewhere(vertx),
                users,
                accounts,
                new MailWork(
                        data,
                        accounts,
                        System::currentTimeMillis,
                        mail.keepExpunged().toMillis()),
                MailCertificate.of(vertx, mail.tls(), node.folder()),
                mail.usersFile().map(file -> MailUsersFile.of(vertx, file)),
                limits,
                new MeteredMail(node.metrics(), accounts.work()));
        try {
            // Servers share a port when they name it, so a free one is looked for first.
            servers.imapPort = mail.imapPort() == 0 ? Node.freePort(mail.host()) : mail.imapPort();
            if (servers.certificate.shown().isPresent()) {
                servers.imapsPort = Optional.of(mail.imapsPort() == 0 ? Node.freePort(mail.host()) : mail.imapsPort());
            }
            servers.lmtpPort = mail.lmtpPort() == 0 ? Node.freePort(mail.host()) : mail.lmtpPort();
            loops.forEach(loop -> servers.listen(vertx, loop, mail));
            servers.listenForDicts(vertx, loops.get(0), mail);
            servers.certificate.watch(servers::certificate);
            servers.usersFile.ifPresent(file -> {
                Node.await("make mailboxes of the users' file", servers.use(file.users()));
                file.watch(servers::use);
            });
            return servers;
        } catch (RuntimeException failure) {
            servers.stop();
            throw failure;
        }
    }

    private static Bytes bytes(SecureRandom random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    /** Failed logins count on all nodes, wherever they are. */
    private static LoginPenalties penalties(IoContext system, SecureRandom random) {
        LoginFailures failures = new LoginFailures(system, bytes(random, LoginFailures.ORIGIN_BYTES));
        LoginPenalties penalties = new LoginPenalties(LOGIN_DELAY, System::nanoTime, failures::tell);
        failures.follow(penalties::heard)
                .onFailure(failure -> LOG.warn("failed logins on other nodes are not heard of", failure));
        return penalties;
    }

    private static BodyWork.Elsewhere elsewhere(Vertx vertx) {
        return new BodyWork.Elsewhere() {
            @Override
            public <T> Future<T> run(Callable<T> work) {
                return vertx.executeBlocking(work, false);
            }
        };
    }

    private static BucketRecord bucket(Node node, String name) {
        BucketRecord bucket = Node.await("make the mail bucket " + name, bucket(node.users(), node.buckets(), name));
        if (bucket.use() != BucketRecord.Use.MAIL) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN,
                    "the bucket " + name + " is not the mail store's; name another with mail.bucket");
        }
        return bucket;
    }

    /** A mail bucket, made for a user who has no keys: the mail servers alone write into it. */
    private static Future<BucketRecord> bucket(UserDirectory directory, BucketAdmin buckets, String name) {
        return Future.succeededFuture().compose(checked -> {
            Node.requireBucketName(name);
            return buckets.existing(name)
                    .recover(missing -> directory
                            .user(OWNER)
                            .compose(found -> found.isPresent()
                                    ? Future.succeededFuture(found.get())
                                    : directory.createUser(OWNER, "Mail store", "", Identity.Role.USER))
                            .compose(owner -> buckets.createForMail(name, OWNER)));
        });
    }

    private void listen(Vertx vertx, Context loop, NodeConfig.Mail mail) {
        List<ImapServer> imaps = new ArrayList<>();
        LmtpConfig config = new LmtpConfig(
                new Endpoint(mail.host(), lmtpPort, Encryption.ON_DEMAND, LmtpConfig.MAX_CONNECTIONS),
                mail.trusted(),
                mail.name(),
                new LmtpLimits(LMTP_MESSAGE_BYTES, LmtpLimits.DEFAULT.recipients()));
        LmtpServer lmtp = new LmtpServer(
                vertx, config, certificate.shown(), limits, observer, users, accounts, System::currentTimeMillis);
        servers.add(new OnLoop(loop, imaps, lmtp));
        imaps.add(listen(vertx, loop, mail, imapPort, Encryption.ON_DEMAND));
        imapsPort.ifPresent(port -> imaps.add(listen(vertx, loop, mail, port, Encryption.ALWAYS)));
        Node.await("listen on " + mail.host() + ":" + lmtpPort + " (mail.lmtp-port)", Node.on(loop, lmtp::start));
    }

    /** What comes by the dict protocol is little: one loop serves it. */
    private void listenForDicts(Vertx vertx, Context loop, NodeConfig.Mail mail) {
        if (mail.dictPort().isPresent()) {
            Endpoint endpoint =
                    new Endpoint(mail.host(), mail.dictPort().get(), Encryption.ON_DEMAND, DictConfig.MAX_CONNECTIONS);
            dictPort = Optional.of(listen(vertx, loop, mail, endpoint, "mail.dict-port"));
        }
        mail.dictSocket().ifPresent(file -> {
            removeOld(file);
            Endpoint endpoint =
                    new Endpoint(file.toAbsolutePath().toString(), 0, Encryption.ON_DEMAND, DictConfig.MAX_CONNECTIONS);
            listen(vertx, loop, mail, endpoint, "mail.dict-socket");
        });
    }

    private int listen(Vertx vertx, Context loop, NodeConfig.Mail mail, Endpoint endpoint, String setting) {
        DictServer server =
                new DictServer(vertx, new DictConfig(endpoint, mail.trusted()), limits, observer, users, accounts);
        dicts.add(new OnDict(loop, server));
        return Node.await(
                "listen on " + endpoint.host() + ":" + endpoint.port() + " (" + setting + ")",
                Node.on(loop, server::start));
    }

    /** A socket that a node has left behind; anything else that has its name stays, and the node does not start. */
    private static void removeOld(Path file) {
        try {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                            .isOther()) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN, "remove the old " + file + " (mail.dict-socket): " + failure);
        }
    }

    private ImapServer listen(Vertx vertx, Context loop, NodeConfig.Mail mail, int port, Encryption encryption) {
        ImapServer imap = new ImapServer(
                vertx,
                new ImapConfig(
                        new Endpoint(mail.host(), port, encryption, ImapConfig.MAX_CONNECTIONS),
                        mail.trusted(),
                        mail.keepExpunged()),
                certificate.shown(),
                limits,
                observer,
                users,
                accounts,
                System::currentTimeMillis);
        String setting = encryption == Encryption.ALWAYS ? "mail.imaps-port" : "mail.imap-port";
        Node.await("listen on " + mail.host() + ":" + port + " (" + setting + ")", Node.on(loop, imap::start));
        return imap;
    }

    private Future<Void> certificate(Certificate changed) {
        return ofServers(imap -> imap.certificate(changed), lmtp -> lmtp.certificate(changed));
    }

    private Future<Void> ofServers(
            Function<ImapServer, Future<Void>> imapStep, Function<LmtpServer, Future<Void>> lmtpStep) {
        List<Future<Void>> done = new ArrayList<>();
        for (OnLoop each : servers) {
            each.imaps.forEach(imap -> done.add(Node.on(each.loop, () -> imapStep.apply(imap))));
            done.add(Node.on(each.loop, () -> lmtpStep.apply(each.lmtp)));
        }
        return Future.join(done).mapEmpty();
    }

    /** Where they listen, in words. */
    String ports() {
        return "IMAP on port " + imapPort + ", LMTP on port " + lmtpPort
                + imapsPort.map(port -> ", IMAP with TLS on port " + port).orElse("")
                + dictPort.map(port -> ", dicts on port " + port).orElse("");
    }

    /** Does the pending work of mailboxes. */
    WorkHandler work() {
        return item -> work.visit(item.locatorKey(), item.name());
    }

    /** Where files are read and written. */
    BodyWork.Elsewhere elsewhere() {
        return elsewhere;
    }

    MailUsers users() {
        return users;
    }

    MailAccounts accounts() {
        return accounts;
    }

    /** Makes a user with an account; when there is one of this name, only what it lacks. */
    Future<MailUsers.Creation> createUser(String name, String password) {
        return users.create(name, password)
                .compose(creation -> users.find(name)
                        .map(Optional::orElseThrow)
                        .map(MailUser::account)
                        .compose(accounts::ensure)
                        .map(creation));
    }

    /** Takes the users of a file, each with an account. */
    private Future<Void> use(StaticUsers fixed) {
        Future<Void> made = Future.succeededFuture();
        for (String name : fixed.mailboxes()) {
            made = made.compose(done -> users.createStatic(name))
                    .compose(creation -> users.find(name))
                    .compose(found -> accounts.ensure(found.orElseThrow().account()))
                    .mapEmpty();
        }
        return made.onSuccess(done -> users.use(fixed));
    }

    /** Says goodbye to clients and closes the ports. */
    void stop() {
        certificate.stop();
        usersFile.ifPresent(MailUsersFile::stop);
        Node.await("stop the mail servers", ofServers(ImapServer::stop, LmtpServer::stop));
        dicts.forEach(each -> Node.await("stop the dict server", Node.on(each.loop, each.server::stop)));
        users.close();
    }
}
