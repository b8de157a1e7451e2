// Headers that never pass: those by which a caller would tell a server behind us that the request is another one than the
// gateway saw, and the one in which the gateway itself names a client. Underscores, which some servers take for hyphens,
// are looked at as hyphens.
//
// CloudFront hands over all names in lower case. One in other capitals would be a second spelling, and goes.

const NEVER = ' x-http-method-override x-http-method x-method-override x-forwarded-host x-original-url x-rewrite-url'
    + ' forwarded x-client-id ';

function removeHeaders(request) {
    Object.keys(request.headers).forEach(name => {
        if (name !== name.toLowerCase() || NEVER.indexOf(' ' + name.split('_').join('-') + ' ') !== -1) {
            delete request.headers[name];
        }
    });
}
