'use strict';

const assert = require('assert').strict;
const fs = require('fs');
const path = require('path');
const test = require('node:test');
const { execFileSync } = require('child_process');
const { Reporter } = require('../reporter');
const { readSettings } = require('../settings');
const { TestClock, TestIngest, TestLog, filesBelow, problem, reply, stored, tempDir, until } = require('../test-support');

const KEY = 'wwk_unit_0123456789abcdef';
const QUEUED = { id: '1a201591aa60009e1e', action: 'QUEUED', 'message-id': '<a@example.test>', subject: 'Salary list' };

async function setUp(t, block = {}, options = {}) {
    const dir = options.dir || tempDir(t);
    const ingest = options.ingest || (await new TestIngest().start());
    const clock = options.clock || new TestClock();
    const log = new TestLog();
    const settings = readSettings({ url: ingest.url, key: KEY, host: 'mta1.example.net', spool_dir: dir, ...block }, 'mta1');
    const context = options.context || 'receiver';
    const reporter = new Reporter({ settings, config: {}, context, log, clock, folder: options.folder || `${context}-1-00000000-7` });
    await reporter.start();
    t.after(async () => {
        reporter.close();
        await ingest.stop();
    });
    return { dir, ingest, clock, log, settings, reporter, counters: reporter.counters };
}

const take = (reporter, count, entry = QUEUED) => {
    for (let i = 0; i < count; i++) {
        reporter.take(entry);
    }
};
const idle = ({ reporter, dir }) =>
    until(() => {
        const { courier, sealer, spool } = reporter;
        return !sealer.current && !courier.fresh.length && !courier.sending.size && !courier.backlogBusy && !spool.waiting.length && !filesBelow(dir).length;
    }, 'all sent');

test('a batch is sealed at its number of events, the rest by age', async t => {
    const at = await setUp(t, { batch_max_events: 3 });
    take(at.reporter, 4);
    await until(() => at.ingest.requests.length === 1);
    at.clock.advance(499);
    assert.equal(at.ingest.requests.length, 1);
    at.clock.advance(1);
    await until(() => at.ingest.requests.length === 2);
    const [first, second] = at.ingest.requests;
    assert.deepEqual(first.body.events.map(event => event.n), [1, 2, 3]);
    assert.deepEqual(second.body.events.map(event => event.n), [4]);
    assert.equal(first.method + ' ' + first.url, 'POST /v1/events/mail');
    assert.equal(first.headers.authorization, `Bearer ${KEY}`);
    assert.equal(first.headers['content-encoding'], 'gzip');
    assert.equal(first.body.host, 'mta1.example.net');
    assert.equal(second.body.sent_at, at.clock.now());
    assert.equal(parseInt(first.body.batch.replace(/-/g, '').slice(0, 12), 16), first.body.sent_at);
    assert.ok(first.body.batch < second.body.batch);
    assert.equal(first.port, second.port, 'the connection is kept');
    assert.deepEqual(first.body.events[0], {
        id: QUEUED.id, action: 'QUEUED', 'message-id': '<a@example.test>',
        ts: 1795318946537, instance: 'mta1', ctx: 'receiver', pid: process.pid, n: 1
    });
    await idle(at);
    assert.equal(at.counters.accepted, 4);
});

test('a retry is the same bytes under the same name, after the time ingest asked for', async t => {
    const at = await setUp(t, { batch_max_events: 2 });
    at.ingest.answer = problem(503, 'No room', { 'Retry-After': '7' });
    take(at.reporter, 2);
    await until(() => at.counters.retried_requests === 1 && at.reporter.courier.cancelWake);
    at.ingest.answer = stored;
    at.clock.advance(6999);
    assert.equal(at.reporter.courier.backlogBusy, false, 'nothing is on its way yet');
    at.clock.advance(1);
    assert.equal(at.reporter.courier.backlogBusy, true);
    await idle(at);
    const [first, second] = at.ingest.requests;
    assert.ok(first.raw.equals(second.raw));
    assert.equal(at.counters.accepted, 2);
    assert.match(at.log.text, /503 No room/);
    assert.match(at.log.text, /answers again/);
});

