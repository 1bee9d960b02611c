package io.roost.deploy.bench;

/** How the body of a PUT is protected. */
public enum Payload {
    /** UNSIGNED-PAYLOAD: the signature does not cover the body. */
    UNSIGNED,
    /** The signature covers the body's SHA-256. */
    SIGNED,
    /** UNSIGNED-PAYLOAD and x-amz-checksum-crc32. */
    CRC32
}
