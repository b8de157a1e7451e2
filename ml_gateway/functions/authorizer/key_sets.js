'use strict';
// The public keys of the issuers, fetched where each says that they are (OpenID Connect Discovery 1.0).
//
// jose keeps a set for 10 minutes, and asks again for a key that it lacks, after 30 s at the earliest. While an issuer
// cannot be asked, that is remembered for some seconds, so that not every request waits for it, and the last good set
// goes on for an hour at most. Environments of the function share nothing: each asks for itself.

const { reasonOf } = require('./refused.js');

const SECONDS = 1000;
const FAILURE_REMEMBERED = 10 * SECONDS;
const LAST_GOOD_SET = 3600 * SECONDS;
const SETTINGS = { cacheMaxAge: 600 * SECONDS, cooldownDuration: 30 * SECONDS, timeoutDuration: 3 * SECONDS };

// Nobody can tell now whether a token is right.
class UnavailableError extends Error {
    name = 'UnavailableError';
}

const sets = new Map();

// `find` is what jose looks a key up by, and `failing()` whether the issuer could not be asked the last time.
function keySetOf(issuer, jose) {
    if (!sets.has(issuer)) {
        sets.set(issuer, newKeySet(issuer, jose));
    }
    return sets.get(issuer);
}

function newKeySet(issuer, jose) {
    let good;
    let failed = -Infinity;
    let failing = false;

    async function asked(_url, { signal }) {
        if (Date.now() - failed >= FAILURE_REMEMBERED) {
            try {
                good = { keys: await fetched(issuer, signal, jose), at: Date.now() };
                failing = false;
            } catch (error) {
                failed = Date.now();
                failing = true;
                console.log(JSON.stringify({ issuer, failed: reasonOf(error) }));
            }
        }
        if (!good || Date.now() - good.at > LAST_GOOD_SET) {
            throw new UnavailableError();
        }
        return Response.json(good.keys);
    }

    // The URL is not used: the issuer's document has it.
    const find = jose.createRemoteJWKSet(new URL(issuer), { ...SETTINGS, [jose.customFetch]: asked });
    return { find, failing: () => failing };
}

async function fetched(issuer, signal, jose) {
    const discovered = await json(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, signal);
    expect(discovered.issuer === issuer, 'ANOTHER_ISSUER');
    expect(new URL(discovered.jwks_uri).protocol === 'https:', 'KEYS_WITHOUT_TLS');
    const keys = await json(discovered.jwks_uri, signal);
    jose.createLocalJWKSet(keys); // throws if it is none
    return keys;
}

async function json(url, signal) {
    const response = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } });
    expect(response.status === 200, `STATUS_${response.status}`);
    return response.json();
}

function expect(right, code) {
    if (!right) {
        throw Object.assign(new Error(code), { code });
    }
}

module.exports = { UnavailableError, keySetOf };
