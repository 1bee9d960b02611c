package io.roost.mailstore.imap.command;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectException;
import io.roost.mailstore.imap.session.SelectedMailbox.Expunges;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.imap.syntax.Command.Simple;
import io.roost.mailstore.imap.syntax.ResponseCode.Word;
import io.roost.mailstore.store.MailException;
import io.roost.mailstore.store.MailboxStore;
import io.vertx.core.Future;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the class of a command. */
public final class Commands {
    /** Largest message that APPEND takes. */
    public static final int MAX_MESSAGE_BYTES = MailboxStore.MAX_MESSAGE_BYTES;

    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

    private final UserSession user;

    /** The commands of a logged-in connection. */
    public Commands(UserSession user) {
        this.user = user;
    }

    /**
     * Carries a command out; fails only with {@link BrokenAnswerException}, when no answer can end it.
     *
     * @param tag of the command
     * @param bodies messages of APPEND or REPLACE, in order; else empty
     */
    public Future<Done> run(String tag, Command command, List<Bytes> bodies) {
        return Future.succeededFuture()
                .compose(unused -> dispatch(tag, command, bodies))
                .recover(failure -> {
                    if (failure instanceof BrokenAnswerException) {
                        return Future.failedFuture(failure);
                    }
                    boolean isExpected = failure instanceof MailException || failure instanceof ObjectException;
                    if (!isExpected) {
                        LOG.error("a command failed: {}", command.getClass().getSimpleName(), failure);
                    }
                    return Future.succeededFuture(Done.of(failure));
                });
    }

    private Future<Done> dispatch(String tag, Command command, List<Bytes> bodies) {
        if (command instanceof Simple simple) {
            return simple(simple);
        }
        if (command instanceof Command.Select select) {
            return new SelectCommand(user).run(select);
        }
        if (command instanceof Command.Append append) {
            return new AppendCommand(user).run(append, bodies);
        }
        if (command instanceof Command.Replace replace) {
            return new ReplaceCommand(user).run(replace, bodies.get(0));
        }
        if (command instanceof Command.ListMailboxes list) {
            return new ListCommand(user).list(list);
        }
        if (command instanceof Command.Lsub lsub) {
            return new ListCommand(user).lsub(lsub);
        }
        if (command instanceof Command.Search search) {
            return new SearchCommand(user, search, tag).run();
        }
        if (command instanceof Command.Sort sort) {
            return new SearchCommand(user, sort, tag).run();
        }
        Future<Done> folders = folders(command);
        return folders == null ? messages(command) : folders;
    }

    private Future<Done> simple(Simple simple) {
        return switch (simple) {
            case NOOP, CHECK -> user.sync(Expunges.TOLD).map(Done.ok(simple + " completed"));
            case NAMESPACE -> Future.succeededFuture(new FolderCommands(user).namespace());
            case EXPUNGE -> new ExpungeCommand(user).all();
            case CLOSE -> new ExpungeCommand(user).close();
            case UNSELECT -> Future.succeededFuture(new ExpungeCommand(user).unselect());
            case CAPABILITY, LOGOUT, STARTTLS, IDLE, COMPRESS ->
                throw new IllegalArgumentException(simple + " is the session's");
        };
    }

    /** A command on folders, or null. */
    private Future<Done> folders(Command command) {
        FolderCommands folders = new FolderCommands(user);
        if (command instanceof Command.Create create) {
            return folders.create(create);
        }
        if (command instanceof Command.Delete delete) {
            return folders.delete(delete);
        }
        if (command instanceof Command.Rename rename) {
            return folders.rename(rename);
        }
        if (command instanceof Command.Subscribe subscribe) {
            return folders.subscribe(subscribe);
        }
        if (command instanceof Command.Unsubscribe unsubscribe) {
            return folders.unsubscribe(unsubscribe);
        }
        if (command instanceof Command.Status status) {
            return folders.status(status);
        }
        if (command instanceof Command.GetQuota get) {
            return folders.getQuota(get);
        }
        return command instanceof Command.GetQuotaRoot get ? folders.getQuotaRoot(get) : null;
    }

    private Future<Done> messages(Command command) {
        if (command instanceof Command.Fetch fetch) {
            return new FetchCommand(user, fetch).run();
        }
        if (command instanceof Command.Store store) {
            return new StoreCommand(user, store).run();
        }
        if (command instanceof Command.UidExpunge expunge) {
            return new ExpungeCommand(user).uids(expunge.uids());
        }
        if (command instanceof Command.Copy copy) {
            return new CopyCommand(user, copy.numbering(), copy.set(), copy.mailbox()).copy();
        }
        if (command instanceof Command.Move move) {
            return new CopyCommand(user, move.numbering(), move.set(), move.mailbox()).move();
        }
        return Future.succeededFuture(Done.no(Word.CANNOT, "The command is not supported"));
    }
}
