// Runs the authorizer: reads a line of JSON `{folder, event, fresh, later}`, writes one, `{answer, log}` or `{thrown, log}`.
//
// `fresh`: as a new environment, that has read nothing. `later`: so many milliseconds later than it is.

const { createInterface } = require('node:readline');
const path = require('node:path');

let log = [];
let later = 0;
const now = Date.now;
Date.now = () => now() + later;
console.log = text => log.push(JSON.parse(text));

createInterface({ input: process.stdin }).on('line', async line => {
    const asked = JSON.parse(line);
    later = asked.later;
    log = [];
    if (asked.fresh) {
        Object.keys(require.cache).filter(file => file.startsWith(asked.folder) && !file.includes('node_modules'))
            .forEach(file => delete require.cache[file]);
    }
    let said;
    try {
        const answers = await Promise.all(asked.events.map(require(path.join(asked.folder, 'index.js')).handler));
        said = { answers };
    } catch (error) {
        said = { thrown: error.message };
    }
    process.stdout.write(`${JSON.stringify({ ...said, log })}\n`);
});
