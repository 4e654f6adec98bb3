// Webhooks against the real binary, with receivers of this test over real TLS: down, slow, gone, leading elsewhere; a server that is killed in the middle; a right that ends. Nothing is lost, and by its id nothing doubled.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Site, expect, sluice } from '../lib/site.mjs';
import { Client, marked, tool } from '../lib/taxii.mjs';

const dir = mkdtempSync(join(tmpdir(), 'sluice-webhooks-'));
const file = (name) => join(dir, name);
const openssl = (...args) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
const names = ['good', 'flaky', 'slow', 'gone', 'moved', 'killed', 'ended', 'renewed', 'recalled', 'inward'].map((name) => `${name}.hooks.example`);
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (condition, what, ms = 60_000) => {
  for (const end = Date.now() + ms; Date.now() < end; await wait(20)) if (await condition()) return;
  assert.fail(`not in ${ms} ms: ${what}`);
};

// What came, by the receiver's name, and what each answers: a status, or a function of the response.
const got = {}, answers = {};
const server = createServer({}, (request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const name = request.headers.host.split('.')[0], body = Buffer.concat(parts).toString();
    (got[name] ??= []).push({ at: Date.now(), url: request.url, verb: request.method, headers: request.headers, body, json: JSON.parse(body) });
    const answer = answers[name] ?? 204;
    if (typeof answer === 'function') answer(response);
    else response.writeHead(answer).end();
  });
});
const messages = (name, type = 'threat.objects') => (got[name] ?? []).filter((one) => one.json.type === type);
const ids = (name) => messages(name).flatMap((one) => one.json.data.objects.map((object) => object.id));
const once = (list) => [...new Map(list.map((one) => [one.headers['webhook-id'], one])).values()];
const signed = (secret, one) => {
  const mac = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64')).update(`${one.headers['webhook-id']}.${one.headers['webhook-timestamp']}.${one.body}`).digest('base64');
  return one.headers['webhook-signature'].split(' ').includes(`v1,${mac}`);
};

const site = new Site();
let writer, member, other, add, collections = 0, flags;
before(async () => {
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test CA', '-days', '2');
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=hooks.example');
  writeFileSync(file('server.ext'), `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}\n`);
  openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-out', 'server.pem', '-extfile', 'server.ext');
  server.setSecureContext({ key: readFileSync(file('server.key')), cert: readFileSync(file('server.pem')) });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  // The last name leads to a private address that nobody allowed.
  flags = ['--outbound-allow', '127.0.0.1/32', '--outbound-ca', file('ca.pem'), ...names.flatMap((name) => ['--outbound-host', `${name}=${name.startsWith('inward') ? '10.1.2.3:443' : `127.0.0.1:${port}`}`])];
  [writer, member, other] = ['Writer', 'Member', 'Other'].map((name) => site.party(name, 'member'));
  await site.serve(flags);
  const client = new Client(site, writer.token);
  add = (collection, ...objects) => client.add(collection, objects);
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await site.remove();
  rmSync(dir, { recursive: true, force: true });
});

const fresh = () => sluice(['collection', 'add', '--data', site.data, '--title', `Collection ${++collections}`, '--read', '*', '--write', '*']).last;
const hooks = '/api/v1/threats/webhooks';
const follow = (name, collection, more = {}, who = member) => expect(201, who.call('POST', hooks, { url: `https://${name}.hooks.example/in?a=b`, collection, ...more }));
const show = (id, who = member) => expect(200, who.call('GET', `${hooks}/${id}`));
const state = async (id) => (await show(id)).state;

test('objects come as they were sent, signed; what was fetched so is known to the sender', async () => {
  const collection = fresh(), one = marked(tool(), 'green');
  const { id, secret } = await follow('good', collection);
  await add(collection, one);
  await until(() => ids('good').length === 1, 'the object');
  const [message] = messages('good');
  assert.deepEqual([message.verb, message.url, message.headers['content-type']], ['POST', '/in?a=b', 'application/json']);
  assert.deepEqual(message.json.data.objects, [one]);
  assert.deepEqual([message.json.data.webhook, message.json.data.more], [id, false]);
  assert.ok(signed(secret, message));
  assert.ok(Math.abs(Number(message.headers['webhook-timestamp']) - Date.now() / 1000) < 60);
  assert.doesNotMatch(message.headers['user-agent'], /sluice|curl/i);
  // The command that receivers have.
  writeFileSync(file('secret'), `${secret}\n`);
  const verify = (body) => sluice(['webhook', 'verify', '-', '--secret-file', file('secret'), '--id', message.headers['webhook-id'], '--timestamp', message.headers['webhook-timestamp'], '--signature', message.headers['webhook-signature']], { input: body, ok: false });
  assert.equal(verify(message.body).last, 'valid');
  assert.notEqual(verify(`${message.body} `).status, 0);
  await until(async () => (await show(id)).messages === 1, 'that it was taken');
  const deliveries = await expect(200, writer.call('GET', `/api/v1/threats/collections/${collection}/objects/${one.id}/deliveries`));
  assert.deepEqual(deliveries.items.map((item) => item.organisation), [member.org]);
  // Its `through` goes on at the objects endpoint.
  const next = await new Client(site, member.token).get(`collections/${collection}/objects/?added_after=${message.json.data.through}`);
  assert.deepEqual(next.json, {});
});

