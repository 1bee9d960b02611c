package io.roost.mailstore.mime;

import io.roost.cluster.object.Bytes;

/**
 * An address as ENVELOPE tells it (RFC 9051 7.5.2). A group begins with an address that has a mailbox and no host, and
 * ends with one that has neither. Encoded words (RFC 2047) are as in the header.
 *
 * @param name phrase or comment, or null
 * @param route source route, or null
 * @param mailbox local part or name of a group, or null at a group's end
 * @param host domain, or null for the ends of a group
 */
public record Address(Bytes name, Bytes route, Bytes mailbox, Bytes host) {
    /** The end of a group. */
    public static final Address GROUP_END = new Address(null, null, null, null);

    /** The beginning of a group. */
    public static Address groupBegin(Bytes name) {
        return new Address(null, null, name, null);
    }
}
