// A byte flips in a file of the data directory: in the database's log of writes after a crash, in a key file, in a head of the ledger that lies outside, in the site's own
// file. What is then read is what was written, or an error; whatever is lost with it, the verifier finds; the server never dies of it. (REL-10, KEY-3, AUD-6)
// Flips of the database's own file: tamper.test.mjs.
//
// A quarter of SLUICE_MUTATIONS (100) for each kind of file; SLUICE_SEED repeats a run's choices.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Site, binary, expect } from '../lib/site.mjs';
import { Chance, seed } from './chance.mjs';
import { until } from './faults.mjs';

const chance = new Chance(seed);
const trials = Math.ceil(Number(process.env.SLUICE_MUTATIONS ?? 100) / 4);
const site = new Site();
const dir = mkdtempSync(join(tmpdir(), 'sluice-flips-'));
const crashed = join(dir, 'crashed');   // the data directory as the kill left it
const copy = join(dir, 'data');
let owner;
const reads = [];

const heads = () => readdirSync(join(site.data, 'checkpoints')).filter((name) => name.endsWith('.txt')).length;
before(async () => {
  await site.serve(['--intake-limits', 'off', '--tick', '100ms']);
  owner = site.party('Example Components', 'vendor');
  for (let n = 0; n < 6; ++n) {
    const { id } = await expect(201, owner.call('POST', '/api/v1/cases', { title: `Case ${n}` }));
    const { thread } = await expect(201, owner.call('POST', `/api/v1/cases/${id}/threads`, { audience: 'shared', topic: `Topic ${n}`, text: `Text ${n}` }));
    for (let i = 0; i < 4; ++i) await expect(201, owner.call('POST', `/api/v1/cases/${id}/threads/${thread}/messages`, { text: `Message ${n}.${i}` }));
    for (const part of ['', '/timeline', '/threads']) reads.push({ path: `/api/v1/cases/${id}${part}` });
  }
  reads.push({ path: '/api/v1/cases?limit=200' });
  for (const read of reads) read.text = (await owner.call('GET', read.path)).text;
  const then = heads();
  await until('a tick covers it all, outside too', () => heads() >= then + 2);
  await site.stop('SIGKILL');
  cpSync(site.data, crashed, { recursive: true, filter: (from) => !from.endsWith('.sock') });
});
after(async () => {
  rmSync(dir, { recursive: true, force: true });
  await site.remove();
});

function verify() {
  const run = spawnSync(binary, ['ledger', 'verify', '--data', copy], { encoding: 'utf8', timeout: 300_000 });
  return { status: run.status, signal: run.signal, text: run.stdout + run.stderr };
}

// Flips one byte of `file` in a fresh copy, starts a server on it and reads all; gives what was seen. What must never be goes to `bad`.
async function flip(file, bad) {
  rmSync(copy, { recursive: true, force: true });
  cpSync(crashed, copy, { recursive: true });
  const path = join(copy, file);
  const bytes = readFileSync(path);
  const at = chance.below(bytes.length);
  const mask = chance.one_of([1 << chance.below(8), 0xff, chance.between(1, 255)]);
  bytes[at] ^= mask;
  writeFileSync(path, bytes);
  const place = `${file}, byte ${at} ^ 0x${mask.toString(16)}`;
  const verified = verify();
  if (verified.status === null || verified.status > 6) bad.push(`${place}: ledger verify ended with ${verified.signal ?? verified.status}`);
  const data = site.data;
  Object.assign(site, { data: copy, url: undefined, log: '' });
  try {
    try { await site.serve(['--tick', '50ms']); } catch (error) {
      const ended = await site.stop('SIGKILL');
      if (ended?.signal && ended.signal !== 'SIGKILL') bad.push(`${place}: the server died of ${ended.signal} at its start`);
      return { place, verified, refused: error.message };
    }
    let differs = 0, errors = 0;
    for (const read of reads) {
      let answer;
      try { answer = await owner.call('GET', read.path); } catch (error) { bad.push(`${place}: ${read.path}: ${error.cause?.message ?? error.message}`); break; }
      if (answer.status >= 400) ++errors;
      else if (answer.text !== read.text) ++differs;
    }
    const ended = await site.stop();
    if (ended.code !== 0) bad.push(`${place}: the server ended with ${ended.signal ?? ended.code}`);
    return { place, verified, differs, errors };
  } finally {
    site.data = data;
  }
}

