// TAXII 2.1, row by row: endpoints, media types, codes, parameters, paging, headers, resources, adding, sign-in, and what is known to go wrong elsewhere. Against the real binary.
// Longer than other files because it is one idea: each row of the standard that a server must keep has its test here, named after it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { Site, files_below, sluice } from '../lib/site.mjs';
import { Client, address, indicator, marked, media, root, tool, version, when } from '../lib/taxii.mjs';
import { ask } from '../lib/wire.mjs';

const site = new Site();
const add_collection = (...flags) => sluice(['collection', 'add', '--data', site.data, ...flags]).last;
let writer, reader, guest, stranger, nobody, shared, closed, drop_box, fresh;
const six = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

before(async () => {
  const parties = Object.fromEntries(['Writer', 'Reader', 'Stranger'].map((name) => [name.toLowerCase(), site.party(name, 'member')]));
  const vendor = site.party('Guest', 'vendor');
  const both = `${parties.writer.org},${parties.reader.org}`;
  shared = add_collection('--title', 'Shared', '--description', 'For tests', '--read', both, '--write', both, '--alias', 'shared');
  closed = add_collection('--title', 'Closed', '--read', both, '--write', parties.writer.org);
  drop_box = add_collection('--title', 'Drop box', '--read', parties.reader.org, '--write', both);
  add_collection('--title', 'Open', '--read', '*', '--write', '*', '--alias', 'open');
  await site.serve();
  [writer, reader, stranger, guest] = [parties.writer, parties.reader, parties.stranger, vendor].map((party) => new Client(site, party.token));
  nobody = new Client(site);
  let n = 0;
  // A collection of its own for a test that counts.
  fresh = (read = both, write = both) => add_collection('--title', `Fresh ${++n}`, '--read', read, '--write', write);
});
after(() => site.remove());

const objects = (collection) => `collections/${collection}/objects/`;
const manifest = (collection) => `collections/${collection}/manifest/`;
const ids = (list) => (list ?? []).map((one) => one.id);
async function expect(status, promise) {
  const answer = await promise;
  assert.equal(answer.status, status, answer.text.slice(0, 400));
  assert.equal(answer.headers['content-type'], media);
  if (status >= 400) {
    assert.equal(answer.json.http_status, String(status));
    assert.ok(answer.json.title);
  }
  return answer;
}

describe('A1 endpoints', () => {
  test('1 discovery', async () => {
    const { json } = await expect(200, reader.get('/taxii2/'));
    assert.ok(json.title);
    assert.deepEqual(json.api_roots, [root]);
    assert.equal(json.default, root);
  });
  test('2 API root', async () => {
    const { json } = await expect(200, reader.get(''));
    assert.ok(json.versions.includes(media));
    assert.ok(json.max_content_length > 0);
  });
  test('3 status', async () => {
    const made = await writer.add(shared, [indicator()]);
    assert.deepEqual((await expect(200, writer.get(`status/${made.id}/`))).json, made);
    await expect(404, reader.get(`status/${made.id}/`));
    await expect(404, writer.get('status/not-a-uuid/'));
  });
  test('4 collections, in an order that stays', async () => {
    const first = (await expect(200, reader.get('collections/'))).json;
    assert.ok(ids(first.collections).includes(shared));
    assert.deepEqual((await reader.get('collections/')).json, first);
    assert.deepEqual(ids(first.collections), ids(first.collections).toSorted());
  });
  test('5 collection, by id and by alias', async () => {
    const { json } = await expect(200, writer.get(`collections/${shared}/`));
    assert.deepEqual(json, { id: shared, title: 'Shared', description: 'For tests', alias: 'shared', can_read: true, can_write: true, media_types: json.media_types });
    assert.ok(json.media_types.includes('application/stix+json;version=2.1'));
    assert.deepEqual((await writer.get('collections/shared/')).json, json);
  });
  test('6 manifest', async () => {
    const at = fresh(), one = indicator();
    await writer.add(at, [one]);
    const { json } = await expect(200, reader.get(manifest(at)));
    assert.equal(json.objects.length, 1);
    assert.equal(json.objects[0].id, one.id);
    assert.equal(json.objects[0].version, one.modified);
    assert.match(json.objects[0].date_added, six);
    assert.equal(json.objects[0].media_type, 'application/stix+json;version=2.1');
  });
  test('7 and 8 objects come out byte for byte as they were added', async () => {
    const at = fresh(), one = indicator({ x_note: 'schön' });
    const bytes = JSON.stringify(one, null, 1).replace('}', ' , "x_number": 1.0e2 }');
    const sent = await writer.ask('POST', objects(at), { body: `{"objects":[ ${bytes} ]}` });
    assert.equal(sent.status, 202, sent.text);
    assert.equal(sent.json.failure_count, 0, sent.text);
    assert.ok((await expect(200, reader.get(objects(at)))).text.includes(bytes));
  });
  test('9 object', async () => {
    const one = indicator();
    await writer.add(shared, [one]);
    assert.deepEqual((await expect(200, reader.get(`${objects(shared)}${one.id}/`))).json.objects, [one]);
    await expect(404, reader.get(`${objects(shared)}indicator--2dda25c8-933c-4944-9185-ba707ff863c0/`));
  });
  test('10 delete', async () => {
    const at = fresh(), one = indicator(), other = tool();
    await writer.add(at, [one, other]);
    const gone = await reader.ask('DELETE', `${objects(at)}${one.id}/`);
    assert.equal(gone.status, 200, gone.text);
    assert.equal(gone.text, '');
    await expect(404, reader.get(`${objects(at)}${one.id}/`));
    await expect(404, reader.ask('DELETE', `${objects(at)}${one.id}/`));
    assert.deepEqual(ids(await writer.all(objects(at))), [other.id]);
    assert.deepEqual(ids(await writer.all(manifest(at))), [other.id]);
  });
  test('11 versions, oldest first', async () => {
    const at = fresh(), one = indicator();
    await writer.add(at, [one, version(one, 2), version(one, 1)]);
    assert.deepEqual((await expect(200, reader.get(`${objects(at)}${one.id}/versions/`))).json.versions, [when(0), when(2), when(1)]);
    await expect(404, reader.get(`${objects(at)}tool--2dda25c8-933c-4944-9185-ba707ff863c0/versions/`));
  });
  test('a path without its last slash is 404, and never more', async () => {
    for (const path of ['/taxii2', '/taxii2/root', '/taxii2/root/collections', `/taxii2/root/collections/${shared}/objects`, '/taxii2/none/', '/taxii2/root/nothing/']) await expect(404, reader.get(path));
  });
  test('another verb is 405', async () => {
    assert.equal((await expect(405, reader.ask('PUT', objects(shared), { body: {} }))).headers.allow.includes('GET'), true);
  });
});