test('the back-off doubles with jitter up to its limit', async t => {
    const at = await setUp(t, { batch_max_events: 1, retry_base_ms: 1000, retry_max_ms: 3000 });
    at.ingest.answer = problem(500, 'Broken');
    take(at.reporter, 1);
    for (const [failures, limitMs] of [[1, 1000], [2, 2000], [3, 3000], [4, 3000]]) {
        await until(() => at.counters.retried_requests === failures && at.reporter.spool.waiting.length === 1 && at.clock.timers.length);
        const waitMs = at.reporter.courier.blockedUntilMs - at.clock.now();
        assert.ok(waitMs >= limitMs / 2 && waitMs <= limitMs, `${waitMs} after ${failures}`);
        at.clock.advance(waitMs + 1);
    }
});

test('with nobody there events wait on disk, and arrive once when ingest comes back', async t => {
    const ingest = await new TestIngest().start();
    const { port } = ingest;
    await ingest.stop();
    const at = await setUp(t, { url: `http://127.0.0.1:${port}`, batch_max_events: 5 }, { ingest: new TestIngest() });
    take(at.reporter, 50);
    await until(() => filesBelow(at.dir).length === 10 && at.reporter.spool.waiting.length === 10);
    await at.ingest.start(port);
    at.clock.advance(60 * 1000);
    for (let i = 0; i < 20; i++) {
        await until(() => !at.reporter.courier.backlogBusy && !at.reporter.courier.sending.size);
        at.clock.advance(1000);
    }
    await idle(at);
    assert.deepEqual(at.ingest.events.map(event => event.n).sort((a, b) => a - b), [...Array(50).keys()].map(i => i + 1));
    assert.equal(at.counters.spooled_batches, 10);
});

test('a backlog of an hour is sent at four times its rate, fresh batches first, one file at a time', async t => {
    const at = await setUp(t, { batch_max_events: 1 });
    at.ingest.answer = problem(503, 'No room');
    for (let i = 0; i < 60; i++) {
        take(at.reporter, 1);
        await until(() => at.reporter.spool.waiting.length === i + 1 && !at.reporter.courier.sending.size);
        at.clock.nowMs += 60 * 1000; // timers rest: no probes in between
    }
    at.ingest.requests.length = 0;
    at.ingest.answer = stored;
    at.clock.advance(0);
    await until(() => at.reporter.spool.waiting.length === 59 && !at.reporter.courier.backlogBusy);
    const intervalMs = at.reporter.courier.backlogInterval();
    assert.ok(Math.abs(intervalMs - 1000) < 1, `${intervalMs}: the slowest pace is one a second`);
    take(at.reporter, 1);
    await until(() => at.ingest.events.length >= 2 && !at.reporter.courier.sending.size);
    const numbers = at.ingest.events.map(event => event.n);
    assert.ok(numbers.includes(61), 'the fresh one did not wait');
    at.clock.advance(1000);
    await until(() => at.reporter.spool.waiting.length <= 58 && !at.reporter.courier.backlogBusy);
    assert.deepEqual(at.ingest.events.map(event => event.n).filter(n => n < 61).slice(0, 2), [1, 2]);
});

test('events that ingest refuses are counted and told without content', async t => {
    const at = await setUp(t, { batch_max_events: 3 });
    at.ingest.answer = reply(202, { accepted: 2, rejected: [{ index: 1, error: 'id: alice@example.test' }], duplicate: false });
    take(at.reporter, 3);
    await idle(at);
    assert.equal(at.counters.accepted, 2);
    assert.equal(at.counters.rejected, 1);
    assert.match(at.log.text, /1 of 3 events rejected, at 1$/m);
    assert.doesNotMatch(at.log.text, /alice/);
});

for (const status of [400, 413, 422]) {
    test(`${status}: the batch is put aside, the next one goes on`, async t => {
        const at = await setUp(t, { batch_max_events: 1 });
        at.ingest.answer = problem(status, 'Batch too old');
        take(at.reporter, 1);
        const aside = await until(() => filesBelow(path.join(at.dir, 'rejected'))[0]);
        assert.ok(fs.readFileSync(path.join(at.dir, 'rejected', aside)).equals(at.ingest.requests[0].raw));
        at.ingest.answer = stored;
        take(at.reporter, 1);
        await until(() => at.counters.accepted === 1);
        assert.equal(at.counters.poison_events, 1);
        assert.match(at.log.text, new RegExp(`${status} Batch too old`));
        assert.equal(at.ingest.requests.length, 2);
    });
}

