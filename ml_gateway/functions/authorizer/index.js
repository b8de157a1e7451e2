'use strict';
// The authorizer of a REST API: tells which client calls, and what that one may call.
//
// The edge function puts one credential into X-Api-Key: a key, or a token. Whose it is, config.json beside this file says:
// `clients`, with the secrets of their keys and the methods that they may call; `issuers`, with the clients of their
// tokens (`ml_gateway/functions/authorizer_code.py`).
//
// The answer is kept for each credential, and holds for every method then. So it allows all that the client may call,
// whatever is asked now.
//
// Whom it does not know it refuses with the error `Unauthorized`, the one text that API Gateway answers with 401. What it
// cannot tell now is another error, which the API answers with 503. The log has the reason, and nothing of a credential.

const { answerFor } = require('./answer.js');
const { KEY, clientOfKey, usageKeyOfTokens } = require('./keys.js');
const { RefusedError, reasonOf } = require('./refused.js');
const { clientOfToken } = require('./tokens.js');

const HEADER = 'x-api-key';
const LONGEST = 10240;

exports.handler = async event => {
    try {
        const credential = credentialOf(event);
        if (KEY.test(credential)) {
            return answerFor(await clientOfKey(credential), event.methodArn);
        }
        const { client, until } = await clientOfToken(credential);
        return answerFor({ client, until, usageKey: await usageKeyOfTokens(client) }, event.methodArn);
    } catch (error) {
        const refused = error instanceof RefusedError;
        const reason = refused ? error.reason : reasonOf(error);
        console.log(JSON.stringify({ [refused ? 'refused' : 'failed']: reason, requestId: event.requestContext?.requestId }));
        throw new Error(refused ? 'Unauthorized' : 'Unavailable');
    }
};

// What the header has, whose name is compared as HTTP does it, and which has to be there once.
function credentialOf(event) {
    const found = Object.entries(event.multiValueHeaders ?? {}).filter(([name]) => name.toLowerCase() === HEADER);
    const values = found.flatMap(([, each]) => each);
    if (values.length !== 1 || values[0].length > LONGEST) {
        throw new RefusedError('not one credential');
    }
    return values[0];
}