describe('A2 media types', () => {
  test('an Accept that names TAXII is never 406', async () => {
    for (const accept of ['application/taxii+json', media, 'application/taxii+json; version="2.1"', 'APPLICATION/taxii+json ; version=2.1', 'text/html;q=0.5, application/taxii+json;version=2.1', `${media},application/stix+json;version=2.1`, '*/*', 'application/*'])
      await expect(200, reader.get(objects(shared), { accept }));
  });
  test('an Accept of other types alone is 406, on each endpoint', async () => {
    for (const accept of ['text/html', 'application/json', 'application/taxii+json;version=2.0', 'application/taxii+json;q=0', null])
      for (const path of ['/taxii2/', '', 'collections/', `collections/${shared}/`, manifest(shared), objects(shared)]) await expect(406, reader.get(path, { accept }));
  });
  test('a Content-Type that is not TAXII is 415', async () => {
    for (const type of ['application/json', 'text/plain', 'application/taxii+json;version=2.0', null]) await expect(415, writer.ask('POST', objects(shared), { body: { objects: [] }, type }));
    assert.equal((await writer.ask('POST', objects(shared), { body: { objects: [] }, type: 'application/taxii+json' })).status, 202);
  });
});

describe('A3 status codes', () => {
  test('401 with a challenge for each scheme, on every endpoint', async () => {
    for (const [verb, path] of [['GET', '/taxii2/'], ['GET', ''], ['GET', 'collections/'], ['GET', 'status/2dda25c8-933c-4944-9185-ba707ff863c0/'], ['GET', objects(shared)], ['GET', manifest(shared)], ['POST', objects(shared)], ['DELETE', `${objects(shared)}tool--1/`]]) {
      const answer = await expect(401, nobody.ask(verb, path, verb === 'POST' ? { body: { objects: [] } } : {}));
      assert.match(answer.headers['www-authenticate'], /Basic realm=".*Bearer realm="/);
    }
    await expect(401, new Client(site, 'slt_wrong').get('collections/'));
  });
  test('HTTP Basic with the token as password, in any case of the scheme', async () => {
    for (const scheme of ['Basic', 'basic', 'BASIC']) await expect(200, nobody.get('collections/', { headers: { authorization: `${scheme} ${btoa(`anybody:${reader.token}`)}` } }));
    for (const value of ['Basic', 'Basic !!!', `Basic ${btoa('nocolon')}`, `Basic ${btoa('a:b')}`, 'Digest x']) await expect(401, nobody.get('collections/', { headers: { authorization: value } }));
  });
  test('a collection that may be known and not read is 403; one that is hidden is 404', async () => {
    for (const path of [objects(drop_box), manifest(drop_box), `${objects(drop_box)}tool--1/`, `${objects(drop_box)}tool--1/versions/`]) await expect(403, writer.get(path));
    await expect(403, reader.ask('POST', objects(closed), { body: { objects: [] } }));
    for (const path of [`collections/${shared}/`, objects(shared), manifest(shared), `${objects(shared)}tool--1/`]) await expect(404, stranger.get(path));
    await expect(404, stranger.ask('POST', objects(shared), { body: { objects: [] } }));
  });
  test('deleting takes both rights: 404, 403, 403, 200', async () => {
    const one = indicator();
    await writer.add(closed, [one]);
    await writer.add(drop_box, [one]);
    await expect(404, stranger.ask('DELETE', `${objects(closed)}${one.id}/`));
    await expect(403, reader.ask('DELETE', `${objects(closed)}${one.id}/`));
    await expect(403, writer.ask('DELETE', `${objects(drop_box)}${one.id}/`));
    await expect(200, writer.ask('DELETE', `${objects(closed)}${one.id}/`));
  });
  test('413 for more than the API root says, and never for less', async () => {
    const most = (await reader.get('')).json.max_content_length;
    await expect(413, writer.ask('POST', objects(shared), { body: Buffer.alloc(most + 1, 0x20) }));
    const fill = JSON.stringify({ objects: [] });
    assert.equal((await writer.ask('POST', objects(shared), { body: Buffer.concat([Buffer.from(fill), Buffer.alloc(most - fill.length, 0x20)]) })).status, 202);
  });
  test('422 for what is no envelope', async () => {
    for (const body of ['', '{', '[]', '"x"', '{}', '{"objects":{}}', '{"objects":[{]}', '{"objects":[],"objects":[]}', JSON.stringify({ type: 'bundle', id: 'bundle--2dda25c8-933c-4944-9185-ba707ff863c0', objects: [indicator()] })])
      await expect(422, writer.ask('POST', objects(shared), { body }));
  });
  test('an empty result is 200 and an object without its list', async () => {
    const at = fresh();
    for (const path of [objects(at), manifest(at)]) assert.deepEqual((await expect(200, reader.get(path))).json, {});
  });
  test('an object whose versions are all filtered away is 200 and empty; one that is unknown is 404', async () => {
    const one = indicator();
    await writer.add(shared, [one]);
    assert.deepEqual((await expect(200, reader.get(`${objects(shared)}${one.id}/?match[version]=2000-01-01T00:00:00Z`))).json, {});
    assert.deepEqual((await expect(200, reader.get(`${objects(shared)}${one.id}/versions/?added_after=2100-01-01T00:00:00Z`))).json, {});
  });
});

