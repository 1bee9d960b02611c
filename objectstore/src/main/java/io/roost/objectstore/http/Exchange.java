package io.roost.objectstore.http;

import io.roost.objectstore.Operation;
import io.roost.objectstore.QueryParameters;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.Requester;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.S3Target;
import io.roost.objectstore.auth.AccessKey;
import io.roost.objectstore.auth.Authenticated;
import io.roost.objectstore.auth.Authentication;
import io.roost.objectstore.auth.Identity;
import io.roost.objectstore.auth.RawRequest;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One request and its answer: authenticate, route, operate, answer. The request is paused from the beginning; its body is
 * read by the operation, after authentication, and only then the client is told to continue.
 */
final class Exchange {
    /** What is left of a body is read and thrown away up to this much, so that the connection can be used again. */
    private static final long MAX_DRAIN_BYTES = 256 * 1024;

    /** How long a connection is kept open after an early answer, so that a reset does not overtake the answer. */
    private static final long LINGER_MILLIS = 2_000;

    private final S3Server server;
    private final HttpServerRequest request;
    private final String requestId;
    private final long startNanos = System.nanoTime();
    private final long nowMillis;
    private RequestHeaders headers = RequestHeaders.EMPTY;
    private S3Target target = S3Target.SERVICE;
    private S3Operation operation;
    private Requester requester;
    private String rawPath = "/";
    private String rawQuery = "";
    private IncomingBody body;
    private final MinimumRate bodyRate = new MinimumRate(S3Server.MIN_BODY_BYTES_PER_CHECK);
    private boolean timedOut;
    private boolean continueSent;
    private boolean answered;

    Exchange(S3Server server, HttpServerRequest request) {
        this.server = server;
        this.request = request;
        this.requestId = server.newRequestId();
        this.nowMillis = server.gateway().wallClock().getAsLong();
    }

