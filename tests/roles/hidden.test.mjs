// What is hidden leaves no trace: two worlds that differ in a hidden case alone, and hidden parts of a case that is visible.
import assert from 'node:assert/strict';
import * as runner from 'node:test';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { expect } from '../lib/site.mjs';
import { Cast, never } from './cast.mjs';
import { forget, world } from './worlds.mjs';

// This file is its own second program: threads play the worlds, and the one with the tests waits for what they saw.
const test = isMainThread ? runner.test : () => {};

// SLUICE_SEEDS pairs of worlds, shared out among threads; SLUICE_SEED=<seed> plays one again, which a failure names.
const seeds = process.env.SLUICE_SEED ? [Number(process.env.SLUICE_SEED)] : Array.from({ length: Number(process.env.SLUICE_SEEDS ?? 20) }, (_, i) => 1000 + i);
const threads = 2;

test(`two worlds, with and without hidden cases, compartments, participants and reports: ${seeds.length} times, each viewer observes equal bytes`, { timeout: 600_000 + seeds.length * 300_000 }, async () => {
  const all = await Promise.all(Array.from({ length: threads }, (_, n) => new Promise((resolve, reject) =>
    new Worker(new URL(import.meta.url), { workerData: seeds.filter((_, i) => i % threads === n) }).once('message', resolve).once('error', reject).once('exit', reject))));
  const wrong = all.flatMap((one) => one.wrong);
  assert.equal(wrong.length, 0, `SLUICE_SEED=<seed> plays it again\n${wrong.join('\n')}`);
  const [observed, acts] = ['observed', 'acts'].map((what) => all.reduce((sum, one) => sum + one[what], 0));
  assert.ok(observed >= seeds.length * 200, `${observed} observations`);
  assert.ok(acts >= seeds.length * 20, `${acts} hidden acts`);
});

// What one thread does: some pairs at a time, so that one waits while the other's server works.
async function played(queue) {
  const wrong = [];
  let observed = 0, acts = 0;
  const play = async (seed) => {
    const [plain, busy] = await Promise.all([world(seed, false), world(seed, true)]);
    observed += plain.log.length;
    acts += busy.acts;
    // What the comparison rests on: something was seen and heard at all, and something was hidden.
    if (!plain.known || plain.heard === 0 || plain.acts !== 0 || busy.acts < 20) wrong.push(`seed ${seed}: seen ${plain.known}, heard ${plain.heard}, hidden acts ${plain.acts} and ${busy.acts}`);
    if (plain.log.length !== busy.log.length) wrong.push(`seed ${seed}: ${plain.log.length} and ${busy.log.length} observations`);
    const differs = plain.log.map(([what, text], i) => [what, text, ...(busy.log[i] ?? [])]).filter(([what, a, other, b]) => what !== other || a !== b);
    for (const [what, a, , b] of differs.slice(0, 4)) wrong.push(`seed ${seed}, ${what} (${differs.length} differ):\n${difference(a, b ?? '')}`);
  };
  for (let seed; wrong.length < 12 && (seed = queue.shift()) !== undefined;) await play(seed).catch((error) => wrong.push(`seed ${seed}: ${error.stack}`));
  await forget();
  return { wrong, observed, acts };
}
// Where two texts part, with what stands around.
function difference(a, b) {
  let at = 0;
  while (at < a.length && a[at] === b[at]) ++at;
  return `  without: …${a.slice(Math.max(0, at - 200), at + 300)}\n  with:    …${b.slice(Math.max(0, at - 200), at + 300)}`;
}

