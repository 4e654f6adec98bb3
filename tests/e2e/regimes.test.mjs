// Law and standards in a case, through the real binary: two vendors, one of them in China; the scope is proposed from facts and confirmed by a person; an attack that is
// recorded starts a clock; what a law forbids isn't published by the clock, and goes out only by a recorded decision that names the rule. By API and command line.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { Site, binary, expect, sluice } from '../lib/site.mjs';
import { Browser } from './browser.mjs';
import { spawnSync } from 'node:child_process';

const published = watch();
const site = new Site({ demo: true });
const start = Date.now();
const at = (hours) => new Date(start + hours * 3_600_000).toISOString().replace(/\.\d+/, '');
let root, centre, union, china, kase, id, vulnerability;
const product = {};
const profile = (name, more) => ({ name, ...more });
const put = async (who, body) => {
  const path = `/api/v1/organisations/${who.org}`;
  await expect(200, who.call('PUT', path, body, { 'if-match': (await who.call('GET', path)).headers.get('etag') }));
};
const post = (who, path, body) => who.call('POST', kase + path, body);
const get = async (who, path) => expect(200, who.call('GET', kase + path));
// A token's high scopes end after a day: everybody gets a new one.
async function clock(hours) {
  await expect(200, root.call('POST', '/api/v1/demo/clock', { to: at(hours) }));
  for (const who of [root, centre, union, china]) who.token = site.token(who.person);
}
const duty = async (who, rule, on) => (await get(who, '/duties')).items.find((d) => d.rule === rule && d.on === on.org);
const scope = async (who, regime) => (await get(who, '/scope')).regimes.find((r) => r.regime === regime);

before(async () => {
  const admin = { org: site.organisation, person: site.person(site.organisation, 'Site admin', 'admin') };
  centre = { org: site.org('Coordination Centre', 'coordinator') };
  centre.person = site.person(centre.org, 'Olga Owner', 'admin');
  await site.serve(['--intake-limits', 'off', '--two-person', 'off']);
  root = site.client(admin);
  centre = site.client(centre);
  union = site.party('Union Works', 'vendor');
  china = site.party('Eastern Devices', 'vendor');
  await put(centre, profile('Coordination Centre', { country: 'CN' }));
  await put(union, profile('Union Works', { country: 'DE', products: { markets: ['EU'], kind: 'product', commercial: true } }));
  await put(china, profile('Eastern Devices', { country: 'CN', products: { markets: ['CN'], kind: 'product', commercial: true } }));
  id = (await expect(201, centre.call('POST', '/api/v1/cases', { title: 'Overflow in a parser' }))).id;
  kase = `/api/v1/cases/${id}`;
  for (const action of ['validate', 'accept']) await expect(200, post(centre, '/triage', { action }));
  vulnerability = (await expect(201, post(centre, '/vulnerabilities', { title: 'Overflow in the parser', description: 'A long name overflows a buffer.' }))).vulnerability;
});
after(() => site.remove());

async function join_case(who, name) {
  await expect(201, post(centre, '/participants', { organisation: who.org, roles: ['vendor'], essential_because: 'ships the parser' }));
  await expect(200, post(who, '/invitation', { accepted: true }));
  await expect(200, post(centre, `/participants/${who.org}/confirm`, { checked_how: 'by phone' }));
  for (const action of ['validate', 'accept']) await expect(200, post(who, '/triage', { action }));
  product[name] = (await expect(201, post(who, '/products', { name }))).product;
  await expect(200, post(who, '/statuses', { vulnerability, product: product[name], status: 'affected' }));
}

