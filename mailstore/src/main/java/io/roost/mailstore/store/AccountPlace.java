package io.roost.mailstore.store;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.BucketShards;
import io.roost.objectstore.layout.ShardRef;

/**
 * Where an account's mail is.
 *
 * @param account its id
 * @param locatorKey of the shard of its bodies
 * @param shard the mail bucket, as the front-end knows it
 */
public record AccountPlace(AccountId account, Bytes locatorKey, ShardRef shard) {
    /** The place of an account in a mail bucket with prefix placement. */
    public static AccountPlace of(AccountId account, BucketRecord bucket) {
        Bytes key = Bytes.utf8(account.text() + "/");
        return new AccountPlace(account, new BucketShards(bucket).locatorKeyOf(key), ShardRef.of(bucket));
    }
}
