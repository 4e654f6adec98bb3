// What takes two persons: asked by one, confirmed by another of the case owner's organisation, by API, command line and page; and erasure, end to end.
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { Site, expect, sluice } from '../lib/site.mjs';
import { Browser, forms } from './browser.mjs';

const published = watch();
// An owner with two persons and a case from an anonymous report.
async function begun(flags = []) {
  const site = new Site({ demo: true });
  const root = site.person(site.organisation, 'Site admin', 'admin');
  const org = site.org('Owner', 'vendor');
  const first = { org, person: site.person(org, 'First Owner', 'admin') };
  const second = { org, person: site.person(org, 'Second Owner', 'staff') };
  await site.serve(['--intake-limits', 'off', '--tick', '500ms', ...flags]);
  const out = { site, org, root: site.client({ org: site.organisation, person: root }), first: site.client(first), second: site.client(second), coordinator: site.party('Coordinator', 'coordinator'), stranger: site.party('Stranger', 'member') };
  const path = `/api/v1/organisations/${org}`;
  await expect(200, out.first.call('PUT', path, { name: 'Owner', takes_reports: true }, { 'if-match': (await out.first.call('GET', path)).headers.get('etag') }));
  out.report = await expect(201, site.call(undefined, 'POST', '/api/v1/reports', { to: org, title: 'Overflow', description: 'CANARY in a report', product: 'parser', contacted_vendor: false }));
  out.id = (await expect(200, out.first.call('GET', '/api/v1/cases'))).items[0].id;
  out.kase = `/api/v1/cases/${out.id}`;
  for (const action of ['validate', 'accept']) await expect(200, out.first.call('POST', `${out.kase}/triage`, { action }));
  return out;
}
const requests = async (who, kase) => (await expect(200, who.call('GET', `${kase}/requests`))).items;
const override = { kind: 'override', reason: 'users are attacked', who_is_exposed: 'users', how_badly: 'badly', what_they_can_do: 'nothing' };
async function signIn(site, who) {
  const browser = new Browser(site);
  const page = await browser.submit(await browser.open('/sign-in'), '/sign-in/demo', { when: { person: who.person } });
  assert.equal(page.path, '/cases');
  return browser;
}
async function eventually(what, check) {
  for (let tries = 0; tries < 600; ++tries) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`never: ${what}`);
}

