package io.roost.deploy.agreement;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roost.deploy.RoostProcess;
import io.roost.deploy.faults.MailSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Sessions at several gateways that change one account at random while mail is delivered to it; then a model explains all that they
 * were answered and what is stored ({@link Linearization}), every session knows what is stored, and so does who was away since any
 * point at which somebody had learnt all.
 */
public final class MailAgreement {
    private static final String INBOX = "INBOX";
    private static final String ARCHIVE = "Archive";
    private static final String PASSWORD = "secret";
    private static final int SESSIONS = 8;
    /** Sessions that have the other folder open, besides. */
    private static final int ARCHIVISTS = 2;

    private static final int DELIVERERS = 2;
    private static final int MAX_PAUSE_MILLIS = 40;
    /** Moments since which somebody was away. */
    private static final int POINTS = 100;

    private static final Pattern UID = Pattern.compile("\\bUID (\\d+)");

    /** The ports of a gateway. */
    public record Gateway(int imap, int lmtp) {}

    /**
     * What was done.
     *
     * @param findings what is wrong, none when all agrees
     * @param commands that changed or could change something, deliveries among them
     * @param appended messages that came in
     * @param left messages at the end
     * @param points at which somebody was away
     * @param steps of the search for an order
     */
    public record Report(List<String> findings, int commands, int appended, long left, int points, long steps) {
        /** Copies the list. */
        public Report {
            findings = List.copyOf(findings);
        }
    }

    private final List<Gateway> gateways;
    private final String user;
    private final String data;
    private final Random random;
    private final Told told = new Told();
    private final List<RandomSession> sessions = new ArrayList<>();
    private final List<List<MailOperation>> deliveries = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    /**
     * A run on an account without mail.
     *
     * @param data a node's folder, for the administrator's commands
     */
    public MailAgreement(List<Gateway> gateways, String user, String data, long seed) {
        this.gateways = List.copyOf(gateways);
        this.user = user;
        this.data = data;
        this.random = new Random(seed);
    }

    /** Runs {@code DATA USER SECONDS SEED IMAP:LMTP...}. */
    public static void main(String[] arguments) throws Exception {
        List<Gateway> gateways = new ArrayList<>();
        for (String gateway : List.of(arguments).subList(4, arguments.length)) {
            String[] ports = gateway.split(":", -1);
            gateways.add(new Gateway(Integer.parseInt(ports[0]), Integer.parseInt(ports[1])));
        }
        MailAgreement agreement = new MailAgreement(gateways, arguments[1], arguments[0], Long.parseLong(arguments[3]));
        Report report = agreement.run(Integer.parseInt(arguments[2]));
        System.out.printf(
                "report %d commands, %d messages came in, %d are left; %d steps in search of an order; %d came back%n",
                report.commands, report.appended, report.left, report.steps, report.points);
        report.findings.forEach(finding -> System.out.println("FAIL  " + finding));
        if (!report.findings.isEmpty()) {
            Path kept = Files.createTempFile("agree", ".history");
            Files.write(
                    kept,
                    agreement.history().stream().map(MailOperation::toString).collect(Collectors.toList()));
            System.out.println("      all commands, in the order in which they began, are in " + kept);
        }
        System.exit(report.findings.isEmpty() ? 0 : 1);
    }

    private ImapSession imap(int number) throws IOException {
        return new ImapSession(gateways.get(number % gateways.size()).imap, user, PASSWORD, told);
    }

