package io.roost.objectstore.classes;

import io.roost.cluster.object.Bytes;
import java.util.Random;

/** Keys made to collide: few different bytes, among them those that escaping and prefix ends must get right. */
final class RandomKeys {
    private static final int[] BYTES = {0x00, 0x01, 0x02, 0xfe, 0xff, 'a', 'b', '/', '/', '/'};

    private RandomKeys() {}

    static Bytes key(Random random) {
        return bytes(random, 1 + random.nextInt(5));
    }

    static Bytes bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) BYTES[random.nextInt(BYTES.length)];
        }
        return Bytes.wrap(bytes);
    }
}
