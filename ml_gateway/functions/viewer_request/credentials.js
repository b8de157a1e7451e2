// Keys (`keyForms`; null: there are no clients, and the origin custom header overwrites an x-api-key): one key goes on,
// as x-api-key.
// - A key is what has the form of ours, alone in its header: as x-api-key, or in a header of a listed form,
//   behind its scheme.
// - A header that is repeated, also in one line with commas, and anything else of another form, is none. Such an
//   x-api-key goes no further. AWS signatures, JWTs and tokens of other makers in other headers are for the model behind.
// - An x-api-key wins. A header of a listed form that holds a key of ours is removed, so that no model sees one: also
//   beside an x-api-key that won, as a client that changes over has two live keys.
// - Two different keys in other headers are none, and API Gateway refuses the request in the gateway's own words: to pick
//   one would be to guess whose quota pays.
//
// WAF counts the rate of a key by the whole text of its header, with small letters for capitals. So a key has one text
// alone: after the scheme comes one space, and nothing else is trimmed or split.

// CLIENT_KEY_LENGTH of ml_gateway/credentials.py; a test compares the two.
const KEY = /^[A-Za-z0-9]{48}$/;
const LONGEST_KEY = 128;

function takeKey(request) {
    const headers = request.headers;
    if (!SETTINGS.keyForms) {
        return;
    }
    const own = keyIn(headers['x-api-key'], '');
    const others = SETTINGS.keyForms.map(form => {
        const key = keyIn(headers[form.header], form.scheme);
        if (key) {
            delete headers[form.header];
        }
        return key;
    }).filter(key => key && !own);
    delete headers['x-api-key'];
    const key = own || others[0];
    if (key && others.every(other => other === key)) {
        headers['x-api-key'] = { value: key };
    }
}

// The key of ours that a header holds behind its scheme, or ''.
function keyIn(header, scheme) {
    const repeated = header && header.multiValue && header.multiValue.length > 1;
    const text = header && !repeated ? header.value : '';
    if (text.length > LONGEST_KEY || text.toLowerCase().indexOf(scheme) !== 0) {
        return '';
    }
    const key = text.slice(scheme.length);
    return KEY.test(key) ? key : '';
}
