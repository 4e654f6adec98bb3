// ACC-7, the sweep: everything that an answer gave somebody to come back with is used with success, then a right is taken away in each of the ways there are,
// and at the next try, with no time in between, it opens nothing: the answer is that of a case that never was, or of a credential that nobody has.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { expect, Site } from '../lib/site.mjs';
import { bearer, body_of, fill, issue, join, letter_of, never, operations_of, patiently, person, sample, sign_in, takes_bytes } from '../lib/operations.mjs';
import { advisory } from './cast.mjs';

const site = new Site({ demo: true });
const call = site.call.bind(site);
site.call = (...args) => patiently(() => call(...args));   // a quick machine asks faster than one person may
const later = (days) => new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+/, '');
let owner, root, operations, file, of_case;

before(async () => {
  root = { person: site.person(site.organisation, 'Admin', 'admin'), call(verb, path, body, headers) { return site.call(this.token, verb, path, body, headers); } };
  await site.serve(['--intake-limits', 'off', '--tick', '1h']);
  root.token = site.token(root.person);
  owner = await join(site, root, 'Owner', 'vendor');
  const path = `/api/v1/organisations/${owner.org}`;
  await expect(200, owner.call('PUT', path, { name: 'Owner', takes_reports: true }, { 'if-match': (await owner.call('GET', path)).headers.get('etag') }));
  ({ all: operations, file } = await operations_of(site));
  of_case = operations.filter((o) => /\{case\}/.test(o.path));
});
after(() => site.remove());

// A connection that is kept, and what it is answered.
function kept(token) {
  const socket = connect(Number(new URL(site.url).port), '127.0.0.1');
  let text = '';
  let wake = () => {};
  socket.on('data', (chunk) => { text += chunk; wake(); });
  socket.on('close', () => wake());
  socket.on('error', () => wake());
  return {
    async get(path) {
      text = '';
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
      for (;;) {
        const end = text.indexOf('\r\n\r\n');
        const size = Number(text.match(/^content-length: (\d+)/im)?.[1] ?? 0);
        if (end >= 0 && Buffer.byteLength(text) >= Buffer.byteLength(text.slice(0, end + 4)) + size) break;
        if (socket.destroyed) break;
        await new Promise((resolve) => { wake = resolve; });
      }
      return { status: Number(text.match(/^HTTP\/1\.1 (\d+)/)?.[1] ?? 0), text: text.slice(text.indexOf('\r\n\r\n') + 4) };
    },
    close: () => socket.destroy(),
  };
}
async function stream(token, last) {
  const stop = new AbortController();
  const response = await fetch(`${site.url}/api/v1/stream`, { headers: { ...bearer(token), ...(last ? { 'last-event-id': last } : {}) }, signal: stop.signal });
  const out = { status: response.status, text: '', ended: false, stop: () => stop.abort() };
  (async () => { for await (const chunk of response.body) out.text += new TextDecoder().decode(chunk); })().catch(() => {}).finally(() => { out.ended = true; });
  return out;
}
const until = async (condition, what) => {   // as long as a slow machine may need: a failure, not a measurement
  for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 20))) if (condition()) return;
  assert.fail(`never: ${what}`);
};
// Which of two answers belongs to which id must not show: request ids, and the id that was asked for, are all that may differ.
const plain = (answer, ids) => {
  let out = `${answer.status}\n${[...answer.headers].filter(([k]) => k !== 'date' && k !== 'x-request-id').map(([k, v]) => `${k}: ${v}`).sort().join('\n')}\n\n${answer.text}`.replaceAll(/q_[0-9a-z]{26}/g, 'q_');
  for (const id of ids) out = out.replaceAll(id, 'ID');
  return out;
};

