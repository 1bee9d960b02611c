package io.roost.mailstore.imap.command;

import io.roost.cluster.object.ByteWriter;
import io.roost.mailstore.imap.syntax.FetchDatum;
import io.roost.mailstore.imap.syntax.FetchItem;
import io.roost.mailstore.imap.syntax.ResponseWriter;
import io.roost.mailstore.mailbox.ContentRow;
import io.roost.mailstore.mime.MimeCodec;
import io.roost.mailstore.mime.Span;
import io.roost.mailstore.store.MessageBodies;
import io.roost.mailstore.store.MessageReader;
import io.roost.mailstore.store.Steps;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The FETCH response of a message that is too large to be held: what it tells of the message's bytes is read and sent piece
 * by piece. Parts without their transfer encoding are not among it, since their length is known only when they are decoded.
 */
final class StreamedAnswer {
    /** Larger messages are streamed: smaller ones are mostly one read, and the answer to that is in memory as a whole. */
    static final long LARGE_BYTES = 4L * 1024 * 1024;

    /** Of a header that fields are chosen from, which is held. */
    private static final long MAX_HEADER_BYTES = 256 * 1024;

    private final Told told;
    private final FetchAnswer answer;
    private final MessageReader reader;

    StreamedAnswer(Told told, FetchAnswer answer, MessageReader reader) {
        this.told = told;
        this.answer = answer;
        this.reader = reader;
    }

    /**
     * Whether items can be told so.
     *
     * @param known null when no item tells of a part or a structure
     */
    static boolean isPossible(List<FetchItem> items, ContentRow known) {
        if (known != null && known.structure().isEmpty()) {
            return false;
        }
        long headerBytes =
                known == null ? 0 : MimeCodec.decode(known.structure()).header().length();
        for (FetchItem item : items) {
            Asked asked = Asked.of(item);
            boolean isDecoded = item instanceof FetchItem.Binary || item instanceof FetchItem.BinarySize;
            boolean isFields = asked != null && asked.hasFields();
            // The header of a message within the message is looked for nowhere: such fields are seldom asked for.
            if (isDecoded
                    || (isFields
                            && (headerBytes > MAX_HEADER_BYTES
                                    || !asked.section().part().isEmpty()))) {
                return false;
            }
        }
        return true;
    }

    /** A datum, and where its content is that follows it; null for none. */
    private record Piece(FetchDatum datum, Span content) {}

    /** Sends it; fails with {@link BrokenAnswerException} when the connection can only be ended. */
    Future<Void> write(long number, List<FetchItem> items, FetchCommand.Added added) {
        List<Piece> pieces = new ArrayList<>();
        answer.added(added).forEach(datum -> pieces.add(new Piece(datum, null)));
        Iterator<FetchItem> left = items.iterator();
        ResponseWriter writer = told.writer();
        // What can fail is done before the first byte is written, as far as it can.
        return Steps.repeat(() -> left.hasNext() ? piece(left.next()).map(pieces::add) : Future.succeededFuture(false))
                .compose(ready -> {
                    writer.beginFetch(number);
                    Iterator<Piece> each = pieces.iterator();
                    return Steps.repeat(() ->
                            each.hasNext() ? write(writer, each.next()).map(true) : Future.succeededFuture(false));
                })
                .compose(sent -> told.write(writer.endFetch().take()));
    }

    private Future<Piece> piece(FetchItem item) {
        Asked asked = Asked.of(item);
        if (asked == null) {
            return Future.succeededFuture(new Piece(answer.datum(item), null));
        }
        Span span = answer.span(asked);
        if (span == null) {
            return Future.succeededFuture(new Piece(new FetchDatum.Content(asked.name(), null), null));
        }
        Span there = new Span(Math.min(span.begin(), reader.sizeBytes()), Math.min(span.end(), reader.sizeBytes()));
        if (!asked.hasFields()) {
            return Future.succeededFuture(new Piece(new FetchDatum.Announced(asked.name(), there.length()), there));
        }
        ByteWriter header = new ByteWriter((int) there.length());
        return reader.read(there, bytes -> {
                    header.raw(bytes);
                    return Future.succeededFuture();
                })
                .map(read -> new Piece(new FetchDatum.Content(asked.name(), asked.filtered(header.toBytes())), null));
    }

    private Future<Void> write(ResponseWriter writer, Piece piece) {
        writer.datum(piece.datum);
        if (piece.content == null) {
            return Future.succeededFuture();
        }
        return told.write(writer.take())
                .compose(announced -> reader.read(piece.content, told::write))
                .recover(failure -> Future.failedFuture(
                        MessageBodies.isUnreadable(failure) ? new BrokenAnswerException(failure) : failure));
    }
}
