// Runs edge functions and counts their work. Reads a line of JSON `{code, asked}`, of which each that is asked is an
// event and a store, and writes one: a list of `{value, work, waited}` or `{thrown}`, or one `{thrown}` for all of them.
// Of `{code, event, store, header, values}` each value comes in that header once, and `value` is the list.
//
// Work is what the built-in functions look at: the length of the text or list that each call is made on, and of what it
// is given. Loops that call none of them would go uncounted; a test of the code says that there are none.
//
// `store` is the KeyValueStore: the texts of its keys, or "fails".

import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import vm from 'node:vm';

const COUNTED = {
    String: ['split', 'slice', 'indexOf', 'toLowerCase'],
    Array: ['join', 'map', 'filter', 'every', 'some', 'reduce', 'forEach', 'indexOf'],
    RegExp: ['test'],
};
const PREPARE = `
let work = 0;
let store = {};
const { parse, stringify } = JSON;
const sizeOf = value => value === undefined || value === null ? 0 : value.length || 1;
const count = !counting ? () => undefined : (holder, name) => {
    const usual = holder[name];
    holder[name] = function (...given) {
        work += 1 + sizeOf(this);
        for (const one of given) {
            work += typeof one === 'string' ? one.length : 0;
        }
        return usual.apply(this, given);
    };
};
const counted = ${JSON.stringify(COUNTED)};
for (const type of Object.keys(counted)) {
    counted[type].forEach(name => count(globalThis[type].prototype, name));
}
count(Object, 'keys');
count(String, 'fromCharCode');
count(JSON, 'parse');
count(Number, 'isInteger');
count(Math, 'floor');
count(Math, 'random');
const Buffer = {
    from: (text, encoding) => {
        const read = { length: text.length, toString: () => node.Buffer.from(text, encoding).toString() };
        count(read, 'toString');
        return read;
    }
};
count(Buffer, 'from');
Date.now = () => 1800000000000;
count(Date, 'now');
const failure = new Error('the store has no word for this');
const kvs = {
    get: async (key, options) => {
        if (store === 'fails' || !Object.hasOwn(store, key)) {
            throw failure;
        }
        return options && options.format === 'json' ? parse(store[key]) : store[key];
    }
};
count(kvs, 'get');
const crypto = {
    createHash: algorithm => {
        const usual = node.createHash(algorithm);
        const hash = { update: text => usual.update(text) && hash, digest: encoding => usual.digest(encoding) };
        count(hash, 'update');
        count(hash, 'digest');
        return hash;
    }
};
count(crypto, 'createHash');
const cloudfront = { kvs: () => kvs };
count(cloudfront, 'kvs');
const modules = { cloudfront, crypto };
const one = handler => (given, text) => {
    store = given;
    const event = parse(text);
    work = 0;
    const told = (value, waited) => stringify({ value: value === undefined ? null : value, work, waited });
    const value = handler(event);
    return value instanceof Promise ? value.then(each => told(each, true)) : told(value, false);
};
const many = handler => async (given, text, header, values) => {
    store = given;
    const found = [];
    for (const value of values) {
        const event = parse(text);
        event.request.headers[header] = { value };
        const each = await handler(event);
        found.push(each.uri || each.statusCode);
    }
    return stringify({ value: found, work, waited: true });
};
`;
const IMPORT = /^import (\w+) from '(\w+)';$/gm;
const handlers = new Map();

// To count takes most of the time, so many values are not counted.
function handlerOf(code, kind) {
    const name = `${kind} ${code}`;
    if (!handlers.has(name)) {
        // CloudFront runs functions in strict mode. The imports are its own to bind.
        const bound = `(modules => { 'use strict'; ${code.replace(IMPORT, 'const $1 = modules.$2;')}\nreturn handler; })`;
        const script = new vm.Script(`(function () { ${PREPARE}\nreturn ${kind}(${bound}(modules)); })()`);
        handlers.set(name, script.runInNewContext({ counting: kind === 'one', node: { Buffer, createHash } }));
    }
    return handlers.get(name);
}

async function answerTo({ code, asked, event, store, header, values }) {
    if (values) {
        return handlerOf(code, 'many')(store, JSON.stringify(event), header, values);
    }
    const handler = handlerOf(code, 'one');
    const answers = [];
    for (const [event, store] of asked) {
        try {
            answers.push(await handler(store, JSON.stringify(event)));
        } catch (error) {
            answers.push(thrown(error));
        }
    }
    return `[${answers}]`;
}

const thrown = error => JSON.stringify({ thrown: String(error) });

for await (const line of createInterface({ input: process.stdin })) {
    let answer;
    try {
        answer = await answerTo(JSON.parse(line));
    } catch (error) {
        answer = thrown(error);
    }
    process.stdout.write(`${answer}\n`);
}
