// The API's conventions through the real binary: errors, versions, keys that make a call once, pages of lists, limits of form, and who may send what from where.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { Site, expect } from '../lib/site.mjs';
import { Browser, forms } from './browser.mjs';

const published = watch();
const site = new Site({ demo: true });
let admin, owner, vendor, stranger, kase;
const unknown = 'c_00000000000000000000000001';
const masked = (text) => text.replaceAll(/q_[0-9a-z]{26}/g, 'q_');

before(async () => {
  const person = site.person(site.organisation, 'Admin', 'admin');
  await site.serve(['--intake-limits', 'off']);
  admin = site.client({ org: site.organisation, person });
  owner = site.party('Owner', 'vendor');
  vendor = site.party('Vendor', 'vendor');
  stranger = site.party('Stranger', 'member');
  kase = `/api/v1/cases/${(await expect(201, owner.call('POST', '/api/v1/cases', { title: 'A case' }))).id}`;
  for (const action of ['validate', 'accept']) await owner.call('POST', `${kase}/triage`, { action });
  await expect(201, owner.call('POST', `${kase}/vulnerabilities`, { title: 'One', description: 'Something.' }));
  await expect(201, owner.call('POST', `${kase}/participants`, { organisation: vendor.org, roles: ['vendor'], essential_because: 'ships it' }));
  await expect(200, vendor.call('POST', `${kase}/invitation`, { accepted: true }));
  await expect(200, owner.call('POST', `${kase}/participants/${vendor.org}/confirm`, { checked_how: 'by phone' }));
});
after(() => site.remove());

// Bytes as they are, for what fetch would mend.
const raw = (verb, path, body, headers = {}) => new Promise((resolve, reject) => {
  const out = request(site.url + path, { method: verb, headers: { ...headers, ...(body !== undefined ? { 'content-length': Buffer.byteLength(body) } : {}) } }, (answer) => {
    let text = '';
    answer.on('data', (chunk) => { text += chunk; });
    answer.on('end', () => { let json; try { json = JSON.parse(text); } catch { /* not JSON */ } resolve({ status: answer.statusCode, headers: answer.headers, text, json }); });
  });
  out.on('error', reject);
  out.end(body);
});
const json = (who) => ({ 'content-type': 'application/json', authorization: `Bearer ${who.token}` });
const threads = async (who = owner) => (await expect(200, who.call('GET', `${kase}/threads`))).items;

describe('versions', () => {
  test('a strong ETag, and 304 for who has it', async () => {
    const first = await owner.call('GET', kase);
    const etag = first.headers.get('etag');
    assert.match(etag, /^"[^"]+"$/);
    const again = await owner.call('GET', kase, undefined, { 'if-none-match': etag });
    assert.equal(again.status, 304);
    assert.equal(again.text, '');
    assert.equal(again.headers.get('etag'), etag);
    assert.equal((await owner.call('GET', kase, undefined, { 'if-none-match': '"other"' })).status, 200);
    assert.notEqual((await vendor.call('GET', kase)).headers.get('etag'), etag, 'a version is its viewer\'s');
  });
  test('PATCH and PUT name the version they change: 428 without, 412 with an old one', async () => {
    const organisation = `/api/v1/organisations/${owner.org}`;
    assert.equal((await owner.call('PUT', organisation, { name: 'Owner' })).status, 428);
    const etag = (await owner.call('GET', organisation)).headers.get('etag');
    await expect(200, owner.call('PUT', organisation, { name: 'Owner', takes_reports: true }, { 'if-match': etag }));
    assert.equal((await owner.call('PUT', organisation, { name: 'Owner' }, { 'if-match': etag })).status, 412);
    assert.equal((await owner.call('PATCH', kase, { title: 'A case, renamed' })).status, 428);
    assert.equal((await owner.call('PATCH', kase, { title: 'A case, renamed' }, { 'if-match': '"old"' })).status, 412);
    const version = (await owner.call('GET', kase)).headers.get('etag');
    await expect(200, owner.call('PATCH', kase, { title: 'A case, renamed' }, { 'if-match': version }));
    assert.equal((await owner.call('GET', kase)).json.title, 'A case, renamed');
    assert.equal((await owner.call('PATCH', kase, { title: 'A case' }, { 'if-match': version })).status, 412);
  });
  test('of two who change the version they both saw, at once, exactly one comes first', async () => {
    const writer = site.party('Two at once', 'vendor');
    const both = [writer, site.client(writer)];
    const path = `/api/v1/cases/${(await expect(201, writer.call('POST', '/api/v1/cases', { title: 'Raced for' }))).id}`;
    let etag = (await writer.call('GET', path)).headers.get('etag');
    for (let i = 0; i < 50; ++i) {
      const answers = await Promise.all(both.map((who, n) => who.call('PATCH', path, { title: `Round ${i} of ${n}` }, { 'if-match': etag })));
      assert.deepEqual(answers.map((a) => a.status).sort(), [200, 412], `round ${i}`);
      const won = answers.findIndex((a) => a.status === 200);
      const now = await writer.call('GET', path);
      assert.equal(now.json.title, `Round ${i} of ${won}`);
      assert.equal(answers[won].headers.get('etag'), now.headers.get('etag'), 'the answer has the version that was made');
      etag = now.headers.get('etag');
    }
  });
  test('who may not change a case is told so (403) before its version is looked at', async () => {
    assert.equal((await vendor.call('PATCH', kase, { title: 'Mine' }, { 'if-match': '"old"' })).status, 403);
    assert.equal((await vendor.call('PATCH', kase, { title: 'Mine' })).status, 403);
  });
  test('to a stranger PATCH says 404 whatever the version and body', async () => {
    for (const headers of [{}, { 'if-match': '"old"' }])
      for (const path of [kase, `/api/v1/cases/${unknown}`]) assert.equal((await stranger.call('PATCH', path, { title: 'Mine' }, headers)).status, 404);
  });
});

