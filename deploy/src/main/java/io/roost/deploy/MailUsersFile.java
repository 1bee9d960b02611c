package io.roost.deploy;

import io.roost.mailstore.account.StaticUsers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of users that a configuration names, which is read again when it changes. */
final class MailUsersFile {
    private static final Logger LOG = LoggerFactory.getLogger(MailUsersFile.class);

    /** How often it is looked at. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final Path file;
    private StaticUsers users;
    /** What a warning has been given about, so that it is given once. */
    private String refused = "";

    private long timer;

    private MailUsersFile(Vertx vertx, Path file, StaticUsers users) {
        this.vertx = vertx;
        this.file = file;
        this.users = users;
    }

    /**
     * Reads the file. Blocks.
     *
     * @throws CommandFailure when it cannot be read or understood
     */
    static MailUsersFile of(Vertx vertx, Path file) {
        try {
            return new MailUsersFile(vertx, file, read(file));
        } catch (IOException | IllegalArgumentException wrong) {
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, told(file, wrong));
        }
    }

    private static StaticUsers read(Path file) throws IOException {
        return StaticUsers.parse(Files.readString(file, StandardCharsets.UTF_8));
    }

    private static String told(Path file, Exception wrong) {
        return "cannot use the users of " + file + " (mail.users-file): "
                + (wrong instanceof IOException ? Reason.of(wrong) : wrong.getMessage());
    }

    /** Who is in it. */
    synchronized StaticUsers users() {
        return users;
    }

    /**
     * Looks from now on whether it changes.
     *
     * @param changed takes the users; when it fails, it is tried again
     */
    void watch(Function<StaticUsers, Future<Void>> changed) {
        timer = vertx.setPeriodic(
                LOOK.toMillis(),
                tick -> vertx.executeBlocking(this::look)
                        .compose(found -> found.map(
                                        other -> changed.apply(other).onSuccess(done -> use(other)))
                                .orElse(Future.succeededFuture()))
                        .onFailure(failure -> LOG.warn("the users of {} stay as they were", file, failure)));
    }

    private synchronized void use(StaticUsers other) {
        users = other;
        LOG.info("mail users reloaded from {}: {}", file, other);
    }

    /** Other users in the file, when it can be understood. */
    synchronized Optional<StaticUsers> look() {
        try {
            StaticUsers read = read(file);
            refused = "";
            return read.equals(users) ? Optional.empty() : Optional.of(read);
        } catch (IOException | IllegalArgumentException wrong) {
            String why = told(file, wrong);
            if (!why.equals(refused)) {
                LOG.warn("{}; they stay as they were", why);
                refused = why;
            }
            return Optional.empty();
        }
    }

    void stop() {
        vertx.cancelTimer(timer);
    }
}
