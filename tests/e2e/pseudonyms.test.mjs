// Sharing under a pseudonym, through the real binary: what readers see, what is refused and why, that the sender goes on managing what it sent, who learns whose it is, and that nothing else tells.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { sign_in } from '../lib/operations.mjs';
import { Site, expect, files_below, sluice } from '../lib/site.mjs';
import { Client, indicator, marked, version, when } from '../lib/taxii.mjs';

const published = watch();
const site = new Site({ demo: true });
const names = ['Aurelia Power', 'Borealis Grid', 'Cascade Energy', 'Delphi Utilities'];
const members = [];
let admin, clock, collection, pseudonym, identity, counsel, trustees, token_of_bound, bound_id;

const api = (rest = '') => `/api/v1/threats/collections/indicators${rest}`;
const objects = 'collections/indicators/objects/';
const find = (address, more = {}) => marked(indicator({ pattern: `[ipv4-addr:value = '${address}']`, ...more }), 'green');
const taxii = (party) => new Client(site, party.token);
const under = (name) => ({ headers: { 'sluice-pseudonym': name } });
// Posts an envelope under a pseudonym; the status.
const add_under = async (party, name, list, failures = 0) => {
  const answer = await taxii(party).ask('POST', objects, { body: { objects: list }, ...under(name) });
  assert.equal(answer.status, 202, answer.text);
  assert.equal(answer.json.failure_count, failures, answer.text);
  return answer.json;
};
const verb = (party, ...args) => {
  const token = join(site.dir, `${party.org}.token`);
  writeFileSync(token, party.token, { mode: 0o600 });
  return sluice([...args, '--site', site.url, '--token-file', token], { ok: false });
};
const all = (party) => taxii(party).all(objects, 'match[version]=all');
const go_on = async (minutes) => {
  clock = new Date(Date.parse(clock) + minutes * 60_000).toISOString().replace(/\.\d+/, '');
  await expect(200, site.call(admin.token, 'POST', '/api/v1/demo/clock', { to: clock }));
};

before(async () => {
  for (const name of names) members.push(site.party(name, 'member'));
  admin = site.client({ org: site.organisation, person: site.person(site.organisation, 'Administrator', 'admin') });
  const office = site.org('Office of the trustee', 'authority');
  trustees = [site.person(office, 'Tess', 'trustee'), site.person(office, 'Theo', 'trustee')];
  counsel = site.person(site.organisation, 'Carla', 'counsel');
  collection = sluice(['collection', 'add', '--data', site.data, '--title', 'Indicators', '--read', '*', '--write', members.map((one) => one.org).join(','), '--alias', 'indicators']).last;
  await site.serve();
  clock = new Date(Date.now() + 86_400_000).toISOString();
  await go_on(0);
  // A profile with a seat and a sector, as each member states its own.
  for (const [i, party] of members.entries()) {
    const card = await site.call(party.token, 'GET', `/api/v1/organisations/${party.org}`);
    await expect(200, site.call(party.token, 'PUT', `/api/v1/organisations/${party.org}`, { name: names[i], country: i < 3 ? 'DE' : 'FR', sectors: ['energy'], contacts: [{ kind: 'security', uri: `mailto:soc@${names[i].split(' ')[0].toLowerCase()}.example` }] }, { 'if-match': card.headers.get('etag') }));
  }
  trustees.office = office;
});
after(() => site.remove());