describe('Idempotency-Key', () => {
  const body = { audience: 'shared', topic: 'Once', text: 'Only once.' };
  test('the same call gives the same answer and one effect', async () => {
    const before = (await threads()).length;
    const first = await owner.call('POST', `${kase}/threads`, body, { 'idempotency-key': 'key-1' });
    const again = await owner.call('POST', `${kase}/threads`, body, { 'idempotency-key': 'key-1' });
    assert.equal(first.status, 201);
    assert.equal(again.status, 201);
    assert.equal(again.text, first.text);
    assert.equal((await threads()).length, before + 1);
  });
  test('the same key with another body is refused: 422', async () => {
    assert.equal((await owner.call('POST', `${kase}/threads`, { ...body, topic: 'Other' }, { 'idempotency-key': 'key-1' })).status, 422);
  });
  test('the same key of somebody else is a key of its own', async () => {
    await expect(201, vendor.call('POST', `${kase}/threads`, { ...body, topic: 'Of the vendor' }, { 'idempotency-key': 'key-1' }));
  });
  test('many at once have one effect', async () => {
    const before = (await threads()).length;
    const answers = await Promise.all(Array.from({ length: 12 }, () => owner.call('POST', `${kase}/threads`, { ...body, topic: 'At once' }, { 'idempotency-key': 'key-2' })));
    for (const answer of answers) assert.ok([201, 409].includes(answer.status), `${answer.status} ${answer.text}`);
    assert.equal(new Set(answers.filter((a) => a.status === 201).map((a) => a.json.thread)).size, 1);
    assert.equal((await threads()).length, before + 1);
  });
  test('what was refused is not kept: the mended call goes through', async () => {
    assert.equal((await owner.call('POST', `${kase}/threads`, { audience: 'shared' }, { 'idempotency-key': 'key-3' })).status, 422);
    await expect(201, owner.call('POST', `${kase}/threads`, { ...body, topic: 'Mended' }, { 'idempotency-key': 'key-3' }));
  });
  test('a replay is authorised again: after a removal it is 404 (EXI-9)', async () => {
    const leaver = site.party('Leaver', 'vendor');
    await expect(201, owner.call('POST', `${kase}/participants`, { organisation: leaver.org, roles: ['vendor'], essential_because: 'ships it' }));
    await expect(200, leaver.call('POST', `${kase}/invitation`, { accepted: true }));
    await expect(200, owner.call('POST', `${kase}/participants/${leaver.org}/confirm`, { checked_how: 'by phone' }));
    await expect(201, leaver.call('POST', `${kase}/threads`, { ...body, topic: 'Before' }, { 'idempotency-key': 'key-4' }));
    await expect(200, owner.call('POST', `${kase}/participants/${leaver.org}/remove`, { why: 'not essential' }));
    assert.equal((await leaver.call('POST', `${kase}/threads`, { ...body, topic: 'Before' }, { 'idempotency-key': 'key-4' })).status, 404);
  });
  // Whoever has no name here has no memory here: a key of somebody else's must not hand out a report code. Twice is better than lost.
  test('a reporter without account who sends again has a second report with a code of its own', async () => {
    const report = { to: owner.org, title: 'Sent twice', description: 'The same words.', product: 'parser', contacted_vendor: false };
    await expect(200, owner.call('PUT', `/api/v1/organisations/${owner.org}`, { name: 'Owner', takes_reports: true }, { 'if-match': (await owner.call('GET', `/api/v1/organisations/${owner.org}`)).headers.get('etag') }));
    const first = await expect(201, site.call(undefined, 'POST', '/api/v1/reports', report, { 'idempotency-key': '1f0a9f7e-6a2b-4c1d-8e3f-5a6b7c8d9e0f' }));
    const second = await expect(201, site.call(undefined, 'POST', '/api/v1/reports', report, { 'idempotency-key': '1f0a9f7e-6a2b-4c1d-8e3f-5a6b7c8d9e0f' }));
    assert.notEqual(second.code, first.code);
    assert.equal((await expect(200, owner.call('GET', '/api/v1/cases?limit=200'))).items.filter((c) => c.title === 'Sent twice').length, 2);
  });
});

