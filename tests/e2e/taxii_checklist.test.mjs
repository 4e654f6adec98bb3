// Rows of the TAXII checklist (docs/formats/taxii.md) that taxii.test.mjs has no test for: times, the shape of every resource, and servers' and clients' known faults, each named after its row.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Site, sluice } from '../lib/site.mjs';
import { Client, address, indicator, media, root, tlp, tool, version, when } from '../lib/taxii.mjs';

const site = new Site();
let writer, reader, stranger, n = 0;
const fresh = () => sluice(['collection', 'add', '--data', site.data, '--title', `Rows ${++n}`, '--read', '*', '--write', `${writer.org}`, '--alias', `rows-${n}`]).last;
const six = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

before(async () => {
  [writer, reader, stranger] = ['Writer', 'Reader', 'Stranger'].map((name) => site.party(name, 'member'));
  await site.serve();
  for (const party of [writer, reader, stranger]) party.taxii = new Client(site, party.token);
});
after(() => site.remove());

test('A1: an alias is good wherever an id is, for adding and deleting too', async () => {
  const id = fresh(), alias = `rows-${n}`, one = indicator();
  await writer.taxii.add(alias, [one]);
  for (const at of [id, alias])
    for (const path of ['', 'manifest/', 'objects/', `objects/${one.id}/`, `objects/${one.id}/versions/`]) assert.equal((await reader.taxii.get(`collections/${at}/${path}`)).status, 200, `${at}/${path}`);
  assert.equal((await writer.taxii.ask('DELETE', `collections/${alias}/objects/${one.id}/`)).status, 200);
  assert.equal((await reader.taxii.get(`collections/${id}/objects/${one.id}/`)).status, 404);
});

test('A2: an object with a key twice fails by itself, and bytes beyond ASCII come back as they were', async () => {
  const at = fresh(), good = indicator({ name: 'Zażółć 日本 🐛 \u2028' }), twice = JSON.stringify(indicator()).replace('{', '{"name":"x",');
  const answer = await writer.taxii.ask('POST', `collections/${at}/objects/`, { body: `{"objects":[${twice},${JSON.stringify(good)}]}` });
  assert.deepEqual([answer.json.success_count, answer.json.failure_count], [1, 1]);
  assert.deepEqual((await reader.taxii.get(`collections/${at}/objects/`)).json.objects, [good]);
});

test('A4: a type that STIX names is an answer without objects, whichever it is', async () => {
  const at = fresh();
  const types = ['attack-pattern', 'campaign', 'course-of-action', 'grouping', 'identity', 'incident', 'indicator', 'infrastructure', 'intrusion-set', 'location', 'malware', 'malware-analysis', 'note', 'observed-data', 'opinion', 'report', 'threat-actor',
    'tool', 'vulnerability', 'relationship', 'sighting', 'artifact', 'autonomous-system', 'directory', 'domain-name', 'email-addr', 'email-message', 'file', 'ipv4-addr', 'ipv6-addr', 'mac-addr', 'mutex', 'network-traffic', 'process', 'software', 'url',
    'user-account', 'windows-registry-key', 'x509-certificate', 'marking-definition', 'language-content', 'extension-definition', 'bundle'];
  for (const type of types) assert.deepEqual((await reader.taxii.get(`collections/${at}/objects/?match[type]=${type}`)).json, {}, type);
  assert.deepEqual((await reader.taxii.get(`collections/${at}/manifest/?match[type]=${types.join(',')}`)).json, {});
});

test('A7: TAXII times have six digits, those of STIX stay as they were sent, and instants are compared', async () => {
  const at = fresh(), sent = ['2020-01-01T00:00:00.1234567Z', '2020-01-01T00:00:01.120Z', '2020-01-01T00:00:02.000000Z'];
  const one = indicator({ created: '2020-01-01T00:00:00.000Z' });
  const status = await writer.taxii.add(at, sent.map((modified) => ({ ...one, modified })));
  assert.match(status.request_timestamp, six);
  assert.deepEqual(status.successes.map((row) => row.version), sent);
  const manifest = await reader.taxii.get(`collections/${at}/manifest/?match[version]=all`);
  assert.deepEqual(manifest.json.objects.map((row) => row.version), sent);
  for (const row of manifest.json.objects) assert.match(row.date_added, six);
  for (const name of ['first', 'last']) assert.match(manifest.headers[`x-taxii-date-added-${name}`], six);
  for (const [asked, found] of [['2020-01-01T00:00:01.12Z', sent[1]], ['2020-01-01T00:00:02Z', sent[2]], ['2020-01-01T00:00:00.12345670Z', sent[0]], ['2020-01-01T00:00:00.123456Z', undefined]])
    assert.equal((await reader.taxii.get(`collections/${at}/objects/?match[version]=${asked}`)).json.objects?.[0].modified, found, asked);
  assert.deepEqual((await writer.taxii.add(at, [{ ...one, modified: '2020-01-01T00:00:01.12Z' }], 1)).failures.length, 1, 'the same instant in other digits is the same version with another content');
});

