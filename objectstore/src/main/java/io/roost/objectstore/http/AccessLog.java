package io.roost.objectstore.http;

import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Operation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for every request, to the logger {@code roost.access}: {@code name=value} pairs in a fixed order, values
 * without blanks, {@code -} for none. Dovecot's obox says in headers on whose behalf it asks; they are told too.
 */
final class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("roost.access");
    private static final int MAX_FIELD_CHARS = 2048;
    private static final String[] DOVECOT_HEADERS = {"x-dovecot-username", "x-dovecot-session-id", "x-dovecot-reason"};
    private static final String[] DOVECOT_FIELDS = {" dovecot_user=", " dovecot_session=", " dovecot_reason="};

    private AccessLog() {}

    /**
     * What a line says.
     *
     * @param operation null when the request named none
     * @param user the caller's display name, empty for none
     * @param method of the request
     * @param rawUri the request line's target, still encoded
     * @param status HTTP status, 0 when the connection was lost
     * @param receivedBytes of the body
     * @param sentBytes of the body
     * @param micros duration
     * @param requestId as the answer's header
     * @param remoteAddress the client's
     */
    record Line(
            S3Operation operation,
            String user,
            String method,
            String rawUri,
            String bucket,
            int status,
            long receivedBytes,
            long sentBytes,
            long micros,
            String requestId,
            String remoteAddress) {}

    static boolean isOn() {
        return LOG.isInfoEnabled();
    }

    static void write(Line line, String rawKey, RequestHeaders headers) {
        StringBuilder text = new StringBuilder(256);
        text.append("op=")
                .append(line.operation() == null ? "-" : line.operation().apiName());
        field(text, " bucket=", line.bucket());
        field(text, " key=", rawKey);
        text.append(" status=").append(line.status());
        text.append(" in=").append(line.receivedBytes()).append(" out=").append(line.sentBytes());
        text.append(" us=").append(line.micros());
        text.append(" id=").append(line.requestId());
        field(text, " user=", line.user());
        field(text, " from=", line.remoteAddress());
        text.append(" method=").append(line.method());
        field(text, " uri=", line.rawUri());
        field(text, " agent=", headers.first("user-agent"));
        for (int i = 0; i < DOVECOT_HEADERS.length; i++) {
            String value = headers.first(DOVECOT_HEADERS[i]);
            if (value != null) {
                field(text, DOVECOT_FIELDS[i], value);
            }
        }
        LOG.info("{}", text);
    }

    /** A client chooses these values, so they may not break the line nor look like a field. */
    private static void field(StringBuilder text, String name, String value) {
        text.append(name);
        if (value == null || value.isEmpty()) {
            text.append('-');
            return;
        }
        int length = Math.min(value.length(), MAX_FIELD_CHARS);
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            text.append(c > ' ' && c < 0x7f ? c : '_');
        }
    }
}
