// Whoever may write to the database's file still can't change what happened unseen. (AUD-6, REL-10)
//   Rows edited, deleted, inserted, reordered, cut off the end, rolled back: `sluice ledger verify` exits 1, every time.
//   Bytes flipped anywhere in the file: an error, or exit 1, or nothing that anyone reads has changed. What a case answers is never other than it was;
//   what is read from clear columns and indexes alone (lists) may be, if the verifier finds it.
//
// SLUICE_MUTATIONS (100) of each kind; SLUICE_SEED repeats a run's choices.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Site, binary, expect } from '../lib/site.mjs';
import { Chance, seed } from './chance.mjs';
import { until } from './faults.mjs';

const chance = new Chance(seed);
const mutations = Number(process.env.SLUICE_MUTATIONS ?? 100);

// SQLite by Node 22's own module, else by its command line: a script without an answer, and rows of one statement.
const engine = await (async () => {
  try {
    const { DatabaseSync } = await import('node:sqlite');
    const use = (file, act) => { const db = new DatabaseSync(file, { enableForeignKeyConstraints: false }); try { return act(db); } finally { db.close(); } };
    return { run: (file, script) => use(file, (db) => db.exec(script)), rows: (file, query) => use(file, (db) => db.prepare(query).all()) };
  } catch { /* an older Node */ }
  const cli = (file, args, input) => {
    const run = spawnSync('sqlite3', [...args, file], { input, encoding: 'utf8' });
    if (run.error || run.status !== 0) throw new Error(`sqlite3: ${run.error?.message ?? run.stderr}`);
    return run.stdout;
  };
  if (spawnSync('sqlite3', ['-version']).status !== 0) return undefined;
  return { run: (file, script) => cli(file, ['-bail'], script), rows: (file, query) => JSON.parse(cli(file, ['-json'], query) || '[]') };
})();
const skip = engine ? false : 'neither node:sqlite (Node 22) nor the sqlite3 command is here';

// The copy that is worked on: the whole site as it was, and its database's file anew for each trial.
class Copy {
  constructor(site) {
    this.dir = mkdtempSync(join(tmpdir(), 'sluice-tamper-'));
    this.data = join(this.dir, 'data');
    cpSync(site.data, this.data, { recursive: true, filter: (from) => !from.endsWith('.sock') });
    this.file = join(this.data, 'site.db');
    writeFileSync(join(this.data, 'database'), `sqlite:${this.file}\n`);
    this.take(site);
  }
  take(site) { this.pristine = join(this.dir, 'pristine.db'); engine.run(join(site.data, 'site.db'), 'PRAGMA wal_checkpoint(TRUNCATE)'); copyFileSync(join(site.data, 'site.db'), this.pristine); }
  fresh(from = this.pristine) {
    for (const end of ['-wal', '-shm', '-journal']) rmSync(this.file + end, { force: true });
    copyFileSync(from, this.file);
  }
  verify() {
    const run = spawnSync(binary, ['ledger', 'verify', '--data', this.data], { encoding: 'utf8', timeout: 300_000 });
    return { status: run.status, signal: run.signal, text: run.stdout + run.stderr };
  }
  remove() { rmSync(this.dir, { recursive: true, force: true }); }
}

const site = new Site();
let owner, kase, copy, older;
const reads = [];        // what is read before and after a flip: paths, and the answers of the untouched site

