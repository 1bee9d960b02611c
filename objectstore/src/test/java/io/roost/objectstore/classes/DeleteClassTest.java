package io.roost.objectstore.classes;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.object.Bytes;
import io.roost.objectstore.layout.Counters;
import io.roost.objectstore.layout.VersionId;
import io.roost.objectstore.layout.Versioning;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeleteClassTest {
    private final ShardFixture shard = new ShardFixture(1);

    private DeleteClass.Parameters parameters(List<DeleteClass.Target> targets) {
        return new DeleteClass.Parameters(shard.shard(), targets, shard.now(), shard.id(), shard.garbageDue());
    }

    private List<DeleteClass.Outcome> delete(DeleteClass.Parameters parameters) {
        CallReply reply = shard.call(parameters.call());
        assertThat(reply.status()).isZero();
        return DeleteClass.Reply.decode(reply.output(), parameters).outcomes();
    }

    private static DeleteClass.Target key(String key, Conditions conditions) {
        return new DeleteClass.Target(Bytes.utf8(key), VersionId.LATEST, key.hashCode(), conditions);
    }

    /** Deletes all, as a gateway does: again from the first target without an outcome. */
    private int deleteAll(List<DeleteClass.Target> targets) {
        int calls = 0;
        List<DeleteClass.Target> rest = targets;
        while (!rest.isEmpty()) {
            rest = rest.subList(delete(parameters(rest)).size(), rest.size());
            calls++;
        }
        return calls;
    }

    @Test
    void aThousandKeysAreOneTransaction() {
        shard.init();
        List<DeleteClass.Target> targets = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            shard.put("k" + i, "x");
            targets.add(key("k" + i, Conditions.NONE));
        }
        assertThat(deleteAll(targets)).isEqualTo(1);
        assertThat(shard.counters()).isEqualTo(Counters.ZERO);
    }

    @Test
    void aThousandDeleteMarkersFitTheRecordedReplyInAFewTransactions() {
        shard.setShard(Versioning.ENABLED, 1);
        shard.init();
        List<DeleteClass.Target> targets = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            targets.add(key("k" + i, Conditions.NONE));
        }
        assertThat(deleteAll(targets)).isLessThanOrEqualTo(3);
        assertThat(shard.counters()).isEqualTo(new Counters(0, 0, 1000));
    }

    @Test
    void deletingWhatIsNotThereSucceeds() {
        shard.init();
        DeleteClass.Outcome outcome =
                delete(parameters(List.of(key("a", Conditions.NONE)))).get(0);
        assertThat(outcome).isEqualTo(new DeleteClass.Outcome(ClassStatus.OK, false, VersionId.LATEST));
    }

    @Test
    void aRetryFindsItsOwnDeleteMarker() {
        shard.setShard(Versioning.ENABLED, 1);
        shard.init();
        shard.put("a", "x");
        DeleteClass.Parameters once = parameters(List.of(key("a", Conditions.NONE)));
        assertThat(delete(once)).isEqualTo(delete(once));
        assertThat(shard.counters()).isEqualTo(new Counters(1, 1, 1));
    }

    @Test
    void conditionsHoldForEachKeyAlone() {
        shard.init();
        shard.put("a", "x");
        shard.put("b", "y");
        Conditions ifMatch = new Conditions(
                List.of(Bytes.wrap(ShardFixture.md5(new byte[] {'x'})).hex()),
                List.of(),
                Conditions.NO_TIME,
                Conditions.NO_TIME);
        List<DeleteClass.Outcome> outcomes =
                delete(parameters(List.of(key("a", ifMatch), key("b", ifMatch), key("c", ifMatch))));
        assertThat(outcomes)
                .extracting(DeleteClass.Outcome::status)
                .containsExactly(ClassStatus.OK, ClassStatus.PRECONDITION_FAILED, ClassStatus.NO_SUCH_KEY);
        assertThat(shard.counters()).isEqualTo(new Counters(1, 1, 0));
    }

    @Test
    void theSameKeyTwiceInAVersionedBucketMakesTwoMarkers() {
        shard.setShard(Versioning.ENABLED, 1);
        shard.init();
        DeleteClass.Target target = key("a", Conditions.NONE);
        assertThat(deleteAll(List.of(target, target))).isEqualTo(2);
        assertThat(shard.counters()).isEqualTo(new Counters(0, 0, 2));
    }
}
