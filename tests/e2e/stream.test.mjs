// The live stream: changes of what the listener may read and nothing else, resumed without loss or doubling, silent and closed once rights are gone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Site, expect } from '../lib/site.mjs';

const site = new Site({ demo: true });
const open = new Set();
let owner, vendor, peer, stranger, kase;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Listens until stop(); `events` are {id, event, data}, `beats` the comments.
async function listen(token, lastEventId) {
  const stop = new AbortController();
  const response = await fetch(`${site.url}/api/v1/stream`, { headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...(lastEventId !== undefined ? { 'last-event-id': lastEventId } : {}) }, signal: stop.signal });
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type'), /^text\/event-stream/);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const out = { events: [], beats: 0, ended: false, stop: () => { stop.abort(); open.delete(out); } };
  open.add(out);
  (async () => {
    let text = '';
    for await (const chunk of response.body) {
      text += new TextDecoder().decode(chunk);
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const one = { id: undefined, event: 'message', data: '' };
        for (const line of text.slice(0, end).split('\n')) {
          if (line.startsWith(':')) out.beats += 1;
          const [, field, value] = line.match(/^(\w+): ?(.*)$/) ?? [];
          if (field) one[field] = value;
        }
        text = text.slice(end + 2);
        if (one.data) out.events.push({ ...one, data: JSON.parse(one.data) });
      }
    }
  })().catch(() => {}).finally(() => { out.ended = true; });
  return out;
}
const until = async (condition, what, ms = 60_000) => {
  for (const end = Date.now() + ms; Date.now() < end; await wait(10)) if (condition()) return;
  assert.fail(`not in ${ms} ms: ${what}`);
};
// Within a second, and what a loaded machine takes: sooner than a heartbeat, which would notice it too.
const kClosed = 10_000;
const thread = (who, audience, topic) => expect(201, who.call('POST', `${kase}/threads`, { audience, topic, text: 'Words.' }));
async function bring(who, at = kase) {
  await expect(201, owner.call('POST', `${at}/participants`, { organisation: who.org, roles: ['vendor'], essential_because: 'ships it' }));
  await expect(200, who.call('POST', `${at}/invitation`, { accepted: true }));
  await expect(200, owner.call('POST', `${at}/participants/${who.org}/confirm`, { checked_how: 'by phone' }));
}

before(async () => {
  await site.serve();
  owner = site.party('Owner', 'vendor');
  vendor = site.party('Vendor', 'vendor');
  peer = site.party('Peer', 'vendor');
  stranger = site.party('Stranger', 'member');
  kase = `/api/v1/cases/${(await expect(201, owner.call('POST', '/api/v1/cases', { title: 'A case' }))).id}`;
  for (const action of ['validate', 'accept']) await owner.call('POST', `${kase}/triage`, { action });
  await expect(201, owner.call('POST', `${kase}/vulnerabilities`, { title: 'One', description: 'Something.' }));
  await bring(vendor);
  await bring(peer);
});
after(async () => {
  for (const stream of open) stream.stop();
  await site.remove();
});

test('who is not signed in, or has no scope to read cases, hears nothing', async () => {
  assert.equal((await site.call(undefined, 'GET', '/api/v1/stream')).status, 401);
  assert.equal((await site.call(site.token(vendor.person, 'report_write'), 'GET', '/api/v1/stream')).status, 403);
});

