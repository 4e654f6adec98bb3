// How far an object goes and who is told when it is called back: redacted copies, releases to more readers, early sharing, recalls with receipts, clients. Against the real binary.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Site, expect, sluice } from '../lib/site.mjs';
import { Client, indicator, marked, tlp, tool, version } from '../lib/taxii.mjs';

const site = new Site({ demo: true });
const parties = {}, clients = {};
let colleague, clock, admin, n = 0;
const add = (...flags) => sluice(['collection', 'add', '--data', site.data, '--title', `Shared ${++n}`, '--read', '*', '--write', '*', ...flags]).last;
const ids = (list) => list.map((one) => one.id);
const api = (collection) => `/api/v1/threats/collections/${collection}`;
const hours = async (count) => {
  clock = ahead(count);
  await expect(200, site.call(admin.token, 'POST', '/api/v1/demo/clock', { to: clock }));
};
const ahead = (count) => new Date(Date.parse(clock) + count * 3_600_000).toISOString().replace(/\.\d+/, '');

before(async () => {
  for (const [name, kind] of [['writer', 'member'], ['reader', 'member'], ['guest', 'vendor'], ['served', 'vendor']]) parties[name] = site.party(name[0].toUpperCase() + name.slice(1), kind);
  colleague = site.client({ org: parties.writer.org, person: site.person(parties.writer.org, 'Colleague') });
  admin = site.client({ org: site.organisation, person: site.person(site.organisation, 'Administrator', 'admin') });
  await site.serve();
  for (const [name, party] of Object.entries(parties)) clients[name] = new Client(site, party.token);
  clock = new Date(Date.now() + 86_400_000).toISOString();
  clock = ahead(0);
  await expect(200, site.call(admin.token, 'POST', '/api/v1/demo/clock', { to: clock }));
});
after(() => site.remove());

const all = (who, collection) => clients[who].all(`collections/${collection}/objects/`, 'match[version]=all');
const secret = (more = {}) => ({ ...marked(tool({ description: 'told in confidence' }), 'green'), granular_markings: [{ selectors: ['description'], marking_ref: tlp.strict }], ...more });

describe('redacted copies', () => {
  test('a collection that offers none withholds what has a part that a reader may not have', async () => {
    const at = add(), one = secret();
    await clients.writer.add(at, [one]);
    assert.deepEqual(await all('guest', at), []);
    assert.deepEqual(await all('reader', at), [one]);
  });
  test('one that offers them gives the site’s own copy, with its origin, to those alone', async () => {
    const at = add('--redacted', 'offered'), one = secret();
    await clients.writer.add(at, [one]);
    assert.deepEqual(ids(await all('reader', at)).filter((id) => id.startsWith('tool--')), [one.id]);
    const given = await all('guest', at);
    const copy = given.find((object) => object.type === 'tool'), link = given.find((object) => object.type === 'relationship'), identity = given.find((object) => object.type === 'identity');
    assert.notEqual(copy.id, one.id);
    assert.equal(copy.description, undefined);
    assert.deepEqual([link.relationship_type, link.source_ref, link.target_ref], ['derived-from', copy.id, one.id]);
    assert.equal(copy.created_by_ref, identity.id);
    const next = { ...version(one, 2), description: 'told in confidence again' };
    await clients.writer.add(at, [next]);
    assert.deepEqual(ids((await all('guest', at)).filter((object) => object.type === 'tool')), [copy.id, copy.id]);
    await clients.writer.ask('DELETE', `collections/${at}/objects/${one.id}/?match[version]=all`);
    assert.deepEqual((await all('guest', at)).filter((object) => object.type === 'tool'), []);
  });
});

describe('a marking widens only by a release that was planned and approved', () => {
  test('a version that is marked wider fails, with what to do', async () => {
    const at = add(), one = marked(indicator(), 'strict');
    await clients.writer.add(at, [one]);
    const status = await clients.writer.add(at, [marked(version(one, 1), 'green')], 1);
    assert.match(status.failures[0].message, /planned release/);
    assert.deepEqual(await all('guest', at), []);
  });
  test('two persons and the clock: each reader meets it once', async () => {
    const at = add(), one = marked(indicator(), 'strict');
    await clients.writer.add(at, [one]);
    const plan = await expect(202, parties.writer.call('POST', `${api(at)}/widenings`, { objects: [one.id], to: 'green', at: ahead(1), reason: 'The fix is out' }));
    await expect(403, parties.writer.call('POST', `${api(at)}/widenings/${plan.id}/approve`));
    await expect(404, parties.reader.call('POST', `${api(at)}/widenings/${plan.id}/approve`));
    await expect(200, colleague.call('POST', `${api(at)}/widenings/${plan.id}/approve`));
    assert.deepEqual(await all('guest', at), []);
    const before_it = await all('reader', at);
    await hours(2);
    await until(async () => (await all('guest', at)).length === 1);
    assert.deepEqual(await all('guest', at), [one]);
    assert.deepEqual(await all('reader', at), before_it);
    const list = await expect(200, parties.writer.call('GET', `${api(at)}/widenings`));
    assert.deepEqual(list.items.map(({ state, posted }) => [state, posted]), [['fired', 1]]);
    assert.deepEqual((await expect(200, parties.reader.call('GET', `${api(at)}/widenings`))).items, []);
  });
  test('shared early: members now, all at the hour; byte for byte', async () => {
    const at = add(), one = marked(indicator({ name: 'schön' }), 'clear');
    const file = join(site.dir, 'early.json'), token = join(site.dir, 'writer.token');
    writeFileSync(token, parties.writer.token);
    writeFileSync(file, JSON.stringify({ objects: [one] }));
    const release = sluice(['collection', 'share-early', file, '--collection', at, '--at', ahead(1), '--reason', 'The report comes out', '--site', site.url, '--token-file', token]).last;
    assert.deepEqual([await all('reader', at), await all('guest', at)], [[one], []]);
    await expect(200, colleague.call('POST', `${api(at)}/widenings/${release}/approve`));
    await hours(2);
    await until(async () => (await all('guest', at)).length === 1);
    assert.deepEqual(await all('guest', at), [one]);
  });
});

