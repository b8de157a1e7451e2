// Runs edge functions and counts their work: reads a line of JSON `{code, event}`, writes one, `{value, work}` or `{thrown}`.
//
// Work is what the built-in functions look at: the length of the text or list that each call is made on, and of what it
// is given. Loops that call none of them would go uncounted; a test of the code says that there are none.

import { createInterface } from 'node:readline';
import vm from 'node:vm';

const COUNTED = {
    String: ['split', 'slice', 'indexOf', 'toLowerCase'],
    Array: ['join', 'map', 'filter', 'every', 'forEach', 'indexOf'],
    RegExp: ['test'],
};
const PREPARE = `
let work = 0;
const stringify = JSON.stringify;
const sizeOf = value => value === undefined || value === null ? 0 : value.length || 1;
const count = (holder, name) => {
    const usual = holder[name];
    holder[name] = function (...given) {
        work += 1 + sizeOf(this) + given.reduce((sum, one) => sum + (typeof one === 'string' ? one.length : 0), 0);
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
const Buffer = {
    from: (text, encoding) => {
        const read = { length: text.length, toString: () => NodeBuffer.from(text, encoding).toString() };
        count(read, 'toString');
        return read;
    }
};
count(Buffer, 'from');
Date.now = () => 1800000000000;
count(Date, 'now');
`;
const handlers = new Map();

function handlerOf(code) {
    if (!handlers.has(code)) {
        const run = `(text => { const event = JSON.parse(text); work = 0; const value = handler(event);
            return stringify({ value: value === undefined ? null : value, work: work }); })`;
        handlers.set(code, new vm.Script(`(function () {${PREPARE}\n${code}\nreturn ${run};})()`).runInNewContext({ NodeBuffer: Buffer }));
    }
    return handlers.get(code);
}

createInterface({ input: process.stdin }).on('line', line => {
    const { code, event } = JSON.parse(line);
    let answer;
    try {
        answer = handlerOf(code)(JSON.stringify(event));
    } catch (error) {
        answer = JSON.stringify({ thrown: String(error) });
    }
    process.stdout.write(`${answer}\n`);
});
