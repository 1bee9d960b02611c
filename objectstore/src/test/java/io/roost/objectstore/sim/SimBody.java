package io.roost.objectstore.sim;

import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.PayloadDigests;
import io.roost.objectstore.RequestBody;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A request's body whose pieces arrive one after the other, now and then after a long time, and that may be cut off. The
 * buffers of its pieces come from the gateway's pool, which gives them to the next body as soon as they are released.
 */
final class SimBody implements RequestBody {
    private static final int MAX_PIECE_MILLIS = 3;

    /**
     * How a body arrives.
     *
     * @param slowPercent of pieces that take up to {@code slowMillis}
     * @param slowMillis the longest that a client hesitates
     * @param cutPercent of pieces before which the connection is lost
     */
    record Pace(int slowPercent, int slowMillis, int cutPercent) {}

    private final Scheduler scheduler;
    private final Life life;
    private final BlockPool pool;
    private final byte[] bytes;
    private final Pace pace;
    private int at;
    private boolean wasCut;

    SimBody(Scheduler scheduler, Life life, BlockPool pool, byte[] bytes, Pace pace) {
        this.scheduler = scheduler;
        this.life = life;
        this.pool = pool;
        this.bytes = bytes;
        this.pace = pace;
    }

    /** True when the client was lost before the end. */
    boolean wasCut() {
        return wasCut;
    }

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public Future<Data> read(int maxBytes) {
        Promise<Data> promise = Promise.promise();
        boolean isSlow = scheduler.random().nextInt(100) < pace.slowPercent();
        int longest = isSlow ? pace.slowMillis() : MAX_PIECE_MILLIS;
        scheduler.after(scheduler.random().nextInt(longest + 1), life, "piece of a body", () -> {
            if (at < bytes.length && scheduler.random().nextInt(100) < pace.cutPercent()) {
                wasCut = true;
                promise.fail(new S3Exception(S3Error.INCOMPLETE_BODY));
                return;
            }
            promise.complete(piece(Math.min(bytes.length - at, maxBytes)));
        });
        return promise.future();
    }

    private Data piece(int length) {
        List<Data.Block> blocks = new ArrayList<>();
        for (int end = at + length; at < end; ) {
            int blockLength = Math.min(Data.BLOCK_BYTES, end - at);
            ByteBuffer block = pool.take().put(bytes, at, blockLength).flip();
            blocks.add(new Data.Block(block, Data.crc32c(block.duplicate())));
            at += blockLength;
        }
        return pool.data(blocks);
    }

    @Override
    public String checksumAlgorithm() {
        return "";
    }

    @Override
    public void requireChecksum(String algorithm) {
        throw new UnsupportedOperationException("the simulated clients ask for no checksum");
    }

    @Override
    public boolean isEnded() {
        return at == bytes.length;
    }

    @Override
    public PayloadDigests digests() {
        if (!isEnded()) {
            throw new IllegalStateException("digests after " + at + " of " + bytes.length + " bytes");
        }
        return new PayloadDigests(Bytes.wrap(Contents.md5(bytes)), "", Bytes.EMPTY);
    }
}
