// Looking a value up, an object with what belongs to it, and a look before sharing: with the command line and over HTTP, against the real binary.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Site, expect, sluice } from '../lib/site.mjs';
import { Client, indicator, marked, tool, when } from '../lib/taxii.mjs';

const site = new Site();
const file = (name, text) => { const path = join(site.dir, name); writeFileSync(path, text); return path; };
let writer, reader, stranger, box, flags;
const bad = marked(indicator({ name: 'A bad host', pattern: "[ipv4-addr:value = '203.0.113.77' OR domain-name:value = 'evil.example']" }), 'green');
const secret = marked(indicator({ pattern: "[ipv4-addr:value = '203.0.113.99']" }), 'red');
const used = marked(tool({ name: 'A loader' }), 'green');
const relation = marked({ type: 'relationship', spec_version: '2.1', id: 'relationship--11111111-2222-4333-8444-555555555555', created: when(0), modified: when(0), relationship_type: 'indicates', source_ref: bad.id, target_ref: used.id }, 'green');
const sighting = marked({ type: 'sighting', spec_version: '2.1', id: 'sighting--11111111-2222-4333-8444-666666666666', created: when(0), modified: when(0), sighting_of_ref: bad.id, count: 5 }, 'green');

before(async () => {
  [writer, reader] = ['Writer', 'Reader'].map((name) => site.party(name, 'member'));
  stranger = site.party('Stranger', 'member');
  const both = `${writer.org},${reader.org}`;
  box = sluice(['collection', 'add', '--data', site.data, '--title', 'Shared', '--read', both, '--write', both, '--alias', 'shared']).last;
  await site.serve();
  await new Client(site, writer.token).add('shared', [bad, secret, used, relation, sighting]);
  flags = ['--site', site.url, '--token-file', file('token', reader.token)];
});
after(() => site.remove());

const asked = async (who, ...values) => (await expect(200, who.call('POST', '/api/v1/threats/lookup', { values }))).items;

describe('over HTTP', () => {
  test('a value is found in any spelling, with its sightings', async () => {
    for (const [item] of [await asked(reader, '203.0.113[.]77'), await asked(reader, '::ffff:203.0.113.77'), await asked(reader, 'EVIL[.]example')]) {
      assert.deepEqual(item.objects.map((one) => one.id), [bad.id]);
      assert.equal(item.objects[0].tlp, 'TLP:GREEN');
      assert.equal(item.objects[0].own, false);
      assert.deepEqual(item.sightings.map((one) => [one.id, one.count]), [[sighting.id, 5]]);
    }
  });
  test('what is hidden is answered as what never was', async () => {
    const same = ([item]) => ({ ...item, asked: '', values: [], known_benign: [] });
    assert.deepEqual(same(await asked(reader, '203.0.113.99')), same(await asked(reader, '203.0.113.98')));
    assert.deepEqual(same(await asked(stranger, '203.0.113.77')), same(await asked(stranger, '203.0.113.98')));
    assert.equal((await asked(writer, '203.0.113.99'))[0].objects.length, 1);
    const hidden = await stranger.call('POST', '/api/v1/threats/lookup', { values: ['203.0.113.77'], collection: 'shared' });
    const never = await stranger.call('POST', '/api/v1/threats/lookup', { values: ['203.0.113.77'], collection: 'shaxxx' });
    assert.equal(hidden.status, 404);
    assert.equal(hidden.text.replace(/q_[0-9a-z]{26}/g, ''), never.text.replace(/q_[0-9a-z]{26}/g, ''));
  });
  test('a network shows what lies in it', async () => {
    const [item] = await asked(reader, '203.0.113.64/26');
    assert.deepEqual(item.objects.map((one) => [one.id, one.how, one.through.value]), [[bad.id, 'inside', '203.0.113.77']]);
    assert.equal((await asked(reader, '203.0.0.0/8'))[0].too_wide, true);
  });
  test('what is wrong with a question is said, and nothing gets a 5xx', async () => {
    for (const body of [{}, { values: [] }, { values: Array(101).fill('a') }, { values: ['a'], kind: 'nonsense' }, { values: ['a'], most: 0 }, { values: [7] }, { values: ['a'], other: 1 }, []])
      await expect(422, reader.call('POST', '/api/v1/threats/lookup', body)).catch((error) => assert.match(error.message, /got 4\d\d/));
    for (const value of ['', '\u0000', 'ÿ', 'a'.repeat(9000), '[', '0.0.0.0/0', '::/0', 'http://[::1', '\ud800'.toWellFormed()]) await asked(reader, value);
    for (const depth of ['4', '-1', 'x', '']) assert.ok((await reader.call('GET', `/api/v1/threats/collections/shared/objects/${bad.id}?depth=${depth}`)).status < 500);
  });
  test('an object comes with what belongs to it, as far as its reader meets it', async () => {
    const seen = await expect(200, reader.call('GET', `/api/v1/threats/collections/shared/objects/${bad.id}`));
    assert.deepEqual(seen.object, bad);
    assert.deepEqual(seen.values, [{ kind: 'domain-name', value: 'evil.example' }, { kind: 'ipv4-addr', value: '203.0.113.77' }]);
    assert.deepEqual(seen.graph.nodes.map((one) => one.id).sort(), [bad.id, used.id, sighting.id].sort());
    assert.ok(seen.graph.edges.some((one) => one.source === bad.id && one.target === used.id && one.label === 'indicates' && one.relationship === relation.id));
    await expect(404, reader.call('GET', `/api/v1/threats/collections/shared/objects/${secret.id}`));
    await expect(404, stranger.call('GET', `/api/v1/threats/collections/${box}/objects/${bad.id}`));
  });
  test('without sign-in there is nothing', async () => {
    await expect(401, site.call(undefined, 'POST', '/api/v1/threats/lookup', { values: ['203.0.113.77'] }));
  });
});

