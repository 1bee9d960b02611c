package io.roost.mailstore.dict;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.account.MailUsers;
import io.roost.mailstore.classes.DictClass;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.MailUser;
import io.roost.mailstore.store.HereWork;
import io.roost.mailstore.store.MailAccounts;
import io.roost.mailstore.store.MailboxChanges;
import io.roost.mailstore.store.MemoryCluster;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.Placement;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.Versioning;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dict protocol as Debian's Dovecot 2.3 speaks it, over accounts on a pool in memory. */
class DictSessionTest {
    private static final String HELLO = "H3\t2\t0\t\tmail\n";
    private static final BucketRecord BUCKET = new BucketRecord(
            Bytes.hex("000102030405060708090a0b0c0d0e0f"),
            "mail",
            "owner",
            1,
            false,
            1,
            Versioning.NEVER,
            new BucketRecord.Layout(new Placement(1), 1, 4 << 20, List.of(0)),
            "",
            BucketRecord.Use.MAIL);

    private final Vertx vertx = Vertx.vertx();
    private final MemoryCluster cluster = new MemoryCluster();
    private final MailAccounts accounts = new MailAccounts(
            cluster,
            BUCKET,
            BUCKET,
            new MailboxChanges(cluster),
            () -> 1_800_000_000_000L,
            count -> Bytes.wrap(new byte[count]),
            HereWork.of(1 << 20));
    private final MailUsers users = new MailUsers(vertx, cluster, new SecureRandom(), () -> 1_800_000_000_000L);
    private final DictStore store = new DictStore(users, accounts);

    @BeforeEach
    void makeUsers() {
        init(DictClass.SHARED);
        for (String name : List.of("ada", "bob")) {
            users.create(name, "secret")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            init(users.find(name).result().map(MailUser::account).orElseThrow());
        }
    }

    private void init(AccountId account) {
        cluster.locator(accounts.place(account).locatorKey())
                .call(new ShardClass.Parameters(ShardRef.of(BUCKET), 1).init());
    }

