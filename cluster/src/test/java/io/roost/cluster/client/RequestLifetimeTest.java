package io.roost.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectException;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import org.junit.jupiter.api.Test;

/** When a request's body may be used again, and when a message that carries it may still be read. */
class RequestLifetimeTest {
    private final Objecter objecter = new Objecter(1, 1, SampleMaps.of("single1", SampleMaps.pool(1, 8, 8, 0)));
    private final Sent sent = new Sent();
    private boolean outlived;

    private final class Call implements Objecter.Request {
        @Override
        public long pool() {
            return 1;
        }

        @Override
        public PgId pg(OsdMap map) {
            return new PgId(1, 0);
        }

        @Override
        public OsdMessage.ToPrimary message(RequestId id, int epoch, PgId pg, ObjectVersion known, int attempt) {
            Locator locator = new Locator(1, Bytes.utf8("l"));
            return new OsdMessage.Operation(id, epoch, pg, locator, "c", "m", Bytes.EMPTY, Data.EMPTY, known, attempt);
        }

        @Override
        public void onOutlived() {
            outlived = true;
        }
    }

    private static final class Sent implements Objecter.Effects {
        int target = -1;
        RequestId request;
        int messages;
        int ended;

        @Override
        public void send(int osd, OsdMessage.ToPrimary message) {
            target = osd;
            request = ((OsdMessage.Operation) message).request();
            messages++;
        }

        @Override
        public void complete(long tid, OsdMessage.ToClient reply) {
            ended++;
        }

        @Override
        public void fail(long tid, ObjectException failure) {
            ended++;
        }

        @Override
        public void wantMap(int epoch) {}
    }

    private void answer() {
        objecter.onReply(
                0,
                new OsdMessage.OperationReply(
                        sent.request, 1, 0, Bytes.EMPTY, Data.EMPTY, ObjectVersion.NONE, ObjectVersion.NONE),
                1,
                sent);
    }

    @Test
    void aRequestThatIsAnsweredAfterOneMessageIsNotOutlived() {
        objecter.onRequest(1, new Call(), 60_000, 0, sent);
        answer();
        assertThat(sent.ended).isEqualTo(1);
        assertThat(outlived).isFalse();
    }

    @Test
    void aRequestThatWasSentAgainIsOutlivedByItsFirstMessage() {
        objecter.onRequest(1, new Call(), 60_000, 0, sent);
        objecter.onReset(sent.target, 1, sent);
        assertThat(sent.messages).isEqualTo(2);
        answer();
        assertThat(sent.ended).isEqualTo(1);
        assertThat(outlived).isTrue();
    }

    @Test
    void aRequestThatTimesOutIsOutlived() {
        objecter.onRequest(1, new Call(), 1000, 0, sent);
        objecter.onTick(1000, sent);
        assertThat(sent.ended).isEqualTo(1);
        assertThat(outlived).isTrue();
    }

    @Test
    void aRequestThatEndsWithItsClientIsOutlived() {
        objecter.onRequest(1, new Call(), 1000, 0, sent);
        objecter.onShutdown(sent);
        assertThat(sent.ended).isEqualTo(1);
        assertThat(outlived).isTrue();
    }
}