describe('A4 filters', () => {
  let at, a, b, c;
  before(async () => {
    at = fresh();
    [a, b, c] = [indicator({ name: 'a' }), tool({ name: 'b' }), indicator({ name: 'c' })];
    await writer.add(at, [a, b, version(a, 2), c, version(a, 1)]);
  });
  const asked = async (query) => (await expect(200, reader.get(`${objects(at)}?${query}`))).json.objects ?? [];
  const shown = async (query) => (await asked(query)).map((one) => `${one.name[0]}${one.modified.slice(17, 19)}`);
  test('without any, the last version of each, oldest first', async () => assert.deepEqual(await shown(''), ['b00', 'a02', 'c00']));
  test('match[version]', async () => {
    assert.deepEqual(await shown('match[version]=last'), ['b00', 'a02', 'c00']);
    assert.deepEqual(await shown('match[version]=first'), ['a00', 'b00', 'c00']);
    assert.deepEqual(await shown('match[version]=all'), ['a00', 'b00', 'a02', 'c00', 'a01']);
    assert.deepEqual(await shown('match[version]=first,last'), ['a00', 'b00', 'a02', 'c00']);
    assert.deepEqual(await shown('match[version]=2020-01-01T00:00:01Z'), ['a01']);
    assert.deepEqual(await shown('match[version]=2020-01-01T00:00:01.000Z,2020-01-01T00:00:02.0Z'), ['a02', 'a01']);
    assert.deepEqual(await shown('match[version]=first,2020-01-01T00:00:01Z,last&match[type]=indicator'), ['a00', 'a02', 'c00', 'a01']);
    assert.deepEqual(await shown('match[version]=1999-01-01T00:00:00Z'), []);
  });
  test('match[type], match[id]: values or, fields and', async () => {
    assert.deepEqual(await shown('match[type]=tool'), ['b00']);
    assert.deepEqual(await shown('match[type]=tool,indicator'), ['b00', 'a02', 'c00']);
    assert.deepEqual(await shown(`match[id]=${a.id},${b.id}`), ['b00', 'a02']);
    assert.deepEqual(await shown(`match[id]=${a.id},${b.id}&match[type]=indicator&match[version]=all`), ['a00', 'a02', 'a01']);
    assert.deepEqual(await shown(`match%5Bid%5D=${a.id.replaceAll('-', '%2D')}%2C${b.id}`), ['b00', 'a02']);
    for (const type of ['campaign', 'x-unheard-of', 'marking-definition', 'ipv4-addr', 'extension-definition']) assert.deepEqual(await shown(`match[type]=${type}`), []);
  });
  test('match[spec_version]: without it the newest that is held of each object', async () => {
    const here = fresh(), one = tool();
    const old = { ...one, modified: when(9), labels: ['exploitation'] };
    delete old.spec_version;
    await writer.add(here, [one, old, version(one, 1)]);
    const of = async (query) => ((await reader.get(`${objects(here)}?${query}`)).json.objects ?? []).map((o) => o.modified.slice(17, 19));
    assert.deepEqual(await of(''), ['01']);
    assert.deepEqual(await of('match[spec_version]=2.0'), ['09']);
    assert.deepEqual(await of('match[spec_version]=2.1&match[version]=all'), ['00', '01']);
    assert.deepEqual(await of('match[spec_version]=2.0,2.1'), ['09']);
    assert.deepEqual(await of('match[spec_version]=2.0,2.1&match[version]=all'), ['00', '09', '01']);
    assert.deepEqual(await of('match[spec_version]=3.0'), []);
  });
  test('added_after is strictly later, at any number of digits; the last version counts whenever it came', async () => {
    const all = (await reader.get(`${manifest(at)}?match[version]=all`)).json.objects;
    for (const [i, one] of all.entries()) assert.equal((await asked(`match[version]=all&added_after=${one.date_added}`)).length, all.length - i - 1);
    assert.equal((await asked('added_after=2000-01-01T00:00:00Z')).length, 3);
    assert.deepEqual(await shown(`match[id]=${a.id}&added_after=${all[3].date_added}`), []);
  });
  test('times beyond all that is held pick all or nothing, and are no error', async () => {
    assert.equal((await asked('added_after=0001-01-01T00:00:00Z')).length, 3);
    assert.equal((await asked('added_after=9999-12-31T23:59:59Z')).length, 0);
    for (const year of ['0001', '9999']) assert.deepEqual(await shown(`match[version]=${year}-01-01T00:00:00Z`), []);
  });
  test('an unknown match field is ignored', async () => assert.equal((await asked('match[colour]=blue&x=1')).length, 3));
  test('a malformed one is 400 everywhere it counts', async () => {
    const bad = ['added_after=yesterday', 'added_after=', 'added_after=2020-01-01T00:00:00%2B01:00', 'limit=0', 'limit=-1', 'limit=abc', 'limit=', 'limit=1.5', 'match[version]=junk', 'match[version]=all,first', 'match[version]=first,first',
      'match[version]=first,%20last', 'match[id]=', 'match[id]=junk', 'match[type]=', 'match[spec_version]=two', 'match[type]=a&match[type]=b', 'limit=1&limit=2', 'next=rubbish', 'next=', 'added_after=2020-01-01T00:00:00Z&added_after=2020-01-01T00:00:00Z'];
    for (const query of bad)
      for (const path of [objects(at), manifest(at)]) await expect(400, reader.get(`${path}?${query}`));
    for (const query of ['match[version]=junk', 'limit=0', 'added_after=x', 'match[spec_version]=x', 'next=x']) await expect(400, reader.get(`${objects(at)}${a.id}/?${query}`));
    for (const query of ['limit=0', 'added_after=x', 'match[spec_version]=x']) await expect(400, reader.get(`${objects(at)}${a.id}/versions/?${query}`));
    await expect(400, reader.ask('DELETE', `${objects(at)}${a.id}/?match[version]=junk`));
  });
});

