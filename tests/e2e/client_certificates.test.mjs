// Machines that sign in by a client certificate: TAXII and the API over real TLS, with certificates that openssl made and curl shows. What is registered acts as a token does; what isn't is as
// nothing; and what ends closes kept connections and streams within a second (ACC-7).
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Site, sluice } from '../lib/site.mjs';
import { indicator, media, root } from '../lib/taxii.mjs';

const dir = mkdtempSync(join(tmpdir(), 'sluice-certificates-'));
const at = (name) => join(dir, name);
const openssl = (...args) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
const site = new Site(), plain = new Site();
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (condition, what, ms) => {
  for (const end = Date.now() + ms; Date.now() < end; await wait(10)) if (condition()) return;
  assert.fail(`not in ${ms} ms: ${what}`);
};
let count = 0, ana, rival, collection, tls;

// A self-signed certificate of its own; answers its name.
function machine({ key = ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'], days = '2', subject = '/CN=feed' } = {}) {
  const name = `machine-${++count}`;
  openssl('req', '-x509', '-newkey', ...key, '-nodes', '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', subject, '-days', days);
  return name;
}
const add = (name, person, ...flags) => sluice(['certificate', 'add', at(`${name}.pem`), '--data', site.data, '--person', person, '--scope', 'all', ...flags]).last;

// One request by curl: {status, headers (as text), text}. `host` picks the site.
function curl(path, { cert, token, basic, verb, body, headers = [], host = site, version } = {}) {
  const args = ['-sS', '-i', '--cacert', at('ca.pem'), ...(cert ? ['--cert', at(`${cert}.pem`), '--key', at(`${cert}.key`)] : []), ...(token ? ['-H', `Authorization: Bearer ${token}`] : []),
    ...(basic ? ['--user', basic] : []), ...(verb ? ['-X', verb] : []), ...(body ? ['--data-binary', JSON.stringify(body)] : []), ...(version ? [`--tlsv${version}`, '--tls-max', version] : []), ...headers.flatMap((one) => ['-H', one]), host.url + path];
  const run = spawnSync('curl', args, { encoding: 'utf8', timeout: 60_000 });
  assert.equal(run.status, 0, run.stderr);
  const end = run.stdout.indexOf('\r\n\r\n');
  const text = run.stdout.slice(end + 4);
  let json;
  try { json = JSON.parse(text); } catch { /* not all are */ }
  return { status: Number(run.stdout.split(' ')[1]), headers: run.stdout.slice(0, end), text, json };
}
const taxii = (path, options = {}) => curl(path.startsWith('/') ? path : root + path, { ...options, headers: [`Accept: ${media}`, ...(options.body ? [`Content-Type: ${media}`] : []), ...(options.headers ?? [])] });
const api = (path, options = {}) => curl(`/api/v1${path}`, { ...options, headers: [...(options.body ? ['Content-Type: application/json'] : []), ...(options.headers ?? [])] });
// An answer without what differs each time.
const bytes = ({ headers, text }) => `${headers}\n${text}`.replace(/q_[0-9a-z]+/gi, 'q_').replace(/^date: .*$/gim, '');

// A connection that is kept, and a stream, both of the certificate alone.
const credentials = (name) => ({ cert: readFileSync(at(`${name}.pem`)), key: readFileSync(at(`${name}.key`)), ca: readFileSync(at('ca.pem')) });
function kept(name) {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ...credentials(name) });
  const sockets = new Set();
  return {
    sockets,
    get: (path) => new Promise((resolve, reject) => {
      const request = https.get(site.url + path, { agent, headers: { accept: '*/*' } }, (response) => { response.resume().on('end', () => resolve(response.statusCode)); });
      request.on('socket', (socket) => sockets.add(socket)).on('error', reject);
    }),
    close: () => agent.destroy(),
  };
}
function listen(name, path, headers = {}) {
  const out = { text: '', ended: false, status: 0 };
  const request = https.get(site.url + path, { agent: false, ...credentials(name), headers: { accept: 'text/event-stream', ...headers } }, (response) => {
    out.status = response.statusCode;
    response.on('data', (chunk) => { out.text += chunk; }).on('end', () => { out.ended = true; }).on('error', () => { out.ended = true; });
  });
  request.on('error', () => { out.ended = true; });
  out.stop = () => request.destroy();
  return out;
}

