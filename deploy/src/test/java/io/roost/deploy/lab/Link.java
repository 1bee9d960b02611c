package io.roost.deploy.lab;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All connections that one node dials to another, through a listener of their own. Only for the proxy's event loop. */
final class Link {
    /** Knows which nodes listen. */
    interface Presence {
        /** Looks whether a node still listens, and completes when that is known. */
        Future<Void> look(int node);
    }

    private final Vertx vertx;
    private final NetClient client;
    private final Links links;
    private final Links.Way way;
    private final SocketAddress listens;
    private final SocketAddress target;
    private final Presence presence;
    private final Set<NetSocket> sockets = new HashSet<>();
    /** Dialled while the way was not open: nobody has answered yet. */
    private final Set<NetSocket> unanswered = new HashSet<>();

    private NetServer server;

    Link(
            Vertx vertx,
            NetClient client,
            Links links,
            Links.Way way,
            SocketAddress listens,
            SocketAddress target,
            Presence presence) {
        this.vertx = vertx;
        this.client = client;
        this.links = links;
        this.way = way;
        this.listens = listens;
        this.target = target;
        this.presence = presence;
        links.onChange(this::answer);
    }

    Links.Way way() {
        return way;
    }

    SocketAddress target() {
        return target;
    }

    int connections() {
        return sockets.size() / 2;
    }

    /** Who dials is answered, when the way is open. */
    Future<Void> open() {
        if (server != null) {
            return Future.succeededFuture();
        }
        server =
                vertx.createNetServer(new NetServerOptions().setTcpNoDelay(true).setReuseAddress(true));
        return server.connectHandler(this::dialled).listen(listens).mapEmpty();
    }

    /** Who dials is refused; connections end. */
    Future<Void> close() {
        NetServer closing = server;
        server = null;
        return closing == null ? Future.succeededFuture() : closing.close();
    }

    /** Connections end, for both; new ones can be made. */
    void cut() {
        List.copyOf(sockets).forEach(NetSocket::close);
    }

    private void dialled(NetSocket dialler) {
        dialler.pause();
        unanswered.add(dialler);
        dialler.exceptionHandler(reset -> unanswered.remove(dialler));
        dialler.closeHandler(closed -> unanswered.remove(dialler));
        answer();
    }

    private void answer() {
        if (links.isOpen(way)) {
            List<NetSocket> waiting = List.copyOf(unanswered);
            unanswered.clear();
            waiting.forEach(this::connect);
        }
    }

    private void connect(NetSocket dialler) {
        client.connect(target).onComplete(connected -> {
            if (connected.failed()) {
                presence.look(way.to()).onComplete(known -> dialler.close());
                return;
            }
            NetSocket answerer = connected.result();
            answerer.pause();
            Wire there = new Wire(vertx, links, way, dialler, answerer);
            Wire back = new Wire(vertx, links, way.back(), answerer, dialler);
            keep(dialler, way.from(), there);
            keep(answerer, way.to(), back);
            there.begin();
            back.begin();
        });
    }

    /** Whose process has ended must be known to be gone before the other hears of the end and dials again. */
    private void keep(NetSocket socket, int node, Wire saysBy) {
        sockets.add(socket);
        // A reset; the end follows.
        socket.exceptionHandler(reset -> {});
        socket.closeHandler(closed -> {
            sockets.remove(socket);
            presence.look(node).onComplete(known -> saysBy.end());
        });
    }
}
