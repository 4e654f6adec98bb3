// Remedies across tiers: a chip maker's fix reaches users through a board and a cloud. Who waits is told by label and no name, users have the fix once the last
// along the chain has delivered, a fix is validated by a test, and a release waits for as many as was agreed. By API, command line and page.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { Site, expect, sluice } from '../lib/site.mjs';
import { Browser, forms } from './browser.mjs';

const published = watch();
const site = new Site({ demo: true });
let owner, second, chips, boards, clouds, kase, id, vulnerability;
const product = {};
const later = (days) => new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+/, '');

before(async () => {
  owner = { org: site.org('Coordination Centre', 'coordinator') };
  owner.person = site.person(owner.org, 'Olga Owner', 'admin');
  second = { org: owner.org, person: site.person(owner.org, 'Second Owner', 'admin') };
  await site.serve(['--intake-limits', 'off']);
  [owner, second] = [site.client(owner), site.client(second)];
  [chips, boards, clouds] = ['Quiet Silicon', 'Bold Boards', 'Clear Clouds'].map((name) => site.party(name, 'vendor'));
  id = (await expect(201, owner.call('POST', '/api/v1/cases', { title: 'Overflow in a chip' }))).id;
  kase = `/api/v1/cases/${id}`;
  for (const action of ['validate', 'accept']) await expect(200, owner.call('POST', `${kase}/triage`, { action }));
  vulnerability = (await expect(201, owner.call('POST', `${kase}/vulnerabilities`, { title: 'Overflow', description: 'A buffer overflows.' }))).vulnerability;
  for (const [key, party, name] of [['chip', chips, 'Q-1 microcode'], ['board', boards, 'Mainboard'], ['cloud', clouds, 'Compute']]) {
    await expect(201, owner.call('POST', `${kase}/participants`, { organisation: party.org, roles: ['vendor'], essential_because: 'delivers the fix' }));
    await expect(200, party.call('POST', `${kase}/invitation`, { accepted: true }));
    await expect(200, owner.call('POST', `${kase}/participants/${party.org}/confirm`, { checked_how: 'by phone' }));
    for (const action of ['validate', 'accept']) await expect(200, party.call('POST', `${kase}/triage`, { action }));
    product[key] = (await expect(201, party.call('POST', `${kase}/products`, { name }))).product;
    await expect(200, party.call('POST', `${kase}/statuses`, { vulnerability, product: product[key], status: 'affected' }));
  }
});
after(() => site.remove());

const post = (party, path, body) => party.call('POST', kase + path, body);
const remedy = (key, more) => ({ vulnerability, product: product[key], ...more });
const wait = (key, on, label, more) => remedy(key, { on: product[on], label, why: 'nothing works without it', ...more });
const status = async (party, key) => (await expect(200, party.call('GET', `${kase}/statuses`))).items.find((s) => s.product === product[key]);
const code = async (wanted, promise) => { const answer = await promise; assert.equal(answer.status, wanted, answer.text); return JSON.parse(answer.text); };
async function up_to(party, key, last) {
  for (const step of ['identified', 'developed', 'validated', 'distributed']) {
    if (step === 'validated') await expect(200, post(party, '/remedies/assessments', remedy(key, { passed: true, tested_by: 'its own laboratory', where: 'on the bench', reproduction: 'the reported packet', side_effects: 'two per cent slower' })));
    await expect(200, post(party, '/remedies', remedy(key, { step })));
    if (step === last) return;
  }
}

test('the coordination says who waits for whom; a circle is refused with its path', async () => {
  await expect(200, post(owner, '/remedies/waits', wait('board', 'chip', 'the processor\'s firmware')));
  await expect(200, post(owner, '/remedies/waits', wait('cloud', 'board', 'the servers\' firmware')));
  const circle = await code(409, post(owner, '/remedies/waits', wait('chip', 'cloud', 'the console')));
  assert.equal(circle.code, 'remedy-circle');
  assert.match(circle.detail, /Q-1 microcode → Compute → Mainboard → Q-1 microcode/);
});

test('a vendor sees by label what its remedy waits for, and finds no product of another by trying', async () => {
  const mine = await status(boards, 'board');
  assert.deepEqual(mine.waits.map((w) => [w.label, w.at_step, w.met]), [['the processor\'s firmware', 'distributed', false]]);
  const all = (await expect(200, boards.call('GET', kase)));
  assert.doesNotMatch(JSON.stringify(all), /Q-1|Quiet|Clear|Compute/);
  const hidden = await post(boards, '/remedies/waits', wait('board', 'cloud', 'the servers'));
  const never = await post(boards, '/remedies/waits', { ...wait('board', 'cloud', 'the servers'), on: 'u_00000000000000000000000001' });
  assert.equal(hidden.status, 404);
  assert.equal(hidden.text.replaceAll(/q_[0-9a-z]{26}/g, ''), never.text.replaceAll(/q_[0-9a-z]{26}/g, ''));
  const named = await code(422, post(owner, '/remedies/waits', wait('cloud', 'chip', 'the q-1 MICROCODE')));
  assert.equal(named.errors?.[0]?.pointer, '/label');
});

