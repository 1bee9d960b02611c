package io.roost.mailstore.mime;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;

/**
 * The structure of a message as bytes, which are kept so that ENVELOPE and BODYSTRUCTURE need not read the message.
 *
 * <pre>
 * structure = version u8, compat u8, length u32, part
 * part      = header length, gap to the body's length, body length: varints (a part begins where its parent says)
 * </pre>
 *
 * Nullable strings are {@code flag, bytes}; lists are {@code count varint, items}.
 */
public final class MimeCodec {
    private static final int VERSION = 1;

    private MimeCodec() {}

    /** The bytes of a structure. */
    public static Bytes encode(MimePart message) {
        ByteWriter out = new ByteWriter(512);
        int mark = out.begin(VERSION, 1);
        part(out, message, 0);
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static MimePart decode(Bytes bytes) {
        ByteReader in = new ByteReader(bytes);
        ByteReader.Struct struct = in.begin(VERSION);
        MimePart message = part(in, 0, 0);
        in.end(struct);
        return message;
    }

    private static void part(ByteWriter out, MimePart part, long from) {
        out.varint(part.header().begin() - from)
                .varint(part.header().length())
                .varint(part.body().length())
                .varint(part.lines());
        out.text(part.type().type()).text(part.type().subtype());
        parameters(out, part.type().parameters());
        fields(out, part.fields());
        out.flag(part.envelope() != null);
        if (part.envelope() != null) {
            envelope(out, part.envelope());
        }
        out.varint(part.children().size());
        for (MimePart child : part.children()) {
            part(out, child, part.header().begin());
        }
    }

    private static MimePart part(ByteReader in, long from, int depth) {
        // A message and its multipart are two levels where the scanner counts one at most.
        if (depth > MimeLimits.MAX_DEPTH + 2) {
            throw new MalformedBytesException("parts nested deeper than " + depth);
        }
        long begin = from + in.varint();
        long headerEnd = begin + in.varint();
        Span header = new Span(begin, headerEnd);
        Span body = new Span(headerEnd, headerEnd + in.varint());
        long lines = in.varint();
        ContentType type = new ContentType(in.text(), in.text(), parameters(in));
        MimePart.Fields fields = fields(in);
        Envelope envelope = in.flag() ? envelope(in) : null;
        int count = in.count(MimeLimits.MAX_PARTS);
        List<MimePart> children = new ArrayList<>(Math.min(count, in.remaining()));
        for (int i = 0; i < count; i++) {
            children.add(part(in, begin, depth + 1));
        }
        return new MimePart(header, body, type, fields, lines, children, envelope);
    }

    private static void fields(ByteWriter out, MimePart.Fields fields) {
        out.text(fields.encoding());
        optional(out, fields.id());
        optional(out, fields.description());
        optional(out, fields.md5());
        out.flag(fields.disposition() != null);
        if (fields.disposition() != null) {
            out.text(fields.disposition().type());
            parameters(out, fields.disposition().parameters());
        }
        out.varint(fields.languages().size());
        fields.languages().forEach(out::bytes);
        optional(out, fields.location());
    }

    private static MimePart.Fields fields(ByteReader in) {
        String encoding = in.text();
        Bytes id = optional(in);
        Bytes description = optional(in);
        Bytes md5 = optional(in);
        MimePart.Disposition disposition = in.flag() ? new MimePart.Disposition(in.text(), parameters(in)) : null;
        int count = in.count(MimeLimits.MAX_PARAMETERS);
        List<Bytes> languages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            languages.add(in.bytes());
        }
        return new MimePart.Fields(encoding, id, description, md5, disposition, languages, optional(in));
    }

    private static void parameters(ByteWriter out, List<Parameter> parameters) {
        out.varint(parameters.size());
        for (Parameter parameter : parameters) {
            out.text(parameter.name()).bytes(parameter.value());
        }
    }

    private static List<Parameter> parameters(ByteReader in) {
        int count = in.count(MimeLimits.MAX_PARAMETERS);
        List<Parameter> parameters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parameters.add(new Parameter(in.text(), in.bytes()));
        }
        return parameters;
    }

    private static void envelope(ByteWriter out, Envelope envelope) {
        optional(out, envelope.date());
        optional(out, envelope.subject());
        addresses(out, envelope.from());
        // Mostly the same as From.
        addressesUnless(out, envelope.sender(), envelope.from());
        addressesUnless(out, envelope.replyTo(), envelope.from());
        addresses(out, envelope.to());
        addresses(out, envelope.cc());
        addresses(out, envelope.bcc());
        optional(out, envelope.inReplyTo());
        optional(out, envelope.messageId());
    }

    private static Envelope envelope(ByteReader in) {
        Bytes date = optional(in);
        Bytes subject = optional(in);
        List<Address> from = addresses(in);
        List<Address> sender = in.flag() ? from : addresses(in);
        List<Address> replyTo = in.flag() ? from : addresses(in);
        return new Envelope(
                date,
                subject,
                from,
                sender,
                replyTo,
                addresses(in),
                addresses(in),
                addresses(in),
                optional(in),
                optional(in));
    }

    private static void addressesUnless(ByteWriter out, List<Address> addresses, List<Address> from) {
        boolean isSame = addresses.equals(from);
        out.flag(isSame);
        if (!isSame) {
            addresses(out, addresses);
        }
    }

    private static void addresses(ByteWriter out, List<Address> addresses) {
        out.varint(addresses.size());
        for (Address address : addresses) {
            optional(out, address.name());
            optional(out, address.route());
            optional(out, address.mailbox());
            optional(out, address.host());
        }
    }

    private static List<Address> addresses(ByteReader in) {
        // One more for the end of a group that is open at the limit.
        int count = in.count(MimeLimits.MAX_ADDRESSES + 2);
        List<Address> addresses = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            addresses.add(new Address(optional(in), optional(in), optional(in), optional(in)));
        }
        return addresses;
    }

    private static void optional(ByteWriter out, Bytes bytes) {
        out.flag(bytes != null);
        if (bytes != null) {
            out.bytes(bytes);
        }
    }

    private static Bytes optional(ByteReader in) {
        return in.flag() ? in.bytes() : null;
    }
}