describe('A5 paging', () => {
  let at, sent;
  before(async () => {
    at = fresh();
    sent = Array.from({ length: 57 }, () => indicator());
    await writer.add(at, sent);
  });
  test('next leads through all of it, once each, at every length of page', async () => {
    for (const limit of [1, 2, 7, 56, 57, 58, 1000]) {
      assert.deepEqual(ids(await reader.all(objects(at), `limit=${limit}`)), ids(sent), `limit ${limit}`);
      assert.deepEqual(ids(await reader.all(manifest(at), `limit=${limit}`)), ids(sent), `limit ${limit}`);
    }
  });
  test('added_after with the last date leads through it as well: no two dates are equal', async () => {
    const out = [];
    for (let last = '2000-01-01T00:00:00.000000Z'; ;) {
      const answer = await reader.get(`${objects(at)}?limit=5&added_after=${last}`);
      out.push(...ids(answer.json.objects));
      if (!answer.json.more) break;
      last = answer.headers['x-taxii-date-added-last'];
    }
    assert.deepEqual(out, ids(sent));
    const dates = (await reader.all(manifest(at))).map((one) => one.date_added);
    assert.equal(new Set(dates).size, dates.length);
    assert.deepEqual(dates, dates.toSorted());
  });
  test('more only where something is left', async () => {
    assert.equal((await reader.get(`${objects(at)}?limit=57`)).json.more ?? false, false);
    assert.equal((await reader.get(`${objects(at)}?limit=56`)).json.more, true);
  });
  test('what is added meanwhile comes at the end; what is deleted meanwhile costs nothing else', async () => {
    const here = fresh(), all = Array.from({ length: 9 }, () => indicator());
    await writer.add(here, all);
    const first = await reader.get(`${objects(here)}?limit=4`);
    const late = indicator();
    await writer.add(here, [late, version(all[0], 3)]);
    await writer.ask('DELETE', `${objects(here)}${all[5].id}/`);
    const rest = [];
    for (let next = first.json.next; ;) {
      const page = await reader.get(`${objects(here)}?limit=4&next=${encodeURIComponent(next)}`);
      rest.push(...page.json.objects);
      if (!page.json.more) break;
      next = page.json.next;
    }
    assert.deepEqual(ids(rest), [all[4], all[6], all[7], all[8], late, all[0]].map((one) => one.id));
  });
  test('pages of all versions repeat none and drop none', async () => {
    const here = fresh(), one = indicator(), other = tool();
    await writer.add(here, [one, other, ...Array.from({ length: 12 }, (_, i) => version(i % 2 ? one : other, i + 1))]);
    const seen = (await reader.all(objects(here), 'match[version]=all&limit=3')).map((o) => o.id + o.modified);
    assert.equal(seen.length, 14);
    assert.equal(new Set(seen).size, 14);
    assert.equal((await reader.all(`${objects(here)}${one.id}/versions/`, 'limit=2', 'versions')).length, 7);
  });
  test('limit counts what the filters left', async () => assert.equal((await reader.get(`${objects(at)}?limit=3&match[version]=last`)).json.objects.length, 3));
  test('next is for the same list, filters and organisation, and unchanged', async () => {
    const { next } = (await reader.get(`${objects(at)}?limit=5&match[type]=indicator&added_after=2000-01-01T00:00:00Z`)).json;
    const go = (query, who = reader, path = objects(at)) => who.get(`${path}?limit=5&next=${encodeURIComponent(next)}&${query}`);
    await expect(200, go('match[type]=indicator&added_after=2000-01-01T00:00:00Z'));
    await expect(200, go('match[type]=indicator'));
    await expect(400, go('match[type]=tool'));
    await expect(400, go(''));
    await expect(400, go('match[type]=indicator&added_after=2020-01-01T00:00:00Z'));
    await expect(400, go('match[type]=indicator', writer));
    await expect(400, go('match[type]=indicator', reader, manifest(at)));
    await expect(400, reader.get(`${objects(at)}?match[type]=indicator&next=${encodeURIComponent(`A${next.slice(1)}`)}`));
  });
  test('next survives a restart', async () => {
    const { next } = (await reader.get(`${objects(at)}?limit=50`)).json;
    await site.stop();
    await site.serve();
    assert.deepEqual(ids((await expect(200, reader.get(`${objects(at)}?next=${encodeURIComponent(next)}`))).json.objects), ids(sent).slice(50));
  });
});

