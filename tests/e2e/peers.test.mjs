// Sites that read each other's collections on a schedule: real servers on this machine, two and three in a ring, and a plain TAXII server between. What goes round is taken once.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { Site, expect, sluice } from '../lib/site.mjs';
import { Client, address, indicator, marked, version } from '../lib/taxii.mjs';
import { Peer, indicators } from '../lib/taxii_peer.mjs';

const published = watch();
const loopback = ['--outbound-allow', '127.0.0.1/32'];
const everything = [];
after(async () => { for (const one of everything) await (one instanceof Peer ? one.stop() : one.remove()); });

const until = async (condition, what, ms = 120_000) => {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) if (await condition()) return;
  assert.fail(`not in ${ms} ms: ${what}`);
};

// A site with a member, a reader, and for each of its neighbours an organisation with a person and a token.
async function started(name, neighbours, flags = loopback) {
  const site = new Site();
  everything.push(site);
  site.name = name;
  site.member = site.party(`Member of ${name}`, 'member');
  site.neighbours = Object.fromEntries(neighbours.map((one) => [one, site.party(`Site ${one}`, 'member')]));
  site.admin = site.client({ org: site.organisation, person: site.person(site.organisation, 'Administrator', 'admin') });
  site.collection = sluice(['collection', 'add', '--data', site.data, '--title', 'Shared', '--alias', 'shared', '--read', '*', '--write', '*']).last;
  await site.serve(flags);
  site.all = () => new Client(site, site.member.token).all('collections/shared/objects/', 'match[version]=all');
  site.add = (...objects) => new Client(site, site.member.token).add('shared', objects);
  site.peer = (id) => expect(200, site.admin.call('GET', `/api/v1/threats/peers/${id}`));
  // One round more, to its end.
  site.pull = async (id) => {
    await until(async () => (await site.peer(id)).next_pull, `${name} has asked`);
    const { pulls } = await site.peer(id);
    await expect(200, site.admin.call('POST', `/api/v1/threats/peers/${id}/pull`));
    await until(async () => { const now = await site.peer(id); return now.pulls > pulls && now.next_pull; }, `${name} asks`);
    return site.peer(id);
  };
  return site;
}
// `to` reads what `from` shares, as the organisation that it is there.
async function reads(to, from, more = {}) {
  const body = { name: `Site ${from.name}`, url: `${from.url}/taxii2/`, collection: 'shared', token: from.neighbours[to.name].token, into: 'shared', organisation: to.neighbours[from.name].org, person: to.neighbours[from.name].person,
    interval: 'PT1H', ...more };
  const { id } = await expect(201, to.admin.call('POST', '/api/v1/threats/peers', body));
  return id;
}
const ids = (list) => list.map((one) => one.id).sort();

