// The real file, called with the events of *.events.json. VIEWER_REQUEST names another file: a broken one.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const SOURCE = process.env.VIEWER_REQUEST
    ?? new URL('../../ml_gateway/edge_functions/viewer_request.js', import.meta.url);
const HERE = new URL('.', import.meta.url);

const WORDS = {
    '<key>': 'Ab3'.repeat(16),
    '<other key>': 'Zy9'.repeat(16),
    '<short key>': 'Ab3'.repeat(16).slice(1),
    '<long>': 'a'.repeat(8192),
};

const source = readFileSync(SOURCE, 'utf8');
const SETTINGS_LINE = /^const SETTINGS = (.*);$/m;

function eventsOf(file) {
    const text = readFileSync(new URL(file, HERE), 'utf8').replace(/<[a-z ]+>/g, (word) => WORDS[word]);
    return JSON.parse(text);
}

// The handler of the file as it stands, with other settings if there are any.
function handlerWith(settings) {
    const all = { ...JSON.parse(SETTINGS_LINE.exec(source)[1]), ...settings };
    return new Function(`${source.replace(SETTINGS_LINE, `const SETTINGS = ${JSON.stringify(all)};`)}\nreturn handler;`)();
}

function viewerRequest({ method = 'POST', uri = '/predict', headers }) {
    return {
        version: '1.0',
        context: { eventType: 'viewer-request' },
        viewer: { ip: '192.0.2.1' },
        request: { method, uri, querystring: {}, headers: structuredClone(headers), cookies: {} },
    };
}

for (const file of readdirSync(HERE).filter((name) => name.endsWith('.events.json'))) {
    for (const { name, settings, forwarded, answer, ...request } of eventsOf(file)) {
        test(name, () => {
            const expected = answer ?? { ...viewerRequest(request).request, headers: forwarded };
            assert.deepEqual(handlerWith(settings)(viewerRequest(request)), expected);
        });
    }
}