describe('pages of lists', () => {
  let mine;
  before(async () => {
    mine = site.party('Many cases', 'vendor');
    for (let i = 0; i < 7; ++i) await expect(201, mine.call('POST', '/api/v1/cases', { title: `Case ${i}` }));
  });
  test('a limit, a cursor to the next page, each case once, no total', async () => {
    const ids = [];
    let path = '/api/v1/cases?limit=3';
    for (let pages = 0; path; ++pages) {
      assert.ok(pages < 5);
      const page = await expect(200, mine.call('GET', path));
      assert.deepEqual(Object.keys(page).filter((key) => !['items', 'next'].includes(key)), []);
      assert.ok(page.items.length <= 3);
      ids.push(...page.items.map((c) => c.id));
      path = page.next && `/api/v1/cases?limit=3&cursor=${encodeURIComponent(page.next)}`;
    }
    assert.equal(ids.length, 7);
    assert.equal(new Set(ids).size, 7);
  });
  test('limits outside 1 to 200 are refused', async () => {
    for (const limit of ['0', '201', '-1', 'x', '', '3x']) assert.equal((await mine.call('GET', `/api/v1/cases?limit=${limit}`)).status, 422, limit);
  });
  test('a cursor is its viewer\'s and its query\'s: another\'s, a changed one, one of another query is refused (EXI-6)', async () => {
    const { next } = await expect(200, mine.call('GET', '/api/v1/cases?limit=3'));
    const colleague = site.client({ org: mine.org, person: site.person(mine.org, 'Colleague', 'admin') });
    const list = '/api/v1/cases?limit=3';
    await expect(200, mine.call('GET', `/api/v1/cases?limit=5&cursor=${next}`));
    for (const [what, who, path] of [['of another organisation', owner, `${list}&cursor=${next}`], ['of a colleague', colleague, `${list}&cursor=${next}`], ['changed', mine, `${list}&cursor=${next.slice(0, -2)}${next.endsWith('AA') ? 'BB' : 'AA'}`],
      ['cut', mine, `${list}&cursor=${next.slice(0, 20)}`], ['of another query', mine, `${list}&other=1&cursor=${next}`], ['nonsense', mine, `${list}&cursor=nonsense`], ['empty', mine, `${list}&cursor=`]]) {
      const answer = await who.call('GET', path);
      assert.equal(answer.status, 400, what);
      assert.equal(answer.json.code, 'cursor', what);
      assert.match(answer.json.detail, /Begin again/, what);
    }
  });
});

