// A collection live: the stream and the long poll have the objects endpoint's cursor, so whatever breaks and however one changes between them, each object comes once; filters count
// on all of them alike, rights that end close what is open, and who reads slowly holds up nobody.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Site, binary, expect, sluice } from '../lib/site.mjs';
import { Client, address, indicator, marked, media, root, tool, version } from '../lib/taxii.mjs';

const site = new Site();
const dir = mkdtempSync(join(tmpdir(), 'sluice-stream-'));
const add_collection = (...flags) => sluice(['collection', 'add', '--data', site.data, ...flags]).last;
const open = new Set(), running = new Set();
let parties, guest, writer, reader, collections = 0;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (condition, what, ms = 60_000) => {
  for (const end = Date.now() + ms; Date.now() < end; await wait(10)) if (condition()) return;
  assert.fail(`not in ${ms} ms: ${what}`);
};
const fresh = () => add_collection('--title', `Collection ${++collections}`, '--read', '*', '--write', '*');
const path = (collection, query = '') => `${root}collections/${collection}/stream/${query && `?${query}`}`;

before(async () => {
  parties = Object.fromEntries(['Writer', 'Reader', 'Leaver'].map((name) => [name.toLowerCase(), site.party(name, 'member')]));
  guest = site.party('Guest', 'vendor');
  await site.serve();
  [writer, reader] = [parties.writer, parties.reader].map((party) => new Client(site, party.token));
});
after(async () => {
  for (const one of open) one.stop();
  for (const child of running) child.kill('SIGKILL');
  await site.remove();
  rmSync(dir, { recursive: true, force: true });
});

// Listens until stop(): `events` are {id, event, ids}.
async function listen(token, collection, { query, last } = {}) {
  const stop = new AbortController();
  const response = await fetch(site.url + path(collection, query), { headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...(last ? { 'last-event-id': last } : {}) }, signal: stop.signal });
  const out = { status: response.status, type: response.headers.get('content-type'), events: [], recalls: [], ended: false, stop: () => { stop.abort(); open.delete(out); } };
  open.add(out);
  (async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const one = { data: [] };
        for (const line of text.slice(0, end).split('\n')) {
          const [, field, value] = line.match(/^(\w+): ?(.*)$/) ?? [];
          if (field === 'data') one.data.push(value);
          else if (field) one[field] = value;
        }
        text = text.slice(end + 2);
        if (one.id) out.last = one.id;
        if (one.data.length > 0) {
          const data = JSON.parse(one.data.join('\n'));
          if (one.event === 'recall') out.recalls.push(data);
          else out.events.push({ id: one.id, event: one.event, objects: data.objects });
        }
      }
    }
  })().catch(() => {}).finally(() => { out.ended = true; });
  out.ids = () => out.events.flatMap((event) => event.objects.map((object) => object.id));
  return out;
}
const ids = (objects) => objects.map((object) => object.id);
const many = (n, of = tool) => Array.from({ length: n }, () => of());

test('what is there comes first, then what is added, as objects in the order of their arrival', async () => {
  const collection = fresh(), old = many(3), later = many(2);
  await writer.add(collection, old);
  const stream = await listen(reader.token, collection);
  assert.equal(stream.status, 200);
  assert.match(stream.type, /^text\/event-stream/);
  await until(() => stream.ids().length === 3, 'what was there');
  await writer.add(collection, later);
  await until(() => stream.ids().length === 5, 'what was added');
  assert.deepEqual(stream.ids(), ids([...old, ...later]));
  assert.ok(stream.events.every((event) => event.event === 'objects' && event.id));
});

test('each event is as its objects were sent, whatever blanks and lines they have', async () => {
  const collection = fresh(), object = tool();
  const sent = JSON.stringify(object, null, 2);
  const answer = await writer.ask('POST', `collections/${collection}/objects/`, { body: `{"objects":[${sent}]}` });
  assert.equal(answer.json.success_count, 1, answer.text);
  const stream = await listen(reader.token, collection);
  await until(() => stream.events.length === 1, 'the object');
  assert.deepEqual(stream.events[0].objects, [object]);
});

test('a stream goes on after the last event that was heard', async () => {
  const collection = fresh(), all = many(9);
  await writer.add(collection, all.slice(0, 3));
  const first = await listen(reader.token, collection);
  await until(() => first.ids().length === 3, 'three');
  first.stop();
  await writer.add(collection, all.slice(3, 6));
  const second = await listen(reader.token, collection, { last: first.last });
  await until(() => second.ids().length === 3, 'three more');
  await writer.add(collection, all.slice(6));
  await until(() => second.ids().length === 6, 'all');
  assert.deepEqual([...first.ids(), ...second.ids()], ids(all));
});

