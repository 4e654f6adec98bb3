// `sluice taxii` against a small TAXII server that does what servers in the field do: whatever breaks, each object comes once.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import { binary } from '../lib/site.mjs';
import { Peer, indicators } from '../lib/taxii_peer.mjs';

const dir = mkdtempSync(join(tmpdir(), 'sluice-taxii-'));
const at = (name) => join(dir, name);
const running = new Set();
let peer, count = 0;
beforeEach(async () => { peer = await new Peer().start(); });
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  await peer.stop();
});
after(() => rmSync(dir, { recursive: true, force: true }));

// The peer answers in this very process, so the command runs beside it.
function begin(args, { env = {}, input } = {}) {
  const child = spawn(binary, ['taxii', ...args], { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  const out = { child, stdout: '', stderr: '' };
  running.add(child);
  child.stdin.end(input ?? '');
  child.stdout.on('data', (chunk) => { out.stdout += chunk; });
  child.stderr.on('data', (chunk) => { out.stderr += chunk; });
  out.ended = new Promise((resolve) => child.once('close', (status) => { running.delete(child); resolve(Object.assign(out, { status })); }));
  return out;
}
const run = (args, options) => begin(args, options).ended;
async function ok(args, options) {
  const done = await run(args, options);
  assert.equal(done.status, 0, done.stderr);
  return done;
}
const pull = (file, ...more) => ['pull', peer.url, '--collection', 'indicators', '--out', file, '--state', `${file}.state`, ...more];
const ids_in = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line).id);
// While a command writes, the last line may not be whole yet.
const lines_in = (file) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0);
const fresh = () => at(`out-${++count}.jsonl`);
function all_once(file, objects = peer.items.map((item) => item.object)) {
  assert.deepEqual(ids_in(file).sort(), objects.map((one) => one.id).sort());
}
const until = async (condition, what, ms = 60_000) => {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 20))) if (condition()) return;
  assert.fail(`not in ${ms} ms: ${what}`);
};

test('discover and collections say what is there', async () => {
  const found = JSON.parse((await ok(['discover', peer.url, '--json'])).stdout);
  assert.deepEqual(found.api_roots.map((one) => one.url), [peer.root]);
  const listed = JSON.parse((await ok(['collections', peer.origin, '--json'])).stdout);   // the bare host too
  assert.deepEqual(listed.map(({ id, alias, can_read }) => [id, alias, can_read]), [[peer.collection.id, 'indicators', true]]);
  assert.match((await ok(['collections', peer.root])).stdout, new RegExp(`^${peer.collection.id}  rw  Indicators \\(indicators\\)`));
});

test('a pull follows pages and goes on where it was', async () => {
  peer.add(indicators(2500));
  const file = fresh();
  const first = JSON.parse((await ok(pull(file, '--limit', '1000', '--json'))).stdout);
  assert.deepEqual([first.objects, first.pages], [2500, 3]);
  peer.add(indicators(10, 'later'));
  assert.equal(JSON.parse((await ok(pull(file, '--json'))).stdout).objects, 10);
  assert.equal(JSON.parse((await ok(pull(file, '--json'))).stdout).objects, 0);
  all_once(file);
  const pages = peer.log.filter((one) => one.path.endsWith('/objects/') && one.query.has('next'));
  for (const page of pages) assert.equal(page.query.get('limit'), '1000');
  assert.equal(statSync(`${file}.state`).mode & 0o077, 0);
});

test('what was sent is kept byte for byte, a file an object', async () => {
  const objects = indicators(3);
  objects[0].x_example_number = 1e21;
  peer.add(objects);
  await ok(['pull', peer.root, '--collection', peer.collection.id, '--into', at('folder')]);
  const files = readdirSync(at('folder/indicator'));
  assert.equal(files.length, 3);
  const first = files.find((name) => name.startsWith(objects[0].id));
  assert.equal(readFileSync(at(`folder/indicator/${first}`), 'utf8'), JSON.stringify(objects[0]));
  await ok(['pull', peer.root, '--collection', peer.collection.id, '--into', at('folder')]);   // again: the same files
  assert.equal(readdirSync(at('folder/indicator')).length, 3);
});

