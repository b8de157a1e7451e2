// In place of handler.js, where models have versions: this one waits for the part that asks the store. All that is said
// there holds here, too.

const PARTS = [cleanPath, answerPreflight, answerHealth, removeHeaders, takeKey, takeVersion, keepToKey];

async function handler(event) {
    const request = event.request;
    for (let i = 0; i < PARTS.length; i++) {
        const answer = await PARTS[i](request);
        if (answer) {
            return answer;
        }
    }
    return request;
}