test('a fix is validated by a test that passed, and goes out once what it waits for is out', async () => {
  for (const step of ['identified', 'developed']) await expect(200, post(boards, '/remedies', remedy('board', { step })));
  assert.equal((await code(409, post(boards, '/remedies', remedy('board', { step: 'validated' })))).code, 'not-assessed');
  await expect(200, post(boards, '/remedies/assessments', remedy('board', { passed: true, partial: true, tested_by: 'the finder', where: 'in its laboratory' })));
  await expect(200, post(boards, '/remedies', remedy('board', { step: 'validated' })));
  const waits = await code(409, post(boards, '/remedies', remedy('board', { step: 'distributed' })));
  assert.equal(waits.code, 'remedy-waits');
  assert.match(waits.detail, /the processor's firmware \(nothing yet, needed: distributed\)/);
  await up_to(chips, 'chip', 'distributed');
  const told = await status(boards, 'board');
  assert.deepEqual([told.waits[0].met, told.waits[0].reached], [true, 'distributed']);
  const line = (await expect(200, boards.call('GET', `${kase}/timeline`))).items.findLast((l) => l.type === 'DeliveryMoved');
  assert.equal(line.by, null);
  await expect(200, post(boards, '/remedies', remedy('board', { step: 'distributed' })));
  assert.equal((await status(owner, 'board')).availability.reach, 'available');
  assert.equal((await status(owner, 'cloud')).availability.reach, 'none');
});

test('a fix found incomplete goes back with its history, its letter stays, and the gap reaches whoever is behind it', async () => {
  await up_to(clouds, 'cloud', 'distributed');
  assert.equal((await status(owner, 'cloud')).availability.reach, 'available');
  await expect(200, post(chips, '/remedies/reopen', remedy('chip', { back_to: 'developed', found_how: 'other settings let it through' })));
  const chip = await status(owner, 'chip');
  assert.deepEqual([chip.fix_ready, chip.validated, chip.history.at(-1).reopened, chip.assessments[0].of_this_fix, chip.assessments[0].side_effects], [true, false, true, false, 'two per cent slower']);
  for (const key of ['board', 'cloud']) assert.equal((await status(owner, key)).availability.reach, 'none', key);
  assert.deepEqual((await status(clouds, 'cloud')).waits.map((w) => w.reached), ['validated']);
});

test('a chain, a block, support and readiness by command line', async () => {
  const token = join(site.dir, 'token');
  const as = (party) => { writeFileSync(token, party.token); return ['--site', site.url, '--token-file', token]; };
  const its = (key) => [id, '--vulnerability', vulnerability, '--product', product[key]];
  const chain = sluice(['remedy', 'chain', id, ...as(owner)]).stdout;
  assert.match(chain, /Mainboard {2}distributed {2}to users: none\n {4}waits for Q-1 microcode until distributed: developed/);
  assert.match(sluice(['remedy', 'chain', id, ...as(boards)]).stdout, /waits for the processor's firmware until distributed: developed/);
  sluice(['remedy', 'block', ...its('chip'), '--because', 'The signing key is out of reach.', ...as(chips)]);
  assert.equal((await status(owner, 'chip')).blocked.because, 'The signing key is out of reach.');
  assert.equal(sluice(['remedy', 'step', ...its('chip'), '--step', 'validated', ...as(chips)], { ok: false }).status, 5);
  sluice(['remedy', 'unblock', ...its('chip'), ...as(chips)]);
  sluice(['remedy', 'unwait', ...its('cloud'), '--on', product.board, '--why', 'it moves the load to other servers', ...as(clouds)]);
  sluice(['remedy', 'wait', ...its('cloud'), '--on', product.board, '--until', 'validated', '--label', 'the servers\' firmware', '--why', 'after all', ...as(owner)]);
  assert.equal(sluice(['remedy', 'test', ...its('chip'), '--by', 'us', '--where', 'here', ...as(chips)], { ok: false }).status, 2);
  sluice(['remedy', 'support', id, '--product', product.cloud, '--supported', 'yes', '--until', later(400), ...as(clouds)]);
  assert.equal((await expect(200, owner.call('GET', `${kase}/products`))).items.find((p) => p.id === product.cloud).supported, true);
  sluice(['release', 'readiness', id, '--rule', 'quorum', '--share', '60', '--weight', `${boards.org}=60`, '--weight', `${chips.org}=30`, '--weight', `${clouds.org}=10`, '--why', 'boards reach most users', ...as(owner)]);
  assert.equal((await expect(200, owner.call('GET', kase))).readiness.weights.length, 3);
  assert.deepEqual((await expect(200, boards.call('GET', kase))).readiness, { rule: 'quorum', share: 60 });
  await code(403, post(boards, '/releases/readiness', { rule: 'majority', why: 'we hurry' }));
});

test('the page has one picture of it, the same as a list, and forms that do it without script', async () => {
  const open = async (party) => {
    const browser = new Browser(site);
    await browser.send('POST', '/sign-in/demo', new URLSearchParams({ person: party.person }).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
    return browser;
  };
  const browser = await open(owner);
  const page = await browser.open(`/cases/${id}?remedies_of=${vulnerability}`);
  const part = page.text.slice(page.text.indexOf('id="remedies"'), page.text.indexOf('id="participants"'));
  assert.match(part, /<svg [^>]*role="img"/);
  assert.equal(part.match(/<g data-tone=/g).length, 3);
  assert.equal(part.match(/data-wait="unmet"/g).length > 0, true);
  assert.match(part, /The same as a list/);
  assert.match(part, /reopened/);
  const theirs = await open(boards);
  const seen = await theirs.open(`/cases/${id}`);
  assert.doesNotMatch(seen.text, /Q-1|Quiet|Clear Clouds|Compute/);
  assert.match(seen.text, /the processor&#39;s firmware/);
  const blocked = await theirs.submit(seen, `/cases/${id}/do/block_remedy`, { because: 'The press is broken.' });
  assert.equal(blocked.status, 200);
  assert.match(blocked.text, /The press is broken\./);
  assert.equal((await status(owner, 'board')).blocked.because, 'The press is broken.');
  const freed = await theirs.submit(blocked, `/cases/${id}/do/unblock_remedy`);
  assert.equal(freed.status, 200);
  assert.equal((await status(owner, 'board')).blocked, undefined);
  assert.ok(forms(page).some((f) => f.action.endsWith('/do/agree_readiness')));
  assert.deepEqual([...browser.wrong, ...theirs.wrong], []);
});

test('a release goes by the agreed quorum and says who is left behind', async () => {
  const document = {
    id: 'EX-2031-0007', title: 'Overflow', summary: 'A buffer overflows.', language: 'en', tlp: 'clear', status: 'final', publisher: { name: 'Centre', category: 'coordinator', namespace_uri: 'https://centre.example' },
    initial_release: later(1), current_release: later(1), revisions: [{ number: 1, date: later(1), summary: 'Initial version.' }],
    products: [{ id: 'board', vendor: 'Bold Boards', name: 'Mainboard', version: '1', purl: 'pkg:generic/board@1' }],
    vulnerabilities: [{ title: 'Overflow', cve: 'CVE-2031-0007', description: 'A buffer overflows.', cwe: { id: 'CWE-120', name: "Buffer Copy without Checking Size of Input ('Classic Buffer Overflow')" }, statuses: [{ product: 'board', status: 'known_affected' }],
      remediations: [{ category: 'vendor_fix', details: 'Update.', products: ['board'] }], references: [{ summary: 'Notes', url: 'https://centre.example/1', category: 'external' }], notes: [{ category: 'description', text: 'A buffer overflows.' }] }],
  };
  await expect(200, post(owner, `/vulnerabilities/${vulnerability}/identifier`, { identifier: 'CVE-2031-0007' }));
  const draft = await expect(201, post(owner, '/advisories', { document }));
  await expect(200, post(second, `/advisories/${draft.advisory}/versions/1/approve`, { hash: draft.hash }));
  const { release } = await expect(201, post(owner, '/releases', { advisory: draft.advisory, version: 1, instant: later(1) }));
  const dry = await expect(200, owner.call('GET', `${kase}/releases/${release}/dry-run`));
  assert.deepEqual(dry.not_ready, []);
  assert.equal(dry.left_behind.length, 1);
  assert.match(dry.left_behind[0], /Q-1 microcode .*\(the fix that it had was found incomplete and reopened\)/);
  assert.deepEqual(dry.quorums, ['"Overflow": 70 of 100 by weight are ready; 60 are needed (the agreed share of the weights)']);
  assert.match(dry.partial[0], /Mainboard/);
  assert.equal((await code(409, post(owner, '/releases/readiness', { rule: 'majority', why: 'we hurry' }))).status, 409);
  // A board whose last test failed takes the quorum with it.
  await expect(200, post(owner, '/remedies/assessments', remedy('board', { passed: false, tested_by: 'the centre', where: 'on a board of its own' })));
  assert.equal((await expect(200, owner.call('GET', `${kase}/releases/${release}/dry-run`))).not_ready.length, 2);
  const shown = (await expect(200, owner.call('GET', `${kase}/releases`))).items.find((r) => r.id === release);
  assert.deepEqual(shown.readiness.behind.map((b) => b.vendor.name).sort(), ['Bold Boards', 'Quiet Silicon']);
  assert.equal((await expect(200, boards.call('GET', `${kase}/releases`))).items[0].readiness, undefined);
});

test('every answer, and every body that was taken, was as the OpenAPI file says', async () => {
  assert.deepEqual(await published.faults(), []);
  const seen = await published.seen();
  const here = ['remedies/waits', 'remedies/waits/end', 'remedies/block', 'remedies/unblock', 'remedies/assessments', 'releases/readiness', 'products/{product}/support'].map((path) => `POST /api/v1/cases/{case}/${path}`);
  const by_command_line = ['remedies/waits/end', 'remedies/block', 'remedies/unblock', 'releases/readiness', 'products/{product}/support'].map((path) => `POST /api/v1/cases/{case}/${path}`);
  assert.deepEqual(here.filter((op) => !seen.has(op) && !by_command_line.includes(op)), []);
});
