package io.roost.mailstore.net;

import java.util.Objects;

/**
 * What clients may take of one process, all its event loops together.
 *
 * @param addresses connections of one address, of all protocols
 * @param users connections of one user
 * @param penalties for failed logins
 */
public record ClientLimits(Occupancy addresses, Occupancy users, LoginPenalties penalties) {
    /** Checks that nothing is null. */
    public ClientLimits {
        Objects.requireNonNull(addresses, "addresses");
        Objects.requireNonNull(users, "users");
        Objects.requireNonNull(penalties, "penalties");
    }
}
