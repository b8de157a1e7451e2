// Keys and tokens, in place of credentials.js: one credential goes on, as x-api-key. All that is said there of a key
// holds for a token, too.
// - A token is a JWT in such a place whose `iss` is that of one of the `issuers`, to the letter, and whose `exp` is at most
//   30 s past. Nothing here trusts it: the authorizer checks the signature, and all else.
// - A token that is past is none, so that its caller is told to get another one: 401. An API that has its policy still
//   would answer 403.
// - A token of an issuer of ours goes no further in its own header, whatever else is wrong with it: no model sees one.

// As in credentials.js; a test compares them. LONGEST: CLIENT_TOKEN_LENGTH of ml_gateway/credentials.py.
const KEY = /^[A-Za-z0-9]{48}$/;
const TOKEN = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const LONGEST = 10240;
const CLOCKS_DIFFER = 30;

function takeKey(request) {
    const headers = request.headers;
    const own = credentialIn(headers, 'x-api-key', '');
    const others = SETTINGS.keyForms
        .map(form => credentialIn(headers, form.header, form.scheme))
        .filter(other => other && !own);
    delete headers['x-api-key'];
    const credential = own || others[0];
    if (credential && others.every(other => other === credential)) {
        headers['x-api-key'] = { value: credential };
    }
}

// The credential that a header holds behind its scheme, or ''. A header with one of ours is removed, repeated or not.
function credentialIn(headers, name, scheme) {
    const header = headers[name] || { value: '' };
    const values = header.multiValue || [header];
    const ours = values.map(each => ourCredential(each.value, scheme)).filter(each => each);
    if (ours.length) {
        delete headers[name];
    }
    return ours.length && values.length === 1 && ours[0].live ? ours[0].text : '';
}

// The key or token of ours that a text is, and whether it still counts; undefined for any other text.
function ourCredential(value, scheme) {
    if (value.length > LONGEST || value.toLowerCase().indexOf(scheme) !== 0) {
        return;
    }
    const text = value.slice(scheme.length);
    if (KEY.test(text)) {
        return { text: text, live: true };
    }
    const claims = TOKEN.test(text) ? claimsOf(text) : {};
    if (SETTINGS.issuers.indexOf(claims.iss) !== -1) {
        return { text: text, live: claims.exp > Date.now() / 1000 - CLOCKS_DIFFER };
    }
}

// What a token says of itself, which may be anything; nothing where it cannot be read.
function claimsOf(token) {
    try {
        return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()) || {};
    } catch (error) {
        return {};
    }
}
