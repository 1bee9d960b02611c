package io.roost.cluster.wire;

import io.roost.cluster.message.LogLine;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;

/** A line of the cluster's log as bytes: a struct of number u64, time u64, severity u8 (1 for WARN), text. */
public final class LogLineCodec {
    private static final int FORMAT = 1;

    private LogLineCodec() {}

    /** The line's bytes. */
    public static Bytes encode(LogLine line) {
        ByteWriter out = new ByteWriter(64);
        write(out, line);
        return out.toBytes();
    }

    /** Reads {@link #encode}; {@link MalformedBytesException} when it is nothing of the kind. */
    public static LogLine decode(Bytes encoded) {
        return MapCodec.whole(encoded, LogLineCodec::read);
    }

    static void write(ByteWriter out, LogLine line) {
        int mark = out.begin(FORMAT, FORMAT);
        out.u64(line.number())
                .u64(line.wallMillis())
                .flag(line.severity() == LogLine.Severity.WARN)
                .text(line.text());
        out.end(mark);
    }

    static LogLine read(ByteReader in) {
        ByteReader.Struct struct = in.begin(FORMAT);
        LogLine line =
                new LogLine(in.u64(), in.u64(), in.flag() ? LogLine.Severity.WARN : LogLine.Severity.INFO, in.text());
        in.end(struct);
        return line;
    }
}
