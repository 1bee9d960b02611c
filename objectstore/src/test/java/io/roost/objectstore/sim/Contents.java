package io.roost.objectstore.sim;

import io.roost.cluster.object.Bytes;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Every content that a client has ever sent or put together, by its ETag: what may be read, and nothing else. */
final class Contents {
    private final Map<String, byte[]> byETag = new TreeMap<>();

    static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String eTag(byte[] bytes) {
        return Bytes.wrap(md5(bytes)).hex();
    }

    /** New bytes that no other content has, if they are more than a few. */
    byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        byETag.put(eTag(bytes), bytes);
        return bytes;
    }

    /** The ETag of an object of parts, which may be read from now on. */
    String ofParts(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteArrayOutputStream digests = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
            digests.writeBytes(md5(part));
        }
        String eTag = eTag(digests.toByteArray()) + "-" + parts.size();
        byETag.put(eTag, all.toByteArray());
        // A copy of it has the plain ETag of its bytes.
        byETag.put(eTag(all.toByteArray()), all.toByteArray());
        return eTag;
    }

    /** The bytes of an ETag, null when no content has it. */
    byte[] of(String eTag) {
        return byETag.get(eTag);
    }

    /** The bytes {@code [begin, end)} of the content that has this range with a given ETag, null when none has. */
    byte[] range(int begin, int end, String rangeETag) {
        for (byte[] bytes : new ArrayList<>(byETag.values())) {
            if (end <= bytes.length) {
                byte[] range = Arrays.copyOfRange(bytes, begin, end);
                if (eTag(range).equals(rangeETag)) {
                    return range;
                }
            }
        }
        return null;
    }
}
