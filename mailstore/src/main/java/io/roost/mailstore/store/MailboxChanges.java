package io.roost.mailstore.store;

import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.MailRows;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of changes of accounts' mailboxes, whoever makes them on whichever node: a watch of each account that somebody here
 * follows. A hint: it may be lost, so who follows also asks from time to time. Safe for any thread.
 */
public final class MailboxChanges {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxChanges.class);

    /** How long the OSD waits for watchers; nobody waits for the answer. */
    private static final Duration NOTIFY_TIMEOUT = Duration.ofSeconds(5);

    private final IoContext cluster;
    private final Map<AccountId, Watched> accounts = new HashMap<>();

    /** Changes of the mailboxes of a pool. */
    public MailboxChanges(IoContext cluster) {
        this.cluster = cluster;
    }

    private record Watched(List<Runnable> followers, Future<IoContext.Watch> watch) {}

    /** Following an account, until it is closed. */
    public interface Following {
        /** Ends it. */
        void close();
    }

    /**
     * Follows an account.
     *
     * @param changed called on any thread, shortly
     */
    public Following follow(AccountPlace place, Runnable changed) {
        // An object of its own: a follower may come twice, and goes once.
        Runnable follower = () -> changed.run();
        synchronized (accounts) {
            accounts.computeIfAbsent(place.account(), unused -> watched(place))
                    .followers
                    .add(follower);
        }
        return () -> unfollow(place, follower);
    }

    private Watched watched(AccountPlace place) {
        List<Runnable> followers = new CopyOnWriteArrayList<>();
        Future<IoContext.Watch> watch = cluster.watch(
                place.locatorKey(), MailRows.account(place.account()), payload -> followers.forEach(Runnable::run));
        return new Watched(
                followers,
                watch.onFailure(failure ->
                        LOG.warn("changes of {} cannot be watched, only asked for", place.account(), failure)));
    }

    private void unfollow(AccountPlace place, Runnable follower) {
        Watched ended;
        synchronized (accounts) {
            Watched watched = accounts.get(place.account());
            watched.followers.remove(follower);
            ended = watched.followers.isEmpty() ? accounts.remove(place.account()) : null;
        }
        if (ended != null) {
            ended.watch
                    .compose(IoContext.Watch::cancel)
                    .onFailure(failure -> LOG.debug("a watch of {} ends with its session", place.account(), failure));
        }
    }

    /** Tells all followers, on all nodes, that something has changed; does not wait. */
    void tell(AccountPlace place) {
        cluster.notify(place.locatorKey(), MailRows.account(place.account()), Bytes.EMPTY, NOTIFY_TIMEOUT)
                .onFailure(failure -> LOG.debug("a change of {} could not be told", place.account(), failure));
    }
}
