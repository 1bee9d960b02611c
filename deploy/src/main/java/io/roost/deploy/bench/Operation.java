package io.roost.deploy.bench;

/** What the generator asks for. */
public enum Operation {
    /** PutObject. */
    PUT("PUT"),
    /** GetObject. */
    GET("GET"),
    /** HeadObject. */
    HEAD("HEAD"),
    /** ListObjectsV2, a page of up to 1000 keys. */
    LIST("GET"),
    /** DeleteObject. */
    DELETE("DELETE"),
    /** CreateBucket; not measured. */
    CREATE_BUCKET("PUT"),
    /** DeleteObjects of up to 1000 keys; not measured. */
    DELETE_MANY("POST"),
    /** DeleteBucket; not measured. */
    DELETE_BUCKET("DELETE");

    private final String method;

    Operation(String method) {
        this.method = method;
    }

    /** The HTTP method. */
    String method() {
        return method;
    }

    /** True for the five that a run measures. */
    boolean isMeasured() {
        return this == PUT || this == GET || this == HEAD || this == LIST || this == DELETE;
    }
}
