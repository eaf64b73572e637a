'use strict';

const { Reporter } = require('./reporter');
const { onShutdown } = require('./shutdown');
const { readSettings } = require('./settings');

module.exports.title = 'Wildwatch';

/**
 * Called once in every process of ZoneMTA. Settings are read and hooks are set before the first await: senders
 * may start their deliveries at once. A mistake in the settings stops the plugin alone; ZoneMTA logs it.
 */
module.exports.init = async app => {
    const { context } = app.manager;
    const config = zoneMtaConfig();
    const settings = readSettings(app.config, config.queue && config.queue.instanceId);
    const log = {
        info: text => app.logger.info('Wildwatch', '%s', text),
        warn: text => app.logger.warn('Wildwatch', '%s', text)
    };
    const reporter = new Reporter({ settings, config, context, log });

    const hook = (name, fn) =>
        app.addHook(name, (...args) => {
            try {
                fn(...args);
            } catch (err) {
                reporter.fault(err);
            }
            return Promise.resolve();
        });
    hook('log:entry', entry => reporter.take(entry));
    if (context === 'sender') {
        const { deliveries } = reporter;
        hook('sender:fetch', delivery => deliveries.fetched(delivery));
        hook('sender:connect', (delivery, options) => deliveries.connecting(delivery, options));
        hook('sender:connection', (delivery, connection) => deliveries.connected(delivery, connection));
        hook('sender:responseError', (delivery, connection, err) => deliveries.failed(delivery, connection, err));
    }
    onShutdown(() => reporter.saveSync());

    if (settings.url.protocol === 'http:' && !/^(localhost|127\.|\[::1\])/.test(settings.url.hostname)) {
        log.warn('url is plain http: the key and mail addresses cross the network in the clear');
    }
    await reporter.start();
    log.info(`reports to ${settings.url.host} as ${settings.host}, instance ${settings.instance}, from ${context} ${process.pid}`);
};

/** ZoneMTA's own configuration, found from its main module: a symlinked plugin folder does not see its packages. */
function zoneMtaConfig() {
    for (const name of ['@zone-eu/wild-config', 'wild-config']) {
        try {
            return require.main.require(name);
        } catch (err) {
            if (err.code !== 'MODULE_NOT_FOUND') {
                throw err;
            }
        }
    }
    return {};
}
