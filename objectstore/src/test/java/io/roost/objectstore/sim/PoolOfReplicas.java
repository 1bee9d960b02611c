package io.roost.objectstore.sim;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ReadFrom;
import io.vertx.core.Future;
import java.util.Random;

/** A pool of which now and then a replica seems to be nearer than the primary; all is answered by the primary. */
final class PoolOfReplicas extends ForwardingPool {
    private final Random random;
    private final Marks marks;

    PoolOfReplicas(IoContext real, Random random, Marks marks) {
        super(real);
        this.random = random;
        this.marks = marks;
    }

    @Override
    public boolean isReplicaNear(Bytes locatorKey) {
        return random.nextBoolean();
    }

    @Override
    public Future<CallReply> call(Bytes locatorKey, ClassCall call) {
        if (call.readFrom() == ReadFrom.REPLICA && call.className().equals("object")) {
            marks.add("bytes read apart", 1);
        }
        return super.call(locatorKey, call);
    }
}
