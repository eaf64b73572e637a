'use strict';

const fs = require('fs');
const path = require('path');
const { formatSpoolName, parseSpoolName } = require('./spool-name');

const { promises: fsp } = fs;

/**
 * The folder of this process in the spool: one file a sealed batch, exactly the bytes that are sent.
 *
 * A file is written under another name and renamed, so a reader sees a whole one or none. It is forced to the
 * disk (fsync) only when the batch has to stay: a file in the page cache outlives a killed process, and most are
 * answered within milliseconds. `waiting` holds the names of the batches that stay, oldest first. Past
 * `spool_max_bytes` or `spool_max_files` the oldest waiting batch is deleted and counted.
 *
 * Files hold mail addresses: folder 0700, files 0600.
 */
class Spool {
    /**
     * @param {Readonly<object>} settings
     * @param {string} folder name of this process's own folder, see owner.js
     * @param {import('./counters').Counters} counters
     * @param {(err: Error) => void} onError told of each failed disk operation
     */
    constructor(settings, folder, counters, onError) {
        this.settings = settings;
        this.dir = path.join(settings.spool_dir, folder);
        this.rejectedDir = path.join(settings.spool_dir, 'rejected');
        this.counters = counters;
        this.onError = onError;
        this.waiting = [];
        this.waitingBytes = 0;
        this.ready = null;
    }

    /** Makes the folders; repeated after a failure, so that a disk that comes back is used again. */
    open() {
        if (!this.ready) {
            this.ready = fsp.mkdir(this.dir, { recursive: true, mode: 0o700 }).catch(err => {
                this.ready = null;
                throw err;
            });
        }
        return this.ready;
    }

    /**
     * @param {object} batch
     * @param {boolean} stays whether it waits for a later time: then it survives a power cut too
     * @returns {Promise<boolean>} false if the disk did not take it
     */
    async put(batch, stays) {
        const file = formatSpoolName(batch);
        try {
            await this.open();
            await writeWhole(this.dir, file, batch.bytes, stays);
        } catch (err) {
            if (err.code === 'ENOENT') {
                this.ready = null; // somebody cleared the spool
            }
            this.failed(err);
            return false;
        }
        batch.file = file;
        if (stays) {
            this.counters.spooled_batches++;
            this.enqueue(file);
        }
        return true;
    }

    /** A batch that was put only for the time of its request has to stay after all. */
    async keep(batch) {
        this.counters.spooled_batches++;
        this.enqueue(batch.file);
        try {
            await syncPath(path.join(this.dir, batch.file));
        } catch (err) {
            this.failed(err);
        }
    }

    /** Puts a file of this folder into the line of those that wait, at the place its age gives it. */
    enqueue(file) {
        const entry = parseSpoolName(file);
        let at = this.waiting.length;
        while (at > 0 && this.waiting[at - 1].file > file) {
            at--;
        }
        this.waiting.splice(at, 0, entry);
        this.waitingBytes += entry.size;
        while (
            this.waiting.length > 1 &&
            (this.waitingBytes > this.settings.spool_max_bytes || this.waiting.length > this.settings.spool_max_files)
        ) {
            const oldest = this.shift();
            this.counters.dropped_spool += oldest.count;
            this.unlink(oldest.file);
        }
    }

    shift() {
        const entry = this.waiting.shift();
        this.waitingBytes -= entry.size;
        return entry;
    }

    /**
     * Takes the oldest waiting batch out of the line and reads it; its file stays until `remove`.
     *
     * @param {number} nowMs
     * @returns {Promise<object | null>} null when nothing usable waits
     */
    async takeOldest(nowMs) {
        while (this.waiting.length) {
            const entry = this.shift();
            if (nowMs - entry.sealedMs > this.settings.spool_max_age_ms) {
                this.counters.dropped_age += entry.count;
                await this.unlink(entry.file);
                continue;
            }
            let bytes;
            try {
                bytes = await fsp.readFile(path.join(this.dir, entry.file));
            } catch (err) {
                if (err.code !== 'ENOENT') {
                    this.failed(err);
                } // else the sweep of main deleted and counted it
                continue;
            }
            if (bytes.length !== entry.size) {
                this.counters.dropped_damaged += entry.count;
                await this.unlink(entry.file);
                continue;
            }
            return { name: entry.name, sealedMs: entry.sealedMs, count: entry.count, bytes, file: entry.file };
        }
        return null;
    }

    /** Back to the line, after a request that failed. The file is on disk already. */
    putBack(batch) {
        this.enqueue(batch.file);
    }

    /** The batch was stored by ingest. */
    remove(batch) {
        return this.unlink(batch.file);
    }

    /** Ingest will never take this batch: aside, for a person to look at. */
    async reject(batch) {
        try {
            await fsp.mkdir(this.rejectedDir, { recursive: true, mode: 0o700 });
            if (batch.file) {
                await fsp.rename(path.join(this.dir, batch.file), path.join(this.rejectedDir, batch.file));
            } else {
                await writeWhole(this.rejectedDir, formatSpoolName(batch), batch.bytes, false);
            }
        } catch (err) {
            this.failed(err);
        }
    }

    /** For the exit handler, where nothing asynchronous runs any more. */
    putSync(batch) {
        fs.mkdirSync(this.dir, { recursive: true, mode: 0o700 });
        const target = path.join(this.dir, formatSpoolName(batch));
        const handle = fs.openSync(`${target}.tmp`, 'w', 0o600);
        try {
            fs.writeFileSync(handle, batch.bytes);
            fs.fsyncSync(handle);
        } finally {
            fs.closeSync(handle);
        }
        fs.renameSync(`${target}.tmp`, target);
    }

    async unlink(file) {
        try {
            await fsp.unlink(path.join(this.dir, file));
        } catch (err) {
            if (err.code !== 'ENOENT') {
                this.failed(err);
            }
        }
    }

    failed(err) {
        this.counters.spool_errors++;
        this.onError(err);
    }
}

async function writeWhole(dir, file, bytes, sync) {
    const target = path.join(dir, file);
    const handle = await fsp.open(`${target}.tmp`, 'w', 0o600);
    try {
        await handle.writeFile(bytes);
        if (sync) {
            await handle.sync();
        }
    } finally {
        await handle.close();
    }
    await fsp.rename(`${target}.tmp`, target);
    if (sync) {
        await syncPath(dir); // the new name has to survive as well
    }
}

async function syncPath(target) {
    const handle = await fsp.open(target, 'r');
    try {
        await handle.sync();
    } finally {
        await handle.close();
    }
}

module.exports = { Spool };
