package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.MessageRecord;
import java.util.Objects;

/**
 * {@code mailbox.replace}: a message comes into a folder as {@link AppendClass} has it, and another goes, perhaps from another
 * folder, in the same transaction (RFC 8508). The quota is that of what is there afterwards.
 *
 * <p>Statuses: those of append, and NO_SUCH_MESSAGE.
 */
public final class ReplaceClass {
    static final String METHOD = "replace";

    private static final int VERSION = 1;

    private ReplaceClass() {}

    /**
     * The message that goes.
     *
     * @param folder where it is
     * @param uid which
     * @param keepUntilMillis until when it can be had back, 0 for not at all
     */
    public record Replaced(FolderNumber folder, long uid, long keepUntilMillis) {
        /** Checks the ranges. */
        public Replaced {
            Objects.requireNonNull(folder, "folder");
            if (uid < 1 || keepUntilMillis < 0) {
                throw new IllegalArgumentException("UID " + uid + ", kept until " + keepUntilMillis);
            }
        }
    }

    /**
     * What to replace by what.
     *
     * @param append of one message
     * @param replaced the one that goes
     */
    public record Parameters(AppendClass.Parameters append, Replaced replaced) {
        /** Checks that it is one for one. */
        public Parameters {
            if (append.items().size() != 1) {
                throw new IllegalArgumentException(append.items().size() + " messages for one");
            }
        }

        /**
         * The call.
         *
         * @param body of the message when it is inline, else {@link Data#EMPTY}
         */
        public ClassCall call(Data body) {
            ByteWriter out = new ByteWriter(512);
            int mark = out.begin(VERSION, 1);
            out.varint(replaced.folder.value()).varint(replaced.uid).varint(replaced.keepUntilMillis);
            append.encode(out);
            return new ClassCall(MailClasses.MAILBOX, METHOD, out.end(mark).toBytes(), body);
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            Replaced replaced = new Replaced(new FolderNumber(in.count(Integer.MAX_VALUE)), in.varint(), in.varint());
            Parameters parameters = new Parameters(AppendClass.Parameters.decode(in), replaced);
            in.end(struct);
            return parameters;
        }
    }

    static ClassReply evaluate(LocatorView view, Parameters parameters, Data data) {
        return AppendClass.evaluate(view, parameters.append, data, transaction -> {
            Replaced replaced = parameters.replaced;
            OpenFolder folder = transaction.folder(replaced.folder);
            Bytes row = folder == null
                    ? null
                    : transaction
                            .rows()
                            .attributes(MailRows.message(transaction.account(), replaced.folder, replaced.uid));
            if (row == null) {
                return MailStatus.NO_SUCH_MESSAGE;
            }
            transaction.expunge(folder, replaced.uid, MessageRecord.decode(row), replaced.keepUntilMillis);
            return MailStatus.OK;
        });
    }
}
