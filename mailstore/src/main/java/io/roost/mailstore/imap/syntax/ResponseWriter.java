package io.roost.mailstore.imap.syntax;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.Response.ESearchItem;
import io.roost.mailstore.imap.syntax.Response.Namespace;
import io.roost.mailstore.imap.syntax.Response.StatusValue;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Writes responses as a dialect has them. What is written collects until it is taken.
 *
 * <p>A FETCH whose contents are streamed is written in pieces: {@link #beginFetch}, {@link #datum} for each, where after a
 * {@link FetchDatum.Announced} the content is to be sent before anything else, and {@link #endFetch}.
 */
public final class ResponseWriter {
    private final ImapOutput out;
    private final StructureWriter structures;
    private boolean isFirstDatum;

    /** A writer for a dialect. */
    public ResponseWriter(Dialect dialect) {
        out = new ImapOutput(dialect);
        structures = new StructureWriter(out);
    }

    /** Bytes written and not taken. */
    public int size() {
        return out.size();
    }

    /** Takes what is written. */
    public Bytes take() {
        return out.take();
    }

    /** Writes a response. */
    public ResponseWriter write(Response response) {
        if (response instanceof Response.Status status) {
            status(status);
        } else if (response instanceof Response.Continuation continuation) {
            out.raw("+ ").text(continuation.text());
        } else if (response instanceof Response.Challenge challenge) {
            out.raw("+ " + Base64.getEncoder().encodeToString(challenge.data().array()));
        } else if (response instanceof Response.Fetch fetch) {
            beginFetch(fetch.number());
            fetch.data().forEach(this::datum);
            return endFetch();
        } else {
            out.raw("* ");
            untagged(response);
        }
        out.crlf();
        return this;
    }

    private void status(Response.Status status) {
        out.raw(status.tag()).raw(" ").raw(status.condition().name()).raw(" ");
        if (status.code() != null) {
            out.raw("[");
            code(status.code());
            out.raw("] ");
        }
        out.text(status.text());
    }

    private void code(ResponseCode code) {
        if (code instanceof ResponseCode.Word word) {
            out.raw(word.word());
        } else if (code instanceof ResponseCode.Numbered number) {
            out.raw(number.name().name()).raw(" ").number(number.number());
        } else if (code instanceof ResponseCode.Capability capability) {
            out.raw("CAPABILITY ").spaced(capability.capabilities(), out::raw);
        } else if (code instanceof ResponseCode.PermanentFlags permanent) {
            out.raw("PERMANENTFLAGS ").list(permanent.flags(), flag -> out.raw(flag.name()));
        } else if (code instanceof ResponseCode.BadCharset bad) {
            out.raw("BADCHARSET");
            if (!bad.charsets().isEmpty()) {
                out.raw(" ").list(bad.charsets(), out::string);
            }
        } else if (code instanceof ResponseCode.AppendUid append) {
            out.raw("APPENDUID ").number(append.uidValidity()).raw(" " + append.uids());
        } else if (code instanceof ResponseCode.CopyUid copy) {
            out.raw("COPYUID ").number(copy.uidValidity()).raw(" " + copy.from() + " " + copy.to());
        } else if (code instanceof ResponseCode.Modified modified) {
            out.raw("MODIFIED " + modified.set());
        } else if (code instanceof ResponseCode.MailboxId id) {
            out.raw("MAILBOXID (" + id.id() + ")");
        }
    }

    private void untagged(Response response) {
        if (response instanceof Response.Capability capability) {
            out.raw("CAPABILITY ").spaced(capability.capabilities(), out::raw);
        } else if (response instanceof Response.Enabled enabled) {
            out.raw("ENABLED");
            enabled.capabilities().forEach(capability -> out.raw(" " + capability));
        } else if (response instanceof Response.Id id) {
            out.raw("ID ");
            if (id.fields().isEmpty()) {
                out.raw("NIL");
            } else {
                out.list(id.fields(), field -> out.string(field.name()).raw(" ").nstring(field.value()));
            }
        } else if (response instanceof Response.Flags flags) {
            out.raw("FLAGS ").list(flags.flags(), flag -> out.raw(flag.name()));
        } else if (response instanceof Response.Count count) {
            out.number(count.number()).raw(" ").raw(count.kind().name());
        } else if (response instanceof Response.Vanished vanished) {
            out.raw(vanished.when() == Response.When.EARLIER ? "VANISHED (EARLIER) " : "VANISHED ");
            out.raw(vanished.uids().toString());
        } else if (response instanceof Response.SearchResult result) {
            search(result);
        } else if (response instanceof Response.SortResult result) {
            out.raw("SORT");
            result.matches().forEach(match -> out.raw(" ").number(match));
            modSeq(result.modSeq());
        } else if (response instanceof Response.ESearch result) {
            extendedSearch(result);
        } else {
            mailbox(response);
        }
    }

    private void mailbox(Response response) {
        if (response instanceof Response.ListEntry entry) {
            list(entry);
        } else if (response instanceof Response.Namespaces namespaces) {
            out.raw("NAMESPACE ");
            out.spaced(List.of(namespaces.personal(), namespaces.others(), namespaces.shared()), this::namespaces);
        } else if (response instanceof Response.MailboxStatus status) {
            out.raw("STATUS ").mailbox(status.mailbox()).raw(" ").list(status.values(), this::statusValue);
        } else if (response instanceof Response.Quota quota) {
            out.raw("QUOTA ")
                    .string(quota.root())
                    .raw(" ")
                    .list(
                            quota.resources(),
                            resource -> out.raw(resource.name())
                                    .raw(" ")
                                    .number(resource.used())
                                    .raw(" ")
                                    .number(resource.limit()));
        } else if (response instanceof Response.QuotaRoots roots) {
            out.raw("QUOTAROOT ").mailbox(roots.mailbox());
            roots.roots().forEach(root -> out.raw(" ").string(root));
        }
    }

    private void modSeq(long modSeq) {
        if (modSeq != Response.NO_MODSEQ) {
            out.raw(" (MODSEQ ").number(modSeq).raw(")");
        }
    }

    private void search(Response.SearchResult result) {
        out.raw("SEARCH");
        if (result.matches() != null) {
            for (SequenceSet.Range range : result.matches().ranges()) {
                for (long number = range.first(); number <= range.last(); number++) {
                    out.raw(" ").number(number);
                }
            }
        }
        modSeq(result.modSeq());
    }

    private void extendedSearch(Response.ESearch result) {
        out.raw("ESEARCH (TAG ").string(result.tag()).raw(result.numbering() == Numbering.UID ? ") UID" : ")");
        for (ESearchItem item : result.items()) {
            out.raw(" ");
            if (item instanceof Response.ESearchNumber number) {
                out.raw(number.name().name()).raw(" ").number(number.number());
            } else if (item instanceof Response.ESearchAll all) {
                out.raw("ALL " + all.set());
            } else if (item instanceof Response.ESearchPartial partial) {
                out.raw("PARTIAL (" + partial.range() + " ");
                out.raw(partial.set() == null ? "NIL)" : partial.set() + ")");
            }
        }
    }

    private void list(Response.ListEntry entry) {
        out.raw(entry.kind().name()).raw(" ").list(entry.attributes(), out::raw).raw(" ");
        out.nstring(entry.delimiter()).raw(" ").mailbox(entry.mailbox());
        boolean hasChildInfo = !entry.childInfo().isEmpty();
        if (!hasChildInfo && entry.oldName() == null) {
            return;
        }
        out.raw(" (");
        if (hasChildInfo) {
            out.raw("\"CHILDINFO\" ").list(entry.childInfo(), out::string);
        }
        if (entry.oldName() != null) {
            out.raw(hasChildInfo ? " \"OLDNAME\" (" : "\"OLDNAME\" (")
                    .mailbox(entry.oldName())
                    .raw(")");
        }
        out.raw(")");
    }

    private void namespaces(List<Namespace> namespaces) {
        if (namespaces.isEmpty()) {
            out.raw("NIL");
            return;
        }
        out.raw("(");
        for (Namespace namespace : namespaces) {
            out.raw("(").string(MailboxNames.encode(namespace.prefix(), out.dialect()));
            out.raw(" ").nstring(namespace.delimiter()).raw(")");
        }
        out.raw(")");
    }

    private void statusValue(StatusValue value) {
        out.raw(value.item().name()).raw(" ");
        if (value.item() == StatusItem.MAILBOXID) {
            out.raw("(" + value.id() + ")");
        } else if (value.number() == StatusValue.NIL) {
            out.raw("NIL");
        } else {
            out.number(value.number());
        }
    }

    /** Begins the FETCH response of a message. */
    public ResponseWriter beginFetch(long number) {
        out.raw("* ").number(number).raw(" FETCH (");
        isFirstDatum = true;
        return this;
    }

    /** Ends the FETCH response. */
    public ResponseWriter endFetch() {
        out.raw(")").crlf();
        return this;
    }

    /** Writes one datum of the FETCH response; the content of an announced one is sent by the caller. */
    public ResponseWriter datum(FetchDatum datum) {
        if (!isFirstDatum) {
            out.raw(" ");
        }
        isFirstDatum = false;
        if (datum instanceof FetchDatum.Content content) {
            content(content);
        } else if (datum instanceof FetchDatum.Announced announced) {
            name(announced.name());
            out.raw(announced.name() instanceof FetchDatum.BinaryName ? " ~" : " ")
                    .announce(announced.sizeBytes());
        } else if (datum instanceof FetchDatum.MessageEnvelope envelope) {
            out.raw("ENVELOPE ");
            structures.envelope(envelope.envelope());
        } else if (datum instanceof FetchDatum.Structure structure) {
            out.raw(structure.extensions() == FetchDatum.Extensions.YES ? "BODYSTRUCTURE " : "BODY ");
            structures.body(structure.message(), structure.extensions());
        } else {
            attribute(datum);
        }
        return this;
    }

    private void attribute(FetchDatum datum) {
        if (datum instanceof FetchDatum.Flags flags) {
            out.raw("FLAGS ").list(flags.flags(), flag -> out.raw(flag.name()));
        } else if (datum instanceof FetchDatum.Numbered number) {
            out.raw(number.name().word()).raw(" ").number(number.number());
        } else if (datum instanceof FetchDatum.ModSeq modSeq) {
            out.raw("MODSEQ (").number(modSeq.modSeq()).raw(")");
        } else if (datum instanceof FetchDatum.InternalDate date) {
            out.raw("INTERNALDATE \"" + ImapDates.format(date.time()) + '"');
        } else if (datum instanceof FetchDatum.SaveDate date) {
            out.raw(date.time() == null ? "SAVEDATE NIL" : "SAVEDATE \"" + ImapDates.format(date.time()) + '"');
        } else if (datum instanceof FetchDatum.EmailId id) {
            out.raw("EMAILID (" + id.id() + ")");
        } else if (datum instanceof FetchDatum.ThreadId id) {
            out.raw(id.id() == null ? "THREADID NIL" : "THREADID (" + id.id() + ")");
        } else if (datum instanceof FetchDatum.Preview preview) {
            out.raw("PREVIEW ").nstring(preview.text());
        } else if (datum instanceof FetchDatum.BinarySize size) {
            out.raw("BINARY.SIZE[" + path(size.part()) + "] ").number(size.sizeBytes());
        }
    }

    private void content(FetchDatum.Content content) {
        name(content.name());
        if (content.bytes() == null) {
            out.raw(" NIL");
        } else {
            out.raw(content.name() instanceof FetchDatum.BinaryName ? " ~" : " ")
                    .literal(content.bytes());
        }
    }

    private void name(FetchDatum.ContentName name) {
        if (name instanceof FetchDatum.Rfc822 rfc822) {
            out.raw(rfc822.word());
        } else if (name instanceof FetchDatum.BinaryName binary) {
            out.raw("BINARY[" + path(binary.part()) + "]");
            origin(binary.origin());
        } else if (name instanceof FetchDatum.SectionName section) {
            section(section.section());
            origin(section.origin());
        }
    }

    private void section(FetchItem.Section section) {
        out.raw("BODY[" + path(section.part()));
        boolean isWhole = section.text() == FetchItem.Section.Text.ALL;
        out.raw(section.part().isEmpty() || isWhole ? "" : ".")
                .raw(section.text().word());
        if (!section.headers().isEmpty()) {
            out.raw(" ").list(section.headers(), this::headerName);
        }
        out.raw("]");
    }

    /** As an atom where it is one: some clients compare the answer with what they asked. */
    private void headerName(String name) {
        boolean isAtom =
                !name.isEmpty() && name.chars().allMatch(c -> c > 0x20 && c < 0x7f && "(){%*\"\\]".indexOf(c) < 0);
        if (isAtom) {
            out.raw(name);
        } else {
            out.string(Bytes.wrap(name.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private void origin(long origin) {
        if (origin != FetchDatum.WHOLE) {
            out.raw("<").number(origin).raw(">");
        }
    }

    private static String path(List<Integer> part) {
        StringBuilder path = new StringBuilder();
        for (int number : part) {
            path.append(path.length() == 0 ? "" : ".").append(number);
        }
        return path.toString();
    }
}