// A case with a vendor that has something of everything in it, and all that the answers gave it.
let scenes = 0;
async function scene() {
  const n = ++scenes;
  owner.session = await sign_in(site, owner.person);   // a step-up lasts ten minutes, and a clock that was moved ends it
  owner.token = await issue(site, owner.session);
  const vendor = await join(site, root, `Vendor ${n}`, 'vendor');
  const id = (await expect(201, owner.call('POST', '/api/v1/cases', { title: `Case ${n}` }))).id;
  const kase = `/api/v1/cases/${id}`;
  const { vulnerability } = await expect(201, owner.call('POST', `${kase}/vulnerabilities`, { title: 'One', description: 'Something.' }));
  for (const action of ['validate', 'accept']) await owner.call('POST', `${kase}/triage`, { action });
  await expect(201, owner.call('POST', `${kase}/participants`, { organisation: vendor.org, roles: ['vendor'], essential_because: 'ships it' }));
  await expect(200, vendor.call('POST', `${kase}/invitation`, { accepted: true }));
  await expect(200, owner.call('POST', `${kase}/participants/${vendor.org}/confirm`, { checked_how: 'by phone' }));
  const live = await stream(vendor.token);
  await expect(201, vendor.call('POST', '/api/v1/cases', { title: 'Own' }));
  const replay = { audience: 'shared', topic: 'Once', text: 'Only.' };
  const key = { 'idempotency-key': `key-${n}` };
  const once = await expect(201, vendor.call('POST', `${kase}/threads`, replay, key));
  const { file: own_file } = await expect(201, vendor.call('POST', `${kase}/files?name=own.txt&audience=shared`, new TextEncoder().encode('bytes')));
  const { claim } = await expect(201, vendor.call('POST', `${kase}/claims`, { vulnerability, fact: 'p', evidence: 'a rumour' }));
  const { product } = await expect(201, vendor.call('POST', `${kase}/products`, { name: 'Device', version: '7' }));
  const { leak } = await expect(201, vendor.call('POST', `${kase}/leaks`, { what: 'the plan', where_seen: 'a chat', evidence: 'a picture' }));
  const { target } = await expect(201, owner.call('POST', `${kase}/targets`, { step: 'publish', by: later(90), weighed: { severity: 'high' }, why: 'all need a month of tests' }));
  await expect(201, vendor.call('POST', `${kase}/incident`, { title: 'An intrusion' }));
  const { notice } = await expect(201, vendor.call('POST', `${kase}/notices`, { form: 'general', to: 'csirt:DE' }));
  const { area } = await expect(201, vendor.call('POST', `${kase}/area-reports`, { title: 'Zhejiang', text: 'An overview.', regions: ['CN-ZJ'] }));
  const { decision } = await expect(201, owner.call('POST', `${kase}/decisions`, { kind: 'wait', reason: 'a remedy is near', who_is_exposed: 'users', how_badly: 'badly', what_they_can_do: 'nothing' }));
  const { group } = await expect(201, owner.call('POST', `${kase}/groups`, { name: 'First tier', why: 'they fix it first' }));
  await expect(200, owner.call('POST', `${kase}/groups/${group}/members`, { add: [vendor.org], why: 'it ships it' }));
  await expect(200, vendor.call('POST', `${kase}/tracking-id`, { tracking_id: `V-${n}` }));
  const document = advisory(`EX-2031-${String(n).padStart(4, '0')}`);
  const entry = (await expect(200, vendor.call('GET', `${kase}/timeline`))).items.at(-1).entry;
  const page = await site.call(undefined, 'GET', `/cases/${id}`, undefined, vendor.session);
  assert.equal(page.status, 200);
  const first = await expect(200, vendor.call('GET', '/api/v1/cases?limit=1'));
  assert.ok(first.next, 'a cursor');
  await until(() => /^id: /m.test(live.text), 'an event');
  return { n, vendor, id, kase, vulnerability, live, replay, key, once, document, first, socket: kept(vendor.token), last: live.text.match(/^id: (.*)$/m)[1],
    ids: { case: id, thread: once.thread, message: once.message, product, leak, target, notice, area, group, decision, file: own_file, claim, entry, vulnerability, organisation: owner.org, version: '1' } };
}
// Every address below a case, as the vendor's program and as its browser asks for it; the same with an id that never was.
async function ask(s, operation, { id = s.id, headers } = {}) {
  const schema = body_of(operation);
  const how = headers ?? (operation.api ? bearer(s.vendor.token) : s.vendor.session);
  let body = takes_bytes(operation) ? new TextEncoder().encode('bytes') : schema ? sample(schema, { file, id: (letter) => Object.values(s.ids).find((one) => one.startsWith(`${letter}_`)) ?? never(letter), text: (where) => (/audience/.test(where) ? 'shared' : 'Words.') }) : undefined;
  if (schema && 'document' in (body ?? {})) body.document = s.document;
  let more = {};
  if (!operation.api && operation.verb === 'POST') {
    if (operation.path.endsWith('/files')) { body = new FormData(); body.append('csrf', s.vendor.session['x-csrf-token']); body.append('audience', 'shared'); body.append('files', new Blob(['bytes']), 'a.txt'); } else {
      body = new URLSearchParams({ csrf: s.vendor.session['x-csrf-token'], audience: 'shared', topic: 'From a form', text: 'Hello.' }).toString();
      more = { 'content-type': 'application/x-www-form-urlencoded' };
    }
    const response = await fetch(site.url + fill(operation, { ...s.ids, case: id }), { method: 'POST', redirect: 'manual', headers: { ...how, ...more }, body });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
  return site.call(undefined, operation.verb, fill(operation, { ...s.ids, case: id }), body, { ...how, ...more });
}

// What is given out, by its kind: what the sweep does with it. A route that gives out something else fails the last test.
const references = {
  'case link': async (s) => (await s.vendor.call('GET', s.kase)),
  'case link, in a browser': (s) => site.call(undefined, 'GET', `/cases/${s.id}`, undefined, s.vendor.session),
  'session cookie on the API': (s) => site.call(undefined, 'GET', s.kase, undefined, s.vendor.session),
  'file link': (s) => s.vendor.call('GET', `${s.kase}/files/${s.ids.file}`),
  'receipt link': (s) => s.vendor.call('GET', `${s.kase}/entries/${s.ids.entry}/receipt`),
  'mark of a reader': (s) => s.vendor.call('POST', `${s.kase}/read`, {}),
  'what is new': (s) => s.vendor.call('GET', `${s.kase}/unread`),
  'its copy to take away': (s) => s.vendor.call('GET', `${s.kase}/export`),
  'Idempotency-Key': (s) => s.vendor.call('POST', `${s.kase}/threads`, s.replay, s.key),
  'ETag': async (s) => s.vendor.call('GET', s.kase, undefined, { 'if-none-match': (s.tag ??= (await s.vendor.call('GET', s.kase)).headers.get('etag')) }),
  'every tag': (s) => s.vendor.call('GET', s.kase, undefined, { 'if-none-match': '*' }),
  'form with its CSRF token': (s) => ask(s, operations.find((o) => o.op === 'POST /cases/{case}/do/{command}')),
  'kept connection': async (s) => ({ headers: new Headers(), ...(await s.socket.get(s.kase)) }),
};

async function used_before(s) {
  for (const [name, use] of Object.entries(references)) {
    const answer = await use(s);
    assert.ok(answer.status < 400, `${name}, while the right is there: ${answer.status} ${answer.text.slice(0, 300)}`);
  }
  assert.deepEqual((await s.vendor.call('POST', `${s.kase}/threads`, s.replay, s.key)).json.thread, s.once.thread, 'a replay is a replay');
  await expect(200, s.vendor.call('GET', '/api/v1/duties?of=all'));   // so that its view lies in memory
  for (const deadline = Date.now() + 60_000; !(await s.vendor.call('GET', `/api/v1/search?q=v-${s.n}`)).text.includes(s.id);) assert.ok(Date.now() < deadline, 'its number is found');
  s.opened = [];
  for (const operation of of_case.filter((o) => o.verb === 'GET')) if ((await ask(s, operation)).status < 300) s.opened.push(operation.op);
  assert.ok(s.opened.length >= 15, `only ${s.opened.length} reads were open: ${s.opened}`);
}

const removals = {
  'removed': (s) => expect(200, owner.call('POST', `${s.kase}/participants/${s.vendor.org}/remove`, { why: 'not essential any more' })),
  'suspended': (s) => expect(200, owner.call('POST', `${s.kase}/participants/${s.vendor.org}/suspend`, { why: 'the contact has left' })),
  'left': (s) => s.vendor.call('POST', `${s.kase}/leave`, { still_honours_terms: true }).then((answer) => assert.equal(answer.status, 200, answer.text)),
};
for (const [how, remove] of Object.entries(removals))
  test(`a participant that was ${how}: at its next try the case never was, on every way`, { timeout: 600_000 }, async () => {
    const s = await scene();
    await used_before(s);
    const heard = () => (s.live.text.match(/^event: change/gm) ?? []).length;
    await remove(s);
    const wrong = [];
    for (const [name, use] of Object.entries(references)) {
      const answer = await use(s);
      if (answer.status !== 404) wrong.push(`${name}: ${answer.status} ${answer.text.slice(0, 200)}`);
    }
    for (const operation of of_case) {
      const hidden = await ask(s, operation);
      const unknown = await ask(s, operation, { id: never('c') });
      if (hidden.status !== 404 && operation.api) wrong.push(`${operation.op}: ${hidden.status} ${hidden.text.slice(0, 200)}`);
      if (plain(hidden, [s.id, never('c')]) !== plain(unknown, [s.id, never('c')])) wrong.push(`${operation.op}: differs from a case that never was:\n${plain(hidden, [s.id])}\n${plain(unknown, [never('c')])}`);
    }
    // The key of a replay says nothing either, whatever comes with it.
    const other = await s.vendor.call('POST', `${s.kase}/threads`, { ...s.replay, text: 'Another.' }, s.key);
    if (other.status !== 404) wrong.push(`the key with another body: ${other.status} ${other.text.slice(0, 200)}`);
    // The cursor still belongs to its viewer, and the list that it goes on with has the case no more.
    for (const path of [`/api/v1/cases?limit=1&cursor=${encodeURIComponent(s.first.next)}`, '/api/v1/cases']) {
      const page = await s.vendor.call('GET', path);
      if (page.text.includes(s.id)) wrong.push(`${path} lists the case`);
    }
    if ((await site.call(undefined, 'GET', '/cases', undefined, s.vendor.session)).text.includes(s.id)) wrong.push('the page of cases lists it');
    // Nor does the search know it, though it lies in memory: found before, by a word of its title and by its own number.
    for (const words of ['case', `v-${s.n}`]) {
      const found = await s.vendor.call('GET', `/api/v1/search?q=${words}`);
      if (found.status !== 200 || found.text.includes(s.id)) wrong.push(`the search for ${words}: ${found.status} ${found.text.slice(0, 200)}`);
    }
    // Nor is anything due in it, though that lies in memory as well.
    for (const [path, headers] of [['/api/v1/duties?of=all', bearer(s.vendor.token)], ['/due?of=all', s.vendor.session]]) {
      const list = await site.call(undefined, 'GET', path, undefined, headers);
      if (list.status !== 200 || list.text.includes(s.id)) wrong.push(`${path}: ${list.status} ${list.text.slice(0, 200)}`);
    }
    // Of what happens from now on the stream says nothing, and resuming brings back nothing of it; its own case is heard after it, so that silence is no slowness.
    await until(() => heard() > 0, 'the stream has been heard');
    const before_it = (s.live.text.match(new RegExp(s.id, 'g')) ?? []).length;
    await expect(201, owner.call('POST', `${s.kase}/threads`, { audience: 'shared', topic: 'Afterwards', text: 'Not for who has gone.' }));
    const resumed = await stream(s.vendor.token, s.last);
    const mine = await expect(201, s.vendor.call('POST', '/api/v1/cases', { title: 'Heard' }));
    await until(() => s.live.text.includes(mine.id) && resumed.text.includes(mine.id), 'its own case is heard');
    if ((s.live.text.match(new RegExp(s.id, 'g')) ?? []).length !== before_it) wrong.push(`the stream goes on: ${s.live.text}`);
    if (resumed.text.includes(s.id)) wrong.push(`a resumed stream tells of it: ${resumed.text}`);
    s.live.stop();
    resumed.stop();
    s.socket.close();
    assert.equal(wrong.length, 0, wrong.join('\n'));
  });

// A credential that ends: every operation answers as to one that nobody has.
const credentials = {
  'a token that was revoked': { with: (s) => bearer(s.vendor.token), unknown: () => bearer(`slt_${'0'.repeat(43)}000000`), async end(s) {
    const { items } = await expect(200, s.vendor.call('GET', '/api/v1/tokens'));
    for (const one of items) await site.call(undefined, 'POST', `/api/v1/tokens/${one.id}/revoke`, {}, s.vendor.session).then((answer) => assert.equal(answer.status, 200, answer.text));
  } },
  'a token that has run out': { async prepare(s) { s.vendor.token = await issue(site, s.vendor.session, 'all', new Date(Date.now() + 5 * 86_400_000).toISOString().replace(/\.\d+/, '')); }, with: (s) => bearer(s.vendor.token), unknown: () => bearer(`slt_${'0'.repeat(43)}000000`),
    last: true, async end() { await expect(200, root.call('POST', '/api/v1/demo/clock', { to: later(6) })); } },
  'a session that was ended': { with: (s) => s.vendor.session, unknown: (s) => ({ ...s.vendor.session, cookie: s.vendor.session.cookie.replace(/=.*/, `=${'A'.repeat(43)}`) }), browser: true, async end(s) {
    const { items } = JSON.parse((await site.call(undefined, 'GET', '/api/v1/sessions', undefined, s.vendor.session)).text);
    await expect(200, site.call(undefined, 'POST', `/api/v1/sessions/${items.find((one) => one.is_this).id}/end`, {}, s.vendor.session));
  } },
  'a session that was signed out': { with: (s) => s.vendor.session, unknown: (s) => ({ ...s.vendor.session, cookie: s.vendor.session.cookie.replace(/=.*/, `=${'A'.repeat(43)}`) }), browser: true, async end(s) {
    const answer = await fetch(`${site.url}/sign-out`, { method: 'POST', redirect: 'manual', headers: { cookie: s.vendor.session.cookie, 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ csrf: s.vendor.session['x-csrf-token'] }).toString() });
    assert.equal(answer.status, 303, await answer.text());
  } },
};
for (const [what, kind] of Object.entries(credentials))
  test(`${what} opens nothing from then on, and is like one that nobody has`, { timeout: 600_000 }, async () => {
    const s = await scene();
    await kind.prepare?.(s);
    const stopped = kind.browser ? undefined : await stream(s.vendor.token);
    const socket = kept(s.vendor.token);
    if (!kind.browser) assert.equal((await socket.get(s.kase)).status, 200);
    assert.ok((await ask(s, of_case.find((o) => o.op === 'GET /api/v1/cases/{case}'), { headers: kind.with(s) })).status === 200);
    await kind.end(s);
    const wrong = [];
    if (!kind.browser) {
      const answer = await socket.get(s.kase);
      if (answer.status !== 401) wrong.push(`on the kept connection: ${answer.status}`);
    }
    const replayed = await site.call(undefined, 'POST', `${s.kase}/threads`, s.replay, { ...s.key, ...kind.with(s) });
    if (replayed.status !== 401) wrong.push(`a replay: ${replayed.status} ${replayed.text.slice(0, 200)}`);
    for (const operation of operations.filter((o) => !/\{file\}$/.test(o.path) || /\{case\}/.test(o.path))) {
      if (/^POST \/(mailbox|sign-in|first-run|report)|contacts/.test(operation.op)) continue;   // each by its own limit, and open to anybody
      if (!operation.api && (!kind.browser || operation.path === '/sign-out')) continue;
      const ended = await ask(s, operation, { headers: kind.with(s) });
      const unknown = await ask(s, operation, { headers: kind.unknown(s) });
      if (!operation.open && operation.api && ended.status !== 401) wrong.push(`${operation.op}: ${ended.status} ${ended.text.slice(0, 200)}`);
      if (!operation.open && !operation.api && ![401, 303].includes(ended.status)) wrong.push(`${operation.op}: ${ended.status}`);
      if (operation.op !== 'POST /api/v1/reports' && operation.op !== 'GET /api/v1/reports/challenge' && plain(ended, []) !== plain(unknown, [])) wrong.push(`${operation.op} differs from a credential that nobody has:\n${plain(ended, []).slice(0, 600)}\n${plain(unknown, []).slice(0, 600)}`);
    }
    if (stopped) await until(() => stopped.ended, 'the open stream is closed');
    socket.close();
    s.live.stop();
    assert.equal(wrong.length, 0, wrong.join('\n'));
  });