describe('A6 headers', () => {
  test('the dates of the first and the last object are those of the manifest; one object has both', async () => {
    const at = fresh(), one = indicator();
    await writer.add(at, [one, tool(), tool()]);
    const dates = (await reader.get(manifest(at))).json.objects.map((o) => o.date_added);
    for (const path of [objects(at), manifest(at)]) {
      const { headers } = await reader.get(path);
      assert.equal(headers['x-taxii-date-added-first'], dates[0]);
      assert.equal(headers['x-taxii-date-added-last'], dates[2]);
    }
    for (const path of [`${objects(at)}?limit=1`, `${manifest(at)}?limit=1`, `${objects(at)}${one.id}/`, `${objects(at)}${one.id}/versions/`]) {
      const { headers } = await reader.get(path);
      assert.match(headers['x-taxii-date-added-first'], six);
      assert.equal(headers['x-taxii-date-added-first'], dates[0]);
      assert.equal(headers['x-taxii-date-added-last'], dates[0]);
    }
    const { headers } = await reader.get(`${objects(at)}?match[type]=campaign`);
    assert.equal(headers['x-taxii-date-added-first'], undefined);
    assert.equal(headers['x-taxii-date-added-last'], undefined);
  });
  test('answers that need sign-in are kept by nobody', async () => assert.match((await reader.get(objects(shared))).headers['cache-control'], /no-store/));
});

