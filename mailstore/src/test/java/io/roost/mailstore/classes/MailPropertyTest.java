package io.roost.mailstore.classes;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.MailModel.Folder;
import io.roost.mailstore.classes.MailModel.Message;
import io.roost.mailstore.classes.StoreClass.Before;
import io.roost.mailstore.classes.StoreClass.Effect;
import io.roost.mailstore.classes.StoreClass.Mode;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.EmailReferences;
import io.roost.mailstore.mailbox.FolderChanges;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mailbox.UidSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random commands on one account, held against {@link MailModel}: results, order of UIDs, MODSEQ, counts, quota, bodies
 * and references after each; and a client that knew any earlier state and follows the changes knows the present one. Odd
 * seeds inject store misses.
 */
class MailPropertyTest {
    private static final int STEPS = 250;
    private static final long LIMIT_BYTES = 40_000;
    private static final List<String> KEYWORDS = List.of("$Work", "$Later", "$Junk", "x", "y");

    private final MailModel model = new MailModel();
    private final Set<List<Long>> usedUids = new HashSet<>();
    private MailFixture mail;
    private Random random;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theAccountIsWhatTheModelSays(long seed) {
        mail = new MailFixture(seed, seed % 2 == 1);
        random = mail.random();
        mail.createAccount(new Quota(LIMIT_BYTES, 0));
        model.folders.put("INBOX", new Folder(FolderNumber.INBOX));
        for (int step = 0; step < STEPS; step++) {
            mail.pass(random.nextInt(1_000));
            step();
            check("seed " + seed + ", step " + step);
        }
    }

    private void step() {
        switch (random.nextInt(17)) {
            case 0, 1, 2, 3 -> append();
            case 4, 5, 6 -> store();
            case 7, 8 -> expunge();
            case 9, 10 -> copy();
            case 11, 12 -> move();
            case 13 -> folders();
            case 14 -> undelete();
            case 15 -> replace();
            default -> purge();
        }
    }

    private Folder anyFolder() {
        List<Folder> all = model.all();
        return all.get(random.nextInt(all.size()));
    }

    private Set<String> anyKeywords() {
        Set<String> keywords = new LinkedHashSet<>();
        for (String keyword : KEYWORDS) {
            if (random.nextInt(4) == 0) {
                keywords.add(keyword);
            }
        }
        return keywords;
    }

    /** Ranges of UIDs, of which some exist. */
    private UidSet anyUids(Folder folder) {
        if (random.nextInt(4) == 0) {
            return UidSet.of(1, UidSet.MAX_UID);
        }
        UidSet.Builder uids = new UidSet.Builder();
        for (long uid = 1; uid < folder.uidNext + 3; uid++) {
            if (random.nextInt(3) == 0) {
                uids.add(uid);
            }
        }
        return uids.build();
    }

    private static boolean isIn(UidSet uids, long uid) {
        return uids.ranges().stream().anyMatch(range -> range.first() <= uid && uid <= range.last());
    }

