// A HEAD is answered without a body.
function jsonAnswer(request, statusCode, statusDescription, body) {
    const answer = {
        statusCode: statusCode,
        statusDescription: statusDescription,
        headers: { 'content-type': { value: 'application/json' }, 'cache-control': { value: 'no-store' } }
    };
    if (request.method !== 'HEAD') {
        answer.body = body;
    }
    return answer;
}