describe('A9 adding', () => {
  const answer = (list) => writer.ask('POST', objects(shared), { body: { objects: list } });
  test('counts come to the total, and the status is complete', async () => {
    const status = (await answer([indicator(), { type: 'indicator', id: 'nonsense' }, 7, indicator()])).json;
    assert.deepEqual([status.status, status.total_count, status.success_count, status.failure_count, status.pending_count], ['complete', 4, 2, 2, 0]);
    assert.equal(status.successes.length, 2);
    assert.equal(status.failures.length, 2);
    for (const failure of status.failures) assert.ok(failure.message && failure.id && failure.version);
    assert.match(status.request_timestamp, six);
  });
  test('the same once more is a success, also when it is spelt otherwise and twice in one envelope', async () => {
    const at = fresh(), one = indicator(), turned = Object.fromEntries(Object.entries(one).toReversed());
    await writer.add(at, [one, one]);
    await writer.add(at, [one]);
    await reader.add(at, [turned]);
    assert.deepEqual(await writer.all(objects(at), 'match[version]=all'), [one]);
  });
  test('the same version with another content fails, and changes nothing', async () => {
    const at = fresh(), one = indicator();
    await writer.add(at, [one]);
    const status = await writer.add(at, [{ ...one, name: 'Otherwise' }], 1);
    assert.equal(status.failures[0].id, one.id);
    assert.deepEqual(await writer.all(objects(at)), [one]);
    const twice = await writer.add(fresh(), [one, { ...one, name: 'Otherwise' }], 1);
    assert.equal(twice.success_count, 1);
  });
  test('an object without a version has one for ever', async () => {
    const at = fresh();
    await writer.add(at, [address]);
    await writer.add(at, [address]);
    const [row] = await reader.all(manifest(at));
    assert.equal(row.version, row.date_added);
    await writer.add(at, [{ ...address, defanged: true }], 1);
    assert.equal((await reader.get(`${objects(at)}?match[version]=${row.version}`)).json.objects.length, 1);
  });
  test('an older version is kept and does not become the last', async () => {
    const at = fresh(), one = indicator();
    await writer.add(at, [version(one, 5)]);
    await writer.add(at, [version(one, 3)]);
    assert.deepEqual((await reader.all(objects(at))).map((o) => o.modified), [when(5)]);
    assert.deepEqual((await reader.all(objects(at), 'match[version]=first')).map((o) => o.modified), [when(3)]);
  });
  test('no objects is a status of noughts', async () => {
    const status = (await answer([])).json;
    assert.deepEqual([status.total_count, status.success_count, status.failure_count], [0, 0, 0]);
    assert.equal('successes' in status, false);
  });
  test('more than one slice of the writer is one status, in order', async () => {
    const at = fresh(), all = Array.from({ length: 2500 }, () => indicator());
    const status = await writer.add(at, all);
    assert.equal(status.success_count, 2500);
    assert.deepEqual(ids(status.successes), ids(all));
    assert.deepEqual(ids(await reader.all(objects(at))), ids(all));
  });
  test('what is no STIX fails by itself, each with its reason', async () => {
    const bad = [{ ...indicator(), id: 'tool--2dda25c8-933c-4944-9185-ba707ff863c0' }, { ...indicator(), modified: 'yesterday' }, { ...indicator(), spec_version: '3.0' }, { ...indicator(), modified: '2019-01-01T00:00:00.000Z' }, { type: 'indicator' }, null, 'x',
      { type: 'bundle', id: 'bundle--2dda25c8-933c-4944-9185-ba707ff863c0', objects: [indicator()] }, { ...indicator(), modified: '2200-01-01T00:00:00.000Z' }, { ...marked({}, 'red'), type: 'marking-definition', id: marked({}, 'red').object_marking_refs[0] }];
    const status = (await answer([...bad, indicator()])).json;
    assert.equal(status.failure_count, bad.length);
    assert.equal(status.success_count, 1);
  });
});