describe('a collection takes pseudonyms only where enough members hide one', () => {
  test('without a policy it takes none', async () => {
    assert.match((await expect(409, members[0].call('POST', api('/pseudonyms')))).detail, /nothing under a pseudonym/);
    assert.deepEqual(await expect(200, members[0].call('GET', api('/pseudonyms'))), { items: [] });
  });
  test('a policy is the site administrator’s', async () => {
    const policy = { k: 5, says: 'sector_and_region', apart_minutes: 0, trustee: trustees.office };
    await expect(403, members[0].call('POST', api('/pseudonyms/policy'), policy));
    await expect(422, admin.call('POST', api('/pseudonyms/policy'), { ...policy, k: 1 }));
    await expect(200, admin.call('POST', api('/pseudonyms/policy'), policy));
  });
  test('four members are too few for k = 5, and enough for 4', async () => {
    assert.match((await expect(409, members[0].call('POST', api('/pseudonyms')))).detail, /Fewer than 5 members/);
    const set = verb(admin, 'pseudonym', 'policy', '--collection', 'indicators', '--k', '4', '--says', 'sector_and_region', '--apart', '0', '--trustee', trustees.office);
    assert.equal(set.status, 0, set.stderr);
    const taken = verb(members[0], 'pseudonym', 'take', '--collection', 'indicators');
    assert.equal(taken.status, 0, taken.stderr);
    pseudonym = taken.last;
    assert.match(pseudonym, /^member-[0-9a-f]{16}$/);
    const { items } = await expect(200, members[0].call('GET', api('/pseudonyms')));
    ({ identity } = items[0]);
    assert.deepEqual([items[0].name, items[0].sector, items[0].region, items[0].among, items[0].in_use], [pseudonym, 'energy', 'western-europe', 4, true]);
    assert.match(verb(members[0], 'pseudonym', 'list', '--collection', 'indicators').stdout, /energy, western-europe/);
  });
  test('to others it is one that never was', async () => {
    const never = 'member-0000000000000000';
    const plain = (answer) => ({ status: answer.status, text: answer.text.replaceAll(/q_[0-9a-z]{26}/g, '') });
    for (const name of [pseudonym, never]) {
      assert.deepEqual(plain(await taxii(members[1]).ask('POST', objects, { body: { objects: [find('45.83.64.1')] }, ...under(name) })), plain(await taxii(members[1]).ask('POST', objects, { body: { objects: [find('45.83.64.1')] }, ...under(never) })));
      await expect(404, members[1].call('POST', `/api/v1/threats/pseudonyms/${name}/tokens`, { token: 't_00000000000000000000000000' }));
    }
    assert.deepEqual((await expect(200, members[1].call('GET', api('/pseudonyms')))).items, []);
  });
});

const one = find('45.83.64.10'), two = find('45.83.64.11');

describe('readers see the pseudonym and no more', () => {
  test('an envelope by header, one by the command line, one by a bound token that any client may have', async () => {
    await add_under(members[0], pseudonym, [{ ...one, created_by_ref: identity }]);
    const file = join(site.dir, 'two.json'), token = join(site.dir, 'push.token');
    writeFileSync(file, JSON.stringify({ objects: [two] }));
    writeFileSync(token, members[0].token, { mode: 0o600 });
    const pushed = sluice(['taxii', 'push', `${site.url}/taxii2/`, file, '--collection', 'indicators', '--pseudonym', pseudonym, '--token-file', token], { ok: false });
    assert.equal(pushed.status, 0, pushed.stderr);
    const session = await sign_in(site, members[0].person);
    const made = await expect(201, site.call(undefined, 'POST', '/api/v1/tokens', { scopes: 'collection_read collection_write' }, session));
    const wide = await expect(201, site.call(undefined, 'POST', '/api/v1/tokens', { scopes: 'collection_write case_read' }, session));
    await expect(422, members[0].call('POST', `/api/v1/threats/pseudonyms/${pseudonym}/tokens`, { token: wide.id }));
    assert.equal(verb(members[0], 'pseudonym', 'bind', pseudonym, '--token', made.id).status, 0);
    await expect(409, members[0].call('POST', `/api/v1/threats/pseudonyms/${pseudonym}/tokens`, { token: made.id }));
    [token_of_bound, bound_id] = [made.token, made.id];
    await new Client(site, token_of_bound).add('indicators', [find('45.83.64.12')]);
  });
  test('a bound token does nothing by name, and no other pseudonym’s work', async () => {
    const call = (...args) => site.call(token_of_bound, ...args);
    await expect(403, call('POST', api(`/objects/${one.id}/doubts`), { reason: 'by name' }));
    await expect(403, call('POST', api('/early'), { objects: [], at: clock, reason: 'by name' }));
    await expect(403, call('POST', api('/pseudonyms'), {}));
    await expect(403, call('POST', api(`/objects/${one.id}/recall`), { reason: 'x' }, { 'sluice-pseudonym': 'member-0000000000000000' }));
    await expect(403, members[0].call('POST', api(`/objects/${one.id}/doubts`), { reason: 'x' }, { 'sluice-pseudonym': pseudonym }));
  });
  test('the identity says the pseudonym, sector and region, and its hour is the day', async () => {
    const got = (await all(members[1])).find(({ id }) => id === identity);
    assert.deepEqual([got.name, got.sectors, got.type], [pseudonym, ['energy'], 'identity']);
    assert.match(got.description, /western-europe/);
    assert.match(got.created, /T00:00:00/);
  });
  // Whatever a reader can ask: nothing in it names the member, its people, its id or its domain.
  test('no answer to a reader names the member', async () => {
    const reader = members[1];
    const asked = [
      ...['objects/', 'manifest/', `objects/${one.id}/`, `objects/${one.id}/versions/`, ''].map((rest) => taxii(reader).get(`collections/indicators/${rest}`)),
      ...[`/objects/${one.id}`, `/objects/${one.id}/score`, '/scores', `/objects/${one.id}/deliveries`, '/doubts', '/pseudonyms', '/widenings'].map((rest) => reader.call('GET', api(rest))),
      reader.call('GET', '/api/v1/threats/points'), reader.call('GET', '/api/v1/threats/recalls'), reader.call('GET', '/api/v1/ledger/checkpoint'),
      reader.call('POST', '/api/v1/threats/lookup', { values: ['45.83.64.10'] }),
      taxii(reader).get('collections/indicators/stream/?wait=1&limit=5'),
    ];
    const own = [members[0].org, members[0].person, 'Aurelia', 'aurelia.example'];
    for (const answer of await Promise.all(asked))
      for (const word of own) assert.ok(!answer.text.includes(word), `${word} in ${answer.text.slice(0, 300)}`);
    const card = await expect(200, reader.call('GET', api(`/objects/${one.id}`)));
    assert.equal(card.pseudonym, pseudonym);
    assert.equal(card.own, false);
    assert.equal((await expect(200, members[0].call('GET', api(`/objects/${one.id}`)))).own, false);
  });
});

