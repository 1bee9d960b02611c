// A session of imapflow: mailboxes, append, fetch, search, flags, move, delete, quota, idle, with and without compression.
//
// usage: node session.mjs IMAP_PORT USER PASSWORD
import assert from 'node:assert/strict';
import { ImapFlow } from 'imapflow';

const [port, user, pass] = process.argv.slice(2);

function connect(options = {}) {
    return new ImapFlow({
        host: '127.0.0.1',
        port: Number(port),
        secure: false,
        doSTARTTLS: false,
        auth: { user, pass },
        logger: false,
        ...options
    });
}

const wrong = connect({ auth: { user, pass: 'wrong' } });
await assert.rejects(wrong.connect(), error => error.authenticationFailed === true);

for (const disableCompression of [true, false]) {
    const box = disableCompression ? 'Plain' : 'Packed';
    const client = connect({ disableCompression });
    await client.connect();
    assert.ok(client.authenticated);
    await client.mailboxCreate(box);
    const made = await client.mailboxCreate([box, '2026']);
    assert.equal(made.path, `${box}/2026`);
    const listed = await client.list({ statusQuery: { messages: true } });
    assert.ok(listed.some(each => each.specialUse === '\\Sent'));
    assert.equal(listed.find(each => each.path === made.path).status.messages, 0);

    for (let number = 1; number <= 20; number++) {
        const text = `From: a@example.org\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= ${number}\r\n\r\nText ${number}\r\n` + 'x'.repeat(1000 * number);
        const appended = await client.append(made.path, text, ['\\Seen', '$Work'], new Date('2026-02-03T04:05:06Z'));
        assert.equal(appended.uid, number);
    }

    let lock = await client.getMailboxLock(made.path);
    try {
        assert.equal(client.mailbox.exists, 20);
        const subjects = [];
        for await (const message of client.fetch('1:*', { uid: true, envelope: true, flags: true, internalDate: true, bodyStructure: true })) {
            subjects.push(message.envelope.subject);
            assert.ok(message.flags.has('$Work') && message.flags.has('\\Seen'));
            assert.equal(message.internalDate.toISOString(), '2026-02-03T04:05:06.000Z');
            assert.equal(message.bodyStructure.type, 'text/plain');
        }
        assert.deepEqual(subjects, Array.from({ length: 20 }, (_, index) => `Grüße ${index + 1}`));
        const one = await client.fetchOne('7', { source: true }, { uid: true });
        assert.ok(one.source.toString().includes('Text 7'));
        const { content } = await client.download('20', undefined, { uid: true });
        let bytes = 0;
        for await (const piece of content) {
            bytes += piece.length;
        }
        assert.ok(bytes > 20_000);

        assert.deepEqual(await client.search({ subject: 'Grüße 1', larger: 1000 }, { uid: true }), [1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
        assert.deepEqual(await client.search({ keyword: '$Work', body: 'Text 7' }, { uid: true }), [7]);
        await client.messageFlagsAdd('1:3', ['\\Flagged'], { uid: true });
        await client.messageFlagsRemove('2', ['\\Flagged'], { uid: true });
        assert.deepEqual(await client.search({ flagged: true }, { uid: true }), [1, 3]);
        const moved = await client.messageMove('1:5', box, { uid: true });
        assert.equal(moved.uidMap.get(5), 5);
        const copied = await client.messageCopy('6', box, { uid: true });
        assert.equal(copied.uidMap.get(6), 6);
        assert.equal(await client.messageDelete('6:8', { uid: true }), true);
        assert.equal((await client.status(made.path, { messages: true, highestModseq: true })).messages, 12);
        assert.ok((await client.getQuota(made.path)) !== undefined);

        // Another connection stores a message; this one is told while it idles.
        const told = new Promise(resolve => client.once('exists', resolve));
        const idling = client.idle();
        const other = connect();
        await other.connect();
        await other.append(made.path, 'Subject: news\r\n\r\nnow\r\n');
        assert.equal((await told).count, 13);
        await client.noop();
        await idling;
        await other.logout();
    } finally {
        lock.release();
    }
    await client.mailboxRename(made.path, `${box}/old`);
    assert.equal((await client.status(`${box}/old`, { messages: true })).messages, 13);
    await client.mailboxDelete(`${box}/old`);
    await client.logout();
}
console.log('ok');
