'use strict';

const fs = require('fs').promises;
const http = require('http');
const https = require('https');

const MAX_ANSWER_BYTES = 1024 * 1024;
/** Shorter than servers and firewalls keep an idle connection, so that a dead one is not used again. */
const IDLE_CONNECTION_MS = 30 * 1000;
const POISON = new Set([400, 413, 422]);
const RETRY = new Set([408, 425, 429, 500, 502, 503, 504, 507]);

/**
 * Posts sealed batches to ingest over connections that are kept open.
 *
 * `post` never rejects; it answers with one of
 * - `{kind: 'stored', rejected: number[]}`: 202; ingest has it, but for the events at these indexes
 * - `{kind: 'poison', reason}`: this batch will never be taken
 * - `{kind: 'refused', reason}`: a person has to put something right (key, host, address); the batch is good
 * - `{kind: 'retry', reason, retryAfterMs}`: later, the same bytes
 * Reasons hold no key and nothing of the mail.
 */
class Transport {
    /**
     * @param {Readonly<object>} settings
     * @param {import('./key').Key} key
     * @param {() => number} now epoch ms, for dates in Retry-After
     */
    constructor(settings, key, now) {
        const { url } = settings;
        this.settings = settings;
        this.key = key;
        this.now = now;
        this.client = url.protocol === 'https:' ? https : http;
        this.agent = null;
        this.target = {
            protocol: url.protocol,
            hostname: url.hostname.replace(/^\[|\]$/g, ''),
            port: url.port || undefined,
            path: `${url.pathname.replace(/\/$/, '')}/v1/events/mail`,
            method: 'POST'
        };
    }

    async post(batch) {
        let key;
        try {
            key = await this.key.get();
            await this.prepare();
        } catch (err) {
            return { kind: 'refused', reason: err.message };
        }
        let answer = await this.exchange(batch.bytes, key);
        if (answer.stale) {
            answer = await this.exchange(batch.bytes, key);
        }
        const outcome = this.judge(answer);
        if (answer.status === 401 || answer.status === 403) {
            this.key.forget();
        }
        return outcome;
    }

    /** The agent keeps the connections; a private certificate authority is read with the first batch. */
    async prepare() {
        if (!this.agent) {
            const options = { keepAlive: true, maxSockets: this.settings.max_requests, timeout: IDLE_CONNECTION_MS };
            if (this.settings.ca_file) {
                options.ca = await readCa(this.settings.ca_file);
            }
            this.agent = this.agent || new this.client.Agent(options);
        }
    }

    close() {
        if (this.agent) {
            this.agent.destroy();
        }
    }

    exchange(bytes, key) {
        return new Promise(resolve => {
            const request = this.client.request({
                ...this.target,
                agent: this.agent,
                headers: {
                    Authorization: `Bearer ${key}`,
                    'Content-Type': 'application/json',
                    'Content-Encoding': 'gzip',
                    'Content-Length': bytes.length
                }
            });
            let connectTimer = null;
            const fail = reason => {
                finish({ error: reason });
                request.destroy();
            };
            const wholeTimer = setTimeout(
                () => fail(`no answer within ${this.settings.request_timeout_ms} ms`),
                this.settings.request_timeout_ms
            );
            wholeTimer.unref();
            const finish = answer => {
                clearTimeout(wholeTimer);
                clearTimeout(connectTimer);
                resolve(answer);
            };
            request.on('socket', socket => {
                if (socket.connecting) {
                    connectTimer = setTimeout(
                        () => fail(`no connection within ${this.settings.connect_timeout_ms} ms`),
                        this.settings.connect_timeout_ms
                    );
                    connectTimer.unref();
                    socket.once('connect', () => clearTimeout(connectTimer));
                }
            });
            request.on('error', err =>
                // the server closed an idle connection while we took it: no fault of the road, a new one will do
                finish({ error: err.code || err.name, stale: request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(err.code) })
            );
            request.on('response', response => {
                const chunks = [];
                let size = 0;
                response.on('data', chunk => {
                    size += chunk.length;
                    if (size > MAX_ANSWER_BYTES) {
                        return fail('answer too long');
                    }
                    chunks.push(chunk);
                });
                response.on('aborted', () => finish({ error: 'answer cut short' }));
                response.on('error', err => finish({ error: err.code || err.name }));
                response.on('end', () =>
                    finish({ status: response.statusCode, headers: response.headers, body: parse(Buffer.concat(chunks)) })
                );
            });
            request.end(bytes);
        });
    }

    judge({ error, status, headers, body }) {
        if (error) {
            return { kind: 'retry', reason: error, retryAfterMs: 0 };
        }
        // a page of a proxy that says 200 to everything must not pass for a stored batch
        if (status === 202 && body && Number.isInteger(body.accepted)) {
            const rejected = Array.isArray(body.rejected) ? body.rejected.map(item => item && item.index) : [];
            return { kind: 'stored', rejected: rejected.filter(Number.isInteger) };
        }
        const reason = `${status} ${title(body)}`.trim();
        // only ingest's own word ends a batch, not that of a proxy or of whatever else listens at a wrong address;
        // a name in the future becomes good with time, or with the host's clock
        if (POISON.has(status) && title(body) && !String(body.type).endsWith('batch-from-future')) {
            return { kind: 'poison', reason };
        }
        if (RETRY.has(status)) {
            return { kind: 'retry', reason, retryAfterMs: this.retryAfter(headers['retry-after']) };
        }
        return { kind: 'refused', reason };
    }

    /** RFC 9110: seconds or a date. */
    retryAfter(value) {
        if (!value) {
            return 0;
        }
        const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - this.now();
        return ms > 0 ? ms : 0;
    }
}

async function readCa(file) {
    try {
        return await fs.readFile(file);
    } catch (err) {
        throw new Error(`ca_file cannot be read (${err.code}): check its path and owner`);
    }
}

function parse(bytes) {
    try {
        return JSON.parse(bytes.toString('utf8'));
    } catch (err) {
        return null;
    }
}

/** The problem's title (RFC 9457), never its detail: that may quote an event. */
function title(body) {
    const text = body && typeof body.title === 'string' ? body.title : '';
    return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 120);
}

module.exports = { Transport };
