package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.Operation;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.auth.AccessKey;
import io.roost.objectstore.auth.AuthenticationRules;
import io.roost.objectstore.auth.Identity;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The edge alone, with operations of a test's own: PutObject reads the body and remembers {@code key=length}, GetObject
 * answers the key; a test replaces them and adds others.
 */
@SuppressWarnings("try") // An interrupted test has failed anyway.
final class StubGateway implements AutoCloseable {
    static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);
    static final Duration BODY_PATIENCE = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private final Map<S3Operation, Operation> live = new ConcurrentHashMap<>();
    private final BlockingQueue<String> stored = new LinkedBlockingQueue<>();
    private final BodyBudget budget = BodyBudget.of(16 << 20);
    private final BodyBudget answers = BodyBudget.of(16 << 20);
    private final BlockPool blocks = new BlockPool(16);
    private final S3Server server;
    private final Context loop;
    private final int port;

    StubGateway() throws Exception {
        Map<S3Operation, Operation> operations = new EnumMap<>(S3Operation.class);
        for (S3Operation operation : S3Operation.values()) {
            operations.put(operation, request -> live.get(operation).answer(request));
        }
        live.put(S3Operation.PUT_OBJECT, this::store);
        live.put(
                S3Operation.GET_OBJECT,
                request -> Future.succeededFuture(
                        new S3Response(200).xml(Bytes.utf8(request.key().toString()))));
        AuthenticationRules rules = new AuthenticationRules(
                "us-east-1",
                AuthenticationRules.RegionRule.EXACT,
                AuthenticationRules.SignatureV2Rule.REFUSED,
                List.of("s3.localhost"));
        AccessKey key =
                new AccessKey(RawClient.ACCESS_KEY, RawClient.SECRET, new Identity("01", "tester", Identity.Role.USER));
        S3Gateway gateway = new S3Gateway(
                operations,
                id -> CompletableFuture.completedFuture(Optional.of(key).filter(known -> id.equals(known.id()))),
                budget,
                answers,
                blocks,
                (operation, status, received, sent, micros) -> {},
                System::currentTimeMillis,
                "host");
        server = new S3Server(
                vertx,
                new S3Config("127.0.0.1", 0, new S3Config.Tls.Off(), rules, 16 << 20, BODY_PATIENCE, IDLE_TIMEOUT),
                gateway);
        loop = vertx.getOrCreateContext();
        Promise<Integer> started = Promise.promise();
        loop.runOnContext(on -> server.start().onComplete(started));
        port = await(started.future());
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** Memory that the bodies of requests hold. */
    BodyBudget bodies() {
        return budget;
    }

    /** Memory that answers hold. */
    BodyBudget answers() {
        return answers;
    }

    int port() {
        return port;
    }

    /** The operations; those of a test replace them. */
    Map<S3Operation, Operation> operations() {
        return live;
    }

    /** What PutObject has read whole. */
    BlockingQueue<String> stored() {
        return stored;
    }

    /** Reads the body in pieces of two blocks and stores it under its key. */
    Future<S3Response> store(S3Request request) {
        return readAll(request, new ByteArrayOutputStream()).map(bytes -> {
            stored.add(request.key() + "=" + bytes.size());
            return new S3Response(200)
                    .header("x-md5", request.body().digests().md5().hex());
        });
    }

    private static Future<ByteArrayOutputStream> readAll(S3Request request, ByteArrayOutputStream all) {
        return request.body().read(2 * Data.BLOCK_BYTES).compose(piece -> {
            all.writeBytes(piece.toArray());
            assertThat(piece.isIntact()).isTrue();
            piece.release();
            return request.body().isEnded() ? Future.succeededFuture(all) : readAll(request, all);
        });
    }

    /** The server looks after its connections as if some time had passed. */
    void look(Duration later) throws Exception {
        Promise<Void> looked = Promise.promise();
        loop.runOnContext(on -> {
            server.lookAfterConnections(System.nanoTime() + later.toNanos());
            looked.complete();
        });
        await(looked.future());
    }

    /** The server finishes. */
    Future<Void> finish(Duration grace) {
        return server.finish(grace);
    }

    @Override
    public void close() throws Exception {
        await(vertx.close());
        assertThat(budget.reservedBytes()).isZero();
        assertThat(answers.reservedBytes()).isZero();
        assertThat(blocks.out()).isZero();
    }
}