// A8, as tables: a key that must be there, one that may (with ?), and what it holds. Lists are never empty, nothing is null.
const text = (v) => typeof v === 'string' && v.length > 0, flag = (v) => typeof v === 'boolean', count = (v) => Number.isInteger(v) && v >= 0, time = (v) => six.test(v);
const uuid = (v) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(v), list_of = (is) => (v) => Array.isArray(v) && v.length > 0 && v.every(is);
const id = (v) => /^[a-z][a-z0-9-]+--[0-9a-f-]{36}$/.test(v), media_types = list_of((v) => v.startsWith('application/stix+json'));
const shape = (rows) => (value) => {
  for (const [name, is] of Object.entries(rows)) {
    const key = name.replace('?', '');
    if (key in value) assert.ok(is(value[key]), `${key}: ${JSON.stringify(value[key])}`);
    else assert.ok(name.endsWith('?'), `no ${key} in ${JSON.stringify(value).slice(0, 200)}`);
  }
  for (const key of Object.keys(value)) assert.ok(key in rows || `${key}?` in rows || /^x_[a-z0-9_]{1,248}$/.test(key), `${key} is no property of it`);
  return true;
};
const details = shape({ id, version: text, 'message?': text });
const resources = {
  discovery: shape({ title: text, 'description?': text, 'contact?': text, 'default?': text, 'api_roots?': list_of((v) => /^\/[^/].*\/$/.test(v)) }),
  api_root: shape({ title: text, versions: list_of(text), max_content_length: (v) => Number.isInteger(v) && v > 0, 'description?': text }),
  status: shape({ id: uuid, status: (v) => ['complete', 'pending'].includes(v), 'request_timestamp?': time, total_count: count, success_count: count, failure_count: count, pending_count: count, 'successes?': list_of(details), 'failures?': list_of(details), 'pendings?': list_of(details) }),
  collections: shape({ 'collections?': list_of((v) => resources.collection(v)) }),
  collection: shape({ id: uuid, title: text, can_read: flag, can_write: flag, 'description?': text, 'alias?': text, 'media_types?': media_types }),
  manifest: shape({ 'more?': flag, 'next?': text, 'objects?': list_of(shape({ id, date_added: time, version: text, 'media_type?': (v) => v.startsWith('application/stix+json;version=2.') })) }),
  envelope: shape({ 'more?': flag, 'next?': text, 'objects?': list_of((v) => id(v.id)) }),
  versions: shape({ 'more?': flag, 'next?': text, 'versions?': list_of(text) }),
  error: shape({ title: text, 'description?': text, 'error_id?': text, 'error_code?': text, 'http_status?': (v) => /^[45]\d\d$/.test(v), 'external_details?': text, 'details?': (v) => typeof v === 'object' }),
};
test('A8: every resource has what its table says, and nothing empty', async () => {
  const at = fresh(), one = indicator(), empty = fresh();
  const posted = await writer.taxii.ask('POST', `collections/${at}/objects/`, { body: { objects: [one, address, version(one, 1), { type: 'indicator', id: 'junk' }] } });
  const unnamed = await writer.taxii.ask('POST', `collections/${at}/objects/`, { body: { objects: [tool()] } });
  const reads = [['discovery', '/taxii2/'], ['api_root', ''], ['collections', 'collections/'], ['collection', `collections/${at}/`], ['manifest', `collections/${at}/manifest/`], ['manifest', `collections/${at}/manifest/?limit=1`], ['manifest', `collections/${empty}/manifest/`],
    ['envelope', `collections/${at}/objects/`], ['envelope', `collections/${at}/objects/?limit=1&match[version]=all`], ['envelope', `collections/${empty}/objects/`], ['envelope', `collections/${at}/objects/${one.id}/`],
    ['versions', `collections/${at}/objects/${one.id}/versions/?limit=1`], ['versions', `collections/${at}/objects/${one.id}/versions/?added_after=2100-01-01T00:00:00Z`], ['error', `collections/${at}/objects/?limit=0`], ['error', 'collections/none/']];
  for (const [kind, path] of reads) {
    const { json, text: body } = await reader.taxii.get(path);
    resources[kind](json);
    assert.ok(!/:null\b|:\[\]/.test(body.replaceAll(/\s/g, '')), path);
  }
  // An id that isn't one is told as it was sent.
  for (const { json } of [posted, unnamed]) resources.status({ ...json, failures: json.failures?.filter((row) => row.id !== 'junk').concat(json.failures.length > 1 ? [] : [{ id: address.id, version: when(0) }]) ?? [{ id: one.id, version: when(0) }] });
  assert.equal(posted.json.total_count, posted.json.success_count + posted.json.failure_count + posted.json.pending_count);
  assert.ok(!('failures' in unnamed.json) && !('pendings' in unnamed.json));
});
test('A8: a collection shows only what its reader may know: rights of its own, no alias of others', async () => {
  const at = fresh();
  const seen = (await reader.taxii.get(`collections/${at}/`)).json, own = (await writer.taxii.get(`collections/${at}/`)).json;
  assert.deepEqual([seen.can_read, seen.can_write, own.can_read, own.can_write], [true, false, true, true]);
});