describe('the form of what is sent', () => {
  const post = (body, headers = {}) => raw('POST', `${kase}/threads`, body, { ...json(owner), ...headers });
  test('an unknown field is refused, and named', async () => {
    const answer = await post(JSON.stringify({ audience: 'shared', topic: 'a', text: 'b', priority: 1 }));
    assert.equal(answer.status, 422);
    assert.equal(answer.json.errors[0].pointer, '/priority');
  });
  test('a missing and an ill-typed field are named too', async () => {
    const missing = await post(JSON.stringify({ audience: 'shared', text: 'b' }));
    assert.equal(missing.status, 422);
    assert.equal(missing.json.errors[0].pointer, '/topic');
    const typed = await post(JSON.stringify({ audience: 'shared', topic: 7, text: 'b' }));
    assert.equal(typed.status, 422);
    assert.equal(typed.json.errors[0].pointer, '/topic');
  });
  test('an id that stands in the path is refused in the body', async () => {
    const answer = await owner.call('POST', `${kase}/participants/${vendor.org}/suspend`, { why: 'x', organisation: stranger.org });
    assert.equal(answer.status, 422);
    assert.equal(answer.json.errors[0].pointer, '/organisation');
    for (const extra of [{ case: unknown }, { id: unknown }, { case_id: unknown }, { owner: stranger.org }])
      assert.equal((await post(JSON.stringify({ audience: 'shared', topic: 'a', text: 'b', ...extra }))).status, 422);
  });
  for (const [what, body, status] of [
    ['not JSON', '{', [400]], ['nothing but a word', 'hello', [400]], ['two values', '{} {}', [400]], ['duplicate keys', '{"audience":"shared","audience":"coordination","topic":"a"}', [400, 422]],
    ['a depth of 40', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, [400, 413, 422]], ['a depth of 20,000', '['.repeat(20_000), [400, 413, 422]], ['a lone surrogate', '{"audience":"shared","topic":"\\ud800"}', [400, 422]],
    ['a control character', '{"audience":"shared","topic":"a\u0001"}', [400, 422]], ['an array', '[]', [400, 422]], ['a number too large', '{"audience":1e999}', [400, 422]], ['NaN', '{"audience":NaN}', [400]],
    ['a trailing comma', '{"audience":"shared",}', [400]], ['too much', `{"topic":"${'a'.repeat(1_100_000)}"}`, [413]], ['too long a string', `{"audience":"shared","topic":"${'a'.repeat(300_000)}"}`, [400, 413, 422]],
    ['10,001 keys', `{${Array.from({ length: 10_001 }, (_, i) => `"k${i}":1`).join(',')}}`, [400, 413, 422]],
  ]) test(`${what}: refused, nothing changed`, async () => {
    const before = (await threads()).length;
    const answer = await post(body);
    assert.ok(status.includes(answer.status), `${answer.status} ${answer.text.slice(0, 200)}`);
    assert.match(answer.headers['content-type'], /^application\/problem\+json/);
    assert.equal((await threads()).length, before);
  });
  test('bytes that are no UTF-8', async () => {
    const answer = await owner.call('POST', `${kase}/threads`, Buffer.from('7b22746f706963223a22ff227d', 'hex'), { 'content-type': 'application/json' });
    assert.equal(answer.status, 400);
  });
  test('another content type: 415', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'text/json-not-really', 'multipart/form-data'])
      assert.equal((await post('{"audience":"shared","topic":"a","text":"b"}', { 'content-type': type })).status, 415, type);
    const answer = await post('{"audience":"shared","topic":"a","text":"b"}', { 'content-type': 'application/json; charset=utf-8' });
    assert.equal(answer.status, 201);
  });
  test('an ill-formed id is an unknown one', async () => {
    const never = await owner.call('GET', `/api/v1/cases/${unknown}`);
    for (const id of ['x', 'c_', 'c_short', 'c_0000000000000000000000000%20', 'p_00000000000000000000000001', 'a'.repeat(500)]) {
      const answer = await owner.call('GET', `/api/v1/cases/${id}`);
      assert.equal(answer.status, 404, id);
      assert.equal(masked(answer.text), masked(never.text), id);
    }
  });
  test('markup and hostile text come back as they went in', async () => {
    const topic = '<script>alert(1)</script>\'";--\u202e';
    const { thread } = await expect(201, owner.call('POST', `${kase}/threads`, { audience: 'shared', topic, text: topic }));
    assert.equal((await threads()).find((t) => t.id === thread).topic, topic);
  });
});