describe('recalls', () => {
  test('who fetched it is told and says what it did; the sender sees whom and what', async () => {
    const at = add(), one = marked(indicator(), 'green');
    await clients.writer.add(at, [one]);
    await all('reader', at);
    await all('guest', at);
    const made = await expect(201, parties.writer.call('POST', `${api(at)}/objects/${one.id}/recall`, { reason: 'A false positive' }));
    assert.equal(made.told, 2);
    assert.deepEqual(await all('reader', at), []);
    await expect(404, parties.reader.call('POST', `${api(at)}/objects/${one.id}/recall`, { reason: 'Not mine' }));
    const token = join(site.dir, 'reader.token');
    writeFileSync(token, parties.reader.token);
    const listed = JSON.parse(sluice(['recalls', 'list', '--open', '--json', '--site', site.url, '--token-file', token]).stdout);
    assert.deepEqual(listed.items.filter((item) => item.id === made.id).map(({ object, kind, reason }) => [object, kind, reason]), [[one.id, 'recalled', 'A false positive']]);
    sluice(['recalls', 'acknowledge', made.id, '--done', 'kept', '--reason', 'Evidence in a case of ours', '--site', site.url, '--token-file', token]);
    await expect(404, parties.served.call('POST', `/api/v1/threats/recalls/${made.id}/acknowledge`, { done: 'deleted', passed_on_to: [] }));
    const seen = await expect(200, parties.writer.call('GET', `${api(at)}/objects/${one.id}/deliveries`));
    assert.deepEqual(seen.recalls[0].counts, { told: 2, answered: 1, deleted: 0, kept: 1, passed_on: 0 });
    assert.deepEqual(seen.recalls[0].told.map(({ organisation, done }) => [organisation, done]), [[parties.reader.org, 'kept']]);   // the guest is a number
      const by_site = await expect(200, admin.call('GET', `${api(at)}/objects/${one.id}/deliveries`));
    assert.equal(by_site.recalls[0].told.length, 2);
    const hidden = await parties.reader.call('GET', `${api(at)}/objects/${one.id}/deliveries`), never = await parties.reader.call('GET', `${api(at)}/objects/tool--2dda25c8-933c-4944-9185-ba707ff863c0/deliveries`);
    assert.equal(hidden.status, 404);
    assert.equal(hidden.text.replaceAll(/q_\w+/g, ''), never.text.replaceAll(/q_\w+/g, ''));
  });
  test('a revoked version and a deletion are told as well', async () => {
    const at = add(), one = marked(indicator(), 'green'), other = marked(tool(), 'green');
    await clients.writer.add(at, [one, other]);
    await all('reader', at);
    await clients.writer.add(at, [{ ...version(one, 1), revoked: true }]);
    await clients.writer.ask('DELETE', `collections/${at}/objects/${other.id}/`);
    const { items } = await expect(200, parties.reader.call('GET', '/api/v1/threats/recalls'));
    assert.deepEqual(items.filter((item) => item.collection === at).map(({ object, kind }) => [object, kind]).toSorted(), [[one.id, 'revoked'], [other.id, 'deleted']].toSorted());
    assert.deepEqual((await expect(200, parties.guest.call('GET', '/api/v1/threats/recalls'))).items.filter((item) => item.collection === at), []);
  });
});

test('AMBER reaches a member’s clients, AMBER+STRICT does not', async () => {
  const at = add(), amber = marked(tool(), 'amber'), strict = marked(tool(), 'strict');
  await clients.writer.add(at, [amber, strict]);
  assert.deepEqual(await all('served', at), []);
  await expect(200, parties.reader.call('POST', `/api/v1/organisations/${parties.reader.org}/clients`, { client: parties.served.org, is_client: true }));
  assert.deepEqual(await all('served', at), [amber]);
  assert.deepEqual(await all('guest', at), []);
  assert.deepEqual((await expect(200, parties.reader.call('GET', `/api/v1/organisations/${parties.reader.org}/clients`))).items.map((one) => one.organisation), [parties.served.org]);
  await expect(403, parties.guest.call('GET', `/api/v1/organisations/${parties.reader.org}/clients`));
});

async function until(holds) {
  for (let i = 0; i < 600; ++i) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('it never came');
}
