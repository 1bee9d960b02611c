package io.roost.objectstore.http;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.auth.Authenticated;
import io.roost.objectstore.auth.PayloadMode;
import io.roost.objectstore.auth.RawRequest;
import io.roost.objectstore.auth.SdkSigner;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Reads aws-chunked bodies as the gateway does, and builds them. */
final class ChunkedBody {
    private ChunkedBody() {}

    /** What came out of a body. */
    record Decoded(Bytes payload, RequestHeaders trailers, PayloadChecks.Result result) {}

    /** Authenticates a request and reads its body, cut at the given ascending positions. */
    static Decoded read(RawRequest request, byte[] body, int... cuts) {
        Authenticated authenticated = SdkSigner.authenticate(request, SdkSigner.RULES);
        return read(authenticated.payload(), request.headers(), body, cuts);
    }

    static Decoded read(PayloadMode mode, RequestHeaders headers, byte[] body, int... cuts) {
        AwsChunkedDecoder decoder = AwsChunkedDecoder.of(mode, headers);
        PayloadChecks checks = PayloadChecks.of(mode, headers, PayloadChecks.Purpose.OBJECT);
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        int begin = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int end = i < cuts.length ? cuts[i] : body.length;
            // A copy each time, as buffers from a socket are; read-only to show that nothing is written to it.
            ByteBuffer input =
                    ByteBuffer.wrap(Arrays.copyOfRange(body, begin, end)).asReadOnlyBuffer();
            decoder.feed(input, slice -> {
                checks.update(slice);
                byte[] bytes = new byte[slice.remaining()];
                slice.get(bytes);
                payload.writeBytes(bytes);
            });
            begin = end;
        }
        RequestHeaders trailers = decoder.finish();
        return new Decoded(Bytes.wrap(payload.toByteArray()), trailers, checks.finish(trailers));
    }

    static byte[] join(byte[]... pieces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] filled(int length, char c) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) c);
        return bytes;
    }

    /** The request with a header set to another value, not signed anew. */
    static RawRequest withHeader(RawRequest request, String name, String value) {
        List<String> headers = SdkSigner.headers(request);
        int at = headers.indexOf(name);
        if (at >= 0) {
            headers.set(at + 1, value);
        } else {
            headers.addAll(List.of(name, value));
        }
        return SdkSigner.with(request, headers);
    }
}
