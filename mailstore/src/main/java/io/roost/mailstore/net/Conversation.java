package io.roost.mailstore.net;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** What a protocol does with one {@link Connection}. All of it is called on the connection's event loop. */
public interface Conversation {
    /** The client is there. */
    void onConnect();

    /** It has sent bytes. */
    void onBytes(Buffer bytes);

    /** True while something is to be answered first, and no bytes are taken. */
    boolean isWaiting();

    /** How long the client may be silent now. */
    Duration patience();

    /** It has been, for longer: say so and {@link Connection#end}. */
    void onSilence();

    /** The server ends: say so and {@link Connection#end}. */
    void onShutdown();

    /** The connection is gone. */
    void onClosed();
}