test('the scope is proposed from facts, with the reason for each, and is confirmed by a person', async () => {
  await join_case(union, 'Union Parser');
  // Before the other is told, whom it would have to tell by law, and whom these, though it has named no product here yet.
  const asked = { v: 1, case: id, content: { object: `case:${id}`, version: 1, hash: `sha256:${'0'.repeat(64)}`, marking: 'TLP:AMBER', classes: ['technical-detail'] }, audience: { kind: 'organisation', id: china.org, roles: ['vendor'] }, channel: 'api', at: at(1), basis: { kind: 'participant' } };
  const { complete, onward } = await expect(200, centre.call('POST', '/api/v1/gate/ask', asked));
  assert.equal(complete, true);
  assert.deepEqual(onward.filter((one) => one.rule.startsWith('cn-rmsv-2021/art7-2')).map((one) => [one.step, one.to, one.expected]), [[1, 'miit-platform', true], [2, 'notification-centre', true], [2, 'cncert', true]]);
  await join_case(china, 'Eastern Parser');
  const cra = await scope(centre, 'eu-cra-2024');
  assert.equal(cra.state, 'proposed');
  assert.ok(cra.because.some((b) => b.facts.some((f) => f.includes('product.market') && f.includes('EU'))), JSON.stringify(cra.because));
  const rmsv = await scope(centre, 'cn-rmsv-2021');
  assert.ok(rmsv.because.some((b) => b.party === china.org && b.facts.some((f) => f.includes('established'))), JSON.stringify(rmsv.because));
  assert.equal((await scope(centre, 'jp-partnership')).state === 'out' || (await scope(centre, 'jp-partnership')).force === 'advice', true);
  assert.equal((await scope(centre, 'us-bod-22-01')).state, 'out');
  assert.equal((await post(centre, '/scope', { regimes: [{ regime: 'eu-cra-1999' }], why: 'x' })).status, 422);
  await expect(200, post(centre, '/scope', { regimes: [{ regime: 'eu-cra-2024', in: true }], why: 'counsel looked at the markets' }));
  const after_word = await scope(centre, 'eu-cra-2024');
  assert.equal(after_word.state, 'confirmed');
  assert.equal((await scope(centre, 'cn-rmsv-2021')).state, 'proposed', 'what nobody decided stays a proposal, and counts');
});

test('an attack that is recorded starts the clock of the one who learns of it, by itself', async () => {
  assert.equal(await duty(centre, 'eu-cra-2024/art14-2a', union), undefined);
  const { claim } = await expect(201, post(centre, '/claims', { vulnerability, fact: 'a', evidence: 'seen in a honeypot' }));
  await expect(200, post(centre, `/claims/${claim}/adopt`, { end_embargo: false, why: 'attacks are few' }));
  const early = await duty(centre, 'eu-cra-2024/art14-2a', union);
  assert.ok(early, 'the duty is there');
  const facts = (await get(centre, '/facts')).items.find((i) => i.provider === union.org).facts;
  const aware = facts.events[`vuln.aware_exploited@${union.org}`];
  assert.equal(Date.parse(early.due) - Date.parse(aware), 24 * 3_600_000);
  assert.equal(early.state, 'open');
  assert.equal(early.citation.startsWith('Art. 14'), true);
  assert.equal(await duty(centre, 'eu-cra-2024/art14-2a', china), undefined, 'it sells nothing in the Union');
  await clock(30);
  assert.equal((await duty(centre, 'eu-cra-2024/art14-2a', union)).state, 'missed');
  const then = await expect(200, centre.call('GET', `${kase}/duties?as_of=${at(2)}`));
  assert.equal(then.items.find((d) => d.rule === 'eu-cra-2024/art14-2a').state, 'open');
});

test('a vendor is told from its own view alone: its own duty, and nothing of the other', async () => {
  const mine = await get(union, '/regimes');
  assert.ok(mine.duties.some((d) => d.rule === 'eu-cra-2024/art14-2a' && d.on === union.org));
  const text = JSON.stringify([mine, await get(union, '/duties'), await get(union, '/facts'), await get(union, '/scope')]);
  assert.doesNotMatch(text, /Eastern/);
  assert.ok(!text.includes(china.org) && !text.includes(product['Eastern Parser']));
});

