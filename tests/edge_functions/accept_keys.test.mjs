// The real file, called with the events of accept_keys.events.json. ACCEPT_KEYS names another file: a broken one.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const SOURCE = process.env.ACCEPT_KEYS ?? new URL('../../ml_gateway/edge_functions/accept_keys.js', import.meta.url);
const EVENTS = new URL('accept_keys.events.json', import.meta.url);

const WORDS = {
    '<key>': 'Ab3'.repeat(16),
    '<other key>': 'Zy9'.repeat(16),
    '<short key>': 'Ab3'.repeat(16).slice(1),
    '<long>': 'a'.repeat(8192),
};

const source = readFileSync(SOURCE, 'utf8');
const text = readFileSync(EVENTS, 'utf8').replace(/<[a-z ]+>/g, (word) => WORDS[word]);

function handlerThatAccepts(forms) {
    const code = forms ? source.replace(/^const ACCEPTED = .*;$/m, `const ACCEPTED = ${JSON.stringify(forms)};`) : source;
    return new Function(`${code}\nreturn handler;`)();
}

function viewerRequest(headers) {
    return {
        version: '1.0',
        context: { eventType: 'viewer-request' },
        viewer: { ip: '192.0.2.1' },
        request: { method: 'POST', uri: '/predict', querystring: {}, headers: structuredClone(headers), cookies: {} },
    };
}

for (const { name, accepted, headers, forwarded } of JSON.parse(text)) {
    test(name, () => {
        assert.deepEqual(handlerThatAccepts(accepted)(viewerRequest(headers)), {
            ...viewerRequest(headers).request,
            headers: forwarded,
        });
    });
}
