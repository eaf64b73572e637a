'use strict';

const { Counters } = require('./counters');
const { copyEntry } = require('./entry');
const { Courier } = require('./courier');
const { Deliveries } = require('./deliveries');
const { Key } = require('./key');
const { Sealer } = require('./batch');
const { Spool } = require('./spool');
const { Sweep } = require('./sweep');
const { Transport } = require('./transport');
const { ownFolder } = require('./owner');
const { systemClock } = require('./clock');
const { uuid7Generator } = require('./uuid7');

const { version } = require('./package.json');

/**
 * All parts of the plugin in one process of ZoneMTA, wired together.
 *
 * @param {object} options
 * @param {Readonly<object>} options.settings
 * @param {object} options.config ZoneMTA's whole configuration
 * @param {'main' | 'receiver' | 'sender'} options.context
 * @param {{info: Function, warn: Function}} options.log take one text
 * @param {object} [options.clock]
 * @param {string} [options.folder] of this process in the spool
 */
class Reporter {
    constructor({ settings, config, context, log, clock = systemClock, folder = ownFolder(context) }) {
        this.settings = settings;
        this.log = log;
        this.clock = clock;
        this.counters = new Counters();
        this.stamp = { instance: settings.instance, ctx: context, pid: process.pid };
        this.count = 0;
        this.toldErrors = new Set();

        const onError = this.fault.bind(this);
        this.deliveries = new Deliveries(settings.deliveries_max, config, this.counters);
        this.spool = new Spool(settings, folder, this.counters, this.diskFault.bind(this));
        this.transport = new Transport(settings, new Key(settings), clock.now);
        this.courier = new Courier({ ...this.parts(), transport: this.transport, spool: this.spool, onError });
        this.sealer = new Sealer({
            ...this.parts(),
            about: { version, ctx: context, pid: process.pid },
            nextName: uuid7Generator(clock.now),
            isOutage: () => this.courier.isLongOutage,
            onBatch: batch => this.courier.accept(batch),
            onError
        });
        this.sweep =
            context === 'main' &&
            new Sweep({
                ...this.parts(),
                spool: this.spool,
                onAdopted: batches => {
                    log.info(`took over ${batches} batches of processes that ended`);
                    this.courier.pump();
                },
                onError: this.diskFault.bind(this)
            });
    }

    parts() {
        const { settings, counters, clock, log } = this;
        return { settings, counters, clock, log };
    }

    async start() {
        this.reportLater();
        await this.spool.open().catch(err => {
            this.counters.spool_errors++;
            this.diskFault(err);
        });
        if (this.sweep) {
            this.sweep.start();
        }
    }

    /** @param {object} entry ZoneMTA's log entry */
    take(entry) {
        const { event, truncated } = copyEntry(entry);
        this.deliveries.enrich(event);
        event.ts = this.clock.now();
        Object.assign(event, this.stamp);
        event.n = ++this.count;
        this.counters.seen++;
        if (truncated) {
            this.counters.truncated++;
        }
        this.sealer.add(event);
    }

    /** Everything not yet on disk, to disk, synchronously. */
    saveSync() {
        if (this.cancelReport) {
            this.cancelReport();
        }
        for (const batch of [...this.courier.stop(), ...this.sealer.sealAllSync()]) {
            try {
                this.spool.putSync(batch);
            } catch (err) {
                this.diskFault(err);
            }
        }
    }

    /** For tests and for hosts that outlive the plugin; ZoneMTA's processes just end. */
    close() {
        this.saveSync();
        if (this.sweep) {
            this.sweep.stop();
        }
        this.transport.close();
    }

    reportLater() {
        this.cancelReport = this.clock.after(() => {
            this.log.info(`${this.counters.line()} waiting_batches=${this.spool.waiting.length}`);
            this.toldErrors.clear();
            this.reportLater();
        }, this.settings.report_interval_ms);
    }

    fault(err) {
        this.counters.plugin_errors++;
        this.tell(`fault in the plugin: ${err.stack}`, `fault ${err.message}`);
    }

    diskFault(err) {
        const text = `the spool in ${this.settings.spool_dir} fails: ${err.code || err.message}`;
        this.tell(text, text);
    }

    /** The same trouble is told once an interval, whatever its frequency. */
    tell(text, kind) {
        if (!this.toldErrors.has(kind) && this.toldErrors.size < 20) {
            this.toldErrors.add(kind);
            this.log.warn(text);
        }
    }
}

module.exports = { Reporter };