test('each hears of what it may read, with no word of it', async () => {
  const streams = { owner: await listen(owner.token), vendor: await listen(vendor.token), peer: await listen(peer.token), stranger: await listen(stranger.token) };
  await thread(owner, 'shared', 'For all');
  await thread(owner, 'coordination', 'Internal');
  await thread(vendor, `org:${vendor.org}`, 'Of the vendor');
  await thread(owner, 'shared', 'For all again');
  await until(() => streams.owner.events.length >= 4, 'the owner hears four');
  await until(() => streams.vendor.events.length >= 3, 'the vendor hears three');
  await until(() => streams.peer.events.length >= 2, 'the peer hears two');
  await wait(300);
  assert.deepEqual(Object.fromEntries(Object.entries(streams).map(([name, s]) => [name, s.events.length])), { owner: 4, vendor: 3, peer: 2, stranger: 0 });
  for (const { id, event, data } of streams.vendor.events) {
    assert.equal(event, 'change');
    assert.ok(id);
    assert.deepEqual(Object.keys(data).sort(), ['href', 'recorded', 'type']);
    assert.equal(data.href, kase);
  }
  // Ids tell nothing: no two alike, none in the order of anything, all equally long.
  const ids = Object.values(streams).flatMap((s) => s.events.map((e) => e.id));
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(new Set(ids.map((id) => id.length)).size, 1);
  for (const stream of Object.values(streams)) stream.stop();
});

test('after a break it goes on from Last-Event-ID: nothing lost, nothing twice', async () => {
  const whole = await listen(vendor.token);
  const first = await listen(vendor.token);
  for (let i = 0; i < 5; ++i) await thread(owner, 'shared', `Before ${i}`);
  await until(() => first.events.length === 5, 'five events');
  first.stop();
  const last = first.events[2].id;  // two of them came, but the browser had only seen three
  for (let i = 0; i < 5; ++i) {
    await thread(owner, 'shared', `Meanwhile ${i}`);
    await thread(owner, 'coordination', `Hidden ${i}`);
  }
  const again = await listen(vendor.token, last);
  for (let i = 0; i < 3; ++i) await thread(owner, 'shared', `After ${i}`);
  await until(() => again.events.length >= 10, 'the rest');
  await until(() => whole.events.length >= 13, 'all');
  await wait(200);
  assert.equal(again.events.some((e) => e.event === 'resync'), false);
  assert.equal(again.events.length, 10);
  assert.deepEqual([...first.events.slice(0, 3), ...again.events].map((e) => e.data), whole.events.map((e) => e.data));
  whole.stop();
  again.stop();
});

test('while much happens, many breaks lose and double nothing', async () => {
  const whole = await listen(vendor.token);
  let one = await listen(vendor.token);
  await thread(owner, 'shared', 'The first');      // before it there is nothing to resume from
  await until(() => one.events.length === 1, 'the first');
  const heard = [];
  let writing = true;
  const writer = (async () => { for (let i = 0; i < 60; ++i) await thread(i % 2 ? owner : vendor, 'shared', `Much ${i}`); })().finally(() => { writing = false; });
  while (writing) {
    await wait(40);
    one.stop();
    await wait(5);
    heard.push(...one.events.splice(0));
    one = await listen(vendor.token, heard.at(-1).id);
  }
  await writer;
  await until(() => whole.events.length >= 61, 'all');
  await until(() => heard.length + one.events.length >= 61, `the broken one hears all, has ${heard.length + one.events.length}`);
  await wait(200);
  heard.push(...one.events);
  assert.equal(heard.some((e) => e.event === 'resync'), false);
  assert.deepEqual(heard.map((e) => e.data.recorded), whole.events.map((e) => e.data.recorded));
  whole.stop();
  one.stop();
});

test('an id that is foreign, changed or nonsense brings a resync, not an error and not another\'s events', async () => {
  const theirs = await listen(owner.token);
  await thread(owner, 'coordination', 'Internal');
  await until(() => theirs.events.length === 1, 'an event');
  const id = theirs.events[0].id;
  for (const last of [id, `${id.slice(0, -3)}AAA`, 'nonsense', '%%%', '0', '-1', 'a'.repeat(2000)]) {
    const stream = await listen(vendor.token, last);
    await until(() => stream.events.length > 0, `resync for ${last.slice(0, 20)}`);
    await wait(50);
    assert.deepEqual(stream.events.map((e) => e.event), ['resync'], last.slice(0, 20));
    stream.stop();
  }
  theirs.stop();
});