async function all(t, files, judge) {
  t.diagnostic(`SLUICE_SEED=${seed}`);
  const bad = [], found = { refused: 0, errors: 0, unsound: 0, unaffected: 0 };
  for (let i = 0; i < trials && bad.length < 8; ++i) {
    const seen = await flip(chance.one_of(files()), bad);
    judge(seen, bad);
    ++found[seen.refused ? 'refused' : seen.errors ? 'errors' : seen.verified.status ? 'unsound' : 'unaffected'];
  }
  t.diagnostic(JSON.stringify(found));
  assert.deepEqual(bad, [], `SLUICE_SEED=${seed}`);
  return found;
}

test('in the log of writes that a crash left: what is read is what was written, or the verifier says that something is gone', async (t) => {
  const found = await all(t, () => ['site.db-wal'], ({ place, verified, differs, refused }, bad) => {
    // SQLite drops what follows a broken page of its log. That is a roll-back, and the heads that lie outside tell.
    if (differs && verified.status === 0) bad.push(`${place}: ${differs} answers differ, and verify exits ${verified.status}`);
    // 6: SQLite would not even open it, and says that the database is damaged.
    if (verified.status !== 0 && verified.status !== 1 && !(verified.status === 6 && /damaged/.test(verified.text))) bad.push(`${place}: verify exits ${verified.status}: ${verified.text.slice(0, 200)}`);
    if (refused && !/"message"|sluice:/.test(refused)) bad.push(`${place}: refused without a word: ${refused.slice(0, 300)}`);
  });
  assert.ok(found.unsound + found.errors + found.refused > 0, 'no flip met anything');
});

test('in a key file: the site does not open, and says which file it is', async (t) => {
  const files = () => [...readdirSync(join(crashed, 'keys')).map((name) => join('keys', name)), 'root.key'];
  await all(t, files, ({ place, refused, verified, differs }, bad) => {
    const file = place.split(',')[0];
    if (!refused) {
      if (differs) bad.push(`${place}: ${differs} answers differ`);
      bad.push(`${place}: served with a broken key file`);
    } else if (!refused.includes(basename(file)) && !(file === 'root.key' && /root key/.test(refused))) {
      bad.push(`${place}: it doesn't name the file: ${refused.slice(0, 300)}`);
    }
    if (verified.status === 0 && /ledger\.key/.test(file)) bad.push(`${place}: verified with a broken key`);
  });
});

test('in a head that lies outside: the verifier finds it, and what is read is right', async (t) => {
  const files = () => readdirSync(join(crashed, 'checkpoints')).filter((name) => name.endsWith('.txt')).map((name) => join('checkpoints', name));
  await all(t, files, ({ place, verified, differs, errors, refused }, bad) => {
    if (verified.status !== 1) bad.push(`${place}: verify exits ${verified.status}: ${verified.text.slice(0, 200)}`);
    if (refused || differs || errors) bad.push(`${place}: reading suffered: ${refused ?? `${differs} differ, ${errors} errors`}`);
  });
});

test("in the site's own file: it does not open, or reads right", async (t) => {
  await all(t, () => ['site.json', 'database'], ({ place, differs, refused }, bad) => {
    if (differs) bad.push(`${place}: ${differs} answers differ`);
    if (place.startsWith('database') && !refused) bad.push(`${place}: another database was opened`);
    if (refused && !/sluice:|"message"/.test(refused)) bad.push(`${place}: refused without a word: ${refused.slice(0, 300)}`);
  });
});
