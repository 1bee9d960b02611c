package io.roost.mailstore.mailbox;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.Locale;
import java.util.Objects;

/**
 * A user of the mail store: a name that clients log in with and mail is delivered to, and the account that has its mail.
 * The row is in the {@code system} pool ({@link UserRows}).
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * account   16 bytes
 * name      text
 * secret    text    what is stored of the password
 * created   varint  Unix milliseconds
 * </pre>
 *
 * @param account never changes
 * @param name as {@link #normalized}
 * @param secret text of a stored form, empty when nobody can log in
 * @param createdMillis Unix milliseconds
 */
public record MailUser(AccountId account, String name, String secret, long createdMillis) {
    /** Longest name: RFC 5321 4.5.3.1 has 64 and 255 for the parts of an address. */
    public static final int MAX_NAME_LENGTH = 320;

    private static final int MAX_SECRET_LENGTH = 1_000;
    private static final int VERSION = 1;

    /** Checks the ranges. */
    public MailUser {
        Objects.requireNonNull(account, "account");
        if (!isName(name) || secret.length() > MAX_SECRET_LENGTH || createdMillis < 0) {
            throw new IllegalArgumentException("user " + name);
        }
    }

    /** A name as it is stored and looked for: without regard to the case of its letters. */
    public static String normalized(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    /** True for what {@link #normalized} may give and a user may have: printable, without spaces. */
    public static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_NAME_LENGTH
                && name.equals(normalized(name))
                && name.codePoints().noneMatch(c -> Character.isISOControl(c) || Character.isWhitespace(c));
    }

    /** With another secret. */
    public MailUser withSecret(String newSecret) {
        return new MailUser(account, name, newSecret, createdMillis);
    }

    /** The row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(160);
        int mark = out.begin(VERSION, 1);
        out.raw(account.bytes()).text(name).text(secret).varint(createdMillis);
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static MailUser decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        MailUser user = new MailUser(new AccountId(in.raw(IdText.BYTES)), in.text(), in.text(), in.varint());
        in.end(struct);
        return user;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "MailUser[" + name + ", " + account + "]";
    }
}
