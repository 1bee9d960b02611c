package io.roost.cluster.object;

/**
 * Names one client request for ever, so that a resend of it is recognised (Ceph's osd_reqid_t).
 *
 * @param client the client's global id
 * @param incarnation grows with every life of that client
 * @param tid the request's number within that life
 */
public record RequestId(long client, int incarnation, long tid) {
    /** The request of no client: background work that may be repeated. */
    public static final RequestId NONE = new RequestId(0, 0, 0);

    @Override
    public String toString() {
        return "client." + client + "." + incarnation + ":" + tid;
    }
}
