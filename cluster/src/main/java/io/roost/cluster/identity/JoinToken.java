package io.roost.cluster.identity;

import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.MalformedBytesException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What an operator carries from a running cluster to a machine that shall join it: where the monitors are, how to know that
 * they are the right ones, and a secret with which one machine is let in, once. The monitors keep nothing of the secret but
 * its hash.
 *
 * <pre>
 * text      "roost-join-" and the bytes in URL-safe Base64
 * bytes     struct{expires u64 (seconds), fingerprint 32, secret 32, count varint, each: host text, port u16}, CRC32C u32
 * </pre>
 *
 * @param monitors some or all of them, at least one
 * @param fingerprint SHA-256 of the authority's certificate
 * @param secret 32 random bytes
 * @param expires when it is of no more use
 */
public record JoinToken(List<NodeAddress> monitors, Bytes fingerprint, Bytes secret, Instant expires) {
    /** How long a token can be used: long enough to type a command on another machine. */
    public static final Duration VALIDITY = Duration.ofHours(1);

    /** Most monitors that a token names. */
    public static final int MAX_MONITORS = 31;

    private static final String PREFIX = "roost-join-";
    private static final int FORMAT = 1;
    private static final int HASH_BYTES = 32;

    /** Copies the list, and checks lengths. */
    public JoinToken {
        monitors = List.copyOf(monitors);
        if (monitors.isEmpty() || monitors.size() > MAX_MONITORS) {
            throw new IllegalArgumentException("a join token of " + monitors.size() + " monitors");
        }
        if (fingerprint.length() != HASH_BYTES || secret.length() != HASH_BYTES) {
            throw new IllegalArgumentException("fingerprint or secret of a join token is not of 32 bytes");
        }
    }

    /** A new token, valid for {@link #VALIDITY}. */
    public static JoinToken create(List<NodeAddress> monitors, Bytes fingerprint, Instant now, SecureRandom random) {
        byte[] secret = new byte[HASH_BYTES];
        random.nextBytes(secret);
        // Whole seconds, as the text has them.
        Instant expires = Instant.ofEpochSecond(now.plus(VALIDITY).getEpochSecond());
        return new JoinToken(monitors, fingerprint, Bytes.wrap(secret), expires);
    }

    /** What the monitors know the token by. */
    public Bytes secretHash() {
        return hash(secret);
    }

    /** SHA-256 of a secret. It is random, so a guess is not to be made slower. */
    public static Bytes hash(Bytes secret) {
        try {
            return Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(secret.array()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }

    /** The token as one word. */
    public String text() {
        ByteWriter out = new ByteWriter();
        int mark = out.begin(FORMAT, FORMAT);
        out.u64(expires.getEpochSecond()).raw(fingerprint).raw(secret).varint(monitors.size());
        for (NodeAddress monitor : monitors) {
            out.text(monitor.host()).u16(monitor.port());
        }
        out.end(mark);
        out.u32(Data.crc32c(ByteBuffer.wrap(out.toArray())));
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(out.toArray());
    }

    /**
     * Reads {@link #text}.
     *
     * @throws MalformedBytesException when it is none, or a character of it was lost on the way
     */
    public static JoinToken parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new MalformedBytesException("a join token begins with " + PREFIX);
        }
        try {
            byte[] all = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
            int end = Math.max(0, all.length - 4);
            if (new ByteReader(all, end, all.length).u32() != Data.crc32c(ByteBuffer.wrap(all, 0, end))) {
                throw new MalformedBytesException("the join token is not complete");
            }
            ByteReader in = new ByteReader(all, 0, end);
            ByteReader.Struct struct = in.begin(FORMAT);
            Instant expires = Instant.ofEpochSecond(in.u64());
            Bytes fingerprint = in.raw(HASH_BYTES);
            Bytes secret = in.raw(HASH_BYTES);
            List<NodeAddress> monitors = new ArrayList<>();
            for (int left = in.count(MAX_MONITORS); left > 0; left--) {
                monitors.add(new NodeAddress(in.text(), in.u16(), 0));
            }
            in.end(struct);
            return new JoinToken(monitors, fingerprint, secret, expires);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new MalformedBytesException("no join token: " + e.getMessage());
        }
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "JoinToken[monitors=" + monitors + ", expires=" + expires + "]";
    }
}
