package io.roost.cluster.wire;

/** Why bytes are no frames. */
public enum FrameFault {
    /** The header's checksum does not fit: damage, or a peer that speaks something else. */
    HEADER_CHECKSUM,
    /** A version of the format that this reader does not know. */
    VERSION,
    /** No such type, protocol, or combination of them. */
    TYPE,
    /** A frame or a message above its limit. */
    OVERSIZED,
    /** A piece of a message that does not continue what came before. */
    SEQUENCE,
    /** The payload's checksum does not fit. */
    PAYLOAD_CHECKSUM
}
