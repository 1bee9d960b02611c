package io.roost.cluster.net;

import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.NodeCertificate;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.wire.MonMessageCodec;
import io.roost.cluster.wire.OsdMessageCodec;
import io.roost.cluster.wire.Protocol;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process of its own that answers every operation with its body and every authentication with an id, until its standard
 * input ends. It prints its port. Arguments: a folder with {@code node.pem} and {@code key.pem}, its entity, its nonce.
 */
final class EchoProcess implements Receiver {
    private EchoProcess() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        NodeCertificate certificate = NodeCertificate.ofPem(
                Files.readString(folder.resolve("node.pem")), Files.readString(folder.resolve("key.pem")));
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        Messenger messenger = new Messenger(
                vertx,
                List.of(((VertxInternal) vertx).createEventLoopContext()),
                MessengerConfig.DEFAULT,
                new NodeTls(certificate, Clock.systemUTC()),
                Optional.empty(),
                new SecureRandom());
        messenger.register(new Entity(EntityName.parse(arguments[1]), Long.parseLong(arguments[2])), new EchoProcess());
        int port = messenger
                .listen("127.0.0.1", 0)
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        System.out.println(port);
        while (System.in.read() >= 0) {
            // Until whoever started it is gone.
        }
        System.exit(0);
    }

    @Override
    public boolean admits(Entity peer) {
        return true;
    }

    @Override
    public void onOpened(Connection connection) {
        // It speaks when it is spoken to.
    }

    @Override
    public void onMessage(Connection connection, Protocol protocol, Bytes message) {
        if (protocol == Protocol.OSD) {
            OsdMessage.Operation operation = (OsdMessage.Operation) OsdMessageCodec.decode(message);
            OsdMessage reply = new OsdMessage.OperationReply(
                    operation.request(),
                    operation.mapEpoch(),
                    0,
                    operation.parameters(),
                    operation.data(),
                    new ObjectVersion(1, operation.request().tid()),
                    ObjectVersion.NONE);
            connection.send(Protocol.OSD, OsdMessageCodec.encode(reply));
        } else {
            MonMessage.Authenticate request = (MonMessage.Authenticate) MonMessageCodec.decode(message);
            connection.send(
                    Protocol.MONITOR,
                    MonMessageCodec.encode(new MonMessage.AuthenticateReply(request.tid(), request.tid() * 2)));
        }
    }

    @Override
    public void onWritable(Connection connection) {
        // It never asks whether a connection is writable.
    }

    @Override
    public void onClosed(Connection connection, CloseCause cause) {
        // The peer comes back, or does not.
    }
}