test('a receiver that is down gets all of it once it is up, each once by its id, in order', async () => {
  const collection = fresh(), all = Array.from({ length: 4 }, () => marked(tool(), 'green'));
  answers.flaky = (response) => response.socket.destroy();
  const { id } = await follow('flaky', collection);
  for (const one of all.slice(0, 3)) await add(collection, one);
  await until(async () => (await show(id)).failing !== undefined, 'that it fails');
  assert.match((await show(id)).attempts[0].why, /broke off|Nothing answers/);
  answers.flaky = 204;
  await until(async () => (await show(id)).failing === undefined, 'that it is taken');
  await add(collection, all[3]);
  await until(() => once(messages('flaky')).flatMap((one) => one.json.data.objects).length === 4, 'all of it');
  assert.deepEqual(once(messages('flaky')).flatMap((one) => one.json.data.objects.map((object) => object.id)), all.map((one) => one.id));
});

test('slow receivers hold up nobody, not even those of the same organisation', async () => {
  let asked = 0, ended = 0;
  answers.slow = (response) => { ++asked; response.on('close', () => ++ended); };   // never
  const collection = fresh();
  for (let i = 0; i < 3; ++i) await follow('slow', collection);
  await add(collection, marked(tool(), 'green'));
  await until(() => asked > 0, 'that one is waited for');
  const quick = [await follow('good', collection), await follow('good', collection, {}, other)];
  // One that says nothing is given up after ten seconds: on a machine that took so long for the others, the next round tells.
  let are_beside = false;
  for (let round = 0; round < 6 && !are_beside; ++round) {
    await until(() => asked > ended, 'that one is waited for');
    const before = ended, one = marked(tool(), 'green');
    await add(collection, one);
    const came = () => messages('good').filter((message) => message.json.data.objects.some((object) => object.id === one.id)).map((message) => message.json.data.webhook);
    await until(() => new Set(came()).size === quick.length, 'the object at the quick ones, beside one that is slow');
    are_beside = ended === before;
  }
  assert.ok(are_beside, 'while those that were asked are still waited for');
  answers.slow = 204;
});

test('410 ends it, and a redirect is not followed', async () => {
  const collection = fresh();
  answers.gone = 410;
  answers.moved = (response) => response.writeHead(307, { location: 'https://127.0.0.1/' }).end();
  const gone = await follow('gone', collection), moved = await follow('moved', collection);
  await add(collection, marked(tool(), 'green'));
  await until(async () => (await state(gone.id)) === 'gone', 'that it is gone');
  await until(async () => (await show(moved.id)).attempts?.length > 0, 'an attempt');
  const shown = await show(moved.id);
  assert.deepEqual([shown.state, shown.attempts[0].status], ['active', 307]);
  assert.match(shown.attempts[0].why, /redirect/);
  assert.equal(got.gone.length, 1);
  answers.gone = 204;
  await expect(200, member.call('POST', `${hooks}/${gone.id}/resume`));
  await until(async () => (await show(gone.id)).messages === 1, 'what it missed');
});

test('a name that leads to a private address is not connected to', async () => {
  const collection = fresh();
  const { id } = await follow('inward', collection);
  await add(collection, marked(tool(), 'green'));
  await until(async () => (await show(id)).attempts?.length > 0, 'an attempt');
  assert.match((await show(id)).attempts[0].why, /private use/);
});

test('a server that is killed in the middle goes on with the same message, and loses nothing that came meanwhile', async () => {
  const collection = fresh(), first = marked(tool(), 'green'), second = marked(tool(), 'green');
  let asked;
  answers.killed = (response) => { asked = response; };
  const { id } = await follow('killed', collection);
  await add(collection, first);
  await until(() => asked, 'that it is under way');
  await site.stop('SIGKILL');
  answers.killed = 204;
  await site.serve(flags);
  await add(collection, second);
  await until(() => once(messages('killed')).length === 2, 'both');
  const all = messages('killed');
  assert.equal(all[0].headers['webhook-id'], all[1].headers['webhook-id']);
  assert.equal(all[0].body, all[1].body);
  assert.deepEqual(once(all).flatMap((one) => one.json.data.objects.map((object) => object.id)), [first.id, second.id]);
  await until(async () => (await show(id)).messages === 2, 'that both were taken');
});

