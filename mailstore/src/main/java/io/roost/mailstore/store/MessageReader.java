package io.roost.mailstore.store;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.mime.Span;
import io.vertx.core.Future;
import java.util.function.Function;

/**
 * A message that is read a frame at a time from where it is stored, so that no more than {@link #HELD_BYTES} of it are in
 * memory. A failed future carries a {@link MailException} with NO_SUCH_BODY when the message is damaged or has gone.
 */
public final class MessageReader {
    /** Bytes of a message that are held: to be reserved by who reads. */
    static final int HELD_BYTES = StoredBody.FRAME_BYTES;

    private final StoredBody.Frames frames;
    private final Stored stored;
    private final BodyWork work;

    /** Where a body is. */
    interface Stored {
        /** Bytes of it. */
        Future<byte[]> read(long offset, int length);
    }

    MessageReader(StoredBody.Frames frames, Stored stored, BodyWork work) {
        this.frames = frames;
        this.stored = stored;
        this.work = work;
    }

    /** Bytes of the message. */
    public long sizeBytes() {
        return frames.messageBytes();
    }

    /**
     * Reads a part of the message.
     *
     * @param span within the message
     * @param each is given piece by piece, each when what was done with the one before is done; none when the span is empty
     */
    public Future<Void> read(Span span, Function<Bytes, Future<Void>> each) {
        long[] at = {span.begin()};
        return Steps.repeat(() -> at[0] == span.end()
                ? Future.succeededFuture(false)
                : piece(at[0], span.end())
                        .compose(piece -> {
                            at[0] += piece.length();
                            return each.apply(piece);
                        })
                        .map(true));
    }

    /** Bytes from an offset on, at most to the end of their frame. */
    private Future<Bytes> piece(long begin, long end) {
        int frame = (int) (begin / StoredBody.FRAME_BYTES);
        int from = (int) (begin % StoredBody.FRAME_BYTES);
        return stored.read(frames.begin(frame), frames.storedBytes(frame))
                .compose(bytes -> work.compute(frames.length(frame), () -> frames.decoded(frame, bytes)))
                .map(decoded -> {
                    if (decoded == null) {
                        throw new MailException(MailStatus.NO_SUCH_BODY);
                    }
                    return decoded.slice(from, (int) Math.min(decoded.length(), from + end - begin));
                });
    }
}
