'use strict';

const assert = require('assert').strict;
const test = require('node:test');
const { Counters } = require('../counters');
const { Deliveries, poolOf } = require('../deliveries');

const CONFIG = {
    pools: { main: ['192.0.2.2', '192.0.2.3'] },
    zones: { default: { pool: 'main' }, inline: { pool: ['192.0.2.9'] }, single: { pool: '192.0.2.9' }, bare: {} }
};
const delivery = (more = {}) => ({
    id: '1a201591aa60009e1e',
    seq: '001',
    sendingZone: 'default',
    created: '2026-11-22T03:44:02.578Z',
    user: 'alice@example.test',
    interface: 'feeder',
    zoneAddress: { address: '192.0.2.2', name: 'out1.example.test' },
    _deferred: { count: 2 },
    ...more
});
const event = (action, more = {}) => ({ id: '1a201591aa60009e1e', seq: '001', action, ...more });
const open = (limit = 10) => {
    const counters = new Counters();
    return { counters, deliveries: new Deliveries(limit, CONFIG, counters) };
};

test('an accepted delivery gets what its entry lacks', () => {
    const { deliveries } = open();
    const sent = delivery();
    deliveries.fetched(sent);
    deliveries.connecting(sent, { host: '198.51.100.1', localAddress: '192.0.2.2' });
    deliveries.connected(sent, { options: { localAddress: '192.0.2.2', servername: 'mx.rcpt.test', host: '198.51.100.1' } });
    const entry = event('ACCEPTED', { ip: '192.0.2.2' });
    deliveries.enrich(entry);
    assert.deepEqual(entry, {
        ...event('ACCEPTED'), ip: '192.0.2.2', attempts: 3, created: 1795319042578, user: 'alice@example.test',
        interface: 'feeder', pool: 'main', localAddress: '192.0.2.2', zoneAddress: '192.0.2.2', mxHost: 'mx.rcpt.test'
    });
    const later = event('ACCEPTED');
    deliveries.enrich(later);
    assert.deepEqual(later, event('ACCEPTED'), 'freed with the entry that ends the attempt');
});

test('a refusal at the greeting keeps the address that was refused', () => {
    const { deliveries } = open();
    const sent = delivery({ _deferred: undefined });
    deliveries.fetched(sent);
    deliveries.connecting(sent, { localAddress: '192.0.2.2' });
    sent.localAddress = '192.0.2.2';
    deliveries.failed(sent, undefined, { mxHost: 'mx.greet.test' });
    const entry = event('DEFERRED');
    deliveries.enrich(entry);
    assert.equal(entry.localAddress, '192.0.2.2');
    assert.equal(entry.mxHost, 'mx.greet.test');
    assert.equal(entry.attempts, 1);
});

test('never connected: the chosen address, also when another plugin chose anew after us', () => {
    const { deliveries } = open();
    const sent = delivery();
    deliveries.fetched(sent);
    sent.zoneAddress = { address: '192.0.2.3' };
    deliveries.failed(sent, false, { message: 'cached failure' });
    const entry = event('DEFERRED', { ip: false });
    deliveries.enrich(entry);
    assert.equal(entry.zoneAddress, '192.0.2.3');
    assert.equal(entry.localAddress, undefined);
});

test('two families: the address that was tried', () => {
    const { deliveries } = open();
    const sent = delivery({ zoneAddress: undefined, zoneAddressIPv4: { address: '192.0.2.2' }, zoneAddressIPv6: { address: '2001:db8::2' } });
    deliveries.fetched(sent);
    deliveries.connecting(sent, { localAddress: '2001:db8::2' });
    const entry = event('OTHER');
    deliveries.enrich(entry);
    assert.equal(entry.zoneAddress, '2001:db8::2');
});

test('the system default address is no address', () => {
    const { deliveries } = open();
    deliveries.fetched(delivery({ sendingZone: 'bare', zoneAddress: { address: '0.0.0.0' } }));
    const entry = event('REJECTED');
    deliveries.enrich(entry);
    assert.equal('zoneAddress' in entry, false);
    assert.equal('pool' in entry, false);
});

test('what ZoneMTA filled stays, and entries of a whole message are left alone', () => {
    const { deliveries } = open();
    deliveries.fetched(delivery());
    const filled = event('DEFERRED', { user: 'bob@example.test' });
    deliveries.enrich(filled);
    assert.equal(filled.user, 'bob@example.test');
    const whole = { id: '1a201591aa60009e1e', action: 'QUEUED' };
    deliveries.enrich(whole);
    assert.deepEqual(whole, { id: '1a201591aa60009e1e', action: 'QUEUED' });
});

test('the oldest delivery is forgotten and counted when too many are known', () => {
    const { deliveries, counters } = open(2);
    for (const seq of ['001', '002', '003', '003']) {
        deliveries.fetched(delivery({ seq }));
    }
    assert.equal(deliveries.known.size, 2);
    assert.equal(counters.deliveries_evicted, 1);
    const forgotten = event('ACCEPTED');
    deliveries.enrich(forgotten);
    assert.deepEqual(forgotten, event('ACCEPTED'));
    deliveries.connecting(delivery({ seq: '001' }), {});
    deliveries.connected(delivery({ seq: '001' }), {});
    deliveries.failed(delivery({ seq: '001' }), {}, {});
});

test('pools by name; addresses that stand in the zone carry its name', () => {
    assert.deepEqual(
        ['default', 'inline', 'single', 'bare', 'unknown'].map(zone => poolOf(CONFIG, zone)),
        ['main', 'zone:inline', 'zone:single', undefined, undefined]
    );
});
