package io.roost.objectstore.sim;

import java.util.ArrayList;
import java.util.List;

/** A client that makes one call after the other, of all kinds, as long as there are calls left to make. */
final class SimClient {
    private static final int MAX_PAUSE_MILLIS = 30;
    private static final int LONG_PAUSE_MILLIS = 20 * 60_000;

    private final Scheduler scheduler;
    private final Workload workload;
    private final ObjectClient objects;
    private final KeyClient accessKeys;
    private final BucketClient buckets;
    private final int shards;
    private final List<UploadClient> uploads = new ArrayList<>();
    private boolean isActive;

    SimClient(Scheduler scheduler, Workload workload, ObjectClient objects, KeyClient accessKeys, int shards) {
        this.scheduler = scheduler;
        this.workload = workload;
        this.objects = objects;
        this.accessKeys = accessKeys;
        this.buckets = new BucketClient(workload);
        this.shards = shards;
    }

    /** How many calls are left to all clients. */
    static final class Budget {
        private int calls;

        Budget(int calls) {
            this.calls = calls;
        }

        boolean take() {
            return calls-- > 0;
        }
    }

    /** True while a call is under way. */
    boolean isActive() {
        return isActive;
    }

    /** Makes calls until the budget is used up. */
    void run(Budget budget) {
        isActive = true;
        boolean isLong = workload.random().nextInt(40) == 0;
        int pause = workload.random().nextInt(isLong ? LONG_PAUSE_MILLIS : MAX_PAUSE_MILLIS);
        scheduler.after(pause, workload.gateways().clients(), "client", () -> {
            if (budget.take()) {
                call(() -> run(budget));
            } else {
                isActive = false;
            }
        });
    }

    /** Ends what must not stay open in a moment of quiet. */
    void settle() {
        uploads.removeIf(upload -> {
            upload.giveUpCompletion();
            return upload.isOver();
        });
    }

    private void call(Runnable then) {
        SimBucket bucket = workload.anyBucket();
        String key = workload.anyKey(bucket);
        int choice = workload.random().nextInt(104);
        if (choice >= 100) {
            accessKeys.call(then);
        } else if (key == null) {
            objects.list(bucket, then);
        } else if (choice < 25) {
            objects.put(bucket, key, then);
        } else if (choice < 40) {
            objects.get(bucket, key, then);
        } else if (choice < 48) {
            objects.delete(bucket, key, then);
        } else if (choice < 52) {
            objects.deleteSome(bucket, 65, then);
        } else if (choice < 59) {
            objects.copySelf(bucket, key, then);
        } else if (choice < 64) {
            SimBucket source = workload.anyBucket();
            objects.copy(source, workload.any(new ArrayList<>(source.keys().keySet())), bucket, key, then);
        } else if (choice < 70) {
            objects.list(bucket, then);
        } else if (choice < 92) {
            upload(bucket, key, then);
        } else if (choice < 94) {
            verify(then);
        } else if (bucket.isVersioned()) {
            ofVersion(bucket, key, then);
        } else if (bucket.kind() == SimBucket.Kind.PASSING) {
            ofBucket(bucket, then);
        } else {
            objects.get(bucket, key, then);
        }
    }

    /** Verification under load finds nothing either. */
    private void verify(Runnable then) {
        SimGateway gateway = workload.gateways().any();
        if (gateway == null) {
            then.run();
            return;
        }
        workload.gateways().work(gateway, gateway.housekeeping().verify(), verified -> {
            if (verified != null) {
                verified.findings().forEach(finding -> workload.violation("verify under load: " + finding));
            }
            then.run();
        });
    }

    private void upload(SimBucket bucket, String key, Runnable then) {
        if (uploads.isEmpty() || workload.random().nextInt(6) == 0) {
            uploads.add(new UploadClient(workload, objects, bucket, key));
        }
        UploadClient upload = workload.any(uploads);
        upload.step(() -> {
            uploads.removeIf(UploadClient::isOver);
            then.run();
        });
    }

    private void ofVersion(SimBucket bucket, String key, Runnable then) {
        if (workload.random().nextBoolean()) {
            objects.getVersion(bucket, key, then);
        } else {
            objects.deleteVersion(bucket, key, then);
        }
    }

    private void ofBucket(SimBucket bucket, Runnable then) {
        if (workload.random().nextBoolean()) {
            String placement = workload.random().nextBoolean() ? "hash" : "prefix";
            buckets.create(bucket, 1 + workload.random().nextInt(shards), placement, then);
        } else {
            int emptied = workload.random().nextBoolean() ? 100 : 0;
            objects.deleteSome(bucket, emptied, () -> buckets.delete(bucket, then));
        }
    }
}
