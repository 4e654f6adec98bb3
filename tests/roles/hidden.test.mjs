// What is hidden leaves no trace: two worlds that differ in a hidden case alone, and hidden parts of a case that is visible.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Site, expect } from '../lib/site.mjs';
import { Cast, never } from './cast.mjs';

// A scripted clock runs on between its jumps, so seconds are masked: what is visible happens at 09:00, what is hidden at 10:00 and later.
const clock = (hour) => `2032-01-02T${hour}:00:00Z`;

// Random ids, signatures and seals differ from site to site; everything else has to agree, the lengths included.
const masked = (text) => text.replaceAll(/(2032-\d\d-\d\dT\d\d:)\d\d:\d\d(\.\d+)?/g, '$1mm:ss').replaceAll(/<updated>20[^3][^<]*/g, '<updated>birth of the site').replaceAll(/\b([a-z])_[0-9a-z]{26}\b/g, '$1_ID').replaceAll(/127\.0\.0\.1:\d+/g, 'HOST').replaceAll(/[0-9a-f]{64}/g, 'HASH').replaceAll(/"(next)":"[^"]*"/g, (all) => `"next":${all.length}`);
// Organisations come in the order of their random ids.
const plain = (value) => JSON.stringify(value).replaceAll(/_[0-9a-z]{26}/g, '');
const sorted = (value) => (Array.isArray(value) ? value.map(sorted).sort((a, b) => plain(a) < plain(b) ? -1 : 1)
  : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, sorted(v)])) : value);
function seen(answer) {
  const headers = Object.fromEntries(answer.headers);
  delete headers.date;
  if (headers.etag) headers.etag = `etag of ${headers.etag.length}`;
  let text = answer.text;
  try { text = JSON.stringify(sorted(JSON.parse(text))); } catch { /* a page */ }
  return masked(`${answer.status}\n${Object.entries(headers).sort().map(([k, v]) => `${k}: ${v}`).join('\n')}\n\n${text}`);
}

async function listen(site, token, lastEventId) {
  const stop = new AbortController();
  const response = await fetch(`${site.url}/api/v1/stream`, { headers: { authorization: `Bearer ${token}`, ...(lastEventId ? { 'last-event-id': lastEventId } : {}) }, signal: stop.signal });
  const out = { text: '', stop: () => stop.abort() };
  (async () => { for await (const chunk of response.body) out.text += new TextDecoder().decode(chunk); })().catch(() => {});
  return out;
}

