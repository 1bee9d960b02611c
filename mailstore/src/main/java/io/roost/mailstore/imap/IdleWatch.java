package io.roost.mailstore.imap;

import io.roost.mailstore.imap.command.UserSession;
import io.roost.mailstore.store.MailboxChanges;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/**
 * Tells an idle client of changes (RFC 2177): as soon as it is told of one itself, and from time to time. News that arrive
 * after the end are left for the next command, since there may be none in progress any more.
 */
final class IdleWatch {
    private final Vertx vertx;
    private final Context context;
    private final UserSession user;
    private MailboxChanges.Following following;
    private long timer;
    private boolean isAsking;
    private boolean isToAskAgain;
    private boolean isEnded;

    IdleWatch(Vertx vertx, Context context, UserSession user) {
        this.vertx = vertx;
        this.context = context;
        this.user = user;
    }

    void begin() {
        following = user.follow(() -> context.runOnContext(v -> ask()));
        timer = vertx.setPeriodic(ImapConfig.POLL.toMillis(), tick -> ask());
        // What has come between the last command and the watch.
        ask();
    }

    private void ask() {
        if (isEnded) {
            return;
        }
        if (isAsking) {
            isToAskAgain = true;
            return;
        }
        isAsking = true;
        isToAskAgain = false;
        // A failure is no news: they are asked for again at the next change, or soon.
        user.syncWhile(() -> !isEnded).onComplete(asked -> {
            isAsking = false;
            if (isToAskAgain) {
                ask();
            }
        });
    }

    void end() {
        isEnded = true;
        vertx.cancelTimer(timer);
        following.close();
    }
}
