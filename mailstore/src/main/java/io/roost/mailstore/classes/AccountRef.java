package io.roost.mailstore.classes;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.objectstore.layout.ShardRef;
import java.util.Objects;

/**
 * What every writing call names.
 *
 * @param shard the mail bucket as the caller knows it
 * @param account whose mail
 * @param nowMillis the request's time, Unix milliseconds
 * @param garbageDueMillis when bytes that this leaves behind may be deleted, Unix milliseconds
 */
public record AccountRef(ShardRef shard, AccountId account, long nowMillis, long garbageDueMillis) {
    private static final int ID_BYTES = 16;

    /** Checks the times. */
    public AccountRef {
        Objects.requireNonNull(shard, "shard");
        Objects.requireNonNull(account, "account");
        if (nowMillis < 0 || garbageDueMillis < 0) {
            throw new IllegalArgumentException("times " + nowMillis + " and " + garbageDueMillis);
        }
    }

    void encode(ByteWriter out) {
        shard.encode(out);
        out.raw(account.bytes()).varint(nowMillis).varint(garbageDueMillis);
    }

    static AccountRef decode(ByteReader in) {
        return new AccountRef(ShardRef.decode(in), account(in), in.varint(), in.varint());
    }

    static AccountId account(ByteReader in) {
        Bytes bytes = in.raw(ID_BYTES);
        return new AccountId(bytes);
    }
}
