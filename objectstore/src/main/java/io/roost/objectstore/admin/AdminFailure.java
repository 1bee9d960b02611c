package io.roost.objectstore.admin;

/** What an administrator asked for and cannot have; an expected outcome, so it has no stack trace. */
public final class AdminFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of refusal. */
    public enum Kind {
        /** What was asked for makes no sense. */
        INVALID,
        /** There is no such thing. */
        NOT_FOUND,
        /** Something is in the way. */
        CONFLICT
    }

    private final Kind kind;
    private final String code;

    /**
     * A refusal.
     *
     * @param code names it for programs: {@code NoSuchUser}
     * @param message one line for a person
     */
    public AdminFailure(Kind kind, String code, String message) {
        super(message, null, false, false);
        this.kind = kind;
        this.code = code;
    }

    /** What kind of refusal. */
    public Kind kind() {
        return kind;
    }

    /** Names it. */
    public String code() {
        return code;
    }
}
