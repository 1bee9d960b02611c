package io.roost.objectstore.sim;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.S3Target;
import io.roost.objectstore.bucket.ObjectSizes;
import io.roost.objectstore.lifecycle.Housekeeping;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The gateways of a cluster, and the connections of S3 clients to them. They end and are replaced. */
final class Gateways {
    private static final int MAX_NOTICE_MILLIS = 500;

    /**
     * What gateways are like.
     *
     * @param count of them
     * @param maxSkewMillis by which their clocks are wrong
     * @param sizes how they cut objects up
     * @param roundMillis longest time between two rounds of housekeeping
     * @param allPercent of the rounds in which an administrator has everything collected that is not live
     * @param readersAreSafe whether nothing delays messages for so long that bytes may go before their readers have ended
     */
    record Setup(
            int count, int maxSkewMillis, ObjectSizes sizes, int roundMillis, int allPercent, boolean readersAreSafe) {}

    /** A request of an S3 client. */
    record Request(
            S3Operation operation,
            S3Target target,
            String query,
            RequestHeaders headers,
            Bytes body,
            SimBody.Pace pace) {}

    private final Scheduler scheduler;
    private final SimCluster cluster;
    private final Setup setup;
    private final PlantedBug bug;
    private final Marks marks;
    private final List<String> violations;
    private final Life clients = new Life("clients");
    private final List<SimGateway> running = new ArrayList<>();
    private final Set<Waiting> waiting = new LinkedHashSet<>();
    private int lastNumber;
    private final Set<Worker> workers = new LinkedHashSet<>();
    private boolean isResting;

    Gateways(
            Scheduler scheduler,
            SimCluster cluster,
            Setup setup,
            PlantedBug bug,
            Marks marks,
            List<String> violations) {
        this.scheduler = scheduler;
        this.cluster = cluster;
        this.setup = setup;
        this.bug = bug;
        this.marks = marks;
        this.violations = violations;
    }

    /** A worker that is at it; no two are equal. */
    private record Worker(SimGateway gateway, Runnable onKilled) {}

    /** A client that waits for an answer. */
    private final class Waiting {
        final SimGateway gateway;
        final Consumer<Answer> then;
        boolean isOver;

        Waiting(SimGateway gateway, Consumer<Answer> then) {
            this.gateway = gateway;
            this.then = then;
        }

        void end(Answer answer) {
            if (!isOver) {
                isOver = true;
                waiting.remove(this);
                then.accept(answer);
            }
        }
    }

    /** Starts as many as there are to be. */
    void start() {
        while (running.size() < setup.count()) {
            int skew = setup.maxSkewMillis() == 0
                    ? 0
                    : scheduler.random().nextInt(2 * setup.maxSkewMillis()) - setup.maxSkewMillis();
            SimGateway gateway = new SimGateway(scheduler, cluster, ++lastNumber, skew, setup.sizes(), bug, marks);
            running.add(gateway);
            keepHouse(gateway);
        }
    }

    /** Ends one of them without warning. */
    void kill(SimGateway gateway) {
        running.remove(gateway);
        gateway.life().end();
        cluster.disconnect(gateway.lane());
        for (Worker worker : new ArrayList<>(workers)) {
            if (worker.gateway() == gateway) {
                workers.remove(worker);
                worker.onKilled().run();
            }
        }
        for (Waiting one : new ArrayList<>(waiting)) {
            if (one.gateway == gateway) {
                scheduler.after(
                        scheduler.random().nextInt(MAX_NOTICE_MILLIS),
                        clients,
                        "connection lost",
                        () -> one.end(Answer.unknown("connection lost")));
            }
        }
    }

    /** Ends all of them. */
    void killAll() {
        new ArrayList<>(running).forEach(this::kill);
    }

    /** One of them, null when there is none. */
    SimGateway any() {
        return running.isEmpty() ? null : running.get(scheduler.random().nextInt(running.size()));
    }

