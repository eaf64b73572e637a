'use strict';

const assert = require('assert').strict;
const fs = require('fs');
const path = require('path');
const test = require('node:test');
const { Counters } = require('../counters');
const { Spool } = require('../spool');
const { Sweep } = require('../sweep');
const { formatSpoolName, parseSpoolName } = require('../spool-name');
const { isOwnerAlive, ownFolder } = require('../owner');
const { uuid7Generator } = require('../uuid7');
const { TestClock, filesBelow, tempDir, until } = require('../test-support');

const T0 = 1795318946537;
const DAY = 24 * 3600 * 1000;
const nextName = uuid7Generator(() => T0);
const batch = (sealedMs, size = 100, count = 5) => ({ name: nextName(), sealedMs, count, bytes: Buffer.alloc(size, 7) });
const LIMITS = {
    spool_max_bytes: 1e6, spool_max_files: 1000, spool_max_age_ms: 12 * DAY, rejected_max_bytes: 250, sweep_interval_ms: 10000
};

function setUp(t, limits = {}, { dir = tempDir(t), folder = 'main-1-00000000-7', isAlive } = {}) {
    const settings = { ...LIMITS, ...limits, spool_dir: dir };
    const counters = new Counters();
    const errors = [];
    const adopted = [];
    const clock = new TestClock(T0);
    const spool = new Spool(settings, folder, counters, err => errors.push(err));
    const sweep = new Sweep({
        settings, spool, counters, clock, onAdopted: n => adopted.push(n), onError: err => errors.push(err), ...(isAlive && { isAlive })
    });
    return { dir, settings, counters, errors, adopted, clock, spool, sweep };
}

function leave(dir, folder, batches) {
    fs.mkdirSync(path.join(dir, folder), { recursive: true });
    for (const left of batches) {
        fs.writeFileSync(path.join(dir, folder, formatSpoolName(left)), left.bytes);
    }
}

test('a file name says age, batch, events and bytes', () => {
    const one = batch(T0, 321, 17);
    const file = formatSpoolName(one);
    assert.deepEqual(parseSpoolName(file), { file, sealedMs: T0, name: one.name, count: 17, size: 321 });
    assert.equal(parseSpoolName(`${file}.tmp`), null);
});

test('what waits is read oldest first, byte by byte the same', async t => {
    const { spool } = setUp(t);
    const [young, old] = [batch(T0), batch(T0 - 5000)];
    await spool.put(young, true);
    await spool.put(old, true);
    const first = await spool.takeOldest(T0);
    assert.equal(first.name, old.name);
    assert.ok(first.bytes.equals(old.bytes));
    assert.equal((await spool.takeOldest(T0)).name, young.name);
    assert.equal(await spool.takeOldest(T0), null);
});

test('a full spool drops its oldest batches and counts their events', async t => {
    const { dir, spool, counters } = setUp(t, { spool_max_bytes: 350 });
    for (let i = 0; i < 5; i++) {
        await spool.put(batch(T0 + i), true);
    }
    await until(() => filesBelow(dir).length === 3);
    assert.equal(counters.dropped_spool, 10);
    assert.equal(spool.waitingBytes, 300);
    assert.equal((await spool.takeOldest(T0)).sealedMs, T0 + 2);
});

test('the number of files is bounded too', async t => {
    const { dir, spool, counters } = setUp(t, { spool_max_files: 2 });
    for (let i = 0; i < 5; i++) {
        await spool.put(batch(T0 + i), true);
    }
    await until(() => filesBelow(dir).length === 2);
    assert.equal(counters.dropped_spool, 15);
});

test('batches that ingest would refuse as too old, and files cut by a power cut, are dropped and counted', async t => {
    const { dir, spool, counters } = setUp(t);
    await spool.put(batch(T0 - 12 * DAY - 1), true);
    const cut = batch(T0 - 1000);
    await spool.put(cut, true);
    fs.truncateSync(path.join(spool.dir, cut.file), 0);
    const good = batch(T0);
    await spool.put(good, true);
    assert.equal((await spool.takeOldest(T0)).name, good.name);
    assert.equal(counters.dropped_age, 5);
    assert.equal(counters.dropped_damaged, 5);
    assert.equal(filesBelow(dir).length, 1);
});

test('a spool that was cleared behind our back is made anew', async t => {
    const { dir, spool, errors } = setUp(t);
    await spool.put(batch(T0), true);
    fs.rmSync(spool.dir, { recursive: true });
    assert.equal(await spool.put(batch(T0), true), false);
    assert.equal(errors[0].code, 'ENOENT');
    assert.equal(await spool.put(batch(T0), true), true);
    assert.equal(filesBelow(dir).length, 1);
    assert.equal(await spool.takeOldest(T0).then(found => Boolean(found)), true);
});