describe('answers', () => {
  test('405 names what is allowed', async () => {
    const answer = await owner.call('DELETE', kase);
    assert.equal(answer.status, 405);
    assert.deepEqual(answer.headers.get('allow').split(', ').sort(), ['GET', 'PATCH']);
    assert.equal((await owner.call('PUT', '/api/v1/cases', {})).status, 405);
    const options = await raw('OPTIONS', kase);
    assert.equal(options.status, 204);
    assert.equal(options.headers['content-length'] ?? '0', '0', 'a 204 has no body');
    assert.equal(options.headers['access-control-allow-origin'], undefined);
  });
  test('a problem has type, title, status, code, detail and the request\'s id, in the body and in X-Request-Id', async () => {
    for (const answer of [await site.call(undefined, 'GET', kase), await stranger.call('GET', kase), await owner.call('POST', `${kase}/threads`, {}), await owner.call('GET', '/api/v1/nothing'), await owner.call('DELETE', kase), await owner.call('POST', `${kase}/threads`, new TextEncoder().encode('x'), { 'content-type': 'text/plain' }),
      await vendor.call('POST', `${kase}/embargo/end`, { reason: 'x' }), await owner.call('PATCH', kase, { title: 'x' })]) {
      assert.match(answer.headers.get('content-type'), /^application\/problem\+json/, answer.text);
      for (const key of ['type', 'title', 'code', 'detail', 'request_id']) assert.equal(typeof answer.json[key], 'string', `${key} in ${answer.text}`);
      assert.equal(answer.json.status, answer.status);
      assert.equal(answer.json.request_id, answer.headers.get('x-request-id'));
      assert.doesNotMatch(answer.text, /\.cpp|sqlite|SELECT|exception|std::/i);
    }
    assert.ok((await site.call(undefined, 'GET', kase)).headers.get('www-authenticate'));
  });
  test('the security headers stand on every kind of answer', async () => {
    const etag = (await owner.call('GET', kase)).headers.get('etag');
    const answers = { page: await site.call(undefined, 'GET', '/'), json: await owner.call('GET', kase), 'not modified': await owner.call('GET', kase, undefined, { 'if-none-match': etag }),
      problem: await stranger.call('GET', kase), unauthenticated: await site.call(undefined, 'GET', kase), created: await owner.call('POST', `${kase}/threads`, { audience: 'shared', topic: 'h', text: 'h' }),
      'no such page': await site.call(undefined, 'GET', '/nothing'), 'no such operation': await site.call(undefined, 'GET', '/api/v1/nothing'), 'wrong verb': await owner.call('DELETE', kase),
      'wrong type': await raw('POST', `${kase}/threads`, 'x', { ...json(owner), 'content-type': 'text/plain' }), malformed: await raw('POST', `${kase}/threads`, '{', json(owner)), large: await raw('POST', `${kase}/threads`, 'a'.repeat(1_200_000), json(owner)),
      redirect: await site.call(undefined, 'GET', '/cases'), health: await site.call(undefined, 'GET', '/healthz'), icon: await site.call(undefined, 'GET', '/favicon.svg'), feed: await site.call(undefined, 'GET', '/feed.atom'),
      openapi: await site.call(undefined, 'GET', '/api/v1/openapi.json'), 'wrong token': await site.call('slu_wrong', 'GET', kase), options: await raw('OPTIONS', kase), 'bad request line': await raw('GET', '/%zz') };
    const wrong = [];
    for (const [what, answer] of Object.entries(answers)) {
      const header = (name) => (typeof answer.headers.get === 'function' ? answer.headers.get(name) : answer.headers[name]);
      const say = (name) => wrong.push(`${what} (${answer.status}): ${name} is ${header(name)}`);
      if (!/default-src 'none'.*frame-ancestors 'none'/.test(header('content-security-policy') ?? '') || /unsafe/.test(header('content-security-policy'))) say('content-security-policy');
      for (const [name, value] of [['x-content-type-options', 'nosniff'], ['referrer-policy', 'no-referrer'], ['cross-origin-opener-policy', 'same-origin'], ['cross-origin-resource-policy', 'same-origin']]) if (header(name) !== value) say(name);
      if (!header('permissions-policy')) say('permissions-policy');
      if (!header('x-request-id')) say('x-request-id');
      if (header('server') || header('x-powered-by')) say('server');
      if (header('access-control-allow-origin')) say('access-control-allow-origin');
    }
    assert.equal(wrong.length, 0, wrong.join('\n'));
    for (const what of ['json', 'not modified', 'problem', 'created', 'malformed', 'wrong type']) {
      const { headers } = answers[what];
      assert.equal(typeof headers.get === 'function' ? headers.get('cache-control') : headers['cache-control'], 'no-store', what);
    }
  });
  test('HEAD is GET without a body', async () => {
    for (const [who, path] of [[owner, kase], [{ token: undefined }, '/'], [stranger, kase], [{ token: undefined }, '/healthz'], [owner, '/api/v1/cases']]) {
      const get = await site.call(who.token, 'GET', path);
      const head = await site.call(who.token, 'HEAD', path);
      assert.equal(head.status, get.status, path);
      assert.equal(head.text, '');
      for (const name of ['content-type', 'etag', 'cache-control', 'content-length']) assert.equal(head.headers.get(name), get.headers.get(name), `${name} of ${path}`);
    }
  });
});