    /** Buffers of bodies that were not given back. */
    int blocksOut() {
        return running.stream().mapToInt(gateway -> gateway.bodies().out()).sum();
    }

    /** Life of what the clients do. */
    Life clients() {
        return clients;
    }

    /** True when somebody waits for an answer, or a worker for the cluster. */
    boolean isBusy() {
        return !waiting.isEmpty() || !workers.isEmpty();
    }

    /** Time has passed. */
    void tick() {
        new ArrayList<>(running).forEach(gateway -> gateway.lane().onTick());
    }

    /** From now on workers do not begin by themselves. */
    void rest() {
        isResting = true;
    }

    /** Workers begin again by themselves. */
    void resume() {
        isResting = false;
        running.forEach(this::keepHouse);
    }

    private void keepHouse(SimGateway gateway) {
        if (isResting) {
            return;
        }
        int delay = 1 + scheduler.random().nextInt(setup.roundMillis());
        scheduler.timer(delay, gateway.life(), "housekeeping", () -> {
            if (!isResting) {
                boolean isAll = scheduler.random().nextInt(100) < setup.allPercent();
                Housekeeping worker = gateway.housekeeping();
                Future<Housekeeping.Collected> round =
                        isAll ? worker.collect(Housekeeping.Extent.ALL, pg -> true) : worker.round(pg -> true);
                work(gateway, round, done -> keepHouse(gateway));
            }
        });
    }

    /** Follows a worker to its end; what it answers is null when it has failed or its gateway has ended. */
    <T> void work(SimGateway gateway, Future<T> work, Consumer<T> then) {
        Worker worker = new Worker(gateway, () -> then.accept(null));
        workers.add(worker);
        work.onComplete(result -> {
            if (!workers.remove(worker)) {
                return;
            }
            if (result.succeeded()) {
                if (result.result() instanceof Housekeeping.Collected collected) {
                    marks.add("garbage rows removed", collected.rows());
                    marks.add("intents reaped", collected.intents());
                }
            } else if (!(result.cause() instanceof ObjectException fault && isOutage(fault.error()))) {
                violations.add("a worker failed: " + result.cause());
            }
            then.accept(result.succeeded() ? result.result() : null);
        });
    }

    private static boolean isOutage(ObjectError error) {
        return error.isOutcomeUnknown() || error == ObjectError.BUSY;
    }

    /** Sends a request to one of the gateways. */
    void send(Request request, Consumer<Answer> then) {
        SimGateway gateway = any();
        if (gateway == null) {
            scheduler.after(20, clients, "connection refused", () -> then.accept(Answer.notSent("refused")));
            return;
        }
        Waiting client = new Waiting(gateway, then);
        waiting.add(client);
        SimBody body = new SimBody(
                scheduler, gateway.life(), gateway.bodies(), request.body().array(), request.pace());
        long begunMillis = scheduler.nowMillis();
        gateway.answer(request.operation(), request.target(), request.query(), request.headers(), body)
                .onComplete(result -> {
                    if (gateway.life().isEnded()) {
                        return;
                    }
                    if (result.succeeded()) {
                        receive(client, request, result.result(), begunMillis);
                    } else {
                        client.end(
                                body.wasCut()
                                        ? Answer.notSent("cut off")
                                        : failed(request, result.cause(), begunMillis));
                    }
                });
    }

    private Answer failed(Request request, Throwable cause, long begunMillis) {
        if (cause instanceof S3Exception refused) {
            S3Error error = refused.error();
            if (error == S3Error.INTERNAL_ERROR) {
                violations.add(request.operation().apiName() + " answered InternalError: " + cause.getMessage());
            }
            boolean isOpen = error == S3Error.SERVICE_UNAVAILABLE || error == S3Error.OPERATION_ABORTED;
            return isOpen ? Answer.unknown(error.code()) : Answer.refused(error);
        }
        if (cause instanceof ObjectException fault && isOutage(fault.error())) {
            return Answer.unknown(fault.error().name());
        }
        if (cause instanceof ObjectException fault && fault.error() == ObjectError.NO_SPACE) {
            return refusedAsFull(request.operation());
        }
        if (!mayHaveLostBytes(cause, begunMillis)) {
            violations.add(request.operation().apiName() + " of " + request.target() + " failed: " + cause);
        }
        return Answer.unknown(String.valueOf(cause));
    }

