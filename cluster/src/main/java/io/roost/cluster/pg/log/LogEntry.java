package io.roost.cluster.pg.log;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import java.util.ArrayList;
import java.util.List;

/**
 * One transaction in a placement group's log: whose request it was, what that request was answered and what it changed,
 * so that another copy of it is answered the same and not carried out (Ceph's pg_log_entry_t with its reqid and return
 * code). A request that changed nothing because of what it found has an entry too (Ceph's ERROR entries): a copy that
 * comes late would find something else.
 *
 * <pre>
 * version u8 = 2, compat u8 = 2, length u32
 * epoch u32, version u64
 * client u64, incarnation u32, tid u64
 * locator key: length varint, bytes
 * answer: kind u8: 0 the method's reply, 1 a refusal
 *         the method's status or the error's number u16
 *         the method's output or the refusal's message in UTF-8: length varint, bytes
 * changes: count varint, each: kind u8, prior epoch u32, prior version u64, name length varint, name
 * </pre>
 *
 * Version 1 had only transactions that changed something: of the answer, it has the output.
 *
 * @param version of the transaction
 * @param request that asked for it, {@link RequestId#NONE} for none
 * @param locatorKey of the one locator it is about
 * @param answer to the request
 * @param changes one for each name; none unless the answer is the method's with status 0
 */
public record LogEntry(
        ObjectVersion version, RequestId request, Bytes locatorKey, Answer answer, List<Change> changes) {
    private static final int FORMAT = 2;
    private static final int MAX_CHANGES = 1024;

    private static final int REPLY = 0;
    private static final int REFUSAL = 1;

    /** Copies the list. */
    public LogEntry {
        changes = List.copyOf(changes);
        boolean mayChange = answer instanceof Answer.Reply reply && reply.status() == ClassReply.OK;
        if (changes.size() > MAX_CHANGES || (!changes.isEmpty() && !mayChange)) {
            throw new IllegalArgumentException(changes.size() + " changes in a log entry with " + answer);
        }
    }

    /** What a request was answered. */
    public sealed interface Answer {
        /**
         * As a message to the client.
         *
         * @param version of the transaction, {@link ObjectVersion#NONE} when nothing was changed
         * @param committed newest version of the placement group that is committed when the message goes
         */
        OsdMessage.ToClient message(RequestId request, int mapEpoch, ObjectVersion version, ObjectVersion committed);

        /**
         * The method's own.
         *
         * @param status 0 to 65535
         * @param output at most {@link io.roost.cluster.classes.EvaluationLimits#MAX_RECORDED_REPLY_BYTES}
         */
        record Reply(int status, Bytes output) implements Answer {
            @Override
            public OsdMessage.ToClient message(
                    RequestId request, int mapEpoch, ObjectVersion version, ObjectVersion committed) {
                return new OsdMessage.OperationReply(request, mapEpoch, status, output, Data.EMPTY, version, committed);
            }
        }

        /**
         * The placement group's refusal.
         *
         * @param error why
         * @param message for a person
         */
        record Refusal(ObjectError error, String message) implements Answer {
            @Override
            public OsdMessage.ToClient message(
                    RequestId request, int mapEpoch, ObjectVersion version, ObjectVersion committed) {
                return new OsdMessage.Refusal(request, mapEpoch, error, message);
            }
        }
    }

    /** How a name was changed. */
    public enum Kind {
        /** Made anew or replaced as a whole. */
        PUT(0),
        /** Attributes and value replaced, the body kept. */
        SET_ATTRIBUTES(1),
        /** Removed. */
        DELETE(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        private static Kind ofCode(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new MalformedBytesException("change of kind " + code);
        }
    }

    /**
     * A name that a transaction changed.
     *
     * @param kind how
     * @param prior version of the entry before, {@link ObjectVersion#NONE} when it did not exist
     * @param name of the entry
     */
    public record Change(Kind kind, ObjectVersion prior, Bytes name) {}

    /** The version that entries got which this changed, {@link ObjectVersion#NONE} when it changed none. */
    public ObjectVersion changedVersion() {
        return changes.isEmpty() ? ObjectVersion.NONE : version;
    }

    /** The row's bytes. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(256 + changes.size() * 64);
        int mark = out.begin(FORMAT, FORMAT);
        out.version(version)
                .u64(request.client())
                .u32(request.incarnation())
                .u64(request.tid())
                .bytes(locatorKey);
        if (answer instanceof Answer.Reply reply) {
            out.u8(REPLY).u16(reply.status()).bytes(reply.output());
        } else if (answer instanceof Answer.Refusal refusal) {
            out.u8(REFUSAL).u16(refusal.error().code()).text(refusal.message());
        }
        out.varint(changes.size());
        for (Change change : changes) {
            out.u8(change.kind().code).version(change.prior()).bytes(change.name());
        }
        return out.end(mark).toBytes();
    }

    /** Reads a row; {@link MalformedBytesException} when it is damaged. */
    public static LogEntry decode(Bytes row) {
        ByteReader in = new ByteReader(row);
        ByteReader.Struct struct = in.begin(FORMAT);
        ObjectVersion version = in.version();
        RequestId request = new RequestId(in.u64(), in.u32(), in.u64());
        Bytes locatorKey = in.bytes();
        Answer answer = struct.version() == 1 ? new Answer.Reply(ClassReply.OK, in.bytes()) : decodeAnswer(in);
        int count = in.count(MAX_CHANGES);
        List<Change> changes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            changes.add(new Change(Kind.ofCode(in.u8()), in.version(), in.bytes()));
        }
        in.end(struct);
        try {
            return new LogEntry(version, request, locatorKey, answer, changes);
        } catch (IllegalArgumentException contradiction) {
            throw new MalformedBytesException(contradiction.getMessage());
        }
    }

    private static Answer decodeAnswer(ByteReader in) {
        int kind = in.u8();
        return switch (kind) {
            case REPLY -> new Answer.Reply(in.u16(), in.bytes());
            case REFUSAL -> new Answer.Refusal(ObjectError.ofCode(in.u16()), in.text());
            default -> throw new MalformedBytesException("an answer of kind " + kind);
        };
    }
}
