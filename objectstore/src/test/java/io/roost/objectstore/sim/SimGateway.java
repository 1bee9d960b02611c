package io.roost.objectstore.sim;

import io.roost.cluster.client.IoContext;
import io.roost.cluster.client.Lane;
import io.roost.cluster.client.Rados;
import io.roost.cluster.object.BlockPool;
import io.roost.objectstore.Operation;
import io.roost.objectstore.QueryParameters;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.Requester;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.S3Target;
import io.roost.objectstore.admin.UserDirectory;
import io.roost.objectstore.bucket.BucketRegion;
import io.roost.objectstore.bucket.ObjectSizes;
import io.roost.objectstore.cache.RecordChanges;
import io.roost.objectstore.http.OperationTable;
import io.roost.objectstore.lifecycle.Housekeeping;
import io.roost.objectstore.object.ListingCounters;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;

/** One life of a gateway's process: the operations of the S3 API and the housekeeping, on a client of its own. */
final class SimGateway {
    /** How long the bytes that nobody refers to any more are kept. */
    static final long GARBAGE_DELAY_MILLIS = 15 * 60 * 1000L;

    /** The wall clock's begin. */
    static final long BEGIN_MILLIS = 1_700_000_000_000L;

    private static final int KEPT_BLOCKS = 8;

    static final Requester OWNER = new Requester("anna", "Anna", Requester.Rights.OWNER);

    private final Life life;
    private final Lane lane;
    private final IoContext system;
    private final IoContext data;
    private final LongSupplier wallClock;
    private final Map<S3Operation, Operation> operations;
    private final UserDirectory users;
    private final Housekeeping housekeeping;
    private final BlockPool bodies = new BlockPool(KEPT_BLOCKS);

    /**
     * A gateway that is connected to the cluster.
     *
     * @param number no other gateway has or had
     * @param skewMillis by which its wall clock is wrong
     */
    SimGateway(
            Scheduler scheduler,
            SimCluster cluster,
            int number,
            long skewMillis,
            ObjectSizes sizes,
            PlantedBug bug,
            Marks marks) {
        this.life = new Life("gateway " + number);
        Context loop = LoopContext.of(scheduler, life);
        this.lane = new Lane(number, loop, 4100 + number, 0, cluster.map(), cluster, scheduler::nowMillis);
        Rados rados = new Rados(List.of(lane), Rados.DEFAULT_TIMEOUT);
        this.system = rados.pool("system");
        this.data = new PoolOfReplicas(rados.pool("data"), new Random(number), marks);
        this.wallClock = () -> BEGIN_MILLIS + scheduler.nowMillis() + skewMillis;
        cluster.connect(lane);
        IoContext watched = bug.plantedIn(system);
        RecordChanges changes = new RecordChanges(watched, scheduler::nowMillis);
        Random random = new Random(scheduler.random().nextLong());
        this.users = new UserDirectory(watched, random, wallClock, changes);
        this.operations = OperationTable.of(
                new OperationTable.Cluster(
                        system,
                        data,
                        wallClock,
                        random,
                        new BucketRegion("us-east-1", BucketRegion.Rule.EXACT),
                        sizes,
                        () -> GARBAGE_DELAY_MILLIS,
                        new ListingCounters()),
                changes);
        changes.follow();
        this.housekeeping = new Housekeeping(system, data, wallClock);
    }

    Life life() {
        return life;
    }

    Lane lane() {
        return lane;
    }

    IoContext system() {
        return system;
    }

    IoContext data() {
        return data;
    }

    UserDirectory users() {
        return users;
    }

    Housekeeping housekeeping() {
        return housekeeping;
    }

    /** Buffers of the bodies that clients send. */
    BlockPool bodies() {
        return bodies;
    }

    LongSupplier wallClock() {
        return wallClock;
    }

    /** Carries out a request as the edge does once it is authenticated. */
    Future<S3Response> answer(
            S3Operation operation, S3Target target, String query, RequestHeaders headers, SimBody body) {
        S3Request request = new S3Request(
                operation,
                target,
                QueryParameters.parse(query),
                headers,
                OWNER,
                body,
                "request",
                wallClock.getAsLong());
        try {
            return operations.get(operation).answer(request);
        } catch (S3Exception refused) {
            return Future.failedFuture(refused);
        }
    }
}
