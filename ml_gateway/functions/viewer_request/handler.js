// The gateway's function at viewer request: its parts, in their order. Each takes the request, may change it, and gives
// the answer of the edge, or nothing, and then the next one looks. What none answers goes on.
//
// Each part looks at every character that a caller sends a fixed number of times at most, and throws nothing: CloudFront
// throttles a function that takes too long, for everybody.
//
// Written for cloudfront-js-2.0, which lacks much of what Node has. At synthesis the parts become one file without
// comments, below a line with the settings: `ml_gateway/functions/assembly.py`.

const PARTS = [cleanPath, answerPreflight, answerHealth, removeHeaders, takeKey, keepToKey];

function handler(event) {
    const request = event.request;
    for (let i = 0; i < PARTS.length; i++) {
        const answer = PARTS[i](request);
        if (answer) {
            return answer;
        }
    }
    return request;
}
