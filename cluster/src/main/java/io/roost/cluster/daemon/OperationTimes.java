package io.roost.cluster.daemon;

import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.RequestId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long operations of clients take, from their arrival to the answer. Of copies of a request the first counts. What an
 * ended interval never answers is forgotten. For one event loop.
 */
final class OperationTimes {
    /** Operations that are timed at once; of more, the oldest are not. */
    private static final int MAX_RUNNING = 16_384;

    /** Longer than a client waits. */
    private static final long FORGOTTEN_NANOS = 120_000_000_000L;

    private final Map<RequestId, Running> running = new LinkedHashMap<>();
    private final OsdMetrics metrics;

    /** What an operation does. */
    enum Kind {
        /** It changes nothing. */
        READ,
        /** A client reads at this OSD, which is a replica. */
        REPLICA_READ,
        /** It may change something. */
        WRITE
    }

    private record Running(Kind kind, long sinceNanos) {}

    OperationTimes(OsdMetrics metrics) {
        this.metrics = metrics;
    }

    void onRequest(RequestId request, Kind kind, long nowNanos) {
        running.putIfAbsent(request, new Running(kind, nowNanos));
        if (running.size() > MAX_RUNNING) {
            Iterator<RequestId> oldest = running.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** One that was not carried out here is none. */
    void onReply(OsdMessage.ToClient reply, long nowNanos) {
        Running ended = running.remove(reply.request());
        if (ended != null && (reply instanceof OsdMessage.OperationReply || reply instanceof OsdMessage.Refusal)) {
            metrics.onOperation(ended.kind(), nowNanos - ended.sinceNanos());
        }
    }

    void onTick(long nowNanos) {
        Iterator<Running> oldest = running.values().iterator();
        while (oldest.hasNext() && nowNanos - oldest.next().sinceNanos() > FORGOTTEN_NANOS) {
            oldest.remove();
        }
    }

    /** Operations without an answer. */
    int runningCount() {
        return running.size();
    }
}
