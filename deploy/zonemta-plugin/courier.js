'use strict';

/** However wrong Retry-After may be, ask again at least this often. */
const RETRY_AFTER_MAX_MS = 10 * 60 * 1000;
/** A backlog is sent at four times the rate at which it grew, and never slower than this. */
const BACKLOG_SPEED_UP = 4;
const BACKLOG_MIN_PER_S = 1;

/**
 * Decides what is sent when. Fresh batches go first: after an outage people and alerts ask whether mail flows
 * now, and order is never assumed downstream. The backlog follows oldest first, one file at a time, paced.
 *
 * After a failed request nothing is sent until the back-off has passed; then a single batch tries the road.
 * Meanwhile sealed batches go to the spool. What the disk does not take stays in memory, bounded by
 * `memory_max_events` and `memory_max_bytes`: the oldest is dropped and counted.
 */
class Courier {
    /**
     * @param {object} options
     * @param {Readonly<object>} options.settings
     * @param {import('./transport').Transport} options.transport
     * @param {import('./spool').Spool} options.spool
     * @param {import('./counters').Counters} options.counters
     * @param {object} options.clock
     * @param {{info: Function, warn: Function}} options.log
     * @param {(err: Error) => void} options.onError faults of the plugin itself
     * @param {() => number} [options.random]
     */
    constructor(options) {
        Object.assign(this, { random: Math.random }, options);
        this.fresh = [];
        this.storing = new Set();
        this.sending = new Set();
        this.memoryEvents = 0;
        this.memoryBytes = 0;
        this.failures = 0;
        this.blockedUntilMs = 0;
        this.cancelWake = null;
        this.backlogBusy = false;
        this.reading = false;
        this.backlogNextMs = 0;
        this.lastProblem = '';
        this.stopped = false;
    }

    /** Nothing goes out for now. */
    get isOutage() {
        return this.failures > 0;
    }

    /** Long enough for fewer and larger batches to be worth their age. */
    get isLongOutage() {
        return this.isOutage && this.spool.waiting.length >= 20;
    }

    /** @param {object} batch just sealed: `{name, sealedMs, count, bytes}` */
    async accept(batch) {
        this.hold(batch);
        if (this.settings.durable || this.isOutage) {
            const stays = this.isOutage;
            this.storing.add(batch);
            await this.spool.put(batch, stays);
            this.storing.delete(batch);
            if (batch.file && stays) {
                this.release(batch);
                this.pump();
                return;
            }
        }
        this.fresh.push(batch);
        this.pump();
    }

    /** Sends what may be sent now; else comes back when it may. */
    pump() {
        if (this.stopped) {
            return;
        }
        const nowMs = this.clock.now();
        if (nowMs < this.blockedUntilMs) {
            this.wakeAt(this.blockedUntilMs);
            return;
        }
        const slots = (this.isOutage ? 1 : this.settings.max_requests) - (this.reading ? 1 : 0);
        while (this.sending.size < slots && this.fresh.length) {
            this.background(this.send(this.fresh.shift()));
        }
        if (this.sending.size < slots && !this.backlogBusy && this.spool.waiting.length) {
            if (nowMs >= this.backlogNextMs || this.isOutage) {
                this.background(this.sendOldest());
            } else {
                this.wakeAt(this.backlogNextMs);
            }
        }
    }

    async sendOldest() {
        this.backlogBusy = true;
        this.backlogNextMs = this.clock.now() + this.backlogInterval();
        try {
            this.reading = true;
            const batch = await this.spool.takeOldest(this.clock.now());
            this.reading = false;
            if (batch && !this.stopped) {
                batch.fromBacklog = true;
                await this.send(batch);
            }
        } finally {
            this.reading = false;
            this.backlogBusy = false;
        }
        this.pump();
    }

    /** Milliseconds between two files: a backlog that grew over an hour is sent in a quarter of one. */
    backlogInterval() {
        const { waiting } = this.spool;
        const spanS = (waiting[waiting.length - 1].sealedMs - waiting[0].sealedMs) / 1000;
        const perS = spanS > 0 ? (BACKLOG_SPEED_UP * waiting.length) / spanS : Infinity;
        return 1000 / Math.max(perS, BACKLOG_MIN_PER_S);
    }

