package io.roost.mailstore.dict;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.account.MailUsers;
import io.roost.mailstore.classes.DictClass;
import io.roost.mailstore.classes.DictClass.Depth;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.MailUser;
import io.roost.mailstore.store.AccountDict;
import io.roost.mailstore.store.MailAccounts;
import io.roost.mailstore.store.MailException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Keys of users by their names, and shared ones. Safe for any thread. */
final class DictStore {
    private final MailUsers users;
    private final MailAccounts accounts;

    DictStore(MailUsers users, MailAccounts accounts) {
        this.users = users;
        this.accounts = accounts;
    }

    /** The dict of a key. A user may be named with a domain that the mailbox has not. */
    private Future<AccountDict> dict(String dict, Bytes key, String user) {
        return (DictEffects.isShared(key) ? Future.succeededFuture(DictClass.SHARED) : account(user))
                .map(account -> accounts.dict(account, dict));
    }

    private Future<AccountId> account(String user) {
        int at = user.lastIndexOf('@');
        return find(user)
                .compose(found ->
                        found.isPresent() || at < 1 ? Future.succeededFuture(found) : find(user.substring(0, at)))
                .compose(found -> found.isPresent()
                        ? Future.succeededFuture(found.get().account())
                        : Future.failedFuture(new MailException(MailStatus.NO_SUCH_ACCOUNT)));
    }

    private Future<Optional<MailUser>> find(String name) {
        String normalized = MailUser.normalized(name);
        return MailUser.isName(normalized) ? users.find(normalized) : Future.succeededFuture(Optional.empty());
    }

    Future<Optional<Bytes>> lookup(String dict, DictCommand.Lookup lookup) {
        return dict(dict, lookup.key(), lookup.user()).compose(found -> found.get(lookup.key()));
    }

    /** A page after a key. */
    Future<DictClass.Page> page(String dict, DictCommand.Iterate iterate, Bytes after) {
        Depth depth = iterate.has(DictCommand.EXACT_KEY)
                ? Depth.EXACT
                : iterate.has(DictCommand.RECURSE) ? Depth.ALL : Depth.ONE_LEVEL;
        return dict(dict, iterate.path(), iterate.user()).compose(found -> found.page(iterate.path(), depth, after));
    }

    Future<DictSession.Committed> commit(String dict, String user, List<DictClass.Change> changes) {
        return dict(dict, changes.get(0).key(), user)
                .compose(found -> found.commit(changes))
                .map(DictSession.Committed.CHANGED)
                .recover(failure -> MailException.is(failure, MailStatus.NO_SUCH_KEY)
                        ? Future.succeededFuture(DictSession.Committed.NOT_FOUND)
                        : Future.failedFuture(failure));
    }
}