before(async () => {
  if (skip) return;
  const org = site.org('Example Components', 'vendor');
  const person = site.person(org, 'Vera Vendor', 'admin');
  await site.serve(['--intake-limits', 'off', '--tick', '50ms']);
  owner = site.client({ org, person });
  const tag = (await owner.call('GET', `/api/v1/organisations/${org}`)).headers.get('etag');
  await expect(200, owner.call('PUT', `/api/v1/organisations/${org}`, { name: 'Example Components', takes_reports: true, policy: { embargo: { preferred: 'P45D' } } }, { 'if-match': tag }));
  const write = async (n) => {
    await expect(201, site.call(undefined, 'POST', '/api/v1/reports', { to: org, title: `Report ${n}`, description: `What report ${n} tells`, product: 'parser', contacted_vendor: false }));
    kase = `/api/v1/cases/${(await expect(201, owner.call('POST', '/api/v1/cases', { title: `Case ${n}` }))).id}`;
    const { thread } = await expect(201, owner.call('POST', `${kase}/threads`, { audience: 'shared', topic: `Topic ${n}`, text: `Text ${n}` }));
    for (let i = 0; i < 4; ++i) await expect(201, owner.call('POST', `${kase}/threads/${thread}/messages`, { text: `Message ${n}.${i}` }));
    await expect(201, owner.call('POST', `${kase}/files?name=proof.bin&audience=shared`, new Uint8Array(3000).fill(n), { 'content-type': 'application/octet-stream' }));
    await expect(201, owner.call('POST', `${kase}/embargo/proposals`, { until: new Date(Date.now() + 30 * 86_400_000).toISOString().replace(/\.\d+/, '') }));
  };
  // All that was written lies in a closed tick, and one tick more: the heads outside tell.
  const heads = () => readdirSync(join(site.data, 'checkpoints')).filter((name) => name.endsWith('.txt')).length;
  const closed = async () => { const then = heads(); await until('two ticks', () => heads() >= then + 2); };
  await write(1);
  await closed();
  await site.stop();
  older = join(site.dir, 'older.db');
  engine.run(join(site.data, 'site.db'), 'PRAGMA wal_checkpoint(TRUNCATE)');
  copyFileSync(join(site.data, 'site.db'), older);

  await site.serve(['--intake-limits', 'off', '--tick', '50ms']);
  for (const n of [2, 3]) await write(n);
  await closed();
  await site.stop();
  // And entries that no tick has closed yet: what happens to these only the head of the ledger can tell.
  await site.serve(['--intake-limits', 'off', '--tick', '1h']);
  await write(4);
  const cases = (await expect(200, owner.call('GET', '/api/v1/cases?limit=200'))).items;
  for (const { id } of cases) {
    for (const part of ['', '/timeline', '/threads', '/embargo', '/participants', '/reports', '/files']) reads.push({ path: `/api/v1/cases/${id}${part}` });
    for (const file of (await expect(200, owner.call('GET', `/api/v1/cases/${id}/files`))).items) reads.push({ path: `/api/v1/cases/${id}/files/${file.id}` });
  }
  reads.push({ path: '/api/v1/cases?limit=200' }, { path: '/api/v1/organisations' }, { path: `/api/v1/organisations/${org}` }, { path: '/api/v1/whoami' });
  for (const read of reads) read.text = (await owner.call('GET', read.path)).text;
  await site.stop();
  copy = new Copy(site);
});
after(async () => {
  copy?.remove();
  await site.remove();
});

const flipped = (table, column, where) => {
  const [{ hex }] = engine.rows(copy.file, `SELECT hex(${column}) AS hex FROM ${table} WHERE ${where}`);
  const bytes = Buffer.from(hex, 'hex');
  bytes[chance.below(bytes.length)] ^= 1 << chance.below(8);
  return bytes;
};
const blob = (bytes) => `x'${bytes.toString('hex')}'`;
const id = () => Array.from({ length: 25 }, () => chance.one_of([...'0123456789abcdefghjkmnpqrstvwxyz'])).join('');
const all_columns = 'pos, id, stream, stream_seq, tick, slot, recorded, commitment, seal, record';

