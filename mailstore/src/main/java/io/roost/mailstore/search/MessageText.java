package io.roost.mailstore.search;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.SearchKey.Place;
import io.roost.mailstore.mime.Address;
import io.roost.mailstore.mime.HeaderText;
import io.roost.mailstore.mime.MimePart;
import io.roost.mailstore.mime.TransferDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/** The texts of a message that are searched: decoded, and with case and composition folded. */
final class MessageText {
    private MessageText() {}

    /** What two texts are compared by (after RFC 5051). */
    static String folded(String text) {
        String normal = Normalizer.isNormalized(text, Normalizer.Form.NFKC)
                ? text
                : Normalizer.normalize(text, Normalizer.Form.NFKC);
        return normal.toLowerCase(Locale.ROOT);
    }

    /** A field's text, empty for null. */
    static String header(Bytes value) {
        return value == null ? "" : folded(HeaderText.decode(value));
    }

    static String addresses(List<Address> addresses) {
        StringBuilder text = new StringBuilder();
        for (Address address : addresses) {
            text.append(header(address.name())).append(" <").append(header(address.mailbox()));
            if (address.host() != null) {
                text.append('@').append(header(address.host()));
            }
            text.append("> ");
        }
        return text.toString();
    }

    private static byte[] bytes(Candidate candidate, long begin, long end) {
        Bytes all = candidate.bytes();
        int from = (int) Math.min(begin, all.length());
        return all.slice(from, (int) Math.min(end, all.length())).array();
    }

    /** The header of the message, unfolded. */
    private static String[] fields(Candidate candidate) {
        MimePart root = candidate.structure();
        byte[] header = bytes(candidate, root.header().begin(), root.header().end());
        String unfolded = new String(header, StandardCharsets.ISO_8859_1).replaceAll("\r?\n([ \t])", "$1");
        return unfolded.split("\r?\n", -1);
    }

    /** True when a field of a name contains a text; the empty text is in every field (RFC 9051 6.4.4). */
    static boolean headerContains(Candidate candidate, String name, String wanted) {
        for (String field : fields(candidate)) {
            int colon = field.indexOf(':');
            if (colon > 0 && field.substring(0, colon).strip().equalsIgnoreCase(name)) {
                Bytes value = Bytes.wrap(field.substring(colon + 1).strip().getBytes(StandardCharsets.ISO_8859_1));
                if (header(value).contains(wanted)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** True when the texts of the body, or header and body, contain a text. */
    static boolean contains(Candidate candidate, Place place, String wanted) {
        if (place == Place.TEXT) {
            for (String field : fields(candidate)) {
                if (header(Bytes.wrap(field.getBytes(StandardCharsets.ISO_8859_1)))
                        .contains(wanted)) {
                    return true;
                }
            }
        }
        return partContains(candidate, candidate.structure(), wanted);
    }

    private static boolean partContains(Candidate candidate, MimePart part, String wanted) {
        if (part.type().isText() && part.children().isEmpty()) {
            return text(candidate, part).contains(wanted);
        }
        for (MimePart child : part.children()) {
            boolean isInHeader =
                    part.isMessage() && innerHeader(candidate, child).contains(wanted);
            if (isInHeader || partContains(candidate, child, wanted)) {
                return true;
            }
        }
        return false;
    }

    /** The header of a message within the message belongs to the body of the outer one. */
    private static String innerHeader(Candidate candidate, MimePart message) {
        byte[] header =
                bytes(candidate, message.header().begin(), message.header().end());
        return header(Bytes.wrap(header));
    }

    private static String text(Candidate candidate, MimePart part) {
        TransferDecoder decoder = TransferDecoder.of(part.fields().encoding());
        if (decoder == null) {
            return "";
        }
        byte[] body = bytes(candidate, part.body().begin(), part.body().end());
        ByteWriter decoded = new ByteWriter(body.length);
        decoder.onBytes(body, 0, body.length, decoded);
        decoder.finish(decoded);
        Bytes name = part.type().parameter("charset");
        Charset charset = name == null ? null : HeaderText.charset(name.utf8());
        boolean isUnsaid = charset == null || charset.equals(StandardCharsets.US_ASCII);
        return folded(isUnsaid ? HeaderText.raw(decoded.toBytes()) : new String(decoded.toArray(), charset));
    }
}