    /** Changes the account for so many seconds, and looks at what has become of it. */
    public Report run(int seconds) throws IOException, InterruptedException {
        SortedMap<String, MailboxModel.Folder> empty = new TreeMap<>();
        try (ImapSession first = imap(0)) {
            first.ask("CREATE " + ARCHIVE);
            for (String folder : List.of(INBOX, ARCHIVE)) {
                first.select(folder);
                StoredMail.Status status = first.stored().status();
                empty.put(folder, new MailboxModel.Folder(status.uidNext(), status.highestModSeq()));
            }
        }
        for (int i = 0; i < SESSIONS + ARCHIVISTS; i++) {
            ImapSession session = imap(i);
            RandomSession client = new RandomSession("s" + i, session, empty.keySet(), new Random(random.nextLong()));
            client.select(i < SESSIONS ? INBOX : ARCHIVE);
            sessions.add(client);
        }
        work(System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds));
        Report report = check(empty);
        for (RandomSession session : sessions) {
            session.session().close();
        }
        return report;
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void work(long end) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (RandomSession session : sessions) {
            threads.add(begin(() -> {
                while (System.nanoTime() < end) {
                    session.step();
                }
            }));
        }
        for (int i = 0; i < DELIVERERS; i++) {
            String name = "lmtp" + i;
            int port = gateways.get(i % gateways.size()).lmtp;
            Random own = new Random(random.nextLong());
            List<MailOperation> delivered = new ArrayList<>();
            deliveries.add(delivered);
            threads.add(begin(() -> deliver(name, port, own, end, delivered)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException(failures.size() + " clients failed", failures.get(0));
        }
    }

    private Thread begin(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException | RuntimeException | Error e) {
                synchronized (failures) {
                    failures.add(e);
                }
            }
        });
        thread.start();
        return thread;
    }

    private void deliver(String name, int port, Random own, long end, List<MailOperation> delivered)
            throws IOException, InterruptedException {
        try (MailSession lmtp = MailSession.lmtp(port)) {
            while (System.nanoTime() < end) {
                String subject = name + "-" + delivered.size();
                long beganAt = System.nanoTime();
                String reply = lmtp.deliver(user, "Subject: " + subject + "\r\n\r\ndelivered\r\n");
                if (!reply.startsWith("250 ")) {
                    throw new IllegalStateException(subject + ": " + reply);
                }
                MailCommand command = new MailCommand.Append(INBOX, subject, Set.of(), MailCommand.UNKNOWN);
                delivered.add(new MailOperation(name, beganAt, System.nanoTime(), command));
                Thread.sleep(own.nextInt(MAX_PAUSE_MILLIS));
            }
        }
    }

    /** All commands in the order in which they began. */
    private List<MailOperation> history() {
        List<MailOperation> operations = new ArrayList<>();
        sessions.forEach(session -> operations.addAll(session.operations()));
        deliveries.forEach(operations::addAll);
        operations.sort(Comparator.comparingLong(MailOperation::beganAt));
        return operations;
    }

    private Report check(SortedMap<String, MailboxModel.Folder> empty) throws IOException, InterruptedException {
        List<MailOperation> operations = history();
        StoredMail stored = stored();
        Linearization linearization = new Linearization(operations, new MailboxModel(empty), told, stored);
        List<String> findings = new ArrayList<>(linearization.findings());
        for (RandomSession session : sessions) {
            agree("session of " + session.session().folder(), session.session(), session.knownNow(), stored, findings);
        }
        int points = comeBack(stored, findings);
        int appended = (int) operations.stream()
                .filter(operation -> operation.command() instanceof MailCommand.Append)
                .count();
        return new Report(findings, operations.size(), appended, stored.usedMessages(), points, linearization.steps());
    }

    private StoredMail stored() throws IOException, InterruptedException {
        SortedMap<String, StoredMail.Folder> folders = new TreeMap<>();
        try (ImapSession alone = imap(0)) {
            for (String folder : List.of(INBOX, ARCHIVE)) {
                alone.select(folder);
                folders.put(folder, alone.stored());
            }
        }
        JsonNode status = new ObjectMapper()
                .readTree(RoostProcess.command(0, "mailbox", "status", user, "--json", "--data", data));
        return new StoredMail(
                folders,
                status.path("usedBytes").asLong(),
                status.path("usedMessages").asLong());
    }

    private static void agree(
            String who, ImapSession session, Map<Long, Set<String>> known, StoredMail stored, List<String> findings)
            throws IOException {
        Map<Long, Set<String>> truth = new TreeMap<>();
        stored.folders().get(session.folder()).messages().forEach((uid, message) -> truth.put(uid, message.flags()));
        if (!known.equals(truth)) {
            Set<Map.Entry<Long, Set<String>>> wrong = new HashSet<>(known.entrySet());
            wrong.removeAll(truth.entrySet());
            Set<Map.Entry<Long, Set<String>>> missing = new HashSet<>(truth.entrySet());
            missing.removeAll(known.entrySet());
            findings.add(who + " knows wrongly " + wrong + ", and not " + missing);
        }
        List<Long> numbered = session.ask("FETCH 1:* (UID)").stream()
                .filter(line -> line.contains(" FETCH ("))
                .map(line -> ImapSession.number(UID, line))
                .collect(Collectors.toList());
        if (!numbered.equals(List.copyOf(truth.keySet()))) {
            findings.add(who + " has numbers that do not follow the UIDs");
        }
    }

    /** Sessions that were away since some point at which another had learnt all; how many. */
    private int comeBack(StoredMail stored, List<String> findings) throws IOException {
        List<ImapSession.Point> points = new ArrayList<>();
        sessions.stream()
                .filter(session -> session.session().folder().equals(INBOX))
                .forEach(session -> points.addAll(session.points()));
        Collections.shuffle(points, random);
        List<ImapSession.Point> chosen = points.subList(0, Math.min(points.size(), POINTS));
        try (ImapSession back = imap(1)) {
            back.select(INBOX);
            long uidValidity = back.uidValidity();
            for (ImapSession.Point point : chosen) {
                back.resynchronize(INBOX, uidValidity, point);
                agree("who was away since MODSEQ " + point.modSeq(), back, back.known(), stored, findings);
            }
        }
        return chosen.size();
    }
}