    @AfterEach
    void stop() {
        users.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** A client on a session that is carried out at once. */
    private final class Client implements DictEffects {
        private final DictSession session = new DictSession();
        private final StringBuilder answers = new StringBuilder();
        private final List<String> closed = new ArrayList<>();

        String ask(String lines) {
            answers.setLength(0);
            session.onBytes(Buffer.buffer(lines, "ISO-8859-1"), this);
            return answers.toString();
        }

        @Override
        public void send(String lines) {
            answers.append(lines);
        }

        @Override
        public void lookup(String dict, DictCommand.Lookup lookup) {
            Future<Optional<Bytes>> value = store.lookup(dict, lookup);
            assertThat(value.isComplete()).isTrue();
            value.onSuccess(found -> session.onValue(found, this)).onFailure(this::failed);
        }

        private void failed(Throwable failure) {
            session.onFailure(DictSession.Outcome.NOTHING_DONE, failure.getMessage(), this);
        }

        @Override
        public void iterate(String dict, DictCommand.Iterate iterate) {
            Bytes after = Bytes.EMPTY;
            do {
                Future<DictClass.Page> page = store.page(dict, iterate, after);
                if (page.failed()) {
                    failed(page.cause());
                    return;
                }
                page.result().rows().forEach(row -> send(session.onRow(row.key(), row.value())));
                after = page.result().after();
            } while (!after.isEmpty());
            session.onRowsEnd(this);
        }

        @Override
        public void commit(String dict, String user, List<DictClass.Change> changes) {
            store.commit(dict, user, changes)
                    .onSuccess(how -> session.onCommitted(how, this))
                    .onFailure(this::failed);
        }

        @Override
        public void close(String why) {
            closed.add(why);
        }
    }

    private Client client() {
        Client client = new Client();
        assertThat(client.ask(HELLO)).isEmpty();
        return client;
    }

    @Test
    void whatIsSetIsFoundUnderItsUserAndDict() {
        Client client = client();
        assertThat(client.ask("Lpriv/a\tada\n")).isEqualTo("N\n");
        assertThat(client.ask("B1\tada\nS1\tpriv/a\tone \1ttab, \1nline, \0011one, \0010nul, \1rreturn, \u00e4\nC1\n"))
                .isEqualTo("O1\n");
        assertThat(client.ask("Lpriv/a\tada\n"))
                .isEqualTo("Oone \1ttab, \1nline, \0011one, \0010nul, \1rreturn, \u00e4\n");
        // A user may be named with a domain.
        assertThat(client.ask("Lpriv/a\tAda@example.org\n")).startsWith("Oone");
        assertThat(client.ask("Lpriv/a\tbob\n")).isEqualTo("N\n");
        Client other = new Client();
        assertThat(other.ask("H3\t2\t0\t\tsieve\nLpriv/a\tada\n")).isEqualTo("N\n");
        assertThat(client.ask("B2\tada\nU2\tpriv/a\nC2\nLpriv/a\tada\n")).isEqualTo("O2\nN\n");
        assertThat(client.ask("B3\tada\nS3\tpriv/empty\t\nC3\nLpriv/empty\tada\n"))
                .isEqualTo("O3\nO\n");
    }

    @Test
    void keysOfAllUsersAreOneSet() {
        Client client = client();
        // As the plugin last_login has it.
        assertThat(client.ask("B1\tada\nS1\tshared/last-login/ada\t17\nC1\n")).isEqualTo("O1\n");
        assertThat(client.ask("B1\tbob\nS1\tshared/last-login/bob\t18\nC1\n")).isEqualTo("O1\n");
        assertThat(client.ask("I1\t0\tshared/last-login/\t\n"))
                .isEqualTo("Oshared/last-login/ada\t17\nOshared/last-login/bob\t18\n\n");
    }

    @Test
    void iterationsAreOrderedAndGoAsDeepAsAskedFor() {
        Client client = client();
        assertThat(client.ask("B1\tada\nS1\tpriv/b\t2\nS1\tpriv/a\t1\nS1\tpriv/a/x\t3\nS1\tpriv/\1t\t4\nC1\n"))
                .isEqualTo("O1\n");
        assertThat(client.ask("I0\t0\tpriv/\tada\n")).isEqualTo("Opriv/\1t\t4\nOpriv/a\t1\nOpriv/b\t2\n\n");
        assertThat(client.ask("I3\t0\tpriv/\tada\n"))
                .isEqualTo("Opriv/\1t\t4\nOpriv/a\t1\nOpriv/a/x\t3\nOpriv/b\t2\n\n");
        assertThat(client.ask("I16\t0\tpriv/a\tada\n")).isEqualTo("Opriv/a\t1\n\n");
        assertThat(client.ask("I8\t0\tpriv/a/\tada\n")).isEqualTo("Opriv/a/x\t\n\n");
        assertThat(client.ask("I0\t0\tpriv/none/\tada\n")).isEqualTo("\n");
        assertThat(client.ask("I4\t0\tpriv/\tada\n")).isEqualTo("Fvalues are not sorted here\n");
    }

    @Test
    void iterationsGoOverManyPages() {
        Client client = client();
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            StringBuilder lines = new StringBuilder("B" + i + "\tada\n");
            for (int j = 0; j < 150; j++) {
                String key = "shared/" + (j % 5 == 0 ? "" : "deep/") + i + "-" + j;
                lines.append("S").append(i).append('\t').append(key).append("\tx\n");
                keys.add(key);
            }
            assertThat(client.ask(lines + "C" + i + "\n")).isEqualTo("O" + i + "\n");
        }
        Collections.sort(keys);
        assertThat(client.ask("I1\t0\tshared/\tada\n").lines().filter(line -> !line.isEmpty()))
                .containsExactlyElementsOf(
                        keys.stream().map(key -> "O" + key + "\tx").toList());
        assertThat(client.ask("I0\t0\tshared/\tada\n").lines()).hasSize(901);
    }

