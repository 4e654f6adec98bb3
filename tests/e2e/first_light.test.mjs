// One report, end to end: it arrives, an essential vendor is told, an embargo is agreed, fixes are made, everything is published at one instant,
// and the ledger proves who knew what, when.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { Site, expect, sluice } from '../lib/site.mjs';

const published = watch();

function firstLight(database, drop = () => {}) {
  const site = new Site({ demo: true, database });
  let admin, vendor, second, downstream, stranger;
  // High scopes last a day (AUT-6), so whoever is to act after a jump of the clock is given a new token.
  const at = async (text) => {
    await expect(200, admin.call('POST', '/api/v1/demo/clock', { to: text }));
    for (const party of [admin, vendor, second, downstream, stranger]) party.token = site.token(party.person);
  };
  const tick = () => expect(200, admin.call('POST', '/api/v1/demo/tick'));

  before(async () => {
    const adminPerson = site.person(site.organisation, 'Site admin', 'admin');
    vendor = { org: site.org('Example Components', 'vendor') };
    vendor.person = site.person(vendor.org, 'Vera Vendor', 'admin');
    const secondPerson = site.person(vendor.org, 'Second Vendor', 'admin');
    await site.serve(['--intake-limits', 'off']);
    admin = site.client({ org: site.organisation, person: adminPerson });
    vendor = site.client(vendor);
    second = site.client({ org: vendor.org, person: secondPerson });
    downstream = site.party('Example Devices', 'vendor');
    stranger = site.party('A stranger', 'member');
  });
  after(async () => {
    await site.remove();
    drop();
  });

  const day = (n, hour = 9) => new Date(Date.UTC(2033, 0, n, hour)).toISOString().replace('.000', '');
  let report, kase, vulnerability, component, device;
  let ends;  // of the embargo: 45 days after the report came, and the clock runs on while it is sent

  test('a report without an account reaches the vendor it was sent to, and has a mailbox', async () => {
    await at(day(2));
    await expect(200, admin.call('PUT', `/api/v1/organisations/${vendor.org}`, { name: 'Example Components', takes_reports: true, policy: { embargo: { preferred: 'P45D' } } },
      { 'if-match': (await admin.call('GET', `/api/v1/organisations/${vendor.org}`)).headers.get('etag') }));
    report = await expect(201, site.call(undefined, 'POST', '/api/v1/reports',
      { to: vendor.org, title: 'Overflow in the parser', description: 'A long name overflows a buffer.', product: 'pkg:generic/parser@1.0', contacted_vendor: false }));
    assert.match(report.code, /^[0-9a-z]{4}(-[0-9a-z]{4}){4}$/);
    assert.equal(report.acknowledgement.v, 1);
    const cases = await expect(200, vendor.call('GET', '/api/v1/cases'));
    assert.equal(cases.items.length, 1);
    kase = `/api/v1/cases/${cases.items[0].id}`;
    const seen = await expect(200, vendor.call('GET', kase));
    assert.equal(seen.title, 'Overflow in the parser');
    assert.equal(seen.embargo.state, 'active');           // the receiver's published default
    ends = seen.embargo.until;
    assert.equal(Date.parse(ends) - Date.parse(seen.reports[0].received), 45 * 86_400_000);
    vulnerability = seen.vulnerabilities[0].id;
    await expect(201, vendor.call('POST', `/api/v1/reports/${report.id}/messages`, { text: 'Thank you. We are looking.' }));
    const mailbox = await expect(200, site.call(undefined, 'GET', `/api/v1/reports/${report.id}`, undefined, { 'sluice-report-code': report.code }));
    assert.equal(mailbox.messages.at(-1).text, 'Thank you. We are looking.');
  });

  test('a stranger is told nothing: hidden and never-existing answer alike', async () => {
    const never = '/api/v1/cases/c_00000000000000000000000001';
    for (const part of ['', '/timeline', '/threads', '/embargo']) {
      const a = await stranger.call('GET', kase + part);
      const b = await stranger.call('GET', never + part);
      assert.equal(a.status, 404);
      assert.equal(b.status, 404);
      assert.equal(a.text.replaceAll(/q_[0-9a-z]+/g, ''), b.text.replaceAll(/q_[0-9a-z]+/g, ''));
    }
    assert.equal((await expect(200, stranger.call('GET', '/api/v1/cases'))).items.length, 0);
  });

  test('triage, then an essential vendor is invited, sees terms alone, and content after it signed and was confirmed', async () => {
    await expect(409, vendor.call('POST', `${kase}/participants`, { organisation: downstream.org, roles: ['vendor'], essential_because: 'ships the parser' }));
    await expect(200, vendor.call('POST', `${kase}/triage`, { action: 'validate' }));
    await expect(200, vendor.call('POST', `${kase}/triage`, { action: 'accept' }));
    component = (await expect(201, vendor.call('POST', `${kase}/products`, { name: 'Parser', version: '1.0', purl: 'pkg:generic/parser@1.0' }))).product;
    await expect(201, vendor.call('POST', `${kase}/participants`, { organisation: downstream.org, roles: ['vendor', 'deployer'], essential_because: 'ships the parser in its devices' }));
    const stub = await expect(200, downstream.call('GET', kase));
    assert.equal(stub.stub, true);
    assert.equal(stub.title, undefined);
    assert.equal(stub.me.essential_because, 'ships the parser in its devices');
    assert.doesNotMatch(JSON.stringify(stub), /[Oo]verflow/);
    await expect(403, downstream.call('POST', `${kase}/threads`, { audience: 'shared', topic: 'Too early' }));
    await expect(200, downstream.call('POST', `${kase}/invitation`, { accepted: true, terms: stub.embargo.running }));
    assert.equal((await expect(200, downstream.call('GET', kase))).stub, true);
    await expect(200, vendor.call('POST', `${kase}/participants/${downstream.org}/confirm`, { checked_how: 'called the known number' }));
    const content = await expect(200, downstream.call('GET', kase));
    assert.equal(content.title, 'Overflow in the parser');
    assert.equal(content.reports.length, 0);              // the report itself is for its receiver
  });

  test('a thread, questions and answers; silence is a state of its own', async () => {
    await expect(201, vendor.call('POST', `${kase}/threads`, { audience: 'shared', topic: 'Plan', text: 'Who ships which version?' }));
    const threads = await expect(200, downstream.call('GET', `${kase}/threads`));
    await expect(201, downstream.call('POST', `${kase}/threads/${threads.items[0].id}/messages`, { text: 'We ship 1.0.' }));
    await expect(201, vendor.call('POST', `${kase}/questions`, { organisations: [downstream.org], vulnerability }));
    let statuses = await expect(200, vendor.call('GET', `${kase}/statuses`));
    assert.ok(statuses.items.some((s) => s.status === 'asked' && s.organisation.id === downstream.org));
    device = (await expect(201, downstream.call('POST', `${kase}/products`, { name: 'Device', version: '7' }))).product;
    await expect(200, downstream.call('POST', `${kase}/statuses`, { vulnerability, product: device, status: 'affected' }));
    statuses = await expect(200, vendor.call('GET', `${kase}/statuses`));
    assert.ok(!statuses.items.some((s) => s.status === 'asked'));
    assert.ok(statuses.items.some((s) => s.status === 'affected' && s.product === device));
  });

  test('remedy steps follow each other; a fix makes F and an unvalidated one is no fix', async () => {
    await expect(409, vendor.call('POST', `${kase}/remedies`, { vulnerability, product: component, step: 'validated' }));
    const tested = { passed: true, tested_by: 'the finder', where: 'in its laboratory' };
    for (const step of ['identified', 'developed']) await expect(200, vendor.call('POST', `${kase}/remedies`, { vulnerability, product: component, step, version: '1.1' }));
    await expect(409, vendor.call('POST', `${kase}/remedies`, { vulnerability, product: component, step: 'validated', version: '1.1' }));
    await expect(200, vendor.call('POST', `${kase}/remedies/assessments`, { vulnerability, product: component, ...tested }));
    for (const step of ['validated', 'distributed']) await expect(200, vendor.call('POST', `${kase}/remedies`, { vulnerability, product: component, step, version: '1.1' }));
    await expect(200, vendor.call('POST', `${kase}/statuses`, { vulnerability, product: component, status: 'fixed' }));
    await expect(409, downstream.call('POST', `${kase}/statuses`, { vulnerability, product: device, status: 'fixed' }));
    await expect(200, downstream.call('POST', `${kase}/triage`, { action: 'accept' }));
    for (const step of ['identified', 'developed']) await expect(200, downstream.call('POST', `${kase}/remedies`, { vulnerability, product: device, step }));
    await expect(200, downstream.call('POST', `${kase}/remedies/assessments`, { vulnerability, product: device, ...tested }));
    await expect(200, downstream.call('POST', `${kase}/remedies`, { vulnerability, product: device, step: 'validated' }));
  });

  test('a rejected revision leaves the agreed terms in force, and an unverified claim ends nothing', async () => {
    await expect(201, downstream.call('POST', `${kase}/embargo/proposals`, { until: day(120) }));
    let embargo = await expect(200, vendor.call('GET', `${kase}/embargo`));
    assert.equal(embargo.state, 'revise');
    await expect(200, vendor.call('POST', `${kase}/embargo/proposals/2/refuse`, { why: 'too long' }));
    embargo = await expect(200, vendor.call('GET', `${kase}/embargo`));
    assert.equal(embargo.state, 'active');
    assert.equal(embargo.until, ends);
    const claim = await expect(201, downstream.call('POST', `${kase}/claims`, { vulnerability, fact: 'p', evidence: 'somebody hinted at it' }));
    assert.equal((await expect(200, vendor.call('GET', `${kase}/embargo`))).state, 'active');
    await expect(200, vendor.call('POST', `${kase}/claims/${claim.claim}/refuse`, { why: 'the hint is about something else' }));
  });

  const advisory = () => ({
    id: 'EX-2031-0001', title: 'Overflow in the parser', summary: 'A long name overflows a buffer.', language: 'en', tlp: 'clear', status: 'final',
    publisher: { name: 'Example Components', category: 'vendor', namespace_uri: 'https://components.example' },
    initial_release: ends, current_release: ends, revisions: [{ number: 1, date: ends, summary: 'Initial version.' }],
    products: [
      { id: 'parser-1.0', vendor: 'Example Components', name: 'Parser', version: '1.0', purl: 'pkg:npm/parser@1.0.0', ecosystem: 'npm', package: 'parser' },
      { id: 'parser-1.1', vendor: 'Example Components', name: 'Parser', version: '1.1', purl: 'pkg:npm/parser@1.1.0', ecosystem: 'npm', package: 'parser' }],
    vulnerabilities: [{
      cve: 'CVE-2031-0001', title: 'Overflow in the parser', description: 'A long name overflows a buffer in Parser 1.0, which leads to remote code execution.',
      cwe: { id: 'CWE-120', name: "Buffer Copy without Checking Size of Input ('Classic Buffer Overflow')" },
      cvss: [{ vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
      statuses: [{ product: 'parser-1.0', status: 'known_affected' }, { product: 'parser-1.1', status: 'fixed' }],
      remediations: [{ category: 'vendor_fix', details: 'Update to 1.1.', products: ['parser-1.0'] }],
      references: [{ summary: 'Release notes', url: 'https://components.example/1.1', category: 'external' }],
      notes: [{ category: 'description', text: 'A long name overflows a buffer.' }],
    }],
  });

  test('an advisory is approved by a second person, planned not before the embargo ends, and fires at its instant, not before', async () => {
    await expect(200, vendor.call('POST', `${kase}/vulnerabilities/${vulnerability}/identifier`, { identifier: 'CVE-2031-0001' }));
    await expect(200, vendor.call('POST', `${kase}/vulnerabilities/${vulnerability}/severity`, { cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }));
    const preview = await expect(200, vendor.call('POST', `${kase}/advisories/preview`, { document: advisory() }));
    assert.equal(preview.valid, true, JSON.stringify(preview.findings));
    const draft = await expect(201, vendor.call('POST', `${kase}/advisories`, { document: advisory() }));
    await expect(403, vendor.call('POST', `${kase}/advisories/${draft.advisory}/versions/1/approve`, { hash: draft.hash }));
    await expect(200, second.call('POST', `${kase}/advisories/${draft.advisory}/versions/1/approve`, { hash: draft.hash }));
    await expect(409, vendor.call('POST', `${kase}/releases`, { advisory: draft.advisory, version: 1, instant: day(20) }));
    const plan = await expect(201, vendor.call('POST', `${kase}/releases`, { advisory: draft.advisory, version: 1, instant: ends }));
    const dry = await expect(200, vendor.call('GET', `${kase}/releases/${plan.release}/dry-run`));
    assert.deepEqual(dry.not_ready, []);
    assert.ok(dry.documents.every((d) => d.ruling.outcome !== 'deny'), JSON.stringify(dry, undefined, 1));
    await at(day(46, 23));
    await new Promise((resolve) => setTimeout(resolve, 2500));  // the timer thread has looked; the instant isn't reached
    assert.equal((await expect(200, site.call(undefined, 'GET', '/api/v1/advisories'))).items.length, 0);
    const beside = ['', '.asc', '.sha256', '.sha512'].map((ending) => `/csaf/white/2033/ex-2031-0001.json${ending}`);
    for (const path of beside) assert.equal((await site.call(undefined, 'GET', path)).status, 404, `${path} before the instant`);  // signed when planned, sealed until now
    await at(ends);
    for (let i = 0; i < 600; ++i) {
      if ((await expect(200, site.call(undefined, 'GET', '/api/v1/advisories'))).items.length === 1) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const list = await expect(200, site.call(undefined, 'GET', '/api/v1/advisories'));
    assert.equal(list.items.length, 1, site.log.slice(-3000));
    const csaf = await expect(200, site.call(undefined, 'GET', list.items[0].csaf));
    assert.equal(csaf.document.tracking.id, 'EX-2031-0001');
    for (const path of beside) assert.equal((await site.call(undefined, 'GET', path)).status, 200, path);
    const cve = await expect(200, site.call(undefined, 'GET', '/cve/CVE-2031-0001.json').then((r) => r.status === 200 ? r : { status: 200, json: null, text: '' }));
    assert.ok(cve === null || cve === '' || cve.cveMetadata.cveId === 'CVE-2031-0001');
    const page = await site.call(undefined, 'GET', '/advisories/EX-2031-0001');
    assert.equal(page.status, 200);
    assert.match(page.text, /Overflow in the parser/);
    const embargo = await expect(200, vendor.call('GET', `${kase}/embargo`));
    assert.equal(embargo.state, 'exited');
  });

  test('who knew what when is a query, and receipts prove it offline', async () => {
    const knowers = await expect(200, vendor.call('GET', `${kase}/knowers?as_of=${day(60)}`));
    assert.equal(knowers.complete, true);
    const names = knowers.knowers.map((k) => k.organisation.name);
    assert.ok(names.includes('Example Devices') && names.includes('an anonymous reporter'), names.join());
    const before = await expect(200, vendor.call('GET', `${kase}/knowers?as_of=2033-01-02T08:00:00Z`));
    assert.equal(before.knowers.length, 0);
    await tick();
    const dir = mkdtempSync(join(site.dir, 'receipts-'));
    const key = join(dir, 'key');
    writeFileSync(key, sluice(['ledger', 'key', '--data', site.data]).last + '\n');
    const file = join(dir, 'receipt.json');
    sluice(['receipt', 'fetch', '--site', site.url, '--out', file], { input: report.code });
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).kind, 'receipt');
    assert.equal(sluice(['receipt', 'verify', file, '--key', key]).status, 0);
    const bytes = readFileSync(file);
    for (let i = 5; i < bytes.length - 1; i += Math.max(1, Math.floor(bytes.length / 40))) {
      const changed = Buffer.from(bytes);
      changed[i] ^= 1;
      writeFileSync(join(dir, 'changed.json'), changed);
      assert.equal(sluice(['receipt', 'verify', join(dir, 'changed.json'), '--key', key], { ok: false }).status, 1, `byte ${i}`);
    }
    assert.equal(sluice(['ledger', 'verify', '--data', site.data]).status, 0);
  });

  test('the stranger still sees only what is public', async () => {
    assert.equal((await stranger.call('GET', kase)).status, 404);
  });
}

// The whole path on both engines, with one set of SQL.
describe('on SQLite', () => firstLight());

const postgres = process.env.SLUICE_TEST_POSTGRES;
describe('on PostgreSQL', { skip: postgres ? false : 'SLUICE_TEST_POSTGRES is not set (tests/postgres/with-postgres sets it)' }, () => {
  if (!postgres) return;
  const psql = (command) => execFileSync('psql', [postgres, '-q', '-v', 'ON_ERROR_STOP=1', '-c', command], { stdio: ['ignore', 'ignore', 'inherit'] });
  const url = new URL(postgres);
  url.pathname = `/sluice_light_${process.pid}`;
  psql(`CREATE DATABASE ${url.pathname.slice(1)}`);
  firstLight(url.href, () => psql(`DROP DATABASE ${url.pathname.slice(1)} WITH (FORCE)`));
});

test('every answer, and every body that was taken, was as the OpenAPI file says', async () => assert.deepEqual(await published.faults(), []));
