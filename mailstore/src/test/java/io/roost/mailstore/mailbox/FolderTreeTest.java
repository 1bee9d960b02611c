package io.roost.mailstore.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.mailstore.mailbox.FolderTree.Kind;
import io.roost.mailstore.mailbox.FolderTree.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names of folders. */
class FolderTreeTest {
    private final FolderTree tree = SampleTree.tree();

    @Test
    void namesAreFoundByTheirPaths() {
        Node january = tree.find("Archive/2026/J\u00e4nner");
        assertThat(january.number()).isEqualTo(new FolderNumber(4));
        assertThat(tree.path(january)).isEqualTo("Archive/2026/J\u00e4nner");
        assertThat(tree.node(new FolderNumber(4))).isEqualTo(january);
        assertThat(tree.find("Archive/2025")).isNull();
        assertThat(tree.find("archive")).as("names are of one case").isNull();
        assertThat(tree.find("")).isNull();
        assertThat(tree.hasChildren(tree.find("Archive"))).isTrue();
        assertThat(tree.hasChildren(january)).isFalse();
        assertThat(tree.isOrIsAbove(tree.find("Archive"), january)).isTrue();
        assertThat(tree.isOrIsAbove(january, tree.find("Archive"))).isFalse();
    }

    @Test
    void inboxIsOneNameInAnyCase() {
        // RFC 9051 5.1: INBOX is case-insensitive.
        assertThat(tree.find("inBox")).isEqualTo(tree.find("INBOX"));
        assertThat(FolderTree.normalized("inbox/x")).isEqualTo("INBOX/x");
        assertThat(FolderTree.normalized("inboxes")).isEqualTo("inboxes");
    }

    @Test
    void whatIsBelowGoesAlong() {
        // RFC 9051 6.3.6.
        FolderTree renamed = tree.renamed(tree.find("Archive/2026"), "Old");
        assertThat(renamed.find("Old/J\u00e4nner").number()).isEqualTo(new FolderNumber(4));
        assertThat(renamed.find("Archive/2026")).isNull();
        assertThat(tree.find("Archive/2026")).as("trees do not change").isNotNull();
        assertThat(renamed.subscriptions()).as("subscriptions are names").contains("Archive/2026");
        assertThat(FolderTree.decode(renamed.encode())).isEqualTo(renamed);
    }

    @Test
    void namesAboveAreNamed() {
        assertThat(tree.missingAbove("a/b/c")).isEqualTo(List.of("a", "a/b"));
        assertThat(tree.missingAbove("Archive/x")).isEmpty();
        assertThat(tree.missingAbove("x")).isEmpty();
    }

    @Test
    void aNameCanBecomeAFolder() {
        FolderTree changed = tree.with("Archive", new FolderNumber(2), SampleTree.GUID, "", Kind.FOLDER);
        assertThat(changed.find("Archive").kind()).isEqualTo(Kind.FOLDER);
        assertThat(changed.nodes()).hasSize(4);
        assertThat(changed.without(changed.find("Archive/2026/J\u00e4nner")).nodes())
                .hasSize(3);
    }

    @Test
    void pathsHaveBounds() {
        assertThat(FolderTree.isValidPath("a/b")).isTrue();
        for (String invalid : List.of("", "/", "a/", "/a", "a//b", "a\nb", "x/".repeat(50) + "x", "x".repeat(1_001))) {
            assertThat(FolderTree.isValidPath(invalid)).as(invalid).isFalse();
        }
        assertThat(tree.unsubscribed("gone").subscriptions()).containsExactly("Archive/2026");
    }
}