    @Test
    void aTransactionIsCarriedOutAsAWholeOrNotAtAll() {
        Client client = client();
        assertThat(client.ask("B1\tada\nS1\tpriv/n\t40\nA1\tpriv/n\t2\nC1\nLpriv/n\tada\n"))
                .isEqualTo("O1\nO42\n");
        assertThat(client.ask("B2\tada\nA2\tpriv/n\t-50\nT2\t17\t18\nV2\t1\nD2\nLpriv/n\tada\n"))
                .isEqualTo("AO2\nO-8\n");
        // Nothing to increment: what stands beside it is not done either.
        assertThat(client.ask("B3\tada\nS3\tpriv/other\tx\nA3\tpriv/none\t1\nC3\nLpriv/other\tada\n"))
                .isEqualTo("N3\nN\n");
        assertThat(client.ask("B4\tada\nS4\tpriv/other\tx\nA4\tpriv/other\t1\nC4\nLpriv/other\tada\n"))
                .isEqualTo("F4\tNOT_POSSIBLE\nN\n");
        assertThat(client.ask("B5\tada\nS5\tpriv/other\tx\nR5\nLpriv/other\tada\n"))
                .isEqualTo("N\n");
        assertThat(client.ask("B6\tada\nC6\n")).isEqualTo("O6\n");
        assertThat(client.ask("B7\tada\nS7\tpriv/other\tx\nS7\tshared/other\tx\nC7\nLpriv/other\tada\n"))
                .isEqualTo("F7\ta transaction changes keys of a user or shared ones, not both\nN\n");
        // Two at a time.
        assertThat(client.ask("B8\tada\nB9\tbob\nS8\tpriv/8\tx\nS9\tpriv/9\ty\nC9\nC8\nLpriv/8\tada\nLpriv/9\tbob\n"))
                .isEqualTo("O9\nO8\nOx\nOy\n");
    }

    @Test
    void aCommitIsOneTransactionOfTheStore() {
        Client client = client();
        client.ask("B1\tada\nS1\tpriv/a\t1\nS1\tpriv/b\t1\nA1\tpriv/a\t5\n");
        cluster.takeCalls();
        assertThat(client.ask("C1\n")).isEqualTo("O1\n");
        // One more finds the user.
        assertThat(cluster.takeCalls()).isEqualTo(2);
    }

    @Test
    void limitsAreToldWhenATransactionIsCommitted() {
        Client client = client();
        String large = "x".repeat(DictClass.MAX_VALUE_BYTES);
        assertThat(client.ask("B1\tada\nS1\tpriv/a\t" + large + "\nC1\n")).isEqualTo("O1\n");
        assertThat(client.ask("Lpriv/a\tada\n")).isEqualTo("O" + large + "\n");
        assertThat(client.ask("B2\tada\nS2\tpriv/b\tx" + large + "\nC2\n")).startsWith("F2\ta value of more");
        StringBuilder lines = new StringBuilder("B3\tada\n");
        for (int i = 0; i <= DictClass.MAX_CHANGES; i++) {
            lines.append("S3\tpriv/").append(i).append("\tx\n");
        }
        assertThat(client.ask(lines + "C3\nLpriv/0\tada\n"))
                .isEqualTo("F3\tmore changes than a transaction takes\nN\n");
        String key = "priv/" + "k".repeat(DictClass.MAX_KEY_BYTES);
        assertThat(client.ask("B4\tada\nS4\t" + key + "\tx\nC4\nL" + key + "\tada\n"))
                .isEqualTo("F4\ta key of more than 1024 bytes\nFa key of more than 1024 bytes\n");
        assertThat(client.ask("Lpriv/a\t\nLother/a\tada\nLpriv/a\tnobody\n"))
                .isEqualTo("Fa key of nobody\nFa key begins with priv/ or shared/\nFNO_SUCH_ACCOUNT\n");
        assertThat(client.closed).isEmpty();
    }

    @Test
    void dovecot24SaysWhenATransactionExpires() {
        Client client = new Client();
        assertThat(client.ask("H4\t0\t0\t\tmail\nB1\t0\tada\nS1\tpriv/a\tx\nC1\nB2\t60\tada\nS2\tpriv/a\ty\nC2\n"))
                .isEqualTo("O1\nF2\tkeys do not expire here\n");
        assertThat(client.ask("Lpriv/a\tada\n")).isEqualTo("Ox\n");
    }