// Each gives a script for the copy's file. `p`, `q`: two positions; n: entries; t: ticks.
const tampering = {
  'an entry gets another position': ({ p, n }) => `UPDATE entry SET pos = ${n + chance.between(1, 9)} WHERE pos = ${p}`,
  'an entry gets another id': ({ p }) => `UPDATE entry SET id = 'e_0${id()}' WHERE pos = ${p}`,
  'an entry goes to another stream': ({ p }) => `UPDATE entry SET stream = ${blob(flipped('entry', 'stream', `pos = ${p}`))} WHERE pos = ${p}`,
  'an entry goes to the end of another of the streams': ({ p, q }) => `UPDATE entry SET stream = (SELECT stream FROM entry WHERE pos = ${q}), stream_seq = 1 + (SELECT MAX(stream_seq) FROM entry WHERE stream = (SELECT stream FROM entry WHERE pos = ${q})) WHERE pos = ${p}`,
  'an entry gets another number in its stream': ({ p }) => `UPDATE entry SET stream_seq = stream_seq + ${chance.between(100, 200)} WHERE pos = ${p}`,
  'an entry goes to another tick': ({ closed }) => `UPDATE entry SET tick = tick + ${chance.one_of([-1, 1])} WHERE pos = ${closed}`,
  'an entry is opened again': ({ closed }) => `UPDATE entry SET tick = NULL, slot = NULL WHERE pos = ${closed}`,
  'an entry gets another slot': ({ closed }) => `UPDATE entry SET slot = (slot + ${chance.between(1, 60_000)}) % 65536 WHERE pos = ${closed}`,
  'an entry loses its slot': ({ closed }) => `UPDATE entry SET slot = NULL WHERE pos = ${closed}`,
  'an open entry is put into the last tick': ({ n, t }) => `UPDATE entry SET tick = ${t - 1}, slot = ${chance.below(65536)} WHERE pos = ${n}`,
  'an entry gets another time': ({ p }) => `UPDATE entry SET recorded = recorded + ${chance.one_of([-1, 1, 3_600_000_000])} WHERE pos = ${p}`,
  'a time becomes text': ({ p }) => `UPDATE entry SET recorded = 'at ' || recorded WHERE pos = ${p}`,
  'a commitment is changed': ({ p }) => `UPDATE entry SET commitment = ${blob(flipped('entry', 'commitment', `pos = ${p}`))} WHERE pos = ${p}`,
  'a seal is changed': ({ p }) => `UPDATE entry SET seal = ${blob(flipped('entry', 'seal', `pos = ${p}`))} WHERE pos = ${p}`,
  'a record is changed': ({ p }) => `UPDATE entry SET record = ${blob(flipped('entry', 'record', `pos = ${p}`))} WHERE pos = ${p}`,
  'a record is changed and its seal made to fit': ({ p }) => {
    const record = flipped('entry', 'record', `pos = ${p}`);
    return `UPDATE entry SET record = ${blob(record)}, seal = ${blob(createHash('sha256').update(record).digest())} WHERE pos = ${p}`;
  },
  'a record is cut short': ({ p }) => `UPDATE entry SET record = substr(record, 1, length(record) - ${chance.between(1, 30)}) WHERE pos = ${p}`,
  'an entry is deleted': ({ p }) => `DELETE FROM entry WHERE pos = ${p}`,
  'the first entry is deleted': () => 'DELETE FROM entry WHERE pos = 1',
  'the last entry is deleted': ({ n }) => `DELETE FROM entry WHERE pos = ${n}`,
  'the last entries are deleted, and the head says so': ({ n }) => { const k = chance.between(1, 3); return `DELETE FROM entry WHERE pos > ${n - k}; UPDATE ledger_head SET pos = ${n - k}`; },
  'an entry is deleted and those after it move up': ({ p }) => `DELETE FROM entry WHERE pos = ${p}; UPDATE entry SET pos = -pos WHERE pos > ${p}; UPDATE entry SET pos = -pos - 1 WHERE pos < 0; UPDATE ledger_head SET pos = pos - 1`,
  'a copy of an entry is put at the end': ({ p, n }) => `INSERT INTO entry (${all_columns}) SELECT ${n + 1}, 'e_0${id()}', stream, 1 + (SELECT MAX(stream_seq) FROM entry AS e WHERE e.stream = entry.stream), NULL, NULL, recorded, commitment, seal, record FROM entry WHERE pos = ${p}; UPDATE ledger_head SET pos = pos + 1`,
  'a copy of an entry is put into its tick': ({ closed, n }) => `INSERT INTO entry (${all_columns}) SELECT ${n + 1}, 'e_0${id()}', stream, 1 + (SELECT MAX(stream_seq) FROM entry AS e WHERE e.stream = entry.stream), tick, ${chance.below(65536)}, recorded, commitment, seal, record FROM entry WHERE pos = ${closed}`,
  'two entries change places': ({ p, q }) => `UPDATE entry SET pos = -1 WHERE pos = ${p}; UPDATE entry SET pos = ${p} WHERE pos = ${q}; UPDATE entry SET pos = ${q} WHERE pos = -1`,
  'two entries change records': ({ p, q }) => `CREATE TEMP TABLE a AS SELECT record, seal, commitment FROM entry WHERE pos = ${p}; CREATE TEMP TABLE b AS SELECT record, seal, commitment FROM entry WHERE pos = ${q};
    UPDATE entry SET (record, seal, commitment) = (SELECT * FROM b) WHERE pos = ${p}; UPDATE entry SET (record, seal, commitment) = (SELECT * FROM a) WHERE pos = ${q}`,
  'two entries change ids and records': ({ p, q }) => `CREATE TEMP TABLE a AS SELECT id, recorded, record, seal, commitment FROM entry WHERE pos = ${p}; CREATE TEMP TABLE b AS SELECT id, recorded, record, seal, commitment FROM entry WHERE pos = ${q};
    UPDATE entry SET id = 'x' WHERE pos = ${q}; UPDATE entry SET (id, recorded, record, seal, commitment) = (SELECT * FROM b) WHERE pos = ${p}; UPDATE entry SET (id, recorded, record, seal, commitment) = (SELECT * FROM a) WHERE pos = ${q}`,
  'two entries of a stream change numbers': ({ pair }) => `UPDATE entry SET stream_seq = -1 WHERE pos = ${pair.p}; UPDATE entry SET stream_seq = ${pair.p_seq} WHERE pos = ${pair.q}; UPDATE entry SET stream_seq = ${pair.q_seq} WHERE pos = ${pair.p}`,
  "a tick's root is changed": ({ tick }) => `UPDATE tick SET root = ${blob(flipped('tick', 'root', `n = ${tick}`))} WHERE n = ${tick}`,
  "a tick's time is changed": ({ tick }) => `UPDATE tick SET t = t + ${chance.one_of([-1, 1, 60_000_000])} WHERE n = ${tick}`,
  'a tick is deleted': ({ tick }) => `DELETE FROM tick WHERE n = ${tick}`,
  'two ticks change places': ({ tick, t }) => `UPDATE tick SET n = -1 WHERE n = ${tick}; UPDATE tick SET n = ${tick} WHERE n = ${(tick + 1) % t}; UPDATE tick SET n = ${(tick + 1) % t} WHERE n = -1`,
  'a tick is added': ({ t }) => `INSERT INTO tick (n, t, root) SELECT ${t}, t + 60000000, root FROM tick WHERE n = ${t - 1}`,
  'the last tick is cut off, its entries opened again': ({ t }) => `DELETE FROM tick WHERE n = ${t - 1}; DELETE FROM checkpoint WHERE size = ${t}; UPDATE entry SET tick = NULL, slot = NULL WHERE tick = ${t - 1}; UPDATE ledger_head SET tick = ${t - 2}`,
  'a checkpoint is changed': () => `UPDATE checkpoint SET note = replace(note, '/ledger', '/Ledger') WHERE size = (SELECT MAX(size) FROM checkpoint)`,
  "a checkpoint gets another's note": ({ t }) => `UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = ${t - 1}) WHERE size = ${t}`,
  'a checkpoint is deleted': ({ tick }) => `DELETE FROM checkpoint WHERE size = ${tick + 1}`,
  'all checkpoints are deleted': () => 'DELETE FROM checkpoint',
  'all ticks and checkpoints are deleted': () => 'DELETE FROM checkpoint; DELETE FROM tick; UPDATE entry SET tick = NULL, slot = NULL; UPDATE ledger_head SET tick = -1',
  'the ledger is emptied': () => 'DELETE FROM checkpoint; DELETE FROM tick; DELETE FROM entry; UPDATE ledger_head SET tick = -1, pos = 0, chain = NULL',
  'the head is changed': () => `UPDATE ledger_head SET chain = ${blob(flipped('ledger_head', 'chain', 'id = 1'))}`,
  'the head is taken away': () => 'UPDATE ledger_head SET chain = NULL',
  "the head's row is deleted": () => 'DELETE FROM ledger_head',
  'the head counts otherwise': () => `UPDATE ledger_head SET pos = pos + ${chance.one_of([-1, 1, 5])}`,
  "the head's tick is another": () => `UPDATE ledger_head SET tick = tick + ${chance.one_of([-1, 1])}`,
};