for (const status of [401, 403, 404]) {
    test(`${status}: everything is kept, the log asks for a person, a new key file is picked up`, async t => {
        const keyFile = path.join(tempDir(t), 'key');
        fs.writeFileSync(keyFile, 'wwk_old\n', { mode: 0o600 });
        const at = await setUp(t, { batch_max_events: 1, key: undefined, key_file: keyFile });
        at.ingest.answer = problem(status, 'No');
        take(at.reporter, 1);
        await until(() => at.counters.refused_requests === 1 && at.reporter.spool.waiting.length === 1);
        assert.match(at.log.text, /Check url, key and host/);
        fs.writeFileSync(keyFile, 'wwk_new\n');
        at.ingest.answer = stored;
        at.clock.advance(60 * 1000);
        await idle(at);
        assert.equal(at.counters.accepted, 1);
        assert.equal(at.ingest.requests[1].headers.authorization, status === 404 ? 'Bearer wwk_old' : 'Bearer wwk_new');
        assert.doesNotMatch(at.log.text, /wwk_/);
    });
}

test('a 413 or 400 that is not of ingest, and a name in the future, cost no batch', async t => {
    const at = await setUp(t, { batch_max_events: 1 });
    const html = status => (request, res) => res.writeHead(status).end('<html>413 Request Entity Too Large</html>');
    const future = reply(422, { type: 'https://wildwatch.dev/problems/batch-from-future', title: 'The batch is named in the future' });
    let refused = 0;
    take(at.reporter, 1);
    for (const answer of [html(413), html(400), future]) {
        at.ingest.answer = answer;
        at.clock.advance(60 * 1000);
        refused++;
        await until(() => at.counters.refused_requests >= refused && at.reporter.spool.waiting.length === 1 && !at.reporter.courier.backlogBusy);
    }
    assert.match(at.log.text, /422 The batch is named in the future/);
    assert.equal(at.counters.poison_events, 0);
    at.ingest.answer = stored;
    at.clock.advance(60 * 1000);
    await idle(at);
    assert.equal(at.counters.accepted, 1);
});

test('an idle connection that the server has closed is no outage', async t => {
    const at = await setUp(t, { batch_max_events: 1 });
    take(at.reporter, 1);
    await until(() => at.counters.accepted === 1);
    let cut = 0;
    at.ingest.answer = (request, res) => {
        if (request.port === at.ingest.requests[0].port) {
            cut++;
            res.socket.resetAndDestroy();
        } else {
            stored(request, res);
        }
    };
    take(at.reporter, 1);
    await until(() => at.counters.accepted === 2);
    assert.equal(cut, 1);
    assert.equal(at.counters.retried_requests, 0);
});

test('https with a private certificate authority; without it the batch stays', async t => {
    const dir = tempDir(t);
    const [keyFile, caFile] = [path.join(dir, 'key.pem'), path.join(dir, 'ca.pem')];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, '-keyout', keyFile, '-out', caFile], { stdio: 'pipe' });
    const ingest = new TestIngest({ key: fs.readFileSync(keyFile), cert: fs.readFileSync(caFile) });
    await ingest.start();
    const trusting = await setUp(t, { batch_max_events: 1, ca_file: caFile }, { ingest });
    take(trusting.reporter, 1);
    await until(() => trusting.counters.accepted === 1);
    const other = await setUp(t, { batch_max_events: 1, url: ingest.url }, { ingest: new TestIngest() });
    take(other.reporter, 1);
    await until(() => other.reporter.spool.waiting.length === 1);
    assert.match(other.log.text, /DEPTH_ZERO_SELF_SIGNED_CERT/);
    const without = await setUp(t, { batch_max_events: 1, url: ingest.url, ca_file: '/nowhere/ca.pem' }, { ingest: new TestIngest() });
    take(without.reporter, 1);
    await until(() => without.reporter.spool.waiting.length === 1);
    assert.match(without.log.text, /ca_file cannot be read \(ENOENT\)/);
});

test('a proxy that says 200 to everything does not pass for a stored batch', async t => {
    const at = await setUp(t, { batch_max_events: 1 });
    at.ingest.answer = reply(200, { hello: true });
    take(at.reporter, 1);
    await until(() => at.counters.refused_requests === 1 && at.reporter.spool.waiting.length === 1);
    assert.equal(at.counters.accepted, 0);
});

