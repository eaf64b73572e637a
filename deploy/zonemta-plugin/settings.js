'use strict';

const os = require('os');
const path = require('path');

const MIN = 60 * 1000;
const DAY = 24 * 60 * MIN;

/** name: [default, lowest, highest]; units are part of the names. */
const NUMBERS = {
    batch_max_events: [500, 1, 5000],
    batch_max_age_ms: [500, 10, 60 * 1000],
    batch_max_age_outage_ms: [5000, 10, 5 * MIN],
    max_requests: [2, 1, 16],
    connect_timeout_ms: [5000, 100, MIN],
    request_timeout_ms: [15 * 1000, 100, 5 * MIN],
    retry_base_ms: [1000, 10, MIN],
    retry_max_ms: [MIN, 100, 30 * MIN],
    memory_max_events: [10 * 1000, 1, 1000 * 1000],
    memory_max_bytes: [32 * 1024 * 1024, 1024, 1024 ** 3],
    spool_max_bytes: [512 * 1024 * 1024, 1024, 1024 ** 4],
    spool_max_files: [200 * 1000, 1, 2 * 1000 * 1000],
    spool_max_age_ms: [12 * DAY, 1000, 12 * DAY],
    rejected_max_bytes: [16 * 1024 * 1024, 0, 1024 ** 3],
    sweep_interval_ms: [10 * 1000, 100, 10 * MIN],
    report_interval_ms: [MIN, 1000, 24 * 60 * MIN],
    deliveries_max: [5000, 1, 1000 * 1000]
};

const TEXTS = ['url', 'key', 'key_file', 'ca_file', 'host', 'instance', 'spool_dir'];
const ENABLERS = ['enabled', 'ordering', 'durable'];
const DEFAULT_SPOOL_DIR = '/var/spool/wildwatch-zonemta';

/**
 * Checks the plugin's config block and fills in the defaults.
 *
 * @param {object} block as ZoneMTA hands it over (`app.config`)
 * @param {string} [queueInstance] ZoneMTA's own `queue.instanceId`
 * @returns {Readonly<object>} every setting under its documented name, `url` as a URL object
 * @throws {Error} that lists all mistakes at once, each with field and fix, never a value that may be secret
 */
module.exports.readSettings = (block, queueInstance) => {
    const mistakes = [];
    const settings = {};

    for (const name of Object.keys(block)) {
        if (!(name in NUMBERS) && !TEXTS.includes(name) && !ENABLERS.includes(name)) {
            mistakes.push(`${name} is not a setting of this plugin: remove it or check its spelling`);
        }
    }
    for (const name of TEXTS) {
        const value = block[name];
        if (value === undefined || value === null || value === '' || value === false) {
            continue;
        }
        if (typeof value !== 'string') {
            mistakes.push(`${name} must be a text`);
            continue;
        }
        settings[name] = value;
    }
    for (const name of Object.keys(NUMBERS)) {
        const [standard, lowest, highest] = NUMBERS[name];
        const value = block[name] === undefined ? standard : block[name];
        if (!Number.isInteger(value) || value < lowest || value > highest) {
            mistakes.push(`${name} must be a whole number from ${lowest} to ${highest}`);
        }
        settings[name] = value;
    }
    settings.durable = block.durable === undefined ? true : block.durable;
    if (typeof settings.durable !== 'boolean') {
        mistakes.push('durable must be true or false');
    }

    settings.url = parseUrl(settings.url, mistakes);
    if (settings.key && settings.key_file) {
        mistakes.push('key and key_file exclude each other: keep one');
    } else if (settings.key === undefined && settings.key_file === undefined) {
        mistakes.push('key_file is missing: set it to the file that holds the ingest key (or set key)');
    } else if (settings.key !== undefined && /[^\x21-\x7e]/.test(settings.key)) {
        mistakes.push('key must be one word of printable ASCII');
    }
    settings.host = settings.host || os.hostname();
    settings.instance = settings.instance || (queueInstance ? String(queueInstance) : 'default');
    settings.spool_dir = settings.spool_dir || DEFAULT_SPOOL_DIR;
    if (!path.isAbsolute(settings.spool_dir)) {
        // main and its children do not promise to share a working folder
        mistakes.push('spool_dir must be an absolute path');
    }
    if (mistakes.length) {
        throw new Error(`Wildwatch settings: ${mistakes.join('; ')}`);
    }
    return Object.freeze(settings);
};

function parseUrl(text, mistakes) {
    if (text === undefined) {
        mistakes.push('url is missing: set it to the address of Wildwatch ingest, for example https://watch.example.net:8443');
        return undefined;
    }
    let url;
    try {
        url = new URL(text);
    } catch (err) {
        mistakes.push('url is not an address: it should look like https://watch.example.net:8443');
        return undefined;
    }
    if (url.protocol !== 'https:' && url.protocol !== 'http:') {
        mistakes.push('url must begin with https:// or http://');
    }
    if (url.username || url.password) {
        mistakes.push('url must not hold a user name or password: the key has its own setting');
    }
    if (url.search || url.hash) {
        mistakes.push('url must end before any ? or #');
    }
    return url;
}
