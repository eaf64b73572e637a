'use strict';

/** What a process counts since its start; all are numbers of events unless the name says otherwise. */
const NAMES = [
    'seen', // log entries copied
    'accepted', // events that ingest stored
    'rejected', // events that ingest refused one by one
    'poison_events', // events of batches that ingest refused as a whole
    'dropped_memory', // oldest events given up because memory was full and the disk did not take them
    'dropped_spool', // oldest events given up because the spool was full
    'dropped_age', // events given up because they were older than spool_max_age_ms
    'dropped_damaged', // events in spool files that were cut short by a power cut
    'truncated', // events of which a long text was cut
    'deliveries_evicted', // deliveries forgotten before their end: their events lack the additions
    'spooled_batches', // batches that had to wait on disk
    'adopted_batches', // batches taken over from processes that ended
    'retried_requests', // requests that failed and were, or will be, sent again
    'refused_requests', // answers that need a person: key, host, address
    'spool_errors', // failed operations on the disk
    'plugin_errors' // faults of the plugin itself, caught before they reached ZoneMTA
];

class Counters {
    constructor() {
        for (const name of NAMES) {
            this[name] = 0;
        }
    }

    /** @returns {object} only what is not zero, so that healthy batches stay small */
    summary() {
        const summary = {};
        for (const name of NAMES) {
            if (this[name]) {
                summary[name] = this[name];
            }
        }
        return summary;
    }

    /** @returns {string} every counter as name=value, for the log */
    line() {
        return NAMES.map(name => `${name}=${this[name]}`).join(' ');
    }
}

module.exports = { Counters };