describe('markings', () => {
  test('each reader meets what its label lets it have', async () => {
    const at = 'open', objects_of = (who) => who.all(objects(at)).then(ids);
    const by = Object.fromEntries(['clear', 'green', 'amber', 'strict', 'red'].map((label) => [label, marked(indicator(), label)]));
    const part = { ...indicator(), granular_markings: [{ selectors: ['name'], marking_ref: marked({}, 'red').object_marking_refs[0] }] };
    await writer.add(at, [...Object.values(by), part]);
    assert.deepEqual(await objects_of(writer), ids([...Object.values(by), part]));
    assert.deepEqual(await objects_of(reader), ids([by.clear, by.green, by.amber, by.strict]));
    assert.deepEqual(await objects_of(guest), ids([by.clear, by.green]));
    await expect(404, reader.get(`${objects(at)}${by.red.id}/`));
    await expect(404, reader.get(`${objects(at)}${by.red.id}/versions/`));
    await expect(404, reader.ask('DELETE', `${objects(at)}${by.red.id}/`));
    // That a hidden one is there is told by nothing that is answered to adding it.
    assert.equal((await reader.add(at, [{ ...by.red, name: 'Otherwise' }])).success_count, 1);
    assert.equal((await reader.all(objects(at), `match[id]=${by.red.id}`)).length, 1);
  });
});

describe('whose an id is', () => {
  test('another writer makes no version of it: a failure that says so, and nothing changes for readers', async () => {
    const at = fresh(), one = indicator();
    await writer.add(at, [one]);
    const { failures } = await reader.add(at, [version(one, 5)], 1);
    assert.equal(failures[0].id, one.id);
    assert.match(failures[0].message, /Another organisation sent this id first/);
    await reader.add(at, [one]);
    await writer.add(at, [version(one, 2)]);
    assert.deepEqual((await reader.all(objects(at))).map((o) => o.modified), [when(2)]);
    await expect(200, reader.ask('DELETE', `${objects(at)}${one.id}/?match[version]=all`));
    await reader.add(at, [version(one, 9)], 1);
    await writer.add(at, [version(one, 3)]);
  });
  test('who can not know is told what it is told of a free id, and its version is nobody\'s last', async () => {
    const one = indicator(), free = indicator();
    await reader.add(drop_box, [one]);
    const masked = ({ successes }) => JSON.stringify(successes).replaceAll(/indicator--[0-9a-f-]{36}/g, '');
    assert.equal(masked(await writer.add(drop_box, [version(one, 5)])), masked(await writer.add(drop_box, [version(free, 5)])));
    assert.deepEqual(await reader.all(objects(drop_box), `match[id]=${one.id}&match[version]=all`), [one]);
    assert.equal((await reader.all(objects(drop_box), `match[id]=${free.id}`)).length, 1);
  });
  test('created_by_ref stays as it is', async () => {
    const at = fresh(), by = (n) => ({ created_by_ref: `identity--2dda25c8-933c-4944-9185-ba707ff863c${n}` }), one = indicator(by(0));
    await writer.add(at, [one]);
    assert.match((await writer.add(at, [{ ...version(one, 1), ...by(1) }], 1)).failures[0].message, /created_by_ref/);
    await writer.add(at, [version(one, 1)]);
  });
  test('observables are nobody\'s', async () => {
    const at = fresh();
    await writer.add(at, [address]);
    assert.match((await reader.add(at, [address])).successes[0].message, /there already/);
    assert.equal((await reader.all(objects(at), 'match[version]=all')).length, 1);
  });
  test('a collection with --shared-ids is kept by its writers together', async () => {
    const at = add_collection('--title', 'Together', '--read', '*', '--write', '*', '--shared-ids'), one = indicator();
    await writer.add(at, [one]);
    await reader.add(at, [version(one, 5)]);
    assert.deepEqual((await writer.all(objects(at))).map((o) => o.modified), [when(5)]);
    assert.equal(JSON.parse(sluice(['collection', 'list', '--data', site.data, '--json']).stdout).items.find((row) => row.id === at).shared_ids, true);
  });
});

