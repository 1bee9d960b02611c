package io.roost.cluster.crush;

import io.roost.cluster.object.Bytes;

/**
 * Robert Jenkins' 1996 mix function ("evahash", public domain) in the forms that placement uses: of two, three or four
 * 32-bit integers, and of an object's name. All arithmetic is modulo 2^32; results are unsigned 32-bit values in an int.
 */
public final class JenkinsHash {
    private static final int SEED = 1315423911;
    private static final int X = 231232;
    private static final int Y = 1232;
    private static final int GOLDEN_RATIO = 0x9e3779b9;

    private JenkinsHash() {}

    /** The hash of two integers. */
    public static int hash2(int a, int b) {
        Mix m = new Mix();
        int h = SEED ^ a ^ b;
        m.mix(a, b, h);
        int a1 = m.p;
        int b1 = m.q;
        m.mix(X, a1, m.h);
        m.mix(b1, Y, m.h);
        return m.h;
    }

    /** The hash of three integers. */
    public static int hash3(int a, int b, int c) {
        Mix m = new Mix();
        m.mix(a, b, SEED ^ a ^ b ^ c);
        int a1 = m.p;
        int b1 = m.q;
        m.mix(c, X, m.h);
        int c1 = m.p;
        int x1 = m.q;
        m.mix(Y, a1, m.h);
        int y1 = m.p;
        m.mix(b1, x1, m.h);
        m.mix(y1, c1, m.h);
        return m.h;
    }

    /** The hash of four integers. */
    public static int hash4(int a, int b, int c, int d) {
        Mix m = new Mix();
        m.mix(a, b, SEED ^ a ^ b ^ c ^ d);
        int a1 = m.p;
        int b1 = m.q;
        m.mix(c, d, m.h);
        int c1 = m.p;
        int d1 = m.q;
        m.mix(a1, X, m.h);
        int x1 = m.q;
        m.mix(Y, b1, m.h);
        int y1 = m.p;
        m.mix(c1, x1, m.h);
        m.mix(y1, d1, m.h);
        return m.h;
    }

    /** The placement hash of a name (Ceph's {@code ceph_str_hash_rjenkins}). */
    public static int name(Bytes name) {
        return name(name.array());
    }

    /** The placement hash of a name (Ceph's {@code ceph_str_hash_rjenkins}). */
    public static int name(byte[] name) {
        Mix m = new Mix();
        m.p = GOLDEN_RATIO;
        m.q = GOLDEN_RATIO;
        m.h = 0;
        int at = 0;
        while (name.length - at >= 12) {
            m.mix(
                    m.p + littleEndian(name, at, at + 4),
                    m.q + littleEndian(name, at + 4, at + 8),
                    m.h + littleEndian(name, at + 8, at + 12));
            at += 12;
        }
        int end = name.length;
        int p = m.p + littleEndian(name, at, Math.min(at + 4, end));
        int q = m.q + littleEndian(name, Math.min(at + 4, end), Math.min(at + 8, end));
        // The low byte of the last word is the length, so the tail's bytes sit one byte higher.
        int h = m.h + name.length + (littleEndian(name, Math.min(at + 8, end), end) << 8);
        m.mix(p, q, h);
        return m.h;
    }

    private static int littleEndian(byte[] bytes, int begin, int end) {
        int value = 0;
        for (int i = end - 1; i >= begin; i--) {
            value = value << 8 | (bytes[i] & 0xff);
        }
        return value;
    }

    /** Three words that are mixed in place; never leaves its method, so the compiler keeps it in registers. */
    private static final class Mix {
        private int p;
        private int q;
        private int h;

        private void mix(int p0, int q0, int h0) {
            int a = p0;
            int b = q0;
            int c = h0;
            a = (a - b - c) ^ (c >>> 13);
            b = (b - c - a) ^ (a << 8);
            c = (c - a - b) ^ (b >>> 13);
            a = (a - b - c) ^ (c >>> 12);
            b = (b - c - a) ^ (a << 16);
            c = (c - a - b) ^ (b >>> 5);
            a = (a - b - c) ^ (c >>> 3);
            b = (b - c - a) ^ (a << 10);
            c = (c - a - b) ^ (b >>> 15);
            p = a;
            q = b;
            h = c;
        }
    }
}
