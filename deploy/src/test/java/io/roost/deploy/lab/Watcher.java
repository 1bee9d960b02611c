package io.roost.deploy.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Looks at the cluster again and again, and counts changes of the leader and OSDs that are marked down. */
final class Watcher implements Runnable {
    private final Lab lab;
    private final Map<Integer, Integer> downs = new TreeMap<>();
    private final Map<Integer, Boolean> up = new TreeMap<>();
    private String leader = "";
    private int leaderChanges;
    private int epoch;
    private volatile boolean isOver;

    Watcher(Lab lab) {
        this.lab = lab;
    }

    @Override
    public void run() {
        try {
            while (!isOver) {
                for (int node = 1; node <= lab.nodes(); node++) {
                    Optional<JsonNode> status = lab.ask(node, "/status");
                    status.ifPresent(this::look);
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A node that lags does not count. */
    private synchronized void look(JsonNode status) {
        if (status.path("mapEpoch").asInt() < epoch) {
            return;
        }
        epoch = status.path("mapEpoch").asInt();
        String leads = status.path("leader").asText("");
        if (!leads.isEmpty() && !leads.equals(leader)) {
            leader = leads;
            leaderChanges++;
        }
        for (JsonNode osd : status.path("osds")) {
            boolean isUp = osd.path("up").asBoolean();
            Boolean before = up.put(osd.path("id").asInt(), isUp);
            if (!isUp && before != null && before) {
                downs.merge(osd.path("id").asInt(), 1, Integer::sum);
            }
        }
    }

    synchronized void reset() {
        downs.clear();
        leaderChanges = 0;
    }

    /** OSD → how often it was marked down. */
    synchronized Map<Integer, Integer> downs() {
        return new TreeMap<>(downs);
    }

    synchronized int leaderChanges() {
        return leaderChanges;
    }

    void stop() {
        isOver = true;
    }
}
