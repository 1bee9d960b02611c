package io.roost.objectstore.sim;

import io.roost.cluster.pg.log.PgLog;
import io.roost.objectstore.bucket.ObjectSizes;
import java.util.Random;

/**
 * What a seed's run is like. Every seed has some of the troubles and not others, because troubles hide each other (swarm
 * testing; Groce and others, 2012).
 *
 * @param isOneProcess whether the gateways are in the OSD's process and end with it
 * @param rounds of work, each ending in a moment of quiet in which everything is checked
 * @param callsPerRound that clients make
 * @param clients that make calls at a time
 * @param powerLosses at most
 * @param stepsPerLife steps of the disk until a power loss, at most
 * @param failsWrites whether the disk fails a step instead now and then
 * @param missPercent of reads from memory that have to go to the disk
 * @param gatewayLifeMillis time after which one of the gateways ends without warning, at most; 0 for never
 * @param pgNum of the data pool
 * @param shards of a bucket
 * @param keys of a bucket
 * @param inlineBytes of the store
 * @param capacityMib of the store; a small one is full now and then
 * @param logLimits of placement groups
 * @param network how messages travel
 * @param gateways what they are like
 * @param sizes what clients send
 */
record Plan(
        boolean isOneProcess,
        int rounds,
        int callsPerRound,
        int clients,
        int powerLosses,
        int stepsPerLife,
        boolean failsWrites,
        int missPercent,
        int gatewayLifeMillis,
        int pgNum,
        int shards,
        int keys,
        int inlineBytes,
        int capacityMib,
        PgLog.Limits logLimits,
        SimCluster.Network network,
        Gateways.Setup gateways,
        Workload.Sizes sizes) {
    private static final int MINUTE = 60_000;

    /** What a run is about. */
    enum Theme {
        /** Anything, and in one run of four what is late. */
        ANY,
        /** Uploads and messages that come so late that their intents may be reaped. */
        LATE
    }

    /** The plan of a seed. */
    static Plan of(Random random, Theme theme) {
        boolean isLate = random.nextInt(4) == 0 || theme == Theme.LATE;
        boolean isOneProcess = !isLate && random.nextInt(3) == 0;
        boolean isLarge = !isLate && random.nextInt(20) == 0;
        boolean isImpatient = random.nextInt(4) == 0;
        boolean isSmall = !isLarge && random.nextInt(8) == 0;
        int unit = isLarge ? 70_000 : isSmall ? 15_000 : 1000 + random.nextInt(2000);
        int stallMillis = isLate ? 30 * MINUTE : any(random, 0, 0, 2000, 100_000, 30 * MINUTE);
        int slowMillis = isLate ? 25 * MINUTE : any(random, 0, 0, 3000, 5 * MINUTE, 25 * MINUTE);
        return new Plan(
                isOneProcess,
                2 + random.nextInt(2),
                isLarge ? 30 : 40 + random.nextInt(60),
                1 + random.nextInt(6),
                random.nextInt(7),
                20 + random.nextInt(400),
                random.nextInt(4) == 0,
                any(random, 0, 0, 5, 30),
                any(random, 0, 0, 0, 20_000, 20 * MINUTE),
                any(random, 1, 4, 8),
                any(random, 1, 2, 5),
                2 + random.nextInt(4),
                any(random, 0, 512, 64 * 1024),
                isSmall ? 1 + random.nextInt(2) : isLarge ? 256 : 64,
                random.nextInt(3) == 0 ? new PgLog.Limits(30, 1 << 20, 5) : PgLog.Limits.DEFAULT,
                new SimCluster.Network(random.nextBoolean(), stallMillis, random.nextInt()),
                new Gateways.Setup(
                        isOneProcess ? 1 : isLate ? 2 : 1 + random.nextInt(3),
                        any(random, 0, 2000),
                        new ObjectSizes(2 * unit, unit),
                        isLate ? 8 * MINUTE : any(random, 5000, 2 * MINUTE),
                        isImpatient ? 20 : 0,
                        stallMillis < 5 * MINUTE && !isImpatient),
                new Workload.Sizes(
                        2 * unit,
                        7 * unit,
                        unit + unit / 2,
                        new SimBody.Pace(slowMillis == 0 ? 0 : isLate ? 30 : 10, slowMillis, any(random, 0, 3))));
    }

    private static int any(Random random, int... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