test('stream, poll, long poll and stream again: nothing is lost, nothing comes twice', async () => {
  const collection = fresh(), all = many(12);
  await writer.add(collection, all.slice(0, 3));
  const stream = await listen(reader.token, collection);
  await until(() => stream.ids().length === 3, 'three by the stream');
  stream.stop();
  await writer.add(collection, all.slice(3, 6));
  const page = await reader.get(`collections/${collection}/objects/?limit=2&next=${encodeURIComponent(stream.last)}`);
  assert.equal(page.status, 200, page.text);
  assert.deepEqual(ids(page.json.objects), ids(all.slice(3, 5)));
  const long = await reader.get(`collections/${collection}/stream/?wait=5&next=${encodeURIComponent(page.json.next)}`);
  assert.deepEqual(ids(long.json.objects), ids(all.slice(5, 6)));
  const again = await listen(reader.token, collection, { last: long.json.next });
  await writer.add(collection, all.slice(6));
  await until(() => again.ids().length === 6, 'the rest by the stream');
  assert.deepEqual(again.ids(), ids(all.slice(6)));
  const end = await reader.get(`collections/${collection}/objects/?next=${encodeURIComponent(again.last)}`);
  assert.deepEqual(end.json, {});
});

test('a long poll answers when something is there, or with its cursor when the time is over', async () => {
  const collection = fresh();
  const began = Date.now();
  const nothing = await reader.get(`collections/${collection}/stream/?wait=1`);
  assert.equal(nothing.status, 200, nothing.text);
  assert.equal(nothing.headers['content-type'], media);
  assert.ok(Date.now() - began >= 900 && Date.now() - began < 25_000, `${Date.now() - began} ms`);
  assert.equal(nothing.json.objects, undefined);
  const waiting = reader.get(`collections/${collection}/stream/?wait=30&next=${encodeURIComponent(nothing.json.next)}`);
  await wait(200);
  const object = tool(), sent = Date.now();
  await writer.add(collection, [object]);
  const something = await waiting;
  assert.ok(Date.now() - sent < 25_000, 'long before its time was over');
  assert.deepEqual(ids(something.json.objects), [object.id]);
  assert.match(something.headers['x-taxii-date-added-last'], /^\d{4}-.*\.\d{6}Z$/);
  assert.equal((await reader.get(`collections/${collection}/stream/?next=${encodeURIComponent(something.json.next)}`)).json.objects, undefined);
});

test('filters narrow stream and poll alike, and a cursor goes with its filters', async () => {
  const collection = fresh();
  const energy = { type: 'identity', spec_version: '2.1', id: 'identity--2dda25c8-933c-4944-9185-ba707ff863c1', created: '2020-01-01T00:00:00.000Z', modified: '2020-01-01T00:00:00.000Z', name: 'Grid', identity_class: 'organization', sectors: ['energy'] };
  const place = { type: 'location', spec_version: '2.1', id: 'location--2dda25c8-933c-4944-9185-ba707ff863c1', created: '2020-01-01T00:00:00.000Z', modified: '2020-01-01T00:00:00.000Z', region: 'eastern-europe' };
  const hit = marked(indicator({ pattern: "[ipv4-addr:value = '203.0.113.41']", confidence: 80 }), 'amber'), miss = indicator({ confidence: 20 });
  const targets = { type: 'relationship', spec_version: '2.1', id: 'relationship--2dda25c8-933c-4944-9185-ba707ff863c1', created: '2020-01-01T00:00:00.000Z', modified: '2020-01-01T00:00:00.000Z', relationship_type: 'indicates', source_ref: hit.id, target_ref: energy.id };
  const rows = [
    ['match[type]=indicator', [hit, miss]], ['tlp=amber', [hit]], ['confidence=50', [hit]], ['value=203.0.113[.]41', [hit, address]], ['sector=energy', [energy, targets]], ['region=eastern-europe', [place]],
    ['match[type]=indicator&tlp=amber&confidence=81', []],
  ];
  const streams = await Promise.all(rows.map(([query]) => listen(reader.token, collection, { query })));
  await writer.add(collection, [energy, place, hit, miss, address, targets]);
  for (const [i, [query, wanted]] of rows.entries()) {
    await until(() => streams[i].ids().length >= wanted.length, query);
    const polled = await reader.get(`collections/${collection}/objects/?${query}`);
    assert.deepEqual(ids(polled.json.objects ?? []), ids(wanted), query);
  }
  await wait(300);
  for (const [i, [query, wanted]] of rows.entries()) assert.deepEqual(streams[i].ids(), ids(wanted), query);
  const other = await reader.get(`collections/${collection}/objects/?tlp=green&next=${encodeURIComponent(streams[1].last)}`);
  assert.equal(other.status, 400, other.text);
  for (const bad of ['tlp=purple', 'confidence=101', 'confidence=1,2', 'sector=a%20b', 'value=', 'wait=61', 'wait=x', 'wait=1&wait=2'])
    assert.equal((await reader.get(`collections/${collection}/stream/?${bad}`)).status, 400, bad);
});

