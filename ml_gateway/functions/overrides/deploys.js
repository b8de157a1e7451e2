'use strict';
// The custom resource of each model with versions: its id is the model and the shares that the file gives it.
//
// Other shares are another id, and so another resource to CloudFormation: it deletes the old one once the whole update
// has succeeded, or the new one where it is rolled back. Deleting takes away the override that stands in for the shares
// of the deleted resource. Nothing else is written. A deploy does not fail because the store cannot be read.

const { reasonOf } = require('./reason.js');
const { areShares, overrideOf, standsInFor, told } = require('./shares.js');
const { MISSING, ONCE, change, valueOf } = require('./store.js');

const LONGEST = 3000;
const LOOPBACK = ['127.0.0.1', 'localhost'];

// `NAME` of ml_gateway/serving/settings.py, less strictly: nothing that leads elsewhere in a path.
const NAME = /^[a-z][a-z0-9-]*$/;
const PERCENT = /^\d{1,3}$/;

async function answerDeploy(event, context) {
    const url = answerUrl(event.ResponseURL);
    const log = `see log stream ${context?.logStreamName}`;
    const { StackId, RequestId, LogicalResourceId } = event;
    const answer = { Status: 'SUCCESS', Reason: log, PhysicalResourceId: event.PhysicalResourceId };
    try {
        Object.assign(answer, event.RequestType === 'Delete' ? await takenAway(event) : await found(event));
    } catch (error) {
        const reason = `${event.RequestType} of ${event.LogicalResourceId} failed: ${reasonOf(error)}`;
        console.log(JSON.stringify({ failed: reason }));
        // There has to be some id.
        Object.assign(answer, { Status: 'FAILED', Reason: `${reason}; ${log}` });
        answer.PhysicalResourceId ??= RequestId;
    }
    await send(url, { ...answer, StackId, RequestId, LogicalResourceId });
}

async function found({ ResourceProperties }) {
    const resource = resourceOf(ResourceProperties);
    if (!resource) {
        throw Object.assign(new Error('Model and Split are none'), { code: 'NO_SHARES' });
    }
    const { model, shares } = resource;
    const Override = await overrideNow(model, shares);
    console.log(JSON.stringify({ deployed: model, shares: told(shares), override: Override }));
    return { PhysicalResourceId: `${model} ${told(shares)}`, Data: { Override } };
}

async function overrideNow(model, shares) {
    try {
        const split = overrideOf(await valueOf(model), shares);
        return split ? told(split) : 'none';
    } catch (error) {
        console.log(JSON.stringify({ unknown: reasonOf(error) }));
        return 'unknown';
    }
}

async function takenAway({ ResourceProperties }) {
    const resource = resourceOf(ResourceProperties);
    // Nothing stands in for what are no shares.
    const removed = resource ? await removedOverride(resource) : false;
    console.log(JSON.stringify({ [removed ? 'takenAway' : 'left']: resource?.model ?? null }));
    return {};
}

async function removedOverride({ model, shares }) {
    try {
        return await change(model, value => (standsInFor(value, shares) ? undefined : value));
    } catch (error) {
        if (error.status === MISSING) {
            return false;
        }
        throw error;
    }
}

// CloudFormation hands numbers over as texts. Undefined where there is no model, or no shares.
function resourceOf(properties) {
    const { Model, Split } = properties ?? {};
    const shares = Object.fromEntries(
        Object.entries(Split ?? {}).map(([version, share]) => [version, PERCENT.test(share) ? Number(share) : NaN])
    );
    return typeof Model === 'string' && NAME.test(Model) && areShares(shares) ? { model: Model, shares } : undefined;
}

// Where CloudFormation waits, or an emulator. The URL is a secret, and is in no message.
function answerUrl(text) {
    const url = URL.parse(text);
    if (url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname))) {
        return url;
    }
    throw new Error('ResponseURL is no https URL; nothing was done, and nobody is answered');
}

// User Guide, "Custom resource response objects". The URL was signed for a content type that is empty. What fails is
// thrown: Lambda invokes the function again, and all that it does may be done twice.
async function send(url, answer) {
    const body = Buffer.from(JSON.stringify(answer));
    const headers = { 'content-type': '', ...ONCE };
    const signal = AbortSignal.timeout(LONGEST);
    const response = await fetch(url, { method: 'PUT', headers, body, redirect: 'error', signal });
    await response.text();
    if (!response.ok) {
        throw new Error(`the answer to CloudFormation was answered with ${response.status}`);
    }
}

module.exports = { answerDeploy };