describe('what would give the sender away is refused, with what to do', () => {
  const refused = async (object, words) => assert.match((await add_under(members[0], pseudonym, [object], 1)).failures[0].message, words);
  test('its creator, its names, its domains, its machine', async () => {
    await refused(find('45.83.64.20', { created_by_ref: 'identity--11111111-1111-4111-8111-111111111111' }), /created_by_ref/);
    await refused(find('45.83.64.21', { description: 'Seen at AURELIA power’s plant' }), /names your organisation.*\/description/);
    await refused(find('45.83.64.22', { external_references: [{ source_name: 'report', url: 'https://www.aurelia.example/1' }] }), /domain/);
    await refused(find('45.83.64.23', { id: 'indicator--7f3b1c9e-1d1f-11ee-be56-0242ac120002' }), /machine/);
    await refused(marked(indicator({ pattern: "[ipv4-addr:value = '45.83.64.24']" }), 'red'), /own organisation alone/);
  });
  test('what it shared by name: the value, the object, what speaks of it; and the other way round', async () => {
    const named = find('45.83.64.30');
    await taxii(members[0]).add('indicators', [named]);
    await refused(find('45.83.64.30'), /shared a value of this under another name/);
    const sighting = (of) => marked({ type: 'sighting', spec_version: '2.1', id: `sighting--${crypto.randomUUID()}`, created: when(0), modified: when(0), sighting_of_ref: of }, 'green');
    await refused(sighting(named.id), /names an object that your organisation sent/);
    assert.match((await taxii(members[0]).add('indicators', [sighting(one.id)], 1)).failures[0].message, /under another name/);
    assert.match((await taxii(members[0]).add('indicators', [find('45.83.64.10')], 1)).failures[0].message, /under another name/);
    await taxii(members[1]).add('indicators', [sighting(one.id)]);
  });
  test('what would come too close in time to what came by name, as far as the collection asks', async () => {
    await expect(200, admin.call('POST', api('/pseudonyms/policy'), { k: 4, says: 'sector_and_region', apart_minutes: 30, trustee: trustees.office }));
    const soon = await taxii(members[0]).ask('POST', objects, { body: { objects: [find('45.83.64.40')] }, ...under(pseudonym) });
    assert.equal(soon.status, 409, soon.text);
    assert.match(soon.text, /less than 30 minutes ago/);
    await go_on(31);
    await add_under(members[0], pseudonym, [find('45.83.64.40')]);
    await taxii(members[0]).add('indicators', [find('45.83.64.41')]);   // by name nothing is held up: a pause would tell
    await expect(200, admin.call('POST', api('/pseudonyms/policy'), { k: 4, says: 'sector_and_region', apart_minutes: 0, trustee: trustees.office }));
  });
});

describe('a score counts sources by whose they are', () => {
  test('a pseudonymous find of another corroborates once', async () => {
    const theirs = find('45.83.64.10');
    await taxii(members[2]).add('indicators', [theirs]);
    const { parts } = await expect(200, members[1].call('GET', api(`/objects/${theirs.id}/score`)));
    assert.equal(parts.filter(({ part }) => part === 'corroboration').reduce((sum, { points }) => sum + points, 0), 7_000);
  });
});

