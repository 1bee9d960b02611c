package io.roost.objectstore.object;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.ChecksumAlgorithm;
import io.roost.objectstore.PayloadDigests;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.Supplier;

/**
 * The bytes of a stored object on their way into another one: cut into pieces of the size asked for, whatever the pieces
 * they are stored in, with the digests of what has passed. Used by one event loop.
 */
public final class ObjectBytes implements StripedUpload.Source {
    private final long length;
    private final Supplier<Future<Data>> next;
    private final MessageDigest md5;
    private final String algorithm;
    private final ChecksumAlgorithm.Running checksum;
    private Data current;
    private int block;
    private ByteBuffer rest = ByteBuffer.allocate(0);
    private long taken;

    /**
     * Bytes that begin with a first piece.
     *
     * @param length of all pieces together
     * @param next fetches the following piece
     * @param algorithm additional checksum to compute, empty for none
     */
    ObjectBytes(long length, Data first, Supplier<Future<Data>> next, String algorithm) {
        this.length = length;
        this.current = first;
        this.next = next;
        this.algorithm = algorithm;
        this.checksum = algorithm.isEmpty()
                ? null
                : ChecksumAlgorithm.ofWireName(algorithm).start();
        try {
            this.md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("MD5 is part of every Java platform", impossible);
        }
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public Future<Data> read(int maxBytes) {
        return fill(BlockAssembler.ofArrays((int) Math.min(maxBytes, length - taken)));
    }

    private Future<Data> fill(BlockAssembler piece) {
        while (!piece.isFull()) {
            if (!rest.hasRemaining()) {
                if (block < current.blocks().size()) {
                    rest = current.blocks().get(block++).bytes();
                    continue;
                }
                current.release();
                current = Data.EMPTY;
                block = 0;
                return next.get().compose(more -> {
                    current = more;
                    return fill(piece);
                });
            }
            ByteBuffer passing = rest.duplicate();
            piece.take(rest);
            passing.limit(rest.position());
            digest(passing);
        }
        if (taken == length) {
            current.release();
            current = Data.EMPTY;
            block = 0;
        }
        return Future.succeededFuture(piece.finish());
    }

    private void digest(ByteBuffer passing) {
        taken += passing.remaining();
        md5.update(passing.duplicate());
        if (checksum != null) {
            checksum.update(passing);
        }
    }

    /** Gives back what is held, when not everything was read. */
    public void close() {
        current.release();
        current = Data.EMPTY;
    }

    /** The digests, when everything has been read. */
    public PayloadDigests digests() {
        return new PayloadDigests(
                Bytes.wrap(md5.digest()), algorithm, checksum == null ? Bytes.EMPTY : checksum.value());
    }
}
