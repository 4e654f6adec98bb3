// A canary search (KEY-5, OBS-1): what people write, and what opens a door, stands in no file of the site, in no temporary file, in no line of the server's log and
// in no refusal, neither as it was written nor in base64, hex or UTF-16, while the server runs, after a kill and after a stop. What is written is made from the
// published schemas: every text field of every operation, so that a new one is searched for too.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { relative } from 'node:path';
import { after, test } from 'node:test';
import { Site, expect, files_below, sluice } from '../lib/site.mjs';
import { totp } from '../lib/totp.mjs';
import { indicator, marked, media, tool } from '../lib/taxii.mjs';
import { body_of, fill, operations_of, sample, takes_bytes } from '../lib/operations.mjs';

const canaries = new Map();   // what it is -> the text that must be nowhere
const written = [];           // what carries the mark, by its number

// All that is written carries one mark that could stand nowhere by chance, and a number that says what it was: one search finds any of it.
const mark = `Zq${randomBytes(9).toString('hex')}kX`;
canaries.set('something that was written', mark);
function canary(what, { before = '', end = '' } = {}) {
  written.push(what);
  return `${before}${mark}${written.length - 1}n${end}`;
}
function secret(what, text) {
  assert.ok(text && text.length >= 20, `${what} is ${text}`);
  canaries.set(what, text);
  return text;
}

// The forms in which a text could lie in a file. Base64 depends on where it begins, so the middle of each of three.
function forms(text) {
  const bytes = Buffer.from(text);
  const out = [text, text.toLowerCase(), text.toUpperCase(), encodeURIComponent(text), bytes.toString('hex'), bytes.toString('hex').toUpperCase()];
  // In both byte orders the bytes between are the same but for the first and the last.
  const wide = Buffer.from(text, 'utf16le');
  for (const one of [bytes, wide])
    for (let shift = 0; shift < 3; ++shift) {
      const base64 = Buffer.concat([Buffer.alloc(shift), one]).toString('base64').replace(/=+$/, '');
      const middle = base64.slice(shift === 0 ? 0 : 4, -2);
      out.push(middle, middle.replaceAll('+', '-').replaceAll('/', '_'));
    }
  return [...[...new Set(out)].map((one) => Buffer.from(one)), wide.subarray(0, -1)];
}

const site = new Site();
let log = '';
after(() => site.remove());
// Site keeps the end of the log only; a canary may stand at its beginning.
const serve = async () => {
  site.url = undefined;
  await site.serve(['--intake-limits', 'off', '--tick', '200ms']);
  site.process.stderr.on('data', (chunk) => { log += chunk; });
  site.process.stdout.on('data', (chunk) => { log += chunk; });
};

// `of`: which canaries; the places where any of them stands.
function places(of = canaries) {
  const found = [];
  const heap = files_below(site.dir).map(([path, bytes]) => [relative(site.dir, path), bytes]);   // its temporary files among them (TMPDIR)
  heap.push(['the log', Buffer.from(site.log + log)]);
  heap.push(['a refusal', Buffer.from(refusals.join('\n'))]);
  // Files that are open and have no name any more, or lie elsewhere.
  if (site.process)
    for (const fd of readdirSync(`/proc/${site.process.pid}/fd`)) {
      const path = `/proc/${site.process.pid}/fd/${fd}`;
      try {
        if (statSync(path).isFile() && !readlinkSync(path).startsWith(`${site.dir}/`)) heap.push([`the open file ${readlinkSync(path)}`, readFileSync(path)]);
      } catch { /* closed meanwhile */ }
    }
  for (const [what, text] of of) {
    for (const form of forms(text)) {
      for (const [name, bytes] of heap) {
        const at = bytes.indexOf(form);
        if (at < 0) continue;
        const number = text === mark ? bytes.subarray(at + form.length, at + form.length + 8).toString('latin1').match(/^(\d+)n/i)?.[1] : undefined;
        found.push(`${number === undefined ? what : written[number]} in ${name}${form.equals(Buffer.from(text)) ? '' : `, as ${form.toString('latin1').slice(0, 60)}`}`);
      }
    }
  }
  return [...new Set(found)].filter((one) => !echoed.some((known) => one.startsWith(known)));
}
// A refusal that quotes what its own sender sent, so that the place can be found in it.
const echoed = ['POST /api/v1/cases/{case}/vulnerabilities/{vulnerability}/severity /cvss, refused in a refusal'];
const refusals = [];   // the texts of answers that say no

