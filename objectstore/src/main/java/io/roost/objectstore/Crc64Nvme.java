package io.roost.objectstore;

import io.roost.cluster.object.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * CRC-64/NVME (NVM Express command set specification, 5.2.1.3.4): reflected, register inverted before and after. Eight
 * bytes a step with eight tables, as M. E. Kounavis and F. L. Berry describe ("slicing-by-8").
 */
final class Crc64Nvme implements ChecksumAlgorithm.Running {
    private static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;

    /** Entry b of table k: the register after byte b and k zero bytes. */
    private static final long[][] TABLES = tables();

    private long register = -1;

    private static long[][] tables() {
        long[][] tables = new long[8][256];
        for (int b = 0; b < 256; b++) {
            long value = b;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 1) != 0 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
            }
            tables[0][b] = value;
        }
        for (int k = 1; k < 8; k++) {
            for (int b = 0; b < 256; b++) {
                long before = tables[k - 1][b];
                tables[k][b] = (before >>> 8) ^ tables[0][(int) before & 0xff];
            }
        }
        return tables;
    }

    @Override
    public void update(ByteBuffer bytes) {
        ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int at = in.position();
        int end = in.limit();
        long crc = register;
        long[] t0 = TABLES[0];
        long[] t1 = TABLES[1];
        long[] t2 = TABLES[2];
        long[] t3 = TABLES[3];
        long[] t4 = TABLES[4];
        long[] t5 = TABLES[5];
        long[] t6 = TABLES[6];
        long[] t7 = TABLES[7];
        for (; at + 8 <= end; at += 8) {
            long word = crc ^ in.getLong(at);
            crc = t7[(int) word & 0xff]
                    ^ t6[(int) (word >>> 8) & 0xff]
                    ^ t5[(int) (word >>> 16) & 0xff]
                    ^ t4[(int) (word >>> 24) & 0xff]
                    ^ t3[(int) (word >>> 32) & 0xff]
                    ^ t2[(int) (word >>> 40) & 0xff]
                    ^ t1[(int) (word >>> 48) & 0xff]
                    ^ t0[(int) (word >>> 56)];
        }
        for (; at < end; at++) {
            crc = (crc >>> 8) ^ t0[(int) (crc ^ in.get(at)) & 0xff];
        }
        register = crc;
        bytes.position(end);
    }

    @Override
    public Bytes value() {
        return ChecksumAlgorithm.bigEndian(~register, 8);
    }
}
