package io.roost.mailstore.dict;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectException;
import io.roost.mailstore.classes.DictClass;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.net.Connection;
import io.roost.mailstore.net.Conversation;
import io.roost.mailstore.net.MailObserver.Spoken;
import io.roost.mailstore.store.MailException;
import io.roost.mailstore.store.Steps;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's conversation: carries out what its {@link DictSession} wants. All of it runs on the connection's event loop.
 */
final class DictConnection implements Conversation, DictEffects {
    private static final Logger LOG = LoggerFactory.getLogger(DictConnection.class);

    private final DictServer server;
    private final Connection connection;
    private final DictSession session = new DictSession();

    DictConnection(DictServer server, Connection connection) {
        this.server = server;
        this.connection = connection;
    }

    @Override
    public void onConnect() {
        server.observer().onConnected(Spoken.DICT);
        if (!connection.isLoopback() && !server.config().trusted().contains(connection.peerAddress())) {
            close("it is not of a trusted network");
        }
    }

    @Override
    public void onBytes(Buffer bytes) {
        session.onBytes(bytes, this);
    }

    @Override
    public boolean isWaiting() {
        return session.isWaiting();
    }

    @Override
    public Duration patience() {
        return DictConfig.SILENCE;
    }

    @Override
    public void onSilence() {
        connection.end();
    }

    @Override
    public void onShutdown() {
        connection.end();
    }

    @Override
    public void onClosed() {
        server.observer().onGone(Spoken.DICT);
    }

    @Override
    public void send(String lines) {
        connection.send(Buffer.buffer(lines, "ISO-8859-1"));
    }

    @Override
    public void lookup(String dict, DictCommand.Lookup lookup) {
        server.store()
                .lookup(dict, lookup)
                .onSuccess(value -> session.onValue(value, this))
                .onFailure(this::failed)
                .onComplete(done -> connection.flow());
    }

    @Override
    public void iterate(String dict, DictCommand.Iterate iterate) {
        long[] left = {iterate.maxRows() == 0 ? Long.MAX_VALUE : iterate.maxRows()};
        Bytes[] after = {Bytes.EMPTY};
        Steps.repeat(() -> server.store().page(dict, iterate, after[0]).compose(page -> {
                    StringBuilder rows = new StringBuilder();
                    for (DictClass.Row row : page.rows()) {
                        if (left[0]-- > 0) {
                            rows.append(session.onRow(row.key(), row.value()));
                        }
                    }
                    after[0] = page.after();
                    boolean isMore = left[0] > 0 && !after[0].isEmpty();
                    // A client that takes its time holds a page.
                    return connection
                            .write(Buffer.buffer(rows.toString(), "ISO-8859-1"))
                            .map(isMore);
                }))
                .onSuccess(done -> session.onRowsEnd(this))
                .onFailure(this::failed)
                .onComplete(done -> connection.flow());
    }

    @Override
    public void commit(String dict, String user, List<DictClass.Change> changes) {
        server.store()
                .commit(dict, user, changes)
                .onSuccess(how -> session.onCommitted(how, this))
                .onFailure(this::failed)
                .onComplete(done -> connection.flow());
    }

    private void failed(Throwable failure) {
        if (MailException.is(failure, MailStatus.NO_SUCH_ACCOUNT)) {
            session.onFailure(DictSession.Outcome.NOTHING_DONE, "there is no such mailbox", this);
        } else if (MailException.is(failure, MailStatus.LIMIT)) {
            session.onFailure(
                    DictSession.Outcome.NOTHING_DONE, "the mailbox has too many keys, or too large ones", this);
        } else if (MailException.is(failure, MailStatus.NOT_POSSIBLE)) {
            session.onFailure(DictSession.Outcome.NOTHING_DONE, "the value is no number", this);
        } else {
            LOG.warn("a request of {} by the dict protocol failed", connection.peer(), failure);
            boolean isUnknown = failure instanceof ObjectException refused
                    && refused.error().isOutcomeUnknown();
            session.onFailure(
                    isUnknown ? DictSession.Outcome.UNKNOWN : DictSession.Outcome.NOTHING_DONE,
                    "the store has failed",
                    this);
        }
    }

    @Override
    public void close(String why) {
        LOG.warn("the dict connection of {} is ended: {}", connection.peer(), why);
        connection.cut();
    }
}
