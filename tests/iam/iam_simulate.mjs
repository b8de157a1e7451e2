// Decides requests by IAM policies, as @cloud-copilot/iam-simulate does: reads a JSON list of cases, writes one of booleans.
//
// A case is `{policy, action, resource, context}`. Its policy is a document, or `{folder, client, until, methodArn}`: what
// the authorizer in that folder answers, by its own answer.js and config.json.

import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { runSimulation } from '@cloud-copilot/iam-simulate';

const ACCOUNT = '123456789012';
const load = createRequire(import.meta.url);

function documentOf({ folder, client, until, methodArn, ...document }) {
    if (folder === undefined) {
        return document;
    }
    const { answerFor } = load(path.join(folder, 'answer.js'));
    return answerFor({ client, until: until ?? undefined, usageKey: 'key' }, methodArn).policyDocument;
}

async function decide({ policy, action, resource, context }) {
    // Whose the caller is never decides: it is of the account of what it asks for.
    const accountId = resource.split(':')[4] || ACCOUNT;
    const decided = await runSimulation({
        request: {
            principal: `arn:aws:iam::${accountId}:user/caller`,
            action,
            resource: { resource, accountId },
            contextVariables: context
        },
        identityPolicies: [{ name: 'policy', policy: documentOf(policy) }],
        serviceControlPolicies: [],
        resourceControlPolicies: []
    }, { simulationMode: 'Strict' });
    // A case that is wrong in itself must not pass for one that is denied.
    if (decided.resultType !== 'single' || decided.result.ignoredContextKeys.length > 0) {
        throw new Error(`${action} ${resource}: ${JSON.stringify(decided)}`);
    }
    return decided.overallResult === 'Allowed';
}

const decisions = [];
for (const each of JSON.parse(await text(process.stdin))) {
    decisions.push(await decide(each));
}
process.stdout.write(JSON.stringify(decisions));
