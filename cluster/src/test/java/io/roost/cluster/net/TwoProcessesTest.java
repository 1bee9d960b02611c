package io.roost.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.NodeCertificate;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.wire.MonMessageCodec;
import io.roost.cluster.wire.OsdMessageCodec;
import io.roost.cluster.wire.Protocol;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real messages between this process and another, which is then killed. */
class TwoProcessesTest {
    private static final EntityName OSD = EntityName.osd(0);

    @TempDir
    private Path folder;

    private record Echo(Process process, Target target) {}

    private Echo start(long nonce) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EchoProcess.class.getName(),
                        folder.toString(),
                        OSD.toString(),
                        Long.toString(nonce))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String port = out.readLine();
        assertThat(port).as("the port that the other process prints").isNotNull();
        return new Echo(process, new Target(OSD, new NodeAddress("127.0.0.1", Integer.parseInt(port), nonce)));
    }

    private static OsdMessage.Operation operation(long tid, int bytes) {
        byte[] body = new byte[bytes];
        new Random(tid).nextBytes(body);
        return new OsdMessage.Operation(
                new RequestId(4100, 1, tid),
                3,
                new PgId(2, 5),
                new Locator(2, Bytes.utf8("b1.s3")),
                "put",
                "head",
                Bytes.utf8("parameters of " + tid),
                Data.wrap(body),
                ObjectVersion.NONE,
                0);
    }

    @Test
    void operationsAndMonitorMessagesCrossAndAKilledProcessIsNoticed() throws Exception {
        try (TestNodes nodes = new TestNodes()) {
            NodeCertificate certificate =
                    NodeCertificate.issuedBy(nodes.authority, Set.of(OSD), Instant.now(), TestNodes.RANDOM);
            Files.writeString(folder.resolve("node.pem"), certificate.certificatesPem());
            Files.writeString(folder.resolve("key.pem"), certificate.keyPem());
            TestNodes.Node client = nodes.node(EntityName.client("test"), 1, MessengerConfig.DEFAULT);

            Echo echo = start(11);
            try {
                exchange(client, echo.target());
                echo.process().destroyForcibly();
                for (int i = 0; i < 2; i++) {
                    assertThat(client.recorder.takeClosed().cause()).isEqualTo(CloseCause.RESET);
                }
                assertThat(echo.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
                client.endpoint.connection(echo.target(), Channel.BULK, 0);
                assertThat(client.recorder.takeClosed().cause()).isEqualTo(CloseCause.CONNECTION_REFUSED);
            } finally {
                echo.process().destroyForcibly();
            }
            Echo again = start(12);
            try {
                exchange(client, again.target());
            } finally {
                again.process().destroyForcibly();
            }
        }
    }

    private static void exchange(TestNodes.Node client, Target target) throws Exception {
        Connection bulk = client.endpoint.connection(target, Channel.BULK, 0);
        List<Integer> sizes = List.of(0, 1, 4096, 65_536, 300_000, 4 << 20, 100);
        for (int i = 0; i < sizes.size(); i++) {
            bulk.send(Protocol.OSD, OsdMessageCodec.encode(operation(i, sizes.get(i))));
        }
        for (int i = 0; i < sizes.size(); i++) {
            OsdMessage.Operation sent = operation(i, sizes.get(i));
            OsdMessage.OperationReply reply = (OsdMessage.OperationReply)
                    OsdMessageCodec.decode(client.recorder.takeMessage().content());
            assertThat(reply.request()).isEqualTo(sent.request());
            assertThat(reply.output()).isEqualTo(sent.parameters());
            assertThat(reply.data().isIntact()).isTrue();
            assertThat(reply.data().toArray()).isEqualTo(sent.data().toArray());
        }
        Connection control = client.endpoint.connection(target, Channel.CONTROL, 1);
        control.send(Protocol.MONITOR, MonMessageCodec.encode(new MonMessage.Authenticate(21, "client.test")));
        Recorder.Message answer = client.recorder.takeMessage();
        assertThat(answer.connection()).isSameAs(control);
        assertThat(MonMessageCodec.decode(answer.content())).isEqualTo(new MonMessage.AuthenticateReply(21, 42));
    }
}
