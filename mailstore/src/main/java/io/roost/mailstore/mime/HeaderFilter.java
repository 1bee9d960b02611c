package io.roost.mailstore.mime;

import io.roost.cluster.object.ByteWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Named fields of a header, or all but these (RFC 9051 6.4.5.1 HEADER.FIELDS), as its bytes go by. Fields come out as
 * they are, with their folding, and an empty line after them.
 */
public final class HeaderFilter {
    /** Longest name of a field that is compared; RFC 5322 allows lines of 998. */
    private static final int MAX_NAME_BYTES = 998;

    /** Which fields pass. */
    public enum Passes {
        /** Those named. */
        NAMED,
        /** All others. */
        OTHERS
    }

    private enum At {
        LINE_BEGIN,
        NAME,
        REST,
        END
    }

    private final Set<String> names = new HashSet<>();
    private final Passes passes;
    private At at = At.LINE_BEGIN;
    private boolean isPassing;
    private ByteWriter name = new ByteWriter();

    /** A filter for one header. */
    public HeaderFilter(List<String> names, Passes passes) {
        for (String each : names) {
            this.names.add(each.toLowerCase(Locale.ROOT));
        }
        this.passes = passes;
    }

    /** Takes the next bytes {@code [begin, end)} of an array and writes what passes. */
    public void onBytes(byte[] bytes, int begin, int end, ByteWriter out) {
        for (int i = begin; i < end && at != At.END; i++) {
            onByte(bytes[i], out);
        }
    }

    private void onByte(byte b, ByteWriter out) {
        if (at == At.LINE_BEGIN) {
            lineBegin(b, out);
        } else if (at == At.NAME) {
            inName(b, out);
        } else {
            rest(b, out);
        }
    }

    private void lineBegin(byte b, ByteWriter out) {
        if (b == ' ' || b == '\t') {
            // The field before goes on.
            at = At.REST;
            rest(b, out);
        } else if (b == '\n') {
            at = At.END;
        } else {
            name = new ByteWriter();
            at = At.NAME;
            inName(b, out);
        }
    }

    private void inName(byte b, ByteWriter out) {
        name.u8(b);
        if (b == ':') {
            decide(out);
            at = At.REST;
        } else if (b == '\n') {
            // A line that is no field, or the empty line.
            boolean isEmpty = name.size() == 2 && name.toArray()[0] == '\r';
            isPassing = !isEmpty && passes == Passes.OTHERS;
            if (isPassing) {
                out.raw(name.toBytes());
            }
            at = isEmpty ? At.END : At.LINE_BEGIN;
        } else if (name.size() > MAX_NAME_BYTES) {
            isPassing = passes == Passes.OTHERS;
            if (isPassing) {
                out.raw(name.toBytes());
            }
            at = At.REST;
        }
    }

    private void decide(ByteWriter out) {
        String lower = PartHeader.lowerName(name.toArray(), name.size() - 1);
        boolean isNamed = lower != null && names.contains(lower);
        isPassing = isNamed == (passes == Passes.NAMED);
        if (isPassing) {
            out.raw(name.toBytes());
        }
    }

    private void rest(byte b, ByteWriter out) {
        if (isPassing) {
            out.u8(b);
        }
        if (b == '\n') {
            at = At.LINE_BEGIN;
        }
    }

    /** Writes the empty line at the end. */
    public void finish(ByteWriter out) {
        if (at == At.REST && isPassing) {
            // The last line had no end.
            out.u8('\r').u8('\n');
        }
        out.u8('\r').u8('\n');
        at = At.END;
    }
}
