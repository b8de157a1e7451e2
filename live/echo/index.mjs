// The server behind the models: it answers with the request as it came. It knows no other path than those below a word
// of the run's own, keeps nothing, asks nobody, and sends no body of a request back.

const { ECHO_WORD, ISSUER_KEYS } = process.env;
const PIECES = 4;
const MILLISECONDS_OF_A_PIECE = 500;

function received(event, below) {
  return {
    method: event.requestContext.http.method,
    path: below,
    headers: event.headers,
    // Tells an answer that was kept from a fresh one.
    answered: `${Date.now()}-${Math.random()}`,
  };
}

// An issuer of OpenID Connect: nothing but its public keys.
function issued(event, below) {
  const issuer = `https://${event.requestContext.domainName}/${ECHO_WORD}/issuer`;
  if (below === '/issuer/keys') return JSON.parse(ISSUER_KEYS);
  if (below === '/issuer/.well-known/openid-configuration') return { issuer, jwks_uri: `${issuer}/keys` };
  return null;
}

// Behind an HTTP API of API Gateway: events and answers of its payload format 2.0.
export async function handler(event) {
  const [, word, ...parts] = event.rawPath.split('/');
  const below = `/${parts.join('/')}`;
  if (word !== ECHO_WORD) return { statusCode: 404, headers: { 'Content-Type': 'text/plain' }, body: 'nothing here\n' };
  const said = (ISSUER_KEYS && issued(event, below)) || { received: received(event, below) };
  return { statusCode: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(said) };
}

async function inPieces(_event, stream) {
  const metadata = { statusCode: 200, headers: { 'Content-Type': 'text/event-stream' } };
  const body = awslambda.HttpResponseStream.from(stream, metadata);
  for (let piece = 1; piece <= PIECES; piece += 1) {
    body.write(`data: ${piece}\n\n`);
    await new Promise((resolve) => setTimeout(resolve, MILLISECONDS_OF_A_PIECE));
  }
  body.end();
}

// Behind the gateway itself, as a model that streams. The runtime of Lambda alone has this.
export const streamed = globalThis.awslambda?.streamifyResponse(inPieces);
