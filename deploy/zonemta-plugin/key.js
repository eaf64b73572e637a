'use strict';

const fs = require('fs').promises;

/**
 * The ingest key, from the config block or from a file. A file is read again when the key was refused,
 * so that a key can be changed without restarting ZoneMTA.
 */
class Key {
    /** @param {{key?: string, key_file?: string}} settings */
    constructor(settings) {
        this.file = settings.key_file;
        this.value = settings.key;
    }

    /**
     * @returns {Promise<string>} the key
     * @throws {Error} when the file cannot be read, is empty, or others than its owner and group may touch it
     */
    async get() {
        if (this.value === undefined) {
            this.value = await readKeyFile(this.file);
        }
        return this.value;
    }

    /** Ingest refused the key: look into the file again before the next request. */
    forget() {
        if (this.file) {
            this.value = undefined;
        }
    }
}

async function readKeyFile(file) {
    let handle;
    try {
        handle = await fs.open(file, 'r');
    } catch (err) {
        throw new Error(`key_file cannot be read (${err.code}): check its path and owner`);
    }
    try {
        const { mode } = await handle.stat();
        if (mode & 0o027) {
            throw new Error('key_file is open to others: chmod 0600 (or 0640 with the group of ZoneMTA)');
        }
        const text = (await handle.readFile('utf8')).trim();
        if (!text || /[^\x21-\x7e]/.test(text)) {
            throw new Error('key_file must hold the key and nothing else, one word of printable ASCII');
        }
        return text;
    } finally {
        await handle.close();
    }
}

module.exports = { Key };
