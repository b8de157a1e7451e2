'use strict';
// Tokens: JWTs of the issuers of config.json. RFC 8725 says what may be wrong with one; jose checks most of it.

const config = require('./config.json');
const { UnavailableError, keySetOf } = require('./key_sets.js');
const { RefusedError, reasonOf } = require('./refused.js');

// Signatures of a key that only the issuer has. With HS* whoever can check a token can make one.
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
const CLOCKS_DIFFER = 30;

// A map finds a claim to the letter, and only one that is a text.
const issuers = new Map(
    config.issuers.map(issuer => [issuer.url, { ...issuer, clients: new Map(Object.entries(issuer.clients)) }])
);

// The client whose token it is, and `until` when, in seconds.
async function clientOfToken(token) {
    if (!issuers.size) {
        throw new RefusedError('no token is taken');
    }
    // It is there where there are issuers.
    const jose = await import('jose');
    const issuer = issuerOf(token, jose);
    const claims = await checked(token, issuer, jose);
    const wrong = Object.keys(issuer.require).find(name => claims[name] !== issuer.require[name]);
    if (wrong) {
        throw new RefusedError(`not the ${wrong} that is required`);
    }
    const client = issuer.clients.get(claims[issuer.claim]);
    if (client === undefined) {
        throw new RefusedError('no client has this claim');
    }
    return { client, until: claims.exp + CLOCKS_DIFFER };
}

// By what the token says, which nobody has checked yet: one of ours, or none.
function issuerOf(token, jose) {
    let claims;
    try {
        jose.decodeProtectedHeader(token);
        claims = jose.decodeJwt(token);
    } catch {
        throw new RefusedError('no token');
    }
    if (!token.split('.').slice(0, 2).every(hasEachNameOnce)) {
        throw new RefusedError('two claims of one name');
    }
    const issuer = issuers.get(claims.iss);
    if (!issuer) {
        throw new RefusedError('no issuer of ours');
    }
    return issuer;
}

async function checked(token, issuer, jose) {
    const keys = keySetOf(issuer.url, jose);
    try {
        const { payload } = await jose.jwtVerify(token, keys.find, {
            issuer: issuer.url,
            ...(issuer.audience.length ? { audience: issuer.audience } : {}),
            algorithms: ALGORITHMS,
            requiredClaims: ['exp'],
            clockTolerance: CLOCKS_DIFFER
        });
        return payload;
    } catch (error) {
        // Who has a new key of an issuer that cannot be asked is not known to be wrong.
        if (error instanceof UnavailableError || (error.code === 'ERR_JWKS_NO_MATCHING_KEY' && keys.failing())) {
            throw new UnavailableError();
        }
        throw new RefusedError(reasonOf(error));
    }
}

// Of two claims of one name readers may take either (RFC 7519, 4): nobody shall be told by one that another does not see.
// `part` is JSON, which was read already.
function hasEachNameOnce(part) {
    const text = Buffer.from(part, 'base64url').toString();
    const names = [];
    let depth = 0;
    for (const [piece, name] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
        depth += '{['.includes(piece) - '}]'.includes(piece);
        if (name && depth === 1) {
            names.push(JSON.parse(name));
        }
    }
    return new Set(names).size === names.length;
}

module.exports = { clientOfToken };