const servers = [
  ['without next', { no_next: true }],
  ['without next, times cut to milliseconds', { no_next: true, cut: 'ms' }],
  ['without next, times cut to seconds', { no_next: true, cut: 's' }],
  ['without next and X-TAXII-Date-Added', { no_next: true, no_dates: true }],
  ['with next, without X-TAXII-Date-Added', { no_dates: true }],
  ['with next, without X-TAXII-Date-Added and manifest', { no_dates: true, no_manifest: true }],
  ['with small pages', { cap: 7 }],
  ['whose media type has no version', { media_type: 'application/taxii+json' }],
  ['that takes one spelling of Accept only', { only_accepts: 'application/taxii+json; version=2.1' }],
];
for (const [words, quirks] of servers)
  test(`a server ${words}: nothing lost, nothing twice`, async () => {
    peer.quirks = quirks;
    const file = fresh();
    peer.add(indicators(40));
    peer.add(indicators(25, 'batch'), { together: true });   // one time for all
    await ok(pull(file, '--limit', '10'));
    peer.add(indicators(5, 'same'), { together: true, pause: 0 });   // the second half of that batch
    peer.add(indicators(12, 'later'), { pause: 100 });
    await ok(pull(file, '--limit', '10'));
    await ok(pull(file, '--limit', '10'));
    all_once(file);
  });

test('connections that break, 503 and 429 are waited for, as long as the server says', async () => {
  peer.add(indicators(50));
  const file = fresh();
  peer.script = [{}, {}, {}, { drop: true }, {}, { half: true }, { status: 503, retry_after: 1 }, { status: 429, retry_after: 1 }];
  const before = Date.now();
  const done = await ok(pull(file, '--limit', '20'));
  assert.ok(Date.now() - before >= 2000, 'it waited twice a second');
  assert.match(done.stderr, /503.*Trying again in/);
  all_once(file);
});

test('it gives up in the end, and the next run goes on', async () => {
  peer.add(indicators(50));
  const file = fresh();
  peer.script = [{}, {}, {}, {}, ...Array(3).fill({ status: 503 })];
  const done = await run(pull(file, '--limit', '20', '--tries', '2'));
  assert.equal(done.status, 6);
  assert.match(done.stderr, /The same command goes on from there/);
  assert.equal(ids_in(file).length, 20);
  peer.script = [];
  await ok(pull(file));
  all_once(file);
});

test('what was written after the last page that was kept is cut off', async () => {
  peer.add(indicators(5));
  const file = fresh();
  await ok(pull(file));
  appendFileSync(file, '{"type":"indicator","half a li');
  peer.add(indicators(5, 'later'));
  await ok(pull(file));
  all_once(file);
});

test('a page that repeats is asked for again; cursors in a circle end with words', async () => {
  peer.add(indicators(60));
  const file = fresh();
  peer.script = [{}, {}, {}, {}, { repeat: true }];
  await ok(pull(file, '--limit', '20'));
  all_once(file);
  peer.quirks = { always_more: true };
  peer.items = [];
  const done = await run(pull(fresh(), '--tries', '3'));
  assert.equal(done.status, 6);
  assert.match(done.stderr, /there is more/);
});

