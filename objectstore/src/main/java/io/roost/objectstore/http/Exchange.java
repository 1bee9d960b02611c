package io.roost.objectstore.http;

import io.netty.handler.codec.TooLongFrameException;
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
import io.vertx.core.http.HttpVersion;
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

    /** After an answer that comes early, a body is thrown away as long as something of it comes in this time ... */
    private static final long LINGER_MILLIS = 2_000;

    /** ... but not longer than half a minute in all: a reset must not overtake the answer, and nobody uploads for nothing. */
    private static final int MAX_LINGERS = 15;

    /** More than user metadata of 2 KiB and proxies need; each is compared with each that is signed. */
    private static final int MAX_HEADER_FIELDS = 500;

    private final S3Server server;
    private final ClientConnection connection;
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
    private final MinimumRate bodyRate = new MinimumRate(S3Server.MIN_BODY_BYTES_PER_LOOK);
    private long sentAtLastLook = -1;
    private long sendingSinceNanos;
    private boolean mustEnd;
    private boolean continueSent;
    private boolean answered;
    private ByteBudget answerMemory;
    private ResponseWriter writer;

    Exchange(S3Server server, ClientConnection connection, HttpServerRequest request) {
        this.server = server;
        this.connection = connection;
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
            checkFields();
            cutTarget(request.uri());
            target = server.router().target(headers.first("host"), rawPath);
            authenticate();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** Answers what is not an HTTP request within the limits; the connection ends with the answer. */
    void refuse() {
        boolean tooLong = request.decoderResult().cause() instanceof TooLongFrameException;
        S3Error error = tooLong ? S3Error.REQUEST_HEADER_SECTION_TOO_LARGE : S3Error.INVALID_REQUEST;
        S3Response response = ErrorResponse.of(
                new S3Exception(error), target, "/", requestId, server.gateway().hostId());
        connection.end();
        response.header("connection", "close");
        Future<Void> answered;
        if (tooLong) {
            // Its client is likely to be sending still.
            answered = newWriter().writeUnended(response);
            server.vertx().setTimer(LINGER_MILLIS, fired -> connection.close());
        } else {
            answered = newWriter().write(response);
        }
        answered.onComplete(
                written -> finish(response.status(), request.response().bytesWritten()));
    }

    static RequestHeaders requestHeaders(HttpServerRequest request) {
        RequestHeaders.Builder builder = new RequestHeaders.Builder();
        for (Map.Entry<String, String> field : request.headers()) {
            builder.add(field.getKey(), field.getValue());
        }
        return builder.build();
    }

    /** Refuses what others might read differently: a host that is not one, a field without a name; and a flood of fields. */
    private void checkFields() {
        int hosts = 0;
        boolean areNamed = true;
        for (int i = 0; i < headers.count(); i++) {
            String name = headers.name(i);
            areNamed &= !name.isEmpty();
            hosts += name.equals("host") ? 1 : 0;
            if (name.equals("transfer-encoding") && !headers.value(i).equalsIgnoreCase("chunked")) {
                // Chunks with something else underneath, which would be taken for the body.
                mustEnd = true;
                throw new S3Exception(S3Error.NOT_IMPLEMENTED);
            }
        }
        boolean isHostKnown = hosts == 1 || (hosts == 0 && request.version() == HttpVersion.HTTP_1_0);
        if (headers.count() > MAX_HEADER_FIELDS) {
            mustEnd = true;
            throw new S3Exception(S3Error.REQUEST_HEADER_SECTION_TOO_LARGE);
        }
        if (!areNamed || !isHostKnown) {
            mustEnd = true;
            throw new S3Exception(S3Error.INVALID_REQUEST);
        }
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
        if (operation == S3Operation.GET_OBJECT) {
            answerFromMemory(carriesOut, s3Request);
        } else {
            carriesOut.answer(s3Request).onSuccess(this::answer).onFailure(this::fail);
        }
    }

    /** How large an object's first piece is shows only when it has been read, so memory for the largest comes first. */
    private void answerFromMemory(Operation carriesOut, S3Request s3Request) {
        BodyBudget budget = server.gateway().answerBudget();
        if (budget.any().tryReserve(ResponseWriter.MAX_PIECE_BYTES)) {
            answerMemory = budget.any();
            carriesOut.answer(s3Request).onSuccess(this::answer).onFailure(this::fail);
        } else {
            budget.small()
                    .reserve(ResponseWriter.MAX_PIECE_BYTES)
                    .onSuccess(granted -> answerIfSmall(carriesOut, s3Request));
        }
    }

    /** Answers out of the memory for small bodies; a large object is read again when there is memory for it. */
    private void answerIfSmall(Operation carriesOut, S3Request s3Request) {
        BodyBudget budget = server.gateway().answerBudget();
        answerMemory = budget.small();
        carriesOut.answer(s3Request).onFailure(this::fail).onSuccess(response -> {
            if (!(response.body() instanceof S3Response.Body.Pieces pieces)
                    || pieces.length() <= BodyBudget.SMALL_BYTES) {
                answer(response);
                return;
            }
            newWriter().discard(response);
            answerMemory = null;
            budget.any().reserve(ResponseWriter.MAX_PIECE_BYTES).onSuccess(granted -> {
                answerMemory = budget.any();
                carriesOut.answer(s3Request).onSuccess(this::answer).onFailure(this::fail);
            });
        });
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

    /** Whether the client keeps the body back until it is told to continue; nobody can tell one of HTTP/1.0. */
    private boolean expectsContinue() {
        return "100-continue".equalsIgnoreCase(headers.first("expect"))
                && request.version() == HttpVersion.HTTP_1_1
                && isBodySent();
    }

    /** Whether bytes follow the head; also an empty object has some when it is sent in chunks or with a trailer. */
    private boolean isBodySent() {
        String length = headers.first("content-length");
        return headers.contains("transfer-encoding") || (length != null && !length.equals("0"));
    }

    private void onBodyWanted() {
        if (expectsContinue()) {
            continueSent = true;
            request.response().writeContinue();
        }
    }

    /** The piece of a body that the client has to send or to take, null while there is none. */
    AwaitedPiece awaitedPiece() {
        if (answered) {
            return writer.awaitedPiece();
        }
        return body == null ? null : body.awaitedPiece();
    }

    /**
     * Called from time to time: gives up a client that sends next to nothing of what is waited for, or takes nothing, or
     * whose memory others have waited for too long.
     */
    void lookAfter(long nowNanos) {
        AwaitedPiece awaited = awaitedPiece();
        boolean isWaitedFor = awaited != null
                && awaited.mustEnd(nowNanos, server.config().bodyPatience().toNanos());
        if (answered && isWaitedFor) {
            connection.cutOff();
        } else if (answered) {
            long sent = request.response().bytesWritten();
            if (sent != sentAtLastLook) {
                sentAtLastLook = sent;
                sendingSinceNanos = nowNanos;
            } else if (nowNanos - sendingSinceNanos
                    > server.config().idleTimeout().toNanos()) {
                connection.cutOff();
            }
        } else if (body != null && (bodyRate.isTooSlow(body.awaitedOffset(), body.receivedBytes()) || isWaitedFor)) {
            mustEnd = true;
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
        writer = newWriter();
        if (request.response().closed()) {
            writer.discard(response);
            finish(response.status(), 0);
            return;
        }
        boolean keep = canKeepConnection();
        if (!keep) {
            connection.end();
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

    /** Writes an answer. A header that HTTP cannot hold is a fault of ours, and still its request is answered. */
    private Future<Void> write(S3Response response) {
        try {
            return writer.write(response);
        } catch (IllegalArgumentException unwritable) {
            writer.discard(response);
            request.response().headers().clear();
            S3Response instead = ErrorResponse.of(
                    ErrorResponse.translate(unwritable, requestId),
                    target,
                    rawPath,
                    requestId,
                    server.gateway().hostId());
            CharSequence end = response.header("connection");
            return writer.write(end == null ? instead : instead.header("connection", end));
        }
    }

    private ResponseWriter newWriter() {
        S3Gateway gateway = server.gateway();
        return answerMemory == null
                ? new ResponseWriter(
                        request,
                        requestId,
                        gateway.hostId(),
                        gateway.answerBudget().any(),
                        0)
                : new ResponseWriter(
                        request, requestId, gateway.hostId(), answerMemory, ResponseWriter.MAX_PIECE_BYTES);
    }

    /**
     * Whether the next request can follow on this connection: what is left of the body must be known to be little, and a
     * client that was not told to continue may or may not send it at all.
     */
    private boolean canKeepConnection() {
        if (mustEnd || server.isFinishing()) {
            return false;
        }
        if (request.isEnded()) {
            return true;
        }
        boolean mayNotCome = expectsContinue() && !continueSent;
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
            connection.close();
            return;
        }
        request.handler(null).endHandler(end -> connection.close());
        request.resume();
        linger(1, request.bytesRead());
    }

    private void linger(int times, long readBefore) {
        server.vertx().setTimer(LINGER_MILLIS, fired -> {
            long read = request.bytesRead();
            if (times == MAX_LINGERS || read == readBefore) {
                connection.close();
            } else {
                linger(times + 1, read);
            }
        });
    }

    private void finish(int status, long sentBytes) {
        long nowNanos = System.nanoTime();
        long micros = (nowNanos - startNanos) / 1000;
        connection.onFinished(this, nowNanos);
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
