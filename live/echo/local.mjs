// Runs index.mjs on loopback, with the events that an HTTP API would send: API Gateway Developer Guide, "Create AWS
// Lambda proxy integrations for HTTP APIs", payload format 2.0. Prints its port.
import { createServer } from 'node:http';

import { handler } from './index.mjs';

const server = createServer(async (request, response) => {
  const answer = await handler({
    rawPath: new URL(request.url, 'http://127.0.0.1').pathname,
    headers: request.headers,
    requestContext: { domainName: request.headers.host, http: { method: request.method } },
  });
  response.writeHead(answer.statusCode, answer.headers).end(answer.body);
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
