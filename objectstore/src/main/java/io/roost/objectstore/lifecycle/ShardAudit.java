package io.roost.objectstore.lifecycle;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.objectstore.classes.AuditClass;
import io.roost.objectstore.layout.Counters;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.GarbageRow;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.IntentRow;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ObjectMetadata;
import io.roost.objectstore.layout.PartList;
import io.roost.objectstore.layout.PartPage;
import io.roost.objectstore.layout.ReferenceRow;
import io.roost.objectstore.layout.ShardHeader;
import io.roost.objectstore.layout.Stripe;
import io.roost.objectstore.layout.StripeSet;
import io.roost.objectstore.layout.UploadRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks all entries of a shard against each other: counters, references, null versions, parts, garbage. Pure; given every
 * entry of one moment it finds every breach of the invariants of {@link io.roost.objectstore.layout.ShardTransaction}.
 * Entries read while writes go on may make findings that are none, so what it finds is to be looked at twice.
 *
 * <p>Memory grows with the number of objects that have stripes, not with that of inline ones.
 */
public final class ShardAudit {
    private final Bytes locatorKey;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<Bytes, List<Long>> held = new LinkedHashMap<>();
    private final Map<Bytes, ReferenceRow> references = new LinkedHashMap<>();
    private final Map<Bytes, TreeMap<Integer, PartPage.Part>> parts = new LinkedHashMap<>();
    private final Map<Bytes, ExpectedParts> expectedParts = new LinkedHashMap<>();
    private final Map<Bytes, Long> nullVersions = new HashMap<>();
    private final Map<Bytes, Long> nullPointers = new HashMap<>();
    private final Map<Bytes, StripeUse> sets = new LinkedHashMap<>();
    private final Map<Bytes, Bytes> openUploads = new LinkedHashMap<>();
    private final Set<Bytes> discardedUploads = new HashSet<>();
    private Counters counted = Counters.ZERO;
    private Counters recorded = Counters.ZERO;
    private ShardHeader header;

    /** An audit of the shard in a locator. */
    public ShardAudit(Bytes locatorKey) {
        this.locatorKey = locatorKey;
    }

    /** What a stripe set is used for. */
    public enum Use {
        /** An object or an open upload has its bytes in it: every stripe must be there. */
        NEEDED,
        /** It is to be deleted, or still being written: stripes may be there or not. */
        PENDING
    }

    /**
     * A stripe set that the shard knows of.
     *
     * @param set the set
     * @param use what for
     * @param owner what its stripes say of themselves; null when the shard no longer knows
     */
    public record StripeUse(StripeSet set, Use use, Stripe.Owner owner) {}

    private record ExpectedParts(Bytes key, PartList list) {}

    /** Takes an entry; those of names below 0x80 come before the others. */
    public void entry(AuditClass.Row row) {
        try {
            switch (row.name().at(0)) {
                case EntryNames.KEY -> version(row);
                case EntryNames.NULL_VERSION ->
                    nullPointers.put(
                            EntryNames.keyOfNullVersion(row.name()), new ByteReader(row.attributes()).varint());
                case EntryNames.REFERENCE ->
                    references.put(EntryNames.idOf(row.name()), ReferenceRow.decode(row.attributes()));
                case EntryNames.PART_PAGE -> page(row);
                case EntryNames.UPLOAD -> {
                    UploadRow.decode(row.attributes());
                    openUploads.put(EntryNames.uploadIdOf(row.name()), EntryNames.keyOfUpload(row.name()));
                }
                case EntryNames.INTENT -> intent(IntentRow.decode(row.attributes()));
                case EntryNames.GARBAGE -> garbage(row);
                default -> other(row);
            }
        } catch (MalformedBytesException | IllegalArgumentException e) {
            find(Finding.Kind.MALFORMED_ROW, row.name() + ": " + e.getMessage());
        }
    }