    private void append() {
        Folder folder = anyFolder();
        int count = random.nextInt(5) == 0 ? 2 + random.nextInt(3) : 1;
        List<Message> messages = new ArrayList<>();
        AppendClass.Item[] items = new AppendClass.Item[count];
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            Message message =
                    new Message(new EmailId(mail.id()), random.nextInt(900), random.nextInt(32), anyKeywords());
            messages.add(message);
            items[i] =
                    mail.item(message.email(), message.sizeBytes(), message.flags(), List.copyOf(message.keywords()));
            bytes += message.sizeBytes();
        }
        CallReply reply = mail.call(mail.append(FolderRef.of(folder.number), items));
        if (model.bytes() + bytes > LIMIT_BYTES) {
            assertThat(reply.status()).isEqualTo(MailStatus.OVER_QUOTA.code());
            return;
        }
        assertThat(reply.status()).isZero();
        AppendClass.Reply appended = AppendClass.Reply.decode(reply.output());
        assertThat(appended.firstUid()).isEqualTo(folder.uidNext);
        folder.modSeq++;
        messages.forEach(message -> added(folder, message));
        folder.record();
        assertThat(appended.modSeq()).isEqualTo(folder.modSeq);
        // Sent again, it changes nothing and answers the same.
        assertThat(mail.ok(mail.append(FolderRef.of(folder.number), items))).isEqualTo(reply.output());
    }

    private void replace() {
        Folder source = anyFolder();
        Folder target = anyFolder();
        long uid = 1L + random.nextInt((int) source.uidNext);
        Message old = source.messages.get(uid);
        Message message = new Message(new EmailId(mail.id()), random.nextInt(900), random.nextInt(32), anyKeywords());
        long keepUntil = random.nextBoolean() ? ExpungeClass.KEEP_NOT : mail.now() + random.nextInt(20_000);
        ClassCall call = mail.replace(
                new ReplaceClass.Replaced(source.number, uid, keepUntil),
                FolderRef.of(target.number),
                mail.item(message.email(), message.sizeBytes(), message.flags(), List.copyOf(message.keywords())));
        CallReply reply = mail.call(call);
        if (old == null) {
            assertThat(reply.status()).isEqualTo(MailStatus.NO_SUCH_MESSAGE.code());
            return;
        }
        if (model.bytes() - old.sizeBytes() + message.sizeBytes() > LIMIT_BYTES) {
            assertThat(reply.status()).isEqualTo(MailStatus.OVER_QUOTA.code());
            return;
        }
        assertThat(reply.status()).isZero();
        target.modSeq++;
        if (source != target) {
            source.modSeq++;
        }
        if (keepUntil > 0) {
            model.kept.put(List.of((long) source.number.value(), uid), old);
        }
        source.remove(uid);
        assertThat(AppendClass.Reply.decode(reply.output()).firstUid()).isEqualTo(added(target, message));
        target.record();
        source.record();
        assertThat(mail.ok(call)).isEqualTo(reply.output());
    }

    private long added(Folder folder, Message message) {
        long uid = folder.uidNext++;
        assertThat(usedUids.add(List.of((long) folder.number.value(), uid))).isTrue();
        folder.put(uid, message);
        return uid;
    }

    private void store() {
        Folder folder = anyFolder();
        UidSet uids = anyUids(folder);
        Mode mode = List.of(Mode.REPLACE, Mode.ADD, Mode.REMOVE).get(random.nextInt(3));
        int flags = random.nextInt(32);
        Set<String> keywords = anyKeywords();
        boolean isConditional = random.nextInt(3) == 0;
        long condition = isConditional ? random.nextInt((int) folder.modSeq + 2) : StoreClass.UNCONDITIONAL;
        long known = random.nextInt((int) folder.modSeq + 1);
        Map<Long, Long> before = Map.copyOf(folder.modSeqs);
        StoreClass.Parameters parameters = new StoreClass.Parameters(
                mail.caller(),
                folder.number,
                uids,
                1,
                known,
                new StoreClass.Change(condition, mode, flags, List.copyOf(keywords)));
        StoreClass.Reply reply = StoreClass.Reply.decode(mail.ok(parameters.call()));
        assertThat(reply.resumeAt()).isZero();
        Map<Long, Message> changed = new LinkedHashMap<>();
        List<Long> met = new ArrayList<>();
        List<Long> modified = new ArrayList<>();
        folder.messages.forEach((uid, message) -> {
            if (!isIn(uids, uid)) {
                return;
            }
            if (folder.modSeqs.get(uid) > condition) {
                modified.add(uid);
                return;
            }
            met.add(uid);
            Message after = stored(message, mode, flags, keywords);
            if (!after.equals(message)) {
                changed.put(uid, after);
            }
        });
        assertThat(reply.modified().toList()).isEqualTo(modified);
        assertThat(reply.stored()).extracting(StoreClass.Stored::uid).isEqualTo(met);
        if (!changed.isEmpty()) {
            folder.modSeq++;
            changed.forEach(folder::put);
            folder.record();
        }
        assertThat(reply.modSeq()).isEqualTo(folder.modSeq);
        FolderHeader header = mail.header(folder.number);
        for (StoreClass.Stored each : reply.stored()) {
            Message now = folder.messages.get(each.uid());
            assertThat(each.effect()).isEqualTo(changed.containsKey(each.uid()) ? Effect.CHANGED : Effect.SAME);
            assertThat(each.before()).isEqualTo(before.get(each.uid()) > known ? Before.NEWS : Before.KNOWN);
            assertThat(each.flags().system()).isEqualTo(now.flags());
            assertThat(Set.copyOf(header.keywordsOf(each.flags().keywords()))).isEqualTo(now.keywords());
        }
    }

    private static Message stored(Message message, Mode mode, int flags, Set<String> keywords) {
        Set<String> changed = new HashSet<>(mode == Mode.REPLACE ? Set.of() : message.keywords());
        if (mode == Mode.REMOVE) {
            changed.removeAll(keywords);
        } else {
            changed.addAll(keywords);
        }
        int newFlags = switch (mode) {
            case REPLACE -> flags;
            case ADD -> message.flags() | flags;
            case REMOVE -> message.flags() & ~flags;
        };
        return message.with(newFlags, changed);
    }

    private void expunge() {
        Folder folder = anyFolder();
        UidSet uids = anyUids(folder);
        long keepUntil = random.nextBoolean() ? ExpungeClass.KEEP_NOT : mail.now() + random.nextInt(20_000);
        ExpungeClass.Reply reply = ExpungeClass.Reply.decode(
                mail.ok(new ExpungeClass.Parameters(mail.caller(), folder.number, uids, 1, keepUntil).call()));
        List<Long> gone = folder.messages.entrySet().stream()
                .filter(each -> isIn(uids, each.getKey()) && (each.getValue().flags() & MailFlags.DELETED) != 0)
                .map(Map.Entry::getKey)
                .toList();
        assertThat(reply.expunged().toList()).isEqualTo(gone);
        if (!gone.isEmpty()) {
            folder.modSeq++;
            for (long uid : gone) {
                if (keepUntil > 0) {
                    model.kept.put(List.of((long) folder.number.value(), uid), folder.messages.get(uid));
                }
                folder.remove(uid);
            }
            folder.record();
        }
        assertThat(reply.modSeq()).isEqualTo(folder.modSeq);
    }

    private List<Long> existing(Folder folder, UidSet uids) {
        return folder.messages.keySet().stream().filter(uid -> isIn(uids, uid)).toList();
    }

    private void copy() {
        Folder source = anyFolder();
        Folder target = anyFolder();
        UidSet uids = anyUids(source);
        List<Long> sources = existing(source, uids);
        long bytes = sources.stream()
                .mapToLong(uid -> source.messages.get(uid).sizeBytes())
                .sum();
        CallReply reply =
                mail.call(new CopyClass.Parameters(mail.caller(), source.number, uids, 1, FolderRef.of(target.number))
                        .copy(mail.id()));
        if (model.bytes() + bytes > LIMIT_BYTES) {
            assertThat(reply.status()).isEqualTo(MailStatus.OVER_QUOTA.code());
            return;
        }
        assertThat(reply.status()).isZero();
        transferred(CopyClass.Reply.decode(reply.output()), source, target, sources, false);
    }

    private void move() {
        Folder source = anyFolder();
        Folder target = anyFolder();
        UidSet uids = anyUids(source);
        CopyClass.Reply reply = CopyClass.Reply.decode(mail.ok(
                new CopyClass.Parameters(mail.caller(), source.number, uids, 1, FolderRef.of(path(target))).move()));
        transferred(reply, source, target, existing(source, uids), true);
    }

    private String path(Folder folder) {
        return model.folders.entrySet().stream()
                .filter(each -> each.getValue() == folder)
                .findAny()
                .orElseThrow()
                .getKey();
    }

    private void transferred(CopyClass.Reply reply, Folder source, Folder target, List<Long> sources, boolean isMove) {
        assertThat(reply.source().toList()).isEqualTo(sources);
        assertThat(reply.target()).isEqualTo(target.number);
        assertThat(reply.uidValidity()).isEqualTo(mail.header(target.number).uidValidity());
        if (sources.isEmpty()) {
            return;
        }
        assertThat(reply.firstUid()).isEqualTo(target.uidNext);
        target.modSeq++;
        if (isMove && source != target) {
            source.modSeq++;
        }
        for (long uid : sources) {
            Message message = source.messages.get(uid);
            if (isMove) {
                source.remove(uid);
            }
            added(target, message);
        }
        target.record();
        source.record();
    }

    private void folders() {
        List<String> paths = new ArrayList<>(model.folders.keySet());
        if (model.folders.size() < 4) {
            String path = "f" + random.nextInt(1_000_000) + (random.nextBoolean() ? "/sub" : "");
            model.folders.put(path, new Folder(mail.createFolder(path)));
            return;
        }
        String path = paths.get(1 + random.nextInt(paths.size() - 1));
        if (random.nextBoolean()) {
            String other = "r" + random.nextInt(1_000_000);
            mail.ok(FolderClass.rename(mail.caller(), path, other));
            model.folders.put(other, model.folders.remove(path));
            return;
        }
        Folder folder = model.folders.remove(path);
        mail.ok(FolderClass.delete(mail.caller(), path));
        long keepUntil = random.nextBoolean() ? ExpungeClass.KEEP_NOT : mail.now() + 5_000;
        FolderEndClass.Parameters end = new FolderEndClass.Parameters(mail.caller(), folder.number, keepUntil);
        int steps = 0;
        while (Progress.decode(mail.ok(end.call())) == Progress.MORE) {
            assertThat(steps++).isLessThan(10);
        }
        if (keepUntil > 0) {
            folder.messages.forEach(
                    (uid, message) -> model.kept.put(List.of((long) folder.number.value(), uid), message));
        }
    }

    private List<KeptClass.Listed> kept() {
        return KeptClass.ListReply.decode(mail.ok(
                        new KeptClass.ListParameters(MailFixture.ACCOUNT, KeptClass.ListParameters.BEGIN).call()))
                .messages();
    }

    private static List<Long> place(EmailReferences.Place place) {
        return List.of((long) place.folder().value(), place.uid());
    }

    private void undelete() {
        Folder target = anyFolder();
        List<EmailReferences.Place> places = new ArrayList<>();
        long bytes = 0;
        for (KeptClass.Listed listed : kept()) {
            if (random.nextBoolean()) {
                places.add(listed.place());
                bytes += listed.kept().record().sizeBytes();
            }
        }
        CallReply reply =
                mail.call(new KeptClass.UndeleteParameters(mail.caller(), places, FolderRef.of(target.number)).call());
        if (model.bytes() + bytes > LIMIT_BYTES) {
            assertThat(reply.status()).isEqualTo(MailStatus.OVER_QUOTA.code());
            return;
        }
        assertThat(reply.status()).isZero();
        assertThat(KeptClass.count(reply.output())).isEqualTo(places.size());
        if (!places.isEmpty()) {
            target.modSeq++;
            for (EmailReferences.Place place : places) {
                Message message = model.kept.remove(place(place));
                added(target, message.with(message.flags() & ~MailFlags.DELETED, message.keywords()));
            }
            target.record();
        }
    }

    private void purge() {
        Map<List<Long>, Long> dues = new LinkedHashMap<>();
        kept().forEach(listed -> dues.put(place(listed.place()), listed.kept().dueMillis()));
        assertThat(dues.keySet()).isEqualTo(model.kept.keySet());
        int purged = 0;
        int last;
        do {
            last = KeptClass.count(mail.ok(KeptClass.purge(mail.caller())));
            purged += last;
        } while (last > 0);
        int before = model.kept.size();
        model.kept.keySet().removeIf(place -> dues.get(place) <= mail.now());
        assertThat(purged).isEqualTo(before - model.kept.size());
    }

    private void check(String when) {
        assertThat(mail.account().used()).as(when).isEqualTo(new Quota(model.bytes(), model.messages()));
        for (Folder folder : model.all()) {
            checkFolder(folder, when);
        }
        Map<EmailId, Integer> contents = model.contents();
        assertThat(mail.counters().objects()).as(when).isEqualTo(contents.size());
        assertThat(mail.counters().bytes())
                .as(when)
                .isEqualTo(contents.values().stream().mapToLong(size -> size).sum());
        assertThat(mail.rows(MailRows.CONTENT)).as(when).isEqualTo(contents.size());
        assertThat(mail.rows(MailRows.REFERENCES)).as(when).isEqualTo(contents.size());
        for (EmailId email : contents.keySet()) {
            EmailReferences references =
                    EmailReferences.decode(mail.locator().attributes(MailRows.references(MailFixture.ACCOUNT, email)));
            Set<List<Long>> places = new HashSet<>();
            references.places().forEach(place -> places.add(place(place)));
            assertThat(places)
                    .as(when)
                    .isEqualTo(model.places(email))
                    .hasSize(references.places().size());
        }
        assertThat(mail.rows(MailRows.KEPT)).as(when).isEqualTo(model.kept.size());
        assertThat(mail.rows(MailRows.KEPT_END)).as(when).isEqualTo(model.kept.size());
        assertThat(mail.rows(MailRows.MESSAGE)).as(when).isEqualTo(model.messages());
        assertThat(mail.rows(MailRows.FOLDER)).as(when).isEqualTo(model.folders.size());
    }

    private void checkFolder(Folder folder, String when) {
        SelectClass.Reply opened = mail.select(FolderRef.of(folder.number));
        FolderHeader header = opened.header();
        assertThat(opened.uids().toList()).as(when).containsExactlyElementsOf(folder.messages.keySet());
        assertThat(header.uidNext()).as(when).isEqualTo(folder.uidNext);
        assertThat(header.log().highestModSeq()).as(when).isEqualTo(folder.modSeq);
        assertThat(header.counts())
                .as(when)
                .isEqualTo(new FolderHeader.Counts(
                        folder.messages.size(),
                        count(folder, MailFlags.SEEN, false),
                        count(folder, MailFlags.DELETED, true),
                        folder.bytes()));
        ChangesClass.RecordsReply records = ChangesClass.RecordsReply.decode(mail.ok(
                new ChangesClass.RecordsParameters(MailFixture.ACCOUNT, folder.number, UidSet.of(1, UidSet.MAX_UID), 1)
                        .call()));
        assertThat(state(header, records.messages())).as(when).isEqualTo(folder.messages);
        for (NumberedMessage each : records.messages()) {
            assertThat(each.message().modSeq()).as(when).isEqualTo(folder.modSeqs.get(each.uid()));
        }
        follow(folder, when);
    }

    private static long count(Folder folder, int flag, boolean isSet) {
        return folder.messages.values().stream()
                .filter(message -> (message.flags() & flag) != 0 == isSet)
                .count();
    }

    private static Map<Long, Message> state(FolderHeader header, List<NumberedMessage> messages) {
        Map<Long, Message> state = new TreeMap<>();
        for (NumberedMessage each : messages) {
            state.put(each.uid(), message(header, each));
        }
        return state;
    }

    private static Message message(FolderHeader header, NumberedMessage each) {
        return new Message(
                each.message().email(),
                (int) each.message().sizeBytes(),
                each.message().flags().system(),
                Set.copyOf(header.keywordsOf(each.message().flags().keywords())));
    }

    /** A client that knew some earlier state asks what has changed (RFC 7162 3.2.5). */
    private void follow(Folder folder, String when) {
        List<Long> known = new ArrayList<>(folder.history.keySet());
        long since = known.get(random.nextInt(known.size()));
        Map<Long, Message> state = new TreeMap<>(folder.history.get(since));
        long until = since;
        FolderChanges reply;
        do {
            Bytes output = mail.ok(new ChangesClass.SinceParameters(MailFixture.ACCOUNT, folder.number, until).call());
            reply = ChangesClass.decodeChanges(output);
            reply.expunged().toList().forEach(state::remove);
            for (NumberedMessage each : reply.changed()) {
                state.put(each.uid(), message(reply.header(), each));
            }
            assertThat(reply.untilModSeq()).as(when).isGreaterThanOrEqualTo(until);
            until = reply.untilModSeq();
        } while (until < reply.header().log().highestModSeq());
        assertThat(state).as("%s, %s since %d", when, folder.number, since).isEqualTo(folder.messages);
    }
}
