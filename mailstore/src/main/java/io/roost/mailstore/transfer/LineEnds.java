package io.roost.mailstore.transfer;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;

/** Messages have CRLF at the end of each line, files mostly LF. */
final class LineEnds {
    private LineEnds() {}

    /** With CRLF. What has it at the end of its first line is left as it is, lone LFs too. */
    static Bytes crlf(byte[] bytes) {
        int first = 0;
        while (first < bytes.length && bytes[first] != '\n') {
            first++;
        }
        if (first == bytes.length || (first > 0 && bytes[first - 1] == '\r')) {
            return Bytes.wrap(bytes);
        }
        ByteWriter out = new ByteWriter(bytes.length + bytes.length / 32);
        int from = 0;
        for (int at = first; at < bytes.length; at++) {
            if (bytes[at] == '\n' && (at == 0 || bytes[at - 1] != '\r')) {
                out.raw(bytes, from, at - from);
                out.u8('\r').u8('\n');
                from = at + 1;
            }
        }
        return out.raw(bytes, from, bytes.length - from).toBytes();
    }
}