test('a debtor that stops its own clock is seen to have done so by its own word', async () => {
  const fact = `/events/vuln.aware_exploited@${union.org}`;
  const before_word = await duty(centre, 'eu-cra-2024/art14-2a', union);
  assert.equal(before_word.rests_on, undefined);
  await expect(200, post(union, '/facts/corrections', { fact, value: null, why: 'we never knew' }));
  const after_word = await duty(centre, 'eu-cra-2024/art14-2a', union);
  assert.equal(after_word.state, 'waiting');
  assert.equal(after_word.waits_for, 'vuln.aware_exploited');
  assert.deepEqual([after_word.rests_on[0].fact, after_word.rests_on[0].why], [fact, 'we never knew']);
  assert.deepEqual([after_word.without.state, after_word.without.due], [before_word.state, before_word.due]);
  assert.equal((await duty(union, 'eu-cra-2024/art14-2a', union)).rests_on, undefined, 'it knows its own word');
  const over_all = async (who) => (await expect(200, who.call('GET', '/api/v1/duties?of=all&limit=200'))).items.find((d) => kase.endsWith(d.case) && d.rule === 'eu-cra-2024/art14-2a' && d.on === union.org);
  const listed = await over_all(centre);
  const { due_at: _, ...stands } = after_word.without;
  assert.deepEqual([listed.state, listed.rests_on, listed.without], ['waiting', after_word.rests_on, stands], 'the list over all cases says it, too');
  assert.equal(await over_all(union), undefined);
  await expect(200, post(union, '/facts/corrections/end', { fact, why: 'a mistake' }));
});

test('a fact is corrected by a person with the reason, shown with what it was, and refused where the case has none', async () => {
  const fact = `/parties/${union.org}/flags`;
  await expect(200, post(union, '/facts/corrections', { fact, value: ['essential'], why: 'we run a network as well' }));
  const origin = (await get(union, '/facts')).items[0].origins.find((o) => o.fact === fact);
  assert.deepEqual([origin.kind, origin.why], ['person', 'we run a network as well']);
  assert.equal((await scope(union, 'eu-nis2-2022')).state, 'proposed');
  const theirs = await post(union, '/facts/corrections', { fact: `/parties/${china.org}/flags`, value: ['essential'], why: 'x' });
  const never = await post(union, '/facts/corrections', { fact: '/parties/o_00000000000000000000000001/flags', value: ['essential'], why: 'x' });
  assert.equal(theirs.status, 422);
  assert.equal(theirs.text.replaceAll(/q_[0-9a-z]{26}/g, ''), never.text.replaceAll(/q_[0-9a-z]{26}/g, ''), 'hidden is as never');
  assert.equal((await post(union, '/facts/corrections', { fact: '/events/vuln.invented', value: at(1), why: 'x' })).status, 422);
  assert.equal((await post(union, '/facts/corrections', { fact: '/vulnerability/state', value: { a: 1 }, why: 'x' })).status, 422);
  for (const none of ['', '/', '//', 'x', '/events', '/events/', '/parties', `/parties/${union.org}`, `/parties/${union.org}/`, '/parties/0/name', '/product', '/vulnerability/state/0', '/as_of', '/as_of/x', '/actions/0', '/embargo/parties/0', '/events/vuln.public/0']) {
    const refused = await post(union, '/facts/corrections', { fact: none, value: true, why: 'x' });
    assert.equal(refused.status, 422, `a fact named "${none}"`);
    assert.equal(refused.json.errors[0].pointer, '/fact', `a fact named "${none}"`);
  }
  for (const [wrong, value] of [['/product/market', 'x'], ['/product/market', true], ['/product/market', 1], ['/product/market', ['Europe']], ['/vulnerability/state', 'open'], ['/vulnerability/exploited', 3], [fact, 'essential'], [`/events/vuln.aware@${union.org}`, at(24 * 3650)]]) {
    const refused = await post(union, '/facts/corrections', { fact: wrong, value, why: 'x' });
    assert.equal(refused.status, 422, `${wrong} = ${JSON.stringify(value)}`);
    assert.equal(refused.json.errors[0].pointer, '/value', refused.text);
  }
  await expect(200, post(union, '/facts/corrections/end', { fact, why: 'a mistake' }));
  assert.equal((await scope(union, 'eu-nis2-2022')).state, 'out');
});

