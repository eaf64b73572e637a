'use strict';

const assert = require('assert').strict;
const test = require('node:test');
const { copyEntry } = require('../entry');

test('keys stay as ZoneMTA gives them; mail text stays out; the original is untouched', () => {
    const entry = Object.freeze({
        id: '1a201591aa60009e1e',
        action: 'DROP',
        reason: 'Recipient was found from suppression list',
        'suppressed address': 'supp@rcpt.test',
        'message-id': '<a@example.test>',
        subject: 'Salary list',
        headers: { secret: 1 },
        body: 140,
        timer: false,
        ip: undefined,
        host: null,
        created: new Date(0),
        parsed: { deep: 'text' },
        log: () => 0,
        size: NaN,
        at: new Date(1795318946537),
        to: ['a@x.test', 'b@x.test']
    });
    const { event, truncated } = copyEntry(entry);
    assert.deepEqual(event, {
        id: '1a201591aa60009e1e',
        action: 'DROP',
        reason: 'Recipient was found from suppression list',
        'suppressed address': 'supp@rcpt.test',
        'message-id': '<a@example.test>',
        body: 140,
        timer: false,
        at: 1795318946537,
        to: 'a@x.test,b@x.test'
    });
    assert.equal(truncated, false);
    assert.deepEqual(copyEntry({ id: 'x', body: 'Dear Bob' }).event, { id: 'x' });
});

test('half a surrogate pair, as left by a cut reply, becomes U+FFFD', () => {
    const { event } = copyEntry({ response: '550 no \ud83d', good: '\ud83d\ude00' });
    assert.deepEqual(event, { response: '550 no \ufffd', good: '\ud83d\ude00' });
});

test('a long list of recipients is cut between two of them and counted', () => {
    const all = Array.from({ length: 1000 }, (_, i) => `user${i}@example.test`);
    const { event, truncated } = copyEntry({ to: all.join(',') });
    assert.equal(truncated, true);
    assert.equal(event.toCount, 1000);
    assert.ok(event.to.length <= 12000 && event.to.length > 11900);
    assert.ok(all.join(',').startsWith(event.to));
    assert.match(event.to, /@example\.test$/);
});

test('no entry, however large, grows past what ingest takes', () => {
    const entry = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`key${i}`, 'x'.repeat(5000)]));
    const { event, truncated } = copyEntry(entry);
    assert.ok(JSON.stringify(event).length < 16000);
    assert.equal(truncated, true);
});

test('the target of an HTTP delivery loses user, password and query', () => {
    const { event } = copyEntry({ httpUrl: 'https://bob:secret@hook.test/in/1?token=secret#x', httpResponse: 200 });
    assert.deepEqual(event, { httpUrl: 'https://hook.test/in/1', httpResponse: 200 });
});
