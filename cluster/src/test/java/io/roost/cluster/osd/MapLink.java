package io.roost.cluster.osd;

import io.roost.cluster.message.MonMessage;

/**
 * Where a node of a simulation has its maps from, and how it finds OSDs by them: a model of it, or real monitors. Whoever made
 * it is told of every map.
 */
interface MapLink {
    /** The first input. */
    void start();

    /** Some time has passed. */
    void onTick();

    /** Maps newer than this epoch are wanted. */
    void wantMap(int epoch);

    /** Somebody who is no monitor has sent maps. */
    void onMaps(MonMessage.OsdMaps newer);

    /** Takes what is for it. */
    void onMessage(String from, Envelope message);

    /** What was said to a node, or by it, may be lost. */
    void onReset(String peer);

    /** Nobody listens at a node's address, as was found out by a try that began then. */
    void onUnreachable(String peer, long dialledMillis);

    /** Sends to an OSD, in the life that the newest map shows. */
    void send(int osd, String what, Envelope message);
}