describe('tokens', () => {
  test('a revoked token is refused at once, a wrong one always', async () => {
    const { id, token } = await expect(201, owner.call('POST', '/api/v1/tokens', { scopes: 'case_read' }));
    await expect(200, site.call(token, 'GET', kase));
    await expect(200, owner.call('POST', `/api/v1/tokens/${id}/revoke`));
    assert.equal((await site.call(token, 'GET', kase)).status, 401);
    assert.equal((await site.call(`${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`, 'GET', kase)).status, 401);
    assert.equal((await site.call('nonsense', 'GET', '/')).status, 401);
  });
  test('a token makes no stronger token, and without the right scope none and revokes none', async () => {
    const weak = site.token(owner.person, 'case_read');
    assert.equal((await site.call(weak, 'POST', '/api/v1/tokens', { scopes: 'case_read' })).status, 403);
    const keys = site.token(owner.person, 'keys,case_read');
    assert.equal((await site.call(keys, 'POST', '/api/v1/tokens', { scopes: 'case_write' })).status, 403);
    const { id, token } = await expect(201, owner.call('POST', '/api/v1/tokens', { scopes: 'case_read' }));
    assert.notEqual((await site.call(weak, 'POST', `/api/v1/tokens/${id}/revoke`)).status, 200);
    await expect(200, site.call(token, 'GET', kase));
  });
  test('nobody sees or revokes another\'s token', async () => {
    const { id, token } = await expect(201, owner.call('POST', '/api/v1/tokens', { scopes: 'case_read' }));
    assert.equal((await stranger.call('POST', `/api/v1/tokens/${id}/revoke`)).status, 404);
    assert.equal((await stranger.call('GET', '/api/v1/tokens')).text.includes(id), false);
    assert.equal((await owner.call('GET', '/api/v1/tokens')).text.includes(token), false, 'a token is shown once');
    await expect(200, site.call(token, 'GET', kase));
  });
});

