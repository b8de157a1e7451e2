'use strict';
// Requests signed with SigV4A, the only signature that the store takes, which Lambda's own SDK does not bring along.
//
// Tests check it as AWS documents it (IAM User Guide, "Create a signed AWS API request"), with code of their own. No
// store of AWS has seen one. Session tokens have to be of version 2 (CloudFront Developer Guide, "Using temporary
// credentials with the CloudFront KeyValueStore API"); that Lambda's are is taken for granted.

const { createHash, createHmac } = require('node:crypto');
const { SignatureV4a } = require('@smithy/signature-v4a');

// The form that the signer wants a hash in.
class Sha256 {
    constructor(secret) {
        this.hash = secret ? createHmac('sha256', secret) : createHash('sha256');
    }

    update(data) {
        this.hash.update(data);
    }

    async digest() {
        return this.hash.digest();
    }
}

// The path arrives encoded, and is encoded once more where it is signed, as AWS's SDKs do for all services but S3.
const signer = new SignatureV4a({
    service: 'cloudfront-keyvaluestore',
    region: '*',
    sha256: Sha256,
    uriEscapePath: true,
    credentials: async () => ({
        accessKeyId: process.env.AWS_ACCESS_KEY_ID,
        secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
        sessionToken: process.env.AWS_SESSION_TOKEN
    })
});

// The headers to send. The host is signed with them, and sent by fetch itself.
async function signed({ method, url, headers, body }) {
    const told = { ...headers, host: url.host };
    const request = { method, hostname: url.hostname, path: url.pathname, headers: told, body };
    const { headers: { host, ...sent } } = await signer.sign(request);
    return sent;
}

module.exports = { signed };
