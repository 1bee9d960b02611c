package io.roost.cluster.message;

import io.roost.cluster.map.PgId;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.ReadFrom;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.object.ScrubKind;
import java.util.List;

/** What clients and OSDs say to each other about objects. */
public sealed interface OsdMessage extends Message {
    /** The client's request this is about. */
    RequestId request();

    /**
     * From a client to the primary of a placement group, or an {@link Operation} that says so to a replica; every one may be
     * sent again as it is.
     */
    sealed interface ToPrimary extends OsdMessage {
        /** The placement group the client computed. */
        PgId pg();

        /** Epoch of the map it computed it from. */
        int mapEpoch();
    }

    /** From an OSD to a client. */
    sealed interface ToClient extends OsdMessage {
        /** Epoch of the OSD's map; a client with an older one asks for the newer. 0 when the message does not say. */
        default int mapEpoch() {
            return 0;
        }
    }

    /**
     * Run a method of an object class.
     *
     * @param request the same for every send
     * @param mapEpoch of the client's map
     * @param pg computed from that map
     * @param locator what the method sees
     * @param className the class
     * @param method its method
     * @param parameters for the method
     * @param data a body for the method, empty for none
     * @param knownVersion a version of the placement group that no copy of the request was carried out before; the newest
     *     that the client knew when it first sent one
     * @param attempt 0 for the first send; for a person who looks for what goes wrong
     * @param readFrom REPLICA when this copy is for a replica, which answers with status 0 or {@link WrongPrimary}
     */
    record Operation(
            RequestId request,
            int mapEpoch,
            PgId pg,
            Locator locator,
            String className,
            String method,
            Bytes parameters,
            Data data,
            ObjectVersion knownVersion,
            int attempt,
            ReadFrom readFrom)
            implements ToPrimary {
        /** One for the primary. */
        public Operation(
                RequestId request,
                int mapEpoch,
                PgId pg,
                Locator locator,
                String className,
                String method,
                Bytes parameters,
                Data data,
                ObjectVersion knownVersion,
                int attempt) {
            this(
                    request,
                    mapEpoch,
                    pg,
                    locator,
                    className,
                    method,
                    parameters,
                    data,
                    knownVersion,
                    attempt,
                    ReadFrom.PRIMARY);
        }

        /** The same for a replica, whatever was asked of the primary before. */
        public Operation forReplica() {
            return new Operation(
                    request,
                    mapEpoch,
                    pg,
                    locator,
                    className,
                    method,
                    parameters,
                    data,
                    ObjectVersion.NONE,
                    0,
                    ReadFrom.REPLICA);
        }
    }

    /**
     * What an operation came to.
     *
     * @param request the operation's
     * @param mapEpoch of the OSD's map; a client with an older one asks for the newer
     * @param status 0, or the class's own number for an expected outcome that changed nothing
     * @param output the method's answer
     * @param data the body asked for, empty for none
     * @param version of the transaction, {@link ObjectVersion#NONE} when nothing was changed
     * @param pgVersion newest committed version of the placement group, {@link ObjectVersion#NONE} from a replica
     */
    record OperationReply(
            RequestId request,
            int mapEpoch,
            int status,
            Bytes output,
            Data data,
            ObjectVersion version,
            ObjectVersion pgVersion)
            implements ToClient {
        /** The same with the data in other buffers. */
        public OperationReply withData(Data other) {
            return new OperationReply(request, mapEpoch, status, output, other, version, pgVersion);
        }
    }

    /**
     * The request could not be carried out.
     *
     * @param request what failed
     * @param mapEpoch of the OSD's map
     * @param error why
     * @param message for a person
     */
    record Refusal(RequestId request, int mapEpoch, ObjectError error, String message) implements ToClient {}

    /**
     * This OSD is not the primary of the placement group by its newer map: compute again and send again. Or it was asked as a
     * replica, and leaves the answer to the primary.
     *
     * @param request what was not looked at
     * @param mapEpoch of the OSD's map
     */
    record WrongPrimary(RequestId request, int mapEpoch) implements ToClient {}

    /**
     * The placement group's log does not reach back to what the client knew when it sent this copy of an operation, so
     * another copy may have been carried out and forgotten; this one was not. A client without another copy on its way
     * sends the request again with the version it learns here.
     *
     * @param request the operation's
     * @param mapEpoch of the OSD's map
     * @param knownVersion what the copy said
     * @param pgVersion newest committed version of the placement group
     */
    record Outdated(RequestId request, int mapEpoch, ObjectVersion knownVersion, ObjectVersion pgVersion)
            implements ToClient {}

    /**
     * How is a placement group? Answered at once with {@link PgQueried}, whether it serves or not.
     *
     * @param request the same for every send
     * @param mapEpoch of the client's map
     * @param pg which one
     */
    record QueryPg(RequestId request, int mapEpoch, PgId pg) implements ToPrimary {}

