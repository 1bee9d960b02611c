package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.UIDFolder;
import jakarta.mail.event.MessageCountAdapter;
import jakarta.mail.event.MessageCountEvent;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.search.AndTerm;
import jakarta.mail.search.BodyTerm;
import jakarta.mail.search.FlagTerm;
import jakarta.mail.search.SubjectTerm;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.angus.mail.imap.AppendUID;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.eclipse.angus.mail.imap.ResyncData;
import org.eclipse.angus.mail.imap.SortTerm;

/** A session of angus-mail, the mail client of Jakarta EE. */
final class AngusMail {
    private static final long WAIT_SECONDS = 120;

    private final Session session;
    private final int port;
    private final String user;

    /** How much of the server a session uses. */
    enum Extensions {
        /** What RFC 3501 has. */
        NONE,
        /** UIDPLUS, CONDSTORE, QRESYNC, SORT, MOVE, COMPRESS. */
        ALL
    }

    AngusMail(int port, String user) {
        this.port = port;
        this.user = user;
        this.session = session(false);
    }

    private static Session session(boolean isCompressed) {
        Properties properties = new Properties();
        properties.setProperty("mail.imap.compress.enable", Boolean.toString(isCompressed));
        properties.setProperty("mail.imap.timeout", "60000");
        return Session.getInstance(properties);
    }

    private IMAPStore connect(boolean isCompressed) throws Exception {
        IMAPStore store = (IMAPStore) session(isCompressed).getStore("imap");
        store.connect("127.0.0.1", port, user, "secret");
        return store;
    }

    private MimeMessage message(int number) throws Exception {
        MimeMessage message = new MimeMessage(session);
        message.setFrom("ada@example.org");
        message.setSubject("Grüße " + (char) ('a' + 25 - number), "UTF-8");
        MimeBodyPart text = new MimeBodyPart();
        text.setText("Text " + number + " äöü", "UTF-8");
        MimeBodyPart attachment = new MimeBodyPart();
        attachment.setContent(new byte[10_000], "application/octet-stream");
        attachment.setFileName("Anhang.bin");
        message.setContent(new MimeMultipart(text, attachment));
        message.saveChanges();
        return message;
    }

    /** Everything that a client does. */
    void converse(Extensions extensions) throws Exception {
        boolean isAll = extensions == Extensions.ALL;
        try (IMAPStore store = connect(isAll)) {
            IMAPFolder folder = (IMAPFolder) store.getFolder("Angus-" + extensions);
            assertThat(folder.create(Folder.HOLDS_MESSAGES)).isTrue();
            IMAPFolder other = (IMAPFolder) store.getFolder("Other-" + extensions);
            assertThat(other.create(Folder.HOLDS_MESSAGES)).isTrue();
            append(folder, extensions);
            if (isAll) {
                folder.open(Folder.READ_WRITE, ResyncData.CONDSTORE);
                assertThat(folder.getHighestModSeq()).isPositive();
            } else {
                folder.open(Folder.READ_WRITE);
            }
            read(folder);
            flagsAndSearch(folder);
            if (isAll) {
                sorted(folder);
            }
            leave(folder, other, extensions);
            idle(folder);
            long validity = folder.getUIDValidity();
            long modSeq = isAll ? folder.getHighestModSeq() : 0;
            folder.close(false);
            if (isAll) {
                assertThat(folder.open(Folder.READ_WRITE, new ResyncData(validity, modSeq)))
                        .isNotNull();
                folder.close(false);
            }
            assertThat(store.getQuota("INBOX")).isNotEmpty();
            assertThat(folder.renameTo(store.getFolder("Renamed-" + extensions)))
                    .isTrue();
            assertThat(store.getFolder("Renamed-" + extensions).delete(false)).isTrue();
        }
    }

    private void append(IMAPFolder folder, Extensions extensions) throws Exception {
        for (int number = 1; number <= 10; number++) {
            Message[] one = {message(number)};
            if (extensions == Extensions.ALL) {
                AppendUID[] uids = folder.appendUIDMessages(one);
                assertThat(uids[0].uid).isEqualTo(number);
            } else {
                folder.appendMessages(one);
            }
        }
    }

