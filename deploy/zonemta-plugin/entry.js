'use strict';

/**
 * Keys that carry mail text, and `created`: zonemta-wildduck writes the time of the log entry there, while
 * events carry the time at which the delivery was queued under that name.
 */
const DROPPED = new Set(['subject', 'headers', 'text', 'html', 'content', 'message', 'raw', 'attachments', 'created']);

const MAX_KEYS = 64;
const MAX_TEXT = 4096;
const MAX_TOTAL = 12000;

/**
 * Copies a log entry: scalars, dates as epoch ms and lists of scalars; nothing else leaves the host. Ingest takes
 * 16 kB an event, so long texts are cut; the recipients' list last, between two of them, with their whole number in
 * `toCount`.
 *
 * @param {object} entry ZoneMTA's own object, left untouched
 * @returns {{event: object, truncated: boolean}}
 */
module.exports.copyEntry = entry => {
    const event = {};
    let room = MAX_TOTAL;
    let keys = 0;
    let truncated = false;

    for (const key of Object.keys(entry)) {
        if (DROPPED.has(key)) {
            continue;
        }
        let value = scalar(entry[key]);
        if (value === undefined || (key === 'body' && typeof value !== 'number')) {
            continue;
        }
        if (key === 'httpUrl' && typeof value === 'string') {
            value = withoutCredentials(value);
        }
        if (typeof value === 'string') {
            const limit = key === 'to' ? room : Math.min(MAX_TEXT, room);
            if (value.length > limit) {
                truncated = true;
                if (key === 'to') {
                    event.toCount = value.split(',').length;
                    value = value.slice(0, value.lastIndexOf(',', limit) + 1 || limit).replace(/,$/, '');
                } else {
                    value = value.slice(0, limit);
                }
            }
            value = wellFormed(value);
            room -= value.length;
        }
        if (++keys > MAX_KEYS) {
            truncated = true;
            break;
        }
        event[key] = value;
    }
    return { event, truncated };
};

function scalar(value) {
    switch (typeof value) {
        case 'string':
        case 'boolean':
            return value;
        case 'number':
            return Number.isFinite(value) ? value : undefined;
        case 'object':
            if (value === null) {
                return undefined;
            }
            if (value instanceof Date) {
                return scalar(value.getTime());
            }
            if (Array.isArray(value)) {
                return value.filter(item => ['string', 'number', 'boolean'].includes(typeof item)).join(',');
            }
            return undefined;
        default:
            return undefined;
    }
}

/** ZoneMTA cuts texts by UTF-16 unit; half a pair is legal in JavaScript and an error in every JSON reader. */
function wellFormed(text) {
    return /[\ud800-\udfff]/.test(text) ? text.replace(/\p{Surrogate}/gu, '\ufffd') : text;
}

/** Target addresses of HTTP deliveries may carry passwords or tokens. */
function withoutCredentials(text) {
    try {
        const url = new URL(text);
        return `${url.protocol}//${url.host}${url.pathname}`;
    } catch (err) {
        return '';
    }
}