describe('what takes two persons', () => {
  let s;
  before(async () => {
    s = await begun();
    await expect(201, s.first.call('POST', `${s.kase}/participants`, { organisation: s.coordinator.org, roles: ['coordinator'], essential_because: 'knows the vendors' }));
    await expect(200, s.coordinator.call('POST', `${s.kase}/invitation`, { accepted: true }));
    await expect(200, s.first.call('POST', `${s.kase}/participants/${s.coordinator.org}/confirm`, { checked_how: 'by telephone' }));
  });
  after(() => s.site.remove());
  const cli = (verb, who, ...rest) => {
    const file = join(s.site.dir, `${who.person}.token`);
    writeFileSync(file, who.token);
    return sluice(['case', verb, s.id, ...rest, '--site', s.site.url, '--token-file', file], { ok: false });
  };

  test('removing the last coordinator is asked for, and done when a second person confirms it', async () => {
    const asked = await expect(202, s.first.call('POST', `${s.kase}/participants/${s.coordinator.org}/remove`, { why: 'the case is over' }));
    assert.match(asked.request, /^b_/);
    assert.equal(asked.acknowledgement.v, 1, 'the request is on the ledger');
    await expect(200, s.coordinator.call('GET', s.kase));
    const [waiting] = await requests(s.second, s.kase);
    assert.deepEqual([waiting.state, waiting.command, waiting.asked_by, waiting.body.why], ['open', 'participant.remove', s.first.person, 'the case is over']);
    const confirm = `${s.kase}/requests/${asked.request}/confirm`;
    assert.equal((await s.first.call('POST', confirm)).status, 403);
    assert.equal((await s.site.call(s.site.token(s.first.person), 'POST', confirm)).status, 403, 'another token is no other person');
    assert.equal((await s.coordinator.call('POST', confirm)).status, 403);
    assert.equal((await s.stranger.call('POST', confirm)).status, 404);
    const done = cli('confirm', s.second, asked.request);
    assert.equal(done.status, 0, done.stderr);
    assert.equal((await s.coordinator.call('GET', s.kase)).status, 404);
    const [after] = await requests(s.first, s.kase);
    assert.deepEqual([after.state, after.answered_by], ['confirmed', s.second.person]);
    assert.equal((await s.second.call('POST', confirm)).status, 409);
  });

  test('on the command line it is listed, refused and withdrawn', async () => {
    const one = await expect(202, s.first.call('POST', `${s.kase}/decisions`, override));
    assert.equal((await s.first.call('POST', `${s.kase}/decisions`, override)).status, 409, 'asked already');
    assert.match(cli('requests', s.second).stdout, new RegExp(`^${one.request}  open  decision.record  asked by ${s.first.person}`, 'm'));
    assert.equal(cli('refuse', s.first, one.request, '--reason', 'mine').status, 4);
    const refused = cli('refuse', s.second, one.request, '--reason', 'They answer today');
    assert.equal(refused.status, 0, refused.stderr);
    const two = await expect(202, s.first.call('POST', `${s.kase}/decisions`, override));
    assert.equal(cli('withdraw', s.second, two.request).status, 4);
    assert.equal(cli('withdraw', s.first, two.request).status, 0);
    assert.equal(cli('confirm', s.second, two.request).status, 5);
    assert.deepEqual((await requests(s.first, s.kase)).slice(-2).map((r) => [r.state, r.why]), [['refused', 'They answer today'], ['withdrawn', undefined]]);
    assert.equal((await expect(200, s.first.call('GET', `${s.kase}/decisions`))).items.length, 0);
  });

  test('on the page the asker may withdraw, the second person confirms, and both are on record', async () => {
    await expect(202, s.first.call('POST', `${s.kase}/decisions`, override));
    const own = await (await signIn(s.site, s.first)).open(`/cases/${s.id}`);
    const actions = (page) => forms(page).map((form) => form.action);
    assert.ok(actions(own).includes(`/cases/${s.id}/do/withdraw_request`));
    assert.ok(!actions(own).includes(`/cases/${s.id}/do/confirm_request`));
    const browser = await signIn(s.site, s.second);
    const page = await browser.open(`/cases/${s.id}`);
    assert.match(page.text, /users are attacked/);
    assert.match((await browser.open('/cases')).text, /Confirm or refuse what another person asked for/);
    const done = await browser.submit(page, `/cases/${s.id}/do/confirm_request`);
    assert.equal(done.status, 200, done.text.slice(0, 500));
    assert.deepEqual([...new Set(browser.wrong)], []);
    const [decision] = (await expect(200, s.first.call('GET', `${s.kase}/decisions`))).items;
    assert.deepEqual([decision.by, decision.second], [s.first.person, s.second.person]);
  });

  test('nobody confirms after seven days', async () => {
    const { request } = await expect(202, s.first.call('POST', `${s.kase}/decisions`, override));
    await expect(200, s.root.call('POST', '/api/v1/demo/clock', { to: new Date(Date.now() + 8 * 86_400_000).toISOString() }));
    for (const who of [s.first, s.second]) who.token = s.site.token(who.person);
    assert.equal((await s.second.call('POST', `${s.kase}/requests/${request}/confirm`)).status, 409);
    await eventually('it lapses', async () => (await requests(s.first, s.kase)).at(-1).state === 'lapsed');
  });

  test('by API one refuses and one confirms; an erasure takes somebody who is signed in, and waits', async () => {
    const refused = await expect(202, s.first.call('POST', `${s.kase}/decisions`, override));
    await expect(200, s.second.call('POST', `${s.kase}/requests/${refused.request}/refuse`, { why: 'not yet' }));
    const confirmed = await expect(202, s.first.call('POST', `${s.kase}/decisions`, override));
    await expect(200, s.second.call('POST', `${s.kase}/requests/${confirmed.request}/confirm`));
    const browser = await signIn(s.site, s.first);
    const csrf = forms(await browser.open('/cases')).find((form) => form.fields.csrf).fields.csrf;
    const body = JSON.stringify({ compartment: `report:${s.report.id}`, why: 'asked for' });
    assert.equal((await browser.send('POST', `${s.kase}/erasures`, body, { 'x-csrf-token': csrf, 'content-type': 'application/json' })).status, 202);
  });
});

