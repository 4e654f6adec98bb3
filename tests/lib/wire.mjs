// One request on a kept connection. What fetch does on top costs several times as much, which is what counts where a test asks a hundred thousand things.
import http from 'node:http';

// A connection that lay idle for a while is not used again: the server may be about to close it.
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 64, timeout: 4000 });

// Who listens is told of each exchange: ({url, verb, sent, status, type, text}).
export const listeners = new Set();

// {status, headers, text}; `headers` as Node gives them: names in small letters, several set-cookie as a list. Of a stream the head alone is read.
// After `deadline` milliseconds without an answer it fails.
export async function ask(url, { verb = 'GET', headers = {}, body, deadline = 0 } = {}) {
  if (body instanceof FormData) {
    const form = new Response(body);
    headers = { ...headers, 'content-type': form.headers.get('content-type') };
    body = Buffer.from(await form.arrayBuffer());
  }
  const size = body === undefined ? (verb === 'GET' || verb === 'HEAD' ? {} : { 'content-length': 0 }) : { 'content-length': Buffer.byteLength(body) };
  const answer = await new Promise((resolve, reject) => {
    const request = http.request(url, { method: verb, agent, headers: { ...headers, ...size } }, (response) => {
      const done = (text) => resolve({ status: response.statusCode, headers: response.headers, text });
      if (response.headers['content-type'] === 'text/event-stream') {
        done('');
        request.destroy();
        return;
      }
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => done(parts.length === 1 ? parts[0].toString() : Buffer.concat(parts).toString()));
      response.on('error', reject);
    });
    request.on('error', reject);
    if (deadline > 0) request.setTimeout(deadline, () => request.destroy(new Error(`no answer to ${verb} ${url}`)));
    request.end(body);
  });
  for (const listener of listeners) listener({ url, verb, sent: typeof body === 'string' && body !== '' ? body : undefined, status: answer.status, type: answer.headers['content-type']?.split(';')[0], text: answer.text });
  return answer;
}