test('a heartbeat comes though nothing happens', { timeout: 120_000 }, async () => {
  const stream = await listen(stranger.token);
  await until(() => stream.beats > 0, 'a heartbeat', 90_000);
  assert.equal(stream.events.length, 0);
  stream.stop();
});

test('after a removal from the case no further event of it comes, live or resumed', async () => {
  const leaver = site.party('Leaver', 'vendor');
  await bring(leaver);
  const stream = await listen(leaver.token);
  await thread(owner, 'shared', 'Still there');
  await until(() => stream.events.length === 1, 'one event');
  const last = stream.events[0].id;
  await expect(200, owner.call('POST', `${kase}/participants/${leaver.org}/remove`, { why: 'not essential' }));
  // A case of its own is heard after all that was before it, so silence is no slowness.
  const own = async (...streams) => {
    const { id } = await expect(201, leaver.call('POST', '/api/v1/cases', { title: 'Its own' }));
    for (const one of streams) await until(() => one.events.some((e) => e.data.href?.endsWith(id)), 'its own case');
  };
  await own(stream);
  stream.events.length = 0;
  await thread(owner, 'shared', 'Gone');
  await thread(owner, 'shared', 'Gone too');
  const again = await listen(leaver.token, last);
  await own(stream, again);
  for (const one of [stream, again]) assert.deepEqual(one.events.filter((e) => e.event === 'change' && e.data.href === kase), []);
  stream.stop();
  again.stop();
});

test('a stream dies with its token: revoked, it hears nothing more and is closed within a second', async () => {
  const { id, token } = await expect(201, vendor.call('POST', '/api/v1/tokens', { scopes: 'case_read' }));
  const stream = await listen(token);
  await thread(owner, 'shared', 'Heard');
  await until(() => stream.events.length === 1, 'one event');
  await expect(200, vendor.call('POST', `/api/v1/tokens/${id}/revoke`));
  await thread(owner, 'shared', 'Not to be heard');
  await until(() => stream.ended, 'the stream is closed', kClosed);
  assert.equal(stream.events.length, 1, 'an event came through a revoked token');
});

test('a stream dies with its session', async () => {
  const click = await fetch(`${site.url}/sign-in/demo`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ person: vendor.person }) });
  const cookie = click.headers.getSetCookie()[0].split(';')[0];
  const page = await (await fetch(`${site.url}/cases`, { headers: { cookie } })).text();
  const csrf = page.match(/name="csrf" value="([^"]+)"/)[1];
  const stop = new AbortController();
  const response = await fetch(`${site.url}/api/v1/stream`, { headers: { cookie }, signal: stop.signal });
  let text = '', ended = false;
  (async () => { for await (const chunk of response.body) text += new TextDecoder().decode(chunk); })().catch(() => {}).finally(() => { ended = true; });
  await thread(owner, 'shared', 'Heard');
  await until(() => text.includes('event: change'), 'one event');
  await fetch(`${site.url}/sign-out`, { method: 'POST', redirect: 'manual', headers: { cookie }, body: new URLSearchParams({ csrf }) });
  const before_it = text.split('event: change').length;
  await thread(owner, 'shared', 'Not to be heard');
  await until(() => ended, 'the stream is closed', kClosed);
  stop.abort();
  assert.equal(text.split('event: change').length, before_it, 'an event came after signing out');
});

test('HEAD opens no stream, and the server still ends at once with streams open', async () => {
  const head = await Promise.race([site.call(vendor.token, 'HEAD', '/api/v1/stream'), wait(30_000)]);
  assert.equal(head?.status, 200, 'HEAD hangs');
  const stream = await listen(vendor.token);
  const began = Date.now();
  const { code } = await site.stop();
  assert.equal(code, 0);
  assert.ok(Date.now() - began < 15_000);
  await until(() => stream.ended, 'the stream ends with the server');
});