describe('points are credited to the member, and shown to nobody else', () => {
  test('its own points rise by the package under its pseudonym; nobody else’s do', async () => {
    await go_on(120);
    const before_others = await expect(200, members[3].call('GET', '/api/v1/threats/points'));
    assert.equal(before_others.packages, 0);
    const own = await expect(200, members[0].call('GET', '/api/v1/threats/points'));
    assert.ok(own.lines.some(({ of }) => of.endsWith('/pseudonym')), JSON.stringify(own.lines));
    assert.ok(own.total > 0);
  });
});

describe('the sender goes on managing what it sent', () => {
  test('a version, a deletion and a recall under the pseudonym; by name they are another’s', async () => {
    await add_under(members[0], pseudonym, [version(two, 1)]);
    assert.match((await taxii(members[0]).add('indicators', [version(two, 2)], 1)).failures[0].message, /under another name|Another organisation/);
    await expect(404, members[0].call('POST', api(`/objects/${two.id}/recall`), { reason: 'mine' }));
    const seen = verb(members[0], 'recalls', 'deliveries', two.id, '--collection', 'indicators', '--pseudonym', pseudonym);
    assert.equal(seen.status, 0, seen.stderr);
    assert.match((await expect(422, members[0].call('POST', api(`/objects/${two.id}/recall`), { reason: 'Aurelia Power was wrong' }, { 'sluice-pseudonym': pseudonym }))).detail, /names your organisation/);
    await all(members[1]);
    const recalled = verb(members[0], 'recalls', 'send', two.id, '--collection', 'indicators', '--reason', 'It was a false positive', '--pseudonym', pseudonym);
    assert.equal(recalled.status, 0, recalled.stderr);
    const told = await members[1].call('GET', '/api/v1/threats/recalls');
    assert.ok(told.json.items.some(({ object, kind }) => object === two.id && kind === 'recalled'));
    for (const word of [members[0].org, members[0].person, 'Aurelia']) assert.ok(!told.text.includes(word));
    assert.equal((await taxii(members[0]).ask('DELETE', `${objects}${find('45.83.64.99').id}/`, under(pseudonym))).status, 404);
    const theirs = find('45.83.64.50');
    await taxii(members[1]).add('indicators', [theirs]);
    assert.equal((await taxii(members[0]).ask('DELETE', `${objects}${theirs.id}/`, under(pseudonym))).status, 404, 'nothing of others under a pseudonym');
  });
  test('a revocation under the pseudonym reaches those who fetched it', async () => {
    const three = find('45.83.64.60');
    await add_under(members[0], pseudonym, [three]);
    await all(members[1]);
    await add_under(members[0], pseudonym, [{ ...version(three, 1), revoked: true }]);
    assert.ok((await expect(200, members[1].call('GET', '/api/v1/threats/recalls'))).items.some(({ object, kind }) => object === three.id && kind === 'revoked'));
  });
  test('a newer pseudonym replaces it: the old one goes on with its own objects and sends no others', async () => {
    const { id: next } = await expect(201, members[0].call('POST', api('/pseudonyms')));
    assert.notEqual(next, pseudonym);
    assert.match((await add_under(members[0], pseudonym, [find('45.83.64.70')], 1)).failures[0].message, /replaced/);
    await add_under(members[0], pseudonym, [version(one, 1)].map((object) => ({ ...object, created_by_ref: identity })));
    assert.match((await add_under(members[0], next, [find('45.83.64.10')], 1)).failures[0].message, /under another name/);
    await add_under(members[0], next, [find('45.83.64.71')]);
    assert.equal((await new Client(site, token_of_bound).ask('POST', objects, { body: { objects: [find('45.83.64.72')] } })).json.failure_count, 1, 'a bound token never falls back to the name');
  });
});