    @Test
    void whoCannotBeUnderstoodIsEnded() {
        for (String lines : List.of(
                "GET / HTTP/1.1\n",
                "H2\t2\t0\tada\tmail\n",
                "H5\t0\t0\t\tmail\n",
                "H3\t2\t0\t\t../mail\n",
                "H3\t2\n",
                HELLO + "X\n",
                HELLO + "\n",
                HELLO + "C1\n",
                HELLO + "B1\tada\nB1\tada\n",
                HELLO + "B1\tada\nA1\tpriv/a\tmany\n",
                HELLO + "Lpriv/a\n",
                "x".repeat(DictSession.MAX_LINE_BYTES + 1))) {
            Client client = new Client();
            assertThat(client.ask(lines)).as(lines).isEmpty();
            assertThat(client.closed).as(lines).hasSize(1);
            assertThat(client.ask(HELLO + "Lpriv/a\tada\n")).isEmpty();
        }
        StringBuilder many = new StringBuilder(HELLO);
        for (int i = 0; i <= DictSession.MAX_TRANSACTIONS; i++) {
            many.append("B").append(i).append("\tada\n");
        }
        Client client = new Client();
        client.ask(many.toString());
        assertThat(client.closed).hasSize(1);
    }

    /** Random transactions in random pieces, against a map. */
    @Test
    void anyTransactionsInAnyPiecesAreAsAModelHasThem() {
        Random random = new Random(7);
        TreeMap<String, String> model = new TreeMap<>();
        Client client = client();
        for (int round = 0; round < 400; round++) {
            StringBuilder lines = new StringBuilder("B" + round + "\tada\n");
            TreeMap<String, String> after = new TreeMap<>(model);
            boolean isFound = true;
            for (int i = random.nextInt(6); i >= 0; i--) {
                String key = "priv/" + random.nextInt(12);
                switch (random.nextInt(3)) {
                    case 0 -> {
                        String value = Integer.toString(random.nextInt(1000));
                        lines.append("S" + round + "\t" + key + "\t" + value + "\n");
                        after.put(key, value);
                    }
                    case 1 -> {
                        lines.append("U" + round + "\t" + key + "\n");
                        after.remove(key);
                    }
                    default -> {
                        lines.append("A" + round + "\t" + key + "\t3\n");
                        isFound &= after.containsKey(key);
                        after.computeIfPresent(key, (k, value) -> Long.toString(Long.parseLong(value) + 3));
                    }
                }
            }
            lines.append("C" + round + "\nI1\t0\tpriv/\tada\n");
            model = isFound ? after : model;
            StringBuilder expected = new StringBuilder((isFound ? "O" : "N") + round + "\n");
            model.forEach((key, value) -> expected.append("O" + key + "\t" + value + "\n"));
            String all = lines.toString();
            StringBuilder answers = new StringBuilder();
            for (int at = 0; at < all.length(); ) {
                int end = Math.min(all.length(), at + 1 + random.nextInt(20));
                answers.append(client.ask(all.substring(at, end)));
                at = end;
            }
            assertThat(answers.toString()).isEqualTo(expected + "\n");
        }
    }

    @Test
    void anyBytesAreReadOrEndTheConnection() {
        Random random = new Random(3);
        String alphabet = "HLIBSUATVCDR0123\t\n\1trn/privshared";
        for (int round = 0; round < 2_000; round++) {
            Client client = new Client();
            StringBuilder lines = new StringBuilder(random.nextBoolean() ? HELLO : "");
            for (int i = random.nextInt(200); i >= 0; i--) {
                lines.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            client.ask(lines.toString());
            assertThat(client.session.isWaiting()).isFalse();
            assertThat(client.closed.size()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void fieldsAreReadAsTheyWereWritten() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        String escaped = DictLine.escaped(Bytes.wrap(all));
        assertThat(escaped)
                .doesNotContain("\t")
                .doesNotContain("\n")
                .doesNotContain("\r")
                .doesNotContain("\0");
        assertThat(DictLine.fields(escaped + "\t" + escaped)).containsExactly(Bytes.wrap(all), Bytes.wrap(all));
        assertThat(new String(all, StandardCharsets.ISO_8859_1)).isEqualTo(DictLine.text(Bytes.wrap(all)));
    }
}
