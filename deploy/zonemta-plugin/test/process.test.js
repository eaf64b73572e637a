'use strict';

const assert = require('assert').strict;
const fs = require('fs');
const path = require('path');
const test = require('node:test');
const zlib = require('zlib');
const { fork } = require('child_process');
const { once } = require('events');
const { init } = require('..');
const { filesBelow, tempDir } = require('../test-support');

const block = dir => ({ url: 'http://127.0.0.1:1', key: 'wwk_x', spool_dir: dir, batch_max_age_ms: 60000 });

async function startChild(t, count = 7) {
    const dir = tempDir(t);
    const script = path.join(__dirname, '..', 'test-support', 'zonemta.js');
    const child = fork(script, ['receiver', JSON.stringify(block(dir)), String(count)], { stdio: 'ignore' });
    await once(child, 'message');
    return { child, dir };
}

function spooled(dir) {
    return filesBelow(dir).flatMap(file => JSON.parse(zlib.gunzipSync(fs.readFileSync(path.join(dir, file)))).events);
}

const ENDINGS = {
    'process.exit, as when the queue connection closes': [child => child.send('exit'), [1, null]],
    'an uncaught exception': [child => child.send('throw'), [1, null]],
    'SIGTERM without a handler of ZoneMTA': [child => child.kill('SIGTERM'), [null, 'SIGTERM']],
    'SIGINT without a handler of ZoneMTA': [child => child.kill('SIGINT'), [null, 'SIGINT']],
    'SIGHUP without a handler of ZoneMTA': [child => child.kill('SIGHUP'), [null, 'SIGHUP']],
    'SIGTERM with a handler of ZoneMTA': [
        async child => {
            child.send('listen');
            await once(child, 'message');
            child.kill('SIGTERM');
        },
        [3, null]
    ]
};
for (const [name, [end, expected]] of Object.entries(ENDINGS)) {
    test(`${name}: it ends as ever, and unsealed events are in the spool`, async t => {
        const { child, dir } = await startChild(t);
        const ended = once(child, 'exit');
        await end(child);
        assert.deepEqual(await ended, expected);
        assert.deepEqual(spooled(dir).map(event => event.n), [1, 2, 3, 4, 5, 6, 7]);
    });
}

test('in a sender every hook is set before init waits for anything, and faults never reach ZoneMTA', async t => {
    const hooks = {};
    const lines = [];
    const say = (prefix, format, text) => lines.push(text);
    const app = {
        config: block(tempDir(t)),
        manager: { context: 'sender' },
        logger: { info: say, warn: say },
        addHook: (name, fn) => {
            hooks[name] = fn;
        }
    };
    const started = init(app);
    assert.deepEqual(Object.keys(hooks).sort(), ['log:entry', 'sender:connect', 'sender:connection', 'sender:fetch', 'sender:responseError']);
    await started;
    for (const hook of Object.values(hooks)) {
        assert.ok(hook(null, null, null) instanceof Promise);
        await hook(null, null, null);
    }
    assert.ok(lines.some(line => line.startsWith('fault in the plugin')));
});

test('mistakes in the settings stop the plugin with one clear text', async () => {
    const app = { config: { url: 'x' }, manager: { context: 'main' }, logger: {}, addHook: () => assert.fail('no hook') };
    await assert.rejects(init(app), /Wildwatch settings: url is not an address.*key_file is missing/);
});