describe('whose it is, two trustees say, on record', () => {
  let sessions, asking;
  const as = (session, path, method = 'GET', body = {}) => site.call(undefined, method, path, method === 'GET' ? undefined : body, session);
  test('nobody else asks or answers', async () => {
    sessions = await Promise.all([...trustees, counsel].map((person) => sign_in(site, person)));
    await expect(403, members[1].call('POST', `/api/v1/threats/pseudonyms/${pseudonym}/reveals`, { reason: 'curious' }));
    await expect(404, as(sessions[2], '/api/v1/threats/pseudonyms/member-0000000000000000/reveals', 'POST', { reason: 'no such one' }));
    const asked = await expect(201, as(sessions[2], `/api/v1/threats/pseudonyms/${pseudonym}/reveals`, 'POST', { reason: 'It shared a customer’s data' }).then((answer) => (answer.status === 202 ? { ...answer, status: 201 } : answer)));
    asking = asked.id;
    await expect(403, as(sessions[2], `/api/v1/threats/reveals/${asking}/agree`, 'POST'));
    const account = async (session) => (await site.call(undefined, 'GET', '/account', undefined, session)).text;
    assert.match(await account(sessions[2]), /Ask whose a pseudonym is/);
    assert.match(await account(sessions[0]), new RegExp(`${pseudonym}[^]*Agree: a second trustee then reveals it`));
    assert.doesNotMatch(await account(await sign_in(site, members[1].person)), /Whose a pseudonym is/);
  });
  test('one trustee isn’t enough; the second one’s word reveals it to who asked, and to the member that it was', async () => {
    const agree = (session) => as(session, `/api/v1/threats/reveals/${asking}/agree`, 'POST');
    assert.ok([200, 202].includes((await agree(sessions[0])).status));
    assert.equal((await as(sessions[2], '/api/v1/threats/reveals')).json.items[0].member, undefined);
    await expect(403, agree(sessions[0]));
    assert.ok([200, 202].includes((await agree(sessions[1])).status));
    for (const session of [sessions[2], sessions[0]]) assert.equal((await as(session, '/api/v1/threats/reveals')).json.items[0].member, members[0].org);
    await expect(409, agree(sessions[1]));
    const { items } = await expect(200, members[0].call('GET', api('/pseudonyms')));
    const told = items.find(({ name }) => name === pseudonym);
    assert.deepEqual([told.revealed.length, told.revealed[0].reason, told.revealed[0].asked_for], [1, 'It shared a customer’s data', site.organisation]);
    assert.ok(!(await members[1].call('GET', api('/pseudonyms'))).text.includes(members[0].org));
  });
  test('neither the reasons nor the pseudonym beside its member stand in clear on disk', () => {
    const files = files_below(site.data).map(([, bytes]) => bytes);
    assert.ok(files.some((bytes) => bytes.includes(pseudonym)), 'the name itself is what readers see');
    for (const words of ['shared a customer', `"member":"${members[0].org}"`, `"stands_for"`]) assert.ok(!files.some((bytes) => bytes.includes(words)), words);
  });
  test('a refusal says why, and reveals nothing', async () => {
    const again = await as(sessions[2], `/api/v1/threats/pseudonyms/${pseudonym}/reveals`, 'POST', { reason: 'Once more' });
    await expect(200, as(sessions[0], `/api/v1/threats/reveals/${again.json.id}/refuse`, 'POST', { why: 'There is no ground' }));
    const shown = (await as(sessions[2], '/api/v1/threats/reveals')).json.items.find(({ id }) => id === again.json.id);
    assert.deepEqual([shown.state, shown.why_refused, shown.member], ['refused', 'There is no ground', undefined]);
  });
});

describe('a pseudonym dies with the right that it rests on (ACC-7)', () => {
  test('a revoked token and a suspended person send nothing under it', async () => {
    await expect(200, site.call(undefined, 'POST', `/api/v1/tokens/${bound_id}/revoke`, {}, await sign_in(site, members[0].person)));
    assert.equal((await new Client(site, token_of_bound).ask('POST', objects, { body: { objects: [version(one, 3)] } })).status, 401);
    sluice(['person', 'suspend', '--data', site.data, '--person', members[0].person, '--org', members[0].org]);
    assert.equal((await taxii(members[0]).ask('POST', objects, { body: { objects: [version(one, 4)] }, ...under(pseudonym) })).status, 401);
  });
  test('and with too few members left to hide it, the rest of them can’t send under theirs', async () => {
    const { id } = await members[1].call('POST', api('/pseudonyms')).then(({ status, json }) => { assert.equal(status, 409); return json; });
    assert.equal(id, undefined);
  });
});

test('every answer is as the OpenAPI file says, and each operation was seen to succeed', async () => {
  assert.deepEqual(await published.faults(), []);
  const seen = await published.seen(), all_of_them = '/api/v1/threats/collections/{collection}/pseudonyms';
  for (const op of [`GET ${all_of_them}`, `POST ${all_of_them}`, `POST ${all_of_them}/policy`, 'POST /api/v1/threats/pseudonyms/{pseudonym}/reveals', 'GET /api/v1/threats/reveals',
    'POST /api/v1/threats/reveals/{reveal}/agree', 'POST /api/v1/threats/reveals/{reveal}/refuse']) assert.ok([...seen].includes(op), op);
});
