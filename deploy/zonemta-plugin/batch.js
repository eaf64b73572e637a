'use strict';

const util = require('util');
const zlib = require('zlib');

const gzip = util.promisify(zlib.gzip);
// level 1 costs three quarters of level 6 and gives 14 % larger batches: the mail server's CPU is the dearer one
const GZIP = { level: 1 };

/**
 * Gathers events and seals them into batches: named, serialised and compressed once, so that every retry is the
 * same bytes under the same name. Sealed batches are compressed and handed on one at a time, so that a hung disk
 * holds one thread of the process and not all; behind it at most `memory_max_events` and `memory_max_bytes` wait,
 * then the oldest batch is dropped and counted.
 */
class Sealer {
    /**
     * @param {object} options
     * @param {Readonly<object>} options.settings
     * @param {object} options.clock
     * @param {import('./counters').Counters} options.counters travel with each batch
     * @param {object} options.about what else the `plugin` object of the body says
     * @param {() => string} options.nextName makes the batch's UUIDv7
     * @param {() => boolean} options.isOutage whether batches go to disk rather than out: fewer, larger ones then
     * @param {(batch: object) => Promise<void>} options.onBatch takes `{name, sealedMs, count, bytes}`
     * @param {(err: Error) => void} options.onError
     */
    constructor(options) {
        Object.assign(this, options);
        this.events = [];
        this.queue = [];
        this.queuedEvents = 0;
        this.queuedBytes = 0;
        this.current = null;
        this.cancelTimer = null;
    }

    add(event) {
        this.events.push(event);
        if (this.events.length >= this.settings.batch_max_events) {
            this.seal();
        } else if (!this.cancelTimer) {
            const delayMs = this.isOutage() ? this.settings.batch_max_age_outage_ms : this.settings.batch_max_age_ms;
            this.cancelTimer = this.clock.after(() => this.seal(), delayMs);
        }
    }

    seal() {
        const sealed = this.close();
        if (!sealed) {
            return;
        }
        this.queue.push(sealed);
        this.queuedEvents += sealed.count;
        this.queuedBytes += sealed.body.length;
        while (
            this.queue.length > 1 &&
            (this.queuedEvents > this.settings.memory_max_events || this.queuedBytes > this.settings.memory_max_bytes)
        ) {
            this.counters.dropped_memory += this.shift().count;
        }
        if (!this.current) {
            this.work();
        }
    }

    async work() {
        while (this.queue.length) {
            this.current = this.shift();
            try {
                const { name, sealedMs, count, body } = this.current;
                const bytes = await gzip(body, GZIP);
                if (!this.current) {
                    return; // the shutdown path has taken it
                }
                this.current = { name, sealedMs, count };
                await this.onBatch({ name, sealedMs, count, bytes });
            } catch (err) {
                this.onError(err);
            }
        }
        this.current = null;
    }

    /**
     * For the shutdown path: everything that is not yet a batch, sealed here and now.
     *
     * @returns {object[]} batches
     */
    sealAllSync() {
        const sealed = [this.current, ...this.queue, this.close()].filter(batch => batch && batch.body);
        this.current = null;
        this.queue = [];
        return sealed.map(({ name, sealedMs, count, body }) => ({ name, sealedMs, count, bytes: zlib.gzipSync(body, GZIP) }));
    }

    shift() {
        const sealed = this.queue.shift();
        this.queuedEvents -= sealed.count;
        this.queuedBytes -= sealed.body.length;
        return sealed;
    }

    close() {
        if (this.cancelTimer) {
            this.cancelTimer();
            this.cancelTimer = null;
        }
        if (!this.events.length) {
            return null;
        }
        const { events } = this;
        this.events = [];
        const sealedMs = this.clock.now();
        const name = this.nextName();
        const plugin = { ...this.about, ...this.counters.summary() };
        const body = JSON.stringify({ batch: name, host: this.settings.host, sent_at: sealedMs, plugin, events });
        return { name, sealedMs, count: events.length, body };
    }
}

module.exports = { Sealer };
