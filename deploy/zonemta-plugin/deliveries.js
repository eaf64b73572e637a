'use strict';

const ENDS_ATTEMPT = new Set(['ACCEPTED', 'DEFERRED', 'REJECTED']);
const UNCHOSEN = new Set(['0.0.0.0', '::']);

/**
 * What the sender knows of the deliveries under way and its log entries do not tell, above all the sending
 * address of attempts that never became an SMTP session. Kept from `sender:fetch` to the entry that ends the
 * attempt; when `limit` deliveries are known the oldest is forgotten and counted.
 */
class Deliveries {
    /**
     * @param {number} limit
     * @param {object} config ZoneMTA's whole configuration: `zones` and `pools`
     * @param {import('./counters').Counters} counters
     */
    constructor(limit, config, counters) {
        this.limit = limit;
        this.config = config;
        this.counters = counters;
        this.known = new Map();
    }

    /** hook sender:fetch: an attempt begins */
    fetched(delivery) {
        const key = keyOf(delivery);
        if (!this.known.has(key) && this.known.size >= this.limit) {
            this.known.delete(this.known.keys().next().value);
            this.counters.deliveries_evicted++;
        }
        this.known.set(key, {
            attempts: (Number(delivery._deferred && delivery._deferred.count) || 0) + 1,
            created: epochMs(delivery.created),
            user: text(delivery.user),
            interface: text(delivery.interface),
            pool: poolOf(this.config, delivery.sendingZone),
            localAddress: undefined,
            zoneAddress: chosenAddress(delivery),
            mxHost: undefined
        });
    }

    /** hook sender:connect: the address this try leaves from, after other plugins had their say in sender:fetch */
    connecting(delivery, options) {
        const facts = this.known.get(keyOf(delivery));
        if (facts && options) {
            facts.zoneAddress = address(options.localAddress) || chosenAddress(delivery) || facts.zoneAddress;
        }
    }

    /** hook sender:connection: a new session or one used again, for which sender:connect does not run */
    connected(delivery, connection) {
        const facts = this.known.get(keyOf(delivery));
        if (facts) {
            const options = (connection && connection.options) || {};
            facts.localAddress = address(options.localAddress) || address(delivery.localAddress);
            facts.mxHost = text(options.servername) || text(options.host) || text(delivery.mxHostname);
        }
    }

    /** hook sender:responseError: runs just before the entry; the only place that names the address on a bad greeting */
    failed(delivery, connection, err) {
        const facts = this.known.get(keyOf(delivery));
        if (facts) {
            facts.localAddress = facts.localAddress || address(delivery.localAddress);
            facts.zoneAddress = address(delivery.localAddress) || chosenAddress(delivery) || facts.zoneAddress;
            facts.mxHost = text(err && err.mxHost) || facts.mxHost || text(delivery.mxHostname);
        }
    }

    /**
     * Adds what is known to a copied entry; keys that ZoneMTA filled stay as they are.
     *
     * @param {object} event
     */
    enrich(event) {
        if (!event.seq) {
            return;
        }
        const key = keyOf(event);
        const facts = this.known.get(key);
        if (!facts) {
            return;
        }
        for (const name of Object.keys(facts)) {
            if (facts[name] !== undefined && !event[name]) {
                event[name] = facts[name];
            }
        }
        if (ENDS_ATTEMPT.has(event.action)) {
            this.known.delete(key);
        }
    }
}

/**
 * The pool of a zone: its name, or `zone:<zone>` where the addresses stand in the zone itself.
 *
 * @returns {string | undefined} undefined for a zone that sends from the system's default address
 */
function poolOf(config, zone) {
    const settings = (config.zones || {})[zone];
    const pool = settings && settings.pool;
    if (!pool || (Array.isArray(pool) && !pool.length)) {
        return undefined;
    }
    return typeof pool === 'string' && (config.pools || {})[pool] ? pool : `zone:${zone}`;
}

function keyOf(delivery) {
    return `${delivery.id}.${delivery.seq}`;
}

function chosenAddress(delivery) {
    const chosen = delivery.zoneAddress || delivery.zoneAddressIPv4 || delivery.zoneAddressIPv6;
    return address(chosen && chosen.address);
}

function text(value) {
    return typeof value === 'string' && value ? value : undefined;
}

function address(value) {
    return text(value) && !UNCHOSEN.has(value) ? value : undefined;
}

/** `created` is a Date in main and ISO text once it has travelled to a sender. */
function epochMs(value) {
    const ms = value === undefined || value === null || value === false ? NaN : new Date(value).getTime();
    return Number.isNaN(ms) ? undefined : ms;
}

module.exports = { Deliveries, poolOf };
