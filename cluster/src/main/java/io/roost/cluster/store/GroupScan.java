package io.roost.cluster.store;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;

/**
 * Steps over the entries of both families in the order of their keys: what a placement group has, as it is compared and
 * copied from one OSD to another. For one thread; to be closed.
 */
public final class GroupScan implements AutoCloseable {
    private final EntryScan catalogue;
    private final EntryScan work;
    private boolean isStarted;
    private boolean catalogueHas;
    private boolean workHas;
    private EntryScan at;

    GroupScan(EntryScan catalogue, EntryScan work) {
        this.catalogue = catalogue;
        this.work = work;
    }

    /** Steps to the next entry; false at the end of the range. */
    public boolean next() {
        if (!isStarted || at == catalogue) {
            catalogueHas = catalogue.next();
        }
        if (!isStarted || at == work) {
            workHas = work.next();
        }
        isStarted = true;
        if (catalogueHas && workHas) {
            at = catalogue.key().compareTo(work.key()) < 0 ? catalogue : work;
        } else {
            at = catalogueHas ? catalogue : workHas ? work : null;
        }
        return at != null;
    }

    /** The key of the entry stepped to; a scan may begin behind it with a 00 appended. */
    public Bytes key() {
        return at.key();
    }

    /** The entry stepped to. */
    public Entry entry() {
        return at.entry();
    }

    @Override
    public void close() {
        catalogue.close();
        work.close();
    }
}
