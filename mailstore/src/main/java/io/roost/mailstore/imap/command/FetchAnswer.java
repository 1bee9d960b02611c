package io.roost.mailstore.imap.command;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.session.FlagNames;
import io.roost.mailstore.imap.session.SelectedMailbox;
import io.roost.mailstore.imap.syntax.FetchDatum;
import io.roost.mailstore.imap.syntax.FetchItem;
import io.roost.mailstore.imap.syntax.FetchItem.Attribute;
import io.roost.mailstore.imap.syntax.FetchItem.Section;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.mailbox.ContentRow;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mime.MessageSections;
import io.roost.mailstore.mime.MimeCodec;
import io.roost.mailstore.mime.MimePart;
import io.roost.mailstore.mime.MimeScanner;
import io.roost.mailstore.mime.Span;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** The FETCH response of one message. */
final class FetchAnswer {
    private final UserSession user;
    private final SelectedMailbox mailbox;
    private final NumberedMessage numbered;
    private final MessageRecord record;
    private final ContentRow content;
    private final Bytes body;
    private MimePart structure;
    private MessageSections sections;

    /**
     * An answer.
     *
     * @param content null when no item tells of a part or a structure
     * @param body null when no item needs it and the content has a structure
     */
    FetchAnswer(UserSession user, SelectedMailbox mailbox, NumberedMessage numbered, ContentRow content, Bytes body) {
        this.user = user;
        this.mailbox = mailbox;
        this.numbered = numbered;
        this.record = numbered.message();
        this.content = content;
        this.body = body;
    }

    void write(long number, List<FetchItem> items, FetchCommand.Added added) {
        // All of it before the first byte is written: a message that cannot be told leaves no half of an answer.
        List<FetchDatum> data = added(added);
        items.forEach(item -> data.add(datum(item)));
        user.told().writer().write(new Response.Fetch(number, data));
    }

    /** What is told beside what was asked for. */
    List<FetchDatum> added(FetchCommand.Added added) {
        List<FetchDatum> data = new ArrayList<>();
        if (added == FetchCommand.Added.FLAGS) {
            data.add(attribute(Attribute.FLAGS));
        }
        return data;
    }

    private MimePart structure() {
        if (structure == null) {
            structure = content.structure().isEmpty()
                    ? MimeScanner.scan(body.array())
                    : MimeCodec.decode(content.structure());
        }
        return structure;
    }

    private MessageSections sections() {
        if (sections == null) {
            sections = new MessageSections(structure());
        }
        return sections;
    }

    /** What is told of an item, from what is in memory. */
    FetchDatum datum(FetchItem item) {
        Asked asked = Asked.of(item);
        if (asked != null) {
            return new FetchDatum.Content(asked.name(), asked.filtered(bytes(span(asked))));
        }
        if (item instanceof Attribute attribute) {
            return attribute(attribute);
        }
        if (item instanceof FetchItem.Binary binary) {
            Bytes decoded = decoded(binary.part());
            Bytes part = decoded == null || binary.partial() == null
                    ? decoded
                    : bytes(decoded, Asked.part(new Span(0, decoded.length()), binary.partial()));
            return new FetchDatum.Content(
                    new FetchDatum.BinaryName(binary.part(), Asked.origin(binary.partial())), part);
        }
        if (item instanceof FetchItem.BinarySize asksSize) {
            Bytes decoded = decoded(asksSize.part());
            return new FetchDatum.BinarySize(asksSize.part(), decoded == null ? 0 : decoded.length());
        }
        return new FetchDatum.Preview(content.preview());
    }

    private Bytes decoded(List<Integer> path) {
        Span part = sections().part(path);
        return part == null || !sections().canDecode(path) ? null : sections().decoded(path, bytes(part));
    }

    /** Where the bytes of the message are that an item is about, before fields are chosen of them; null for nowhere. */
    Span span(Asked asked) {
        Section section = asked.section();
        Span all = switch (section.text()) {
            case ALL ->
                section.isWhole() ? new Span(0, Long.MAX_VALUE) : sections().part(section.part());
            case HEADER, HEADER_FIELDS, HEADER_FIELDS_NOT -> sections().header(section.part());
            case TEXT -> sections().text(section.part());
            case MIME -> sections().mime(section.part());
        };
        return all == null || asked.hasFields() ? all : Asked.part(all, asked.partial());
    }

    private Bytes bytes(Span span) {
        return span == null ? null : bytes(body, span);
    }

    private static Bytes bytes(Bytes all, Span span) {
        return all.slice((int) Math.min(span.begin(), all.length()), (int) Math.min(span.end(), all.length()));
    }

    private static OffsetDateTime time(long millis) {
        return OffsetDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    }

    private FetchDatum attribute(Attribute attribute) {
        return switch (attribute) {
            case ENVELOPE -> new FetchDatum.MessageEnvelope(structure().envelope());
            case FLAGS -> new FetchDatum.Flags(FlagNames.of(record.flags(), mailbox.header()));
            case INTERNALDATE -> new FetchDatum.InternalDate(time(record.internalMillis()));
            case RFC822_SIZE -> new FetchDatum.Numbered(FetchDatum.NumberName.SIZE, record.sizeBytes());
            case RFC822, RFC822_HEADER, RFC822_TEXT -> throw new IllegalArgumentException(attribute + " is content");
            case BODY -> new FetchDatum.Structure(structure(), FetchDatum.Extensions.NO);
            case BODYSTRUCTURE -> new FetchDatum.Structure(structure(), FetchDatum.Extensions.YES);
            case UID -> new FetchDatum.Numbered(FetchDatum.NumberName.UID, numbered.uid());
            case MODSEQ -> new FetchDatum.ModSeq(record.modSeq());
            case EMAILID -> new FetchDatum.EmailId(record.email().objectId());
            case THREADID -> new FetchDatum.ThreadId(null);
            case SAVEDATE -> new FetchDatum.SaveDate(time(record.savedMillis()));
        };
    }
}
