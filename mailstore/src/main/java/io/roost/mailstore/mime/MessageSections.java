package io.roost.mailstore.mime;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.List;

/**
 * Where the sections of a message are (RFC 9051 6.4.5.1), and what is made of their bytes. Paths are numbers of parts, empty
 * for the message. A section that does not exist is null.
 */
public final class MessageSections {
    private final MimePart root;

    /** The sections of a message. */
    public MessageSections(MimePart root) {
        this.root = root;
    }

    /** {@code BODY[]} or {@code BODY[1.2]}: the message, or a part's body. */
    public Span part(List<Integer> path) {
        MimePart part = root.part(path);
        return part == null ? null : path.isEmpty() ? part.whole() : part.body();
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
    public Span header(List<Integer> path) {
        MimePart at = messageAt(path);
        return at == null ? null : at.header();
    }

    /** {@code BODY[TEXT]} or {@code BODY[1.2.TEXT]}. */
    public Span text(List<Integer> path) {
        MimePart at = messageAt(path);
        return at == null ? null : at.body();
    }

    /** {@code BODY[1.2.MIME]}: the header of a part. */
    public Span mime(List<Integer> path) {
        MimePart part = root.part(path);
        return part == null ? null : part.header();
    }

    /** {@code BODY[HEADER.FIELDS (names)]} or {@code HEADER.FIELDS.NOT}, of a header. */
    public static Bytes fields(Bytes header, List<String> names, HeaderFilter.Passes passes) {
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

    /**
     * {@code BINARY[1.2]}: a part's body without its transfer encoding. To be asked of what {@link #canDecode}.
     *
     * @param part the bytes of {@link #part}
     */
    public Bytes decoded(List<Integer> path, Bytes part) {
        if (path.isEmpty()) {
            return part;
        }
        ByteWriter out = new ByteWriter(part.length());
        TransferDecoder decoder = TransferDecoder.of(root.part(path).fields().encoding());
        decoder.onBytes(part.array(), 0, part.length(), out);
        decoder.finish(out);
        return out.toBytes();
    }
}