const advisory = (more) => ({
  id: 'CC-2031-0001', title: 'Overflow in the parser', summary: 'A long name overflows a buffer.', language: 'en', tlp: 'clear', status: 'final',
  publisher: { name: 'Coordination Centre', category: 'coordinator', namespace_uri: 'https://centre.example' },
  initial_release: at(60), current_release: at(60), revisions: [{ number: 1, date: at(60), summary: 'Initial version.' }],
  products: [{ id: 'parser-1.0', vendor: 'Union Works', name: 'Parser', version: '1.0', purl: 'pkg:npm/parser@1.0.0', ecosystem: 'npm', package: 'parser' }, { id: 'parser-1.1', vendor: 'Union Works', name: 'Parser', version: '1.1', purl: 'pkg:npm/parser@1.1.0', ecosystem: 'npm', package: 'parser' }],
  vulnerabilities: [{ title: 'Overflow in the parser', description: 'A long name overflows a buffer.', cwe: { id: 'CWE-120', name: "Buffer Copy without Checking Size of Input ('Classic Buffer Overflow')" },
    cvss: [{ vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }], statuses: [{ product: 'parser-1.0', status: 'known_affected' }, { product: 'parser-1.1', status: 'fixed' }],
    remediations: [{ category: 'mitigation', details: 'Refuse long names.', products: ['parser-1.0'] }], references: [{ summary: 'Notes', url: 'https://centre.example/1', category: 'external' }], notes: [{ category: 'description', text: 'A long name overflows a buffer.' }] }],
  ...more,
});
const released = async (release) => (await get(centre, '/releases')).items.find((r) => r.id === release);
async function until(check) {
  for (let tries = 0; tries < 600; ++tries) {
    const found = await check();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return assert.fail('it never happened');
}

test('what a law forbids before a fix is held at its instant; it goes out once an accountable person set the named rule aside', async () => {
  const draft = await expect(201, post(centre, '/advisories', { document: advisory(), classes: ['summary', 'mitigation'] }));
  await expect(200, post(centre, `/advisories/${draft.advisory}/versions/1/approve`, { hash: draft.hash }));
  const plan = async (hours) => {
    const { release } = await expect(201, post(centre, '/releases', { advisory: draft.advisory, version: 1, instant: at(hours) }));
    await expect(200, post(centre, `/releases/${release}/waive`, { why: 'users are attacked', users_risk: 'all users' }));
    return release;
  };
  const first = await plan(40);
  const dry = await get(centre, `/releases/${first}/dry-run`);
  const law = dry.documents[0].ruling.judges.find((j) => j.judge === 'regimes');
  assert.equal(law.outcome, 'deny');
  assert.ok(law.because.some((b) => b.cite.startsWith('cn-rmsv-2021/art9-1, Art. 9(1)')), JSON.stringify(law.because));
  assert.ok(law.because.some((b) => b.text?.includes('Nobody has checked this rule')), 'an unverified rule is shown as such');
  assert.ok(law.because.some((b) => b.cite === 'scope: cn-rmsv-2021' && b.text.includes('not yet confirmed')));
  assert.ok(law.packs.every((p) => /^sha256:[0-9a-f]{64}$/.test(p)) && law.packs.length > 0);
  await clock(41);
  const held = await until(async () => { const r = await released(first); return r.state === 'held' && r; });
  assert.match(held.held_because, /cn-rmsv-2021\/art9-1/);
  const override = { kind: 'override', reason: 'attacks go on and users can protect themselves', who_is_exposed: 'users', how_badly: 'badly', what_they_can_do: 'refuse long names' };
  assert.equal((await post(china, '/decisions', override)).status, 403, 'nobody but an accountable person of the owner');
  await expect(201, post(centre, '/decisions', override));
  const second = await plan(50);
  await clock(51);
  await until(async () => (await released(second)).state === 'released');
  const rulings = (await get(centre, '/rulings')).items;
  const out = rulings.find((r) => r.ruling.judges.some((j) => j.judge === 'regimes' && j.because.some((b) => b.cite === 'set aside' && b.text.includes('cn-rmsv-2021/art9-1'))));
  assert.ok(out, 'the ruling names the rule that was set aside');
});

test('the evaluation has a plan for whoever asks, and is one page to print with names in the place of ids, for whoever may read it', async () => {
  const plain = await get(centre, '/regimes'), planned = await get(centre, '/regimes?plan=true');
  assert.ok(plain.evaluations.every((one) => one.plan === undefined && one.depends_on === undefined));
  assert.ok(planned.evaluations.length > 0 && planned.evaluations.every((one) => Array.isArray(one.plan.actions) && Array.isArray(one.depends_on)));
  assert.equal((await centre.call('GET', `${kase}/regimes?plan=perhaps`)).status, 422);
  const printed = async (who) => {
    const answer = await who.call('GET', `${kase}/regimes/page`);
    return { status: answer.status, type: answer.headers.get('content-type'), policy: answer.headers.get('content-security-policy'), text: answer.text ?? '' };
  };
  const whole = await printed(centre);
  assert.deepEqual([whole.status, whole.type], [200, 'text/html; charset=utf-8']);
  assert.match(whole.policy, /^default-src 'none'; style-src 'sha256-/);
  for (const words of ['<h1>Overflow in a parser</h1>', 'Union Works', 'Eastern Devices', 'Act 1']) assert.ok(whole.text.includes(words), words);
  assert.doesNotMatch(whole.text, /\b(?:told-)?o_[0-9a-z]{26}\b/);
  const own = await printed(union);
  assert.match(own.text, /From what Union Works can see of this case\./);
  assert.doesNotMatch(own.text, /Eastern/);
  assert.equal((await printed(root)).status, 404);
});

test('who is told by law tells others in its turn: each step through whom, by which rule, and expected', async () => {
  const { knowers } = await get(centre, '/knowers');
  const { reaches } = knowers.find((k) => k.organisation.id === china.org);
  assert.ok(reaches.some((r) => r.step === 1 && r.via === china.org && r.to.includes('miit-platform') && r.state), JSON.stringify(reaches));
  const further = reaches.find((r) => r.to === 'cncert');
  assert.deepEqual([further.step, further.via, further.rule, further.expected, further.state], [2, 'miit-platform', 'cn-rmsv-2021/art7-2-fwd', true, undefined]);
});

test('who writes or adds says what it holds with it; what it looks as if it held stands beside the answer', async () => {
  const secret = 'password = "tr0ub4dor&3"\n';
  const thread = await expect(201, post(centre, '/threads', { audience: 'coordination', topic: 'How it crashes', text: secret, classes: ['technical-detail'] }));
  assert.deepEqual(thread.signs.map((s) => [s.kind, s.proposes, s.line]), [['credential', 'leaked-data', 1]]);
  assert.ok(!JSON.stringify(thread).includes('tr0ub4dor'), 'a sign never repeats the secret');
  await expect(201, post(centre, `/threads/${thread.thread}/messages`, { text: 'And here.', classes: ['poc'] }));
  const shown = (await get(centre, '/threads')).items.find((t) => t.id === thread.thread);
  assert.deepEqual(shown.messages.map((m) => m.classes), [['technical-detail'], ['poc']]);
  const file = (query, body) => site.call(centre.token, 'POST', `${kase}/files?name=crash.c&audience=coordination${query}`, new TextEncoder().encode(body));
  const added = await expect(201, file('&classes=poc,technical-detail', { text: 'plain' }));
  assert.deepEqual((await get(centre, '/files')).items.find((f) => f.id === added.file).classes, ['poc', 'technical-detail']);
  assert.equal((await file('&classes=nonsense', { text: 'plain' })).status, 422);
  assert.equal((await post(centre, '/threads', { audience: 'coordination', topic: 'x', text: 'x', classes: ['nonsense'] })).status, 422);
});

test('a reporter without an account says what its report and its messages hold', async () => {
  const content = { to: union.org, title: 'Overflow', description: 'A long name overflows.', product: 'parser' };
  await put(union, profile('Union Works', { country: 'DE', products: { markets: ['EU'], kind: 'product', commercial: true }, takes_reports: true }));
  const sent = await expect(201, site.call(undefined, 'POST', '/api/v1/reports', { ...content, classes: ['technical-detail', 'poc'] }));
  const code = { 'sluice-report-code': sent.code };
  await expect(201, site.call(undefined, 'POST', `/api/v1/reports/${sent.id}/messages`, { text: 'More of it.', classes: ['poc'] }, code));
  const mailbox = await expect(200, site.call(undefined, 'GET', `/api/v1/reports/${sent.id}`, undefined, code));
  assert.deepEqual([mailbox.classes, mailbox.messages[0].classes], [['technical-detail', 'poc'], ['poc']]);
  assert.equal((await site.call(undefined, 'POST', '/api/v1/reports', { ...content, classes: ['nonsense'] })).status, 422);
});

test('what nobody has said of an organisation is asked where a law hangs on it, until its profile says yes or no', async () => {
  const asked = async () => (await get(centre, '/scope')).not_said.filter((q) => q.party === union.org && q.flag === 'controller');
  const [question] = await asked();
  assert.deepEqual(question.regimes, ['eu-gdpr-2016']);
  assert.match(question.says, /^It isn't known whether Union Works decides why and how personal data are processed/);
  const works = { country: 'DE', products: { markets: ['EU'], kind: 'product', commercial: true } };
  await put(union, profile('Union Works', { ...works, not_flags: ['controller'] }));
  assert.deepEqual(await asked(), []);
  assert.equal((await scope(centre, 'eu-gdpr-2016')).state, 'out');
  const path = `/api/v1/organisations/${union.org}`;
  const both = await union.call('PUT', path, profile('Union Works', { ...works, flags: ['controller'], not_flags: ['controller'] }), { 'if-match': (await union.call('GET', path)).headers.get('etag') });
  assert.equal(both.status, 422);
  await put(union, profile('Union Works', works));
});

test('asked as of an instant that is past, a case is as it was known then: what was recorded since does not count, whatever time it claims', async () => {
  const other = `/api/v1/cases/${(await expect(201, centre.call('POST', '/api/v1/cases', { title: 'A second flaw' }))).id}`;
  for (const action of ['validate', 'accept']) await expect(200, centre.call('POST', `${other}/triage`, { action }));
  const second = (await expect(201, centre.call('POST', `${other}/vulnerabilities`, { title: 'A second flaw', description: 'It is another one.' }))).vulnerability;
  await clock(60);
  const { claim } = await expect(201, centre.call('POST', `${other}/claims`, { vulnerability: second, fact: 'p', evidence: 'on a list', occurred: at(55) }));
  await expect(200, centre.call('POST', `${other}/claims/${claim}/adopt`));
  await expect(200, centre.call('POST', `${other}/scope`, { regimes: [{ regime: 'in-certin-2022', in: false }], why: 'nobody is there' }));
  const asked = (part, hours) => expect(200, centre.call('GET', `${other}/${part}${hours === undefined ? '' : `?as_of=${at(hours)}`}`));
  const now = await asked('facts'), then = await asked('facts', 57), later = await asked('facts', 300), before = await asked('facts', -300);
  assert.equal(now.items[0].facts.vulnerability.state, 'public');
  assert.equal(Date.parse(now.items[0].facts.events['vuln.public']), Date.parse(at(55)));
  assert.equal(then.items[0].facts.vulnerability.state, 'undisclosed');
  assert.equal(then.items[0].facts.events?.['vuln.public'], undefined);
  assert.deepEqual([then.as_of, then.known_as_of].map(Date.parse), [Date.parse(at(57)), Date.parse(at(57))]);
  assert.match(then.note, /profiles have no history/);
  assert.equal(later.items[0].facts.vulnerability.state, 'public');
  assert.ok(Date.parse(later.known_as_of) < Date.parse(at(61)) && Date.parse(later.as_of) === Date.parse(at(300)), 'what is known now, with its clocks moved on');
  assert.doesNotMatch(later.note, /history/);
  assert.deepEqual(before.items[0].facts.parties, [], 'before there was a case, nothing was known');
  const word = (answer) => answer.regimes.find((r) => r.regime === 'in-certin-2022').state;
  assert.deepEqual([word(await asked('scope')), word(await asked('scope', 57))], ['left-out', 'out']);
  await asked('duties', -300);
  await asked('regimes', 57);
  assert.equal((await expect(200, centre.call('GET', `${other}/knowers?as_of=${at(57)}`))).known_as_of, (await expect(200, centre.call('GET', `${other}/knowers?as_of=${at(57)}`))).as_of);
});

test('on the command line: duties, facts, scope and the whole evaluation, and a text is looked at without a server', () => {
  const file = join(site.dir, 'centre.token');
  writeFileSync(file, centre.token);
  const cli = (verb, ...rest) => sluice(['case', verb, id, ...rest, '--site', site.url, '--token-file', file]);
  assert.match(cli('duties').stdout, /missed {2}\S+ {2}Union Works to csirt-coordinator\+enisa {2}eu-cra-2024\/art14-2a/);
  assert.equal(JSON.parse(cli('duties', '--json').stdout).case, id);
  assert.match(cli('scope').stdout, /confirmed {2}eu-cra-2024 \(law\)/);
  assert.match(cli('facts').stdout, /\/product\/market = EU {2}from profile Union Works/);
  assert.match(cli('evaluate').stdout, /cn-rmsv-2021\/art9-1, Art\. 9\(1\)/);
  assert.match(cli('evaluate', '--plan').stdout, /^plan /m);
  assert.match(cli('evaluate', '--html').stdout, /^<!DOCTYPE html>[^]*Union Works/);
  assert.match(cli('facts').stdout, new RegExp(`^/parties/${union.org}/established = DE {2}from profile Union Works`, 'm'));
  assert.match(cli('scope').stdout, /^not said of .+, and laws hang on it: .+/m);
  assert.match(cli('knowers').stdout, /^ {4}expected: .*miit-platform.*, by cn-rmsv-2021\/art7-2/m);
  assert.match(cli('knowers').stdout, /^by country {2}\S+ +CN {2}/m);
  assert.match(cli('decisions').stdout, /^\S+ {2}override {2}\S+ {2}by /m);
  assert.match(cli('rulings').stdout, /^\S+ {2}\S+ {2}\S+ {2}.* to public /m);
  assert.match(cli('claim', 'x', '--evidence', 'on a list', '--vulnerability', vulnerability).stdout, /^\S+\n$/);
  const twice = sluice(['case', 'scope', id, '--site', site.url, '--site', site.url], { ok: false });
  assert.equal(twice.status, 2);
  assert.match(twice.stderr, /--site can be given once only\.[^]*Try: sluice case scope --help/);
  cli('confirm-scope', '--out', 'in-certin-2022', '--why', 'nobody is there');
  const text = join(site.dir, 'text.md');
  writeFileSync(text, 'Fine.\npassword = "tr0ub4dor&3"\n');
  const signs = JSON.parse(sluice(['content', 'check', text, '--json']).stdout).items;
  assert.deepEqual(signs.map((s) => [s.kind, s.proposes, s.line]), [['credential', 'leaked-data', 2]]);
});

const warning = 'eu-cra-2024/art14-2a';
const due = (who, query = '') => expect(200, who.call('GET', `/api/v1/duties${query}`));

test('what is due over all cases: its own by the instant, page by page, with the case; of all parties what its view says', async () => {
  const list = await due(union);
  assert.deepEqual([list.complete, list.clocked, list.not_asked], [true, list.of, []]);
  const mine = list.items.find((d) => d.rule === warning);
  assert.deepEqual([mine.case, mine.title, mine.state, mine.on, mine.to, mine.force, mine.verified], [id, 'Overflow in a parser', 'missed', union.org, 'csirt-coordinator+enisa', 'law', true]);
  assert.equal(Date.parse(mine.due_at), Date.parse((await duty(union, warning, union)).due_at));
  assert.ok(list.items.every((d) => d.on === union.org && ['open', 'missed', 'waiting'].includes(d.state)));
  const instants = list.items.map((d) => (d.due_at ? Date.parse(d.due_at) : Number.MAX_SAFE_INTEGER));
  assert.deepEqual(instants, [...instants].sort((a, b) => a - b));
  const pages = [];
  for (let next = ''; next !== undefined;) {
    const page = await due(union, `?limit=1${next && `&cursor=${encodeURIComponent(next)}`}`);
    pages.push(...page.items);
    next = page.next;
  }
  assert.deepEqual(pages, list.items);
  assert.ok((await due(union, '?state=missed')).items.every((d) => d.state === 'missed'));
  assert.doesNotMatch(JSON.stringify(await due(union, '?of=all')), new RegExp(`Eastern|${china.org}`));
  assert.ok((await due(centre, '?of=all')).items.some((d) => d.rule === warning && d.on_name === 'Union Works'));
  assert.ok((await due(centre)).items.every((d) => d.on === centre.org));
  for (const wrong of ['?of=theirs', '?state=perhaps', '?limit=0']) assert.equal((await union.call('GET', `/api/v1/duties${wrong}`)).status, 422, wrong);
  assert.equal((await union.call('GET', '/api/v1/duties?cursor=x')).status, 400);
  const none = await due(root);
  assert.deepEqual([none.items, none.of, none.complete], [[], 0, true]);
});

test('on the command line and on a page, reached from every page; the list of cases marks what it knows', async () => {
  const file = join(site.dir, 'union.token');
  writeFileSync(file, union.token);
  const cli = (...rest) => sluice(['case', 'due', ...rest, '--site', site.url, '--token-file', file]);
  assert.match(cli('--state', 'missed').stdout, new RegExp(`^missed {2}\\S+ {2}${id} {2}Union Works to csirt-coordinator\\+enisa {2}eu-cra-2024/art14-2a, Art\\. 14`, 'm'));
  const answer = JSON.parse(cli('--of', 'all', '--json').stdout);
  assert.equal(answer.complete, true);
  assert.equal(answer.next, undefined);

  const browser = new Browser(site);
  await browser.send('POST', '/sign-in/demo', new URLSearchParams({ person: union.person }).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
  const page = await browser.open('/due');
  assert.equal(page.status, 200);
  const law = await browser.open(`/cases/${id}?law=shown`);
  assert.ok(law.text.includes(`href="/cases/${id}/law/print"`));
  assert.match((await browser.open(`/cases/${id}/law/print`)).text, /<h1>Overflow in a parser<\/h1>/);
  assert.match(page.text, /<a[^>]*href="\/due"[^>]*aria-current="page"[^>]*>What is due</);
  assert.ok(page.text.includes(`/cases/${id}?law=shown#law`), 'what is due leads to the law of its case');
  for (const words of ['missed', 'Regulation (EU) 2024/2847, Art. 14', 'the coordinator CSIRT and ENISA', 'Overflow in a parser', 'not legal advice']) assert.ok(page.text.includes(words), words);
  assert.doesNotMatch(page.text, /Eastern/);
  assert.match((await browser.open('/cases')).text, /missed by law/);
  assert.equal((await browser.open('/due?of=all&state=missed')).status, 200);
  assert.equal((await browser.open('/due?of=theirs')).status, 422);
  const empty = new Browser(site);
  await empty.send('POST', '/sign-in/demo', new URLSearchParams({ person: root.person }).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
  assert.match((await empty.open('/due')).text, /Nothing is due\./);
  // The page to print has its style inside, which its own policy allows by the hash.
  assert.deepEqual([...browser.wrong, ...empty.wrong].filter((one) => !one.includes('/law/print (200): inline style')), []);
});

test('a party that is removed has no duty in the list from then on, though it lay in memory', async () => {
  assert.ok((await due(union)).items.some((d) => d.case === id));
  await expect(200, post(centre, `/participants/${union.org}/remove`, { why: 'not essential any more' }));
  const list = await due(union, '?of=all');
  assert.deepEqual([list.items.filter((d) => d.case === id), list.complete], [[], true]);
});

test('a pack with an error refuses the start, with file and line; a sound one takes its place', () => {
  const folder = join(site.dir, 'packs');
  mkdirSync(folder);
  writeFileSync(join(folder, 'own.yaml'), 'id: own-2026\nedition: 2026-01-01\nforce: law\nrules:\n  - id: a\n    modality: perhaps\n');
  const data = join(site.dir, 'other');
  sluice(['init', '--data', data, '--org-name', 'Other']);
  const run = spawnSync(binary, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--packs', folder], { encoding: 'utf8', timeout: 120_000 });
  assert.notEqual(run.status, 0);
  assert.match(run.stderr, /own\.yaml:\d+/);
});

test('every answer was as the OpenAPI file says', async () => assert.deepEqual(await published.faults(), []));
