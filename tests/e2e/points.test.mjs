// Scores, doubts, points and the tables of an alliance, through the real binary: what a member's analyst does with `sluice points` and with the API alone.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { Site, expect, sluice } from '../lib/site.mjs';
import { Client, indicator, marked, when } from '../lib/taxii.mjs';

const published = watch();
const site = new Site();
let first, second, third, vendor, judge, collection;
const at = (id, rest) => `/api/v1/threats/collections/indicators/objects/${id}/${rest}`;
const taxii = (party) => new Client(site, party.token);
const find = (address, more = {}) => marked(indicator({ pattern: `[ipv4-addr:value = '${address}']`, ...more }), 'green');
const sighting = (of) => marked({ type: 'sighting', spec_version: '2.1', id: `sighting--${crypto.randomUUID()}`, created: when(0), modified: when(0), sighting_of_ref: of }, 'green');
const score = async (party, id, query = '') => expect(200, party.call('GET', at(id, `score${query}`)));
const points_of = (scored, name) => scored.parts.filter(({ part }) => part === name).reduce((sum, { points }) => sum + points, 0);
// A verb of the command line, asked of the site by one party.
const points = (party, verb, ...more) => {
  const token = join(site.dir, `${party.org}.token`);
  writeFileSync(token, party.token, { mode: 0o600 });
  return sluice(['points', verb, ...more, '--site', site.url, '--token-file', token], { ok: false });
};

before(async () => {
  [first, second, third] = ['First', 'Second', 'Third'].map((name) => site.party(name, 'member'));
  vendor = site.party('Guest', 'vendor');
  judge = site.client({ org: site.organisation, person: site.person(site.organisation, 'Jo', 'staff') });
  collection = sluice(['collection', 'add', '--data', site.data, '--title', 'Indicators', '--read', '*', '--write', '*', '--alias', 'indicators']).last;
  await site.serve();
});
after(() => site.remove());

test('a score has parts with reasons, grows by what others say, and is what it was as of then', async () => {
  const one = find('45.83.64.20');
  await taxii(first).add(collection, [one]);
  const before_others = await score(first, one.id);
  assert.equal(before_others.parts.reduce((sum, { points }) => sum + points, 0), before_others.fresh);
  assert.ok(before_others.parts.every(({ reason }) => reason.length > 0));
  assert.match(before_others.table, /^sha256:[0-9a-f]{64}$/);
  assert.equal(points_of(before_others, 'novelty'), 15_000);
  await taxii(second).add(collection, [find('45.83.64.20'), sighting(one.id)]);
  const now = await score(first, one.id);
  assert.equal(points_of(now, 'corroboration'), 7_000);
  assert.equal(points_of(now, 'sightings'), 4_000);
  assert.deepEqual(await score(first, one.id, `?at=${encodeURIComponent(before_others.at)}`), before_others);
  const list = await expect(200, first.call('GET', '/api/v1/threats/collections/indicators/scores?limit=1'));
  assert.equal(list.items.length, 1);
  assert.ok(list.next);
  const rest = await expect(200, first.call('GET', `/api/v1/threats/collections/indicators/scores?added_after=${encodeURIComponent(list.next)}`));
  assert.ok(!rest.items.some(({ object }) => object === list.items[0].object));
  for (const query of ['?at=yesterday', `?at=2999-01-01T00:00:00Z`]) await expect(422, first.call('GET', at(one.id, `score${query}`)));
});

test('what is not met has no score: hidden and never there are the same answer', async () => {
  const red = marked(indicator({ pattern: "[ipv4-addr:value = '45.83.64.21']" }), 'red');
  await taxii(second).add(collection, [red]);
  await score(second, red.id);
  const plain = (answer) => ({ status: answer.status, text: answer.text.replaceAll(/q_[0-9a-z]{26}/g, '') });
  assert.deepEqual(plain(await first.call('GET', at(red.id, 'score'))), plain(await first.call('GET', at(`indicator--${crypto.randomUUID()}`, 'score'))));
  await expect(404, first.call('POST', at(red.id, 'doubts'), { reason: 'a guess' }));
});

