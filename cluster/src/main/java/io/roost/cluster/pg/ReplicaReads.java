package io.roost.cluster.pg;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.ChecksumException;

/**
 * What a replica answers to clients: methods that read what is written once, and only with success. That is right whatever
 * happens elsewhere meanwhile, so it takes no lease, and goes on when the interval ends. All else it leaves to the primary
 * (decision 14).
 */
final class ReplicaReads {
    /** Reads that wait for the disk; more are left to the primary, which has a disk of its own. */
    private static final int MAX_UNDER_WAY = 1024;

    private final PgId id;
    private final ClassRegistry classes;
    private final Reads reads;
    private final ReadSteps underWay;

    ReplicaReads(PgId id, ClassRegistry classes, Reads reads) {
        this.id = id;
        this.classes = classes;
        this.reads = reads;
        this.underWay = new ReadSteps(id, reads);
    }

    /**
     * A client asks a replica.
     *
     * @param epoch of this OSD's map
     * @param replica null when this OSD is none now
     */
    void read(long session, OsdMessage.Operation operation, int epoch, Replica replica, PgEffects out) {
        ObjectClass.Method method = classes.method(operation.className(), operation.method());
        boolean isConstant = method != null && method.access() == ObjectClass.Access.READ_CONSTANT;
        if (!isConstant || replica == null || !replica.has(operation.locator()) || underWay.count() >= MAX_UNDER_WAY) {
            leaveToPrimary(session, operation, epoch, out);
            return;
        }
        Reads.Pending read = reads.begin(session, operation, method, false, AbsentNames.NONE);
        if (read.isDone()) {
            finish(read, operation, epoch, out);
        } else {
            underWay.read(
                    read::readFromDisk,
                    (failure, then) -> {
                        if (failure != null) {
                            read.fail(failure);
                        }
                        finish(read, operation, epoch, then);
                    },
                    out);
        }
    }

    private void finish(Reads.Pending read, OsdMessage.Operation operation, int epoch, PgEffects out) {
        if (read.failure() instanceof ChecksumException damage) {
            out.count("pg: what a replica reads for a client is damaged");
            out.damaged(id, damage);
        }
        OsdMessage.ToClient reply = read.reply(epoch, ObjectVersion.NONE);
        if (!(reply instanceof OsdMessage.OperationReply answer)) {
            leaveToPrimary(read.session(), operation, epoch, out);
        } else if (answer.status() != ClassReply.OK) {
            answer.data().release();
            leaveToPrimary(read.session(), operation, epoch, out);
        } else {
            out.count("pg: a replica answers a client");
            out.reply(read.session(), answer);
        }
    }

    private static void leaveToPrimary(long session, OsdMessage.Operation operation, int epoch, PgEffects out) {
        out.count("pg: a replica leaves a read to the primary");
        out.reply(session, new OsdMessage.WrongPrimary(operation.request(), epoch));
    }

    /** A read has ended; false when it was not one of these. */
    boolean onRead(long token, RuntimeException failure, PgEffects out) {
        return underWay.onRead(token, failure, out);
    }
}
