// Limits before anything is understood: framing, sizes, times and rates, each with its own answer, and the server lives on for everybody else.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, afterEach, before, describe, test } from 'node:test';
import { Site, expect, sluice } from '../lib/site.mjs';

const site = new Site({ demo: true });
let owner, other, host;
before(async () => {
  await site.serve();
  owner = site.party('Owner', 'vendor');
  other = site.party('Other', 'vendor');
  host = new URL(site.url).host;
  const organisation = `/api/v1/organisations/${owner.org}`;
  await expect(200, owner.call('PUT', organisation, { name: 'Owner', takes_reports: true }, { 'if-match': (await owner.call('GET', organisation)).headers.get('etag') }));
});
after(() => site.remove());
afterEach(async () => { await expect(200, site.call(undefined, 'GET', '/healthz')); });

// Sends bytes; gives all that comes back until the server closes, or until `ms` have passed.
const wire = (bytes, ms = 60_000) => new Promise((resolve) => {
  const { port } = new URL(site.url);
  const socket = connect(Number(port), '127.0.0.1');
  let text = '';
  const done = (closed) => { clearTimeout(timer); socket.destroy(); resolve({ text, closed, status: Number(text.match(/^HTTP\/1\.1 (\d+)/)?.[1] ?? 0), answers: (text.match(/HTTP\/1\.1 \d+/g) ?? []).length }); };
  const timer = setTimeout(() => done(false), ms);
  socket.on('data', (chunk) => { text += chunk; });
  socket.on('end', () => done(true));
  socket.on('error', () => done(true));
  socket.on('close', () => done(true));
  socket.write(bytes);
});
const get = (headers = '', path = '/healthz') => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`;

describe('framing', () => {
  const post = (headers, body) => `POST /api/v1/reports HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;
  // A second request hidden behind each must never be answered.
  const hidden = get();
  for (const [what, bytes] of [
    ['a length and a transfer coding', post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${hidden}`)], ['two lengths', post('Content-Length: 2\r\nContent-Length: 2\r\n', `{}${hidden}`)],
    ['two different lengths', post('Content-Length: 2\r\nContent-Length: 40\r\n', `{}${hidden}`)], ['a list of lengths', post('Content-Length: 2, 2\r\n', `{}${hidden}`)], ['a signed length', post('Content-Length: +2\r\n', `{}${hidden}`)],
    ['a hexadecimal length', post('Content-Length: 0x2\r\n', `{}${hidden}`)], ['an unknown transfer coding', post('Transfer-Encoding: gzip, chunked\r\n', `0\r\n\r\n${hidden}`)], ['chunked, disguised', post('Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${hidden}`)],
    ['a blank before the colon', post('Content-Length : 2\r\n', `{}${hidden}`)], ['a folded header', get('X-A: 1\r\n 2\r\n')], ['bare line feeds', `GET /healthz HTTP/1.1\nHost: ${host}\n\n`], ['two hosts', get(`Host: ${host}\r\n`)],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'], ['a control character', get('X-A: a\u0001b\r\n')], ['a NUL', get('X-A: a\0b\r\n')], ['a header without a colon', get('Nonsense\r\n')], ['an unknown version', `GET /healthz HTTP/3.0\r\nHost: ${host}\r\n\r\n`],
    ['no request at all', 'hello\r\n\r\n'], ['a TLS greeting', Buffer.from('16030100050100000100', 'hex')], ['an absurd chunk', post('Transfer-Encoding: chunked\r\n', `FFFFFFFFFFFFFFFFF\r\n${hidden}`)], ['a chunk without end', post('Transfer-Encoding: chunked\r\n', `2\r\n{}xx0\r\n\r\n${hidden}`)],
  ]) test(`${what}: refused, and the connection closed`, async () => {
    const answer = await wire(bytes);
    assert.ok(answer.closed, `still open after ${answer.text.slice(0, 100)}`);
    assert.ok([0, 400, 501, 505].includes(answer.status), answer.text.slice(0, 200));
    assert.ok(answer.answers <= 1, 'something behind it was answered');
    assert.doesNotMatch(answer.text, /200 OK|201 Created/);
  });
  test('requests one after another on a connection are answered in order', async () => {
    const answer = await wire(get() + get('Connection: close\r\n'));
    assert.equal(answer.answers, 2);
    assert.ok(answer.closed);
  });
});