test('a new version comes, and an object that one may not read never', async () => {
  const collection = fresh(), object = tool(), secret = marked(tool(), 'red'), inner = marked(tool(), 'amber');
  const outsider = await listen(guest.token, collection), member = await listen(reader.token, collection), own = await listen(writer.token, collection);
  await writer.add(collection, [object, secret, inner]);
  await until(() => own.ids().length === 3, 'the sender meets all');
  await writer.add(collection, [version(object, 1)]);
  for (const stream of [outsider, member, own]) await until(() => stream.ids().filter((id) => id === object.id).length === 2, 'both versions');
  assert.deepEqual(outsider.ids(), [object.id, object.id]);
  assert.deepEqual(member.ids(), [object.id, inner.id, object.id]);
  assert.deepEqual(own.ids(), [object.id, secret.id, inner.id, object.id]);
});

test('who may not read hears nothing, and what is hidden is as what never was', async () => {
  const hidden = add_collection('--title', 'Hidden', '--read', parties.writer.org, '--write', parties.writer.org);
  const box = add_collection('--title', 'Box', '--read', parties.writer.org, '--write', '*');
  const ask = async (client, collection, accept) => client.ask('GET', path(collection), { accept });
  for (const accept of ['text/event-stream', media]) {
    assert.equal((await ask(new Client(site), hidden, accept)).status, 401);
    const there = await ask(reader, hidden, accept), never = await ask(reader, '2dda25c8-933c-4944-9185-ba707ff863c0', accept);
    assert.equal(there.status, 404);
    assert.deepEqual({ ...there.json, error_id: 0 }, { ...never.json, error_id: 0 });
    assert.equal((await ask(reader, box, accept)).status, 403);
    assert.equal((await ask(new Client(site, site.token(parties.writer.person, 'collection_write')), box, accept)).status, 403);
  }
  assert.equal((await ask(writer, box, 'text/html')).status, 406);
  assert.equal((await listen(reader.token, fresh(), { last: 'no cursor' })).status, 400);
});

test('a right that ends closes the stream and the long poll within a second or so, also where nothing comes', async () => {
  const collection = fresh();
  const { id, token } = await expect(201, parties.leaver.call('POST', '/api/v1/tokens', { scopes: 'collection_read' }));
  const stream = await listen(token, collection), other = await listen(reader.token, collection);
  const waiting = new Client(site, token).get(`collections/${collection}/stream/?wait=60`);
  await wait(300);
  assert.equal(stream.ended, false);
  const began = Date.now();
  await expect(200, parties.leaver.call('POST', `/api/v1/tokens/${id}/revoke`));
  await until(() => stream.ended, 'the stream is closed', 10_000);   // a second, and what a loaded machine takes
  assert.equal((await waiting).status, 401);
  assert.ok(Date.now() - began < 25_000, `${Date.now() - began} ms`);
  await writer.add(collection, many(1));
  await until(() => other.ids().length === 1, 'others hear on');
  assert.deepEqual(stream.ids(), []);
});

// Asks, and reads nothing.
const slow = (token, collection) => new Promise((resolve) => {
  const { hostname, port } = new URL(site.url);
  const socket = connect({ host: hostname, port, highWaterMark: 1024 }, () => {
    socket.write(`GET ${path(collection)} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\nAccept: text/event-stream\r\n\r\n`);
    socket.pause();
    resolve(socket);
  });
  socket.on('error', () => {});
});

