// Health (`health`): a GET or HEAD of that path is answered 200 here, also without a key. It says that the edge answers,
// and nothing about what lies behind.

function answerHealth(request) {
    if (request.uri === SETTINGS.health && (request.method === 'GET' || request.method === 'HEAD')) {
        return jsonAnswer(request, 200, 'OK', '{"status":"ok"}');
    }
}
