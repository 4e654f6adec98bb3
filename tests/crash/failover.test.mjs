// The primary of a PostgreSQL pair is killed under load, its synchronous standby is promoted, and the server goes on with it by itself: nothing that was
// acknowledged is lost, nothing is done twice, the ledger is sound, the heads that lie outside still hold. (REL-5)
//
// SLUICE_FAILOVERS (2), each in the other direction: what was the primary becomes the new standby. SLUICE_SEED repeats a run's choices.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Site, binary, expect } from '../lib/site.mjs';
import { Chance, seed } from './chance.mjs';
import { later, until } from './faults.mjs';

const chance = new Chance(seed);
const failovers = Number(process.env.SLUICE_FAILOVERS ?? 2);
const bin = process.env.SLUICE_POSTGRES_BIN ?? '/usr/lib/postgresql/15/bin';
const skip = existsSync(join(bin, 'pg_basebackup')) ? false : `no PostgreSQL in ${bin}`;

const dir = mkdtempSync(join(tmpdir(), 'sluice-failover-'));
const root = process.getuid() === 0;   // PostgreSQL refuses to run as root
const postgres_id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
const as_postgres = (command, args) => {
  const [file, rest] = root ? ['setpriv', ['--reuid', 'postgres', '--regid', 'postgres', '--init-groups', command, ...args]] : [command, args];
  const run = spawnSync(file, rest, { encoding: 'utf8', cwd: dir, timeout: 120_000, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PGDATA: undefined } });
  if (run.status !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${run.status ?? run.signal}\n${run.stdout}${run.stderr}`);
  return run.stdout;
};

class Node {
  constructor(name) { Object.assign(this, { name, data: join(dir, name) }); }
  // Below those that the system gives out, and nobody's now: the url of the site has it, so it stays.
  async takes_a_port() {
    while (this.port === undefined) {
      const port = 20_000 + Math.floor(Math.random() * 12_000);
      const is_free = await new Promise((resolve) => { const probe = createServer().once('error', () => resolve(false)).listen(port, '127.0.0.1', () => probe.close(() => resolve(true))); });
      if (is_free && nodes.every((node) => node.port !== port)) this.port = port;
    }
  }
  start() {
    const options = `-c listen_addresses=127.0.0.1 -c port=${this.port} -c unix_socket_directories=${dir} -c max_connections=60 -c wal_keep_size=128MB -c wal_receiver_status_interval=1 -c wal_retrieve_retry_interval=200 -c fsync=on`;
    const log = join(dir, `${this.name}.log`);
    try { as_postgres(join(bin, 'pg_ctl'), ['-D', this.data, '-l', log, '-w', '-t', '60', '-o', options, 'start']); }
    catch (error) { throw new Error(`${error.message}\n${readFileSync(log, 'utf8').slice(-2000)}`); }
  }
  sql(command, database = 'sluice') {
    return execFileSync('psql', ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'postgres', '-d', database, '-X', '-q', '-t', '-A', '-c', command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  }
  // All processes of it at once, as a machine that goes dark: a postmaster killed alone leaves others that still commit for a moment.
  // Its lock files go too, as no process of before runs after a machine's start: PostgreSQL takes a dead postmaster that nobody has waited for as one that runs.
  async kill() {
    const postmaster = Number(readFileSync(join(this.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    const children = readdirSync('/proc').filter((pid) => {
      if (!/^\d+$/.test(pid)) return false;
      try { return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')[1]) === postmaster; } catch { return false; }
    }).map(Number);
    for (const pid of [postmaster, ...children]) process.kill(pid, 'SIGSTOP');
    for (const pid of [postmaster, ...children]) process.kill(pid, 'SIGKILL');
    await until(`${this.name} is gone`, () => ![postmaster, ...children].some((pid) => existsSync(`/proc/${pid}/exe`)));
    for (const lock of [join(this.data, 'postmaster.pid'), join(dir, `.s.PGSQL.${this.port}`), join(dir, `.s.PGSQL.${this.port}.lock`)]) rmSync(lock, { force: true });
  }
  stop() { spawnSync(root ? 'setpriv' : join(bin, 'pg_ctl'), [...(root ? ['--reuid', 'postgres', '--regid', 'postgres', '--init-groups', join(bin, 'pg_ctl')] : []), '-D', this.data, '-m', 'immediate', '-w', 'stop']); }
  // A fresh copy of `primary` that follows it; the primary's commits wait for it from then on.
  async follow(primary) {
    rmSync(this.data, { recursive: true, force: true });
    primary.sql('CHECKPOINT', 'postgres');
    as_postgres(join(bin, 'pg_basebackup'), ['-h', '127.0.0.1', '-p', String(primary.port), '-U', 'postgres', '-D', this.data, '-R', '-X', 'stream', '-c', 'fast']);
    this.start();
    primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'", 'postgres');
    primary.sql('SELECT pg_reload_conf()', 'postgres');
    await until('the standby is a synchronous one', () => primary.sql('SELECT count(*) FROM pg_stat_replication WHERE sync_state = $$sync$$', 'postgres') === '1');
  }
  promote() {
    as_postgres(join(bin, 'pg_ctl'), ['-D', this.data, '-w', '-t', '60', 'promote']);
    this.sql('ALTER SYSTEM RESET synchronous_standby_names', 'postgres');   // alone until the other follows
    this.sql('SELECT pg_reload_conf()', 'postgres');
  }
}

const nodes = [new Node('one'), new Node('two')];
let site, owner, talk;
const threads = [];
before(async () => {
  if (skip) return;
  if (root) chownSync(dir, postgres_id('-u'), postgres_id('-g'));
  const [one, two] = nodes;
  for (const node of nodes) await node.takes_a_port();
  as_postgres(join(bin, 'initdb'), ['-D', one.data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-instructions']);
  one.start();
  one.sql('CREATE DATABASE sluice', 'postgres');
  site = new Site({ database: `postgresql://postgres@127.0.0.1:${one.port},127.0.0.1:${two.port}/sluice` });
  await two.follow(one);
  await site.serve(['--intake-limits', 'off', '--tick', '200ms']);
  owner = site.party('Example Components', 'vendor');
  talk = (await expect(201, owner.call('POST', '/api/v1/cases', { title: 'talk' }))).id;
  for (const topic of ['one', 'two', 'three'])
    threads.push({ id: (await expect(201, owner.call('POST', `/api/v1/cases/${talk}/threads`, { audience: 'shared', topic }))).thread, written: [] });
});
after(async () => {
  await site?.remove();
  if (!skip) for (const node of nodes) node.stop();
  rmSync(dir, { recursive: true, force: true });
});

