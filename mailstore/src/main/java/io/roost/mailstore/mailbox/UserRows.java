package io.roost.mailstore.mailbox;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Where users are in the {@code system} pool.
 *
 * <pre>
 * locator          kind  rest of the name  row
 * "mail-users.NN"  0x40  user name         {@link MailUser}
 * </pre>
 *
 * NN is two hex digits: the CRC-32 of the name modulo {@value #SHARDS}, so that logins and deliveries are spread over
 * placement groups.
 */
public final class UserRows {
    /** Locators over which users are spread. */
    public static final int SHARDS = 16;

    /** Kind of users. */
    public static final int USER = 0x40;

    private UserRows() {}

    /** Locator key of a user's row. */
    public static Bytes locator(String name) {
        CRC32 crc = new CRC32();
        crc.update(Bytes.utf8(name).array());
        return shard((int) (crc.getValue() % SHARDS));
    }

    /** Locator keys of all users' rows. */
    public static List<Bytes> locators() {
        List<Bytes> locators = new ArrayList<>(SHARDS);
        for (int shard = 0; shard < SHARDS; shard++) {
            locators.add(shard(shard));
        }
        return locators;
    }

    private static Bytes shard(int shard) {
        return Bytes.utf8("mail-users.0" + Character.forDigit(shard, SHARDS));
    }

    /** Name of a user's row. */
    public static Bytes user(String name) {
        return new ByteWriter(64).u8(USER).raw(Bytes.utf8(name)).toBytes();
    }
}
