// Path hygiene: one spelling of each path, which is what all that follows decides by, and what is sent on.
//
// Percent-encoded letters, digits, `-`, `.`, `_` and `~` mean the same as themselves (RFC 3986, 2.3), and are decoded.
// Then a path is refused if it holds what somebody behind us could read as another path, once it is decoded there: API
// Gateway decodes the variables of a path before it builds the URL of a backend. That is an encoded slash, backslash,
// `?`, `#`, `%` or control character, one of these as it is, an empty part, a part that is `.` or `..` (with parameters
// behind `;`, too, which some servers drop), and percent-encoding that is none. All else stays as it came.
//
// `slashesInIds`: there are models of the protocol openai, whose clients ask for `<base>/v1/models/<id>` with the slashes
// of the id encoded. Behind `/v1/models/` they become slashes: the path that anybody may ask for as it is.

const UNRESERVED = /[A-Za-z0-9._~-]/;
const REFUSED = /[\x00-\x1f\x7f\/\\?#%]/;
const REFUSED_PATH = /^[^\/]|[\x00-\x1f\x7f\\?#]|\/\/|\/\.\.?(;|%3b|\/|$)/i;

function cleanPath(request) {
    request.uri = cleaned(request.uri);
    if (request.uri) {
        return;
    }
    const answer = jsonAnswer(request, 400, 'Bad Request', SETTINGS.refusal);
    if (SETTINGS.cors) {
        // A fixed text: any page may read it.
        answer.headers['access-control-allow-origin'] = { value: '*' };
    }
    return answer;
}

// The path as it is sent on; '' if it is refused.
function cleaned(uri) {
    const pieces = uri.split('%');
    for (let i = 1; i < pieces.length; i++) {
        const hex = pieces[i].slice(0, 2);
        if (!/^[0-9A-Fa-f]{2}$/.test(hex)) {
            return '';
        }
        const meant = String.fromCharCode(parseInt(hex, 16));
        if (UNRESERVED.test(meant)) {
            pieces[i] = meant + pieces[i].slice(2);
        } else if (meant === '/' && SETTINGS.slashesInIds) {
            pieces[i] = '%2F' + pieces[i].slice(2);
        } else if (REFUSED.test(meant)) {
            return '';
        } else {
            pieces[i] = '%' + pieces[i];
        }
    }
    const parts = pieces.join('').split('%2F');
    // The first encoded slash has to come behind `/v1/models/`, and that behind a model's path.
    const path = parts.length === 1 || parts[0].indexOf('/v1/models/') > 0 ? parts.join('/') : '';
    return REFUSED_PATH.test(path) ? '' : path;
}
