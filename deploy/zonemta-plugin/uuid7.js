'use strict';

const crypto = require('crypto');

/** A smaller step back is ridden out; after a larger one names follow the clock, for ingest refuses the future. */
const CLOCK_SET_BACK_MS = 1000;

/**
 * Makes a generator of UUIDv7 names (RFC 9562): 48 bits of epoch ms, then random bits, of which the first
 * twelve count upwards within a millisecond, so that the names of one process sort in the order of their making.
 *
 * @param {() => number} now epoch ms
 * @returns {() => string} lower-case canonical form
 */
module.exports.uuid7Generator = now => {
    let lastMs = 0;
    let count = 0;

    return () => {
        const ms = now();
        if (ms > lastMs || ms < lastMs - CLOCK_SET_BACK_MS) {
            lastMs = ms;
            count = crypto.randomBytes(2).readUInt16BE(0) & 0x7ff;
        } else if (++count > 0xfff) {
            // more than the twelve bits hold: borrow the next millisecond
            lastMs++;
            count = 0;
        }
        const random = crypto.randomBytes(8);
        random[0] = 0x80 | (random[0] & 0x3f);
        const tail = random.toString('hex');
        const head = lastMs.toString(16).padStart(12, '0');
        const version = (0x7000 | count).toString(16);
        return `${head.slice(0, 8)}-${head.slice(8)}-${version}-${tail.slice(0, 4)}-${tail.slice(4)}`;
    };
};