test(`${mutations} changes of the ledger's rows, and each is found`, { skip }, async (t) => {
  t.diagnostic(`SLUICE_SEED=${seed}`);
  copy.fresh();
  const untouched = copy.verify();
  assert.equal(untouched.status, 0, untouched.text);
  const [{ n }] = engine.rows(copy.file, 'SELECT COUNT(*) AS n FROM entry');
  const ticks = engine.rows(copy.file, 'SELECT n FROM tick ORDER BY n').length;
  const closed_entries = engine.rows(copy.file, 'SELECT pos FROM entry WHERE tick > 0 AND tick < (SELECT MAX(n) FROM tick)').map((row) => Number(row.pos));
  const pairs = engine.rows(copy.file, 'SELECT a.pos AS p, b.pos AS q, a.stream_seq AS p_seq, b.stream_seq AS q_seq FROM entry a JOIN entry b ON a.stream = b.stream AND b.stream_seq = a.stream_seq + 1');
  assert.ok(n > 30 && ticks > 3 && closed_entries.length > 5 && pairs.length > 5, `${n} entries, ${ticks} ticks`);
  const missed = [];
  const kinds = Object.keys(tampering);
  for (let i = 0; i < Math.max(mutations, kinds.length); ++i) {
    const kind = i < kinds.length ? kinds[i] : chance.one_of(kinds);
    copy.fresh();
    const p = chance.between(1, Number(n));
    const q = 1 + ((p - 1 + chance.between(1, Number(n) - 1)) % Number(n));
    const script = tampering[kind]({ p, q, n: Number(n), t: ticks, tick: chance.below(ticks), closed: chance.one_of(closed_entries), pair: chance.one_of(pairs) });
    engine.run(copy.file, `BEGIN; ${script}; COMMIT`);
    const { status, signal, text } = copy.verify();
    if (status !== 1) missed.push(`${kind}: exit ${status ?? signal}\n  ${script.slice(0, 300)}\n  ${text.slice(0, 300)}`);
  }
  assert.equal(missed.length, 0, `SLUICE_SEED=${seed}\n${missed.join('\n')}`);
});