test('a site of one may ask for no second person: it is done at once, and says so', async (t) => {
  const s = await begun(['--two-person', 'off']);
  t.after(() => s.site.remove());
  assert.match((await expect(201, s.first.call('POST', `${s.kase}/decisions`, override))).decision, /^y_/);
  const types = (await expect(200, s.first.call('GET', `${s.kase}/timeline`))).items.map((line) => line.type);
  assert.deepEqual(types.slice(-2), ['Decided', 'SecondPersonSpared']);
  const erased = sluice(['case', 'erase', '--data', s.site.data, '--person', s.first.person, '--case', s.id, '--compartment', `report:${s.report.id}`, '--reason', 'asked for', '--confirm', s.id]);
  assert.match(erased.last, /^e_/);
  assert.deepEqual(readdirSync(join(s.site.data, 'keys')).filter((name) => name.startsWith('epoch-')), ['epoch-2.key'], 'the old epoch is destroyed when it answers');
  assert.doesNotMatch((await s.first.call('GET', `${s.kase}/reports`)).text, /CANARY/);
});

describe('erasing a report', () => {
  let s, vendor, compartment, code, erase;
  const mailbox = () => s.site.call(undefined, 'GET', `/api/v1/reports/${s.report.id}`, undefined, { 'sluice-report-code': code });
  const epochs = () => readdirSync(join(s.site.data, 'keys')).filter((name) => name.startsWith('epoch-'));
  before(async () => {
    s = await begun();
    vendor = s.site.party('Vendor', 'vendor');
    code = s.report.code;
    compartment = `report:${s.report.id}`;
    await expect(201, s.first.call('POST', `${s.kase}/threads`, { audience: 'coordination', topic: 'Plan', text: 'This stays.' }));
    await expect(201, s.second.call('POST', '/api/v1/cases', { title: 'Another case' }));
    erase = (...more) => sluice(['case', 'erase', '--data', s.site.data, '--case', s.id, '--compartment', compartment, '--reason', 'The reporter asked for it', ...more], { ok: false });
  });
  after(() => s.site.remove());

  test('it is asked for on the machine, by a person of the case owner, with the case named twice', async () => {
    assert.equal(erase('--person', s.first.person, '--confirm', 'c_0').status, 2);
    assert.equal(erase('--person', s.stranger.person, '--confirm', s.id).status, 4);
    const asked = erase('--person', s.first.person, '--confirm', s.id);
    assert.equal(asked.status, 0, asked.stderr);
    assert.match(asked.last, /^b_[0-9a-z]{26}$/);
    assert.match((await mailbox()).text, /CANARY/, 'nothing is gone yet');
  });

  test('no token confirms it, nor does who asked; a second person does, signed in', async () => {
    const [request] = await requests(s.second, s.kase);
    assert.equal((await s.second.call('POST', `${s.kase}/requests/${request.id}/confirm`)).status, 403);
    const act = `/cases/${s.id}/do/confirm_request`;
    const own = await (await signIn(s.site, s.first)).open(`/cases/${s.id}`);
    assert.equal(forms(own).some((form) => form.action === act), false);
    const before = epochs();
    const browser = await signIn(s.site, s.second);
    assert.equal((await browser.submit(await browser.open(`/cases/${s.id}`), act)).status, 200);
    assert.equal((await requests(s.first, s.kase))[0].state, 'confirmed');
    // A file on its way out is renamed, overwritten, then gone: what counts is that nothing of the old epoch is left.
    await eventually('the old epoch is destroyed, and one is left', () => epochs().length === 1 && !before.includes(epochs()[0]));
  });

  const gone = async () => {
    for (const path of ['', '/reports', '/timeline', '/requests', '/knowers', '/steps']) {
      const seen = await s.first.call('GET', s.kase + path);
      assert.equal(seen.status, 200, path + seen.text);
      assert.doesNotMatch(seen.text, /CANARY/, path);
    }
    const { knowers } = await expect(200, s.first.call('GET', `${s.kase}/knowers`));
    assert.ok(knowers.some((k) => k.organisation.id === s.org && k.items.some((item) => item.object === compartment)), `who had read it stays on record: ${JSON.stringify(knowers)}`);
    assert.doesNotMatch((await s.first.call('GET', `/api/v1/reports/${s.report.id}`)).text, /CANARY/);
    const opened = await mailbox();
    assert.doesNotMatch(opened.text, /CANARY/);
    assert.equal(opened.status, 404, opened.text);
    assert.doesNotMatch((await (await signIn(s.site, s.first)).open(`/cases/${s.id}`)).text, /CANARY/);
  };
  const goesOn = async (text) => {
    assert.match((await expect(200, s.first.call('GET', `${s.kase}/threads`))).items[0].messages[0].text, /This stays/);
    await expect(201, s.second.call('POST', `${s.kase}/vulnerabilities`, { title: text, description: 'Found later.' }));
    assert.equal((await expect(200, s.first.call('GET', s.kase))).vulnerabilities.at(-1).title, text);
    assert.equal((await expect(200, s.second.call('GET', '/api/v1/cases'))).items.length, 2);
    assert.equal((await s.first.call('POST', `/api/v1/reports/${s.report.id}/messages`, { text: 'Into nothing.' })).status, 404);
  };

  test('its content is gone at once, for everybody; the case goes on, and so do others', async () => {
    await gone();
    await goesOn('Another overflow');
  });
  test('so after a restart, and the ledger is sound', async () => {
    await s.site.stop();
    assert.equal(sluice(['ledger', 'verify', '--data', s.site.data]).status, 0);
    await s.site.serve(['--intake-limits', 'off']);
    await gone();
    await goesOn('A third overflow');
  });
  test('from the page as well: a participant\'s compartment; the participant stays in the case', async () => {
    await expect(201, s.first.call('POST', `${s.kase}/participants`, { organisation: vendor.org, roles: ['vendor'], essential_because: 'ships it' }));
    await expect(200, vendor.call('POST', `${s.kase}/invitation`, { accepted: true }));
    await expect(200, s.first.call('POST', `${s.kase}/participants/${vendor.org}/confirm`, { checked_how: 'by telephone' }));
    await expect(200, vendor.call('POST', `${s.kase}/statements`, { text: 'CANARY in a draft' }));
    const first = await signIn(s.site, s.first);
    const asked = await first.submit(await first.open(`/cases/${s.id}`), `/cases/${s.id}/do/erase_compartment`, { compartment: `org:${vendor.org}`, why: 'the vendor asked for it' });
    assert.equal(asked.status, 200, asked.text.slice(0, 500));
    const second = await signIn(s.site, s.second);
    const page = await second.open(`/cases/${s.id}`);
    assert.match(page.text, /What only Vendor and the coordination read/);
    assert.equal((await second.submit(page, `/cases/${s.id}/do/confirm_request`)).status, 200);
    for (const who of [vendor, s.first]) {
      const seen = await expect(200, who.call('GET', s.kase));
      assert.equal(seen.title, 'Overflow');
      assert.doesNotMatch((await (await signIn(s.site, who)).open(`/cases/${s.id}`)).text, /CANARY/);
    }
    assert.equal((await vendor.call('POST', `${s.kase}/statements`, { text: 'Into nothing' })).status, 409);
    await expect(200, vendor.call('POST', `${s.kase}/triage`, { action: 'validate' }));
    const row = (await expect(200, s.first.call('GET', `${s.kase}/participants`))).items.find((p) => p.organisation.id === vendor.org);
    assert.equal(row.report, 'valid');
    await expect(201, vendor.call('POST', `${s.kase}/threads`, { audience: 'shared', topic: 'Still here', text: 'We ship in May.' }));
    assert.deepEqual([...new Set([...first.wrong, ...second.wrong])], []);
  });
  test('without a server it can be asked for as well, and nothing is erased twice', async () => {
    await s.site.stop();
    assert.equal(erase('--person', s.first.person, '--confirm', s.id).status, 5);
    compartment = `org:${s.org}`;
    assert.equal(erase('--person', s.first.person, '--confirm', s.id).status, 0);
    await s.site.serve(['--intake-limits', 'off']);
    assert.equal((await requests(s.second, s.kase)).at(-1).state, 'open');
  });
});

test('every answer, and every body that was taken, was as the OpenAPI file says', async () => {
  assert.deepEqual(await published.faults(), []);
  const seen = await published.seen();
  assert.deepEqual(['POST /api/v1/cases/{case}/requests/{request}/refuse', 'POST /api/v1/cases/{case}/requests/{request}/confirm', 'POST /api/v1/cases/{case}/erasures'].filter((op) => !seen.has(op)), []);
});
