package io.roost.mailstore.mime;

import io.roost.cluster.object.Bytes;
import java.util.List;
import java.util.Locale;

/**
 * The type of a part.
 *
 * @param type such as {@code text}, in lower case
 * @param subtype such as {@code plain}, in lower case
 * @param parameters in order
 */
public record ContentType(String type, String subtype, List<Parameter> parameters) {
    /** Of a part that does not say (RFC 2045 5.2). */
    public static final ContentType DEFAULT =
            new ContentType("text", "plain", List.of(new Parameter("charset", Bytes.utf8("us-ascii"))));

    /** Of a part of a digest that does not say (RFC 2046 5.1.5). */
    public static final ContentType DIGEST_DEFAULT = new ContentType("message", "rfc822", List.of());

    /** Of what is beyond the bounds. */
    static final ContentType OPAQUE = new ContentType("application", "octet-stream", List.of());

    /** Copies the list. */
    public ContentType {
        type = type.toLowerCase(Locale.ROOT);
        subtype = subtype.toLowerCase(Locale.ROOT);
        parameters = List.copyOf(parameters);
    }

    /** True for text of any kind. */
    public boolean isText() {
        return type.equals("text");
    }

    /** True for {@code multipart/...}. */
    public boolean isMultipart() {
        return type.equals("multipart");
    }

    /** True for a message within the message (RFC 2046, RFC 6532). */
    public boolean isMessage() {
        return type.equals("message") && (subtype.equals("rfc822") || subtype.equals("global"));
    }

    /** The first value of a parameter, in any case of its name, or null. */
    public Bytes parameter(String name) {
        return Parameter.first(parameters, name);
    }
}