test('an older copy of the whole database is found by what lies outside, also after the server ran on it', { skip }, async () => {
  copy.fresh(older);
  assert.equal(copy.verify().status, 1, 'rolled back');
  // A server that starts on it may refuse, or say so; but it may never sign over the heads that are outside.
  const outside = () => new Map(readdirSync(join(copy.data, 'checkpoints')).map((name) => [name, readFileSync(join(copy.data, 'checkpoints', name), 'utf8')]));
  const before_it = outside();
  const data = site.data;
  site.data = copy.data;
  try {
    site.url = undefined;
    await site.serve(['--tick', '50ms']);
    await new Promise((resolve) => setTimeout(resolve, 500));
  } catch { /* it refused */ } finally {
    await site.stop();
    site.data = data;
  }
  const now = outside();
  const replaced = [...before_it].filter(([name, note]) => now.get(name) !== note).map(([name]) => name);
  for (const [name, note] of before_it) writeFileSync(join(copy.data, 'checkpoints', name), note);
  for (const name of now.keys()) if (!before_it.has(name)) rmSync(join(copy.data, 'checkpoints', name));
  assert.deepEqual(replaced, [], 'heads that were outside were signed over by a rolled-back site');
});

// What a flip may do to an answer: nothing, or make it an error.
function wrong(read, answer) {
  if (answer.status >= 400) return undefined;
  if (answer.text === read.text) return undefined;
  let from = 0;
  while (answer.text[from] === read.text[from]) ++from;
  const part = (text) => text.slice(Math.max(0, from - 60), from + 160);
  return `${read.path}: ${answer.status}\n    was …${part(read.text)}…\n    now …${part(answer.text)}…`;
}