    /** On a full disk an object is written whole or not at all, and what frees space goes on. */
    private Answer refusedAsFull(S3Operation operation) {
        marks.add("refused as full", 1);
        return switch (operation) {
            case PUT_OBJECT, COPY_OBJECT, UPLOAD_PART, UPLOAD_PART_COPY, CREATE_MULTIPART_UPLOAD ->
                Answer.notSent("full");
            case COMPLETE_MULTIPART_UPLOAD, CREATE_BUCKET -> Answer.unknown("full");
            default -> {
                violations.add(operation.apiName() + " was refused because the disk is full");
                yield Answer.unknown("full");
            }
        };
    }

    /** Bytes may be missing only for who has read for longer than they are kept. */
    private boolean mayHaveLostBytes(Throwable cause, long begunMillis) {
        boolean isMissing = cause instanceof ObjectException fault && fault.error() == ObjectError.IO_ERROR;
        boolean isLate = scheduler.nowMillis() - begunMillis >= SimGateway.GARBAGE_DELAY_MILLIS / 2;
        if (isMissing && (isLate || !setup.readersAreSafe())) {
            marks.add("readers cut off", 1);
            return true;
        }
        return false;
    }

    private void receive(Waiting client, Request request, S3Response response, long begunMillis) {
        if (response.body() instanceof S3Response.Body.Pieces pieces) {
            new Download(client, request, response, pieces, begunMillis).take(pieces.first());
        } else if (response.body() instanceof S3Response.Body.Document document) {
            client.end(Answer.ok(response, document.bytes()));
        } else {
            client.end(Answer.ok(response, null));
        }
    }

    /** A body on its way to a client that may be slow. */
    private final class Download {
        private final Waiting client;
        private final Request request;
        private final S3Response response;
        private final S3Response.Body.Pieces pieces;
        private final byte[] bytes;
        private final long begunMillis;
        private int at;

        Download(
                Waiting client, Request request, S3Response response, S3Response.Body.Pieces pieces, long begunMillis) {
            this.client = client;
            this.request = request;
            this.response = response;
            this.pieces = pieces;
            this.bytes = new byte[Math.toIntExact(pieces.length())];
            this.begunMillis = begunMillis;
        }

        void take(Data piece) {
            byte[] taken = piece.toArray();
            piece.release();
            if (at + taken.length > bytes.length) {
                violations.add("more than " + bytes.length + " bytes of " + request.target());
                client.end(Answer.unknown("too long"));
                return;
            }
            System.arraycopy(taken, 0, bytes, at, taken.length);
            at += taken.length;
            if (at == bytes.length) {
                client.end(Answer.ok(response, Bytes.wrap(bytes)));
                return;
            }
            boolean isSlow = scheduler.random().nextInt(100) < request.pace().slowPercent();
            int delay = scheduler.random().nextInt(1 + (isSlow ? request.pace().slowMillis() : 1));
            scheduler.after(
                    delay,
                    client.gateway.life(),
                    "next piece",
                    () -> pieces.next().get().onSuccess(this::take).onFailure(this::aborted));
        }

        private void aborted(Throwable cause) {
            boolean isOutage = cause instanceof ObjectException fault && isOutage(fault.error());
            if (!isOutage && !mayHaveLostBytes(cause, begunMillis)) {
                violations.add("a download of " + request.target() + " was aborted: " + cause);
            }
            client.end(Answer.unknown("aborted: " + cause.getMessage()));
        }
    }
}