test('a cursor that is not known any more costs nothing', async () => {
  peer.add(indicators(60));
  const file = fresh();
  peer.script = [{}, {}, {}, {}, ...Array(2).fill({ status: 503 })];
  assert.equal((await run(pull(file, '--limit', '20', '--tries', '2'))).status, 6);
  peer.script = [];
  peer.quirks = { cursor: 'another' };
  const done = await ok(pull(file, '--limit', '20'));
  assert.match(done.stderr, /doesn't take its cursor any more/);
  all_once(file);
});

test('more objects with one time than a page takes, without next: it stops and says so, or goes on and says so', async () => {
  peer.quirks = { no_next: true, cap: 10 };
  peer.add(indicators(30), { together: true });
  peer.add(indicators(5, 'later'));
  const done = await run(pull(fresh(), '--limit', '10'));
  assert.equal(done.status, 6);
  assert.match(done.stderr, /gives no working cursor/);
  const file = fresh();
  const lax = await ok(pull(file, '--limit', '10', '--accept-loss'));
  assert.match(lax.stderr, /may be missing/);
  assert.ok(peer.items.slice(30).every((item) => ids_in(file).includes(item.object.id)));
});

test('filters are asked for on every page, and a state is of one pull alone', async () => {
  peer.add([...indicators(30), { type: 'identity', spec_version: '2.1', id: 'identity--7b6dd5a2-9c33-4b1b-9fd6-8c3a2d2f7a01', created: '2024-01-01T00:00:00.000Z', modified: '2024-01-01T00:00:00.000Z', name: 'Example' }]);
  const file = fresh();
  await ok(pull(file, '--type', 'indicator', '--limit', '10'));
  all_once(file, peer.items.slice(0, 30).map((item) => item.object));
  for (const one of peer.log.filter((entry) => entry.path.endsWith('/objects/'))) assert.equal(one.query.get('match[type]'), 'indicator');
  const other = await run(pull(file));
  assert.equal(other.status, 5);
  assert.match(other.stderr, /other filters/);
  writeFileSync(`${file}.state`, '{"format":"sluice-taxii-pull","v":1,"collection":"x","limit":0,"objects":0,"pages":0}');
  const broken = await run(pull(file));
  assert.equal(broken.status, 1);
  assert.match(broken.stderr, /\/limit/);
});

test('one broken object does not take its page with it; what is no TAXII is named', async () => {
  peer.add(indicators(2));
  const [one, two] = peer.items.map((item) => item.object);
  const file = fresh();
  peer.script = [{}, {}, {}, { body: `{"objects":[${JSON.stringify(one)},{"type":"indicator","id":"identity--1"},{"a":1,"a":2},${JSON.stringify(two)}]}` }];
  const done = await ok(pull(file));
  assert.match(done.stderr, /\/objects\/1\/id/);
  assert.match(done.stderr, /\/objects\/2/);
  all_once(file);
  peer.script = [{ type: 'text/html', body: '<!doctype html><title>Portal</title>' }];
  const page = await run(['discover', peer.url]);
  assert.equal(page.status, 1);
  assert.match(page.stderr, /web page/);
  peer.script = [{ body: '['.repeat(5000) }];
  assert.equal((await run(['discover', peer.url])).status, 1);
  peer.script = [{ body: ' '.repeat(20_000) }];
  assert.match((await run(['discover', peer.url, '--most-bytes', '10000'])).stderr, /larger than is taken/);
});

test('credentials: from a file or the environment, to this server alone, and in no message', async () => {
  await peer.stop();
  peer = await new Peer({ token: 'sesame-token' }).start();
  writeFileSync(at('token'), 'sesame-token\n');
  await ok(['collections', peer.url, '--token-file', at('token')]);
  await ok(['collections', peer.url, '--token-env', 'PEER_TOKEN'], { env: { PEER_TOKEN: 'sesame-token' } });
  assert.equal((await run(['collections', peer.url])).status, 4);
  // A site's own token is not for others.
  assert.equal((await run(['collections', peer.url], { env: { SLUICE_TOKEN_FILE: at('token') } })).status, 4);
  const wrong = await run(['collections', peer.url, '--token-env', 'PEER_TOKEN'], { env: { PEER_TOKEN: 'wrong-secret' } });
  assert.equal(wrong.status, 4);
  assert.ok(!(wrong.stdout + wrong.stderr).includes('wrong-secret'));
  assert.equal((await run(['collections', peer.url.replace('http://', 'http://user:pass@')])).status, 2);
  assert.equal((await run(['collections', 'http://taxii.example/taxii2/'])).status, 2);   // plain http to elsewhere
  const other = await new Peer().start();
  peer.quirks = { api_roots: [other.root] };
  const led = await run(['collections', peer.url, '--token-file', at('token')]);
  assert.equal(led.status, 4);
  assert.match(led.stderr, /leads to another one/);
  assert.equal(other.log.length, 0);
  await other.stop();
  // A command that is started doesn't find it in its environment.
  peer.quirks = {};
  peer.add(indicators(1));
  await ok(['follow', peer.url, '--collection', 'indicators', '--exec', `env > ${at('env')}`, '--rounds', '1', '--poll', '--token-env', 'PEER_TOKEN'], { env: { PEER_TOKEN: 'sesame-token' } });
  assert.ok(!readFileSync(at('env'), 'utf8').includes('sesame-token'));
});

test('HTTP Basic', async () => {
  await peer.stop();
  peer = await new Peer({ basic: 'ana:pass:word' }).start();
  await ok(['collections', peer.url, '--basic-env', 'LOGIN'], { env: { LOGIN: 'ana:pass:word' } });
});

test('a push is accounted for object by object', async () => {
  const objects = indicators(25);
  writeFileSync(at('bundle.json'), JSON.stringify({ type: 'bundle', id: 'bundle--0b7e0d4e-1d5c-4b38-9a2b-0d64d8d5d1a1', objects: objects.slice(0, 10) }));
  writeFileSync(at('lines.jsonl'), objects.slice(10).map((one) => JSON.stringify(one)).join('\n'));
  peer.quirks = { fails: (object) => (object.id === objects[3].id ? 'no pattern of ours' : undefined), pending: 1 };
  const args = ['push', peer.url, at('bundle.json'), at('lines.jsonl'), '--collection', 'indicators', '--per-envelope', '10', '--state', at('journal'), '--json'];
  const done = await run(args);
  assert.equal(done.status, 1, done.stderr);
  const said = JSON.parse(done.stdout);
  assert.deepEqual([said.objects, said.acknowledged, said.pending], [25, 24, 0]);
  assert.deepEqual(said.failures.map(({ id, message }) => [id, message]), [[objects[3].id, 'no pattern of ours']]);
  const posts = () => peer.log.filter((one) => one.verb === 'POST').map((one) => JSON.parse(one.body).objects.length);
  assert.deepEqual(posts(), [10, 10, 5]);
  peer.quirks = {};
  const again = JSON.parse((await ok(args)).stdout);
  assert.deepEqual([again.acknowledged, again.earlier], [1, 24]);
  assert.deepEqual(posts(), [10, 10, 5, 1]);
  all_once_in_peer(objects);
});
function all_once_in_peer(objects) {
  assert.deepEqual(peer.items.map((item) => item.object.id).sort(), objects.map((one) => one.id).sort());
}

test('a push survives breaks: what is in doubt is sent again, and is there once', async () => {
  const objects = indicators(30);
  writeFileSync(at('push.json'), JSON.stringify({ objects }));
  peer.script = [{}, {}, {}, {}, { half: true }, { drop: true }, { status: 503, retry_after: 1 }];
  const done = await ok(['push', peer.url, at('push.json'), '--collection', 'indicators', '--per-envelope', '10', '--state', at('push.journal'), '--json']);
  assert.equal(JSON.parse(done.stdout).acknowledged, 30);
  all_once_in_peer(objects);
});

test('envelopes keep to what the server takes, and get smaller where it took less than it said', async () => {
  const objects = indicators(40);
  writeFileSync(at('many.json'), JSON.stringify(objects));
  peer.max_content_length = 4000;
  await ok(['push', peer.url, at('many.json'), '--collection', 'indicators', '--json']);
  for (const post of peer.log.filter((one) => one.verb === 'POST')) assert.ok(Buffer.byteLength(post.body) <= 4000);
  all_once_in_peer(objects);
  const other = indicators(8, 'other');
  peer.items = [];
  writeFileSync(at('other.json'), JSON.stringify(other));
  peer.script = [{}, {}, {}, { status: 413 }];
  await ok(['push', peer.url, at('other.json'), '--collection', 'indicators', '--json']);
  all_once_in_peer(other);
});

test('a status without lists counts only where its figures leave no doubt', async () => {
  peer.quirks = { bare_status: true };
  writeFileSync(at('bare.json'), JSON.stringify(indicators(4)));
  await ok(['push', peer.url, at('bare.json'), '--collection', 'indicators']);
  const objects = indicators(4, 'bad');
  writeFileSync(at('bare.json'), JSON.stringify(objects));
  peer.quirks = { bare_status: true, fails: (object) => object.id === objects[0].id && 'x' };
  const done = await run(['push', peer.url, at('bare.json'), '--collection', 'indicators', '--json']);
  assert.equal(done.status, 1);
  assert.equal(JSON.parse(done.stdout).failures.length, 4);
});

test('a push that is still pending ends with 6', async () => {
  peer.quirks = { pending: 1000 };
  writeFileSync(at('slow.json'), JSON.stringify(indicators(2)));
  const done = await run(['push', peer.url, at('slow.json'), '--collection', 'indicators', '--wait', '600ms', '--json']);
  assert.equal(done.status, 6);
  assert.equal(JSON.parse(done.stdout).pending, 2);
});

test('files that hold no STIX are named with their place, and nothing is sent', async () => {
  writeFileSync(at('bad.json'), JSON.stringify({ type: 'bundle', id: 'bundle--x', objects: [indicators(1)[0], { id: 'x' }] }));
  const done = await run(['push', peer.url, at('bad.json'), '--collection', 'indicators']);
  assert.equal(done.status, 1);
  assert.match(done.stderr, /bad\.json \/objects\/1\/type/);
  assert.equal(peer.log.filter((one) => one.verb === 'POST').length, 0);
});

test('follow asks at its interval, and a command that fails gets the page again', async () => {
  peer.add(indicators(3));
  const file = fresh();
  const follow = begin(['follow', peer.url, '--collection', 'indicators', '--exec', `[ -e ${at('once')} ] || { : > ${at('once')}; exit 3; }; cat >> ${file}`, '--state', at('follow.state'), '--interval', '200ms']);
  await until(() => lines_in(file) === 3, 'three objects');
  await until(() => /The command ended with 3/.test(follow.stderr), 'that it failed once');
  peer.add(indicators(4, 'later'));
  // What a command took counts once the state says so; killed in between, it would get the page again.
  await until(() => existsSync(at('follow.state')) && JSON.parse(readFileSync(at('follow.state'), 'utf8')).objects === 7, 'seven objects');
  follow.child.kill('SIGKILL');
  await follow.ended;
  peer.add(indicators(2, 'last'));
  await ok(['follow', peer.url, '--collection', 'indicators', '--exec', `cat >> ${file}`, '--state', at('follow.state'), '--interval', '200ms', '--rounds', '2']);
  all_once(file);
});

for (const [words, quirks] of [['and breaks it now and then', { stream: true, stream_breaks_after: 3 }], ['without times', { stream: true, stream_dates: false, stream_breaks_after: 4 }]])
  test(`follow listens where the server has a stream, ${words}, and loses and doubles nothing`, async () => {
    peer.quirks = quirks;
    peer.add(indicators(5));
    const file = fresh();
    const args = ['follow', peer.url, '--collection', 'indicators', '--out', file, '--state', `${file}.state`];
    const follow = begin(args);
    await until(() => lines_in(file) === 5, 'what was there');
    for (let i = 0; i < 4; ++i) {
      peer.add(indicators(3, `live-${i}`));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await until(() => lines_in(file) === 17, 'what came');
    await until(() => peer.log.some((one) => one.path.endsWith('/stream/') && one.headers['last-event-id']), 'that it went on by the cursor');
    follow.child.kill('SIGKILL');
    await follow.ended;
    peer.add(indicators(3, 'meanwhile'));
    const again = begin(args);
    await until(() => lines_in(file) === 20, 'what came meanwhile');
    again.child.kill('SIGKILL');
    await again.ended;
    all_once(file);
  });

test('two commands do not work with one state', async () => {
  peer.quirks = { stream: true };
  peer.add(indicators(1));
  const file = fresh();
  const follow = begin(['follow', peer.url, '--collection', 'indicators', '--out', file, '--state', `${file}.state`]);
  await until(() => existsSync(`${file}.state`), 'a state');
  const other = await run(pull(file));
  assert.equal(other.status, 5);
  follow.child.kill();
  await follow.ended;
});
