'use strict';
// The data plane of the CloudFront KeyValueStore whose ARN is in STORE (CloudFront API reference, "Amazon CloudFront
// KeyValueStore"). Each kind of error has a status of its own there.

const { setTimeout: pause } = require('node:timers/promises');
const { signed } = require('./signing.js');

const LONGEST = 3000;
const TIMES_AGAIN = 5;
const SHORTEST_PAUSE = 50;

// An environment of Lambda may be frozen for long: what it kept open is gone when it thaws.
const ONCE = { connection: 'close' };

const MISSING = 404;
// 409 is what the API reference says of a write that came second. 412 is what HTTP says of If-Match.
const CAME_SECOND = [409, 412];

const ARN = process.env.STORE;
const PATH = `/key-value-stores/${encodeURIComponent(ARN)}`;

// The names that AWS's SDKs know, for emulators. The SDKs put the account before the host of these, too; here the host
// stays, as 127.0.0.1 has no such names.
const ENDPOINT = process.env.AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE || process.env.AWS_ENDPOINT_URL
    || `https://${ARN.split(':')[4]}.cloudfront-kvs.global.api.aws`;

class StoreError extends Error {
    name = 'StoreError';

    constructor(method, status) {
        super(`${method} was answered with ${status}`);
        this.status = status;
        this.code = `STATUS_${status}`;
    }
}

// Puts what `decide` makes of a key's value in its place, or takes the key away where that is undefined. Tells whether
// anything was written. Who comes second reads and decides again.
async function change(key, decide) {
    for (let again = 0; ; again++) {
        try {
            return await changeOnce(key, decide);
        } catch (error) {
            if (!CAME_SECOND.includes(error.status) || again === TIMES_AGAIN) {
                throw error;
            }
            await pause(Math.random() * SHORTEST_PAUSE * 2 ** again);
        }
    }
}

// The ETag is that of the whole store. It is read before the value, so that whoever writes in between is noticed.
async function changeOnce(key, decide) {
    const { headers } = await asked('GET', PATH);
    const before = await valueOf(key);
    const after = decide(before);
    if (after === before) {
        return false;
    }
    const ifMatch = { 'if-match': headers.get('etag') };
    if (after === undefined) {
        await asked('DELETE', pathOf(key), ifMatch);
    } else {
        const body = JSON.stringify({ Value: after });
        await asked('PUT', pathOf(key), { ...ifMatch, 'content-type': 'application/json' }, body);
    }
    return true;
}

async function valueOf(key) {
    try {
        return JSON.parse((await asked('GET', pathOf(key))).text).Value;
    } catch (error) {
        if (error.status === MISSING) {
            return undefined;
        }
        throw error;
    }
}

function pathOf(key) {
    return `${PATH}/keys/${encodeURIComponent(key)}`;
}

async function asked(method, path, headers = {}, body = undefined) {
    const url = new URL(`${ENDPOINT.replace(/\/$/, '')}${path}`);
    const response = await fetch(url, {
        method,
        headers: { ...await signed({ method, url, headers, body }), ...ONCE },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(LONGEST)
    });
    const text = await response.text();
    if (!response.ok) {
        throw new StoreError(method, response.status);
    }
    return { headers: response.headers, text };
}

module.exports = { MISSING, ONCE, change, valueOf };
