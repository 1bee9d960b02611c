package io.roost.objectstore.sim;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Response;

/**
 * How a request ended, as its client sees it.
 *
 * @param kind what is known of its outcome
 * @param response of one that succeeded, else null
 * @param bytes of the answer's body; null when there is none
 * @param refusal of one that was refused, else null
 * @param detail why it failed
 */
record Answer(Kind kind, S3Response response, Bytes bytes, S3Error refusal, String detail) {
    /** What is known of the outcome. */
    enum Kind {
        /** It succeeded. */
        OK,
        /** It was refused, and has changed nothing. */
        REFUSED,
        /** It may have changed something, or still do so. */
        UNKNOWN,
        /** It never was a whole request, and has changed nothing. */
        NOT_SENT
    }

    static Answer ok(S3Response response, Bytes bytes) {
        return new Answer(Kind.OK, response, bytes, null, "");
    }

    static Answer refused(S3Error error) {
        return new Answer(Kind.REFUSED, null, null, error, error.code());
    }

    static Answer unknown(String detail) {
        return new Answer(Kind.UNKNOWN, null, null, null, detail);
    }

    static Answer notSent(String detail) {
        return new Answer(Kind.NOT_SENT, null, null, null, detail);
    }

    boolean isOk() {
        return kind == Kind.OK;
    }

    boolean isUnknown() {
        return kind == Kind.UNKNOWN;
    }

    boolean isRefused(S3Error error) {
        return refusal == error;
    }

    /** A header of the response without quotes, null for none. */
    String header(String name) {
        CharSequence value = response.header(name);
        return value == null ? null : value.toString().replace("\"", "");
    }

    /** The content of the first element of a name in the body, null for none. */
    String element(String name) {
        String xml = text();
        int begin = xml.indexOf('<' + name + '>');
        int end = xml.indexOf("</" + name + '>');
        return begin < 0 ? null : xml.substring(begin + name.length() + 2, end).replace("&quot;", "");
    }

    /** The body as text. */
    String text() {
        return bytes.utf8();
    }

    @Override
    public String toString() {
        return kind + (detail.isEmpty() ? "" : " " + detail);
    }
}
