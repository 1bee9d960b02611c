package io.roost.objectstore.sim;

import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.RequestId;
import io.roost.objectstore.layout.Stripe;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How many stripes of a body are written at a time: several, so that their syncs overlap, and not all that there are. */
final class StripesUnderWay {
    private static final int MOST = 4;
    private static final int NUMBER_BYTES = 4;

    private final Map<RequestId, Bytes> setOf = new HashMap<>();
    private final Map<Bytes, Set<RequestId>> writes = new HashMap<>();
    private final Marks marks;
    private final List<String> violations;

    StripesUnderWay(Marks marks, List<String> violations) {
        this.marks = marks;
        this.violations = violations;
    }

    /** A gateway sends, perhaps again. */
    void onSent(OsdMessage.ToPrimary message) {
        if (!(message instanceof OsdMessage.Operation operation)
                || !operation.method().equals("create")
                || !Stripe.isStripe(operation.locator().key())) {
            return;
        }
        Bytes key = operation.locator().key();
        Bytes set = key.slice(0, key.length() - NUMBER_BYTES);
        Set<RequestId> ofSet = writes.computeIfAbsent(set, first -> new HashSet<>());
        setOf.put(operation.request(), set);
        if (ofSet.add(operation.request()) && ofSet.size() == MOST) {
            marks.add("four stripes of a body at once", 1);
        } else if (ofSet.size() > MOST) {
            violations.add(ofSet.size() + " stripes of a body are under way");
        }
    }

    /** A gateway has its answer. */
    void onAnswered(OsdMessage.ToClient message) {
        Bytes set = setOf.remove(message.request());
        if (set != null) {
            writes.get(set).remove(message.request());
        }
    }
}
