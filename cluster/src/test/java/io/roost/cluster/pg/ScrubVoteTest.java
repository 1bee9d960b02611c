package io.roost.cluster.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.ScrubVote.Copy;
import io.roost.cluster.pg.ScrubVote.Ties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScrubVoteTest {
    private static final Copy OLD = Copy.whole(new ObjectVersion(3, 7), 1);
    private static final Copy NEW = Copy.whole(new ObjectVersion(3, 8), 2);
    private static final Copy NEW_FLIPPED = Copy.whole(new ObjectVersion(3, 8), 3);

    private static ScrubVote vote(Ties ties, Copy... copies) {
        TreeMap<Integer, Copy> all = new TreeMap<>();
        for (int osd = 0; osd < copies.length; osd++) {
            all.put(osd, copies[osd]);
        }
        return ScrubVote.of(all, ties);
    }

    private static ScrubVote vote(Copy... copies) {
        return vote(Ties.STAY, copies);
    }

    @Test
    void whatAllHaveWholeIsUnanimous() {
        assertThat(vote(NEW, NEW, NEW).isUnanimous()).isTrue();
        assertThat(vote(NEW).isUnanimous()).isTrue();
        assertThat(vote(Copy.DAMAGED).isUnanimous()).isFalse();
        assertThat(vote(Copy.DAMAGED, Copy.DAMAGED).right()).isNull();
    }

    @Test
    void oneWholeCopyIsEnoughAgainstDamagedOnes() {
        ScrubVote vote = vote(Copy.DAMAGED, Copy.DAMAGED, NEW);
        assertThat(vote.right()).isEqualTo(NEW);
        assertThat(vote.holders()).containsExactly(2);
        assertThat(vote.others()).containsExactly(0, 1);
        assertThat(vote(Copy.UNREADABLE, NEW).right()).isEqualTo(NEW);
    }

    @Test
    void moreThanHalfAreBelievedWhoeverTheyAre() {
        assertThat(vote(NEW_FLIPPED, NEW, NEW).right()).isEqualTo(NEW);
        assertThat(vote(OLD, NEW, NEW).right()).isEqualTo(NEW);
        assertThat(vote(NEW, OLD, OLD).right()).isEqualTo(OLD);
        assertThat(vote(Copy.ABSENT, NEW, NEW).right()).isEqualTo(NEW);
        assertThat(vote(NEW, Copy.ABSENT, Copy.ABSENT).right()).isEqualTo(Copy.ABSENT);
    }

    @Test
    void aTieIsNotBrokenUnlessAnAdministratorWantsThat() {
        assertThat(vote(NEW, OLD).right()).isNull();
        assertThat(vote(NEW, Copy.ABSENT).right()).isNull();
        assertThat(vote(OLD, NEW, Copy.ABSENT).right()).isNull();
        assertThat(vote(Ties.NEWEST, NEW, OLD).right()).isEqualTo(NEW);
        assertThat(vote(Ties.NEWEST, Copy.ABSENT, OLD).right()).isEqualTo(OLD);
        assertThat(vote(Ties.NEWEST, NEW, NEW_FLIPPED, OLD).right()).isNull();
        assertThat(vote(Ties.NEWEST, NEW_FLIPPED, OLD, NEW).right()).isNull();
    }

    @Test
    void whatIsDamagedIsNotTakenForAbsentBecauseOneOtherHasNothing() {
        assertThat(vote(Copy.DAMAGED, Copy.ABSENT).right()).isNull();
        assertThat(vote(Copy.DAMAGED, Copy.ABSENT, Copy.ABSENT).right()).isEqualTo(Copy.ABSENT);
    }
}
