package io.roost.objectstore.auth;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where access keys are found: the boundary between signatures and the records of the system pool. A gateway keeps
 * recently used keys in memory, so most stages are complete when they are returned.
 */
public interface AccessKeys {
    /**
     * Looks an access key up.
     *
     * @param accessKeyId as a request claims it: any text
     * @return the key, empty when there is none or it is disabled; fails when it cannot be known now
     */
    CompletionStage<Optional<AccessKey>> find(String accessKeyId);
}