test('who reads slowly holds up nobody, and has everything in the end', async () => {
  const collection = fresh();
  const sockets = await Promise.all(Array.from({ length: 10 }, () => slow(reader.token, collection)));
  const quick = await listen(reader.token, collection);
  const resident = () => Number(readFileSync(`/proc/${site.process.pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+)/m)[1]);
  await wait(300);
  const before_it = resident();
  const all = many(1200, () => tool({ description: 'x'.repeat(20_000) }));
  for (let at = 0; at < all.length; at += 200) await writer.add(collection, all.slice(at, at + 200));   // 24 MB, for each of them
  await until(() => quick.ids().length === all.length, 'the quick one has all', 240_000);
  assert.deepEqual(quick.ids(), ids(all));
  assert.ok(resident() - before_it < 150_000, `${resident() - before_it} KB more`);   // 10 times 24 MB would be more
  let text = '';
  sockets[0].setEncoding('utf8').on('data', (chunk) => { text += chunk; });
  sockets[0].resume();
  await until(() => text.split('"type":"tool"').length - 1 === all.length, 'the slow one catches up', 240_000);
  for (const socket of sockets) socket.destroy();
});

test('`sluice taxii follow` over the stream, killed in the middle, has each object once', async () => {
  const collection = fresh(), all = many(40), token = join(dir, 'token'), out = join(dir, 'out.jsonl');
  writeFileSync(token, reader.token, { mode: 0o600 });
  const follow = () => {
    const child = spawn(binary, ['taxii', 'follow', `${site.url}/taxii2/`, '--collection', collection, '--out', out, '--state', `${out}.state`, '--token-file', token, '--interval', '60s'], { stdio: 'ignore' });
    running.add(child);
    child.ended = new Promise((resolve) => child.once('close', () => { running.delete(child); resolve(); }));
    return child;
  };
  const got = () => (existsSync(out) ? readFileSync(out, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line).id) : []);
  await writer.add(collection, all.slice(0, 10));
  const first = follow();
  await until(() => got().length === 10, 'what was there');
  await writer.add(collection, all.slice(10, 20));
  await until(() => got().length === 20, 'what came, by the stream and long before the interval');
  first.kill('SIGKILL');
  await first.ended;      // what it held for itself is free
  await writer.add(collection, all.slice(20, 30));
  const second = follow();
  await until(() => got().length === 30, 'what came meanwhile');
  await writer.add(collection, all.slice(30));
  await until(() => got().length === 40, 'and after');
  second.kill('SIGKILL');
  assert.deepEqual(got(), ids(all));
});

test('over a restart of the server a stream goes on where it was', async () => {
  const collection = fresh(), all = many(4);
  await writer.add(collection, all.slice(0, 2));
  const stream = await listen(reader.token, collection);
  await until(() => stream.ids().length === 2, 'two');
  const waiting = reader.get(`collections/${collection}/stream/?wait=60&next=${encodeURIComponent(stream.last)}`).catch(() => undefined);
  await wait(100);
  const began = Date.now();
  await site.stop();
  assert.ok(Date.now() - began < 25_000, `it took ${Date.now() - began} ms to stop`);
  await until(() => stream.ended, 'the stream is closed');
  await waiting;
  await site.serve();
  await writer.add(collection, all.slice(2));
  const again = await listen(reader.token, collection, { last: stream.last });
  await until(() => again.ids().length === 2, 'the others');
  assert.deepEqual([...stream.ids(), ...again.ids()], ids(all));
});

test('who fetched an object that is called back is told on the stream and the long poll, by the same cursor; nobody else is', async () => {
  const collection = fresh(), [kept, taken, later] = many(3);
  const recall = (object, reason) => expect(201, parties.writer.call('POST', `/api/v1/threats/collections/${collection}/objects/${object.id}/recall`, { reason }));
  await writer.add(collection, [kept, taken]);
  const stream = await listen(reader.token, collection);
  await until(() => stream.ids().length === 2, 'both objects');
  const stranger = await listen(guest.token, collection);
  await until(() => stranger.ids().length === 2, 'both objects, by another');
  const before = stream.last;
  const made = await recall(taken, 'A false positive.');
  await until(() => stream.recalls.length === 1 && stranger.recalls.length === 1, 'that it was called back');
  assert.deepEqual([stream.recalls[0].id, stream.recalls[0].object, stream.recalls[0].kind, stream.recalls[0].reason], [made.id, taken.id, 'recalled', 'A false positive.']);
  await until(() => stream.last !== before, 'a cursor behind it');
  // Who goes on from before is told again, and from behind it is not.
  const again = await reader.get(`collections/${collection}/stream/?wait=0&next=${encodeURIComponent(before)}`);
  assert.deepEqual([again.json.objects, again.json.x_recalls?.map((one) => one.id)], [undefined, [made.id]]);
  const behind = await reader.get(`collections/${collection}/stream/?wait=0&next=${encodeURIComponent(again.json.next)}`);
  assert.equal(behind.json.x_recalls, undefined);
  // The cursor of the stream is the one of the objects endpoint still.
  await writer.add(collection, [later]);
  assert.deepEqual(ids((await reader.get(`collections/${collection}/objects/?next=${encodeURIComponent(stream.last)}`)).json.objects), [later.id]);
  // Who never fetched it isn't told.
  const fresh_eyes = await new Client(site, parties.leaver.token).get(`collections/${collection}/stream/?wait=0`);
  assert.deepEqual([ids(fresh_eyes.json.objects), fresh_eyes.json.x_recalls], [[kept.id, later.id], undefined]);
});
