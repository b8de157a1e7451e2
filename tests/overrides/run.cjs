// Runs the function: reads lines of JSON `{folder, events, context, environment, offline}`, answers `{thrown, log}`.
//
// Each time as a new environment of Lambda, in which several events may be at once. `offline`: fetch throws the URL.

const { createInterface } = require('node:readline');
const path = require('node:path');

const usual = { ...process.env };
const { fetch } = globalThis;
let log = [];
console.log = text => log.push(JSON.parse(text));

createInterface({ input: process.stdin }).on('line', async line => {
    const asked = JSON.parse(line);
    log = [];
    process.env = { ...usual, ...asked.environment };
    globalThis.fetch = asked.offline ? url => { throw new Error(url); } : fetch;
    Object.keys(require.cache).filter(file => file.startsWith(asked.folder) && !file.includes('node_modules'))
        .forEach(file => delete require.cache[file]);
    const handle = async event => require(path.join(asked.folder, 'index.js')).handler(event, asked.context);
    const ended = await Promise.allSettled(asked.events.map(handle));
    const thrown = ended.find(({ status }) => status === 'rejected')?.reason.message;
    process.stdout.write(`${JSON.stringify({ thrown, log })}\n`);
});