const kinds = { acknowledged: 0, refused: 0, unknown: 0, cut: 0 };
const codes = new Map();

// Sends one write again and again with its key until it is acknowledged, as a careful client does.
async function insist(call, what) {
  const began = Date.now();
  for (let tries = 0; ; ++tries) {
    let answer;
    try { answer = await call(); } catch { kinds.cut += 1; }
    if (answer?.status === 201) { kinds.acknowledged += 1; return answer.json; }
    if (answer) {
      if (answer.status === 429) { await later(1000 * Number(answer.headers.get('retry-after'))); continue; }  // on a fast machine
      if (answer.status !== 503) throw new Error(`${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
      kinds[answer.json?.code === 'outcome-unknown' ? 'unknown' : 'refused'] += 1;
      codes.set(answer.json?.code, (codes.get(answer.json?.code) ?? 0) + 1);
    }
    if (Date.now() - began > 90_000) throw new Error(`${what} was not acknowledged within 90 s, ${tries} tries`);
    await later(50);
  }
}

let over = false, marks = 0;
async function talker(thread) {
  while (!over) {
    const text = `message ${++marks}`;
    await insist(() => owner.call('POST', `/api/v1/cases/${talk}/threads/${thread.id}/messages`, { text }, { 'idempotency-key': text }), text);
    thread.written.push(text);
  }
}
const opened = [];
async function opener() {
  while (!over) {
    const title = `case ${++marks}`;
    const { id } = await insist(() => owner.call('POST', '/api/v1/cases', { title }, { 'idempotency-key': title }), title);
    opened.push({ title, id });
  }
}
const written = () => threads.map((thread) => thread.written.length);
// Reads may meet the dead primary too; they say so, and the next one finds the new one.
async function read(path) {
  for (const began = Date.now(); ; ) {
    const answer = await owner.call('GET', path);
    if (answer.status === 200) return answer.json;
    if (answer.status !== 503 || Date.now() - began > 60_000) throw new Error(`${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
    await later(50);
  }
}

async function check(when) {
  const seen = (await read(`/api/v1/cases/${talk}/threads`)).items;
  for (const thread of threads)
    assert.deepEqual(seen.find(({ id }) => id === thread.id).messages.map((message) => message.text), thread.written, `${when}: each acknowledged message once, in its order`);
  const cards = [];
  for (let cursor = ''; cursor !== undefined;) {
    const page = await read(`/api/v1/cases?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    cards.push(...page.items);
    cursor = page.next;
  }
  const ids = new Map(cards.map((card) => [card.title, card.id]));
  assert.equal(cards.length, opened.length + 1, `${when}: as many cases as were acknowledged`);
  for (const { title, id } of opened) assert.equal(ids.get(title), id, `${when}: ${title}`);
  const verified = spawnSync(binary, ['ledger', 'verify', '--data', site.data], { encoding: 'utf8', timeout: 120_000 });
  assert.equal(verified.status, 0, `${when}: ledger verify: ${verified.stdout.slice(0, 500)}${verified.stderr.slice(0, 300)}`);
}

test('a primary killed under load loses no acknowledged write, and none is done twice', { skip }, async (t) => {
  t.diagnostic(`SLUICE_SEED=${seed}`);
  for (let i = 0; i < failovers; ++i) {
    const [primary, standby] = i % 2 === 0 ? nodes : [nodes[1], nodes[0]];
    if (i > 0) await standby.follow(primary);
    over = false;
    const clients = Promise.all([...threads.map(talker), opener()]);
    clients.catch(() => { over = true; });
    const before_it = written();
    await until('all clients write', () => over || written().every((n, k) => n > before_it[k]));
    await later(chance.between(0, 300));
    await primary.kill();
    const began = Date.now();
    standby.promote();
    const at_promotion = written();
    await until('all clients write on the new primary', () => over || written().every((n, k) => n > at_promotion[k] + 1), 90_000).finally(() => { over = true; });
    t.diagnostic(`failover ${i + 1}: writes again ${Date.now() - began} ms after the kill`);
    await clients;
    await check(`failover ${i + 1}`);
  }
  t.diagnostic(`${failovers} failovers: ${JSON.stringify(kinds)}, refusals by code ${JSON.stringify([...codes])}, ${threads.flatMap((thread) => thread.written).length} messages, ${opened.length} cases`);
  assert.ok(kinds.refused + kinds.unknown + kinds.cut > 0, 'no client noticed that its primary was killed');
});

test('with its standby gone, a write is not acknowledged, and reading goes on', { skip }, async () => {
  const [primary, standby] = failovers % 2 === 0 ? nodes : [nodes[1], nodes[0]];
  await standby.follow(primary);
  await standby.kill();
  const text = 'nobody else has this';
  const send = () => owner.call('POST', `/api/v1/cases/${talk}/threads/${threads[0].id}/messages`, { text }, { 'idempotency-key': text });
  const answer = send();
  assert.ok((await read(`/api/v1/cases/${talk}/threads`)).items.length > 0);
  const told = await answer;
  assert.deepEqual([told.status, told.json.code], [503, 'outcome-unknown'], told.text);
  await standby.follow(primary);
  await insist(send, text);
  const messages = (await read(`/api/v1/cases/${talk}/threads`)).items.find(({ id }) => id === threads[0].id).messages.map((message) => message.text);
  assert.equal(messages.filter((one) => one === text).length, 1);
});
