package io.roost.mailstore.imap.syntax;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.FetchDatum.Extensions;
import io.roost.mailstore.mime.Address;
import io.roost.mailstore.mime.Envelope;
import io.roost.mailstore.mime.MimePart;
import io.roost.mailstore.mime.Parameter;
import java.util.List;

/** Writes ENVELOPE, BODY and BODYSTRUCTURE (RFC 9051 7.5.2). */
final class StructureWriter {
    private final ImapOutput out;

    StructureWriter(ImapOutput out) {
        this.out = out;
    }

    void envelope(Envelope envelope) {
        out.raw("(").nstring(envelope.date()).raw(" ").nstring(envelope.subject());
        addresses(envelope.from());
        addresses(envelope.sender());
        addresses(envelope.replyTo());
        addresses(envelope.to());
        addresses(envelope.cc());
        addresses(envelope.bcc());
        out.raw(" ").nstring(envelope.inReplyTo()).raw(" ").nstring(envelope.messageId());
        out.raw(")");
    }

    private void addresses(List<Address> addresses) {
        if (addresses.isEmpty()) {
            out.raw(" NIL");
            return;
        }
        out.raw(" (");
        for (Address address : addresses) {
            out.raw("(").nstring(address.name()).raw(" ").nstring(address.route());
            out.raw(" ").nstring(address.mailbox()).raw(" ").nstring(address.host());
            out.raw(")");
        }
        out.raw(")");
    }

    void body(MimePart part, Extensions extensions) {
        out.raw("(");
        if (part.type().isMultipart()) {
            multipart(part, extensions);
        } else {
            single(part, extensions);
        }
        out.raw(")");
    }

    private void multipart(MimePart part, Extensions extensions) {
        if (part.children().isEmpty()) {
            // The grammar wants one; nothing was found between the delimiters.
            out.raw("(\"text\" \"plain\" NIL NIL NIL \"7BIT\" 0 0)");
        }
        for (MimePart child : part.children()) {
            body(child, extensions);
        }
        out.raw(" ").string(part.type().subtype());
        if (extensions == Extensions.YES) {
            out.raw(" ");
            parameters(part.type().parameters());
            extensionsAfterFirst(part.fields());
        }
    }

    private void single(MimePart part, Extensions extensions) {
        MimePart.Fields fields = part.fields();
        out.string(part.type().type()).raw(" ").string(part.type().subtype()).raw(" ");
        parameters(part.type().parameters());
        out.raw(" ").nstring(fields.id()).raw(" ").nstring(fields.description());
        out.raw(" ").string(fields.encoding()).raw(" ").number(part.body().length());
        if (part.isMessage()) {
            MimePart message = part.children().get(0);
            out.raw(" ");
            envelope(message.envelope());
            out.raw(" ");
            body(message, extensions);
            out.raw(" ").number(part.lines());
        } else if (part.type().isText()) {
            out.raw(" ").number(part.lines());
        }
        if (extensions == Extensions.YES) {
            out.raw(" ").nstring(fields.md5());
            extensionsAfterFirst(fields);
        }
    }

    private void extensionsAfterFirst(MimePart.Fields fields) {
        out.raw(" ");
        if (fields.disposition() == null) {
            out.raw("NIL");
        } else {
            out.raw("(").string(fields.disposition().type()).raw(" ");
            parameters(fields.disposition().parameters());
            out.raw(")");
        }
        out.raw(" ");
        List<Bytes> languages = fields.languages();
        if (languages.isEmpty()) {
            out.raw("NIL");
        } else {
            out.list(languages, out::string);
        }
        out.raw(" ").nstring(fields.location());
    }

    private void parameters(List<Parameter> parameters) {
        if (parameters.isEmpty()) {
            out.raw("NIL");
        } else {
            out.list(
                    parameters,
                    parameter -> out.string(parameter.name()).raw(" ").string(parameter.value()));
        }
    }
}
