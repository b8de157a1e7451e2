// Preflight (`cors`): the question of a browser whether a page may call. It carries no key, so it is answered here, for
// every path: 204, with permission for the listed origins only. An OPTIONS that is no preflight goes on.

function answerPreflight(request) {
    const cors = SETTINGS.cors;
    const origin = request.headers.origin;
    // Fetch standard, "CORS-preflight fetch": it always has these two headers.
    if (!cors || request.method !== 'OPTIONS' || !origin || !request.headers['access-control-request-method']) {
        return;
    }
    const open = cors.origins.indexOf('*') !== -1;
    // The answer depends on the origin, whether it is allowed or not, unless all are.
    const headers = open ? {} : { vary: { value: 'origin' } };
    const allow = 'access-control-allow-';
    if (open || cors.origins.indexOf(origin.value) !== -1) {
        headers[allow + 'origin'] = { value: open ? '*' : origin.value };
        headers[allow + 'methods'] = { value: cors.methods };
        headers[allow + 'headers'] = { value: cors.headers };
        headers['access-control-max-age'] = { value: cors.maxAge };
    }
    return { statusCode: 204, statusDescription: 'No Content', headers: headers };
}
