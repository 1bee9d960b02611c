package io.roost.mailstore.imap.session;

import io.roost.mailstore.imap.syntax.Command.Access;
import io.roost.mailstore.imap.syntax.FetchDatum;
import io.roost.mailstore.imap.syntax.MessageSet;
import io.roost.mailstore.imap.syntax.Numbering;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.imap.syntax.Response.CountKind;
import io.roost.mailstore.imap.syntax.ResponseCode;
import io.roost.mailstore.imap.syntax.SequenceSet;
import io.roost.mailstore.mailbox.FolderChanges;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mailbox.UidSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a client knows of the mailbox that it has open: the numbers of its messages, and up to which MODSEQ it has been told
 * of changes. Changes of the folder go in, what the client is to be told comes out.
 *
 * <p>A message that is gone keeps its number until the client may be told (RFC 9051 7.5.1: not while a command that names
 * numbers is in progress).
 */
public final class SelectedMailbox {
    private final FolderNumber folder;
    private final Access access;
    private final MessageNumbers numbers;
    private final Set<Long> gone = new TreeSet<>();
    /** MODSEQs of this session's own changes, which it has answered already. */
    private final Set<Long> answered = new HashSet<>();

    private FolderHeader header;
    private long knownModSeq;
    /** Up to which the client has been told of everything; below {@link #knownModSeq} while EXPUNGE is held back. */
    private long wholeModSeq;

    private UidSet saved = UidSet.EMPTY;

    /** A mailbox that has just been opened. */
    public SelectedMailbox(FolderNumber folder, Access access, FolderHeader header, UidSet uids) {
        this.folder = folder;
        this.access = access;
        this.header = header;
        this.knownModSeq = header.log().highestModSeq();
        this.wholeModSeq = knownModSeq;
        this.numbers = new MessageNumbers(uids);
    }

    /** Whether EXPUNGE may be told now. */
    public enum Expunges {
        /** Not while a command that names numbers is answered. */
        HELD,
        /** They may. */
        TOLD
    }

    /** What the client has switched on. */
    public enum Detail {
        /** Nothing. */
        PLAIN,
        /** CONDSTORE: changes have their MODSEQ. */
        MODSEQ,
        /** QRESYNC: and their UID, and VANISHED takes the place of EXPUNGE. */
        QRESYNC
    }

    /** The folder's number. */
    public FolderNumber folder() {
        return folder;
    }

    /** How it was opened. */
    public Access access() {
        return access;
    }

    /** The numbers of its messages. */
    public MessageNumbers numbers() {
        return numbers;
    }

    /** The folder as of what the client has been told. */
    public FolderHeader header() {
        return header;
    }

    /** From where on changes are to be asked for. */
    public long knownModSeq() {
        return knownModSeq;
    }

    /** A change of this session has been answered by its command. */
    public void answered(long modSeq) {
        answered.add(modSeq);
    }

    /** Keeps the result of a SEARCH as {@code $} (RFC 5182). */
    public void save(UidSet uids) {
        saved = uids;
    }

    /** The UIDs that a client's set names and that exist for it. */
    public UidSet resolve(MessageSet set, Numbering numbering) {
        return set instanceof SequenceSet sequence ? numbers.resolve(sequence, numbering) : saved;
    }

    /** True when some of these are gone already and the client has not been told. */
    public boolean isAnyGone(UidSet uids) {
        return uids.ranges().stream()
                .anyMatch(range -> gone.stream().anyMatch(uid -> range.first() <= uid && uid <= range.last()));
    }

    /** True while the client has not been told of messages that are gone. */
    public boolean holdsExpunges() {
        return !gone.isEmpty();
    }

    /**
     * Takes changes of the folder in; what the client is to be told of them now.
     *
     * @param answering messages whose flags the command itself tells
     */
    public List<Response> apply(FolderChanges changes, Expunges expunges, Detail detail, UidSet answering) {
        List<Response> told = new ArrayList<>();
        boolean hasKeywords =
                changes.header().keywords().size() > header.keywords().size();
        header = changes.header();
        knownModSeq = Math.max(knownModSeq, changes.untilModSeq());
        if (hasKeywords) {
            told.add(new Response.Flags(FlagNames.all(header)));
            told.add(Response.Status.info(
                    new ResponseCode.PermanentFlags(FlagNames.permanent(header)), "Flags permitted"));
        }
        changes.expunged()
                .ranges()
                .forEach(range -> numbers.resolve(SequenceSet.of(range.first(), range.last()), Numbering.UID)
                        .toList()
                        .forEach(gone::add));
        if (expunges == Expunges.TOLD) {
            told.addAll(takeExpunges(detail));
        }
        UidSet.Builder added = new UidSet.Builder();
        for (NumberedMessage each : changes.changed()) {
            if (each.uid() > numbers.lastUid()) {
                added.add(each.uid());
            } else if (!answered.contains(each.message().modSeq()) && !answering.contains(each.uid())) {
                told.addAll(flags(each, detail));
            }
        }
        UidSet news = added.build();
        if (!news.isEmpty()) {
            numbers.add(news);
            told.add(new Response.Count(numbers.count(), CountKind.EXISTS));
        }
        answered.removeIf(modSeq -> modSeq <= knownModSeq);
        if (gone.isEmpty()) {
            wholeModSeq = knownModSeq;
        } else if (detail == Detail.QRESYNC) {
            // RFC 7162 3.2: MODSEQs are told before an expunge with a lower one, so a client that is cut off now asks
            // from
            // before it.
            told.add(Response.Status.info(
                    new ResponseCode.Numbered(ResponseCode.NumberName.HIGHESTMODSEQ, wholeModSeq), "Expunges follow"));
        }
        return told;
    }

    private List<Response> flags(NumberedMessage each, Detail detail) {
        long number = numbers.numberOf(each.uid());
        return number == 0 || gone.contains(each.uid())
                ? List.of()
                : List.of(new Response.Fetch(number, flagData(each, detail)));
    }

    /** The flags of a message as FETCH tells them, with what the client has switched on. */
    public List<FetchDatum> flagData(NumberedMessage each, Detail detail) {
        List<FetchDatum> data = new ArrayList<>();
        if (detail == Detail.QRESYNC) {
            data.add(new FetchDatum.Numbered(FetchDatum.NumberName.UID, each.uid()));
        }
        data.add(new FetchDatum.Flags(FlagNames.of(each.message().flags(), header)));
        if (detail != Detail.PLAIN) {
            data.add(new FetchDatum.ModSeq(each.message().modSeq()));
        }
        return data;
    }

    /** Tells of the messages that are gone; numbers of those after them change. */
    public List<Response> takeExpunges(Detail detail) {
        if (gone.isEmpty()) {
            return List.of();
        }
        UidSet.Builder builder = new UidSet.Builder();
        gone.forEach(builder::add);
        UidSet uids = builder.build();
        List<Response> told = new ArrayList<>();
        if (detail == Detail.QRESYNC) {
            told.add(new Response.Vanished(Response.When.NOW, MessageNumbers.toSequenceSet(uids)));
        } else {
            // From the last on, so that each number is still what it was.
            List<Long> all = uids.toList();
            for (int i = all.size() - 1; i >= 0; i--) {
                told.add(new Response.Count(numbers.numberOf(all.get(i)), CountKind.EXPUNGE));
            }
        }
        numbers.remove(uids);
        saved = saved.minus(uids);
        gone.clear();
        wholeModSeq = knownModSeq;
        return told;
    }
}
