package io.roost.deploy;

import io.roost.mailstore.net.Certificate;
import io.roost.objectstore.http.SelfSignedCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of the mail servers. When the operator replaces its files, by a renewal perhaps, the new one is shown
 * from then on; one that cannot be used is told in the log, and the old one stays. For one thread at a time.
 */
final class MailCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(MailCertificate.class);

    /** How often the files are looked at. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final NodeConfig.Tls tls;
    private Optional<Certificate> shown;
    private Certificate refused;
    private long timer;

    private MailCertificate(Vertx vertx, NodeConfig.Tls tls, Optional<Certificate> shown) {
        this.vertx = vertx;
        this.tls = tls;
        this.shown = shown;
    }

    /**
     * The certificate that a configuration names. Blocks.
     *
     * @throws CommandFailure when it cannot be used
     */
    static MailCertificate of(Vertx vertx, NodeConfig.Tls tls, NodeFolder folder) {
        if (tls instanceof NodeConfig.Tls.SelfSigned) {
            SelfSignedCertificate made = NodeCertificate.of(folder, Instant.now(), new SecureRandom());
            return new MailCertificate(
                    vertx,
                    tls,
                    Optional.of(new Certificate(Buffer.buffer(made.certificatePem()), Buffer.buffer(made.keyPem()))));
        }
        if (tls instanceof NodeConfig.Tls.Files files) {
            Certificate read = read(files);
            try {
                read.check(vertx);
            } catch (GeneralSecurityException wrong) {
                throw new CommandFailure(
                        CommandFailure.COULD_NOT_RUN,
                        "cannot use " + files.certificate() + " with " + files.key() + ": " + wrong.getMessage());
            }
            return new MailCertificate(vertx, tls, Optional.of(read));
        }
        return new MailCertificate(vertx, tls, Optional.empty());
    }

    private static Certificate read(NodeConfig.Tls.Files files) {
        return new Certificate(
                Node.pem(files.certificate(), "CERTIFICATE-----"), Node.pem(files.key(), "PRIVATE KEY-----"));
    }

    /** What servers begin with, empty where there is no TLS. */
    synchronized Optional<Certificate> shown() {
        return shown;
    }

    /**
     * Looks from now on whether the files change.
     *
     * @param changed lets servers show another certificate; when it fails, it is tried again
     */
    void watch(Function<Certificate, Future<Void>> changed) {
        if (tls instanceof NodeConfig.Tls.Files files) {
            timer = vertx.setPeriodic(
                    LOOK.toMillis(),
                    tick -> vertx.executeBlocking(() -> look(files))
                            .compose(found -> found.map(
                                            other -> changed.apply(other).onSuccess(done -> use(other)))
                                    .orElse(Future.succeededFuture()))
                            .onFailure(failure ->
                                    LOG.warn("the certificate of the mail servers stays as it is", failure)));
        }
    }

    synchronized void use(Certificate other) {
        shown = Optional.of(other);
        LOG.info("mail certificate reloaded");
    }

    /** Another certificate in the files, when it can be used. */
    synchronized Optional<Certificate> look(NodeConfig.Tls.Files files) {
        Certificate read;
        try {
            read = read(files);
        } catch (CommandFailure unreadable) {
            // Between two files of a renewal; or for good, which the next start says.
            LOG.warn("{}", unreadable.getMessage());
            return Optional.empty();
        }
        if (read.equals(shown.orElseThrow()) || read.equals(refused)) {
            return Optional.empty();
        }
        try {
            read.check(vertx);
        } catch (GeneralSecurityException wrong) {
            LOG.warn("{} and {} are not used: {}", files.certificate(), files.key(), wrong.getMessage());
            refused = read;
            return Optional.empty();
        }
        return Optional.of(read);
    }

    void stop() {
        vertx.cancelTimer(timer);
    }
}