describe('two sites', () => {
  let a, b, ab, ba;
  const first = indicator(), second = indicator({ pattern: "[ipv4-addr:value = '198.51.100.77']" });
  test('each takes what the other has, once, with its origin', async () => {
    a = await started('A', ['B']);
    b = await started('B', ['A']);
    await a.add(first, address);
    await b.add(second);
    ba = await reads(b, a);
    await until(async () => (await b.peer(ba)).taken === 2, 'B has what A shares');
    ab = await reads(a, b);
    await until(async () => (await a.peer(ab)).taken === 1, 'A has what B shares');
    assert.deepEqual(ids(await a.all()), ids([first, second, address]));
    assert.deepEqual(ids(await b.all()), ids([first, second, address]));
    // Byte for byte.
    assert.deepEqual((await b.all()).find((one) => one.id === first.id), first);
  });
  test('what came back is not taken, and is told in the health', async () => {
    await until(async () => (await a.peer(ab)).last_success, 'its first round is over');
    const seen = await a.peer(ab);
    assert.equal(seen.loops, 2);
    assert.match(seen.loops_by[0].why, /gave it to the peer/);
    assert.equal(seen.refused, 0);
    assert.equal(seen.health, 'well');
    assert.ok(seen.lag && seen.silent_for && seen.last_success);
    assert.deepEqual(ids(seen.last_loops.map((one) => ({ id: one.object }))), ids([first, address]));
    const later = await b.pull(ba);
    assert.deepEqual([later.taken, later.loops], [2, 1]);
  });
  test('nothing grows, however often they read each other', async () => {
    for (let round = 0; round < 3; ++round) {
      await a.pull(ab);
      await b.pull(ba);
    }
    for (const site of [a, b]) assert.equal((await site.all()).length, 3);
    for (const [site, id, taken] of [[a, ab, 1], [b, ba, 2]]) assert.equal((await site.peer(id)).taken, taken);
  });
  test('origins: readers see that and when, people of the peer’s organisation and the site see through whom', async () => {
    const at = `/api/v1/threats/collections/shared/objects/${first.id}/origins`;
    const [of_reader] = (await expect(200, b.member.call('GET', at))).items;
    assert.equal(of_reader.version, first.modified);
    assert.ok(of_reader.at && of_reader.added_from && of_reader.added_until);
    assert.equal(of_reader.peer, undefined);
    const [of_organisation] = (await expect(200, b.neighbours.A.call('GET', at))).items;
    assert.equal(of_organisation.peer, 'Site A');
    assert.deepEqual((await expect(200, a.member.call('GET', at))).items, []);
    const never = await b.member.call('GET', `/api/v1/threats/collections/shared/objects/indicator--${randomUUID()}/origins`);
    assert.equal(never.status, 404);
  });
  test('it is no corroboration, neither where it began nor where it came', async () => {
    for (const [site, id] of [[a, first.id], [b, first.id]]) {
      const score = await expect(200, site.member.call('GET', `/api/v1/threats/collections/shared/objects/${id}/score`));
      assert.equal(score.parts.find((one) => one.part === 'corroboration')?.points ?? 0, 0);
    }
  });
  test('a new version goes the same way, and comes back as well', async () => {
    await a.add(version(first, 1));
    await b.pull(ba);
    assert.equal((await b.all()).filter((one) => one.id === first.id).length, 2);
    const seen = await a.pull(ab);
    assert.equal(seen.loops, 3);
    assert.equal((await a.all()).length, 4);
  });
  test('the cap of marking holds: what is marked too strictly is refused with its reason', async () => {
    await b.add(marked(indicator(), 'red'));      // stays with B's member
    await expect(200, a.admin.call('POST', `/api/v1/threats/peers/${ab}/remove`));
    const green = marked(indicator(), 'green');
    await b.add(green);
    const capped = await reads(a, b, { up_to: 'clear' });
    await until(async () => (await a.peer(capped)).last_success, 'a round to its end');
    const seen = await a.peer(capped);
    assert.ok(seen.refused_for.some((one) => /TLP:GREEN/.test(one.why)), JSON.stringify(seen.refused_for));
    assert.ok(!ids(await a.all()).includes(green.id));
    await expect(200, a.admin.call('POST', `/api/v1/threats/peers/${capped}/remove`));
    ab = await reads(a, b);
    await until(async () => ids(await a.all()).includes(green.id), 'without the cap it comes');
  });
  test('paused, resumed, removed; and after a restart it goes on', async () => {
    await expect(200, a.admin.call('POST', `/api/v1/threats/peers/${ab}/pause`));
    await expect(409, a.admin.call('POST', `/api/v1/threats/peers/${ab}/pull`));
    const late = indicator();
    await b.add(late);
    await a.stop('SIGKILL');
    await a.serve(loopback);
    assert.equal((await a.peer(ab)).state, 'paused');
    await expect(200, a.admin.call('POST', `/api/v1/threats/peers/${ab}/resume`));
    await until(async () => ids(await a.all()).includes(late.id), 'resumed');
    await until(async () => (await a.peer(ab)).next_pull, 'that round is over');
    const { taken } = await a.peer(ab);
    await a.stop();
    await a.serve(loopback);
    assert.equal((await a.pull(ab)).taken, taken, 'from where it was');
    await expect(200, a.admin.call('POST', `/api/v1/threats/peers/${ab}/remove`));
    await expect(404, a.admin.call('GET', `/api/v1/threats/peers/${ab}`));
    assert.ok(ids(await a.all()).includes(late.id), 'what came stays');
  });
  test('it dies with the person that answers for it', async () => {
    ab = await reads(a, b);
    await until(async () => (await a.peer(ab)).last_success, 'it was read');
    const { org, person } = a.neighbours.B;
    sluice(['person', 'suspend', '--data', a.data, '--org', org, '--person', person]);
    const late = indicator();
    await b.add(late);
    const seen = await a.pull(ab);
    assert.match(seen.last_error, /doesn't act for its organisation/);
    assert.equal(seen.health, 'failing');
    assert.ok(!ids(await a.all()).includes(late.id));
    sluice(['person', 'restore', '--data', a.data, '--org', org, '--person', person]);
    await a.pull(ab);
    await until(async () => ids(await a.all()).includes(late.id), 'restored');
  });
});

describe('a ring of three', () => {
  test('A, B and C read each other in a circle: each has all, once, and nothing grows after that', async () => {
    const a = await started('A', ['B', 'C']), b = await started('B', ['A', 'C']), c = await started('C', ['A', 'B']);
    const objects = { A: [indicator(), address], B: [indicator({ pattern: "[domain-name:value = 'ring.example']" })], C: [indicator({ pattern: "[domain-name:value = 'third.example']" })] };
    for (const site of [a, b, c]) await site.add(...objects[site.name]);
    const ring = [[b, await reads(b, a)], [c, await reads(c, b)], [a, await reads(a, c)]];
    const all = Object.values(objects).flat();
    await until(async () => {
      for (const [site, id] of ring) await site.pull(id);
      return (await Promise.all([a, b, c].map((site) => site.all()))).every((list) => list.length === all.length);
    }, 'each has all');
    for (let round = 0; round < 3; ++round) for (const [site, id] of ring) await site.pull(id);
    for (const site of [a, b, c]) assert.deepEqual(ids(await site.all()), ids(all));
    for (const [site, id] of ring) {
      const seen = await site.peer(id);
      assert.equal(seen.taken, all.length - objects[site.name].length, site.name);
      assert.equal(seen.loops, objects[site.name].length, `${site.name} met its own`);
      assert.equal(seen.refused, 0, JSON.stringify(seen.refused_for));
      assert.match(seen.loops_by[0].why, /came round/);
    }
    // How many sites lie between is told, and not which.
    const [origin] = (await expect(200, c.member.call('GET', `/api/v1/threats/collections/shared/objects/${objects.A[0].id}/origins`))).items;
    assert.equal(origin.sites, 2);
  });
});

describe('a plain TAXII server', () => {
  let site, peer, id;
  test('is read with its credentials, which nobody sees again', async () => {
    peer = await new Peer({ basic: 'reader:a long password' }).start();
    everything.push(peer);
    peer.add(indicators(30));
    site = await started('A', ['P', 'Q']);
    const at = (name) => join(site.dir, name);
    writeFileSync(at('basic'), 'reader:a long password\n', { mode: 0o600 });
    writeFileSync(at('token'), site.admin.token, { mode: 0o600 });
    const on = ['--site', site.url, '--token-file', at('token')];
    id = sluice(['peer', 'add', peer.url, '--name', 'Plain', '--collection', 'indicators', '--peer-basic-file', at('basic'), '--into', 'shared', '--as', site.neighbours.P.org, '--person', site.neighbours.P.person, '--interval', '1h', ...on]).last;
    await until(async () => (await site.peer(id)).last_success, 'all of it');
    assert.equal((await site.peer(id)).taken, 30);
    assert.equal((await site.all()).length, 30);
    const shown = sluice(['peer', 'show', id, '--json', ...on]).stdout + sluice(['peer', 'list', ...on]).stdout + site.log;
    assert.ok(!shown.includes('a long password') && !shown.includes(Buffer.from('reader:a long password').toString('base64')));
    assert.match(sluice(['peer', 'list', ...on]).stdout, /well {2}Plain {2}30 taken/);
    writeFileSync(at('token-of-p'), site.neighbours.P.token, { mode: 0o600 });   // the organisation in whose name it came; who runs the site reads no members' objects
    assert.match(sluice(['peer', 'origins', peer.items[0].object.id, '--collection', 'shared', '--site', site.url, '--token-file', at('token-of-p')]).stdout, /through Plain, added there/);
  });
  test('breaks, and is asked again later and later; then it goes on where it was', async () => {
    peer.add(indicators(5, 'later'));
    peer.script = Array.from({ length: 12 }, () => ({ status: 503 }));
    await expect(200, site.admin.call('POST', `/api/v1/threats/peers/${id}/pull`));
    await until(async () => (await site.peer(id)).failures_in_row === 1, 'a failure');
    const seen = await site.peer(id);
    assert.match(seen.last_error, /503/);
    assert.equal(seen.health, 'failing');
    assert.ok(Date.parse(seen.next_pull) > Date.now() + 40 * 60_000, 'three quarters of an hour at least');
    peer.script = [];
    assert.equal((await site.pull(id)).taken, 35);
    assert.equal((await site.peer(id)).failures_in_row, 0);
  });
  test('gives back what it was sent by way of others: no server in between knows of marks', async () => {
    const own = indicator({ pattern: "[domain-name:value = 'own.example']" });
    await site.add(own);
    // Q reads it here, and passes it on to the plain server.
    assert.ok(ids(await new Client(site, site.neighbours.Q.token).all('collections/shared/objects/')).includes(own.id));
    const twice = { name: 'Other', url: peer.url, collection: 'indicators', into: 'shared', organisation: site.neighbours.Q.org, person: site.neighbours.Q.person };
    await expect(409, site.admin.call('POST', '/api/v1/threats/peers', twice));
    const other = sluice(['collection', 'add', '--data', site.data, '--title', 'Other', '--alias', 'other', '--read', '*', '--write', '*']).last;
    const q = (await expect(201, site.admin.call('POST', '/api/v1/threats/peers', { name: 'Q', url: peer.url, collection: 'indicators', basic: 'reader:a long password', into: other, organisation: site.neighbours.Q.org, person: site.neighbours.Q.person, interval: 'PT1H' }))).id;
    await until(async () => (await site.peer(q)).last_success, 'Q was read');
    peer.add([own]);
    const seen = await site.pull(id);
    assert.equal(seen.loops, 1);
    assert.match(seen.last_loops[0].why, /came round/);
    assert.equal((await site.all()).filter((one) => one.id === own.id).length, 1);
    assert.match((await site.pull(q)).last_loops[0].why, /gave it to the peer/);
  });
  test('a bad object is refused with its reason, the others are taken', async () => {
    const before = await site.peer(id);
    const bad = { ...indicator(), pattern: 'no pattern' }, good = indicator({ pattern: "[domain-name:value = 'good.example']" });
    peer.add([bad, good]);
    const seen = await site.pull(id);
    assert.equal(seen.refused, before.refused + 1);
    assert.equal(seen.last_refused[0].object, bad.id);
    assert.ok(ids(await site.all()).includes(good.id));
  });
  test('an address that the operator didn’t allow is not spoken to', async () => {
    await site.stop();
    await site.serve([]);
    const seen = await site.pull(id);
    assert.match(seen.last_error, /doesn't speak to/);
    await site.stop();
    await site.serve(loopback);
  });
  test('who doesn’t run the site meets none of it; what can’t be is refused with its place', async () => {
    for (const [verb, path, body] of [['GET', ''], ['POST', '', {}], ['GET', `/${id}`], ['POST', `/${id}/pause`], ['POST', `/${id}/resume`], ['POST', `/${id}/pull`], ['POST', `/${id}/remove`]])
      await expect(403, site.member.call(verb, `/api/v1/threats/peers${path}`, body));
    const right = { name: 'X', url: 'https://other.example/taxii2/', collection: 'indicators', into: 'shared', organisation: site.neighbours.P.org, person: site.neighbours.P.person };
    for (const [change, place] of [[{ url: 'http://other.example/' }, '/url'], [{ url: 'https://me:secret@other.example/' }, '/url'], [{ interval: 'PT0.1S' }, '/interval'], [{ into: randomUUID() }, '/into'], [{ person: site.neighbours.Q.person }, '/person'],
      [{ token: 'a', basic: 'b:c' }, '/token'], [{ basic: 'no colon' }, '/basic'], [{ types: ['Indicator'] }, '/types/0'], [{ name: '' }, '/name']]) {
      const answer = await site.admin.call('POST', '/api/v1/threats/peers', { ...right, ...change });
      assert.equal(answer.status, 422, `${place}: ${answer.text}`);
      assert.ok(answer.text.includes(place), `${place}: ${answer.text}`);
      assert.ok(!answer.text.includes('secret'));
    }
    assert.ok((await expect(200, site.admin.call('GET', '/api/v1/threats/peers'))).items.some((one) => one.id === id));
    for (const verb of ['GET', 'POST']) await expect(404, site.admin.call(verb, `/api/v1/threats/peers/${randomUUID()}${verb === 'GET' ? '' : '/pull'}`));
  });
});

test('every answer, and every body that was taken, was as the OpenAPI file says', async () => {
  assert.deepEqual(await published.faults(), []);
  const seen = await published.seen();
  const here = ['GET /api/v1/threats/peers', 'POST /api/v1/threats/peers', 'GET /api/v1/threats/peers/{peer}', ...['pause', 'resume', 'pull', 'remove'].map((what) => `POST /api/v1/threats/peers/{peer}/${what}`),
    'GET /api/v1/threats/collections/{collection}/objects/{object}/origins'];
  assert.deepEqual(here.filter((op) => !seen.has(op)), []);
});