test('nothing that was written stands anywhere in clear', async () => {
  const vendor_name = canary('the name of an organisation');
  const org = site.org(vendor_name, 'vendor');
  const partner_org = site.org(canary('the name of a partner'), 'vendor');
  const mail = canary('a mail address', { end: '@example.org' });
  const person = sluice(['person', 'add', '--data', site.data, '--org', org, '--name', canary('the name of a person'), '--email', mail, '--role', 'admin']).last;
  const second = site.person(org, canary('the name of a second person'), 'admin');
  const root_person = site.person(site.organisation, canary('the name of the site admin'), 'admin');
  const judge_person = site.person(site.organisation, canary('the name of who decides doubts'), 'staff');
  const partner_person = site.person(partner_org, canary('the name of a third person'), 'admin');
  // A token from the command line while no server runs, which goes to the files.
  secret('a token issued offline', site.token(person));
  await serve();
  const owner = site.client({ org, person });
  const colleague = site.client({ org, person: second });
  const partner = site.client({ org: partner_org, person: partner_person });
  const judge = site.client({ org: site.organisation, person: judge_person });
  const root = site.client({ org: site.organisation, person: root_person });
  const limits = readFileSync(`/proc/${site.process.pid}/limits`, 'utf8');
  assert.match(limits, /^Max core file size\s+0\s+0\s/m, 'core dumps are off (KEY-5)');
  for (const [what, one] of [['a token', owner], ['a second token', colleague], ['a third token', partner]]) secret(what, one.token);
  secret('a token from the API', (await expect(201, owner.call('POST', '/api/v1/tokens', { scopes: 'case_read' }))).token);

  // The first administrator: a password, and the session it opens.
  const code = (site.log + log).match(/"event":"first_run","code":"([0-9a-z]+)"/)?.[1];
  const password = canary('a password', { before: 'correct horse ' });
  const admin_mail = canary("the administrator's mail address", { end: '@example.net' });
  const form = (fields) => new URLSearchParams(fields).toString();
  const post = (path, fields, headers = {}) => fetch(site.url + path, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body: form(fields) });
  const made = await post('/first-run', { code, name: canary("the administrator's name"), mail: admin_mail, password });
  assert.ok(made.status < 400, `first run: ${made.status} ${(await made.text()).slice(0, 500)}`);
  // Its second factor: the key is a secret, and so are the codes to recover with.
  const begun = await (await post('/sign-in', { mail: admin_mail, password })).text();
  const key = begun.match(/secret=([A-Z2-7]{32})&amp;/)[1];
  secret('the key of a second factor', key);
  const signed_in = await post('/sign-in/factor', { ticket: begun.match(/name="ticket"[^>]*value="([^"]+)"/)[1], code: totp(key) });
  assert.ok(signed_in.status < 400, `sign-in: ${signed_in.status}`);
  for (const [, recovery] of (await signed_in.text()).matchAll(/<code>([0-9a-z]{4}(?:-[0-9a-z]{4}){4})<\/code>/g)) {
    secret('a recovery code', recovery);
    canaries.set('the digits of a recovery code', recovery.replaceAll('-', ''));
  }
  const session = signed_in.headers.getSetCookie().map((cookie) => cookie.split(';')[0].split('=').slice(1).join('=')).find((value) => value.length >= 20);
  secret('a session', session);
  await post('/sign-in', { mail: admin_mail, password: canary('a wrong password') });
  await post('/sign-in', { mail: canary('an unknown mail address', { end: '@example.com' }), password: canary('a password of nobody') });

  // A report without an account, its mailbox, its code.
  const profile = await owner.call('GET', `/api/v1/organisations/${org}`);
  await expect(200, owner.call('PUT', `/api/v1/organisations/${org}`, { name: vendor_name, takes_reports: true, policy: { embargo: { preferred: 'P45D' } } }, { 'if-match': profile.headers.get('etag') }));
  const report = await expect(201, site.call(undefined, 'POST', '/api/v1/reports', { to: org, title: canary('the title of a report'), description: canary('the description of a report', { before: 'It overflows. ' }),
    product: canary('the product of a report'), contacted_vendor: false, contact: canary('how to reach the reporter', { end: '@example.info' }), own_tracking_id: canary("the reporter's own id") }));
  secret('a report code', report.code);
  canaries.set('the digits of a report code', report.code.replaceAll('-', ''));
  const as_reporter = { 'sluice-report-code': report.code };
  await expect(201, site.call(undefined, 'POST', `/api/v1/reports/${report.id}/messages`, { text: canary('a message of the reporter') }, as_reporter));
  await expect(201, owner.call('POST', `/api/v1/reports/${report.id}/messages`, { text: canary('a message to the reporter') }));
  await expect(200, site.call(undefined, 'GET', `/api/v1/reports/${report.id}`, undefined, as_reporter));
  await post('/mailbox', { code: report.code });
  await site.call(undefined, 'GET', `/api/v1/reports/${report.id}`, undefined, { 'sluice-report-code': 'zzzz-zzzz-zzzz-zzzz-zzz2' });

  // A case with something in every part of it.
  const kase = `/api/v1/cases/${(await expect(200, owner.call('GET', '/api/v1/cases'))).items[0].id}`;
  const seen = await expect(200, owner.call('GET', kase));
  const vulnerability = seen.vulnerabilities[0].id;
  for (const action of ['validate', 'accept']) await expect(200, owner.call('POST', `${kase}/triage`, { action }));
  const { thread, message } = await expect(201, owner.call('POST', `${kase}/threads`, { audience: 'shared', topic: canary('the topic of a thread'), text: canary('the first message of a thread') }));
  await expect(201, owner.call('POST', `${kase}/threads/${thread}/messages`, { text: canary('a message') }, { 'idempotency-key': canary('an Idempotency-Key') }));
  await expect(201, owner.call('POST', `${kase}/threads`, { audience: 'coordination', topic: canary('the topic of an inner thread'), text: canary('an inner message') }));
  const { product } = await expect(201, owner.call('POST', `${kase}/products`, { name: canary('the name of a product'), version: canary('the version of a product'), purl: `pkg:generic/${canary('a purl')}@1` }));
  await expect(201, owner.call('POST', `${kase}/participants`, { organisation: partner_org, roles: ['vendor'], essential_because: canary('why a partner is essential') }));
  await expect(200, partner.call('GET', kase));
  await expect(201, owner.call('POST', `${kase}/embargo/proposals`, { until: new Date(Date.now() + 20 * 86_400_000).toISOString().replace(/\.\d+/, ''), note: canary('a note on terms') }));
  await expect(200, owner.call('POST', `${kase}/statuses`, { vulnerability, product, status: 'affected', note: canary('a note on a status') }));
  await expect(201, owner.call('POST', `${kase}/claims`, { vulnerability, fact: 'p', evidence: canary('the evidence of a claim') }));
  await expect(200, owner.call('POST', `${kase}/vulnerabilities/${vulnerability}/identifier`, { identifier: 'CVE-2031-987654321' }));
  canaries.set('an identifier', 'CVE-2031-987654321');
  const content = Buffer.concat([randomBytes(300_000), Buffer.from(canary("a file's content")), randomBytes(50)]);
  await expect(201, owner.call('POST', `${kase}/files?name=${canary("a file's name", { end: '.txt' })}&audience=shared`, new Uint8Array(content), { 'content-type': 'application/octet-stream' }));
  const at = new Date(Date.now() + 50 * 86_400_000).toISOString().replace(/\.\d+/, '');
  const draft = await expect(201, owner.call('POST', `${kase}/advisories`, { document: {
    id: canary("an advisory's own id", { before: 'EX-' }), title: canary("an advisory's title"), summary: canary("an advisory's summary"), language: 'en', tlp: 'clear', status: 'final',
    publisher: { name: 'Example Components', category: 'vendor', namespace_uri: 'https://components.example' }, initial_release: at, current_release: at, revisions: [{ number: 1, date: at, summary: 'Initial version.' }],
    products: [{ id: 'p-1', vendor: 'Example', name: 'Parser', version: '1.0', purl: 'pkg:npm/parser@1.0.0', ecosystem: 'npm', package: 'parser' }],
    vulnerabilities: [{ cve: 'CVE-2031-987654321', title: canary("an advisory's vulnerability"), description: 'A long name overflows a buffer in Parser 1.0, which leads to remote code execution.',
      cwe: { id: 'CWE-120', name: "Buffer Copy without Checking Size of Input ('Classic Buffer Overflow')" }, cvss: [{ vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
      statuses: [{ product: 'p-1', status: 'known_affected' }], remediations: [{ category: 'workaround', details: 'Shorten names.', products: ['p-1'] }], notes: [{ category: 'description', text: 'A long name overflows.' }] }],
  } }));
  // A plan composes and signs its documents, which wait sealed.
  await expect(200, colleague.call('POST', `${kase}/advisories/${draft.advisory}/versions/1/approve`, { hash: draft.hash }));
  const plan = await expect(201, owner.call('POST', `${kase}/releases`, { advisory: draft.advisory, version: 1, instant: at }));
  assert.ok((await expect(200, owner.call('GET', `${kase}/releases/${plan.release}/dry-run`))).documents.length >= 2);
  await expect(201, owner.call('POST', '/api/v1/cases', { title: canary('the title of a case') }));
  // Two administrators of the site open the case, for a reason; which the case is told.
  const glass = sluice(['case', 'break-glass', '--data', site.data, '--person', root_person, '--case', kase.split('/').at(-1), '--reason', canary('why a case is opened in an emergency'), '--hours', '1']).last;
  const cookie = signed_in.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
  const csrf = (await (await fetch(`${site.url}/account`, { headers: { cookie } })).text()).match(/name="csrf"[^>]*value="([0-9a-f]+)"/)[1];
  await expect(200, site.call(undefined, 'POST', `/api/v1/break-glass/${glass}/confirm`, {}, { cookie, 'x-csrf-token': csrf }));

  // What is refused stays out of the log too.
  const odd = [
    ['GET', `/api/v1/${canary('an unknown path')}`], ['GET', `/api/v1/cases/${canary('an ill-formed id')}`], ['GET', `/api/v1/cases?cursor=${canary('a cursor')}`], ['GET', `${kase}?q=${canary('a query')}`],
    ['POST', `${kase}/threads`, { audience: canary('an audience'), topic: canary('a topic that is refused') }], ['POST', `${kase}/participants`, { [canary('an unknown field')]: canary('the value of an unknown field') }],
  ];
  for (const [verb, path, body] of odd) await owner.call(verb, path, body);
  await site.call(canary('a wrong token'), 'GET', '/api/v1/whoami');
  await fetch(site.url + '/', { headers: { cookie: `sluice_session=${canary('a wrong session')}`, referer: `https://${canary('a referer')}.example/`, 'user-agent': canary('a user agent'), 'x-request-id': canary('a request id') } });

  const reporter = { call: (verb, path, body, headers) => site.call(undefined, verb, path, body, { ...as_reporter, ...headers }) };
  const { product: another } = await expect(201, owner.call('POST', `${kase}/products`, { name: canary('the name of another product') }));
  await expect(201, reporter.call('POST', `/api/v1/reports/${report.id}/claims`, { fact: 'p', evidence: canary("the evidence of a reporter's claim") }));
  const { group } = await expect(201, owner.call('POST', `${kase}/groups`, { name: canary('the name of a group'), why: canary('why there is a group') }));
  await expect(200, owner.call('POST', `${kase}/groups/${group}/members`, { add: [partner_org], why: canary('why a partner is in a group') }));
  // Law in the case, an incident, its notices, a text on an area.
  const soon = new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+/, '');
  await expect(200, owner.call('POST', `${kase}/scope`, { regimes: [{ regime: 'eu-gdpr-2016', in: true, why: canary('why a regime is in scope') }], why: canary('why the scope is so') }));
  await expect(200, owner.call('POST', `${kase}/facts/corrections`, { fact: '/vulnerability/exposed', value: 'yes', why: canary('why a fact is corrected') }));
  await expect(200, owner.call('POST', `${kase}/facts/corrections/end`, { fact: '/vulnerability/exposed', why: canary('why a correction ends') }));
  await expect(201, owner.call('POST', `${kase}/incident`, { title: canary("an incident's title"), summary: canary("an incident's summary") }));
  await expect(201, owner.call('POST', `${kase}/incident/facts`, { facts: [{ fact: 'personal_data', value: true }, { fact: 'breach.aware', value: soon }], source: canary("a fact's source") }));
  const { notice } = await expect(201, owner.call('POST', `${kase}/notices`, { form: 'personal-data-breach', to: 'supervisory-authority', fields: { people: canary("a notice's answer"), measures: canary("a notice's other answer") } }));
  await expect(200, owner.call('POST', `${kase}/notices/${notice}/file`, { version: 1, how: canary('how a notice was filed'), reference: canary("a notice's reference"), receipt: canary("a notice's receipt"), unasked: canary('why a notice was filed unasked'), blanks_left_why: canary('why blanks were left') }));
  await expect(200, owner.call('POST', `${kase}/notices/${notice}/receipts`, { reference: canary('a later reference'), receipt: canary('a later receipt') }));
  const { notice: dropped } = await expect(201, owner.call('POST', `${kase}/notices`, { form: 'general', to: 'supervisory-authority', fields: {} }));
  await expect(200, owner.call('POST', `${kase}/notices/${dropped}/drop`, { why: canary('why a notice is dropped') }));
  await expect(201, owner.call('POST', `${kase}/area-reports`, { title: canary("an area report's title"), text: canary("an area report's text"), regions: ['CN-ZJ'] }));
  // Threat objects: sent, shared early, released to more readers, doubted, recalled; and what a case prepares of them.
  const done = async (asked) => { const answer = await asked; assert.ok(answer.status < 300, `${answer.status} ${answer.text.slice(0, 300)}`); return answer.json; };
  const shared = sluice(['collection', 'add', '--data', site.data, '--title', canary('the title of a collection'), '--description', canary('what a collection is for'), '--read', `${org},${partner_org},${site.organisation}`, '--write', `${org},${partner_org},${site.organisation}`]).last;
  const [sent, doubted] = ['an object', 'an object that is doubted'].map((what) => marked(tool({ name: canary(`the name of ${what}`), description: canary(`what ${what} says`) }), 'amber'));
  await done(owner.call('POST', `/taxii2/root/collections/${shared}/objects/`, new TextEncoder().encode(JSON.stringify({ objects: [sent, doubted, indicator({ ...marked(indicator(), 'amber'), pattern: `[file:name = '${canary('a value in a pattern')}']` })] })), { 'content-type': media, accept: media }));
  const of_it = `/api/v1/threats/collections/${shared}`;
  await done(owner.call('POST', `${of_it}/early`, { objects: [marked(tool({ name: canary('the name of what is shared early') }), 'green')], at, reason: canary('why objects are shared early') }));
  await done(partner.call('GET', `/taxii2/root/collections/${shared}/objects/`, undefined, { accept: media }));
  await done(owner.call('POST', `${of_it}/widenings`, { objects: [sent.id], to: 'green', at, reason: canary('why an object goes further') }));
  await done(partner.call('POST', `${of_it}/objects/${doubted.id}/doubts`, { reason: canary('why an object is doubted') }));
  await done(judge.call('POST', `${of_it}/objects/${doubted.id}/doubts/decide`, { is_proven: true, why: canary('why an object is noise') }));
  await done(owner.call('POST', `${of_it}/objects/${sent.id}/recall`, { reason: canary('why an object is recalled') }));
  const [recall] = (await done(partner.call('GET', '/api/v1/threats/recalls'))).items;
  await done(partner.call('POST', `/api/v1/threats/recalls/${recall.id}/acknowledge`, { done: 'kept', reason: canary('why an object is kept') }));
  // A comment of a group, revised, shown, endorsed; an authority that was told.
  const circle = (await done(owner.call('POST', `${of_it}/groups`, { name: canary('the name of a group of readers') }))).id;
  const comment = `/api/v1/threats/reports/${(await done(owner.call('POST', '/api/v1/threats/reports', { kind: 'comment', collection: shared, group: circle, title: canary('the title of a comment'), text: canary('the words of a comment'), on: canary('what a comment is on') }))).id}`;
  await done(owner.call('POST', `${comment}/versions`, { title: canary('the title of a second version'), text: canary('the words of a second version'), on: canary('what a second version is on') }));
  await done(owner.call('POST', `${comment}/show`, { version: 2, organisations: [partner_org] }));
  await done(partner.call('POST', `${comment}/endorse`, { version: 2, words: canary('why a comment is endorsed') }));
  await done(owner.call('POST', `${comment}/told`, { to: 'cncert', at: new Date(Date.now() - 60_000).toISOString(), reference: canary('the reference of what an authority was told') }));
  const hook = await done(owner.call('POST', '/api/v1/threats/webhooks', { url: `https://hooks.example/${canary('where a webhook sends')}`, collection: shared, name: canary('the name of a webhook'), filter: { value: `https://${canary('what a webhook looks for')}.example/` } }));
  secret("a webhook's secret", hook.secret);
  secret("a webhook's new secret", (await done(owner.call('POST', `/api/v1/threats/webhooks/${hook.id}/secret`))).secret);
  await done(owner.call('POST', `/api/v1/threats/webhooks/${hook.id}/pause`));
  const prepared = marked(tool({ name: canary('the name of an object for the release') }), 'green');
  await done(owner.call('POST', `${kase}/threat-objects`, { objects: [prepared] }));
  await done(owner.call('POST', `${kase}/threat-objects/${prepared.id}/drop`, { why: canary('why an object is dropped') }));
  await write_everything({ owner, colleague, partner, root, reporter, kase, own: org, another, ids: { case: kase.split('/').at(-1), report: report.id, organisation: partner_org, thread, message, group, vulnerability, product, advisory: draft.advisory, release: plan.release } });

  assert.ok(written.length > 200, `${written.length} canaries`);
  assert.deepEqual(places(), [], 'while the server runs');
  await new Promise((resolve) => setTimeout(resolve, 300));   // a tick
  await site.stop('SIGKILL');
  assert.deepEqual(places(), [], 'after a kill: the write-ahead log is as it was');
  await serve();
  await expect(200, owner.call('GET', `${kase}/threads`));
  assert.deepEqual(places(), [], 'after a restart');
  await site.stop();
  assert.deepEqual(places(), [], 'after a stop');
  // What the search would see, if it were there: the origin stands in clear in site.json, and the log names its events.
  const blind = ['sluice.example/ledger', '"event":"start"'].filter((text) => places(new Map([['x', text]])).length === 0);
  assert.deepEqual(blind, []);
});

// Fields whose words have a form of their own: once as it has to be, so that the rest is taken, and once as a canary, which is refused. A canary where the form has room for one.
const formed = {
  audience: () => 'shared', scopes: () => 'case_read', zone: () => 'Europe/Berlin', cwe: () => 'CWE-120', cvss: () => 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', identifier: () => 'CVE-2031-123456', compartment: () => 'coordination',
  purl: (where) => `pkg:generic/${canary(where)}@1`, url: (where) => `https://${canary(where)}.example/`, piece: (where) => `these are eight words that somebody saw elsewhere ${canary(where)}`, cpe: () => 'cpe:2.3:a:example:parser:1.0:*:*:*:*:*:*:*', mail: (where) => canary(where, { end: '@example.org' }), domain: (where) => `${canary(where)}.invalid`.toLowerCase(), country: () => 'DE', language: () => 'en', languages: () => 'en', classes: () => 'summary',
};
// These end, or change for all that follows, what the others need: they come last, and are sent with canaries too.
const late = /split|merge|duplicates|participants|leave|owner|embargo|triage|invitation|requests|erasures|releases|revoke|sessions|claims\/\{claim\}|demo/;
// Operations that take words and took none here, each with the reason. Their words are searched for as refused ones.
const in_the_story = 'is taken with canaries in the story above';
const needs_more = 'is refused in this case at this point: its words are searched for as refused ones only';
const not_taken = {
  ...Object.fromEntries(['collections/{collection}/groups', 'reports', ...['versions', 'endorse', 'told'].map((end) => `reports/{threat_report}/${end}`)].map((end) => [`POST /api/v1/threats/${end}`, in_the_story])),
  'POST /api/v1/threats/reports/{threat_report}/withdraw': needs_more,   // it takes a release by a second person first
  'POST /api/v1/threats/tables': 'is for members of an alliance; numbers and words of a fixed form', 'POST /api/v1/threats/peers': 'takes an administrator of the site; its credentials are searched for in tests/e2e/peers.test.mjs', 'POST /api/v1/tokens/certificates': 'takes a connection with a certificate', 'POST /api/v1/cases/{case}/mitigations': needs_more, 'POST /api/v1/threats/lookup': 'takes a kind of a fixed form; values are asked for, and nothing is recorded', 'POST /api/v1/cases/{case}/threat-objects/collections': 'takes ids of collections alone', 'POST /api/v1/cases/{case}/mitigations/collections': 'takes ids of collections alone',
  'POST /api/v1/cases/{case}/mitigations/{mitigation}/share': 'is refused in this case at this point: its words are searched for as refused ones only', 'POST /api/v1/cases/{case}/mitigations/{mitigation}/decline': 'is refused in this case at this point: its words are searched for as refused ones only',
  ...Object.fromEntries(['threats/webhooks', 'threats/recalls/{recall}/acknowledge', ...['objects/{object}/recall', 'widenings', 'early', 'objects/{object}/doubts', 'objects/{object}/doubts/decide'].map((end) => `threats/collections/{collection}/${end}`), 'cases/{case}/threat-objects', 'cases/{case}/threat-objects/{object}/drop'].map((end) => [`POST /api/v1/${end}`, in_the_story])),
  'PUT /api/v1/organisations/{organisation}': in_the_story, 'POST /api/v1/reports': in_the_story, 'POST /api/v1/cases/{case}/statuses': in_the_story, 'POST /api/v1/cases/{case}/claims': in_the_story, 'POST /api/v1/cases/{case}/advisories': in_the_story,
  ...Object.fromEntries(['POST /api/v1/organisations', 'POST /api/v1/reports/{report}/route', ...['remedies/reopen', 'remedies/assessments', 'without', 'merge', 'duplicates', 'participants/{organisation}/roles', 'claims/{claim}/adopt', 'releases/readiness', 'releases/{release}/waive', 'releases/{release}/early', 'statements/approve', 'triage', 'participants/{organisation}/confirm', 'participants/{organisation}/suspend', 'participants/{organisation}/restore',
    'invitation', 'owner/offer', 'owner/take', 'embargo/proposals/{version}/answer', 'embargo/proposals/{version}/refuse', 'claims/{claim}/refuse', 'releases/{release}/hold', 'requests/{request}/refuse', 'erasures'].map((end) => `POST /api/v1/cases/{case}/${end}`)].map((op) => [op, needs_more])),
  ...Object.fromEntries(['decisions', 'incident/phase', 'area-reports/{area}/publish', 'products/{product}/placement'].map((end) => [`POST /api/v1/cases/{case}/${end}`, needs_more])),
  ...Object.fromEntries(['incident/facts', 'notices', 'notices/{notice}/drop', 'notices/{notice}/file', 'notices/{notice}/receipts', 'area-reports', 'scope', 'facts/corrections', 'facts/corrections/end'].map((end) => [`POST /api/v1/cases/{case}/${end}`, in_the_story])),
  'POST /api/v1/cases/{case}/content/classes': 'takes words of a fixed form only', 'POST /api/v1/regimes/evaluate': 'takes a case in a form of its own; nothing is recorded', 'POST /api/v1/regimes/evaluate/page': 'takes a case in a form of its own; nothing is recorded',
  ...Object.fromEntries(['what-if', 'cost', 'reach', 'divergences', 'divergences/comment'].map((question) => [`POST /api/v1/regimes/${question}`, 'takes a case in a form of its own; nothing is recorded'])),
  'POST /api/v1/threats/collections/{collection}/pseudonyms/policy': 'takes numbers, an id and a word of a fixed form',
  ...Object.fromEntries(['pseudonyms/{pseudonym}/reveals', 'reveals/{reveal}/refuse'].map((end) => [`POST /api/v1/threats/${end}`, 'is asked and answered in a session: what was written there is searched for in tests/e2e/pseudonyms.test.mjs'])),
  'POST /api/v1/break-glass': in_the_story, 'POST /api/v1/reports/{report}/claims': in_the_story, 'POST /api/v1/cases/{case}/groups/{group}/members': in_the_story, 'POST /api/v1/factor': 'takes a ticket and a code, of a session; nothing else',
  'POST /api/v1/contacts/find': 'asks machines outside for the address that is named', 'POST /api/v1/gate/ask': 'takes words of a fixed form only; nothing is recorded',
};

async function write_everything({ owner, colleague, partner, root, reporter, kase, own, another, ids }) {
  const { all, file } = await operations_of(site);
  const taking = all.filter((o) => o.api && o.verb !== 'GET' && (body_of(o) || takes_bytes(o)));
  const taken = new Map(), why = new Map();
  const by_letter = (letter) => Object.values(ids).find((one) => one.startsWith(`${letter}_`));
  const said = (answer) => { if (answer.status >= 400) refusals.push(answer.text); return answer; };
  // One person writes faster here than anybody may: then it waits as long as it is told to.
  const ask = async (who, ...what) => {
    for (;;) {
      const answer = said(await who.call(...what));
      if (answer.status !== 429) return answer;
      await new Promise((resolve) => setTimeout(resolve, 1000 * Number(answer.headers.get('retry-after') ?? 1)));
    }
  };
  for (const operation of [...taking.filter((o) => !late.test(o.path)), ...taking.filter((o) => late.test(o.path))]) {
    const schema = body_of(operation);
    const path = fill(operation, { ...ids, version: '1' });
    let words = 0;
    const make = (text) => sample(schema, { file, all: true, text,
      id: (letter, where) => (operation.path.endsWith('/targets') && letter === 'o' ? own : where === '/on' ? another : by_letter(letter)),
      instant: (where) => new Date(Date.now() + (/\/(occurred|seen)$/.test(where) ? -1 : (operation.path.endsWith('/move') ? 21 : 20) * 24) * 3_600_000).toISOString().replace(/\.\d+/, '') });
    const name_of = (where) => where.split('/').filter((part) => !/^\d+$/.test(part)).at(-1);
    for (const who of operation.path.startsWith('/api/v1/reports/{report}/') ? [owner, reporter] : [owner, colleague, partner, root]) {
      if (takes_bytes(operation)) {
        await ask(who, 'POST', path.replace('a.txt', canary(`${operation.op}, name`, { end: '.txt' })), new TextEncoder().encode(canary(`${operation.op}, bytes`)));
        continue;
      }
      const body = make((where) => { ++words; return formed[name_of(where)]?.(`${operation.op} ${where}`) ?? canary(`${operation.op} ${where}`); });
      const etag = ['PUT', 'PATCH'].includes(operation.verb) ? { 'if-match': (await who.call('GET', path)).headers.get('etag') ?? '"0"' } : {};
      const answer = await ask(who, operation.verb, path, body, etag);
      if (answer.status < 300 && words > 0) taken.set(operation.op, true);
      if (answer.status < 300) for (const name of ['leak', 'target']) ids[name] ??= answer.json?.[name];   // what was made is written about too
      else if (!why.has(operation.op)) why.set(operation.op, `${answer.status} ${answer.json?.errors?.[0]?.where ?? ''} ${answer.json?.detail ?? ''}`);
      // And everything at once as it must not be.
      await ask(who, operation.verb, path, make((where) => canary(`${operation.op} ${where}, refused`)), etag);
      if (answer.status < 300) break;
    }
    if (!takes_bytes(operation) && words > 0 && !taken.has(operation.op)) taken.set(operation.op, false);
  }
  const missed = [...taken].filter(([op, did]) => !did && !(op in not_taken)).map(([op]) => `${op}: ${why.get(op)}`);
  assert.deepEqual(missed, [], 'operations that take words and took none: give them a body that they take');
}
