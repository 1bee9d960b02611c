package io.roost.mailstore.dict;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.DictClass;
import java.util.List;

/** What a {@link DictSession} has done by its owner, in order. */
interface DictEffects {
    /** Sends lines, each with its end, a byte for each character. */
    void send(String lines);

    /** Finds a value; answered with {@link DictSession#onValue} or {@link DictSession#onFailure}. */
    void lookup(String dict, DictCommand.Lookup lookup);

    /**
     * Finds keys; {@link DictSession#onRow} for each, in order, then {@link DictSession#onRowsEnd} or {@link
     * DictSession#onFailure}.
     */
    void iterate(String dict, DictCommand.Iterate iterate);

    /** Makes changes, all or none; answered with {@link DictSession#onCommitted} or {@link DictSession#onFailure}. */
    void commit(String dict, String user, List<DictClass.Change> changes);

    /** Ends the connection of a client that cannot be understood. */
    void close(String why);

    /** Whether a key is of all users. */
    static boolean isShared(Bytes key) {
        return key.utf8().startsWith("shared/");
    }

    /** Whether a key is of one user. */
    static boolean isPrivate(Bytes key) {
        return key.utf8().startsWith("priv/");
    }
}