describe('on the command line', () => {
  test('lookup takes values and files', () => {
    const found = JSON.parse(sluice(['threat', 'lookup', '203.0.113[.]77', 'nothing.example', ...flags, '--json']).stdout);
    assert.deepEqual(found.items.map((one) => one.objects.length), [1, 0]);
    const listed = sluice(['threat', 'lookup', '--file', file('values', '# ours\n203.0.113.77\n\nnothing.example\r\n'), ...flags]).stdout;
    assert.match(listed, new RegExp(bad.id));
    assert.match(listed, /Nothing is shared about it that you may read/);
    assert.equal(sluice(['threat', 'lookup', ...flags], { ok: false }).status, 2);
  });
  test('show and graph, in each form', () => {
    assert.match(sluice(['threat', 'show', bad.id, '--collection', 'shared', ...flags]).stdout, /indicates/);
    const graph = (format) => sluice(['threat', 'graph', bad.id, '--collection', 'shared', '--format', format, '--depth', '2', ...flags]).stdout;
    assert.match(graph('text'), /-- indicates -> tool {2}A loader/);
    assert.match(graph('dot'), /^digraph/);
    assert.match(graph('svg'), /^<svg /);
    assert.equal(JSON.parse(graph('json')).nodes.length, 3);
    assert.equal(sluice(['threat', 'show', secret.id, '--collection', 'shared', ...flags], { ok: false }).status, 3);
  });
  test('check warns of what is known as harmless, offline, and of what is shared already, online', () => {
    const bundle = file('bundle.json', JSON.stringify({ type: 'bundle', id: 'bundle--11111111-2222-4333-8444-777777777777', objects: [indicator({ pattern: "[ipv4-addr:value = '10.0.0.1']" }), indicator({ pattern: "[ipv4-addr:value = '203.0.113.77']" })] }));
    const lines = sluice(['threat', 'check', bundle, '--json']).stdout.trim().split('\n').map((line) => JSON.parse(line));
    assert.equal(lines.length, 2);
    assert.ok(lines[0].values[0].known_benign.length > 0);
    assert.equal(sluice(['threat', 'check', bundle, '--strict'], { ok: false }).status, 1);
    const online = sluice(['threat', 'check', bundle, '--collection', 'shared', ...flags]).stdout;
    assert.match(online, new RegExp(`Shared already: .*${bad.id}`));
  });
});
