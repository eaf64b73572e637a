'use strict';

// A process that loads the plugin as ZoneMTA's children do, for tests that end it in every way.
const path = require('path');

const [context, block, count] = process.argv.slice(2);
const hooks = {};
const app = {
    config: JSON.parse(block),
    manager: { context },
    logger: { info: () => 0, warn: () => 0 },
    addHook: (name, fn) => {
        hooks[name] = fn;
    }
};
require(path.join(__dirname, '..')).init(app).then(() => {
    for (let i = 0; i < Number(count); i++) {
        hooks['log:entry']({ id: '1a201591aa60009e1e', action: 'QUEUED' }, () => 0);
    }
    process.send({ ready: true });
    process.on('message', message => {
        if (message === 'exit') {
            process.exit(1);
        } else if (message === 'throw') {
            setImmediate(() => {
                throw new Error('as a bug in a sender would');
            });
        } else if (message === 'listen') {
            process.on('SIGTERM', () => process.exit(3));
            process.send({ listening: true });
        }
    });
});
