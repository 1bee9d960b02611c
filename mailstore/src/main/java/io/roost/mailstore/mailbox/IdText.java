package io.roost.mailstore.mailbox;

import io.roost.cluster.object.Bytes;

/** Ids of 16 bytes as text: 8-4-4-4-12 hex digits. */
final class IdText {
    static final int BYTES = 16;

    private static final int[] GROUP_ENDS = {8, 12, 16, 20};

    private IdText() {}

    static void check(Bytes bytes) {
        if (bytes.length() != BYTES) {
            throw new IllegalArgumentException("id of " + bytes.length() + " bytes");
        }
    }

    static String of(Bytes bytes) {
        String hex = bytes.hex();
        StringBuilder text = new StringBuilder(36);
        int begin = 0;
        for (int end : GROUP_ENDS) {
            text.append(hex, begin, end).append('-');
            begin = end;
        }
        return text.append(hex, begin, hex.length()).toString();
    }

    static Bytes parse(String text) {
        return Bytes.hex(text.replace("-", ""));
    }
}
