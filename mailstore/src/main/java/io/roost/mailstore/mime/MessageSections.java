package io.roost.mailstore.mime;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.List;

/**
 * Sections of a message (RFC 9051 6.4.5.1), whose bytes are in memory. Paths are numbers of parts, empty for the message.
 * A section that does not exist is null.
 */
public final class MessageSections {
    private final MimePart root;
    private final Bytes message;

    /** The sections of a message with its structure. */
    public MessageSections(MimePart root, Bytes message) {
        this.root = root;
        this.message = message;
    }

    private Bytes bytes(Span span) {
        int begin = (int) Math.min(span.begin(), message.length());
        return message.slice(begin, (int) Math.min(span.end(), message.length()));
    }

    /** {@code BODY[]} or {@code BODY[1.2]}: the message, or a part's body. */
    public Bytes part(List<Integer> path) {
        MimePart part = root.part(path);
        return part == null ? null : bytes(path.isEmpty() ? part.whole() : part.body());
    }

    /** The message at a path: the root, or what a message/rfc822 holds; null for other parts. */
    private MimePart messageAt(List<Integer> path) {
        MimePart part = root.part(path);
        if (part == null || path.isEmpty()) {
            return part;
        }
        return part.isMessage() ? part.children().get(0) : null;
    }

    /** {@code BODY[HEADER]} or {@code BODY[1.2.HEADER]}. */
    public Bytes header(List<Integer> path) {
        MimePart at = messageAt(path);
        return at == null ? null : bytes(at.header());
    }

    /** {@code BODY[TEXT]} or {@code BODY[1.2.TEXT]}. */
    public Bytes text(List<Integer> path) {
        MimePart at = messageAt(path);
        return at == null ? null : bytes(at.body());
    }

    /** {@code BODY[1.2.MIME]}: the header of a part. */
    public Bytes mime(List<Integer> path) {
        MimePart part = root.part(path);
        return part == null ? null : bytes(part.header());
    }

    /** {@code BODY[HEADER.FIELDS (names)]} or {@code HEADER.FIELDS.NOT}. */
    public Bytes fields(List<Integer> path, List<String> names, HeaderFilter.Passes passes) {
        Bytes header = header(path);
        if (header == null) {
            return null;
        }
        HeaderFilter filter = new HeaderFilter(names, passes);
        ByteWriter out = new ByteWriter(256);
        filter.onBytes(header.array(), 0, header.length(), out);
        filter.finish(out);
        return out.toBytes();
    }

    /** True when a part has a transfer encoding that can be taken away (RFC 3516 4.3). */
    public boolean canDecode(List<Integer> path) {
        MimePart part = root.part(path);
        return part == null
                || path.isEmpty()
                || TransferDecoder.of(part.fields().encoding()) != null;
    }

    /** {@code BINARY[1.2]}: a part's body without its transfer encoding. To be asked of what {@link #canDecode}. */
    public Bytes decoded(List<Integer> path) {
        MimePart part = root.part(path);
        if (part == null || path.isEmpty()) {
            return part(path);
        }
        Bytes body = bytes(part.body());
        ByteWriter out = new ByteWriter(body.length());
        TransferDecoder decoder = TransferDecoder.of(part.fields().encoding());
        decoder.onBytes(body.array(), 0, body.length(), out);
        decoder.finish(out);
        return out.toBytes();
    }

    /**
     * Bytes of a section from an offset on.
     *
     * @param length how many at most
     */
    public static Bytes partial(Bytes section, long offset, long length) {
        int begin = (int) Math.min(offset, section.length());
        return section.slice(begin, (int) Math.min(section.length() - (long) begin, length) + begin);
    }
}
