package io.roost.cluster.transport;

import io.roost.cluster.identity.EntityName;
import io.roost.cluster.message.Message;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.net.CloseCause;
import io.roost.cluster.net.Target;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.wire.MessageCodec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sessions between the entities of this process: a message is handed to the other side on the sender's thread, by
 * reference, or through its bytes when the codec is forced.
 */
public final class LocalTransport implements Transport {
    /** How messages pass. */
    public enum Mode {
        /** The same object on both sides. */
        REFERENCES,
        /** Encoded and decoded, as between processes; for tests. */
        BYTES
    }

    private record Key(Entity self, Target target, Channel channel, int loop) {}

    private final Mode mode;
    private final Map<EntityName, Place> places = new ConcurrentHashMap<>();
    private final Map<Key, End> begun = new ConcurrentHashMap<>();
    private final Map<Long, End> ends = new ConcurrentHashMap<>();
    private final AtomicLong nextNumber = new AtomicLong(-1);

    /** A transport that nobody is attached to. */
    public LocalTransport(Mode mode) {
        this.mode = mode;
    }

    @Override
    public Attachment attach(Entity self, Party party) {
        Place place = new Place(self, party);
        if (places.putIfAbsent(self.name(), place) != null) {
            throw new IllegalStateException(self.name() + " is here already");
        }
        return place;
    }

    /** True when an entity is attached here, in the life that is meant. */
    boolean has(Target target) {
        Place place = places.get(target.name());
        return place != null && isMeant(target, place);
    }

    private static boolean isMeant(Target target, Place place) {
        long nonce = target.address().nonce();
        return nonce == 0 || nonce == place.self.nonce();
    }

    private final class Place implements Attachment {
        private final Entity self;
        private final Party party;

        Place(Entity self, Party party) {
            this.self = self;
            this.party = party;
        }

        @Override
        public Entity self() {
            return self;
        }

        @Override
        public Session session(Target target, Channel channel, int loop) {
            Key key = new Key(self, target, channel, loop);
            End present = begun.get(key);
            return present != null && present.isOpen ? present : begin(key);
        }

        /** With nobody there the session is one that has ended: all that is sent in it is lost. */
        private Session begin(Key key) {
            Place there = places.get(key.target().name());
            End here = new End(this, key.channel());
            if (there == null || !isMeant(key.target(), there) || !there.party.admits(self)) {
                here.peer = new Entity(key.target().name(), 0);
                here.isOpen = false;
                return here;
            }
            End other = new End(there, key.channel());
            here.meets(other);
            other.meets(here);
            begun.put(key, here);
            ends.put(here.number, here);
            ends.put(other.number, other);
            there.party.onOpened(other);
            party.onOpened(here);
            return here;
        }

        @Override
        public void detach() {
            places.remove(self.name(), this);
            for (End end : List.copyOf(ends.values())) {
                if (end.place == this) {
                    end.close();
                }
            }
        }
    }

    /** One side of a session. */
    private final class End implements Session {
        private final long number = nextNumber.getAndDecrement();
        private final Place place;
        private final Channel channel;
        private Entity peer;
        private End other;
        private volatile boolean isOpen = true;

        End(Place place, Channel channel) {
            this.place = place;
            this.channel = channel;
        }

        private void meets(End there) {
            other = there;
            peer = there.place.self;
        }

        @Override
        public long number() {
            return number;
        }

        @Override
        public Entity peer() {
            return peer;
        }

        @Override
        public Channel channel() {
            return channel;
        }

        @Override
        public boolean isUsable() {
            return isOpen;
        }

        @Override
        public void send(Message message) {
            if (isOpen) {
                other.place.party.onMessage(other, mode == Mode.BYTES ? copy(message) : message);
            } else if (message instanceof OsdMessage.OperationReply reply) {
                reply.data().release();
            }
        }

        @Override
        public void close() {
            if (other != null) {
                end(CloseCause.CLOSED);
                other.end(CloseCause.PEER_CLOSED);
            }
        }

        private void end(CloseCause cause) {
            synchronized (this) {
                if (!isOpen) {
                    return;
                }
                isOpen = false;
            }
            ends.remove(number);
            begun.values().remove(this);
            place.party.onClosed(this, cause);
        }

        @Override
        public String toString() {
            return "session " + number + " of " + place.self + " with " + peer + " (" + channel + ")";
        }
    }

    private static Message copy(Message message) {
        Message copy = MessageCodec.decode(MessageCodec.protocol(message), MessageCodec.encode(message));
        if (message instanceof OsdMessage.OperationReply reply) {
            reply.data().release();
        }
        return copy;
    }
}
