'use strict';

const fs = require('fs').promises;
const path = require('path');
const { isOwnerAlive } = require('./owner');
const { parseSpoolName } = require('./spool-name');

/**
 * Housekeeping of the whole spool, done by the main process alone: takes over what ended processes left behind
 * and keeps the host within `spool_max_bytes`, `spool_max_files`, `spool_max_age_ms` and `rejected_max_bytes`,
 * oldest first over all processes. Between two sweeps each process holds the same bounds for its own folder.
 */
class Sweep {
    /**
     * @param {object} options
     * @param {Readonly<object>} options.settings
     * @param {import('./spool').Spool} options.spool the main process's own folder, which takes what is found
     * @param {import('./counters').Counters} options.counters
     * @param {object} options.clock
     * @param {(batches: number) => void} options.onAdopted
     * @param {(err: Error) => void} options.onError
     * @param {(folder: string) => boolean | null} [options.isAlive]
     */
    constructor(options) {
        Object.assign(this, { isAlive: isOwnerAlive }, options);
        this.own = path.basename(this.spool.dir);
        this.cancelTimer = null;
    }

    start() {
        this.run()
            .catch(err => {
                this.counters.spool_errors++;
                this.onError(err);
            })
            .then(() => {
                this.cancelTimer = this.clock.after(() => this.start(), this.settings.sweep_interval_ms);
            });
    }

    stop() {
        if (this.cancelTimer) {
            this.cancelTimer();
        }
    }

    async run() {
        await this.spool.open();
        const kept = [];
        for (const folder of await fs.readdir(this.settings.spool_dir)) {
            const alive = folder === this.own ? true : this.isAlive(folder);
            if (alive === false) {
                await this.adopt(folder);
            } else if (alive) {
                kept.push(folder);
            }
        }
        const files = [];
        for (const folder of kept) {
            files.push(...(await this.list(folder)));
        }
        await this.enforce(files);
        await this.enforceRejected();
    }

    /** A rename has exactly one winner: should two ZoneMTA share a spool, each file still goes to one of them. */
    async adopt(folder) {
        const dir = path.join(this.settings.spool_dir, folder);
        let adopted = 0;
        for (const file of (await names(dir)).sort()) {
            if (parseSpoolName(file)) {
                if (await claimed(path.join(dir, file), path.join(this.spool.dir, file))) {
                    this.spool.enqueue(file);
                    adopted++;
                }
            } else if (file.endsWith('.tmp')) {
                await gone(path.join(dir, file)); // half a file: its process ended while writing
            }
        }
        await fs.rmdir(dir).catch(() => false); // stays if something unknown lies in it
        if (adopted) {
            this.counters.adopted_batches += adopted;
            this.onAdopted(adopted);
        }
    }

    async list(folder) {
        const dir = path.join(this.settings.spool_dir, folder);
        const files = [];
        for (const file of await names(dir)) {
            const entry = parseSpoolName(file);
            if (entry) {
                files.push({ ...entry, path: path.join(dir, file) });
            }
        }
        return files;
    }

    async enforce(files) {
        files.sort((a, b) => (a.file < b.file ? -1 : 1));
        const oldestMs = this.clock.now() - this.settings.spool_max_age_ms;
        let bytes = files.reduce((sum, entry) => sum + entry.size, 0);
        let count = files.length;
        for (const entry of files) {
            const aged = entry.sealedMs < oldestMs;
            if (!aged && bytes <= this.settings.spool_max_bytes && count <= this.settings.spool_max_files) {
                return;
            }
            if (await gone(entry.path)) {
                this.counters[aged ? 'dropped_age' : 'dropped_spool'] += entry.count;
            }
            bytes -= entry.size;
            count--;
        }
    }

    async enforceRejected() {
        const files = await this.list('rejected');
        files.sort((a, b) => (a.file < b.file ? -1 : 1));
        let bytes = files.reduce((sum, entry) => sum + entry.size, 0);
        for (const entry of files) {
            if (bytes <= this.settings.rejected_max_bytes) {
                return;
            }
            await gone(entry.path);
            bytes -= entry.size;
        }
    }
}

async function names(dir) {
    try {
        return await fs.readdir(dir);
    } catch (err) {
        if (err.code === 'ENOENT' || err.code === 'ENOTDIR') {
            return [];
        }
        throw err;
    }
}

async function claimed(from, to) {
    try {
        await fs.rename(from, to);
        return true;
    } catch (err) {
        if (err.code === 'ENOENT') {
            return false;
        }
        throw err;
    }
}

async function gone(file) {
    try {
        await fs.unlink(file);
        return true;
    } catch (err) {
        if (err.code === 'ENOENT') {
            return false;
        }
        throw err;
    }
}

module.exports = { Sweep };