    async send(batch) {
        this.sending.add(batch);
        let outcome;
        try {
            outcome = await this.transport.post(batch);
        } finally {
            this.sending.delete(batch);
        }
        if (this.stopped) {
            return;
        }
        switch (outcome.kind) {
            case 'stored':
                this.answered();
                this.counters.accepted += batch.count - outcome.rejected.length;
                this.counters.rejected += outcome.rejected.length;
                if (outcome.rejected.length) {
                    const some = outcome.rejected.slice(0, 10).join(', ');
                    this.log.warn(`batch ${batch.name}: ${outcome.rejected.length} of ${batch.count} events rejected, at ${some}`);
                }
                this.done(batch);
                if (batch.file) {
                    this.background(this.spool.remove(batch));
                }
                break;
            case 'poison':
                this.answered();
                this.counters.poison_events += batch.count;
                this.log.warn(`batch ${batch.name} of ${batch.count} events refused for good (${outcome.reason}), put aside in rejected/`);
                this.done(batch);
                this.background(this.spool.reject(batch));
                break;
            default:
                this.failed(outcome);
                await this.keep(batch);
        }
        if (!batch.fromBacklog) {
            this.pump();
        }
    }

    answered() {
        if (this.isOutage) {
            this.log.info(`ingest answers again, ${this.spool.waiting.length} batches wait on disk`);
        }
        this.failures = 0;
        this.blockedUntilMs = 0;
        this.lastProblem = '';
    }

    failed({ kind, reason, retryAfterMs = 0 }) {
        this.counters[kind === 'refused' ? 'refused_requests' : 'retried_requests']++;
        const nowMs = this.clock.now();
        if (nowMs >= this.blockedUntilMs) {
            // two requests that fail together are one failure of the road
            this.failures++;
            const ceiling = Math.min(this.settings.retry_max_ms, this.settings.retry_base_ms * 2 ** Math.min(this.failures - 1, 30));
            const backoffMs = ceiling * (0.5 + this.random() / 2);
            this.blockedUntilMs = nowMs + Math.max(backoffMs, Math.min(retryAfterMs, RETRY_AFTER_MAX_MS));
        }
        const problem = `${kind} ${reason}`;
        if (problem !== this.lastProblem) {
            this.lastProblem = problem;
            this.log.warn(
                kind === 'refused'
                    ? `ingest refuses this host: ${reason}. Check url, key and host; events wait on disk meanwhile`
                    : `ingest cannot be used: ${reason}. Events wait on disk meanwhile`
            );
        }
    }

    /** A batch that was not taken: to the spool, or, if the disk fails too, back into memory. */
    async keep(batch) {
        if (batch.fromBacklog) {
            this.spool.putBack(batch);
            return;
        }
        this.storing.add(batch);
        if (batch.file) {
            await this.spool.keep(batch);
        } else {
            await this.spool.put(batch, true);
        }
        this.storing.delete(batch);
        if (batch.file) {
            this.release(batch);
        } else {
            this.fresh.unshift(batch);
        }
    }

    done(batch) {
        if (!batch.fromBacklog) {
            this.release(batch);
        }
    }

    hold(batch) {
        this.memoryEvents += batch.count;
        this.memoryBytes += batch.bytes.length;
        const isFull = () =>
            this.memoryEvents > this.settings.memory_max_events || this.memoryBytes > this.settings.memory_max_bytes;
        while (this.fresh.length && isFull()) {
            const oldest = this.fresh.shift();
            this.release(oldest);
            if (oldest.file) {
                this.background(this.spool.keep(oldest)); // only its copy in memory goes
            } else {
                this.counters.dropped_memory += oldest.count;
            }
        }
    }

    release(batch) {
        this.memoryEvents -= batch.count;
        this.memoryBytes -= batch.bytes.length;
    }

    background(promise) {
        promise.catch(this.onError);
    }

    wakeAt(atMs) {
        if (this.cancelWake) {
            this.cancelWake();
        }
        this.cancelWake = this.clock.after(() => {
            this.cancelWake = null;
            this.pump();
        }, Math.max(1, Math.ceil(atMs - this.clock.now())));
    }

    /** For the shutdown path: batches that are in memory and not in a file. */
    stop() {
        this.stopped = true;
        if (this.cancelWake) {
            this.cancelWake();
        }
        return [...this.fresh, ...this.storing, ...this.sending].filter(batch => !batch.file);
    }
}

module.exports = { Courier };
