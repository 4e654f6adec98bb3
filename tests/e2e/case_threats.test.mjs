// Cases and threat objects in one loop: what is shared proposes, what is held back stays, a release brings its objects to collections. Against the real binary.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { Site, expect, sluice } from '../lib/site.mjs';
import { Client, indicator, marked, when } from '../lib/taxii.mjs';
import { advisory } from '../roles/cast.mjs';

const published = watch();
const vulnerability = (cve, more = {}) => marked({ type: 'vulnerability', spec_version: '2.1', id: `vulnerability--${randomUUID()}`, created: when(0), modified: when(0), name: cve, external_references: [{ source_name: 'cve', external_id: cve }], ...more }, 'green');
const sighting = (of, more = {}) => marked({ type: 'sighting', spec_version: '2.1', id: `sighting--${randomUUID()}`, created: when(0), modified: when(0), first_seen: '2020-01-01T00:00:00Z', last_seen: '2020-01-02T00:00:00Z', count: 3, confidence: 80, sighting_of_ref: of, ...more }, 'green');

async function eventually(what, check) {
  for (let tries = 0; tries < 600; ++tries) {
    const got = await check();
    if (got) return got;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return assert.fail(`never: ${what}`);
}

describe('cases and threat objects', () => {
  const site = new Site({ demo: true });
  let owner, partner, coordinator, member, root, alliance, now;
  const hours = (n) => new Date(now + n * 3_600_000).toISOString().replace(/\.\d+/, '');
  const claims = async (kase) => (await expect(200, owner.call('GET', `${kase}/claims`))).items;
  const taxii = (who) => new Client(site, who.token);

  async function open(cve, { embargo = false, with_coordinator = false } = {}) {
    const { id } = await expect(201, owner.call('POST', '/api/v1/cases', { title: `About ${cve}` }));
    const kase = `/api/v1/cases/${id}`;
    for (const action of ['validate', 'accept']) await expect(200, owner.call('POST', `${kase}/triage`, { action }));
    const made = await expect(201, owner.call('POST', `${kase}/vulnerabilities`, { title: 'Overflow in the parser', description: 'A long name overflows a buffer.' }));
    await expect(200, owner.call('POST', `${kase}/vulnerabilities/${made.vulnerability}/identifier`, { identifier: cve }));
    for (const [who, role] of [[partner, 'vendor'], ...(with_coordinator ? [[coordinator, 'coordinator']] : [])]) {
      await expect(201, owner.call('POST', `${kase}/participants`, { organisation: who.org, roles: [role], essential_because: 'ships the parser' }));
      await expect(200, who.call('POST', `${kase}/invitation`, { accepted: true }));
      await expect(200, owner.call('POST', `${kase}/participants/${who.org}/confirm`, { checked_how: 'by telephone' }));
    }
    if (embargo) {
      await expect(201, owner.call('POST', `${kase}/embargo/proposals`, { until: hours(24 * 60) }));
      await expect(200, partner.call('POST', `${kase}/embargo/proposals/1/answer`, { accepted: true }));
      await expect(200, owner.call('POST', `${kase}/embargo/proposals/1/settle`, {}));
    }
    return { id, kase, vulnerability: made.vulnerability };
  }

  before(async () => {
    const admin = site.person(site.organisation, 'Site admin', 'admin');
    [owner, partner, coordinator, member] = [['Owner', 'vendor'], ['Partner', 'vendor'], ['Coordinator', 'coordinator'], ['Member', 'member']].map(([name, kind]) => site.party(name, kind));
    const all = [owner, partner, member].map((one) => one.org).join(',');   // the coordinator isn't among them
    alliance = sluice(['collection', 'add', '--data', site.data, '--title', 'Alliance', '--read', all, '--write', all, '--alias', 'alliance']).last;
    sluice(['collection', 'add', '--data', site.data, '--title', 'Closed', '--read', all, '--write', member.org, '--alias', 'closed']);
    await site.serve(['--intake-limits', 'off', '--two-person', 'off', '--tick', '500ms']);
    root = site.client({ org: site.organisation, person: admin });
    now = Date.parse((await expect(200, root.call('POST', '/api/v1/demo/clock', { to: new Date(Date.now() + 60_000).toISOString() }))).now);
  });
  after(() => site.remove());

  test('a sighting of an outsider is taken, and proposes to the case that nobody outside knows of', async () => {
    const { kase, vulnerability: flaw } = await open('CVE-2031-0001', { embargo: true });
    const [named, unknown] = [vulnerability('CVE-2031-0001'), vulnerability('CVE-2031-9999')];
    const [seen, elsewhere] = [sighting(named.id), sighting(unknown.id)];
    const told = await taxii(member).add('alliance', [named, unknown, seen, elsewhere]);
    const without = ({ id, ...rest }) => Object.keys(rest).sort();
    assert.deepEqual(without(told.successes[0]), without(told.successes[1]), 'what touches a case is answered as what touches none');
    const [claim] = await eventually('the sighting is proposed', async () => { const all = await claims(kase); return all.length && all; });
    assert.deepEqual([claim.vulnerability, claim.fact, claim.by, claim.state], [flaw, 'A', null, 'open']);
    assert.equal(claim.sources.length, 1);
    assert.deepEqual([claim.sources[0].name, claim.sources[0].collection, claim.sources[0].confidence, claim.sources[0].kind], [seen.id, alliance, 80, 'threat_object']);
    assert.match(claim.evidence, /3 times, first at 2020-01-01/);
    assert.ok(!(await partner.call('GET', `${kase}/claims`)).text.includes(seen.id), 'a participant beside the coordination is told nothing of it');

    // The same version again is no news; another one is another source of the same claim.
    await taxii(member).add('alliance', [seen, sighting(named.id)]);
    await eventually('the second sighting joins the claim', async () => (await claims(kase))[0].sources.length === 2);
    assert.equal((await claims(kase)).length, 1);

    const before = await expect(200, owner.call('GET', `${kase}/embargo`));
    assert.equal(before.state, 'active', 'a proposal ends nothing');
    await expect(422, owner.call('POST', `${kase}/claims/${claim.id}/adopt`, {}));   // attacks: whether they end it is a person's to say
    await expect(200, owner.call('POST', `${kase}/claims/${claim.id}/adopt`, { end_embargo: true }));
    assert.equal((await expect(200, owner.call('GET', `${kase}/embargo`))).state, 'exited');
  });

  test('what a participant agreed to hold back is held, and the same of an outsider is not', async () => {
    const { kase } = await open('CVE-2031-0002', { embargo: true });
    const object = marked(indicator({ external_references: [{ source_name: 'cve', external_id: 'CVE-2031-0002' }] }), 'green');
    const held = await taxii(partner).add('alliance', [object, marked(indicator(), 'green')], 1);
    assert.match(held.failures[0].message, /^The gate holds this back/);
    assert.ok(!held.failures[0].message.includes('CVE') && !JSON.stringify(held).includes('c_'), 'it names neither the case nor what it is about');
    assert.equal((await taxii(member).get(`collections/alliance/objects/${object.id}/`)).status, 404);
    await taxii(member).add('alliance', [object]);
    const shown = await eventually('the case has it on record', async () => { const all = (await expect(200, owner.call('GET', `${kase}/threat-objects`))).held; return all.length && all; });
    assert.deepEqual([shown[0].organisation.id, shown[0].object, shown[0].touches], [partner.org, object.id, 'the identifier CVE-2031-0002']);
    // For its own organisation alone it gives nothing away.
    const mine = marked(indicator({ external_references: [{ source_name: 'cve', external_id: 'CVE-2031-0002' }] }), 'red');
    await taxii(partner).add('alliance', [mine]);
    // And by a planned release it goes no further than by sending it.
    const releases = '/api/v1/threats/collections/alliance/widenings';
    const planned = await partner.call('POST', releases, { objects: [mine.id], to: 'green', at: hours(0), reason: 'all may know it' });
    assert.ok(planned.status < 300, planned.text);
    const second = site.client({ org: partner.org, person: site.person(partner.org, 'A second person', 'admin') });
    if (planned.status === 202) await expect(200, second.call('POST', `${releases}/${planned.json.id}/approve`, {}));
    await eventually('the release is held', async () => (await expect(200, partner.call('GET', releases))).items.find(({ id }) => id === planned.json.id).state === 'held');
    assert.equal((await taxii(member).get(`collections/alliance/objects/${mine.id}/`)).status, 404);
    // By an object that the case prepared, and by a value of it.
    const own = marked(indicator({ pattern: "[domain-name:value = 'staging.example']" }), 'green');
    await expect(200, owner.call('POST', `${kase}/threat-objects`, { audience: 'shared', objects: [own] }));
    await taxii(partner).add('alliance', [own, marked(indicator({ pattern: "[domain-name:value = 'STAGING.example']" }), 'green'), sighting(own.id)], 3);
    await expect(200, owner.call('POST', `${kase}/embargo/end`, { reason: 'it is public' }));
    await taxii(partner).add('alliance', [marked(indicator({ external_references: [{ source_name: 'cve', external_id: 'CVE-2031-0002' }] }), 'green')]);
  });

  test('nothing is proposed where somebody of the coordination may not read it', async () => {
    const closed = await open('CVE-2031-0003', { with_coordinator: true });
    const other = await open('CVE-2031-0004');
    const [hidden, shown] = [vulnerability('CVE-2031-0003'), vulnerability('CVE-2031-0004')];
    await taxii(member).add('alliance', [hidden, shown, sighting(hidden.id), sighting(shown.id)]);
    await eventually('the other is proposed', async () => (await claims(other.kase)).length === 1);
    assert.deepEqual(await claims(closed.kase), []);
  });

  test('a public list proposes attacks on what is on it, also where the identifier comes later', async () => {
    const early = await open('CVE-2031-0005');
    const file = join(site.dir, 'list.json');
    writeFileSync(file, JSON.stringify({ catalogVersion: '2031.1', vulnerabilities: [{ cveID: 'CVE-2031-0005', dateAdded: '2021-12-10' }, { cveID: 'CVE-2031-0006', dateAdded: '2021-12-11' }, { cveID: 'nonsense' }] }));
    const told = sluice(['threats', 'import-kev', file, '--data', site.data, '--json']);
    assert.deepEqual(JSON.parse(told.stdout), { entries: 2, left_out: 1, version: '2031.1' });
    const late = await open('CVE-2031-0006');
    for (const { kase } of [early, late]) {
      const [claim] = await eventually('the list is proposed', async () => { const all = await claims(kase); return all.length && all; });
      assert.deepEqual([claim.fact, claim.sources[0].kind, claim.sources[0].name, claim.sources[0].version], ['A', 'known_exploited_list', 'cisa-kev', '2031.1']);
    }
    sluice(['threats', 'import-kev', file, '--data', site.data]);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.equal((await claims(early.kase)).length, 1);
    assert.notEqual(sluice(['threats', 'import-kev', '/dev/null', '--data', site.data], { ok: false }).status, 0);
  });

  test('a release brings its objects to the collections in the same instant, and not before', async () => {
    const { kase } = await open('CVE-2031-0007');
    const note = marked({ type: 'note', spec_version: '2.1', id: `note--${randomUUID()}`, created: when(0), modified: when(0), content: 'Look for long names in the log.', object_refs: ['vulnerability--6f1f2a4e-3b1a-4f0e-9d57-0d3f5f5c7a02'] }, 'green');
    const sign = marked(indicator({ pattern: "[ipv4-addr:value = '198.51.100.77']" }), 'clear');
    const wrong = async (objects, where) => assert.equal((await expect(422, owner.call('POST', `${kase}/threat-objects`, { objects }))).where ?? where, where);
    await wrong([{ type: 'indicator' }], '/objects/0/id');
    await expect(422, owner.call('POST', `${kase}/threat-objects`, { objects: [marked(indicator(), 'amber')] }));   // no release widens a marking
    await expect(422, owner.call('POST', `${kase}/threat-objects`, { objects: [indicator()] }));                    // nor guesses one
    await expect(200, owner.call('POST', `${kase}/threat-objects`, { objects: [note, sign, marked(indicator(), 'green')] }));
    const listed = (await expect(200, owner.call('GET', `${kase}/threat-objects`))).items;
    assert.equal(listed.length, 3);
    assert.deepEqual((await expect(200, partner.call('GET', `${kase}/threat-objects`))).items, [], 'what is prepared in coordination is read there');
    await expect(200, owner.call('POST', `${kase}/threat-objects/${listed[2].id}/drop`, { why: 'it hits others' }));
    await expect(404, owner.call('POST', `${kase}/threat-objects/${listed[2].id}/drop`, { why: 'again' }));
    for (const name of ['closed', 'nowhere']) await expect(422, owner.call('POST', `${kase}/threat-objects/collections`, { collections: [name] }));
    await expect(200, owner.call('POST', `${kase}/threat-objects/collections`, { collections: ['alliance'] }));

    const document = advisory('EX-2031-0007');
    document.initial_release = document.current_release = document.revisions[0].date = hours(2);
    document.vulnerabilities[0].cve = 'CVE-2031-0007';
    const draft = await expect(201, owner.call('POST', `${kase}/advisories`, { document }));
    await expect(200, owner.call('POST', `${kase}/advisories/${draft.advisory}/versions/1/approve`, { hash: draft.hash }));
    const plan = await expect(201, owner.call('POST', `${kase}/releases`, { advisory: draft.advisory, version: 1, instant: hours(2) }));
    const dry = await expect(200, owner.call('GET', `${kase}/releases/${plan.release}/dry-run?at=${hours(2)}`));
    const planned = dry.documents.find((one) => one.kind === 'stix');
    assert.equal(planned.collection, 'Alliance');
    assert.ok([note.id, sign.id].every((id) => planned.objects.some((one) => one.id === id)));
    assert.deepEqual(['identity', 'vulnerability', 'course-of-action', 'relationship'].filter((type) => !planned.objects.some((one) => one.type === type)), []);
    if (dry.not_ready.length) await expect(200, owner.call('POST', `${kase}/releases/${plan.release}/waive`, { why: 'users are told', users_risk: 'they wait otherwise' }));
    const made = planned.objects.find((one) => one.type === 'vulnerability').id;
    for (const id of [made, note.id, sign.id]) assert.equal((await taxii(member).get(`collections/alliance/objects/${id}/`)).status, 404, 'not before the instant');
    await expect(200, root.call('POST', '/api/v1/demo/clock', { to: hours(2) }));
    await eventually('the advisory is public', async () => (await expect(200, site.call(undefined, 'GET', '/api/v1/advisories'))).items.some((one) => one.tracking === 'EX-2031-0007'));
    for (const id of [made, note.id, sign.id]) assert.equal((await taxii(member).get(`collections/alliance/objects/${id}/`)).status, 200);
    const [got] = (await taxii(member).get(`collections/alliance/objects/${made}/`)).json.objects;
    assert.deepEqual(got.external_references[0], { source_name: 'cve', external_id: 'CVE-2031-0007' });
    assert.equal((await taxii(coordinator).get('collections/alliance/objects/')).status, 404, 'who isn\'t a reader meets nothing of it');
    assert.deepEqual((await claims(kase)).filter((one) => one.sources), [], 'its own objects claim nothing');
  });

  test('what came before a case had its identifier or its product is found, by value and by reference', async () => {
    const named = vulnerability('CVE-2031-0011'), unnamed = marked({ type: 'malware', spec_version: '2.1', id: `malware--${randomUUID()}`, created: when(0), modified: when(0), is_family: false, external_references: [{ source_name: 'cve', external_id: 'CVE-2031-0011' }] }, 'green');
    const seen = sighting(named.id);
    const elsewhere = sighting(vulnerability('CVE-2031-0099').id);
    await taxii(member).add('alliance', [seen, named, unnamed, elsewhere]);
    const { kase } = await open('CVE-2031-0012');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert.deepEqual(await claims(kase), []);
    const made = await expect(201, owner.call('POST', `${kase}/vulnerabilities`, { title: 'Another', description: 'Another.' }));
    await expect(200, owner.call('POST', `${kase}/vulnerabilities/${made.vulnerability}/identifier`, { identifier: 'CVE-2031-0011' }));
    const [claim] = await eventually('both are proposed', async () => { const all = await claims(kase); return all.length && all[0].sources.length === 2 && all; });
    assert.deepEqual(claim.sources.map((one) => one.name).sort(), [seen.id, unnamed.id].sort());
    assert.equal(claim.vulnerability, made.vulnerability);
  });

  test('what speaks of an object that comes only after a restart is proposed then', async () => {
    const { kase } = await open('CVE-2031-0013');
    const named = vulnerability('CVE-2031-0013'), seen = sighting(named.id);
    await taxii(member).add('alliance', [seen]);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert.deepEqual(await claims(kase), []);
    await site.stop();
    await site.serve(['--intake-limits', 'off', '--two-person', 'off', '--tick', '500ms']);
    await taxii(member).add('alliance', [named]);
    const [claim] = await eventually('the sighting is proposed', async () => { const all = await claims(kase); return all.length && all; });
    assert.deepEqual(claim.sources.map((one) => one.name), [seen.id]);
  });

  test('every answer is as published', async () => assert.deepEqual(await published.faults(), []));
});
