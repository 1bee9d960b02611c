package io.roost.cluster.net.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.identity.CertifiedPeer;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private static final UUID FSID = new UUID(1, 2);
    private static final Entity OSD_1 = new Entity(EntityName.osd(1), 11);
    private static final Entity OSD_2 = new Entity(EntityName.osd(2), 22);
    private static final Bytes NONCE = Bytes.utf8("sixteen bytes...");
    private static final Bytes OTHER_NONCE = Bytes.utf8("other bytes.....");

    /** Keeps what a handshake wants done, as text but for messages. */
    private static final class Kept implements Handshake.Out {
        final List<HandshakeMessage> sent = new ArrayList<>();
        final List<Object> ends = new ArrayList<>();

        @Override
        public void send(HandshakeMessage message) {
            // Through its bytes, as on a socket.
            sent.add(HandshakeCodec.decode(HandshakeCodec.encode(message)));
        }

        @Override
        public void established(Handshake.Agreement agreement) {
            ends.add(agreement);
        }

        @Override
        public void refused(Refusal refusal, String why) {
            ends.add(refusal);
        }

        @Override
        public void wantsCertificate(HandshakeMessage.ForCertificate wish) {
            ends.add(wish);
        }

        @Override
        public void issued(HandshakeMessage.Issued issued) {
            ends.add(issued.certificate());
        }

        HandshakeMessage last() {
            return sent.get(sent.size() - 1);
        }
    }

    /** What is at the side that listens. */
    private static final class Here implements AcceptHandshake.Local {
        Map<EntityName, Entity> entities = new TreeMap<>(Map.of(OSD_2.name(), OSD_2));
        Set<Entity> members = Set.of(OSD_1);
        boolean issuer;

        @Override
        public Optional<Entity> entity(EntityName name) {
            return Optional.ofNullable(entities.get(name));
        }

        @Override
        public boolean admits(EntityName self, Entity peer) {
            return members.contains(peer);
        }

        @Override
        public boolean isIssuer() {
            return issuer;
        }
    }

    private final Here here = new Here();
    private final Kept listening = new Kept();
    private final Kept dialling = new Kept();

    private static Handshake.Proof proof(EntityName... entities) {
        return new Handshake.Proof.Certificate(new CertifiedPeer(FSID, Set.of(entities), Instant.MAX));
    }

    private static DialHandshake dial(UUID fsid, Entity self, Entity peer, Handshake.Proof proof) {
        return new DialHandshake(fsid, new Handshake.Agreement(self, peer, Channel.BULK, 0b0110), proof);
    }

    private AcceptHandshake accept(Handshake.Proof proof) {
        return new AcceptHandshake(FSID, here, proof, NONCE, 0b0011);
    }

    /** Lets both sides talk until both have ended. */
    private void talk(Handshake dialler, Handshake listener) {
        int toDialler = 0;
        int toListener = 0;
        dialler.onStart(dialling);
        listener.onStart(listening);
        while (toDialler < listening.sent.size() || toListener < dialling.sent.size()) {
            if (toDialler < listening.sent.size()) {
                dialler.onMessage(listening.sent.get(toDialler++), dialling);
            } else {
                listener.onMessage(dialling.sent.get(toListener++), listening);
            }
        }
    }

    private void assertRefused(Refusal refusal) {
        assertThat(listening.ends).containsExactly(refusal);
        assertThat(dialling.ends).containsExactly(refusal);
    }

    @Test
    void bothSidesAgree() {
        talk(dial(FSID, OSD_1, OSD_2, proof(OSD_2.name())), accept(proof(OSD_1.name())));
        assertThat(dialling.ends).containsExactly(new Handshake.Agreement(OSD_1, OSD_2, Channel.BULK, 0b0010));
        assertThat(listening.ends).containsExactly(new Handshake.Agreement(OSD_2, OSD_1, Channel.BULK, 0b0010));
    }

    @Test
    void whoeverDialsMayNotKnowTheLife() {
        talk(dial(FSID, OSD_1, new Entity(OSD_2.name(), 0), proof(OSD_2.name())), accept(proof(OSD_1.name())));
        assertThat(dialling.ends).containsExactly(new Handshake.Agreement(OSD_1, OSD_2, Channel.BULK, 0b0010));
    }

    @Test
    void anotherLifeIsRefused() {
        talk(dial(FSID, OSD_1, new Entity(OSD_2.name(), 23), proof(OSD_2.name())), accept(proof(OSD_1.name())));
        assertRefused(Refusal.WRONG_LIFE);
    }

    @Test
    void anotherClusterIsRefused() {
        talk(dial(new UUID(1, 3), OSD_1, OSD_2, proof(OSD_2.name())), accept(proof(OSD_1.name())));
        assertRefused(Refusal.WRONG_CLUSTER);
    }

    @Test
    void whoIsNotHereIsRefused() {
        here.entities.clear();
        talk(dial(FSID, OSD_1, OSD_2, proof(OSD_2.name())), accept(proof(OSD_1.name())));
        assertRefused(Refusal.UNKNOWN_ENTITY);
    }

    @Test
    void whoTheMapsDoNotHaveIsRefused() {
        here.members = Set.of(new Entity(OSD_1.name(), 10));
        talk(dial(FSID, OSD_1, OSD_2, proof(OSD_2.name())), accept(proof(OSD_1.name())));
        assertRefused(Refusal.NOT_A_MEMBER);
    }

    @Test
    void nobodySpeaksForAnEntityThatItsCertificateDoesNotName() {
        talk(dial(FSID, OSD_1, OSD_2, proof(OSD_2.name())), accept(proof(EntityName.osd(3), EntityName.mon("a"))));
        assertRefused(Refusal.WRONG_ENTITY);
    }

    @Test
    void nobodyAnswersForAnEntityThatItsCertificateDoesNotName() {
        dial(FSID, OSD_1, OSD_2, proof(EntityName.osd(3))).onStart(dialling);
        assertThat(dialling.ends).containsExactly(Refusal.WRONG_ENTITY);
        assertThat(dialling.sent).isEmpty();
    }

    @Test
    void aHandshakeOfAnotherConnectionIsRefused() {
        talk(dial(FSID, OSD_1, OSD_2, proof(OSD_2.name())), accept(proof(OSD_1.name())));
        HandshakeMessage recorded = dialling.last();

        Kept again = new Kept();
        AcceptHandshake second = new AcceptHandshake(FSID, here, proof(OSD_1.name()), OTHER_NONCE, 0);
        second.onStart(again);
        second.onMessage(recorded, again);
        assertThat(again.ends).containsExactly(Refusal.REPLAYED);
        assertThat(again.last()).isInstanceOf(HandshakeMessage.Refused.class);
    }

    @Test
    void whoSpeaksNoCommonVersionIsRefused() {
        DialHandshake dialler = dial(FSID, OSD_1, OSD_2, proof(OSD_2.name()));
        dialler.onStart(dialling);
        dialler.onMessage(new HandshakeMessage.Challenge(2, 9, NONCE), dialling);
        assertThat(dialling.ends).containsExactly(Refusal.VERSION);

        AcceptHandshake listener = accept(proof(OSD_1.name()));
        listener.onStart(listening);
        listener.onMessage(new HandshakeMessage.Hello(2, NONCE, FSID, OSD_1, OSD_2, Channel.BULK, 0), listening);
        assertThat(listening.ends).containsExactly(Refusal.VERSION);
    }

    @Test
    void aNewerPeerThatStillSpeaksThisVersionIsAnswered() {
        DialHandshake dialler = dial(FSID, OSD_1, OSD_2, proof(OSD_2.name()));
        dialler.onStart(dialling);
        dialler.onMessage(new HandshakeMessage.Challenge(1, 9, NONCE), dialling);
        assertThat(dialling.last()).isInstanceOf(HandshakeMessage.Hello.class);
    }

    @Test
    void whoAnswersForSomebodyElseIsNotBelieved() {
        for (HandshakeMessage.Welcome welcome : List.of(
                new HandshakeMessage.Welcome(new UUID(9, 9), OSD_2, 0),
                new HandshakeMessage.Welcome(FSID, OSD_1, 0),
                new HandshakeMessage.Welcome(FSID, new Entity(OSD_2.name(), 1), 0))) {
            Kept kept = new Kept();
            DialHandshake dialler = dial(FSID, OSD_1, OSD_2, proof(OSD_2.name()));
            dialler.onStart(kept);
            dialler.onMessage(new HandshakeMessage.Challenge(1, 1, NONCE), kept);
            dialler.onMessage(welcome, kept);
            assertThat(kept.ends).hasSize(1).first().isInstanceOf(Refusal.class);
        }
    }

    @Test
    void aPeerWithoutCertificateLearnsNothing() {
        AcceptHandshake listener = accept(new Handshake.Proof.Nothing());
        listener.onStart(listening);
        listener.onMessage(new HandshakeMessage.Hello(1, NONCE, FSID, OSD_1, OSD_2, Channel.BULK, 0), listening);
        assertThat(listening.ends).containsExactly(Refusal.NO_CERTIFICATE);
        assertThat(listening.sent).isEmpty();
    }

    @Test
    void aPeerWithoutCertificateMayOnlyJoin() {
        here.issuer = true;
        AcceptHandshake refusing = accept(new Handshake.Proof.Nothing());
        refusing.onStart(listening);
        refusing.onMessage(new HandshakeMessage.Hello(1, NONCE, FSID, OSD_1, OSD_2, Channel.BULK, 0), listening);
        assertThat(listening.ends).containsExactly(Refusal.NO_CERTIFICATE);
        assertThat(listening.sent).isEmpty();

        HandshakeMessage.Join join = new HandshakeMessage.Join(NONCE, EntityName.node("b"), Bytes.utf8("request"));
        Kept joining = new Kept();
        talkOf(CertificateHandshake.joining(join), accept(new Handshake.Proof.Nothing()), joining);
        assertThat(joining.ends).containsExactly(join);
    }

    private static void talkOf(Handshake dialler, Handshake listener, Kept kept) {
        Kept out = new Kept();
        listener.onStart(kept);
        dialler.onStart(out);
        out.sent.forEach(message -> listener.onMessage(message, kept));
    }

    @Test
    void anUncheckedPeerMayNotJoin() {
        here.issuer = true;
        AcceptHandshake listener = accept(proof(OSD_1.name()));
        listener.onStart(listening);
        listener.onMessage(new HandshakeMessage.Join(NONCE, EntityName.node("b"), NONCE), listening);
        assertThat(listening.ends).containsExactly(Refusal.UNEXPECTED);
    }

    @Test
    void aCertificateIsRenewedByAMonitor() {
        here.issuer = true;
        EntityName monitor = EntityName.mon("a");
        Bytes request = Bytes.utf8("request");
        CertificateHandshake renewal = CertificateHandshake.renewing(monitor, proof(monitor), request);
        talk(renewal, accept(proof(EntityName.node("b"))));
        assertThat(listening.ends).containsExactly(new HandshakeMessage.Renew(NONCE, request));
        renewal.onMessage(new HandshakeMessage.Issued(Bytes.utf8("certificate"), ""), dialling);
        assertThat(dialling.ends).containsExactly(Bytes.utf8("certificate"));
    }

    @Test
    void renewalsAreForMonitorsThatAreWhoTheySayTheyAre() {
        CertificateHandshake.renewing(EntityName.mon("a"), proof(EntityName.osd(1)), NONCE)
                .onStart(dialling);
        assertThat(dialling.ends).containsExactly(Refusal.WRONG_ENTITY);
        assertThat(dialling.sent).isEmpty();

        AcceptHandshake listener = accept(proof(OSD_1.name()));
        listener.onStart(listening);
        listener.onMessage(new HandshakeMessage.Renew(NONCE, NONCE), listening);
        assertThat(listening.ends).containsExactly(Refusal.UNEXPECTED);
    }

    @Test
    void aReplayedRenewalIsRefused() {
        here.issuer = true;
        AcceptHandshake listener = accept(proof(OSD_1.name()));
        listener.onStart(listening);
        listener.onMessage(new HandshakeMessage.Renew(OTHER_NONCE, NONCE), listening);
        assertThat(listening.ends).containsExactly(Refusal.REPLAYED);
    }

    private static List<HandshakeMessage> all() {
        return List.of(
                new HandshakeMessage.Challenge(1, 3, NONCE),
                new HandshakeMessage.Hello(1, NONCE, FSID, OSD_1, OSD_2, Channel.CONTROL, 5),
                new HandshakeMessage.Welcome(FSID, OSD_2, -1),
                new HandshakeMessage.Refused(Refusal.NOT_A_MEMBER, "not now"),
                new HandshakeMessage.Join(NONCE, EntityName.node("b"), Bytes.utf8("request")),
                new HandshakeMessage.Renew(NONCE, Bytes.utf8("request")),
                new HandshakeMessage.Issued(Bytes.utf8("certificate"), "key"));
    }

    /** In whatever order messages come, a handshake ends once, and says nothing after that but a refusal. */
    @Test
    void messagesInAnyOrderEndAHandshakeOnce() {
        Random random = new Random(20261128);
        EntityName monitor = EntityName.mon("a");
        int ended = 0;
        for (int round = 0; round < 5000; round++) {
            here.issuer = random.nextBoolean();
            List<Handshake> kinds = List.of(
                    dial(FSID, OSD_1, OSD_2, proof(OSD_2.name())),
                    accept(random.nextBoolean() ? proof(OSD_1.name()) : new Handshake.Proof.Nothing()),
                    CertificateHandshake.renewing(monitor, proof(monitor), NONCE),
                    CertificateHandshake.joining((HandshakeMessage.Join) all().get(4)));
            Handshake handshake = kinds.get(random.nextInt(kinds.size()));
            Kept kept = new Kept();
            handshake.onStart(kept);
            int sentAtEnd = -1;
            for (int i = 0; i < 6; i++) {
                handshake.onMessage(all().get(random.nextInt(all().size())), kept);
                if (sentAtEnd < 0 && !kept.ends.isEmpty()) {
                    sentAtEnd = kept.sent.size();
                }
            }
            assertThat(kept.ends).hasSizeLessThanOrEqualTo(1);
            if (sentAtEnd >= 0) {
                assertThat(kept.sent).hasSize(sentAtEnd);
                ended++;
            }
        }
        assertThat(ended).isGreaterThan(4000);
    }

    @Test
    void theFirstReleasedEncodingIsRead() {
        ByteReader bytes = new ByteReader(GoldenFile.read("handshake-messages-v1.hex"));
        List<HandshakeMessage> read = new ArrayList<>();
        while (bytes.remaining() > 0) {
            read.add(HandshakeCodec.decode(bytes.bytes()));
        }
        List<HandshakeMessage> expected = new ArrayList<>(all());
        expected.set(expected.size() - 1, new HandshakeMessage.Issued(Bytes.utf8("certificate"), ""));
        assertThat(read).isEqualTo(expected);
    }

    @Test
    void everyMessageKeepsItsReleasedEncoding() {
        ByteWriter bytes = new ByteWriter();
        all().forEach(message -> bytes.bytes(HandshakeCodec.encode(message)));
        GoldenFile.check("handshake-messages-v2.hex", bytes.toBytes());
        assertThat(all().stream().map(Object::getClass).distinct().count())
                .isEqualTo(HandshakeMessage.ToDialler.class.getPermittedSubclasses().length
                        + 1L
                        + HandshakeMessage.ForCertificate.class.getPermittedSubclasses().length);
    }

    @Test
    void everyMessageSurvivesTheWay() {
        all().forEach(message -> assertThat(HandshakeCodec.decode(HandshakeCodec.encode(message)))
                .isEqualTo(message));
    }

    @Test
    void cutAndDamagedMessagesAreMalformedOrOthers() {
        Random random = new Random(20261128);
        for (HandshakeMessage message : all()) {
            Bytes bytes = HandshakeCodec.encode(message);
            for (int end = 0; end < bytes.length(); end++) {
                Bytes cut = bytes.slice(0, end);
                assertThatThrownBy(() -> HandshakeCodec.decode(cut)).isInstanceOf(MalformedBytesException.class);
            }
            for (int round = 0; round < 2000; round++) {
                byte[] damaged = bytes.array().clone();
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                try {
                    HandshakeCodec.decode(Bytes.wrap(damaged));
                } catch (MalformedBytesException expected) {
                    assertThat(expected).hasMessageNotContaining("null");
                }
            }
        }
    }
}
