package io.roost.deploy.bench;

/** Whose a run's bucket and objects are. */
public enum Contents {
    /** The run's: made before it, removed after it. */
    OWN,
    /** There before and after: {@link LoadGenerator#fill} has made them. Nothing may be written or deleted. */
    FILLED
}
