// A case among many parties: settlement by rule, consent asked again, roles, plans, splits and merges; by API, command line and page.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { Site, expect, sluice } from '../lib/site.mjs';
import { Browser, forms } from './browser.mjs';

const published = watch();
const later = (days) => new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+/, '');

describe('a case among many parties', () => {
  let site, owner, vendor, second, coordinator, stranger;
  before(async () => {
    site = new Site({ demo: true });
    [owner, vendor, second] = ['Owner', 'Vendor', 'Second'].map((name) => site.party(name, 'vendor'));
    coordinator = site.party('Coordinator', 'coordinator');
    stranger = site.party('Stranger', 'member');
    await site.serve(['--intake-limits', 'off']);
    const path = `/api/v1/organisations/${owner.org}`;
    await expect(200, owner.call('PUT', path, { name: 'Owner', takes_reports: true }, { 'if-match': (await owner.call('GET', path)).headers.get('etag') }));
  });
  after(() => site.remove());

  const cli = (verb, who, kase, ...rest) => {
    const file = join(site.dir, `${who.person}.token`);
    writeFileSync(file, who.token);
    return sluice(['case', verb, kase, ...rest, '--site', site.url, '--token-file', file], { ok: false });
  };
  async function opened(days = 45, vulnerabilities = ['Overflow', 'Leak']) {
    const { id } = await expect(201, owner.call('POST', '/api/v1/cases', { title: 'A case' }));
    const kase = `/api/v1/cases/${id}`;
    for (const action of ['validate', 'accept']) await expect(200, owner.call('POST', `${kase}/triage`, { action }));
    const ids = [];
    for (const title of vulnerabilities) ids.push((await expect(201, owner.call('POST', `${kase}/vulnerabilities`, { title, description: 'It breaks.' }))).vulnerability);
    await expect(201, owner.call('POST', `${kase}/embargo/proposals`, { until: later(days) }));
    await expect(200, owner.call('POST', `${kase}/embargo/proposals/1/settle`));
    return { id, kase, ids, until: (await embargo(owner, kase)).until };
  }
  async function joined(kase, who, roles = ['vendor'], terms = 1) {
    await expect(201, owner.call('POST', `${kase}/participants`, { organisation: who.org, roles, essential_because: 'ships it' }));
    await expect(200, who.call('POST', `${kase}/invitation`, { accepted: true, terms }));
    await expect(200, owner.call('POST', `${kase}/participants/${who.org}/confirm`, { checked_how: 'by telephone' }));
  }
  const embargo = async (who, kase) => expect(200, who.call('GET', `${kase}/embargo`));

  test('the answer that reaches the rule settles the terms; weights are told to the coordination alone', async () => {
    const { id, kase } = await opened();
    await joined(kase, vendor);
    await joined(kase, second);
    const done = cli('settlement', owner, id, '--rule', 'quorum', '--share', '70', '--weight', `${vendor.org}=3`);
    assert.equal(done.status, 0, done.stderr);
    assert.equal((await vendor.call('POST', `${kase}/embargo/settlement`, { rule: 'owner_decides' })).status, 403);
    await expect(201, owner.call('POST', `${kase}/embargo/proposals`, { until: later(60) }));
    assert.equal((await owner.call('POST', `${kase}/embargo/settle`)).status, 409);
    await expect(200, vendor.call('POST', `${kase}/embargo/proposals/2/answer`, { accepted: true }));
    const seen = await embargo(owner, kase);
    assert.deepEqual([seen.running, seen.settlement.rule, seen.settlement.share, seen.settlement.weights.length], [2, 'quorum', 70, 3]);
    assert.ok(seen.advice.start_because);
    const theirs = await embargo(vendor, kase);
    assert.equal(theirs.settlement.rule, 'quorum');
    assert.ok((theirs.settlement.weights ?? []).every((one) => one.organisation.id !== second.org), 'who else takes part stays unknown');
    // Who hasn't agreed is asked again.
    const read = async () => (await expect(200, second.call('GET', `${kase}/vulnerabilities`))).items.length;
    assert.deepEqual([(await expect(200, second.call('GET', kase))).stub, await read()], [true, 0]);
    await expect(200, second.call('POST', `${kase}/embargo/proposals/2/answer`, { accepted: false }));
    const asked = cli('ask-again', owner, id, '--version', '2', '--org', second.org);
    assert.equal(asked.status, 0, asked.stderr);
    await expect(200, second.call('POST', `${kase}/embargo/proposals/2/answer`, { accepted: true }));
    assert.equal(await read(), 2);
  });

  test('roles are given by the owner; a plan reminds and invites nobody', async () => {
    const { id, kase } = await opened();
    await joined(kase, vendor);
    const roles = cli('roles', owner, id, '--org', vendor.org, '--role', 'vendor', '--role', 'deployer', '--why', 'it runs the service');
    assert.equal(roles.status, 0, roles.stderr);
    assert.equal((await owner.call('POST', `${kase}/participants/${owner.org}/roles`, { roles: ['deployer'], why: 'x' })).status, 403);
    assert.equal((await vendor.call('POST', `${kase}/participants/${vendor.org}/roles`, { roles: ['coordinator'], why: 'x' })).status, 403);
    assert.deepEqual((await expect(200, vendor.call('GET', kase))).me.roles.sort(), ['deployer', 'vendor']);
    const fit = await expect(200, owner.call('GET', `${kase}/participants/${second.org}/fit`));
    assert.deepEqual(fit.choices.map((choice) => [choice.option, choice.open]), [['propose_running', true]]);
    assert.equal(cli('plan-invite', owner, id, '--org', second.org, '--when', later(5), '--role', 'vendor', '--because', 'ships it').status, 0);
    const [plan] = (await expect(200, owner.call('GET', kase))).planned_invitations;
    assert.deepEqual([plan.organisation.id, plan.due], [second.org, false]);
    assert.equal((await second.call('GET', kase)).status, 404);
    assert.equal((await expect(200, vendor.call('GET', kase))).planned_invitations, undefined);
    assert.equal(cli('unplan-invite', owner, id, '--org', second.org, '--why', 'not affected').status, 0);
    assert.equal((await expect(200, owner.call('GET', kase))).planned_invitations, undefined);
  });

  test('what becomes public goes to a sibling; its id is told to who takes part there and coordinates', async () => {
    const { kase, ids } = await opened();
    await joined(kase, vendor);
    const { claim } = await expect(201, vendor.call('POST', `${kase}/claims`, { vulnerability: ids[0], fact: 'p', evidence: 'on a list' }));
    assert.equal((await embargo(owner, kase)).state, 'active', 'a claim ends nothing');
    const { sibling } = await expect(200, owner.call('POST', `${kase}/claims/${claim}/adopt`));
    assert.match(sibling, /^c_/);
    assert.equal((await embargo(owner, kase)).state, 'active');
    assert.equal((await embargo(vendor, `/api/v1/cases/${sibling}`)).state, 'exited');
    const [own] = (await expect(200, owner.call('GET', kase))).siblings;
    assert.deepEqual([own.kind, own.case, own.titles], ['split_off', sibling, ['Overflow']]);
    assert.equal(own.terms.length, 1, 'its end is told');
    const [theirs] = (await expect(200, vendor.call('GET', kase))).siblings;
    assert.deepEqual([theirs.kind, theirs.case, theirs.terms], ['split_off', undefined, []]);
    assert.equal((await stranger.call('GET', `/api/v1/cases/${sibling}`)).status, 404);
    // A coordinator that joins afterwards reads the coordination, and isn't told of a case in which it has no part.
    await joined(kase, coordinator, ['coordinator']);
    const [seen] = (await expect(200, coordinator.call('GET', kase))).siblings;
    assert.deepEqual([seen.kind, seen.case], ['split_off', undefined]);
  });

  test('a split by itself, and a merge: the earliest end holds, the others are invited, the merged case takes no new work', async () => {
    const one = await opened(45), two = await opened(30, ['Other']);
    await joined(two.kase, vendor);
    const split = cli('split', owner, one.id, '--vulnerability', one.ids[0], '--why', 'it has another fix');
    assert.equal(split.status, 0, split.stderr);
    assert.match(split.last, /^c_/);
    assert.equal((await embargo(owner, `/api/v1/cases/${split.last}`)).state, 'active');
    const never = await owner.call('POST', `${one.kase}/merge`, { with: 'c_00000000000000000000000001', why: 'x' });
    const theirs = await expect(201, stranger.call('POST', '/api/v1/cases', { title: 'Another' }));
    const hidden = await owner.call('POST', `${one.kase}/merge`, { with: theirs.id, why: 'x' });
    const plain = (answer) => answer.text.replaceAll(/q_[0-9a-z]{26}/g, '');
    assert.deepEqual([hidden.status, plain(hidden)], [never.status, plain(never)]);
    assert.equal(never.status, 404);
    const merge = cli('merge', owner, one.id, '--with', two.id, '--why', 'the same library');
    assert.equal(merge.status, 0, merge.stderr);
    const terms = await embargo(owner, one.kase);
    assert.equal(terms.state, 'revise');
    assert.equal(terms.until, two.until);
    assert.equal((await expect(200, vendor.call('GET', one.kase))).stub, true);
    assert.equal((await expect(200, vendor.call('GET', `${two.kase}/vulnerabilities`))).items.length, 1, 'still readable');
    const refused = await owner.call('POST', `${two.kase}/threads`, { audience: 'shared', topic: 'More' });
    assert.deepEqual([refused.status, refused.json.code], [409, 'case-merged']);
    assert.doesNotMatch(refused.text, new RegExp(one.id));
    const browser = new Browser(site);
    await browser.submit(await browser.open('/sign-in'), '/sign-in/demo', { when: { person: owner.person } });
    const page = await browser.open(`/cases/${two.id}`);
    assert.match(page.text, /This case was merged into another/);
    assert.match(page.text, new RegExp(`href="/cases/${one.id}"`), 'and the way there, for who has a part in it');
    const offered = forms(page).map((form) => form.action).filter((action) => action.startsWith(`/cases/${two.id}/do/`)).map((action) => action.split('/').pop());
    for (const command of ['claim_fact', 'add_product', 'open_thread', 'propose_terms', 'invite_participant']) assert.ok(!offered.includes(command), `${command} is offered, and would be refused`);
  });

  test('a reporter that the terms keep out reads its report, whose case it is and what holds', async () => {
    const report = await expect(201, stranger.call('POST', '/api/v1/reports', { to: owner.org, title: 'By account', description: 'A long name.', product: 'parser', contacted_vendor: false, proposed_embargo_until: later(40) }));
    const { id } = (await expect(200, owner.call('GET', '/api/v1/cases?limit=200'))).items.find((c) => c.title === 'By account');
    const kase = `/api/v1/cases/${id}`;
    for (const action of ['validate', 'accept']) await expect(200, owner.call('POST', `${kase}/triage`, { action }));
    await expect(200, owner.call('POST', `${kase}/embargo/proposals/1/settle`));
    assert.deepEqual((await embargo(owner, kase)).terms[0].answers.map(({ organisation, consent }) => [organisation.id, consent]).sort(), [[owner.org, 'signatory'], [stranger.org, 'signatory']].sort());
    assert.equal((await expect(200, stranger.call('GET', kase))).stub, false);
    const until = later(60);
    await expect(201, owner.call('POST', `${kase}/embargo/proposals`, { until }));
    await expect(200, stranger.call('POST', `${kase}/embargo/proposals/2/answer`, { accepted: false }));
    await expect(200, owner.call('POST', `${kase}/embargo/proposals/2/settle`));
    const seen = await expect(200, stranger.call('GET', kase));
    assert.deepEqual([seen.stub, seen.owner.id, seen.embargo.state, Date.parse(seen.embargo.until)], [true, owner.org, 'active', Date.parse(until)]);
    assert.equal(seen.embargo.terms.length, 1, 'what holds, and nothing of what came before');
    const browser = new Browser(site);
    await browser.submit(await browser.open('/sign-in'), '/sign-in/demo', { when: { person: stranger.person } });
    const page = await browser.open(`/cases/${id}`);
    assert.match(page.text, /Embargo in force/);
    assert.match(page.text, /By account/);
    await expect(200, stranger.call('GET', `/api/v1/reports/${report.id}`));
  });

  test('a reporter by code claims from its mailbox, and a person decides', async () => {
    const report = await expect(201, site.call(undefined, 'POST', '/api/v1/reports', { to: owner.org, title: 'By code', description: 'A long name.', product: 'parser', contacted_vendor: false, proposed_embargo_until: later(40) }));
    const id = (await expect(200, owner.call('GET', '/api/v1/cases?limit=200'))).items.find((c) => c.title === 'By code').id;
    const kase = `/api/v1/cases/${id}`;
    for (const action of ['validate', 'accept']) await expect(200, owner.call('POST', `${kase}/triage`, { action }));
    await expect(200, owner.call('POST', `${kase}/embargo/proposals/1/settle`));
    const code = { 'sluice-report-code': report.code };
    await expect(201, site.call(undefined, 'POST', `/api/v1/reports/${report.id}/claims`, { fact: 'p', evidence: 'CANARY on a list' }, code));
    assert.equal((await owner.call('POST', `/api/v1/reports/${report.id}/claims`, { fact: 'p', evidence: 'x' })).status, 403);
    assert.equal((await stranger.call('POST', `/api/v1/reports/${report.id}/claims`, { fact: 'p', evidence: 'x' })).status, 404);
    assert.match((await site.call(undefined, 'GET', `/api/v1/reports/${report.id}`, undefined, code)).text, /CANARY/);
    assert.equal((await embargo(owner, kase)).state, 'active');
    const [claim] = (await expect(200, owner.call('GET', `${kase}/claims`))).items;
    assert.deepEqual([claim.state, claim.by], ['open', null]);
    await expect(200, owner.call('POST', `${kase}/claims/${claim.id}/adopt`));
    assert.equal((await embargo(owner, kase)).state, 'exited');
  });

  test('on the page the owner finds all of it, and splits without script', async () => {
    const { id, kase } = await opened();
    await joined(kase, vendor);
    const browser = new Browser(site);
    const start = await browser.submit(await browser.open('/sign-in'), '/sign-in/demo', { when: { person: owner.person } });
    assert.equal(start.path, '/cases');
    const page = await browser.open(`/cases/${id}`);
    assert.match(page.text, /Among many parties/);
    const actions = forms(page).map((form) => form.action);
    for (const command of ['choose_settlement', 'plan_invitation', 'set_roles', 'split_case', 'merge_cases']) assert.ok(actions.includes(`/cases/${id}/do/${command}`), command);
    assert.deepEqual([...new Set(browser.wrong)], []);
  });

  test('every answer, and every body that was taken, was as the OpenAPI file says', async () => assert.deepEqual(await published.faults(), []));
});