test('with the token that it was made with it ends within a second, and nothing is sent any more', async () => {
  const collection = fresh();
  const token = await expect(201, other.call('POST', '/api/v1/tokens', { scopes: 'collection_read' }));
  const { id } = await expect(201, site.call(token.token, 'POST', hooks, { url: 'https://ended.hooks.example/', collection }));
  await add(collection, marked(tool(), 'green'));
  await until(() => ids('ended').length === 1, 'the first');
  await expect(200, other.call('POST', `/api/v1/tokens/${token.id}/revoke`));
  await add(collection, marked(tool(), 'green'));
  await until(async () => (await show(id, other)).state === 'suspended', 'that it is suspended', 10_000);   // a second, and what a loaded machine takes
  await wait(500);
  assert.equal(ids('ended').length, 1);
  assert.match((await show(id, other)).why, /token/);
  await expect(409, other.call('POST', `${hooks}/${id}/resume`));
  // To another organisation it isn't there, as one that never was.
  const hidden = await member.call('GET', `${hooks}/${id}`), none = await member.call('GET', `${hooks}/2dda25c8-933c-4944-9185-ba707ff863c0`);
  const plain = (answer) => JSON.stringify({ ...answer.json, request_id: '' });
  assert.deepEqual([hidden.status, plain(hidden)], [404, plain(none)]);
});

test('a recall is told by a message of its own', async () => {
  const collection = fresh(), one = marked(tool(), 'green');
  await follow('recalled', collection);
  await add(collection, one);
  await until(() => ids('recalled').length === 1, 'the object');
  await until(async () => (await expect(200, writer.call('GET', `/api/v1/threats/collections/${collection}/objects/${one.id}/deliveries`))).fetched === 1, 'the delivery');
  const recall = await expect(201, writer.call('POST', `/api/v1/threats/collections/${collection}/objects/${one.id}/recall`, { reason: 'A false positive.' }));
  await until(() => messages('recalled', 'threat.recalls').length === 1, 'the recall');
  const [told] = messages('recalled', 'threat.recalls')[0].json.data.recalls;
  assert.deepEqual([told.id, told.object, told.kind, told.reason], [recall.id, one.id, 'recalled', 'A false positive.']);
  await expect(200, member.call('POST', `/api/v1/threats/recalls/${told.id}/acknowledge`, { done: 'deleted' }));
});

test('pause, resume, a new secret, a test message, removal; a thin notice; all by the command line', async () => {
  const collection = fresh(), token = file('token');
  writeFileSync(token, member.token);
  const hook = (...args) => sluice(['webhook', ...args, '--site', site.url, '--token-file', token]);
  const made = hook('add', 'https://renewed.hooks.example/', '--collection', collection, '--payload', 'notice', '--type', 'tool', '--secret-file', file('renewed'));
  const id = made.last, old = readFileSync(file('renewed'), 'utf8').trim();
  assert.match(old, /^whsec_/);
  assert.doesNotMatch(made.stdout, /whsec_/);
  hook('pause', id);
  await add(collection, marked(tool(), 'green'));
  await wait(700);
  assert.equal(got.renewed, undefined);
  hook('renew-secret', id, '--secret-file', file('renewed'));
  const secret = readFileSync(file('renewed'), 'utf8').trim();
  hook('resume', id);
  await until(() => messages('renewed', 'threat.posted').length === 1, 'the notice');
  const [notice] = messages('renewed', 'threat.posted');
  assert.ok(signed(old, notice) && signed(secret, notice));
  assert.deepEqual(Object.keys(notice.json.data).sort(), ['added_after', 'collection', 'through', 'webhook']);
  assert.equal((await new Client(site, member.token).get(`collections/${collection}/objects/?added_after=${notice.json.data.added_after}`)).json.objects.length, 1);
  hook('test', id);
  await until(() => messages('renewed', 'webhook.test').length === 1, 'the test message');
  assert.match(hook('list').stdout, /renewed\.hooks\.example/);
  await until(() => /threat|objects|test/.test(hook('show', id).stdout), 'its attempts');
  hook('remove', id);
  await expect(404, member.call('GET', `${hooks}/${id}`));
  await add(collection, marked(tool(), 'green'));
  await wait(700);
  assert.equal(messages('renewed', 'threat.posted').length, 1);
});

test('what may be no receiver is refused, and a token without the scope makes none', async () => {
  const collection = fresh();
  for (const url of ['http://good.hooks.example/', 'https://127.0.0.1/', 'https://good.hooks.example:8443/', 'https://a:b@good.hooks.example/'])
    assert.equal((await member.call('POST', hooks, { url, collection })).status, 422, url);
  assert.equal((await site.call(site.token(member.person, 'case_read'), 'POST', hooks, { url: 'https://good.hooks.example/', collection })).status, 403);
});

test('a secret is shown once: no Idempotency-Key brings it back', async () => {
  const collection = fresh();
  for (const path of [hooks, '/api/v1/threats/%77ebhooks']) {
    const make = () => expect(201, member.call('POST', path, { url: 'https://good.hooks.example/once', collection }, { 'idempotency-key': 'shown-once' }));
    const [first, again] = [await make(), await make()];
    assert.notEqual(first.secret, again.secret);
    assert.notEqual(first.id, again.id);
    const renew = async () => (await member.call('POST', `${hooks}/${first.id}/secret`, {}, { 'idempotency-key': 'renewed-once' })).json.secret;
    const [one, two] = [await renew(), await renew()];
    assert.ok(one.startsWith('whsec_') && two.startsWith('whsec_') && one !== two);
    for (const { id } of [first, again]) await member.call('POST', `${hooks}/${id}/remove`, {});
  }
});
