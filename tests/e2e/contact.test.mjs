// Whom to write to at a vendor: its security.txt is read over a real TLS connection from a server of this test, by the real binary; and nobody is led astray.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { patiently } from '../lib/operations.mjs';
import { Site, binary, expect, sluice } from '../lib/site.mjs';

const dir = mkdtempSync(join(tmpdir(), 'sluice-contact-'));
const file = (name) => join(dir, name);
const openssl = (...args) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
// A CA of our own, and certificates it signed for these names.
function certificate(name, names) {
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${names[0]}`);
  writeFileSync(file(`${name}.ext`), `subjectAltName=${names.map((n) => `DNS:${n}`).join(',')}\n`);
  openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-out', `${name}.pem`, '-extfile', `${name}.ext`);
  return { key: readFileSync(file(`${name}.key`)), cert: readFileSync(file(`${name}.pem`)) };
}

const soon = new Date(Date.now() + 90 * 86_400_000).toISOString().replace(/\.\d+/, '');
const sound = (domain) => `Contact: https://${domain}/report\nContact: mailto:psirt@${domain}\nExpires: ${soon}\nPreferred-Languages: de, en\nPolicy: https://${domain}/policy\nEncryption: https://${domain}/key.asc\nCanonical: https://${domain}/.well-known/security.txt\n`;
const text = (body, type = 'text/plain; charset=utf-8') => (request, response) => response.writeHead(200, { 'content-type': type }).end(body);
const moved = (to) => (request, response) => response.writeHead(302, { location: to, 'set-cookie': 'a=b' }).end();
const none = (request, response) => response.writeHead(404).end();
const wellKnown = '/.well-known/security.txt';

// What each name answers where; every name of this table leads to the one server.
const answers = {
  'vendor.example': { [wellKnown]: text(sound('vendor.example')) },
  'old.example': { '/security.txt': text(sound('old.example')) },
  'moved.example': { [wellKnown]: moved('https://www.moved.example/.well-known/security.txt') },
  'www.moved.example': { [wellKnown]: text(sound('moved.example')) },
  'elsewhere.example': { [wellKnown]: moved('https://vendor.example/.well-known/security.txt') },
  'plain.example': { [wellKnown]: moved('http://vendor.example/security.txt') },
  'inward.example': { [wellKnown]: moved('https://127.0.0.1/') },
  'port.example': { [wellKnown]: moved('https://vendor.example:22/') },
  'file.example': { [wellKnown]: moved('file:///etc/passwd') },
  'loop.example': { [wellKnown]: moved('https://loop.example/.well-known/security.txt'), '/security.txt': moved('https://loop.example/security.txt') },
  'large.example': { [wellKnown]: text('#'.repeat(200_000)) },
  'endless.example': { [wellKnown]: (request, response) => { response.writeHead(200, { 'content-type': 'text/plain' }); const more = () => { while (!response.destroyed && response.write('# more\n'.repeat(1000))); response.once('drain', more); }; more(); } },
  'html.example': { [wellKnown]: text('<!DOCTYPE html><title>Home</title>', 'text/html'), '/security.txt': text('<!DOCTYPE html>', 'text/html') },
  'stale.example': { [wellKnown]: text('Contact: psirt@stale.example\nExpires: 2020-01-01T00:00:00Z\n') },
  'nothing.example': {},
  'acme.example': {},
  'silent.example': { [wellKnown]: () => {} },
  'silent2.example': { [wellKnown]: () => {} },
  'stranger.example': { [wellKnown]: text(sound('stranger.example')) },   // its certificate is for other names
};
const asked = [];
const server = createServer({}, (request, response) => {
  asked.push({ name: request.headers.host, path: request.url, headers: request.headers });
  (answers[request.headers.host]?.[request.url] ?? none)(request, response);
});

const site = new Site();
const guarded = new Site();
let coordinator, vendor, other, finder;
before(async () => {
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test CA', '-days', '2');
  const names = Object.keys(answers).filter((name) => name !== 'stranger.example');
  server.setSecureContext(certificate('server', names));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hosts = Object.keys(answers).flatMap((name) => ['--outbound-host', `${name}=127.0.0.1:${server.address().port}`]);
  process.env.https_proxy = 'http://127.0.0.1:1';   // OUT-1: no proxy from the environment
  await site.serve(['--outbound-allow', '127.0.0.1/32', '--outbound-ca', file('ca.pem'), ...hosts]);
  await guarded.serve(['--outbound-ca', file('ca.pem'), ...hosts]);
  delete process.env.https_proxy;
  coordinator = site.party('Coordinator', 'coordinator', 'staff');
  vendor = site.party('Acme', 'vendor');
  other = site.party('Other coordinator', 'coordinator');
  finder = site.party('Finder', 'finder');
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await Promise.all([site.remove(), guarded.remove()]);
  rmSync(dir, { recursive: true, force: true });
});

const find = (who, domain, more = {}) => patiently(() => who.call('POST', '/api/v1/contacts/find', { domain, ...more }));
const found = async (domain, who = coordinator, more = {}) => expect(200, find(who, domain, more));

describe('a vendor that nobody here speaks for', () => {
  test('its contacts come in their order, with all that its file says', async () => {
    const answer = await found('Vendor.Example.');
    assert.equal(answer.found, 'security_txt');
    const { security_txt: txt } = answer;
    assert.deepEqual(txt.contacts, ['https://vendor.example/report', 'mailto:psirt@vendor.example']);
    assert.deepEqual([txt.languages, txt.policy, txt.encryption], [['de', 'en'], ['https://vendor.example/policy'], ['https://vendor.example/key.asc']]);
    assert.deepEqual([txt.expires, txt.expired, txt.valid, txt.signature, txt.findings], [soon, false, true, 'none', []]);
    assert.equal(txt.source, `https://vendor.example${wellKnown}`);
    assert.ok(Math.abs(Date.parse(txt.read_at) - Date.now()) < 60_000);
  });
  test('nothing of ours goes there but the question; the key that it names is not fetched', () => {
    const mine = asked.filter((a) => a.name === 'vendor.example');
    assert.deepEqual(mine.map((a) => a.path), [wellKnown]);
    assert.deepEqual(Object.keys(mine[0].headers).sort(), ['accept', 'host', 'user-agent']);
    assert.doesNotMatch(mine[0].headers['user-agent'], /sluice|curl/i);
  });
  test('is asked once an hour for each organisation: a remembered answer would tell another that somebody asked', async () => {
    const before = asked.length;
    await found('vendor.example');
    assert.equal(asked.length, before);
    await found('vendor.example', other);
    assert.equal(asked.length, before + 1);
  });
  test('the place from before there was a place is asked second', async () => {
    const answer = await found('old.example');
    assert.equal(answer.security_txt.source, 'https://old.example/security.txt');
    assert.deepEqual(asked.filter((a) => a.name === 'old.example').map((a) => a.path), [wellKnown, '/security.txt']);
    assert.deepEqual(answer.security_txt.findings.map((f) => f.rule), ['RFC 9116 §2.5.2']);
  });
  test('an expired file with a bare address is shown with what is wrong', async () => {
    const { security_txt: txt } = await found('stale.example');
    assert.deepEqual([txt.valid, txt.expired, txt.contacts], [false, true, ['psirt@stale.example']]);
    assert.deepEqual(txt.findings.map((f) => [f.severity, f.rule, f.where]), [['error', 'RFC 9116 §2.5.3', 'line 1'], ['error', 'RFC 9116 §2.5.5', 'line 2']]);
  });
  test('a hop within the vendor\'s name is followed, one to another name is followed and said; no cookie goes along', async () => {
    const within = await found('moved.example');
    assert.deepEqual(within.security_txt.asked, [`https://moved.example${wellKnown}`, `https://www.moved.example${wellKnown}`]);
    assert.ok(!within.security_txt.findings.some((f) => f.rule === 'RFC 9116 §5.2'));
    const away = await found('elsewhere.example');
    assert.ok(away.security_txt.findings.some((f) => f.rule === 'RFC 9116 §5.2'));
    assert.ok(asked.every((a) => a.headers.cookie === undefined && a.headers.referer === undefined));
  });
  for (const [domain, why] of [
    ['plain.example', /isn't https/], ['inward.example', /isn't of the public DNS/], ['port.example', /names a port/], ['file.example', /isn't https/], ['loop.example', /more than three times/],
    ['large.example', /larger than is taken/], ['endless.example', /larger than is taken/], ['html.example', /web page/], ['nothing.example', /answers 404/], ['stranger.example', /certificate is not valid/],
  ]) test(`${domain}: nothing is found, and why`, async () => {
    // Ten seconds are a rule, and on a machine where they are too few that they are over is the true answer; then it is asked once more.
    let answer, before;
    for (let n = 0; n < 4 && (n === 0 || answer.security_txt.tried.some((t) => /ten seconds/.test(t.why))); ++n) {
      before = asked.length;
      answer = await found(domain, other);
    }
    assert.equal(answer.found, 'nothing');
    assert.deepEqual(answer.security_txt.tried.map((t) => t.address), [`https://${domain}${wellKnown}`, `https://${domain}/security.txt`]);
    assert.match(answer.security_txt.tried[0].why, why);
    if (domain === 'loop.example') assert.equal(asked.slice(before).filter((a) => a.name === domain).length, 2 * 4);
  });
});

describe('the server\'s own house', () => {
  test('a name that leads to this machine is refused unless the operator lists it', async () => {
    const asker = guarded.party('Coordinator', 'coordinator');
    const answer = await expect(200, find(asker, 'vendor.example'));
    assert.equal(answer.found, 'nothing');
    assert.match(answer.security_txt.tried[0].why, /doesn't speak to: loopback/);
  });
  test('what is no name of the public DNS is refused before anything is asked', async () => {
    const before = asked.length;
    for (const domain of ['', 'localhost', '127.0.0.1', '[::1]', '169.254.169.254', 'vendor.example:22', 'vendor.example/x', 'a@vendor.example', 'printer.local', 'bücher.example', '2130706433', 'x'.repeat(300)])
      assert.equal((await find(vendor, domain)).status, 422, domain);
    assert.equal(asked.length, before);
  });
  test('what was loosened stands in the log, and which names were asked for does not', () => {
    assert.match(site.log, /outbound_allow.*127\.0\.0\.1\/32/);
    assert.match(site.log, /outbound_ca/);
    const rest = site.log.split('\n').filter((line) => !line.includes('outbound_host'));
    assert.doesNotMatch(rest.join('\n'), /\.example/);
  });
});

describe('who may', () => {
  test('vendors and coordinators, with a token that may write in cases', async () => {
    assert.equal((await site.call(undefined, 'POST', '/api/v1/contacts/find', { domain: 'vendor.example' })).status, 401);
    assert.equal((await find(finder, 'vendor.example')).status, 403);
    const narrow = site.token(coordinator.person, 'case_read');
    assert.equal((await site.call(narrow, 'POST', '/api/v1/contacts/find', { domain: 'vendor.example' })).status, 403);
    await found('vendor.example', vendor);
  });
  test('twenty in a row, then the token waits', async () => {
    const token = site.token(vendor.person);
    const statuses = [];
    for (let i = 0; i < 21; ++i) statuses.push((await site.call(token, 'POST', '/api/v1/contacts/find', { domain: 'vendor.example', ask_vendor: 'never' })).status);
    assert.deepEqual(statuses, [...Array(20).fill(200), 429]);
  });
});

describe('a vendor of this site', () => {
  before(async () => {
    const path = `/api/v1/organisations/${vendor.org}`;
    const etag = (await vendor.call('GET', path)).headers.get('etag');
    await expect(200, vendor.call('PUT', path, { name: 'Acme', takes_reports: true, contacts: [{ kind: 'security', uri: 'mailto:psirt@acme.example' }] }, { 'if-match': etag }));
  });
  test('is named, and its server is not asked', async () => {
    const answer = await found('acme.example');
    assert.equal(answer.found, 'here');
    assert.deepEqual(answer.organisations.map((o) => [o.id, o.name, o.takes_reports, o.report]), [[vendor.org, 'Acme', true, `${site.url}/report/to/${vendor.org}`]]);
    assert.match(answer.note, /not checked/);
    assert.equal(answer.security_txt, undefined);
  });
  test('whoever doubts that has the server asked all the same; a mere ending of a name is another name', async () => {
    const answer = await found('acme.example', coordinator, { ask_vendor: 'always' });
    assert.equal(answer.found, 'here');
    assert.ok(answer.security_txt.tried);
    assert.equal((await found('me.example', coordinator, { ask_vendor: 'never' })).organisations, undefined);
  });
});

describe('a server that says nothing', () => {
  test('costs its asker ten seconds, and nobody else anything', async () => {
    const began = Date.now();
    const slow = ['silent.example', 'silent2.example'].map((domain) => found(domain, other));
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (let i = 0; i < 20; ++i) {
      const at = Date.now();
      await expect(200, coordinator.call('GET', '/api/v1/cases'));
      assert.ok(Date.now() - at < 9000, `a read took ${Date.now() - at} ms beside silent servers`);
    }
    for (const answer of await Promise.all(slow)) assert.match(answer.security_txt.tried[0].why, /ten seconds/);
    assert.ok(Date.now() - began < 19_500, `${Date.now() - began} ms`);
  });
});

describe('from the command line', () => {
  const token = () => { writeFileSync(file('token'), site.token(coordinator.person)); return ['--site', site.url, '--token-file', file('token')]; };
  // Not sluice(): that waits for the command, and this process has a vendor's server to be meanwhile.
  const run_beside = (args, input = '') => new Promise((resolve) => {
    execFile(binary, args, { encoding: 'utf8', timeout: 60_000 }, (error, stdout, stderr) => resolve({ status: error?.code ?? 0, stdout, stderr })).stdin.end(input);
  });
  test('a contact is found, one a line; nothing found is exit code 3', async () => {
    const run = await run_beside(['contact', 'find', 'vendor.example', ...token()]);
    assert.equal(run.stdout, 'https://vendor.example/report\nmailto:psirt@vendor.example\n');
    assert.match(run.stderr, /From: https:\/\/vendor\.example/);
    assert.equal(JSON.parse((await run_beside(['contact', 'find', '-', '--json', ...token()], 'vendor.example\n')).stdout).found, 'security_txt');
    const none = await run_beside(['contact', 'find', 'nothing.example', ...token()]);
    assert.equal(none.status, 3);
    assert.match(none.stderr, /The server answers 404/);
  });
  test('an attempt goes on record: who, whom, how and the answer, or that there is none', async () => {
    const org = `/api/v1/organisations/${coordinator.org}`;
    const site_admin = site.client({ org: site.organisation, person: site.person(site.organisation, 'Admin', 'admin') });
    const etag = (await coordinator.call('GET', org)).headers.get('etag');
    await expect(200, site_admin.call('PUT', org, { name: 'Coordinator', takes_reports: true }, { 'if-match': etag }));
    const report = await expect(201, site.call(undefined, 'POST', '/api/v1/reports', { to: coordinator.org, title: 'Overflow', description: 'A long name overflows a buffer.', product: 'parser', contacted_vendor: 'yes', contact_when: 'in May' }));
    const id = (await expect(200, coordinator.call('GET', '/api/v1/cases'))).items[0].id;
    const attempt = { report: report.id, whom: 'Vendor', how: 'mail to psirt@vendor.example' };
    sluice(['contact', 'record', id, '-', ...token()], { input: JSON.stringify(attempt) });
    // ISO/IEC 29147: why a coordinator answers for the case, from what is on record.
    const because = async () => (await expect(200, coordinator.call('GET', `/api/v1/cases/${id}`))).owner_because;
    assert.deepEqual(await because(), ['reporter_asked', 'contact_failed']);
    sluice(['contact', 'record', id, '-', '--json', ...token()], { input: JSON.stringify({ ...attempt, how: 'by phone', answer: 'They asked for a mail.' }) });
    assert.deepEqual(await because(), ['reporter_asked']);
    const attempts = (await expect(200, coordinator.call('GET', `/api/v1/cases/${id}/reports`))).items[0].contact_attempts;
    assert.deepEqual(attempts.map(({ at, ...rest }) => rest), [{ by: coordinator.org, whom: 'Vendor', how: 'mail to psirt@vendor.example' }, { by: coordinator.org, whom: 'Vendor', how: 'by phone', answer: 'They asked for a mail.' }]);
    const page = await site.call(coordinator.token, 'GET', `/cases/${id}`);
    for (const words of ['Attempts to reach somebody', 'Who tried', 'mail to psirt@vendor.example', 'asked, no answer since', 'They asked for a mail.']) assert.ok(page.text.includes(words), words);
    assert.equal(sluice(['contact', 'record', id, '-', ...token()], { input: '{"report":', ok: false }).status, 1);
  });
  test('files are checked offline, an answer each, and our own is sound', async () => {
    writeFileSync(file('bad.txt'), 'Contact: psirt@vendor.example\n');
    writeFileSync(file('own.txt'), (await site.call(undefined, 'GET', wellKnown)).text.replaceAll('http://127', 'https://127'));
    const run = sluice(['securitytxt', 'check', file('bad.txt'), file('own.txt'), file('none.txt'), '--json'], { ok: false });
    assert.equal(run.status, 1);
    const lines = run.stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(lines.map((line) => [line.file, line.valid]), [[file('bad.txt'), false], [file('own.txt'), true], [file('none.txt'), false]]);
    assert.deepEqual(lines[0].findings.map((f) => [f.severity, f.rule, f.where]), [['error', 'RFC 9116 §2.5.3', 'line 1'], ['error', 'RFC 9116 §2.5.5', '']]);
    assert.equal(sluice(['securitytxt', 'check', file('own.txt')]).status, 0);
    const then = sluice(['securitytxt', 'check', '-', '--at', '2020-06-01T00:00:00Z', '--json'], { input: 'Contact: mailto:a@vendor.example\nExpires: 2020-12-01T00:00:00Z\n' });
    assert.deepEqual(JSON.parse(then.stdout), { file: '-', valid: true, findings: [] });
  });
});

test('a server that is told to end doesn\'t wait for a silent one', async () => {
  const before = asked.length;
  const asking = find(vendor, 'silent.example').catch(() => undefined);
  for (const end = Date.now() + 30_000; asked.length === before && Date.now() < end;) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(asked.length > before, 'it is waited for');
  const began = Date.now();
  const ended = await site.stop();
  assert.equal(ended.code, 0);
  assert.ok(Date.now() - began < 9000, `${Date.now() - began} ms`);
  assert.match(site.log, /"event":"stop"/);
  await asking;
});
