'use strict';
// What API Gateway is told of a caller (Developer Guide, "Output from an API Gateway Lambda authorizer").

const config = require('./config.json');

// The longest that API Gateway keeps an answer.
const LONGEST_KEPT = 3600;

// `until`, in seconds, is when a token ends. The edge refuses it by then, and its policy ends by itself, too.
function answerFor({ client, usageKey, until }, methodArn) {
    const [api, stage] = methodArn.split('/');
    const statement = {
        Action: 'execute-api:Invoke',
        Effect: 'Allow',
        Resource: config.clients[client].allowed.map(method => `${api}/${stage}/${method}`)
    };
    if (until !== undefined) {
        statement.Condition = { DateLessThan: { 'aws:CurrentTime': written(until) } };
    }
    return {
        principalId: client,
        policyDocument: { Version: '2012-10-17', Statement: [statement] },
        context: { client },
        usageIdentifierKey: usageKey
    };
}

// A time that is far away may be more than a date can be.
function written(seconds) {
    const last = Math.min(seconds, Date.now() / 1000 + LONGEST_KEPT);
    return new Date(last * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}

module.exports = { answerFor };