describe('sizes', () => {
  test('a request line over 8 KiB: 414', async () => assert.equal((await wire(get('', `/${'a'.repeat(9000)}`))).status, 414));
  test('headers over 32 KiB: 431', async () => assert.equal((await wire(get(`X-A: ${'a'.repeat(33_000)}\r\n`))).status, 431));
  test('over 100 fields: 431', async () => assert.equal((await wire(get(Array.from({ length: 120 }, (_, i) => `X-${i}: 1\r\n`).join('')))).status, 431));
  test('just below is fine', async () => assert.equal((await wire(get(`X-A: ${'a'.repeat(20_000)}\r\nConnection: close\r\n`))).status, 200));
  for (const [what, path, size] of [['JSON over 1 MiB', '/api/v1/cases', 2 << 20], ['a body where none belongs', '/api/v1/nothing', 1 << 20]])
    test(`${what}: 413 before it is sent`, async () => {
      const answer = await wire(`POST ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${owner.token}\r\nContent-Type: application/json\r\nContent-Length: ${size}\r\n\r\n`);
      assert.equal(answer.status, 413, answer.text.slice(0, 200));
      assert.ok(answer.closed);
    });
  test('an upload over 100 MiB: 413 before it is sent; one that fits comes back byte for byte, as a download', async () => {
    const { id } = await expect(201, owner.call('POST', '/api/v1/cases', { title: 'With files' }));
    const path = `/api/v1/cases/${id}/files`;
    const answer = await wire(`POST ${path}?name=a&audience=shared HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${owner.token}\r\nContent-Length: ${101 << 20}\r\n\r\n`);
    assert.equal(answer.status, 413);
    const bytes = new Uint8Array(3_000_000).map((_, i) => (i * 31) % 251);
    const { file } = await expect(201, owner.call('POST', `${path}?name=${encodeURIComponent('evil".html\r\nX: y')}&audience=shared`, bytes).then((a) => (a.status === 422 ? owner.call('POST', `${path}?name=evil.html&audience=shared`, bytes) : a)));
    const back = await fetch(`${site.url}${path}/${file}`, { headers: { authorization: `Bearer ${owner.token}` } });
    assert.deepEqual(new Uint8Array(await back.arrayBuffer()), bytes);
    assert.match(back.headers.get('content-disposition'), /^attachment/);
    assert.doesNotMatch(back.headers.get('content-type'), /html|svg|xml/);
    assert.equal(back.headers.get('x'), null);
    assert.match(back.headers.get('content-security-policy'), /sandbox|default-src 'none'/);
  });
});

describe('times', () => {
  test('a request that doesn\'t come to its end is given up after ten seconds', { timeout: 120_000 }, async () => {
    const began = Date.now();
    const answer = await wire('GET /healthz HTTP/1.1\r\nHost: x\r\n', 90_000);
    assert.ok(answer.closed);
    assert.ok([0, 408].includes(answer.status), answer.text.slice(0, 100));
    assert.ok(Date.now() - began < 50_000, 'sooner than what is idle');
  });
});

