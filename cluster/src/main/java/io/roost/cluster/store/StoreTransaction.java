package io.roost.cluster.store;

import io.roost.cluster.map.PgId;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import java.util.List;
import java.util.Objects;

/**
 * Changes of entries of one locator, and of rows of its placement group, that are made together or not at all.
 *
 * @param pg whose transaction this is
 * @param locator of the entries; null when there are no mutations
 * @param version that the changed entries get
 * @param mutations of entries, carried out in order
 * @param rows of the placement group's log and of the meta family
 * @param isOwed when other OSDs may have it, so that this store must not be without: it may take half of the reserve
 */
public record StoreTransaction(
        PgId pg,
        Locator locator,
        ObjectVersion version,
        List<Mutation> mutations,
        List<RowChange> rows,
        boolean isOwed) {
    /** Copies the lists. */
    public StoreTransaction {
        Objects.requireNonNull(pg, "pg");
        Objects.requireNonNull(version, "version");
        mutations = List.copyOf(mutations);
        rows = List.copyOf(rows);
        if (locator == null ? !mutations.isEmpty() : locator.pool() != pg.pool()) {
            throw new IllegalArgumentException("locator " + locator + " in a transaction of " + pg);
        }
    }

    /** One that may be refused. */
    public StoreTransaction(
            PgId pg, Locator locator, ObjectVersion version, List<Mutation> mutations, List<RowChange> rows) {
        this(pg, locator, version, mutations, rows, false);
    }

    /** The same, when other OSDs may have it. */
    public StoreTransaction owed() {
        return new StoreTransaction(pg, locator, version, mutations, rows, true);
    }

    /** A transaction of rows alone. */
    public static StoreTransaction ofRows(PgId pg, List<RowChange> rows) {
        return new StoreTransaction(pg, null, ObjectVersion.NONE, List.of(), rows);
    }

    /** One change of a row that is no entry. */
    public sealed interface RowChange {
        /** {@link Family#PGLOG} or {@link Family#META}. */
        Family family();

        /** The row's key. */
        Bytes key();

        /**
         * Gives a row a value.
         *
         * @param family of the row
         * @param key of the row
         * @param value of the row
         */
        record PutRow(Family family, Bytes key, Bytes value) implements RowChange {
            /** Checks the family. */
            public PutRow {
                check(family, key);
                Objects.requireNonNull(value, "value");
            }
        }

        /**
         * Removes a row. A row of the log must have been put exactly once since it was last absent.
         *
         * @param family of the row
         * @param key of the row
         */
        record DeleteRow(Family family, Bytes key) implements RowChange {
            /** Checks the family. */
            public DeleteRow {
                check(family, key);
            }
        }

        private static void check(Family family, Bytes key) {
            Objects.requireNonNull(key, "key");
            if (family != Family.PGLOG && family != Family.META) {
                throw new IllegalArgumentException("a row of family " + family);
            }
        }
    }
}
