package io.roost.mailstore.imap.command;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.session.FlagNames;
import io.roost.mailstore.imap.session.SelectedMailbox;
import io.roost.mailstore.imap.syntax.FetchDatum;
import io.roost.mailstore.imap.syntax.FetchDatum.Rfc822;
import io.roost.mailstore.imap.syntax.FetchItem;
import io.roost.mailstore.imap.syntax.FetchItem.Attribute;
import io.roost.mailstore.imap.syntax.FetchItem.Partial;
import io.roost.mailstore.imap.syntax.FetchItem.Section;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.mailbox.ContentRow;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mime.HeaderFilter;
import io.roost.mailstore.mime.MessageSections;
import io.roost.mailstore.mime.MimeCodec;
import io.roost.mailstore.mime.MimePart;
import io.roost.mailstore.mime.MimeScanner;
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
        List<FetchDatum> data = new ArrayList<>();
        if (added == FetchCommand.Added.FLAGS) {
            data.add(new FetchDatum.Flags(FlagNames.of(record.flags(), mailbox.header())));
        }
        items.forEach(item -> data.add(datum(item)));
        user.told().writer().write(new Response.Fetch(number, data));
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
            sections = new MessageSections(structure(), body);
        }
        return sections;
    }

    private FetchDatum datum(FetchItem item) {
        if (item instanceof Attribute attribute) {
            return attribute(attribute);
        }
        if (item instanceof FetchItem.Body asked) {
            return new FetchDatum.Content(
                    new FetchDatum.SectionName(asked.section(), origin(asked.partial())),
                    partial(section(asked.section()), asked.partial()));
        }
        if (item instanceof FetchItem.Binary asked) {
            Bytes decoded = sections().canDecode(asked.part()) ? sections().decoded(asked.part()) : null;
            return new FetchDatum.Content(
                    new FetchDatum.BinaryName(asked.part(), origin(asked.partial())),
                    partial(decoded, asked.partial()));
        }
        if (item instanceof FetchItem.BinarySize asked) {
            Bytes decoded = sections().canDecode(asked.part()) ? sections().decoded(asked.part()) : null;
            return new FetchDatum.BinarySize(asked.part(), decoded == null ? 0 : decoded.length());
        }
        return new FetchDatum.Preview(content.preview());
    }

    private static long origin(Partial partial) {
        return partial == null ? FetchDatum.WHOLE : partial.offset();
    }

    private static Bytes partial(Bytes section, Partial partial) {
        return section == null || partial == null
                ? section
                : MessageSections.partial(section, partial.offset(), partial.length());
    }

    private Bytes section(Section section) {
        return switch (section.text()) {
            case ALL -> section.isWhole() ? body : sections().part(section.part());
            case HEADER -> sections().header(section.part());
            case TEXT -> sections().text(section.part());
            case MIME -> sections().mime(section.part());
            case HEADER_FIELDS -> sections().fields(section.part(), section.headers(), HeaderFilter.Passes.NAMED);
            case HEADER_FIELDS_NOT -> sections().fields(section.part(), section.headers(), HeaderFilter.Passes.OTHERS);
        };
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
            case RFC822 -> new FetchDatum.Content(Rfc822.RFC822, body);
            case RFC822_HEADER ->
                new FetchDatum.Content(Rfc822.HEADER, sections().header(List.of()));
            case RFC822_TEXT -> new FetchDatum.Content(Rfc822.TEXT, sections().text(List.of()));
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
