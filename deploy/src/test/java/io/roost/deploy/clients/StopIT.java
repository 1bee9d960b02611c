package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.deploy.RoostProcess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** A server that is told to stop while a client of the AWS SDK is at work. */
class StopIT {
    /** Half of it is more than sockets can hold: when that has been read, the server has the request. */
    private static final int BYTES = 40_000_000;

    @TempDir
    private Path data;

    private static S3Client client(RoostProcess process) {
        return SdkClients.pathStyle(new S3Server(
                process.endpoint(), RoostProcess.ACCESS_KEY, RoostProcess.SECRET_KEY, Optional.of(process.data())));
    }

    /** The second half of it comes only when the server takes no more connections. */
    private static final class HaltingBody extends InputStream {
        private final ByteArrayInputStream bytes = new ByteArrayInputStream(Trees.bytes(3, BYTES));
        private final RoostProcess process;
        private CompletableFuture<Integer> exitCode;

        HaltingBody(RoostProcess process) {
            this.process = process;
        }

        @Override
        public int read() throws IOException {
            haltHalfway();
            return bytes.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            haltHalfway();
            return bytes.read(buffer, offset, length);
        }

        private void haltHalfway() throws IOException {
            if (exitCode == null && bytes.available() < BYTES / 2) {
                exitCode = CompletableFuture.supplyAsync(process::stop);
                while (isListening()) {
                    Thread.onSpinWait();
                }
            }
        }

        private boolean isListening() throws IOException {
            try (Socket socket =
                    new Socket(process.endpoint().getHost(), process.endpoint().getPort())) {
                return socket.isConnected();
            } catch (ConnectException refused) {
                return false;
            }
        }
    }

    @Test
    void anUploadUnderWayIsFinishedFirst() {
        try (RoostProcess process = RoostProcess.on(data);
                S3Client s3 = client(process)) {
            s3.createBucket(r -> r.bucket("stop"));
            HaltingBody body = new HaltingBody(process);
            s3.putObject(r -> r.bucket("stop").key("k"), RequestBody.fromInputStream(body, BYTES));
            assertThat(body.exitCode.join()).isIn(0, 143);
        }
        try (RoostProcess process = RoostProcess.on(data);
                S3Client s3 = client(process)) {
            assertThat(s3.getObjectAsBytes(r -> r.bucket("stop").key("k")).asByteArray())
                    .isEqualTo(Trees.bytes(3, BYTES));
        }
    }
}
