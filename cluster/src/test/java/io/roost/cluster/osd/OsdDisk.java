package io.roost.cluster.osd;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.store.BlockFile;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.KeyValueBatch;
import io.roost.cluster.store.Tier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** The disk of an OSD: another is put in, or an image of it comes back. Only while no process is running. */
final class OsdDisk {
    /** Above all keys. */
    private static final Bytes END_KEY;

    static {
        byte[] highest = new byte[64];
        Arrays.fill(highest, (byte) 0xff);
        END_KEY = Bytes.wrap(highest);
    }

    private final int osd;
    private SimNode node;
    private MemoryBlockFiles files;
    private int earlierDisks;
    private boolean isOld;
    private boolean isRefused;

    /**
     * What a disk holds.
     *
     * @param rows family → puts of all its rows
     * @param files number → content
     */
    record Image(Map<Family, KeyValueBatch> rows, TreeMap<Integer, byte[]> files) {}

    OsdDisk(int osd) {
        this.osd = osd;
    }

    /** The node that has it, which has not started yet. */
    void putInto(SimNode holder) {
        node = holder;
        files = new MemoryBlockFiles(node.disk());
    }

    /** Of the store that is made on it. */
    UUID uuid() {
        return new UUID(0x05d + earlierDisks, osd);
    }

    MemoryBlockFiles files() {
        return files;
    }

    /** A new one is put in. */
    void replace() {
        earlierDisks++;
        empty();
    }

    private void empty() {
        node.format();
        files = new MemoryBlockFiles(node.disk());
        isOld = false;
    }

    /** A copy of what is on it now, after what a power loss may do. */
    Image image() {
        node.disk().restart();
        Map<Family, KeyValueBatch> rows = new EnumMap<>(Family.class);
        for (Family family : Family.values()) {
            KeyValueBatch batch = new KeyValueBatch();
            try (KeyValue.Cursor row = node.keyValue().cursor(family, Bytes.EMPTY, END_KEY, Tier.DISK)) {
                while (row.next()) {
                    batch.put(family, row.key(), row.value());
                }
            }
            rows.put(family, batch);
        }
        TreeMap<Integer, byte[]> contents = new TreeMap<>();
        try {
            for (int number : files.list()) {
                BlockFile file = files.open(number);
                byte[] content = new byte[(int) file.size()];
                file.read(0, ByteBuffer.wrap(content));
                contents.put(number, content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Image(rows, contents);
    }

    /** It becomes what it was when an image was taken that is too old, and must be refused. */
    void setBackTo(Image image) {
        become(image);
        isOld = true;
        isRefused = false;
    }

    /** It becomes what it was. */
    void become(Image image) {
        empty();
        image.rows().values().forEach(node.keyValue()::write);
        try {
            for (Map.Entry<Integer, byte[]> content : image.files().entrySet()) {
                BlockFile file = files.create(content.getKey());
                file.write(0, ByteBuffer.wrap(content.getValue()));
                file.sync();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The monitors refuse the OSD with this disk: they are right when it was set back. */
    void onRefused(String reason) {
        if (!isOld || !reason.contains("set back")) {
            throw new AssertionError(reason);
        }
        isRefused = true;
    }

    /** True when it was refused since it was set back. */
    boolean isRefused() {
        return isRefused;
    }

    /** Those of several OSDs. */
    static List<OsdDisk> of(int osds) {
        List<OsdDisk> disks = new ArrayList<>();
        for (int osd = 0; osd < osds; osd++) {
            disks.add(new OsdDisk(osd));
        }
        return disks;
    }
}
