'use strict';

const fs = require('fs');
const http = require('http');
const https = require('https');
const os = require('os');
const path = require('path');
const zlib = require('zlib');

/** A clock that stands still until told to move; timers due run in their order. */
class TestClock {
    constructor(nowMs = 1795318946537) {
        this.nowMs = nowMs;
        this.timers = [];
        this.now = () => this.nowMs;
        this.after = (fn, delayMs) => {
            const timer = { fn, atMs: this.nowMs + delayMs };
            this.timers.push(timer);
            return () => this.timers.splice(0, this.timers.length, ...this.timers.filter(other => other !== timer));
        };
    }

    advance(ms) {
        const untilMs = this.nowMs + ms;
        for (;;) {
            const due = this.timers.filter(timer => timer.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
            if (!due) {
                break;
            }
            this.nowMs = Math.max(this.nowMs, due.atMs);
            this.timers.splice(this.timers.indexOf(due), 1);
            due.fn();
        }
        this.nowMs = untilMs;
    }
}

/** A real HTTP server in the place of ingest. `answer` may be replaced at any time. */
class TestIngest {
    /** @param {object} [tls] key and cert, for https */
    constructor(tls) {
        this.requests = [];
        this.answer = stored;
        this.scheme = tls ? 'https' : 'http';
        this.server = (tls ? https : http).createServer(tls || {}, (req, res) => {
            const chunks = [];
            req.on('data', chunk => chunks.push(chunk));
            req.on('end', () => {
                const raw = Buffer.concat(chunks);
                const request = {
                    method: req.method,
                    url: req.url,
                    headers: req.headers,
                    port: req.socket.remotePort,
                    raw,
                    body: JSON.parse(zlib.gunzipSync(raw))
                };
                this.requests.push(request);
                this.answer(request, res, this);
            });
        });
    }

    async start(port = 0) {
        await new Promise(resolve => this.server.listen(port, '127.0.0.1', resolve));
        this.port = this.server.address().port;
        this.url = `${this.scheme}://127.0.0.1:${this.port}`;
        return this;
    }

    async stop() {
        this.server.closeAllConnections();
        if (!this.server.listening) {
            return;
        }
        await new Promise(resolve => this.server.close(resolve));
    }

    get events() {
        return this.requests.filter(request => request.answered === 202).flatMap(request => request.body.events);
    }
}

function reply(status, body, headers = {}) {
    return (request, res) => {
        request.answered = status;
        res.writeHead(status, { 'Content-Type': 'application/json', ...headers });
        res.end(JSON.stringify(body));
    };
}

function stored(request, res) {
    reply(202, { accepted: request.body.events.length, rejected: [], duplicate: false, directives: 1 })(request, res);
}

const problem = (status, title, headers) => reply(status, { type: 'about:blank', title, status }, headers);

function tempDir(t) {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'wildwatch-plugin-'));
    t.after(() => fs.rmSync(dir, { recursive: true, force: true }));
    return dir;
}

/** Runs the loop until `condition` holds; a wait for real sockets and files, not for time to pass. */
async function until(condition, what = condition) {
    const deadline = Date.now() + 10000;
    for (;;) {
        const result = condition();
        if (result) {
            return result;
        }
        if (Date.now() > deadline) {
            throw new Error(`never came true: ${what}`);
        }
        await new Promise(resolve => setImmediate(resolve));
    }
}

class TestLog {
    constructor() {
        this.lines = [];
        this.info = text => this.lines.push(text);
        this.warn = text => this.lines.push(text);
    }

    get text() {
        return this.lines.join('\n');
    }
}

/** @returns {string[]} all files below, relative */
function filesBelow(dir) {
    const found = [];
    for (const item of fs.existsSync(dir) ? fs.readdirSync(dir, { withFileTypes: true }) : []) {
        const name = item.name;
        found.push(...(item.isDirectory() ? filesBelow(path.join(dir, name)).map(file => path.join(name, file)) : [name]));
    }
    return found.sort();
}

module.exports = { TestClock, TestIngest, TestLog, filesBelow, problem, reply, stored, tempDir, until };