describe('a session\'s cookie', () => {
  let browser, csrf;
  const send = (headers, body = { audience: 'shared', topic: 'By cookie', text: 'x' }) => browser.send('POST', `${kase}/threads`, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
  before(async () => {
    browser = new Browser(site);
        await browser.send('POST', '/sign-in/demo', new URLSearchParams({ person: owner.person }).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
    csrf = forms(await browser.open('/cases')).find((form) => form.fields.csrf).fields.csrf;
  });
  test('reads with it; writes need the csrf token', async () => {
    assert.equal((await browser.send('GET', kase)).status, 200);
    assert.equal((await send({})).status, 403);
    assert.equal((await send({ 'x-csrf-token': 'wrong' })).status, 403);
    assert.equal((await send({ 'x-csrf-token': csrf })).status, 201);
    assert.equal((await send({ 'x-csrf-token': csrf, origin: site.url })).status, 201);
  });
  test('a form sent by a real browser goes through: it withholds the origin, as Referrer-Policy: no-referrer asks', async () => {
    // Fetch, "append a request Origin header": a navigation under no-referrer says "null", and Sec-Fetch-Site says that it is our own page.
    const answer = await browser.send('POST', '/cases', new URLSearchParams({ csrf, title: 'From a browser' }).toString(), { 'content-type': 'application/x-www-form-urlencoded', origin: 'null', 'sec-fetch-site': 'same-origin' });
    assert.equal(answer.status, 200, answer.text.slice(0, 100));
    assert.match(answer.path, /^\/cases\/c_/);
  });
  test('and no other site\'s page', async () => {
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'null', 'sec-fetch-site': 'cross-site' }, { origin: site.url, 'sec-fetch-site': 'cross-site' },
      { origin: `${site.url}.evil.example` }])
      assert.equal((await send({ 'x-csrf-token': csrf, ...headers })).status, 403, JSON.stringify(headers));
  });
  test('another session\'s csrf token is none', async () => {
    const other = new Browser(site);
    await other.send('POST', '/sign-in/demo', new URLSearchParams({ person: vendor.person }).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
    const theirs = forms(await other.open('/cases')).find((form) => form.fields.csrf).fields.csrf;
    assert.notEqual(theirs, csrf);
    assert.equal((await send({ 'x-csrf-token': theirs })).status, 403);
  });
  test('it is HttpOnly, SameSite and new at each sign-in; sign-in is no cross-site act', async () => {
    const sign = (headers = {}) => fetch(`${site.url}/sign-in/demo`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ person: owner.person }), headers });
    const [a, b] = [(await sign()).headers.getSetCookie()[0], (await sign()).headers.getSetCookie()[0]];
    assert.match(a, /HttpOnly/i);
    assert.match(a, /SameSite=Lax/i);
    assert.notEqual(a.split(';')[0], b.split(';')[0]);
    assert.equal((await sign({ 'sec-fetch-site': 'cross-site' })).status, 403);
    assert.equal((await sign({ origin: 'https://evil.example' })).status, 403);
  });
  test('no GET changes anything', async () => {
    const before = (await threads()).length;
    for (const path of [`${kase}/threads?audience=shared&topic=a&text=b`, '/sign-out', `/cases/${kase.split('/').at(-1)}/do/open_thread`]) await browser.send('GET', path);
    assert.equal((await browser.send('GET', kase)).status, 200);
    assert.equal((await threads()).length, before);
  });
  test('signed out, it opens nothing at once', async () => {
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    await browser.send('POST', '/sign-out', new URLSearchParams({ csrf }).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
    const answer = await fetch(site.url + kase, { headers: { cookie } });
    assert.equal(answer.status, 401);
  });
});

describe('the age of a cursor', () => {
  const timed = new Site({ demo: true });
  before(() => timed.serve());
  after(() => timed.remove());
  test('fifty-nine minutes are fine, an hour is too old', async () => {
    const root = timed.client({ org: timed.organisation, person: timed.person(timed.organisation, 'Admin', 'admin') });
    const reader = timed.party('Reader', 'vendor');
    for (let i = 0; i < 3; ++i) await expect(201, reader.call('POST', '/api/v1/cases', { title: `Case ${i}` }));
    const began = Date.parse((await expect(200, root.call('POST', '/api/v1/demo/clock', { to: new Date(Date.now() + 60_000).toISOString() }))).now);
    const { next } = await expect(200, reader.call('GET', '/api/v1/cases?limit=2'));
    const after = async (minutes) => {
      await expect(200, root.call('POST', '/api/v1/demo/clock', { to: new Date(began + minutes * 60_000).toISOString() }));
      return reader.call('GET', `/api/v1/cases?limit=2&cursor=${next}`);
    };
    assert.equal((await expect(200, after(59))).items.length, 1);
    const old = await after(61);
    assert.equal(old.status, 400);
    assert.equal(old.json.code, 'cursor');
  });
});

describe('a site that is no demo', () => {
  const plain = new Site();
  let root;
  before(async () => {
    const person = plain.person(plain.organisation, 'Admin', 'admin');
    await plain.serve();
    root = plain.client({ org: plain.organisation, person });
  });
  after(() => plain.remove());
  test('has no clock to set, no tick on demand, no one-click sign-in', async () => {
    assert.equal((await root.call('POST', '/api/v1/demo/clock', { to: '2042-01-01T00:00:00Z' })).status, 404);
    assert.equal((await root.call('POST', '/api/v1/demo/tick')).status, 404);
    const click = await fetch(`${plain.url}/sign-in/demo`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ person: root.person }) });
    assert.equal(click.status, 404);
    assert.equal(click.headers.getSetCookie().length, 0);
    const page = await plain.call(undefined, 'GET', '/sign-in');
    assert.equal(page.text.includes('/sign-in/demo'), false);
    assert.equal(page.text.includes('DEMO'), false);
  });
});

test('every answer, and every body that was taken, was as the OpenAPI file says', async () => assert.deepEqual(await published.faults(), []));
