// What tells kept answers apart (`keyed`: the headers in the cache key, in lower case; null where nothing is kept): a GET
// or HEAD takes no other header on. By one that is in no key a caller would choose the answer that all others get.
// Nothing else is ever kept, and takes on what it has.
//
// These five stay: CloudFront has the first in the key itself, in a form of its own, refuses a GET with a body, and lets
// no function remove the last four. An Origin that `cors` reads for the answer goes no further than CloudFront: an origin
// request policy leaves it out.

const ALWAYS = ['accept-encoding', 'content-length', 'host', 'transfer-encoding', 'via'];

function keepToKey(request) {
    if (!SETTINGS.keyed || (request.method !== 'GET' && request.method !== 'HEAD')) {
        return;
    }
    Object.keys(request.headers).forEach(name => {
        const read = name === 'origin' && SETTINGS.cors;
        if (!read && SETTINGS.keyed.indexOf(name) === -1 && ALWAYS.indexOf(name) === -1) {
            delete request.headers[name];
        }
    });
}