before(async () => {
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test CA', '-days', '2');
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
  writeFileSync(at('server.ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-out', 'server.pem', '-extfile', 'server.ext');
  tls = ['--tls-cert', at('server.pem'), '--tls-key', at('server.key')];
  [ana, rival] = ['Acme', 'Rival'].map((name) => site.party(name, 'member'));
  collection = sluice(['collection', 'add', '--data', site.data, '--title', 'Indicators', '--read', '*', '--write', ana.org, '--alias', 'indicators']).last;
  await site.serve([...tls, '--client-certificates', 'on']);
  await plain.serve(tls);
});
after(async () => {
  await site.remove();
  await plain.remove();
  rmSync(dir, { recursive: true, force: true });
});

test('TAXII and the API by a registered certificate alone, over TLS 1.3 and 1.2, with keys of each kind', () => {
  for (const key of [undefined, ['rsa:2048'], ['ed25519']]) {
    const name = machine(key ? { key } : {});
    assert.equal(taxii('/taxii2/', { cert: name }).status, 401);
    add(name, ana.person);
    for (const version of ['1.3', '1.2']) {
      const discovery = taxii('/taxii2/', { cert: name, version });
      assert.equal(discovery.status, 200, discovery.text);
      assert.deepEqual(discovery.json.api_roots, [root]);
      assert.equal(taxii(`collections/${collection}/`, { cert: name, version }).json.can_write, true);
    }
    const me = api('/whoami', { cert: name });
    assert.equal(me.status, 200, me.text);
    assert.equal(me.json.person, ana.person);
    assert.equal(me.json.kind, 'token');
    assert.equal(api('/cases', { cert: name }).status, 200);
    const sent = taxii(`collections/${collection}/objects/`, { cert: name, verb: 'POST', body: { objects: [indicator()] } });
    assert.equal(sent.status, 202, sent.text);
  }
});

test('scopes hold: a certificate may what it was given', () => {
  const name = machine();
  sluice(['certificate', 'add', at(`${name}.pem`), '--data', site.data, '--person', ana.person, '--scope', 'collection_read']);
  assert.equal(taxii(`collections/${collection}/objects/`, { cert: name }).status, 200);
  assert.equal(taxii(`collections/${collection}/objects/`, { cert: name, verb: 'POST', body: { objects: [indicator()] } }).status, 403);
  assert.equal(api('/cases', { cert: name }).status, 403);
});

test('a certificate that nobody registered is as none: the same bytes, on every way in', () => {
  const unknown = machine(), revoked = machine();
  sluice(['certificate', 'revoke', add(revoked, ana.person), '--data', site.data]);
  for (const [path, ask] of [['/taxii2/', taxii], [`collections/${collection}/objects/`, taxii], ['/cases', api], ['/tokens', api], ['/stream', api]]) {
    const none = ask(path);
    assert.equal(none.status, 401);
    assert.match(none.headers, /^www-authenticate: /im);
    for (const cert of [unknown, revoked]) assert.equal(bytes(ask(path, { cert })), bytes(none), path);
  }
  // And takes nothing from what is open to all, or from a token beside it.
  assert.equal(curl('/healthz', { cert: unknown }).status, 200);
  assert.equal(api('/cases', { cert: unknown, token: ana.token }).status, 200);
});

test('a certificate opens no page: those are for people', () => {
  const name = machine();
  add(name, ana.person);
  assert.equal(bytes(curl('/cases', { cert: name })), bytes(curl('/cases')));
});

test('beside a token or HTTP Basic, a certificate is of the same holder', () => {
  const name = machine();
  add(name, ana.person);
  assert.equal(api('/cases', { cert: name, token: ana.token }).status, 200);
  assert.equal(taxii('/taxii2/', { cert: name, basic: `anything:${ana.token}` }).status, 200);
  assert.equal(api('/cases', { cert: name, token: rival.token }).status, 401);
  assert.equal(taxii('/taxii2/', { cert: name, basic: `anything:${rival.token}` }).status, 401);
  assert.equal(api('/cases', { cert: name, token: `slt_${'0'.repeat(49)}` }).status, 401);
  // The token's scopes hold then.
  const narrow = site.token(ana.person, 'collection_read');
  assert.equal(api('/cases', { cert: name, token: narrow }).status, 403);
});

test('through the API one registers what the connection itself proves, lists it and revokes it', () => {
  const name = machine({ subject: '/O=Acme/CN=new feed' });
  const body = { scopes: 'case_read collection_read' };
  const without = api('/tokens/certificates', { token: ana.token, verb: 'POST', body });
  assert.equal(without.status, 409);
  assert.equal(without.json.code, 'certificate-not-shown');
  assert.equal(api('/tokens/certificates', { cert: name, verb: 'POST', body }).status, 401);
  const made = api('/tokens/certificates', { cert: name, token: ana.token, verb: 'POST', body });
  assert.equal(made.status, 201, made.text);
  const der = new X509Certificate(readFileSync(at(`${name}.pem`))).raw;
  assert.equal(made.json.fingerprint, createHash('sha256').update(der).digest('hex'));
  assert.equal(api('/cases', { cert: name }).status, 200);
  const listed = api('/tokens', { token: ana.token }).json.items.find((one) => one.id === made.json.id);
  assert.equal(listed.scopes, 'case_read collection_read');
  assert.equal(listed.certificate.fingerprint, made.json.fingerprint);
  assert.match(listed.certificate.subject, /CN=new feed/);
  assert.ok(listed.expires <= listed.certificate.not_after);
  assert.match(sluice(['certificate', 'list', '--data', site.data, '--person', ana.person]).stdout, new RegExp(`^${made.json.id}  until .*CN=new feed`, 'm'));
  assert.equal(api('/tokens/certificates', { cert: name, token: ana.token, verb: 'POST', body }).json.code, 'certificate-known');
  assert.equal(api('/tokens/certificates', { cert: name, token: rival.token, verb: 'POST', body }).status, 401);   // another holder's
  assert.equal(api(`/tokens/${made.json.id}/revoke`, { cert: name, verb: 'POST', body: {} }).status, 200);          // a key that leaked ends itself
  assert.equal(api('/cases', { cert: name }).status, 401);
});

test("another site's page can't act by a certificate that the browser shows by itself", () => {
  const name = machine();
  add(name, ana.person);
  const body = { objects: [indicator()] };
  for (const header of ['Sec-Fetch-Site: cross-site', 'Origin: https://elsewhere.example'])
    assert.equal(taxii(`collections/${collection}/objects/`, { cert: name, verb: 'POST', body, headers: [header] }).status, 403, header);
  assert.equal(api('/cases', { cert: name, headers: ['Sec-Fetch-Site: cross-site'] }).status, 403);
});

// Each ends what is open within a second: the next request of a kept connection, the site's stream, and a collection's.
const ends = {
  'a certificate that was revoked': async (id) => { sluice(['certificate', 'revoke', id, '--data', site.data]); },
  'one whose person was suspended': async (id, party) => { sluice(['person', 'suspend', '--data', site.data, '--person', party.person]); },
  "one whose person's affiliation ended": async (id, party) => { sluice(['person', 'end', '--data', site.data, '--person', party.person]); },
  'one whose person was disabled': async (id, party) => { sluice(['person', 'disable', '--data', site.data, '--person', party.person]); },
  'one whose time is over': async (id, party, over) => { await wait(Math.max(0, over - Date.now())); },
};
for (const [what, end] of Object.entries(ends))
  test(`ACC-7: ${what} closes kept connections and streams within a second`, { timeout: 300_000 }, async () => {
    const party = site.party(`Party ${++count}`, 'member');
    let name, over, id, connection, streams, poll, is_open = false;
    // Where a certificate's time was over before all was open, the next one has more of it.
    for (const seconds of what.includes('time is over') ? [8, 30, 120] : [0]) {
      name = machine();
      over = Date.now() + (seconds || 3_600) * 1000;
      id = add(name, party.person, ...(seconds ? ['--expires', `${seconds}s`] : []));
      connection = kept(name);
      const kept_status = await connection.get('/api/v1/cases');
      streams = [listen(name, '/api/v1/stream'), listen(name, `${root}collections/${collection}/stream/`)];
      await until(() => streams.every((one) => one.status !== 0 || one.ended), 'the streams are answered', 60_000);
      poll = listen(name, `${root}collections/${collection}/stream/?wait=50&added_after=${new Date().toISOString()}`, { accept: media });
      await wait(200);
      is_open = kept_status === 200 && streams.every((one) => one.status === 200 && !one.ended);
      if (is_open || Date.now() < over - 1_000) break;
      connection.close();
      for (const one of [...streams, poll]) one.stop();
    }
    assert.ok(is_open, 'the streams are open');
    await end(id, party, over);
    // A second, and what a loaded machine takes: sooner than a heartbeat, and long before the poll's own time is over.
    await until(() => streams.every((one) => one.ended), 'the streams are closed', 10_000);
    await until(() => poll.ended, 'who waits for a page is answered', 10_000);
    assert.notEqual(poll.status, 200, poll.text);
    assert.equal(await connection.get('/api/v1/cases'), 401);
    assert.equal(connection.sockets.size, 1, 'it was the same connection');
    assert.equal(taxii('/taxii2/', { cert: name }).status, 401);
    connection.close();
    for (const one of [...streams, poll]) one.stop();
  });

test('sluice taxii pushes, pulls and is told no by certificate', () => {
  const name = machine(), other = machine();
  add(name, ana.person);
  const one = indicator();
  writeFileSync(at('objects.json'), JSON.stringify(one));
  const flags = (cert) => ['--cert', at(`${cert}.pem`), '--key', at(`${cert}.key`), '--ca', at('ca.pem')];
  sluice(['taxii', 'push', `${site.url}/taxii2/`, at('objects.json'), '--collection', 'indicators', ...flags(name)]);
  sluice(['taxii', 'pull', `${site.url}/taxii2/`, '--collection', 'indicators', '--out', at('pulled.jsonl'), ...flags(name)]);
  assert.ok(readFileSync(at('pulled.jsonl'), 'utf8').includes(one.id));
  assert.equal(sluice(['taxii', 'pull', `${site.url}/taxii2/`, '--collection', 'indicators', '--out', at('none.jsonl'), '--tries', '0', ...flags(other)], { ok: false }).status, 4);
});

test('a site that was not told to asks for none', () => {
  const name = machine();
  assert.equal(curl('/healthz', { cert: name, host: plain }).status, 200);
  const said = spawnSync('openssl', ['s_client', '-connect', new URL(plain.url).host, '-CAfile', at('ca.pem')], { input: '', encoding: 'utf8' }).stdout;
  assert.match(said, /No client certificate CA names sent/);
  const asked = spawnSync('openssl', ['s_client', '-tls1_2', '-connect', new URL(site.url).host, '-CAfile', at('ca.pem')], { input: '', encoding: 'utf8' }).stdout;
  assert.match(asked, /No client certificate CA names sent/);       // asked for, and whom the site knows is said to nobody
  assert.match(asked, /Client Certificate Types/);
  assert.equal(sluice(['serve', '--data', plain.data, '--listen', '127.0.0.1:0', '--client-certificates', 'on'], { ok: false }).status, 2);
});
