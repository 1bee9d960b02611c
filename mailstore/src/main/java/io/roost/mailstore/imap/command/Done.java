package io.roost.mailstore.imap.command;

import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.imap.session.ImapSession.Selection;
import io.roost.mailstore.imap.syntax.Response.Condition;
import io.roost.mailstore.imap.syntax.ResponseCode;
import io.roost.mailstore.imap.syntax.ResponseCode.Word;
import io.roost.mailstore.store.MailException;
import java.util.Objects;

/**
 * How a command ended.
 *
 * @param condition OK, NO or BAD
 * @param code for the program, or null
 * @param text for a person
 * @param selection whether a mailbox is open now
 */
public record Done(Condition condition, ResponseCode code, String text, Selection selection) {
    /** Checks that nothing needed is null. */
    public Done {
        Objects.requireNonNull(condition, "condition");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(selection, "selection");
    }

    static Done ok(String text) {
        return ok(null, text);
    }

    static Done ok(ResponseCode code, String text) {
        return new Done(Condition.OK, code, text, Selection.SAME);
    }

    static Done no(ResponseCode code, String text) {
        return new Done(Condition.NO, code, text, Selection.SAME);
    }

    static Done bad(String text) {
        return new Done(Condition.BAD, null, text, Selection.SAME);
    }

    /** The one place where failures of the store become answers of IMAP. */
    static Done of(Throwable failure) {
        return failure instanceof MailException refused
                ? of(refused.status())
                : no(Word.UNAVAILABLE, "Temporary failure, try again later");
    }

    private static Done of(MailStatus status) {
        return switch (status) {
            case NO_SUCH_FOLDER -> no(Word.NONEXISTENT, "There is no such mailbox");
            case NO_SUCH_MESSAGE -> no(Word.NONEXISTENT, "There is no such message");
            case OVER_QUOTA -> no(Word.OVERQUOTA, "Quota exceeded");
            case LIMIT -> no(Word.LIMIT, "A limit of the server is reached");
            case ALREADY_EXISTS -> no(Word.ALREADYEXISTS, "The mailbox exists");
            case NOT_POSSIBLE -> no(Word.CANNOT, "Not possible with this mailbox");
            case INVALID_NAME -> no(Word.CANNOT, "Not a name that a mailbox can have");
            case NO_SUCH_BUCKET,
                    STALE_BUCKET,
                    NO_SUCH_ACCOUNT,
                    NO_SUCH_INTENT,
                    BELOW_FLOOR,
                    BODY_EXISTS,
                    NO_SUCH_BODY,
                    NO_SUCH_KEY,
                    UNDONE -> no(Word.UNAVAILABLE, "Temporary failure, try again later");
            case OK -> throw new IllegalArgumentException("success as a failure");
        };
    }
}