test('the spool of a dead process is taken over whole, that of a live one is left alone', async t => {
    const { dir, spool, sweep, counters, adopted } = setUp(t, {}, { isAlive: folder => (folder.startsWith('sender-') ? folder === 'sender-3-00000000-1' : null) });
    const dead = [batch(T0 - 2), batch(T0 - 1)];
    leave(dir, 'sender-2-00000000-1', dead);
    fs.writeFileSync(path.join(dir, 'sender-2-00000000-1', 'half.json.gz.tmp'), 'x');
    leave(dir, 'sender-3-00000000-1', [batch(T0)]);
    leave(dir, 'somebody-elses', [batch(T0)]);
    await sweep.run();
    assert.deepEqual(adopted, [2]);
    assert.equal(counters.adopted_batches, 2);
    assert.equal(fs.existsSync(path.join(dir, 'sender-2-00000000-1')), false);
    assert.equal(filesBelow(path.join(dir, 'sender-3-00000000-1')).length, 1);
    assert.deepEqual([(await spool.takeOldest(T0)).name, (await spool.takeOldest(T0)).name], dead.map(left => left.name));
});

test('two that take over at once get each file once', async t => {
    const dir = tempDir(t);
    leave(dir, 'sender-2-00000000-1', Array.from({ length: 50 }, (_, i) => batch(T0 + i)));
    const isAlive = folder => !folder.startsWith('sender-');
    const one = setUp(t, {}, { dir, folder: 'main-4-00000000-1', isAlive });
    const two = setUp(t, {}, { dir, folder: 'main-5-00000000-1', isAlive });
    await Promise.all([one.sweep.run(), two.sweep.run()]);
    const names = [...one.spool.waiting, ...two.spool.waiting].map(entry => entry.name);
    assert.equal(names.length, 50);
    assert.equal(new Set(names).size, 50);
    assert.equal(filesBelow(dir).length, 50);
});

test('the host keeps its bound over all processes, the oldest going first', async t => {
    const { dir, sweep, counters } = setUp(t, { spool_max_bytes: 350 }, { isAlive: folder => (folder === 'rejected' ? null : true) });
    leave(dir, 'sender-2-00000000-1', [batch(T0 - 5), batch(T0 - 1)]);
    leave(dir, 'sender-3-00000000-1', [batch(T0 - 4), batch(T0 - 3), batch(T0 - 13 * DAY)]);
    leave(dir, 'rejected', [batch(T0 - 9), batch(T0 - 8), batch(T0 - 7)]);
    await sweep.run();
    assert.deepEqual(filesBelow(dir).map(file => T0 - parseSpoolName(path.basename(file)).sealedMs), [8, 7, 1, 4, 3]);
    assert.equal(counters.dropped_age, 5);
    assert.equal(counters.dropped_spool, 5);
});

test('the sweep comes back at its interval, also after a failure', async t => {
    const { dir, sweep, clock, errors, adopted } = setUp(t, {}, { isAlive: folder => folder.startsWith('main-') });
    fs.rmSync(dir, { recursive: true });
    fs.writeFileSync(dir, 'not a folder');
    sweep.start();
    await until(() => clock.timers.length === 1);
    assert.equal(errors.length, 1);
    fs.unlinkSync(dir);
    leave(dir, 'sender-2-00000000-1', [batch(T0)]);
    clock.advance(10000);
    await until(() => adopted.length === 1);
});

test('a process is known by pid, boot and start, so that a pid used again is not taken for it', () => {
    const own = ownFolder('receiver');
    assert.equal(isOwnerAlive(own), true);
    assert.equal(isOwnerAlive(own.replace(/\d+$/, tick => String(Number(tick) + 1))), process.platform !== 'linux');
    assert.equal(isOwnerAlive(own.replace(/-[0-9a-f]{8}-/, '-ffffffff-')), false);
    assert.equal(isOwnerAlive('rejected'), null);
    assert.equal(isOwnerAlive('../main-1-00000000-1'), null);
});

test('names of one millisecond, and of a clock that hesitates, still sort; one set back is followed', () => {
    let nowMs = T0;
    const next = uuid7Generator(() => nowMs);
    const timeOf = name => parseInt(name.replace('-', '').slice(0, 12), 16);
    const names = Array.from({ length: 5000 }, next);
    nowMs -= 500;
    names.push(next());
    assert.deepEqual([...names].sort(), names);
    assert.equal(new Set(names).size, names.length);
    assert.match(names[0], /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(timeOf(names[0]), T0);
    nowMs = T0 - 3600 * 1000;
    assert.equal(timeOf(next()), nowMs);
});