// One world: a site, its cast, one case that the vendor is in; with `hidden` there is another case, busy at every step of the script.
async function world(hidden) {
  const site = new Site({ demo: true });
  const admin = { org: site.organisation, person: site.person(site.organisation, 'Admin', 'admin') };
  await site.serve(['--intake-limits', 'off']);
  const root = site.client(admin);
  await expect(200, root.call('POST', '/api/v1/demo/clock', { to: clock('09') }));
  const owner = site.party('Owner', 'vendor'), vendor = site.party('Vendor', 'vendor'), other = site.party('Other', 'vendor'), stranger = site.party('Stranger', 'member');
  root.token = site.token(admin.person);
  const log = [];
  const look = async (who, name, verb, path, body, headers) => log.push([`${name} ${verb} ${masked(path)}`, seen(await who.call(verb, path, body, headers))]);

  const open = async (title) => `/api/v1/cases/${(await expect(201, owner.call('POST', '/api/v1/cases', { title }))).id}`;
  const kase = await open('The known case');
  const vulnerability = async (at) => (await expect(201, owner.call('POST', `${at}/vulnerabilities`, { title: 'One', description: 'Something.' }))).vulnerability;
  await vulnerability(kase);
  for (const action of ['validate', 'accept']) await owner.call('POST', `${kase}/triage`, { action });
  const bring = async (at, who) => {
    await expect(201, owner.call('POST', `${at}/participants`, { organisation: who.org, roles: ['vendor'], essential_because: 'ships it' }));
    await expect(200, who.call('POST', `${at}/invitation`, { accepted: true }));
    await expect(200, owner.call('POST', `${at}/participants/${who.org}/confirm`, { checked_how: 'by phone' }));
  };
  let second;
  const streams = { vendor: await listen(site, vendor.token), stranger: await listen(site, stranger.token) };
  const busy = async (n) => {
    if (!hidden) return;
    if (n === 0) {
      second = await open('The hidden case');
      await vulnerability(second);
      for (const action of ['validate', 'accept']) await owner.call('POST', `${second}/triage`, { action });
      await bring(second, other);
    }
    await expect(201, owner.call('POST', `${second}/threads`, { audience: 'shared', topic: `Hidden ${n}`, text: 'Words that nobody else reads.' }));
    // And in the known case, where the vendor doesn't see.
    await expect(201, owner.call('POST', `${kase}/threads`, { audience: 'coordination', topic: `Internal ${n}`, text: 'For coordination alone.' }));
    const tier = await expect(201, owner.call('POST', `${kase}/groups`, { name: `Tier ${n}`, why: 'they fix it first' }));
    await expect(201, owner.call('POST', `${kase}/threads`, { audience: `group:${tier.group}`, topic: `Internal tier ${n}`, text: 'For a tier alone.' }));
    await expect(201, owner.call('POST', `${kase}/files?name=internal-${n}.txt&audience=coordination`, new TextEncoder().encode('internal')));
  };
  await bring(kase, vendor);
  const jump = async (hour) => {
    await expect(200, root.call('POST', '/api/v1/demo/clock', { to: clock(hour) }));
  };
  await jump('10');
  await busy(0);
  const etag = (await vendor.call('GET', kase)).headers.get('etag');
  await jump('11');
  await busy(1);
  const lists = ['/api/v1/cases', '/api/v1/cases?limit=1', '/api/v1/whoami', '/api/v1/organisations', '/api/v1/advisories', '/api/v1/tokens', '/', '/advisories', '/feed.atom', '/report', '/cases'];
  // The index is filled behind the answers; what is compared is an index that has come to rest.
  for (let tries = 0; tries < 300; ++tries) {
    const found = await vendor.call('GET', '/api/v1/search?q=known');
    if (found.json?.indexed.complete && found.json.items.length > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  lists.push('/api/v1/search?q=known', '/api/v1/search?q=hidden', '/api/v1/search?q=internal', '/cases?q=known', '/cases?q=internal');
  for (const path of lists) {
    await look(stranger, 'stranger', 'GET', path);
    await look(vendor, 'vendor', 'GET', path);
  }
  for (const part of ['', '/timeline', '/participants', '/embargo', '/threads', '/vulnerabilities', '/products', '/statuses', '/claims', '/decisions', '/requests', '/advisories', '/releases', '/reports', '/files', '/steps', '/knowers', '/rulings', '/groups', '/unread']) {
    await busy(2);
    await look(vendor, 'vendor', 'GET', kase + part);
    await look(stranger, 'stranger', 'GET', kase + part);
    await look(vendor, 'vendor', 'GET', (second ?? `/api/v1/cases/${never('c')}`) + part);
  }
  await jump('12');
  const after = (await vendor.call('GET', kase)).headers.get('etag');
  await expect(201, vendor.call('POST', `${kase}/threads`, { audience: 'shared', topic: 'Seen', text: 'By all.' }));
  const changed = (await vendor.call('GET', kase)).headers.get('etag');
  await look(vendor, 'vendor', 'GET', '/api/v1/cases');
  await look(vendor, 'vendor', 'POST', `${second ?? `/api/v1/cases/${never('c')}`}/threads`, { audience: 'shared', topic: 'a', text: 'b' });
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const [name, stream] of Object.entries(streams)) {
    stream.stop();
    log.push([`${name} stream`, masked(stream.text).replaceAll(/^: .*\n+/gm, '').replaceAll(/^id: (.*)$/gm, (_, id) => `id of ${id.length}`)]);
  }
  return { site, log, etag, after, changed, kase };
}

test('two worlds, one with a hidden case and hidden work: a stranger and a vendor of another case see equal bytes', { timeout: 120_000 }, async (t) => {
  const plain = await world(false);
  t.after(() => plain.site.remove());
  const busy = await world(true);
  t.after(() => busy.site.remove());
  assert.ok(plain.log.some(([, text]) => text.includes('The known case')), 'the script sees something at all');
  assert.ok(plain.log.find(([what]) => what === 'vendor stream')[1].includes('event: change'), 'the vendor hears something at all');
  assert.equal(plain.log.find(([what]) => what === 'stranger stream')[1].includes('event:'), false);
  const differs = plain.log.map(([what, text], i) => [what, text, busy.log[i][1]]).filter(([, a, b]) => a !== b);
  assert.equal(differs.length, 0, `${differs.length} differ:\n${differs.slice(0, 8).map(([what, a, b]) => `--- ${what}\n${a}\n+++ with the hidden case\n${b}`).join('\n')}`);
  for (const one of [plain, busy]) {
    assert.equal(one.etag, one.after, 'a hidden change moves no ETag');
    assert.notEqual(one.after, one.changed, 'a visible one does');
  }
});

test('what a participant may not see inside its own case is like an id that never was', { timeout: 120_000 }, async (t) => {
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

test('to who acts for another organisation a case is not there, whatever its organisations share', { timeout: 60_000 }, async (t) => {
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