test('what a participant may not see inside its own case is like an id that never was', { timeout: 600_000 }, async (t) => {
  const cast = new Cast();
  t.after(() => cast.site.remove());
  await cast.start();
  const scene = await cast.scene('vendor admin', 'active', 1);
  const kase = `/api/v1/cases/${scene.paths.case}`;
  const vendor = (verb, path, body, headers) => cast.site.call(scene.token, verb, path, body, headers);
  const { thread } = await expect(201, cast.as('owner', 'POST', `${kase}/threads`, { audience: 'coordination', topic: 'Internal', text: 'For coordination.' }));
  const { file } = await expect(201, cast.as('owner', 'POST', `${kase}/files?name=internal.txt&audience=coordination`, new TextEncoder().encode('internal')));
  const { thread: theirs } = await expect(201, cast.as('peer', 'POST', `${kase}/threads`, { audience: `org:${cast.orgs.peer.id}`, topic: 'Peer', text: 'For the peer.' }));
  await expect(200, cast.as('site', 'POST', '/api/v1/demo/tick'));
  const timeline = await expect(200, cast.as('owner', 'GET', `${kase}/timeline`));
  const entry = timeline.items.find((line) => line.compartment === 'coordination').entry;
  const { advisory, release } = scene.paths;
  const tries = [
    ['GET', (id) => `files/${id}`, 'f', file], ['POST', (id) => `threads/${id}/messages`, 'h', thread, { text: 'x' }], ['POST', (id) => `threads/${id}/messages`, 'h', theirs, { text: 'x' }],
    ['GET', (id) => `entries/${id}/receipt`, 'e', entry],
    // The owner's advisory lies in coordination; a vendor's own right is for its own (rights.md: o).
    ['POST', (id) => `advisories/${id}/versions/1/approve`, 'a', advisory, { hash: scene.hash }],
    ['POST', () => 'releases', 'a', advisory, (id) => ({ advisory: id, version: 1, instant: '2042-01-01T00:00:00Z' })],
  ];
  const wrong = [];
  for (const [verb, path, letter, id, body] of tries) {
    const unknown = `${id.slice(0, 2)}${never('x').slice(2)}`;
    const of = (one) => (typeof body === 'function' ? body(one) : body);
    const a = await vendor(verb, `${kase}/${path(id)}`, of(id));
    const b = await vendor(verb, `${kase}/${path(unknown)}`, of(unknown));
    const plain = (text) => text.replaceAll(/q_[0-9a-z]{26}/g, '').replaceAll(id, 'ID').replaceAll(unknown, 'ID');
    if (a.status !== b.status || plain(a.text) !== plain(b.text)) wrong.push(`${verb} ${path(id)}: ${a.status} ${a.text.slice(0, 160)}; an id that never was: ${b.status} ${b.text.slice(0, 160)}`);
  }
  // That a release is planned is shared, but the plan isn't the vendor's to hold (rights.md: o).
  const hold = await vendor('POST', `${kase}/releases/${release}/hold`, { why: 'x' });
  if (![403, 404].includes(hold.status)) wrong.push(`a vendor holds the owner's release: ${hold.status} ${hold.text.slice(0, 200)}`);
  assert.equal(wrong.length, 0, wrong.join('\n'));
});

test('to who acts for another organisation a case is not there, whatever its organisations share', { timeout: 600_000 }, async (t) => {
  const cast = new Cast();
  t.after(() => cast.site.remove());
  await cast.start();
  const scene = await cast.scene('vendor admin', 'active', 1);
  const kase = `/api/v1/cases/${scene.paths.case}`;
  await expect(200, cast.site.call(scene.token, 'GET', kase));
  await expect(200, cast.as('owner', 'POST', `${kase}/participants/${cast.orgs.member.id}/remove`, { why: 'not essential any more' }));
  // At once, on every way: the case, its parts, the list, the page.
  assert.equal((await cast.site.call(scene.token, 'GET', kase)).status, 404);
  assert.equal((await cast.site.call(scene.token, 'GET', `${kase}/files/${scene.paths.file}`)).status, 404);
  assert.equal((await expect(200, cast.site.call(scene.token, 'GET', '/api/v1/cases'))).items.length, 0);
  assert.equal((await cast.site.call(scene.token, 'GET', `/cases/${scene.paths.case}`)).status, 404);
});

if (!isMainThread) parentPort.postMessage(await played(workerData));
