package io.roost.mailstore.mailbox;

import io.roost.cluster.object.Bytes;

/**
 * The id of a message's content, the same for all its copies: a UUID of version 7, made by who delivers it, or of version 8
 * (RFC 9562 5.8), made of what it is where it came from, so that it is known when it comes again.
 *
 * @param bytes 16 bytes
 */
public record EmailId(Bytes bytes) {
    /** Checks the length. */
    public EmailId {
        IdText.check(bytes);
    }

    /** The id of 32 hex digits, with or without hyphens. */
    public static EmailId parse(String text) {
        return new EmailId(IdText.parse(text));
    }

    /** Key of the body in the mail bucket. */
    public Bytes bodyKey(AccountId account) {
        return Bytes.utf8(account.text() + "/" + IdText.of(bytes));
    }

    /** The content of a body, from its key; any account's. */
    public static EmailId ofBodyKey(Bytes key) {
        String text = key.utf8();
        return parse(text.substring(text.indexOf('/') + 1));
    }

    /** As EMAILID tells it (RFC 8474): at most 255 characters, letters, digits, hyphen and underscore. */
    public String objectId() {
        return "M" + bytes.hex();
    }

    @Override
    public String toString() {
        return IdText.of(bytes);
    }
}
