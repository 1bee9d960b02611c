package io.roost.deploy.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * One connection with one request in flight, opened again when it is lost. Everything but {@link #run} happens on its
 * event loop. What fails to be written closes the channel, and that is where failures are dealt with: the futures of
 * writing and closing say nothing more.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class S3Connection extends ChannelInboundHandlerAdapter {
    private static final long RECONNECT_MILLIS = 100;

    private final Bootstrap bootstrap;
    private final S3Target target;
    private final RequestWriter writer;
    private final SplittableRandom random;
    private final int thread;
    private final long expectedBytes;
    private final int expectedEntries;
    private final ResponseParser parser = new ResponseParser();
    private Channel channel;
    private Phase phase;
    private Step step;
    private long beginNanos;
    private int failuresInARow;

    S3Connection(
            Bootstrap bootstrap, S3Target target, SslContext tls, RequestWriter writer, BenchPlan plan, int number) {
        this.target = target;
        this.writer = writer;
        this.thread = number % plan.threads();
        this.random = new SplittableRandom(number);
        this.expectedBytes = plan.sizeBytes();
        this.expectedEntries = plan.pages().entriesPerPage(plan.objects());
        this.bootstrap = bootstrap.handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel opened) {
                if (tls != null) {
                    opened.pipeline().addLast(tls.newHandler(opened.alloc(), target.host(), target.port()));
                }
                opened.pipeline().addLast(S3Connection.this);
            }
        });
    }

    /** The same handler serves each channel of the connection, one after the other. */
    @Override
    public boolean isSharable() {
        return true;
    }

    /** Takes part in a phase until its source ends. From any thread; one phase at a time. */
    void run(Phase next) {
        bootstrap.config().group().next().execute(() -> begin(next));
    }

    /** Ends whatever goes on. From any thread. */
    void close() {
        bootstrap.config().group().next().execute(() -> {
            phase = null;
            if (channel != null) {
                channel.close();
            }
        });
    }

    private void begin(Phase next) {
        phase = next;
        failuresInARow = 0;
        step = null;
        if (channel != null && channel.isActive()) {
            sendNext();
        } else {
            connect();
        }
    }

    private void connect() {
        bootstrap.connect(target.host(), target.port()).addListener((ChannelFuture connected) -> {
            if (connected.isSuccess()) {
                channel = connected.channel();
                if (phase != null) {
                    sendNext();
                }
            } else {
                lost("no connection: " + reason(connected.cause()));
            }
        });
    }

    /** Netty's message without the name and the number of the system call. */
    private static String reason(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        int call = message.indexOf("): ");
        return call < 0 ? message : message.substring(call + "): ".length());
    }

    private void sendNext() {
        long now = System.nanoTime();
        step = phase.isOver(now) ? null : phase.source().next(random);
        if (step == null) {
            done();
            return;
        }
        parser.begin(step.operation());
        beginNanos = System.nanoTime();
        List<ByteBuf> parts = writer.write(step, channel.alloc(), System.currentTimeMillis() / 1000);
        for (ByteBuf part : parts) {
            channel.write(part);
        }
        channel.flush();
    }

    private void done() {
        Phase ended = phase;
        phase = null;
        ended.connectionDone();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (step == null) {
                // Bytes that nobody asked for: the connection cannot be used any more.
                context.close();
            } else if (parser.feed(in)) {
                answered(context);
            }
        } finally {
            in.release();
        }
    }

    private void answered(ChannelHandlerContext context) {
        long now = System.nanoTime();
        Step sent = step;
        step = null;
        failuresInARow = 0;
        String failure = failure(sent.operation());
        if (failure == null) {
            phase.succeeded(thread, beginNanos, now, bytes(sent.operation()));
        } else {
            phase.failed(thread, now, failure);
        }
        if (parser.isClosing()) {
            channel = null;
            context.close();
            connect();
        } else {
            sendNext();
        }
    }

    private long bytes(Operation operation) {
        return switch (operation) {
            case PUT -> expectedBytes;
            case GET, LIST -> parser.bodyBytes();
            default -> 0;
        };
    }

    private String failure(Operation operation) {
        int status = parser.status();
        if (status < 200 || status >= 300) {
            return operation + " " + parser.errorCode();
        }
        if (operation == Operation.LIST && parser.entries() < expectedEntries) {
            return operation + " answered " + parser.entries() + " entries";
        }
        boolean hasSize = operation == Operation.GET || operation == Operation.HEAD;
        if (hasSize && parser.bodyBytes() != expectedBytes) {
            return operation + " answered " + parser.bodyBytes() + " bytes";
        }
        return null;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (context.channel() == channel) {
            channel = null;
            if (phase != null) {
                lost("connection closed by the server");
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (context.channel() == channel) {
            channel = null;
            if (phase != null) {
                lost(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
            }
        }
        context.close();
    }

    /** A failure of the connection, whether a request was in flight or not. */
    private void lost(String why) {
        if (phase == null) {
            return;
        }
        step = null;
        phase.failed(thread, System.nanoTime(), why);
        failuresInARow++;
        if (failuresInARow >= Phase.MAX_FAILURES_IN_A_ROW) {
            done();
        } else {
            bootstrap.config().group().next().schedule(this::reconnect, RECONNECT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void reconnect() {
        if (phase != null) {
            connect();
        }
    }
}