    /** Serves the request. */
    void begin() {
        request.pause();
        request.exceptionHandler(this::onConnectionLost);
        request.response().exceptionHandler(this::onConnectionLost);
        try {
            headers = requestHeaders(request);
            cutTarget(request.uri());
            target = server.router().target(headers.first("host"), rawPath);
            authenticate();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** Answers what is not an HTTP request within the limits. */
    void refuse() {
        Throwable cause = request.decoderResult().cause();
        boolean tooLong = cause instanceof io.netty.handler.codec.TooLongFrameException;
        S3Error error = tooLong ? S3Error.REQUEST_HEADER_SECTION_TOO_LARGE : S3Error.INVALID_REQUEST;
        S3Response response = ErrorResponse.of(
                new S3Exception(error), target, "/", requestId, server.gateway().hostId());
        response.header("connection", "close");
        write(response).onComplete(written -> request.connection().close());
    }

    static RequestHeaders requestHeaders(HttpServerRequest request) {
        RequestHeaders.Builder builder = new RequestHeaders.Builder();
        for (Map.Entry<String, String> field : request.headers()) {
            builder.add(field.getKey(), field.getValue());
        }
        return builder.build();
    }

    /** Cuts the request line's target; the absolute form names scheme and host first (RFC 9112 section 3.2.2). */
    private void cutTarget(String uri) {
        int begin = 0;
        if (!uri.startsWith("/")) {
            int scheme = uri.indexOf("://");
            begin = scheme < 0 ? -1 : uri.indexOf('/', scheme + 3);
            if (begin < 0) {
                throw new S3Exception(S3Error.INVALID_URI);
            }
        }
        int question = uri.indexOf('?', begin);
        rawPath = uri.substring(begin, question < 0 ? uri.length() : question);
        rawQuery = question < 0 ? "" : uri.substring(question + 1);
    }

    private void authenticate() {
        RawRequest raw = new RawRequest(request.method().name(), rawPath, rawQuery, headers, nowMillis);
        Authentication claim = Authentication.of(raw, server.config().authentication());
        if (claim instanceof Authentication.Signed signed) {
            CompletableFuture<Optional<AccessKey>> key =
                    server.gateway().accessKeys().find(signed.accessKeyId()).toCompletableFuture();
            if (key.isDone() && !key.isCompletedExceptionally()) {
                verify(signed, key.getNow(Optional.empty()));
            } else {
                Future.fromCompletionStage(key, server.vertx().getOrCreateContext())
                        .onSuccess(found -> verifyLater(signed, found))
                        .onFailure(this::fail);
            }
        } else {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
    }

    private void verifyLater(Authentication.Signed signed, Optional<AccessKey> key) {
        try {
            verify(signed, key);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void verify(Authentication.Signed signed, Optional<AccessKey> key) {
        AccessKey accessKey = key.orElseThrow(signed::unknownAccessKey);
        operate(signed.verify(accessKey, server.signingKeys()));
    }

    private void operate(Authenticated caller) {
        requester = requester(caller.identity());
        headers = caller.headers();
        QueryParameters query = QueryParameters.parse(rawQuery);
        operation = server.router()
                .operation(request.method().name(), target.scope(), query, headers.contains("x-amz-copy-source"));
        Operation carriesOut = server.gateway().operations().get(operation);
        if (carriesOut == null || !operation.isImplemented()) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED, operation.apiName() + " is not implemented.");
        }
        PayloadReader reader = PayloadReader.of(caller.payload(), headers, purpose(operation), contentLength());
        body = new IncomingBody(request, reader, server.gateway(), this::onBodyWanted);
        S3Request s3Request = new S3Request(operation, target, query, headers, requester, body, requestId, nowMillis);
        carriesOut.answer(s3Request).onSuccess(this::answer).onFailure(this::fail);
    }

    private static Requester requester(Identity identity) {
        return new Requester(
                identity.userId(),
                identity.displayName(),
                identity.isAdmin() ? Requester.Rights.ADMIN : Requester.Rights.OWNER);
    }

    private static PayloadChecks.Purpose purpose(S3Operation operation) {
        return switch (operation) {
            case PUT_OBJECT, UPLOAD_PART -> PayloadChecks.Purpose.OBJECT;
            case COMPLETE_MULTIPART_UPLOAD -> PayloadChecks.Purpose.PART_LIST;
            default -> PayloadChecks.Purpose.DOCUMENT;
        };
    }

    /** The announced length; -1 when there must be one and is none. */
    private long contentLength() {
        String text = headers.first("content-length");
        if (text == null) {
            boolean needed =
                    purpose(operation) == PayloadChecks.Purpose.OBJECT || headers.contains("transfer-encoding");
            return needed ? -1 : 0;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "Content-Length is not a number.");
        }
    }

    private boolean expectsContinue() {
        return "100-continue".equalsIgnoreCase(headers.first("expect"));
    }

    /** Whether bytes follow the head; also an empty object has some when it is sent in chunks or with a trailer. */
    private boolean isBodySent() {
        String length = headers.first("content-length");
        return headers.contains("transfer-encoding") || (length != null && !length.equals("0"));
    }

    private void onBodyWanted() {
        server.reading().add(this);
        if (expectsContinue() && isBodySent()) {
            continueSent = true;
            request.response().writeContinue();
        }
    }

    /** Called from time to time: a client that sends next to nothing while it is waited for is given up. */
    void checkBodyRate() {
        if (bodyRate.isTooSlow(body.awaitedPiece(), body.receivedBytes())) {
            timedOut = true;
            body.fail(new S3Exception(S3Error.REQUEST_TIMEOUT));
        }
    }

    private void onConnectionLost(Throwable cause) {
        if (body != null) {
            body.fail(new S3Exception(S3Error.INCOMPLETE_BODY));
        }
    }

    private void fail(Throwable failure) {
        S3Exception error = ErrorResponse.translate(failure, requestId);
        answer(ErrorResponse.of(
                error, target, rawPath, requestId, server.gateway().hostId()));
    }

    private void answer(S3Response response) {
        if (answered) {
            return;
        }
        answered = true;
        server.reading().remove(this);
        if (request.response().closed()) {
            finish(response.status(), 0);
            return;
        }
        boolean keep = canKeepConnection();
        if (!keep) {
            response.header("connection", "close");
        }
        write(response).onComplete(written -> {
            finish(
                    written.succeeded() ? response.status() : 0,
                    request.response().bytesWritten());
            if (!keep) {
                linger();
            }
        });
        if (keep && !request.isEnded()) {
            request.handler(null);
            request.resume();
        }
    }

    private Future<Void> write(S3Response response) {
        return new ResponseWriter(request, requestId, server.gateway().hostId()).write(response);
    }

    /**
     * Whether the next request can follow on this connection: what is left of the body must be known to be little, and a
     * client that was not told to continue may or may not send it at all.
     */
    private boolean canKeepConnection() {
        if (request.isEnded()) {
            return true;
        }
        boolean mayNotCome = timedOut || (expectsContinue() && !continueSent);
        if (mayNotCome || headers.contains("transfer-encoding")) {
            return false;
        }
        String length = headers.first("content-length");
        try {
            return length == null || Long.parseLong(length) - request.bytesRead() <= MAX_DRAIN_BYTES;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private void linger() {
        if (request.isEnded()) {
            request.connection().close();
            return;
        }
        long timer = server.vertx()
                .setTimer(LINGER_MILLIS, fired -> request.connection().close());
        request.handler(null).endHandler(end -> {
            server.vertx().cancelTimer(timer);
            request.connection().close();
        });
        request.resume();
    }

    private void finish(int status, long sentBytes) {
        long micros = (System.nanoTime() - startNanos) / 1000;
        long receivedBytes = body == null ? 0 : body.receivedBytes();
        server.gateway().observer().onAnswered(operation, status, receivedBytes, sentBytes, micros);
        if (AccessLog.isOn()) {
            AccessLog.write(
                    new AccessLog.Line(
                            operation,
                            requester == null ? "" : requester.displayName(),
                            request.method().name(),
                            request.uri(),
                            target.bucket(),
                            status,
                            receivedBytes,
                            sentBytes,
                            micros,
                            requestId,
                            String.valueOf(request.connection().remoteAddress())),
                    target.key().isEmpty() ? "" : rawPath,
                    headers);
        }
    }
}