test('A9: a bundle is told how to be sent; a definition of TLP comes out again, and is a success whoever sends it', async () => {
  const at = fresh();
  const answer = await writer.taxii.ask('POST', `collections/${at}/objects/`, { body: { type: 'bundle', id: 'bundle--2dda25c8-933c-4944-9185-ba707ff863c0', objects: [indicator()] } });
  assert.equal(answer.status, 422);
  assert.match(`${answer.json.title} ${answer.json.description}`, /objects/);
  const open = sluice(['collection', 'add', '--data', site.data, '--title', 'Open', '--read', '*', '--write', '*']).last;
  const green = { type: 'marking-definition', spec_version: '2.1', id: tlp.green, created: '2022-10-01T00:00:00.000Z', name: 'TLP:GREEN', extensions: { 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d': { extension_type: 'property-extension', tlp_2_0: 'green' } } };
  const plain = { ...green };
  delete plain.name;
  await writer.taxii.add(open, [green]);
  for (const party of [writer, reader, stranger]) await party.taxii.add(open, [green, plain]);
  assert.deepEqual(await reader.taxii.all(`collections/${open}/objects/`, 'match[version]=all'), [green]);
  assert.deepEqual((await reader.taxii.get(`collections/${open}/objects/${tlp.green}/versions/`)).json.versions, [green.created]);
});

test('A11-1: a page of one object has both dates, and an Accept without a version is served', async () => {
  const at = fresh();
  await writer.taxii.add(at, [indicator()]);
  const answer = await reader.taxii.get(`collections/${at}/objects/`, { accept: 'application/taxii+json' });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], media);
  assert.equal(answer.headers['x-taxii-date-added-first'], answer.headers['x-taxii-date-added-last']);
});
test('A11-2: limit counts what is left after the versions were chosen', async () => {
  const at = fresh(), some = [indicator(), tool(), indicator()];
  await writer.taxii.add(at, [4, 3, 2, 1, 0].flatMap((i) => some.map((one) => version(one, i))));
  const { json } = await reader.taxii.get(`collections/${at}/objects/?limit=3`);
  assert.deepEqual(json.objects.map((one) => [one.id, one.modified]), some.map((one) => [one.id, when(4)]));
  assert.ok(!json.more);
});
test('A11-3 and A11-5: what came in one request is read whole by dates alone, and by next, in all versions', async () => {
  const at = fresh(), sent = Array.from({ length: 23 }, (_, i) => version(indicator(), i));
  await writer.taxii.add(at, sent);
  for (let out = [], last = '2000-01-01T00:00:00Z'; ;) {
    const page = await reader.taxii.get(`collections/${at}/objects/?limit=4&match[version]=all&added_after=${last}`);
    out.push(...page.json.objects);
    if (!page.json.more) { assert.deepEqual(out, sent); break; }
    last = page.headers['x-taxii-date-added-last'];
  }
  assert.deepEqual(await reader.taxii.all(`collections/${at}/objects/`, 'limit=4&match[version]=all&added_after=2000-01-01T00:00:00Z'), sent);
});
test('A11-6: who pages by modified and asks the same for ever is answered the same, each time', async () => {
  const at = fresh(), one = indicator();
  await writer.taxii.add(at, [version(one, 9), tool()]);
  const asked = () => reader.taxii.get(`collections/${at}/objects/?limit=1&added_after=${when(9)}`);
  const first = await asked();
  assert.equal(first.json.objects.length, 1);
  for (let i = 0; i < 5; ++i) assert.deepEqual((await asked()).json.objects, first.json.objects);
});
test('A11-7: next with a newer added_after is 400, with words', async () => {
  const at = fresh();
  await writer.taxii.add(at, [indicator(), indicator()]);
  const { json } = await reader.taxii.get(`collections/${at}/objects/?limit=1&added_after=2000-01-01T00:00:00Z`);
  const answer = await reader.taxii.get(`collections/${at}/objects/?limit=1&added_after=2001-01-01T00:00:00Z&next=${encodeURIComponent(json.next)}`);
  assert.equal(answer.status, 400);
  assert.match(`${answer.json.title} ${answer.json.description}`, /added_after|filters/);
});
test('A11-8: what clients send wrongly is 400 or 404 as TAXII, never 5xx', async () => {
  const at = fresh();
  for (const query of ['added_after=yesterday', 'match[version]=junk', 'limit=0', 'limit=99999999999999999999', 'added_after=2020-13-01T00:00:00Z', 'next=%00', `match[id]=${'a'.repeat(3000)}`, 'match[version]=2020-01-01T00:00:60Z,', 'match[spec_version]=2', '&&&==='])
    for (const path of [`collections/${at}/objects/`, `collections/${at}/manifest/`]) {
      const answer = await reader.taxii.get(`${path}?${query}`);
      assert.ok([200, 400].includes(answer.status), `${query}: ${answer.status}`);
      assert.equal(answer.headers['content-type'], media);
    }
  for (const path of ['collections/zzz/objects/', `collections/${at}/objects/x/`, 'status/x/', `collections/${at}/nothing/`]) assert.equal((await reader.taxii.get(path)).status, 404, path);
});
test('A11-13: the same version with another content is a failure with a reason, never a silent success', async () => {
  const at = fresh(), one = indicator();
  await writer.taxii.add(at, [one]);
  const { failures } = await writer.taxii.add(at, [{ ...one, name: 'Otherwise' }], 1);
  assert.match(failures[0].message, /Another content is held/);
});
test('A1: a verb that no address takes is 405 and says which are', async () => {
  const answer = await reader.taxii.ask('TRACE', 'collections/');
  assert.deepEqual([answer.status, answer.headers['content-type']], [405, media]);
  assert.match(answer.headers.allow, /GET/);
});
test('A2: an address that is too long is refused in TAXII too', async () => {
  const at = fresh(), ids = Array.from({ length: 2000 }, () => indicator().id).join(',');
  const answer = await reader.taxii.get(`collections/${at}/objects/?match[id]=${ids}`);
  assert.deepEqual([answer.status, answer.headers['content-type'], answer.json.http_status], [414, media, '414']);
});
test('A2: an envelope that says it is compressed is 415', async () => {
  const at = fresh();
  const answer = await writer.taxii.ask('POST', `collections/${at}/objects/`, { body: { objects: [] }, headers: { 'content-encoding': 'gzip' } });
  assert.deepEqual([answer.status, answer.headers['content-type']], [415, media]);
  for (const coding of ['identity', 'Identity']) assert.equal((await writer.taxii.ask('POST', `collections/${at}/objects/`, { body: { objects: [indicator()] }, headers: { 'content-encoding': coding } })).status, 202, coding);
});
test('A10: several spaces may stand behind the scheme, and who asks twice is not guessed at', async () => {
  const nobody = new Client(site, null);
  for (const value of [`Bearer   ${reader.token}`, `Basic  ${btoa(`anybody:${reader.token}`)}`]) assert.equal((await nobody.get('collections/', { headers: { authorization: value } })).status, 200, value.slice(0, 6));
  const twice = await nobody.get('collections/', { headers: { authorization: [`Bearer ${reader.token}`, `Bearer ${writer.token}`] } });
  assert.equal(twice.status, 400);
});
