// Versions (`splits`; with none this file is not there): a request for a model that has several goes on below the path of
// one of them, `/fraud--v2/fraud`. A path of that form that comes from a caller is answered 404.
//
// The caller names the version where `choose` lets it; an unknown one is answered 404, too. Else it is picked by a bucket
// of 10,000: that of the client (`byClient`: the key, or issuer and claim of a token), of a header's value (`byHeader`),
// or one by chance. The second version has the first buckets, the third the last ones, and the first what they leave. So
// one that gets more takes callers from the first alone, and loses none of its own.
//
// A model with one version alone goes on as it came: the API has that version under the model's own path, too, and the
// other path is there for an edge that knew several.
//
// The store may have other shares, and says which ones of this file they stand in for. Without a word of it, or where it
// fails, the file's shares hold.
//
// What waits holds no function of its own, and waits in no argument: the runtime supports neither (CloudFront Developer
// Guide, "Use async and await"). The imports stand in the first lines of the function, as assembly.py writes it.

const BUCKETS = 10000;
const MARK = '--';
const MATCHERS = SETTINGS.splits.map(split => new RegExp(split.takes));

async function takeVersion(request) {
    const path = request.uri;
    if (isOfAVersion(path)) {
        return unknown(request);
    }
    const split = splitOf(path);
    if (!split) {
        return;
    }
    const asked = split.choose && request.headers[split.choose];
    const version = asked ? named(asked, split) : await picked(request, split);
    if (!version) {
        return unknown(request);
    }
    request.uri = '/' + split.model + MARK + version + path;
}

function isOfAVersion(path) {
    const first = path.split('/')[1].toLowerCase();
    return SETTINGS.splits.some(split => first.indexOf(split.model + MARK) === 0);
}

function splitOf(path) {
    return SETTINGS.splits.filter((split, i) => split.versions.length > 1 && MATCHERS[i].test(path))[0];
}

function unknown(request) {
    const answer = jsonAnswer(request, 404, 'Not Found', SETTINGS.unknown);
    if (SETTINGS.cors) {
        answer.headers['access-control-allow-origin'] = { value: '*' };
    }
    return answer;
}

// The version that a header names, once and to the letter; undefined for any other value.
function named(header, split) {
    const repeated = header.multiValue && header.multiValue.length > 1;
    return repeated ? undefined : split.versions[split.versions.indexOf(header.value)];
}

async function picked(request, split) {
    const shares = await sharesOf(split);
    const bucket = bucketOf(request, split);
    if (bucket < shares[1] * BUCKETS / 100) {
        return split.versions[1];
    }
    const third = shares.length > 2 && bucket >= BUCKETS - shares[2] * BUCKETS / 100;
    return split.versions[third ? 2 : 0];
}

function bucketOf(request, split) {
    const caller = split.byHeader ? request.headers[split.byHeader] : request.headers['x-api-key'];
    if (!caller || !(split.byHeader || split.byClient)) {
        return Math.floor(Math.random() * BUCKETS);
    }
    const same = split.byHeader ? caller.value : clientOf(caller.value);
    const digest = crypto.createHash('sha256').update(split.model + ' ' + same).digest('hex');
    return parseInt(digest.slice(0, 12), 16) % BUCKETS;
}

// The key, or what a token says of its client: a new token is no new client.
function clientOf(credential) {
    if (!SETTINGS.claims || credential.indexOf('.') === -1) {
        return credential;
    }
    const claims = claimsOf(credential);
    return claims.iss + ' ' + claims[SETTINGS.claims[claims.iss]];
}

async function sharesOf(split) {
    try {
        const said = await cf.kvs().get(split.model, { format: 'json' });
        return sharesIn(said, split) || split.shares;
    } catch (error) {
        return split.shares;
    }
}

// Those that stand in for the file's, by the rules of overrides/shares.js. Undefined, or an error, for anything else.
function sharesIn(said, split) {
    const shares = split.versions.map(version => said.split[version]);
    const total = shares.reduce((sum, share) => sum + (Number.isInteger(share) && share >= 0 ? share : NaN), 0);
    const alike = [said.split, said.instead_of].every(each => Object.keys(each).length === shares.length)
        && split.versions.every((version, i) => said.instead_of[version] === split.shares[i]);
    return total === 100 && alike ? shares : undefined;
}
