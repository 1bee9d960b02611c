package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Mutation;
import io.roost.objectstore.ChecksumAlgorithm;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.ChecksumType;
import io.roost.objectstore.layout.ETag;
import io.roost.objectstore.layout.PartPage;
import io.roost.objectstore.layout.ShardTransaction;
import io.roost.objectstore.layout.StripeSet;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds the parts that a client lists against those that were uploaded. Given all pages in order, it knows which parts the
 * object has, which are left over, and whether the list is right. Used once.
 */
final class PartSelection {
    private final List<CompleteClass.ListedPart> listed;
    private final long leastPartBytes;
    private final List<PartPage.Part> chosen = new ArrayList<>();
    private final List<StripeSet> leftOver = new ArrayList<>();
    private final Map<Bytes, PartPage> changedPages = new LinkedHashMap<>();
    private final boolean isInOrder;
    private int next;
    private int missing;

    PartSelection(List<CompleteClass.ListedPart> listed, long leastPartBytes) {
        this.listed = listed;
        this.leastPartBytes = leastPartBytes;
        this.isInOrder = isAscending(listed);
    }

    private static boolean isAscending(List<CompleteClass.ListedPart> listed) {
        for (int i = 1; i < listed.size(); i++) {
            if (listed.get(i).number() <= listed.get(i - 1).number()) {
                return false;
            }
        }
        return true;
    }

    /** Takes the next page. */
    void page(Bytes name, PartPage page) {
        List<PartPage.Part> kept = new ArrayList<>(page.parts().size());
        for (PartPage.Part part : page.parts()) {
            passListedBefore(part.number());
            boolean isListed = next < listed.size() && listed.get(next).number() == part.number();
            if (!isListed) {
                if (part.set().stripeCount() > 0) {
                    leftOver.add(part.set());
                }
                continue;
            }
            CompleteClass.ListedPart wanted = listed.get(next);
            boolean isSame = wanted.md5().equals(part.md5())
                    && (wanted.checksum().isEmpty() || wanted.checksum().equals(part.checksum()));
            if (!isSame && missing == 0) {
                missing = part.number();
            }
            next++;
            chosen.add(part);
            kept.add(part);
        }
        if (kept.size() != page.parts().size()) {
            changedPages.put(name, new PartPage(kept));
        }
    }

    /** Listed parts below the number were not uploaded. */
    private void passListedBefore(int number) {
        while (next < listed.size() && listed.get(next).number() < number) {
            if (missing == 0) {
                missing = listed.get(next).number();
            }
            next++;
        }
    }

    /** Why the list is wrong, or null; to be asked after the last page. */
    ClassReply refusal() {
        if (!isInOrder) {
            return ClassStatus.INVALID_PART_ORDER.refuse();
        }
        passListedBefore(Integer.MAX_VALUE);
        if (missing != 0) {
            return badPart(ClassStatus.INVALID_PART, missing, 0);
        }
        for (int i = 0; i < chosen.size() - 1; i++) {
            PartPage.Part part = chosen.get(i);
            if (part.sizeBytes() < leastPartBytes) {
                return badPart(ClassStatus.ENTITY_TOO_SMALL, part.number(), part.sizeBytes());
            }
        }
        return null;
    }

    private static ClassReply badPart(ClassStatus status, int number, long sizeBytes) {
        Bytes output = new ByteWriter(16).varint(number).varint(sizeBytes).toBytes();
        return ClassReply.refuse(status.code(), output);
    }

    /** The parts of the object, in order. */
    List<PartPage.Part> chosen() {
        return chosen;
    }

    /** The MD5 of the parts' MD5s, with their number. */
    ETag eTag() {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("MD5 is part of every Java platform", impossible);
        }
        for (PartPage.Part part : chosen) {
            digest.update(part.md5().array());
        }
        return new ETag(Bytes.wrap(digest.digest()), chosen.size());
    }

    /** The object's checksum from those of its parts; empty when the upload has none or a part lacks it. */
    Bytes checksum(ChecksumMark mark) {
        if (mark.isNone()) {
            return Bytes.EMPTY;
        }
        List<Bytes> values = new ArrayList<>(chosen.size());
        for (PartPage.Part part : chosen) {
            if (part.checksum().isEmpty()) {
                return Bytes.EMPTY;
            }
            values.add(part.checksum());
        }
        ChecksumAlgorithm algorithm = ChecksumAlgorithm.ofWireName(mark.algorithm());
        if (mark.type() == ChecksumType.COMPOSITE) {
            return algorithm.composite(values);
        }
        Bytes whole = values.get(0);
        for (int i = 1; i < values.size(); i++) {
            whole = algorithm.combine(whole, values.get(i), chosen.get(i).sizeBytes());
        }
        return whole;
    }

    /** Takes the parts that are not in the object out of their pages, all into one garbage row. */
    void discardOthers(ShardTransaction transaction, Bytes uploadId) {
        if (!leftOver.isEmpty()) {
            transaction.discard(uploadId, leftOver);
        }
        for (Map.Entry<Bytes, PartPage> page : changedPages.entrySet()) {
            if (page.getValue().parts().isEmpty()) {
                transaction.put(new Mutation.Delete(page.getKey()));
            } else {
                transaction.row(page.getKey(), page.getValue().encode());
            }
        }
    }
}