    private static void read(IMAPFolder folder) throws Exception {
        Message[] messages = folder.getMessages();
        assertThat(messages).hasSize(10);
        FetchProfile profile = new FetchProfile();
        profile.add(FetchProfile.Item.ENVELOPE);
        profile.add(FetchProfile.Item.CONTENT_INFO);
        profile.add(UIDFolder.FetchProfileItem.UID);
        folder.fetch(messages, profile);
        for (int i = 0; i < messages.length; i++) {
            assertThat(messages[i].getSubject()).isEqualTo("Grüße " + (char) ('y' - i));
            assertThat(folder.getUID(messages[i])).isEqualTo(i + 1);
        }
        MimeMultipart parts = (MimeMultipart) messages[4].getContent();
        assertThat(parts.getBodyPart(0).getContent()).isEqualTo("Text 5 äöü");
        assertThat(parts.getBodyPart(1).getFileName()).isEqualTo("Anhang.bin");
        assertThat(parts.getBodyPart(1).getInputStream().readAllBytes()).isEqualTo(new byte[10_000]);
    }

    private static List<Integer> numbers(Message[] messages) {
        return Arrays.stream(messages).map(Message::getMessageNumber).toList();
    }

    private static void flagsAndSearch(IMAPFolder folder) throws Exception {
        Flags flags = new Flags(Flags.Flag.FLAGGED);
        flags.add("$Work");
        folder.setFlags(2, 4, flags, true);
        folder.setFlags(3, 3, new Flags(Flags.Flag.FLAGGED), false);
        assertThat(numbers(folder.search(new FlagTerm(new Flags(Flags.Flag.FLAGGED), true))))
                .containsExactly(2, 4);
        assertThat(numbers(folder.search(new FlagTerm(new Flags("$Work"), true))))
                .containsExactly(2, 3, 4);
        assertThat(numbers(folder.search(new SubjectTerm("Grüße")))).hasSize(10);
        assertThat(numbers(folder.search(new AndTerm(new BodyTerm("Text 1"), new SubjectTerm("Grüße")))))
                .containsExactly(1, 10);
    }

    private static void sorted(IMAPFolder folder) throws Exception {
        assertThat(numbers(folder.getSortedMessages(new SortTerm[] {SortTerm.SUBJECT})))
                .containsExactly(10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
    }

    private static void leave(IMAPFolder folder, IMAPFolder other, Extensions extensions) throws Exception {
        if (extensions == Extensions.ALL) {
            assertThat(folder.copyUIDMessages(folder.getMessages(1, 2), other)[1].uid)
                    .isEqualTo(2);
            assertThat(folder.moveUIDMessages(folder.getMessages(3, 4), other)[1].uid)
                    .isEqualTo(4);
        } else {
            folder.copyMessages(folder.getMessages(1, 4), other);
            folder.setFlags(3, 4, new Flags(Flags.Flag.DELETED), true);
        }
        // Messages that have been moved are forgotten here too.
        assertThat(folder.expunge()).hasSize(2);
        assertThat(folder.getMessageCount()).isEqualTo(8);
        assertThat(other.getMessageCount()).isEqualTo(4);
    }

    /** Another connection stores a message while this one idles. */
    private void idle(IMAPFolder folder) throws Exception {
        CompletableFuture<Integer> told = new CompletableFuture<>();
        folder.addMessageCountListener(new MessageCountAdapter() {
            @Override
            public void messagesAdded(MessageCountEvent event) {
                told.complete(event.getMessages().length);
            }
        });
        Thread idling = new Thread(() -> {
            try {
                folder.idle(true);
            } catch (jakarta.mail.MessagingException failure) {
                told.completeExceptionally(failure);
            }
        });
        idling.start();
        try (IMAPStore store = connect(false)) {
            store.getFolder(folder.getFullName()).appendMessages(new Message[] {message(20)});
        }
        assertThat(told.get(WAIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(1);
        idling.join();
    }
}