test('a request that was withdrawn is confirmed by nobody, and one who has no seat in the case has no request', async () => {
  const s = await scene();
  const colleague = await person(site, root, owner.org, 'Colleague', 'admin');
  const { request } = await expect(202, owner.call('POST', `${s.kase}/decisions`, { kind: 'override', reason: 'attacks', who_is_exposed: 'users', how_badly: 'badly', what_they_can_do: 'nothing' }));
  await expect(200, colleague.call('GET', `${s.kase}/requests`));
  const hidden = await s.vendor.call('POST', `${s.kase}/requests/${request}/confirm`), unknown = await s.vendor.call('POST', `${s.kase}/requests/${never('b')}/confirm`);
  assert.equal(plain(hidden, [request]), plain(unknown, [never('b')]));
  await expect(200, owner.call('POST', `${s.kase}/requests/${request}/withdraw`));
  assert.equal((await colleague.call('POST', `${s.kase}/requests/${request}/confirm`)).status, 409);
  s.live.stop();
});

test('a report code opens its own report and no other, and a mailbox cookie is no key to the API', async () => {
  const body = { to: owner.org, title: 'One', description: 'Something.', product: 'parser', contacted_vendor: false };
  const one = await expect(201, site.call(undefined, 'POST', '/api/v1/reports', body)), two = await expect(201, site.call(undefined, 'POST', '/api/v1/reports', { ...body, title: 'Two' }));
  const by = (code) => ({ 'sluice-report-code': code });
  await expect(200, site.call(undefined, 'GET', `/api/v1/reports/${one.id}`, undefined, by(one.code)));
  for (const operation of operations.filter((o) => o.api && /\{report\}/.test(o.path))) {
    const send = (report) => site.call(undefined, operation.verb, fill(operation, { report }), takes_bytes(operation) ? new TextEncoder().encode('x') : body_of(operation) ? sample(body_of(operation), { file }) : undefined, by(one.code));
    const hidden = await send(two.id), unknown = await send(never('r'));
    assert.equal(hidden.status, 404, `${operation.op}: ${hidden.text.slice(0, 200)}`);
    assert.equal(plain(hidden, [two.id]), plain(unknown, [never('r')]), operation.op);
  }
});