    /**
     * How a placement group is.
     *
     * @param request the question's
     * @param mapEpoch of the OSD's map
     * @param query what is known
     */
    record PgQueried(RequestId request, int mapEpoch, PgQuery query) implements ToClient {}

    /** Which entries of a placement group are scanned. */
    enum Scanned {
        /** Pending work: names from 0x80 on. */
        WORK,
        /** All others. */
        CATALOGUE
    }

    /**
     * A page of a placement group's entries.
     *
     * @param request the same for every send
     * @param mapEpoch of the client's map
     * @param pg whose entries
     * @param scanned which of them
     * @param after where the last page ended, empty for the first
     * @param maxEntries 1 to 1024
     */
    record ScanWork(RequestId request, int mapEpoch, PgId pg, Scanned scanned, Bytes after, int maxEntries)
            implements ToPrimary {}

    /**
     * A page of entries.
     *
     * @param request the scan's
     * @param mapEpoch of the OSD's map
     * @param items by locator and name
     * @param next where the next page begins, empty when this is the last
     */
    record WorkReply(RequestId request, int mapEpoch, List<WorkItem> items, Bytes next) implements ToClient {
        /** Copies the list. */
        public WorkReply {
            items = List.copyOf(items);
        }
    }

    /**
     * An entry.
     *
     * @param locator where it is
     * @param name of the entry
     * @param entry with its attributes
     */
    record WorkItem(Locator locator, Bytes name, Entry entry) {}

    /**
     * Compare all copies of a placement group; answered when that has begun, or cannot begin.
     *
     * @param request the same for every send
     * @param mapEpoch of the client's map
     * @param pg which one
     * @param kind of scrub
     */
    record Scrub(RequestId request, int mapEpoch, PgId pg, ScrubKind kind) implements ToPrimary {}

    /**
     * What becomes of a {@link Scrub}.
     *
     * @param request the scrub's
     * @param mapEpoch of the OSD's map
     * @param start what the primary does
     */
    record ScrubReply(RequestId request, int mapEpoch, ScrubStart start) implements ToClient {}

    /** What the primary does that is to scrub. */
    enum ScrubStart {
        /** It begins. */
        BEGINS,
        /** One is under way already. */
        UNDER_WAY,
        /** Not all copies have everything yet: there is nothing to compare. */
        NOT_CLEAN
    }

    /**
     * Watch an entry, or watch it again after a change of primary.
     *
     * @param request the same for every send
     * @param mapEpoch of the client's map
     * @param pg computed from that map
     * @param locator of the entry
     * @param name of the entry, which need not exist
     * @param watch the client's number of the watch
     */
    record Watch(RequestId request, int mapEpoch, PgId pg, Locator locator, Bytes name, long watch)
            implements ToPrimary {}

    /**
     * End a watch.
     *
     * @param request the same for every send
     * @param mapEpoch of the client's map
     * @param pg computed from that map
     * @param locator of the entry
     * @param name of the entry
     * @param watch the client's number of the watch
     */
    record Unwatch(RequestId request, int mapEpoch, PgId pg, Locator locator, Bytes name, long watch)
            implements ToPrimary {}

    /**
     * Tell all watchers of an entry.
     *
     * @param request the same for every send
     * @param mapEpoch of the client's map
     * @param pg computed from that map
     * @param locator of the entry
     * @param name of the entry
     * @param payload for the watchers
     * @param timeoutMillis how long to wait for their acknowledgements
     */
    record Notify(
            RequestId request, int mapEpoch, PgId pg, Locator locator, Bytes name, Bytes payload, int timeoutMillis)
            implements ToPrimary {}

    /**
     * A watcher has taken a notification.
     *
     * @param request the notification's
     * @param mapEpoch of the client's map
     * @param pg where it came from
     * @param locator of the entry
     * @param watch the client's number of the watch
     */
    record NotifyAck(RequestId request, int mapEpoch, PgId pg, Locator locator, long watch) implements ToPrimary {}

    /**
     * A watch holds, or is ended.
     *
     * @param request the watch's or unwatch's
     * @param mapEpoch of the OSD's map
     */
    record WatchReply(RequestId request, int mapEpoch) implements ToClient {}

    /**
     * A notification for one watcher, to be answered with {@link NotifyAck}.
     *
     * @param request the notifier's
     * @param pg where it comes from
     * @param locator of the entry
     * @param watch the client's number of the watch
     * @param payload of the notifier
     */
    record WatchNotify(RequestId request, PgId pg, Locator locator, long watch, Bytes payload) implements ToClient {}

    /**
     * Who heard a notification.
     *
     * @param request the notifier's
     * @param mapEpoch of the OSD's map
     * @param acknowledged number of watchers that did
     * @param missed number of watchers that did not in time
     */
    record NotifyReply(RequestId request, int mapEpoch, int acknowledged, int missed) implements ToClient {}
}
