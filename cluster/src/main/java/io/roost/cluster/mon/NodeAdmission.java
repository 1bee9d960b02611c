package io.roost.cluster.mon;

import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.message.MonCommand;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Join tokens and the nodes that were let in with them, as settings: a token is the section {@code token.HASH} with
 * {@code expires}, and with {@code node} and {@code key} once it is spent; a node is {@code node.NAME} with {@code key}, the
 * hash of its public key. Nothing of it is secret.
 */
final class NodeAdmission {
    /** Tokens are remembered for so long after they expire, so that it can be said why they are of no use. */
    private static final long REMEMBERED_MILLIS = 24L * 60 * 60 * 1000;

    private static final String EXPIRES = "expires";
    private static final String NODE = "node";
    private static final String KEY = "key";
    private static final String TOKEN_PREFIX = "token.";

    private NodeAdmission() {}

    /**
     * What a command makes of the settings.
     *
     * @param settings as they shall be; the same as before when nothing changes
     * @param outcome of the command
     * @param text of the answer
     */
    record Decision(ClusterConfig settings, MonCommand.Outcome outcome, String text) {}

    /** Adds a token, and forgets those that are long expired. */
    static Decision create(ClusterConfig before, MonCommand.CreateToken create, long wallMillis) {
        String section = TOKEN_PREFIX + create.secretHash().hex();
        ClusterConfig after = before;
        for (String name : before.sections().keySet()) {
            boolean isOld = name.startsWith(TOKEN_PREFIX)
                    && expires(before.sections().get(name)) + REMEMBERED_MILLIS < wallMillis;
            if (isOld) {
                for (String setting : before.sections().get(name).keySet()) {
                    after = after.with(name, setting, Optional.empty());
                }
            }
        }
        after = after.with(section, EXPIRES, Optional.of(Long.toString(create.expiresMillis())));
        return new Decision(after, MonCommand.Outcome.DONE, "created");
    }

    /** Lets a node in, or says why not; again for the same node and key, because the answer may have been lost. */
    static Decision admit(ClusterConfig before, MonCommand.AdmitNode admit, long wallMillis) {
        String section = TOKEN_PREFIX + admit.secretHash().hex();
        String nodeSection = NODE + "." + admit.node();
        String key = admit.keyHash().hex();
        SortedMap<String, String> token = before.sections().get(section);
        if (token == null) {
            return new Decision(before, MonCommand.Outcome.NOT_FOUND, "unknown");
        }
        if (token.containsKey(NODE)) {
            boolean isSame = admit.node().equals(token.get(NODE)) && key.equals(token.get(KEY));
            return isSame
                    ? new Decision(before, MonCommand.Outcome.DONE, "accepted")
                    : new Decision(before, MonCommand.Outcome.INVALID, "used");
        }
        if (expires(token) <= wallMillis) {
            return new Decision(before, MonCommand.Outcome.INVALID, "expired");
        }
        if (before.sections().containsKey(nodeSection)) {
            return new Decision(before, MonCommand.Outcome.EXISTS, "name-taken");
        }
        ClusterConfig after = before.with(section, NODE, Optional.of(admit.node()))
                .with(section, KEY, Optional.of(key))
                .with(nodeSection, KEY, Optional.of(key));
        return new Decision(after, MonCommand.Outcome.DONE, "accepted");
    }

    private static long expires(SortedMap<String, String> token) {
        return Long.parseLong(
                Optional.ofNullable(token).orElse(Collections.emptySortedMap()).getOrDefault(EXPIRES, "0"));
    }
}
