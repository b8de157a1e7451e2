'use strict';
// The clients' keys: read from Secrets Manager once for each environment of the function, and found by their digests, so
// that how long it takes tells nothing of a key.
//
// A client with tokens has one more, which counts for them in its usage plan, and which nobody may present.

const { createHash } = require('node:crypto');
const { BatchGetSecretValueCommand, SecretsManagerClient } = require('@aws-sdk/client-secrets-manager');
const config = require('./config.json');
const { RefusedError } = require('./refused.js');

// CLIENT_KEY_LENGTH of ml_gateway/credentials.py; a test compares the two.
const KEY = /^[A-Za-z0-9]{48}$/;
// Secrets Manager API reference, BatchGetSecretValue.
const MOST_SECRETS = 20;

const secrets = new SecretsManagerClient();
let reading;

async function clientOfKey(key) {
    const found = (await known()).presented.get(digest(key));
    if (!found) {
        throw new RefusedError('unknown key');
    }
    return found;
}

async function usageKeyOfTokens(client) {
    const found = (await known()).ofTokens.get(client);
    if (!found) {
        throw new RefusedError('the key that counts for tokens is missing');
    }
    return found;
}

// Whoever comes while they are read waits for the same answer. What failed is read again.
function known() {
    reading ??= read().catch(error => {
        reading = undefined;
        throw error;
    });
    return reading;
}

async function read() {
    const clients = Object.entries(config.clients);
    const values = await valuesOf(clients.flatMap(([, { keys, tokens }]) => [...keys, ...(tokens ? [tokens] : [])]));
    const presented = new Map();
    const ofTokens = new Map();
    for (const [client, { keys, tokens }] of clients) {
        for (const usageKey of keys.map(name => values.get(name)).filter(value => value)) {
            presented.set(digest(usageKey), { client, usageKey });
        }
        if (tokens) {
            ofTokens.set(client, values.get(tokens));
        }
    }
    return { presented, ofTokens };
}

// By name. One that is missing refuses whose it is, and nobody else; whatever else is wrong is told.
async function valuesOf(names) {
    const values = new Map();
    for (let first = 0; first < names.length; first += MOST_SECRETS) {
        const asked = new BatchGetSecretValueCommand({ SecretIdList: names.slice(first, first + MOST_SECRETS) });
        const { SecretValues = [], Errors = [] } = await secrets.send(asked);
        for (const { ErrorCode, SecretId } of Errors) {
            if (ErrorCode !== 'ResourceNotFoundException') {
                throw Object.assign(new Error('a secret cannot be read'), { code: ErrorCode });
            }
            console.log(JSON.stringify({ missing: SecretId }));
        }
        SecretValues.forEach(({ Name, SecretString }) => values.set(Name, SecretString));
    }
    return values;
}

function digest(key) {
    return createHash('sha256').update(key).digest('hex');
}

module.exports = { KEY, clientOfKey, usageKeyOfTokens };
