package io.roost.cluster.transport;

import io.roost.cluster.message.Message;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.net.CloseCause;
import io.roost.cluster.net.Connection;
import io.roost.cluster.net.Endpoint;
import io.roost.cluster.net.Messenger;
import io.roost.cluster.net.Receiver;
import io.roost.cluster.net.Target;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.wire.MessageCodec;
import io.roost.cluster.wire.Protocol;
import java.util.ArrayList;
import java.util.List;

/** Sessions with entities of other processes: messages as bytes over the messenger. */
public final class SocketTransport implements Transport {
    private final Messenger messenger;
    private final BlockPool blocks;

    /**
     * A transport.
     *
     * @param messenger somebody else closes it
     * @param blocks for the bodies that are answered
     */
    public SocketTransport(Messenger messenger, BlockPool blocks) {
        this.messenger = messenger;
        this.blocks = blocks;
    }

    @Override
    public Attachment attach(Entity self, Party party) {
        return new SocketAttachment(messenger.register(self, new Receiving(party, blocks)));
    }

    private record SocketAttachment(Endpoint endpoint) implements Attachment {
        @Override
        public Entity self() {
            return endpoint.self();
        }

        @Override
        public Session session(Target target, Channel channel, int loop) {
            return new SocketSession(endpoint.connection(target, channel, loop));
        }

        @Override
        public void detach() {
            endpoint.close();
        }
    }

    private record SocketSession(Connection connection) implements Session {
        @Override
        public long number() {
            return connection.session();
        }

        @Override
        public Entity peer() {
            return connection.peer();
        }

        @Override
        public Channel channel() {
            return connection.channel();
        }

        @Override
        public boolean isUsable() {
            return connection.isUsable();
        }

        @Override
        public void send(Message message) {
            connection.send(MessageCodec.protocol(message), MessageCodec.payload(message));
        }

        @Override
        public void close() {
            connection.close();
        }

        @Override
        public String toString() {
            return connection.toString();
        }
    }

    private record Receiving(Party party, BlockPool blocks) implements Receiver {
        @Override
        public boolean admits(Entity peer) {
            return party.admits(peer);
        }

        @Override
        public void onOpened(Connection connection) {
            party.onOpened(new SocketSession(connection));
        }

        @Override
        public void onMessage(Connection connection, Protocol protocol, Bytes message) {
            Message decoded = MessageCodec.decode(protocol, message);
            party.onMessage(
                    new SocketSession(connection),
                    decoded instanceof OsdMessage.OperationReply reply
                                    && reply.data().length() > 0
                            ? reply.withData(pooled(reply.data()))
                            : decoded);
        }

        /** In buffers that a socket takes as they are: the message's array is garbage at once, not when a client has read. */
        private Data pooled(Data data) {
            List<Data.Block> pooled = new ArrayList<>(data.blocks().size());
            for (Data.Block block : data.blocks()) {
                pooled.add(new Data.Block(blocks.take().put(block.bytes()).flip(), block.crc32c()));
            }
            return blocks.data(pooled);
        }

        @Override
        public void onWritable(Connection connection) {
            // Nobody who sends here can wait: a peer that is too slow loses its connection.
        }

        @Override
        public void onClosed(Connection connection, CloseCause cause) {
            party.onClosed(new SocketSession(connection), cause);
        }
    }
}