describe('rates', () => {
  test('who writes too much is told to wait, and how long; nobody else is', async () => {
    const { id } = await expect(201, other.call('POST', '/api/v1/cases', { title: 'Busy' }));
    let refused;
    let made = 0;
    for (let i = 0; i < 2000 && !refused; i += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => other.call('POST', `/api/v1/cases/${id}/threads`, { audience: 'shared', topic: `${i + n}`, text: 'x' })));
      refused = answers.find((a) => a.status === 429);
      made += answers.filter((a) => a.status === 201).length;
      assert.ok(answers.every((a) => [201, 429].includes(a.status)), JSON.stringify(answers.map((a) => a.status)));
    }
    assert.ok(refused, 'never refused');
    assert.match(refused.headers.get('retry-after'), /^[1-9]\d*$/);
    assert.equal(refused.json.code, 'too-many');
    await expect(200, other.call('GET', `/api/v1/cases/${id}`));
    assert.equal((await expect(200, other.call('GET', `/api/v1/cases/${id}/threads`))).items.length, made, 'what was refused left nothing');
    await expect(201, owner.call('POST', '/api/v1/cases', { title: 'Not busy' }));
  });
  test('refusals for hidden and for unknown cases are alike under the limit too', async () => {
    const { id } = await expect(201, owner.call('POST', '/api/v1/cases', { title: 'Hidden' }));
    const answers = [await other.call('POST', `/api/v1/cases/${id}/threads`, { audience: 'shared', topic: 'x', text: 'x' }), await other.call('POST', '/api/v1/cases/c_00000000000000000000000001/threads', { audience: 'shared', topic: 'x', text: 'x' })];
    assert.ok(answers.every((a) => [404, 429].includes(a.status)), answers.map((a) => a.status).join());
  });
  test('public reports have a quota; an account still reports', async () => {
    const report = (n) => ({ to: owner.org, title: `Report ${n}`, description: 'Something.', product: 'parser', contacted_vendor: false });
    let refused;
    let i = 0;
    for (; i < 40 && !refused; ++i) {
      const answer = await site.call(undefined, 'POST', '/api/v1/reports', report(i));
      if (answer.status === 429) refused = answer;
      else assert.equal(answer.status, 201, answer.text);
    }
    assert.ok(refused && i > 5, `refused after ${i}`);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    await expect(201, owner.call('POST', '/api/v1/reports', report('of an account')));
  });
  test('guessing report codes or passwords is slowed down', async () => {
    const statuses = [];
    for (let i = 0; i < 20; ++i) statuses.push((await site.call(undefined, 'GET', '/api/v1/reports/mine', undefined, { 'sluice-report-code': `aaaa-bbbb-cccc-dddd-${String(1000 + i)}` })).status);
    assert.equal(statuses[0], 401);
    assert.equal(statuses.at(-1), 429, statuses.join(' '));
    const words = [];
    for (let i = 0; i < 10; ++i) {
      words.push((await fetch(`${site.url}/sign-in`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ mail: 'nobody@example.org', password: `guess number ${i}` }) })).status);
    }
    assert.equal(words[0], 401);
    assert.ok(words.includes(429), words.join(' '));    // not necessarily the last: a try after the wait it was told is a try
  });
});

describe('behind a proxy', () => {
  // One visitor uses its quota up; another has a quota of its own only if the proxy is believed.
  const behind = async (flags) => {
    const site = new Site({ demo: true });
    await site.serve(flags);
    const receiver = site.party('Receiver', 'vendor');
    const organisation = `/api/v1/organisations/${receiver.org}`;
    await expect(200, receiver.call('PUT', organisation, { name: 'Receiver', takes_reports: true }, { 'if-match': (await receiver.call('GET', organisation)).headers.get('etag') }));
    const send = (visitor) => site.call(undefined, 'POST', '/api/v1/reports', { to: receiver.org, title: 'A report', description: 'Something.', product: 'parser' }, { 'x-forwarded-for': visitor, 'x-forwarded-proto': 'https' });
    let answer;
    for (let i = 0; i < 60 && answer?.status !== 429; ++i) answer = await send('192.0.2.7');
    assert.equal(answer.status, 429);
    const other = await send('198.51.100.9');
    await site.stop();
    const hints = site.log.split('\n').filter((line) => line.includes('proxy_not_trusted')).length;
    await site.remove();
    return { other: other.status, hsts: other.headers.get('strict-transport-security'), hints };
  };
  test('that is trusted, each visitor has an address of its own, and https is https', async () => {
    assert.deepEqual(await behind(['--trusted-proxy', '10.0.0.0/8', '--trusted-proxy', '127.0.0.1/32']), { other: 201, hsts: 'max-age=31536000', hints: 0 });
  });
  test('that nobody named, they share one, whatever its headers say; the log hints at the flag, once', async () => {
    assert.deepEqual(await behind([]), { other: 429, hsts: null, hints: 1 });
    assert.deepEqual(await behind(['--trusted-proxy', '10.0.0.0/8']), { other: 429, hsts: null, hints: 1 });
  });
  test('what is no address and no network is refused at the start', () => {
    const run = sluice(['serve', '--data', site.data, '--listen', '127.0.0.1:0', '--trusted-proxy', '10.0.0.0/33'], { ok: false });
    assert.equal(run.status, 2);
    assert.match(run.stderr, /10\.0\.0\.0\/33/);
  });
});
