package io.roost.deploy.lab;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The network of the lab: a listener for every node and every other node that it dials, which passes bytes on, late or not
 * at all. It looks to who dials as the node behind it does: where no process listens there, none listens here, so that a
 * refused connection tells of a process that has ended; where one is stopped, connections stand and nothing comes.
 *
 * <p>Node N listens at 127.0.0.N:PORT, and dials node M at 127.0.0.N:PORT+10+M. Control over HTTP:
 * {@code POST /block?from=1&to=2}, {@code /heal}, {@code /delay?millis=100}, {@code /cut?from=1&to=2} ends the connections
 * between two nodes; {@code GET /} tells how things are.
 */
public final class LinkProxy {
    private static final int LOOK_MILLIS = 25;
    private static final int PROXY_PORTS = 10;

    private final Vertx vertx;
    private final NetClient client;
    private final Links links = new Links();
    private final List<Link> all = new ArrayList<>();
    /** Nodes at whose port nobody listens. */
    private final Set<Integer> gone = new TreeSet<>();

    LinkProxy(Vertx vertx, int nodes, int port) {
        this.vertx = vertx;
        client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
        for (int from = 1; from <= nodes; from++) {
            gone.add(from);
            for (int to = 1; to <= nodes; to++) {
                if (from != to) {
                    SocketAddress listens = SocketAddress.inetSocketAddress(port + PROXY_PORTS + to, host(from));
                    SocketAddress target = SocketAddress.inetSocketAddress(port, host(to));
                    all.add(new Link(vertx, client, links, new Links.Way(from, to), listens, target, this::look));
                }
            }
        }
        links.onChange(this::adapt);
    }

    private static String host(int node) {
        return "127.0.0." + node;
    }

    /** Runs {@code CONTROL_FILE NODES PORT} until it is ended; the file gets the URL of the control. */
    public static void main(String[] arguments) {
        // One event loop: nothing here is for several threads.
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        Path file = Path.of(arguments[0]);
        vertx.runOnContext(v -> {
            LinkProxy proxy = new LinkProxy(vertx, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
            proxy.start().onComplete(started -> {
                if (started.failed()) {
                    System.err.println("the proxy cannot listen: " + started.cause());
                    System.exit(2);
                }
                write(file, "http://127.0.0.1:" + started.result().actualPort());
            });
        });
    }

    private static void write(Path file, String url) {
        try {
            Files.writeString(file, url + "\n");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Begins, with the control at a free port. */
    Future<HttpServer> start() {
        vertx.setPeriodic(LOOK_MILLIS, id -> List.copyOf(gone).forEach(this::look));
        return vertx.createHttpServer().requestHandler(this::control).listen(0, "127.0.0.1");
    }

    private Future<Void> look(int node) {
        SocketAddress target = all.stream()
                .filter(link -> link.way().to() == node)
                .findFirst()
                .orElseThrow()
                .target();
        Promise<Void> known = Promise.promise();
        client.connect(target).onComplete(connected -> {
            boolean changed = connected.succeeded() ? gone.remove(node) : gone.add(node);
            if (connected.succeeded()) {
                connected.result().close();
            }
            (changed ? adapt() : Future.succeededFuture()).onComplete(done -> known.complete());
        });
        return known.future();
    }

    /** A process that has ended refuses; but not through a way on which nothing passes. */
    private Future<?> adapt() {
        List<Future<Void>> changes = new ArrayList<>();
        for (Link link : all) {
            boolean refuses = gone.contains(link.way().to()) && links.isOpen(link.way());
            changes.add(refuses ? link.close() : link.open());
        }
        return Future.all(changes);
    }

    private void control(HttpServerRequest request) {
        if (request.method().equals(HttpMethod.GET)) {
            request.response().end(state().encode() + "\n");
            return;
        }
        try {
            switch (request.path()) {
                case "/block" -> links.block(way(request));
                case "/heal" -> links.heal();
                case "/delay" -> links.delay(Integer.parseInt(request.getParam("millis")));
                case "/cut" -> cut(way(request));
                default -> throw new IllegalArgumentException("no " + request.path());
            }
            request.response().setStatusCode(204).end();
        } catch (IllegalArgumentException wrong) {
            request.response().setStatusCode(400).end(wrong.getMessage() + "\n");
        }
    }

    private Links.Way way(HttpServerRequest request) {
        Links.Way way =
                new Links.Way(Integer.parseInt(request.getParam("from")), Integer.parseInt(request.getParam("to")));
        if (all.stream().noneMatch(link -> link.way().equals(way))) {
            throw new IllegalArgumentException("no way from " + way.from() + " to " + way.to());
        }
        return way;
    }

    private void cut(Links.Way way) {
        all.stream()
                .filter(link -> link.way().equals(way) || link.way().equals(way.back()))
                .forEach(Link::cut);
    }

    private JsonObject state() {
        JsonArray ways = new JsonArray();
        for (Link link : all) {
            ways.add(new JsonObject()
                    .put("from", link.way().from())
                    .put("to", link.way().to())
                    .put("blocked", links.isBlocked(link.way()))
                    .put("connections", link.connections()));
        }
        return new JsonObject()
                .put("delayMillis", links.delayMillis())
                .put("gone", new JsonArray(List.copyOf(gone)))
                .put("links", ways);
    }
}
