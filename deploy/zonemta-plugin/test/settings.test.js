'use strict';

const assert = require('assert').strict;
const fs = require('fs');
const os = require('os');
const path = require('path');
const test = require('node:test');
const { Key } = require('../key');
const { readSettings } = require('../settings');
const { tempDir } = require('../test-support');

const GOOD = { enabled: ['main'], url: 'https://watch.example.net:8443', key_file: '/etc/wildwatch/key' };

test('the documented defaults', () => {
    const settings = readSettings(GOOD, 'mta7');
    assert.equal(settings.host, os.hostname());
    assert.equal(settings.instance, 'mta7');
    assert.equal(settings.batch_max_events, 500);
    assert.equal(settings.batch_max_age_ms, 500);
    assert.equal(settings.spool_max_bytes, 512 * 1024 * 1024);
    assert.equal(settings.spool_max_age_ms, 12 * 24 * 3600 * 1000);
    assert.equal(settings.durable, true);
    assert.equal(settings.max_requests, 2);
    assert.ok(Object.isFrozen(settings));
    assert.equal(readSettings({ ...GOOD, instance: 'own' }, 'mta7').instance, 'own');
    assert.equal(readSettings(GOOD).instance, 'default');
});

test('all mistakes are told at once, by field, without values', () => {
    const block = { url: 'ftp://bob:hunter2@x/', key: 'hunter2', key_file: '/k', batch_max_events: '500', durable: 'yes', spool_dir: 'spool', batchsize: 1, host: 5 };
    assert.throws(
        () => readSettings(block),
        err => {
            for (const field of ['url must begin', 'url must not hold', 'key and key_file', 'batch_max_events', 'durable', 'spool_dir', 'batchsize', 'host must']) {
                assert.ok(err.message.includes(field), field);
            }
            assert.ok(!err.message.includes('hunter2'));
            return true;
        }
    );
    assert.throws(() => readSettings({}), /url is missing.*key_file is missing/);
    assert.throws(() => readSettings({ ...GOOD, url: 'watch' }), /url is not an address/);
    assert.throws(() => readSettings({ url: GOOD.url, key: 'two words' }), /key must be one word/);
    assert.throws(() => readSettings({ ...GOOD, spool_max_age_ms: 13 * 24 * 3600 * 1000 }), /spool_max_age_ms/);
});

test('a key file must belong to few and hold one word', async t => {
    const file = path.join(tempDir(t), 'key');
    const read = () => new Key({ key_file: file }).get();
    await assert.rejects(read(), /key_file cannot be read \(ENOENT\)/);
    fs.writeFileSync(file, 'wwk_secret\n');
    for (const [mode, ok] of [[0o600, true], [0o640, true], [0o400, true], [0o644, false], [0o660, false], [0o601, false]]) {
        fs.chmodSync(file, mode);
        if (ok) {
            assert.equal(await read(), 'wwk_secret');
        } else {
            await assert.rejects(read(), /open to others/);
        }
    }
    fs.chmodSync(file, 0o600);
    fs.writeFileSync(file, 'wwk secret');
    await assert.rejects(read(), err => /one word/.test(err.message) && !err.message.includes('secret'));
    assert.equal(await new Key({ key: 'wwk_inline' }).get(), 'wwk_inline');
});