describe('what becomes the last version by a deletion', () => {
  test('comes anew to who follows by date, and the versions that are left are all there', async () => {
    const at = fresh(), one = indicator(), other = tool();
    await writer.add(at, [one, version(one, 1), version(one, 2), other]);
    const before = await reader.get(objects(at));
    const last = before.headers['x-taxii-date-added-last'];
    await expect(200, writer.ask('DELETE', `${objects(at)}${one.id}/`));
    const after = await reader.get(`${objects(at)}?added_after=${last}`);
    assert.deepEqual(after.json.objects.map((o) => [o.id, o.modified]), [[one.id, when(1)]]);
    assert.ok(after.headers['x-taxii-date-added-first'] > last);
    assert.deepEqual((await reader.all(objects(at), 'match[version]=all')).map((o) => [o.id, o.modified]), [[one.id, when(0)], [other.id, when(0)], [one.id, when(1)]]);
    const dates = (await reader.all(manifest(at), 'match[version]=all')).map((row) => row.date_added);
    assert.deepEqual(dates, [...new Set(dates)].toSorted());
  });
  test('one that was not the last moves nothing', async () => {
    const at = fresh(), one = indicator();
    await writer.add(at, [one, version(one, 1)]);
    const last = (await reader.get(objects(at))).headers['x-taxii-date-added-last'];
    await expect(200, writer.ask('DELETE', `${objects(at)}${one.id}/?match[version]=first`));
    assert.deepEqual((await reader.get(`${objects(at)}?added_after=${last}`)).json, {});
  });
});

describe('what lies on the disk', () => {
  test('neither bytes nor their hash of what is sealed', async () => {
    const at = fresh(), open = marked(indicator({ name: 'Openly named' }), 'clear'), closed_one = marked(indicator({ name: 'Secretly named' }), 'green');
    await writer.add(at, [open, closed_one]);
    const files = files_below(site.data).map(([, bytes]) => bytes);
    const lies = (bytes) => files.some((file) => file.includes(bytes));
    const hash = (object) => createHash('sha256').update(JSON.stringify(object)).digest();
    assert.equal(lies('Openly named'), true);
    assert.equal(lies(hash(open)), true);      // in its cell, which is open: so the search finds what is there
    assert.equal(lies('Secretly named'), false);
    assert.equal(lies(hash(closed_one)), false);
  });
});

describe('A11 what goes wrong elsewhere', () => {
  test('bad percent-encoding, a bad id, a long query: 400 or 404 as TAXII tells it, never 5xx', async () => {
    for (const [status, path] of [[400, '/taxii2/root/collections/%zz/objects/'], [400, `${root}${objects(shared)}?match[id]=%`], [400, `${root}${objects(shared)}?x=%ff`], [404, `${root}collections/not-a-uuid/objects/`], [404, `${root}collections/00000000-0000-4000-8000-000000000000/`],
      [404, `${root}${objects(shared)}%20/`], [404, `${root}${objects(shared)}..%00/`]]) {
      const answer = await ask(site.url + path, { headers: { accept: media, authorization: `Bearer ${reader.token}` } });
      assert.ok(answer.status === status || answer.status === 400, `${path}: ${answer.status}`);
      assert.equal(answer.headers['content-type'], media, path);
      assert.equal(JSON.parse(answer.text).http_status, String(answer.status));
    }
  });
  test('10 a hidden collection shows in no list, by no alias, and is answered like none', async () => {
    assert.ok(!(await stranger.get('collections/')).text.includes('Shared'));
    const masked = async (path) => (await expect(404, stranger.get(path))).text.replace(/"q_\w+"/, '');
    assert.equal(await masked('collections/shared/'), await masked('collections/never/'));
    assert.equal(await masked(objects(shared)), await masked(objects('00000000-0000-4000-8000-000000000000')));
  });
  test('11 deleting without match[version] takes the last version; all of them with match[version]=all', async () => {
    const at = fresh(), one = indicator();
    await writer.add(at, [one, version(one, 1), version(one, 2)]);
    assert.equal((await writer.ask('DELETE', `${objects(at)}${one.id}/`)).status, 200);
    assert.deepEqual((await reader.all(objects(at))).map((o) => o.modified), [when(1)]);
    assert.equal((await writer.ask('DELETE', `${objects(at)}${one.id}/?match[version]=all`)).status, 200);
    await expect(404, writer.ask('DELETE', `${objects(at)}${one.id}/`));
    assert.deepEqual((await reader.get(objects(at))).json, {});
    await writer.add(at, [one]);
    assert.deepEqual(await reader.all(objects(at)), [one]);
  });
});

describe('the command line', () => {
  test('collection list shows what was added; a taken alias is refused', async () => {
    const { items } = JSON.parse(sluice(['collection', 'list', '--data', site.data, '--json']).stdout);
    const row = items.find((one) => one.id === shared);
    assert.equal(row.title, 'Shared');
    assert.equal(row.read.length, 2);
    assert.deepEqual(items.find((one) => one.alias === 'open').read, ['*']);
    assert.notEqual(sluice(['collection', 'add', '--data', site.data, '--title', 'Again', '--read', '*', '--write', '*', '--alias', 'shared'], { ok: false }).status, 0);
    assert.notEqual(sluice(['collection', 'add', '--data', site.data, '--title', 'Bad', '--read', 'everybody', '--write', '*'], { ok: false }).status, 0);
  });
});