test(`${mutations} flipped bytes of the database's file, and none changes unseen what is read`, { skip }, async (t) => {
  t.diagnostic(`SLUICE_SEED=${seed}`);
  const bytes = readFileSync(copy.pristine);
  const found = { unsound: 0, refused: 0, errors: 0, unaffected: 0 };
  const bad = [];
  const data = site.data;
  site.data = copy.data;
  try {
    for (let i = 0; i < mutations; ++i) {
      let at = chance.below(bytes.length);
      for (let tries = 0; bytes[at] === 0 && tries < 6; ++tries) at = chance.below(bytes.length);   // most of a young file is empty
      const changed = Buffer.from(bytes);
      const with_bits = chance.one_of([1 << chance.below(8), 0xff, chance.between(1, 255)]);
      changed[at] ^= with_bits;
      copy.fresh();
      writeFileSync(copy.file, changed);
      const place = `byte ${at} (page ${Math.floor(at / 4096) + 1}) ^ 0x${with_bits.toString(16)}`;
      const verified = copy.verify();
      if (verified.status === null || verified.status > 6) bad.push(`${place}: ledger verify ended with ${verified.signal ?? verified.status}`);
      let errors = 0;
      site.url = undefined;
      try {
        await site.serve(['--tick', '1h']);
      } catch {
        const ended = await site.stop('SIGKILL');
        if (ended?.signal && ended.signal !== 'SIGKILL') bad.push(`${place}: the server died of ${ended.signal} at its start`);
        ++found.refused;
        continue;
      }
      for (const read of reads) {
        let answer;
        try { answer = await owner.call('GET', read.path); } catch (error) { bad.push(`${place}: ${read.path}: ${error.cause?.message ?? error.message}`); break; }
        if (answer.status >= 400) ++errors;
        const difference = wrong(read, answer);
        if (!difference) continue;
        const told = verified.status === 1 || verified.status === 6;   // 6: SQLite itself can't read the file
        if (told && !read.path.startsWith('/api/v1/cases/')) continue;
        bad.push(`${place}, verify ${verified.status}: ${difference}`);
        break;
      }
      const ended = await site.stop();
      if (ended.code !== 0) bad.push(`${place}: the server ended with ${ended.signal ?? ended.code}`);
      ++found[verified.status !== 0 ? 'unsound' : errors ? 'errors' : 'unaffected'];
    }
  } finally {
    site.data = data;
  }
  t.diagnostic(`found by verify ${found.unsound}, refused at the start ${found.refused}, errors ${found.errors}, nothing that is read ${found.unaffected}`);
  assert.equal(bad.length, 0, `SLUICE_SEED=${seed}, ${bad.length} wrong\n${bad.slice(0, 12).join('\n')}`);
});

// A view in the place of the table answers as an index does in which a bit has flipped: of two entries of a stream it gives the first twice, numbered like both.
test('an index that gives one entry in the place of the next shows no entry twice', { skip }, async () => {
  copy.fresh();
  const pairs = engine.rows(copy.file, 'SELECT a.pos AS p, b.pos AS q FROM entry a JOIN entry b ON a.stream = b.stream AND b.stream_seq = a.stream_seq + 1 ORDER BY a.pos DESC LIMIT 6');
  const columns = engine.rows(copy.file, 'PRAGMA table_info(entry)').map((column) => column.name);
  const bad = [];
  let refused = 0;
  const data = site.data;
  site.data = copy.data;
  try {
    for (const { p, q } of pairs) {
      copy.fresh();
      const shown = columns.map((name) => (['stream', 'stream_seq'].includes(name) ? `a.${name}` : `b.${name}`) + ` AS ${name}`).join(', ');
      engine.run(copy.file, `ALTER TABLE entry RENAME TO entry_of_before; CREATE VIEW entry AS SELECT ${shown} FROM entry_of_before a JOIN entry_of_before b ON b.pos = CASE a.pos WHEN ${q} THEN ${p} ELSE a.pos END`);
      site.url = undefined;
      await site.serve(['--tick', '1h']);
      for (const read of reads.filter((one) => one.path.startsWith('/api/v1/cases/'))) {
        const answer = await owner.call('GET', read.path);
        if (answer.status >= 400) ++refused;
        const difference = wrong(read, answer);
        if (difference) bad.push(`entry ${p} for ${q}: ${difference}`);
      }
      await site.stop();
    }
  } finally {
    site.data = data;
  }
  assert.deepEqual(bad, []);
  assert.ok(refused > 0, 'the streams were read, and refused');
});
