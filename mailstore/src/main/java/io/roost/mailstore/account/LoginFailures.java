package io.roost.mailstore.account;

import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other nodes of failed logins, so that guessing gains nothing by going from one to the next. Nothing of it is
 * kept, and a word that is lost makes one failure count on one node only. Safe for any thread.
 */
public final class LoginFailures {
    private static final Logger LOG = LoggerFactory.getLogger(LoginFailures.class);

    private static final Bytes LOCATOR = Bytes.utf8("mail-logins");
    private static final Bytes NAME = Bytes.utf8("failures");

    /** How long the OSD waits for watchers; nobody waits for the answer. */
    private static final Duration NOTIFY_TIMEOUT = Duration.ofSeconds(5);

    /** Bytes by which a node knows its own words. */
    public static final int ORIGIN_BYTES = 16;

    private final IoContext system;
    private final Bytes origin;

    /**
     * The failures that a node tells of and hears of.
     *
     * @param system the system pool
     * @param origin {@link #ORIGIN_BYTES} random ones
     */
    public LoginFailures(IoContext system, Bytes origin) {
        this.system = system;
        this.origin = origin;
        if (origin.length() != ORIGIN_BYTES) {
            throw new IllegalArgumentException("an origin of " + origin.length() + " bytes");
        }
    }

    /** Tells the others that a login has failed; does not wait. */
    public void tell(String key) {
        Bytes payload = new ByteWriter(64).raw(origin).text(key).toBytes();
        system.notify(LOCATOR, NAME, payload, NOTIFY_TIMEOUT)
                .onFailure(failure -> LOG.debug("a failed login could not be told", failure));
    }

    /**
     * Hears of failures on other nodes.
     *
     * @param failed called on any thread, shortly
     */
    public Future<IoContext.Watch> follow(Consumer<String> failed) {
        return system.watch(LOCATOR, NAME, payload -> {
            ByteReader in = new ByteReader(payload);
            if (!in.raw(ORIGIN_BYTES).equals(origin)) {
                failed.accept(in.text());
            }
        });
    }
}