describe('nothing is given out that the sweep does not try', () => {
  // Kinds of references and by what they are tried above. An id is one where an address takes it; the rest of the ids name things and open nothing.
  const tried = { c: 'every address below a case', y: 'every address below a case (a decision, a mitigation)', f: 'file link', e: 'receipt link', h: 'form, Idempotency-Key', v: 'every address', w: 'every address', a: 'every address', l: 'every address', k: 'every address', z: 'every address', j: 'every address', m: 'every address', u: 'every address', p: 'what an administrator may look up', b: 'a request', r: 'a report code', i: 'a notice', o: 'what any signed-in caller may look up',
    t: 'a token', n: 'a session', etag: 'ETag', next: 'cursor', token: 'a token', code: 'a report code', stream: 'stream, resumed', challenge: 'opens nothing: a puzzle', secret: 'opens nothing before a code proves it', ticket: 'of use to the session alone that asked for it, and every operation is tried with one that ended', acknowledgement: 'receipt link' };
  test('by the published schemas', () => {
    const unknown = [];
    const taken = new Set(operations.flatMap((o) => [...o.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => letter_of(o, name))));
    const scan = (operation, schema, seen = new Set()) => {
      if (!schema || typeof schema !== 'object' || seen.has(schema)) return;
      seen.add(schema);
      if (schema.$ref) return scan(operation, schema.$ref.slice(2).split('/').reduce((at, name) => at[name], file), seen);
      const letter = schema.pattern?.match?.(/^\^\((\w)_\[/)?.[1];
      if (letter && taken.has(letter) && !tried[letter]) unknown.push(`${operation.op} gives out an id ${letter}_…, which opens an address`);
      for (const [name, one] of Object.entries(schema.properties ?? {})) {
        if (/^(next|cursor|token|code|cookie|secret|challenge|ticket|password)$/.test(name) && !tried[name]) unknown.push(`${operation.op} gives out '${name}'`);
        scan(operation, one, seen);
      }
      for (const part of [schema.items, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]) scan(operation, part, seen);
    };
    for (const operation of operations.filter((o) => o.api))
      for (const [status, answer] of Object.entries(operation.what.responses)) {
        if (status >= 300) continue;
        for (const [type, content] of Object.entries(answer.content ?? {})) {
          if (type === 'text/event-stream' && !tried.stream) unknown.push(`${operation.op} is a stream`);
          scan(operation, content.schema);
        }
        for (const header of Object.keys(answer.headers ?? {})) if (header.toLowerCase() !== 'etag') unknown.push(`${operation.op} gives out a header ${header}`);
      }
    assert.equal(unknown.length, 0, unknown.join('\n'));
  });
  test('and no address takes an id of a kind that is not tried', () => {
    const known = ['case', 'report', 'organisation', 'thread', 'vulnerability', 'claim', 'file', 'advisory', 'release', 'entry', 'token', 'session', 'request', 'group', 'leak', 'target', 'notice', 'area', 'message', 'product', 'person', 'glass', 'version', 'command', 'tracking', 'year', 'decision', 'mitigation',
      'regime',                             // the name of a pack, which is nobody's secret
      'proposal',                           // of a table, which all members see
      'pseudonym', 'reveal',                // its member's alone, and its trustees': tests/e2e/pseudonyms.test.mjs
      'peer',                               // of the site's administrators; what it rests on is tried in tests/e2e/peers.test.mjs
      'webhook',                            // ends with the right that it rests on: tests/e2e/webhooks.test.mjs
      'recall', 'widening',                 // of TAXII's collections as well: tests/e2e/recalls.test.mjs
      'threat_report',                      // read by who reads its collection or is in its group; who leaves the group, at once not: tests/e2e/threat_reports.test.mjs
      'collection', 'object', 'status'];    // of TAXII: who reads a collection can't be changed yet, and what is hidden there is tried in tests/e2e/taxii.test.mjs
    const names = new Set(operations.flatMap((o) => [...o.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)));
    assert.deepEqual([...names].filter((name) => !known.includes(name)), []);
  });
});