    private void other(AuditClass.Row row) {
        if (row.name().equals(EntryNames.SHARD_HEADER)) {
            header = ShardHeader.decode(row.attributes());
        } else if (row.name().equals(EntryNames.COUNTERS)) {
            recorded = Counters.decode(row.attributes());
        }
    }

    private void version(AuditClass.Row row) {
        Head head = Head.decode(row.attributes());
        Bytes key = EntryNames.keyOfVersion(row.name());
        long sequence = EntryNames.sequenceOf(row.name());
        counted = counted.plus(head.isDeleteMarker() ? new Counters(0, 0, 1) : new Counters(1, head.sizeBytes(), 0));
        if (head.state().isNull() && nullVersions.put(key, sequence) != null) {
            find(Finding.Kind.WRONG_NULL_VERSION, key, "two null versions of " + key);
        }
        boolean hasBody = head.manifest() instanceof Manifest.Inline && head.sizeBytes() > 0;
        if (hasBody ? row.bodyLength() != head.sizeBytes() : row.bodyLength() > 0) {
            find(Finding.Kind.WRONG_BODY, key, key + ": " + row.bodyLength() + " bytes of " + head.sizeBytes());
        }
        Bytes id = head.manifest().referenceId();
        if (id == null) {
            return;
        }
        held.computeIfAbsent(id, unused -> new ArrayList<>()).add(sequence);
        if (head.manifest() instanceof Manifest.Striped striped) {
            // Versions that share a set name the same one; its use is recorded once.
            StripeUse known = sets.get(id);
            if (known == null) {
                use(striped.set(), Use.NEEDED, Stripe.Owner.ofObject(id, locatorKey, key));
            } else if (!known.set.equals(striped.set())) {
                find(Finding.Kind.DOUBLE_USE, key, "set " + id.hex() + " with two descriptions");
            }
        } else {
            PartList list = ObjectMetadata.decode(row.value()).parts();
            expectedParts.put(id, new ExpectedParts(key, list));
            if (list.sizeBytes() != head.sizeBytes()) {
                find(Finding.Kind.WRONG_PARTS, key, key + ": parts of " + list.sizeBytes() + " bytes");
            }
        }
    }

    private void page(AuditClass.Row row) {
        Bytes uploadId = row.name().slice(1, 1 + EntryNames.ID_BYTES);
        for (PartPage.Part part : PartPage.decode(row.attributes()).parts()) {
            parts.computeIfAbsent(uploadId, unused -> new TreeMap<>()).put(part.number(), part);
            if (PartPage.pageOf(part.number()) != EntryNames.pageNumberOf(row.name())) {
                find(Finding.Kind.WRONG_PARTS, "part " + part.number() + " in " + row.name());
            }
        }
    }

    private void intent(IntentRow intent) {
        Stripe.Owner owner =
                new Stripe.Owner(intent.set().id(), locatorKey, intent.key(), intent.uploadId(), intent.partNumber());
        use(intent.set(), Use.PENDING, owner);
    }

    private void garbage(AuditClass.Row row) {
        GarbageRow garbage = GarbageRow.decode(row.attributes().isEmpty() ? row.value() : row.attributes());
        for (StripeSet set : garbage.sets()) {
            use(set, Use.PENDING, null);
        }
        if (EntryNames.garbageKind(row.name()) == GarbageRow.Kind.UPLOAD
                && !discardedUploads.add(EntryNames.garbageId(row.name()))) {
            find(
                    Finding.Kind.DOUBLE_USE,
                    "upload " + EntryNames.garbageId(row.name()).hex() + " twice in the garbage");
        }
    }

    private void use(StripeSet set, Use use, Stripe.Owner owner) {
        if (sets.put(set.id(), new StripeUse(set, use, owner)) != null) {
            find(Finding.Kind.DOUBLE_USE, "stripe set " + set.id().hex());
        }
    }

    /** All that is wrong; after the last entry, once. */
    public List<Finding> findings() {
        if (!counted.equals(recorded)) {
            find(Finding.Kind.WRONG_COUNTERS, "recorded " + recorded + ", counted " + counted);
        }
        checkReferences();
        checkNullVersions();
        checkUploads();
        return findings;
    }

