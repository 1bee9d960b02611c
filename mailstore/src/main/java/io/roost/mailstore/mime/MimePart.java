package io.roost.mailstore.mime;

import io.roost.cluster.object.Bytes;
import java.util.List;
import java.util.Objects;

/**
 * A message or a part of one: where it is and what its header says of it.
 *
 * @param header with the empty line that ends it
 * @param body from the first byte after the header to the last before the delimiter
 * @param type what it is
 * @param fields what else its header says
 * @param lines ends of lines in its body
 * @param children parts of a multipart, or the only message of a message/rfc822
 * @param envelope of a message (the root and the child of a message/rfc822), null for other parts
 */
public record MimePart(
        Span header,
        Span body,
        ContentType type,
        Fields fields,
        long lines,
        List<MimePart> children,
        Envelope envelope) {
    /** Copies the list. */
    public MimePart {
        Objects.requireNonNull(fields, "fields");
        children = List.copyOf(children);
    }

    /**
     * Fields of RFC 2045, 2183, 1864, 3282 and 2557; null where the header has none.
     *
     * @param encoding in upper case; {@code 7BIT} when the header does not say
     * @param id Content-ID
     * @param description Content-Description
     * @param md5 Content-MD5
     * @param disposition Content-Disposition
     * @param languages of Content-Language, mostly none
     * @param location Content-Location
     */
    public record Fields(
            String encoding,
            Bytes id,
            Bytes description,
            Bytes md5,
            Disposition disposition,
            List<Bytes> languages,
            Bytes location) {
        /** Of a part without a header. */
        public static final Fields NONE = new Fields("7BIT", null, null, null, null, List.of(), null);

        /** Copies the list. */
        public Fields {
            Objects.requireNonNull(encoding, "encoding");
            languages = List.copyOf(languages);
        }
    }

    /**
     * Content-Disposition.
     *
     * @param type such as {@code attachment}
     * @param parameters in order
     */
    public record Disposition(String type, List<Parameter> parameters) {
        /** Copies the list. */
        public Disposition {
            parameters = List.copyOf(parameters);
        }
    }

    /** Header and body. */
    public Span whole() {
        return new Span(header.begin(), body.end());
    }

    /** True for a message within the message whose child is known. */
    public boolean isMessage() {
        return type.isMessage() && !children.isEmpty();
    }

    /**
     * The part of a path as FETCH numbers them (RFC 9051 6.4.5.1), or null: a message that is no multipart has one part 1,
     * which is its body. To be asked of a message.
     *
     * @param path numbers from 1; empty for this message
     */
    public MimePart part(List<Integer> path) {
        MimePart at = this;
        boolean isRoot = true;
        for (int number : path) {
            if (!isRoot && at.isMessage()) {
                at = at.children.get(0);
                isRoot = true;
            }
            if (at.type.isMultipart()) {
                if (number > at.children.size()) {
                    return null;
                }
                at = at.children.get(number - 1);
            } else if (!isRoot || number != 1) {
                return null;
            }
            isRoot = false;
        }
        return at;
    }
}
