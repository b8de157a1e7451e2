// Viewer request: what the edge answers itself, and how a key of the gateway goes on. The order is the order below.
//
// Preflight (`cors`): the question of a browser whether a page may call. It carries no key, so it is answered here, for
// every path: 204, with permission for the listed origins only. An OPTIONS that is no preflight goes on.
//
// Health (`health`): a GET or HEAD of that path is answered 200 here, also without a key. It says that the edge answers,
// and nothing about what lies behind.
//
// Keys (`keyForms`; null: there are no clients): a key that came in the form of some SDK goes on as x-api-key.
// - An x-api-key that came wins, whatever it holds: API Gateway decides about it.
// - Otherwise a header of a listed form counts if it looks like a key of ours. AWS signatures, JWTs and tokens of
//   other makers do not: they stay where they are, for the model behind.
// - A header of a listed form that holds what looks like a key of ours is removed, so that no model sees one: also
//   beside an x-api-key that won, as a client that changes over has two live keys.
// - A repeated key goes on once. Two different keys are none: no x-api-key goes on, and API Gateway refuses the request
//   in the gateway's own words. To pick one would be to guess whose quota pays.
//
// CloudFront hands over all header names in lower case. An x-origin-verify of a viewer needs no care here: the origin
// custom header overwrites it.
//
// Written for cloudfront-js-2.0, which lacks much of what Node has. The next line is replaced at synthesis.
const SETTINGS = {"keyForms":["bearer","api-key","x-goog-api-key"],"cors":null,"health":null};

// CLIENT_KEY_LENGTH of ml_gateway/credentials.py; a test compares the two.
const OUR_KEY = /^[A-Za-z0-9]{48}$/;
const BEARER = /^bearer +/i;

function handler(event) {
    const request = event.request;
    if (SETTINGS.cors && isPreflight(request)) {
        return preflightAnswer(request.headers.origin.value, SETTINGS.cors);
    }
    if (request.uri === SETTINGS.health && (request.method === 'GET' || request.method === 'HEAD')) {
        return healthAnswer(request.method);
    }
    return SETTINGS.keyForms ? withOneKey(request, SETTINGS.keyForms) : request;
}

// Fetch standard, "CORS-preflight fetch": it always has these two headers.
function isPreflight(request) {
    return request.method === 'OPTIONS' && Boolean(request.headers.origin)
        && Boolean(request.headers['access-control-request-method']);
}

function preflightAnswer(origin, cors) {
    const open = cors.origins.indexOf('*') !== -1;
    // The answer depends on the origin, whether it is allowed or not, unless all are.
    const headers = open ? {} : { vary: { value: 'origin' } };
    if (open || cors.origins.indexOf(origin) !== -1) {
        headers['access-control-allow-origin'] = { value: open ? '*' : origin };
        headers['access-control-allow-methods'] = { value: cors.methods };
        headers['access-control-allow-headers'] = { value: cors.headers };
        headers['access-control-max-age'] = { value: cors.maxAge };
    }
    return { statusCode: 204, statusDescription: 'No Content', headers: headers };
}

function healthAnswer(method) {
    const answer = {
        statusCode: 200,
        statusDescription: 'OK',
        headers: { 'content-type': { value: 'application/json' }, 'cache-control': { value: 'no-store' } },
    };
    if (method === 'GET') {
        answer.body = '{"status":"ok"}';
    }
    return answer;
}

function withOneKey(request, forms) {
    const headers = request.headers;
    const given = headers['x-api-key'];
    const carriers = forms.filter(function (form) { return keyIn(headers, form) !== null; });
    const keys = given
        ? distinctValues(given)
        : distinct(carriers.map(function (form) { return keyIn(headers, form); }));
    if (keys.length !== 1) {
        delete headers['x-api-key'];
        return request;
    }
    const key = keys[0];
    carriers.forEach(function (form) { delete headers[headerOf(form)]; });
    // Both, where copies came: a change of `value` alone might leave the others in place.
    headers['x-api-key'] = given && given.multiValue ? { value: key, multiValue: [{ value: key }] } : { value: key };
    return request;
}

function headerOf(form) {
    return form === 'bearer' ? 'authorization' : form;
}

// The key of ours that came in this form, or null.
function keyIn(headers, form) {
    const header = headers[headerOf(form)];
    const values = header ? distinctValues(header) : [];
    if (values.length !== 1 || (form === 'bearer' && !BEARER.test(values[0]))) {
        return null;
    }
    const key = form === 'bearer' ? values[0].replace(BEARER, '') : values[0];
    return OUR_KEY.test(key) ? key : null;
}

// A repeated header may come as several values, or as one with commas, which means the same (RFC 9110, 5.2).
function distinctValues(header) {
    const copies = header.multiValue || [header];
    return distinct(copies.map(function (copy) { return copy.value; }).join(',').split(/ *, */));
}

function distinct(values) {
    return values.filter(function (value, index) { return values.indexOf(value) === index; });
}
