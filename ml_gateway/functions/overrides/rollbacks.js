'use strict';
// An alarm says that a version fails: its share goes to the version that config.json names.
//
// Of the event only the name of the alarm counts, which has to be one of ours. Which model and which versions are
// meant, config.json says. What fails here is thrown, so that Lambda invokes the function again.

const config = require('./config.json');
const { reasonOf } = require('./reason.js');
const { moved, overrideOf, written } = require('./shares.js');
const { change } = require('./store.js');

// A map finds a name to the letter, and only one that is a text.
const alarms = new Map(Object.entries(config.alarms));

async function rollBack(event) {
    const why = reasonToIgnore(event);
    if (why) {
        console.log(JSON.stringify({ ignored: why }));
        return;
    }
    const about = { alarm: event.detail.alarmName, region: event.region };
    try {
        console.log(JSON.stringify({ ...await moveShare(alarms.get(about.alarm)), ...about }));
    } catch (error) {
        console.log(JSON.stringify({ failed: reasonOf(error), ...about }));
        throw error;
    }
}

// What was done, for the log. A version that has no share already is left so: nothing is ever rolled forward.
async function moveShare({ model, version, to }) {
    const shares = config.models[model];
    let split;
    const changed = await change(model, value => {
        const before = overrideOf(value, shares) ?? shares;
        if (before[version] === 0) {
            return value;
        }
        split = moved(before, version, to);
        return written(split, shares);
    });
    return changed
        ? { rolledBack: model, from: version, to, split }
        : { ignored: `${version} has no share of ${model}` };
}

// EventBridge, "CloudWatch Alarm State Change". The event may come by way of another region.
function reasonToIgnore(event) {
    if (event?.source !== 'aws.cloudwatch' || event['detail-type'] !== 'CloudWatch Alarm State Change') {
        return 'no alarm that changed';
    }
    if (!alarms.has(event.detail?.alarmName)) {
        return 'no alarm of this gateway';
    }
    return event.detail.state?.value === 'ALARM' ? undefined : 'no version that fails';
}

module.exports = { rollBack };
