// A mitigation before a case is public: proposed by rule, judged for each recipient with the unequal access beside it, told by two persons to all of a role at one instant. Against the real binary.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { Site, expect, sluice } from '../lib/site.mjs';
import { Client, indicator, marked, tlp } from '../lib/taxii.mjs';

const published = watch();

describe('mitigations before publication', () => {
  const site = new Site({ demo: true });
  let owner, second, plant, slow, watcher, outside, stranger, coordinator, now, at;
  const hours = (n) => new Date(now + n * 3_600_000).toISOString().replace(/\.\d+/, '');
  const taxii = (who) => new Client(site, who.token);
  const shown = async (who, kase) => expect(200, who.call('GET', `${kase}/mitigations`));
  const refused = async (status, code, promise) => { const answer = await promise; assert.equal(answer.status, status, answer.text); assert.equal(JSON.parse(answer.text).code, code, answer.text); return JSON.parse(answer.text); };
  const reasons = { why: 'their plants are attacked', who_is_exposed: 'the towns they serve', how_badly: 'the water stops', what_they_can_do: 'nothing themselves' };
  const open_in = (all) => all.proposals.filter((one) => !one.ended_at);
  const role_in = (all, role) => open_in(all)[0].roles.find((one) => one.role === role);
  const names = (list) => list.map((one) => one.organisation.name).sort();

  async function join_in(who, role, kase, { terms } = {}) {
    await expect(201, owner.call('POST', `${kase}/participants`, { organisation: who.org, roles: [role], essential_because: 'runs what is attacked' }));
    await expect(200, who.call('POST', `${kase}/invitation`, { accepted: true, ...(terms ? { terms } : {}) }));
    await expect(200, owner.call('POST', `${kase}/participants/${who.org}/confirm`, { checked_how: 'by telephone' }));
  }
  async function open(title) {
    const { id } = await expect(201, owner.call('POST', '/api/v1/cases', { title }));
    const kase = `/api/v1/cases/${id}`;
    for (const action of ['validate', 'accept']) await expect(200, owner.call('POST', `${kase}/triage`, { action }));
    const { vulnerability } = await expect(201, owner.call('POST', `${kase}/vulnerabilities`, { title: 'Overflow in the valve', description: 'A long name opens every valve.' }));
    const { product } = await expect(201, owner.call('POST', `${kase}/products`, { name: 'Valve', version: '7' }));
    return { id, kase, vulnerability, product };
  }
  async function fix({ kase, vulnerability, product }) {
    for (const step of ['identified', 'developed', 'validated', 'distributed']) {
      if (step === 'validated') await expect(200, owner.call('POST', `${kase}/remedies/assessments`, { vulnerability, product, passed: true, tested_by: 'us', where: 'on the bench' }));
      await expect(200, owner.call('POST', `${kase}/remedies`, { vulnerability, product, step, version: '7.1' }));
    }
  }

  before(async () => {
    const admin = site.person(site.organisation, 'Site admin', 'admin');
    const org = site.org('Owner', 'vendor');
    [owner, second] = ['First Owner', 'Second Owner'].map((name) => ({ org, person: site.person(org, name, 'admin') }));
    [plant, slow, watcher, outside, stranger, coordinator] = [['Plant', 'operator'], ['Slow Plant', 'operator'], ['Watcher', 'authority'], ['Outside Plant', 'operator'], ['Stranger', 'operator'], ['Coordinator', 'coordinator']].map(([name, kind]) => site.party(name, kind));
    const add = (alias, read, write) => sluice(['collection', 'add', '--data', site.data, '--title', alias, '--read', read, '--write', write, '--alias', alias]).last;
    add('operators', [org, outside.org].join(','), org);
    add('everybody', '*', org);
    add('read-only', [org, outside.org].join(','), outside.org);
    await site.serve(['--intake-limits', 'off', '--tick', '500ms']);
    [owner, second] = [owner, second].map((one) => site.client(one));
    const root = site.client({ org: site.organisation, person: admin });
    now = Date.parse((await expect(200, root.call('POST', '/api/v1/demo/clock', { to: new Date(Date.now() + 60_000).toISOString() }))).now);
    for (const [who, country] of [[plant, 'CH'], [slow, 'NZ'], [outside, 'BR']]) {
      const path = `/api/v1/organisations/${who.org}`;
      const before_it = await who.call('GET', path);
      await expect(200, who.call('PUT', path, { ...JSON.parse(before_it.text), id: undefined, kind: undefined, country }, { 'if-match': before_it.headers.get('etag') }));
    }
  });
  after(() => site.remove());

  test('nothing is proposed before users can have the fix; then each role, whom the gate lets have it, and what is withheld', async () => {
    at = await open('Valves');
    await join_in(plant, 'deployer', at.kase);
    await join_in(watcher, 'observer', at.kase);
    await expect(201, owner.call('POST', `${at.kase}/participants`, { organisation: slow.org, roles: ['deployer'], essential_because: 'runs it too' }));
    assert.deepEqual((await shown(owner, at.kase)).proposals, []);
    await fix(at);
    const all = await shown(owner, at.kase);
    assert.equal(open_in(all).length, 1);
    assert.deepEqual(open_in(all)[0].roles.map((one) => one.role), ['deployer'], 'nothing detects yet');
    const role = role_in(all, 'deployer');
    assert.equal(role.text, 'A fix for Valve 7 is out: version 7.1.');
    assert.deepEqual(role.may_have, ['existence', 'mitigation', 'product-identity']);
    for (const one of ['technical-detail', 'poc', 'ioc', 'summary']) assert.ok(role.withheld.includes(one), one);
    assert.deepEqual(names(role.recipients.filter((one) => one.gets)), ['Plant']);
    const [denied] = role.recipients.filter((one) => !one.gets);
    assert.equal(denied.organisation.name, 'Slow Plant');
    assert.match(denied.why_not, /invited organisations get the invitation and the terms/);
    assert.ok(denied.because.some((one) => one.judge === 'need-to-know' && one.outcome === 'deny'));
    assert.deepEqual(role.unequal_access.by_role, [{ role: 'deployer', gets: 1, goes_without: 1 }]);
    assert.deepEqual(role.unequal_access.by_kind, [{ kind: 'operator', gets: 1, goes_without: 1 }]);
    assert.deepEqual(role.unequal_access.by_country, [{ country: 'CH', gets: 1, goes_without: 0 }, { country: 'NZ', gets: 0, goes_without: 1 }]);
    assert.equal(role.unequal_access.head_start_hours, undefined, 'no date is set');
  });

  test('collections stand for a role where their readers are named and the owner reads and writes them', async () => {
    for (const name of ['everybody', 'read-only', 'nowhere']) await expect(422, owner.call('POST', `${at.kase}/mitigations/collections`, { role: 'deployer', collections: [name] }));
    await expect(200, owner.call('POST', `${at.kase}/mitigations/collections`, { role: 'deployer', collections: ['operators'] }));
    const role = role_in(await shown(owner, at.kase), 'deployer');
    const through = role.recipients.find((one) => one.organisation.name === 'Outside Plant');
    assert.ok(through.gets && through.through.startsWith('collection:'), JSON.stringify(through));
    assert.ok(through.because.some((one) => one.cite === 'this decision'), 'who has no part in the case gets it by a decision alone');
  });

  test('who isn’t of the coordination learns of no proposal, a stranger not even of the case', async () => {
    for (const who of [plant, watcher]) {
      const all = await shown(who, at.kase);
      assert.deepEqual([all.proposals, all.told], [[], []]);
    }
    const [hidden, absent] = await Promise.all([`${at.kase}`, '/api/v1/cases/c_00000000000000000000000001'].map((kase) => stranger.call('GET', `${kase}/mitigations`)));
    assert.equal(hidden.status, 404);
    const bare = (answer) => answer.text.replace(/q_[0-9a-z]+/g, '');
    assert.equal(bare(hidden), bare(absent));
    const { mitigation } = open_in(await shown(owner, at.kase))[0];
    await expect(403, plant.call('POST', `${at.kase}/mitigations/${mitigation}/share`, { role: 'deployer', ...reasons }));
    await expect(404, stranger.call('POST', `${at.kase}/mitigations/${mitigation}/share`, { role: 'deployer', ...reasons }));
    assert.deepEqual(await taxii(outside).all('collections/operators/objects/'), []);
  });

  test('some of a role go without only with a reason; two persons tell all the others at one instant', async () => {
    const { mitigation } = open_in(await shown(owner, at.kase))[0];
    const share = (more) => owner.call('POST', `${at.kase}/mitigations/${mitigation}/share`, { role: 'deployer', ...reasons, ...more });
    await refused(409, 'unequal-access', share({}));
    const rulings = async () => (await expect(200, owner.call('GET', `${at.kase}/rulings`))).items.filter((one) => one.disclosure.content.object === `mitigation:${mitigation}`);
    assert.deepEqual((await rulings()).map((one) => one.ruling.outcome), ['deny'], 'what the gate denied stays on record');
    const { request } = await expect(202, share({ despite: 'it has not answered for a week' }));
    assert.deepEqual((await shown(plant, at.kase)).told, []);
    assert.deepEqual(await taxii(outside).all('collections/operators/objects/'), []);
    await expect(403, owner.call('POST', `${at.kase}/requests/${request}/confirm`));
    await expect(200, second.call('POST', `${at.kase}/requests/${request}/confirm`));

    const [told] = (await shown(plant, at.kase)).told;
    assert.equal(told.text, 'A fix for Valve 7 is out: version 7.1.');
    const posted = await taxii(outside).all('collections/operators/objects/');
    assert.deepEqual(posted.map((one) => [one.type, one.description, one.object_marking_refs]), [['course-of-action', told.text, [tlp.strict]]]);
    assert.doesNotMatch(JSON.stringify(posted), /Overflow|long name/, 'nobody more than what it needs');
    assert.deepEqual((await shown(watcher, at.kase)).told, [], 'another role');
    assert.doesNotMatch((await slow.call('GET', `${at.kase}/mitigations`)).text, /7\.1/, 'whom the gate denied it');
    const [batch] = open_in(await shown(owner, at.kase))[0].shared;
    assert.equal(batch.at, told.at, 'one instant');
    assert.deepEqual(names(batch.receivers), ['Outside Plant', 'Plant']);
    assert.deepEqual(names(batch.left_out), ['Slow Plant']);
    assert.ok(batch.receivers.find((one) => one.organisation.name === 'Plant').first_read, 'the delivery is on record');
    const allowed = (await rulings()).filter((one) => one.ruling.outcome !== 'deny').map((one) => one.disclosure.audience.id).sort();
    assert.deepEqual(allowed, [plant.org, outside.org].sort());
    const knowers = await expect(200, owner.call('GET', `${at.kase}/knowers`));
    assert.ok(knowers.knowers.some((one) => one.organisation.id === plant.org));
  });

  test('who joins the role later is shown as not told, and is then told the same', async () => {
    await expect(200, slow.call('POST', `${at.kase}/invitation`, { accepted: true }));
    await expect(200, owner.call('POST', `${at.kase}/participants/${slow.org}/confirm`, { checked_how: 'by telephone' }));
    assert.deepEqual((await shown(slow, at.kase)).told, [], 'nothing goes by itself');
    const all = await shown(owner, at.kase);
    assert.deepEqual(names(role_in(all, 'deployer').recipients), ['Slow Plant']);
    const { mitigation } = open_in(all)[0];
    const { request } = await expect(202, owner.call('POST', `${at.kase}/mitigations/${mitigation}/share`, { role: 'deployer', ...reasons }));
    await expect(200, second.call('POST', `${at.kase}/requests/${request}/confirm`));
    assert.deepEqual((await shown(slow, at.kase)).told.map((one) => one.text), (await shown(plant, at.kase)).told.map((one) => one.text));
    assert.deepEqual(role_in(await shown(owner, at.kase), 'deployer').recipients, [], 'all were told');
  });

  test('defenders get what detects, pared down to that', async () => {
    const sign = marked(indicator({ name: 'the overflow in the valve', description: 'A long name.' }), 'green');
    await expect(200, owner.call('POST', `${at.kase}/threat-objects`, { objects: [sign] }));
    await expect(200, owner.call('POST', `${at.kase}/mitigations`, { vulnerability: at.vulnerability, product: at.product, part: 'detection', text: 'Valves that open at night.' }));
    await expect(200, owner.call('POST', `${at.kase}/mitigations/collections`, { role: 'defender', collections: ['operators'] }));
    const all = await shown(owner, at.kase);
    assert.equal(all.proposals.filter((one) => one.ended_why === 'What is there has changed: it is proposed anew.').length, 1, 'the proposal before it has ended');
    const role = role_in(all, 'defender');
    assert.equal(role.text, 'Valves that open at night.');
    assert.deepEqual(names(role.recipients), ['Outside Plant', 'Watcher']);
    assert.deepEqual(role_in(all, 'deployer').recipients, [], 'who has the same fix already isn’t told again');
    const { request } = await expect(202, owner.call('POST', `${at.kase}/mitigations/${open_in(all)[0].mitigation}/share`, { role: 'defender', ...reasons }));
    await expect(200, second.call('POST', `${at.kase}/requests/${request}/confirm`));
    const [told] = (await shown(watcher, at.kase)).told;
    assert.deepEqual(told.classes, ['existence', 'ioc']);
    assert.equal(told.objects[0].pattern, sign.pattern);
    assert.notEqual(told.objects[0].id, sign.id, 'what the release brings later says more, under its own id');
    assert.doesNotMatch(JSON.stringify(told), /overflow|long name|7\.1/i);
    const posted = (await taxii(outside).all('collections/operators/objects/')).filter((one) => one.type === 'indicator');
    assert.deepEqual(posted.map((one) => [one.id, one.object_marking_refs]), [[told.objects[0].id, [tlp.strict]]]);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.deepEqual((await expect(200, owner.call('GET', `${at.kase}/claims`))).items, [], 'what the case told is no sign of attacks to the case itself');
  });

  test('an embargo denies whoever didn’t sign its terms, and the proposal says so; the head start runs to its end', async () => {
    const embargoed = await open('Valves again');
    await expect(201, owner.call('POST', `${embargoed.kase}/embargo/proposals`, { until: hours(48) }));
    await expect(200, owner.call('POST', `${embargoed.kase}/embargo/proposals/1/settle`, {}));
    await join_in(plant, 'deployer', embargoed.kase, { terms: 1 });
    await expect(200, owner.call('POST', `${embargoed.kase}/mitigations/collections`, { role: 'deployer', collections: ['operators'] }));
    await fix(embargoed);
    const role = role_in(await shown(owner, embargoed.kase), 'deployer');
    assert.deepEqual(names(role.recipients.filter((one) => one.gets)), ['Plant']);
    assert.match(role.recipients.find((one) => !one.gets).why_not, /not a signatory of the running terms \(terms v1/);
    assert.ok(role.unequal_access.head_start_hours > 46 && role.unequal_access.head_start_hours <= 48, String(role.unequal_access.head_start_hours));
    const { mitigation } = open_in(await shown(owner, embargoed.kase))[0];
    await expect(200, owner.call('POST', `${embargoed.kase}/mitigations/${mitigation}/decline`, { why: 'the end is near' }));
    await expect(409, owner.call('POST', `${embargoed.kase}/mitigations/${mitigation}/share`, { role: 'deployer', ...reasons }));
  });

  test('the command line and the page show the same', async () => {
    const file = join(site.dir, 'owner.token');
    writeFileSync(file, owner.token);
    const said = sluice(['mitigation', 'list', at.id, '--site', site.url, '--token-file', file]).stdout;
    assert.match(said, /deployer may have: existence, mitigation, product-identity/);
    assert.match(said, /withheld: .*technical-detail/);
    assert.match(said, /Outside Plant|Plant/);
    const taken = sluice(['mitigation', 'note', at.id, '--vulnerability', at.vulnerability, '--product', at.product, '--part', 'detection', '--why', 'it hits others', '--site', site.url, '--token-file', file]).stdout;
    assert.match(taken, /taken back/);
  });

  test('every answer is as published', async () => assert.deepEqual(await published.faults(), []));
});