test('a server that never answers costs a time-out, not the batch', async t => {
    const at = await setUp(t, { batch_max_events: 1, request_timeout_ms: 100 });
    at.ingest.answer = () => {};
    take(at.reporter, 1);
    await until(() => at.reporter.spool.waiting.length === 1);
    assert.match(at.log.text, /no answer within 100 ms/);
    at.ingest.answer = stored;
    at.clock.advance(60 * 1000);
    await idle(at);
});

test('never more than max_requests under way; durable batches lie on disk meanwhile', async t => {
    const at = await setUp(t, { batch_max_events: 1, max_requests: 2 });
    const held = [];
    at.ingest.answer = (request, res) => held.push([request, res]);
    take(at.reporter, 6);
    await until(() => held.length === 2 && at.reporter.courier.fresh.length === 4);
    assert.equal(filesBelow(at.dir).length, 6);
    assert.equal(at.reporter.courier.sending.size, 2);
    at.ingest.answer = stored;
    held.forEach(([request, res]) => stored(request, res));
    await idle(at);
    assert.equal(at.counters.accepted, 6);
});

test('without durable nothing touches the disk while ingest answers, and shutdown writes what is under way', async t => {
    const at = await setUp(t, { batch_max_events: 2, durable: false });
    take(at.reporter, 2);
    await until(() => at.counters.accepted === 2);
    assert.deepEqual(filesBelow(at.dir), []);
    at.ingest.answer = () => {};
    take(at.reporter, 3);
    await until(() => at.reporter.courier.sending.size === 1);
    at.reporter.saveSync();
    assert.equal(filesBelow(at.dir).length, 2);
});

test('shutdown writes unsealed events, and the next main process takes them over and sends them', async t => {
    const at = await setUp(t);
    take(at.reporter, 3);
    at.reporter.saveSync();
    const [file] = filesBelow(at.dir);
    assert.match(file, /^receiver-1-00000000-7\/\d{13}_[0-9a-f-]{36}_3_\d+\.json\.gz$/);
    assert.equal(fs.statSync(path.join(at.dir, file)).mode & 0o777, 0o600);
    const next = await setUp(t, {}, { dir: at.dir, context: 'main', folder: 'main-2-00000000-9' });
    await until(() => next.counters.accepted === 3);
    assert.equal(next.counters.adopted_batches, 1);
    await idle(next);
    assert.equal(fs.existsSync(path.join(at.dir, 'receiver-1-00000000-7')), false);
});

test('a full memory with a disk that fails drops the oldest and counts it', async t => {
    const dir = path.join(tempDir(t), 'file');
    fs.writeFileSync(dir, 'not a folder');
    const at = await setUp(t, { batch_max_events: 2, memory_max_events: 6 }, { dir });
    at.ingest.answer = problem(503, 'No room');
    take(at.reporter, 2);
    await until(() => at.reporter.courier.failures === 1 && at.reporter.courier.fresh.length === 1);
    for (let i = 2; i <= 6; i++) {
        take(at.reporter, 2);
        await until(() => at.counters.spool_errors >= i && !at.reporter.sealer.current);
    }
    assert.equal(at.counters.dropped_memory, 6);
    at.ingest.answer = stored;
    at.clock.advance(60 * 1000);
    await until(() => at.counters.accepted === 6);
    assert.deepEqual(at.ingest.events.map(event => event.n).sort((a, b) => a - b), [7, 8, 9, 10, 11, 12]);
    assert.match(at.log.text, /the spool in .* fails: (ENOTDIR|EEXIST)/);
});

test('counters travel with the next batch and go to the log once a minute; the key and the mail never do', async t => {
    const at = await setUp(t, { batch_max_events: 1 });
    at.ingest.answer = problem(422, 'Unusable');
    take(at.reporter, 1);
    await until(() => at.counters.poison_events === 1);
    at.ingest.answer = stored;
    take(at.reporter, 1);
    await until(() => at.counters.accepted === 1);
    const { plugin } = at.ingest.requests[1].body;
    assert.equal(plugin.version, require('../package.json').version);
    assert.equal(plugin.poison_events, 1);
    at.clock.advance(60 * 1000);
    assert.match(at.log.text, /seen=2 accepted=1 .*waiting_batches=0/);
    assert.ok(!at.log.text.includes(KEY) && !at.log.text.includes('Salary'));
    assert.ok(!JSON.stringify(at.ingest.requests.map(request => request.body)).includes('Salary'));
});
