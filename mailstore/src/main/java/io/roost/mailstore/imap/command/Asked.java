package io.roost.mailstore.imap.command;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.FetchDatum;
import io.roost.mailstore.imap.syntax.FetchDatum.Rfc822;
import io.roost.mailstore.imap.syntax.FetchItem;
import io.roost.mailstore.imap.syntax.FetchItem.Attribute;
import io.roost.mailstore.imap.syntax.FetchItem.Partial;
import io.roost.mailstore.imap.syntax.FetchItem.Section;
import io.roost.mailstore.imap.syntax.FetchItem.Section.Text;
import io.roost.mailstore.mime.HeaderFilter;
import io.roost.mailstore.mime.MessageSections;
import io.roost.mailstore.mime.Span;
import java.util.List;

/**
 * Bytes of a message that a client has asked for.
 *
 * @param name as they are named in the answer
 * @param section which
 * @param partial which of them, null for all
 */
record Asked(FetchDatum.ContentName name, Section section, Partial partial) {
    /** Null for an item that is about something else. */
    static Asked of(FetchItem item) {
        if (item instanceof FetchItem.Body body) {
            return new Asked(
                    new FetchDatum.SectionName(body.section(), origin(body.partial())), body.section(), body.partial());
        }
        if (item instanceof Attribute attribute) {
            return switch (attribute) {
                case RFC822 -> of(Rfc822.RFC822, Text.ALL);
                case RFC822_HEADER -> of(Rfc822.HEADER, Text.HEADER);
                case RFC822_TEXT -> of(Rfc822.TEXT, Text.TEXT);
                default -> null;
            };
        }
        return null;
    }

    private static Asked of(Rfc822 name, Text text) {
        return new Asked(name, new Section(List.of(), text, List.of()), null);
    }

    static long origin(Partial partial) {
        return partial == null ? FetchDatum.WHOLE : partial.offset();
    }

    /** Some of the bytes of a span. */
    static Span part(Span all, Partial partial) {
        if (partial == null) {
            return all;
        }
        long begin = all.begin() + Math.min(partial.offset(), all.length());
        return new Span(begin, begin + Math.min(partial.length(), all.end() - begin));
    }

    /** Whether fields are chosen from a header. */
    boolean hasFields() {
        return section.text() == Text.HEADER_FIELDS || section.text() == Text.HEADER_FIELDS_NOT;
    }

    /** What is told of the bytes of the section: fields of a header, or the bytes; null for null. */
    Bytes filtered(Bytes bytes) {
        if (bytes == null || !hasFields()) {
            return bytes;
        }
        HeaderFilter.Passes passes =
                section.text() == Text.HEADER_FIELDS ? HeaderFilter.Passes.NAMED : HeaderFilter.Passes.OTHERS;
        Bytes fields = MessageSections.fields(bytes, section.headers(), passes);
        Span some = part(new Span(0, fields.length()), partial);
        return fields.slice((int) some.begin(), (int) some.end());
    }
}