test('a doubt is decided by a person of the site, and what is noise costs its sender', async () => {
  const one = find('45.83.64.22');
  await taxii(first).add(collection, [one]);
  await expect(409, first.call('POST', at(one.id, 'doubts'), { reason: 'mine' }));
  await expect(201, second.call('POST', at(one.id, 'doubts'), { reason: 'our own scanner' }));
  assert.equal(points_of(await score(third, one.id), 'false positives'), -10_000);
  await expect(403, third.call('POST', at(one.id, 'doubts/decide'), { is_proven: true, why: 'I say so' }));
  const waiting = await expect(200, judge.call('GET', '/api/v1/threats/collections/indicators/doubts'));
  assert.deepEqual(waiting.items.map(({ object, is_own }) => ({ object, is_own })), [{ object: one.id, is_own: false }]);
  assert.ok(!JSON.stringify(waiting).includes(second.org), 'who doubts is told to nobody');
  assert.deepEqual((await expect(200, third.call('GET', '/api/v1/threats/collections/indicators/doubts'))).items, []);
  await expect(200, judge.call('POST', at(one.id, 'doubts/decide'), { is_proven: true, why: 'it is a scanner' }));
  await expect(409, judge.call('POST', at(one.id, 'doubts/decide'), { is_proven: true, why: 'again' }));
  assert.equal(points_of(await score(third, one.id), 'false positives'), -60_000);
  const mine = await expect(200, first.call('GET', '/api/v1/threats/points'));
  assert.deepEqual(mine.lines.filter(({ reason }) => reason.includes('noise')).map(({ of, points }) => [of, points]), [[one.id, -10_000]]);
  const theirs = await expect(200, second.call('GET', '/api/v1/threats/points'));
  assert.ok(theirs.lines.some(({ of, reason }) => of === one.id && reason.includes('validated')));
});

test('more than half of the members bring a table into force; a vendor has no vote', async () => {
  const { quality, standing, members } = await expect(200, first.call('GET', '/api/v1/threats/tables'));
  assert.equal(members, 3);
  assert.deepEqual(standing.steps ?? [], []);
  const proposal = { kind: 'quality', table: { ...quality, description: 1_000 }, why: 'names say little' };
  await expect(403, vendor.call('POST', '/api/v1/threats/tables', proposal));
  const refused = await expect(422, first.call('POST', '/api/v1/threats/tables', { ...proposal, table: { ...quality, warning: 5 } }));
  assert.ok(JSON.stringify(refused).includes('/table/warning'));
  const { id } = await expect(201, first.call('POST', '/api/v1/threats/tables', proposal));
  await expect(200, second.call('POST', `/api/v1/threats/tables/${id}/vote`, { yes: true }));
  await expect(409, third.call('POST', `/api/v1/threats/tables/${id}/vote`, { yes: false }));
  const now = await expect(200, third.call('GET', '/api/v1/threats/tables'));
  assert.equal(now.quality.description, 1_000);
  assert.deepEqual(now.proposals.map(({ state }) => state), ['in_force']);
});

test('the same from the command line', async () => {
  const one = find('45.83.64.23');
  await taxii(first).add(collection, [one]);
  const shown = points(second, 'score', one.id, '--collection', 'indicators');
  assert.equal(shown.status, 0, shown.stderr);
  assert.match(shown.stdout, /^\d+\.\d{3} of 100 at /);
  assert.match(shown.stdout, /novelty: 1 of 1 value not held before/);
  assert.equal(points(second, 'doubt', one.id, '--collection', 'indicators', '--reason', 'a resolver').status, 0);
  assert.match(points(second, 'doubts', 'indicators').stdout, /waits {2}a resolver/);
  assert.equal(points(judge, 'decide', one.id, '--collection', 'indicators', '--as', 'none', '--why', 'it is no resolver').stdout.trim(), 'It is none.');
  assert.match(points(first, 'mine').stdout, /points in \d+ days/);
  assert.match(points(first, 'mine').stdout, /Counted are hours that are over: what was sent after \d{4}-\d\d-\d\dT\d\d:00:00(?:\.0+)?Z counts when its hour is over\./);
  assert.ok(points(first, 'scores', 'indicators').stdout.includes(one.id));
  const table = JSON.parse(points(first, 'tables', '--print', 'contribution').stdout);
  writeFileSync(join(site.dir, 'table.json'), JSON.stringify({ ...table, validated: 4_000 }));
  const proposed = points(third, 'propose', join(site.dir, 'table.json'), '--kind', 'contribution', '--why', 'validating is worth more');
  assert.equal(proposed.status, 0, proposed.stderr);
  assert.equal(points(first, 'vote', proposed.stdout.trim(), '--as', 'yes').status, 0);
  assert.match(points(first, 'tables').stdout, /contribution {2}in_force {2}2 for, 0 against, of 3/);
  assert.equal(points(first, 'score', 'indicator--nothing', '--collection', 'indicators').status !== 0, true);
});

test('every answer, and every body that was taken, was as the OpenAPI file says', async () => {
  assert.deepEqual(await published.faults(), []);
  const seen = await published.seen();
  const here = ['GET /api/v1/threats/collections/{collection}/objects/{object}/score', 'POST /api/v1/threats/collections/{collection}/objects/{object}/doubts', 'POST /api/v1/threats/collections/{collection}/objects/{object}/doubts/decide',
    'POST /api/v1/threats/tables', 'POST /api/v1/threats/tables/{proposal}/vote'];
  assert.deepEqual(here.filter((op) => !seen.has(op)), []);
});