    /** The header, or null when the shard has none. */
    public ShardHeader header() {
        return header;
    }

    /** What was counted, whatever is recorded. */
    public Counters counted() {
        return counted;
    }

    /** Every stripe set that the shard knows of; after {@link #findings}. */
    public List<StripeUse> stripeSets() {
        return new ArrayList<>(sets.values());
    }

    private void checkReferences() {
        for (Map.Entry<Bytes, List<Long>> entry : held.entrySet()) {
            ReferenceRow row = references.remove(entry.getKey());
            List<Long> sequences = new ArrayList<>(entry.getValue());
            sequences.sort(null);
            if (row == null || !row.sequences().equals(sequences)) {
                find(Finding.Kind.WRONG_REFERENCE, entry.getKey().hex() + ": row " + row + ", versions " + sequences);
            }
        }
        for (Map.Entry<Bytes, ReferenceRow> left : references.entrySet()) {
            find(Finding.Kind.WRONG_REFERENCE, left.getKey().hex() + ": row " + left.getValue() + ", no version");
        }
    }

    private void checkNullVersions() {
        for (Map.Entry<Bytes, Long> entry : nullVersions.entrySet()) {
            Long pointer = nullPointers.remove(entry.getKey());
            long pointed = pointer == null ? 0 : pointer;
            if (pointed != entry.getValue()) {
                find(
                        Finding.Kind.WRONG_NULL_VERSION,
                        entry.getKey(),
                        entry.getKey() + " at " + entry.getValue() + ", pointer to " + pointed);
            }
        }
        for (Bytes key : nullPointers.keySet()) {
            find(Finding.Kind.WRONG_NULL_VERSION, key, key + ": pointer to none");
        }
    }

    private void checkUploads() {
        for (Map.Entry<Bytes, ExpectedParts> entry : expectedParts.entrySet()) {
            List<PartPage.Part> there = new ArrayList<>(
                    parts.getOrDefault(entry.getKey(), new TreeMap<>()).values());
            if (!PartList.of(there).equals(entry.getValue().list)) {
                find(
                        Finding.Kind.WRONG_PARTS,
                        entry.getValue().key,
                        entry.getValue().key + ": " + there.size() + " parts in the rows, "
                                + entry.getValue().list.count() + " in the object");
            }
        }
        for (Map.Entry<Bytes, TreeMap<Integer, PartPage.Part>> entry : parts.entrySet()) {
            checkUpload(entry.getKey(), entry.getValue());
        }
    }

    private void checkUpload(Bytes uploadId, Map<Integer, PartPage.Part> uploadParts) {
        Bytes openKey = openUploads.get(uploadId);
        ExpectedParts completed = expectedParts.get(uploadId);
        boolean isDiscarded = discardedUploads.contains(uploadId);
        int uses = (openKey != null ? 1 : 0) + (completed != null ? 1 : 0) + (isDiscarded ? 1 : 0);
        if (uses != 1) {
            find(
                    uses == 0 ? Finding.Kind.ORPHAN : Finding.Kind.DOUBLE_USE,
                    "parts of upload " + uploadId.hex() + " with " + uses + " owners");
        }
        Bytes key = openKey != null ? openKey : completed != null ? completed.key : null;
        for (PartPage.Part part : uploadParts.values()) {
            if (part.set().stripeCount() > 0) {
                Stripe.Owner owner = key == null
                        ? null
                        : new Stripe.Owner(part.set().id(), locatorKey, key, uploadId, part.number());
                use(part.set(), key == null ? Use.PENDING : Use.NEEDED, owner);
            }
        }
    }

    private void find(Finding.Kind kind, String detail) {
        find(kind, Bytes.EMPTY, detail);
    }

    private void find(Finding.Kind kind, Bytes key, String detail) {
        findings.add(new Finding(kind, locatorKey, key, detail));
    }
}
