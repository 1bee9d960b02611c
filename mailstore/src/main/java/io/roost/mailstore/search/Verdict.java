package io.roost.mailstore.search;

/** Whether a message meets a condition, as far as is known of it. */
public enum Verdict {
    /** It does. */
    YES,
    /** It does not. */
    NO,
    /** More of it is needed. */
    OPEN;

    static Verdict of(boolean isMet) {
        return isMet ? YES : NO;
    }

    Verdict negated() {
        return switch (this) {
            case YES -> NO;
            case NO -> YES;
            case OPEN -> OPEN;
        };
    }
}
