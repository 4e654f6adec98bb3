// What people publish goes in by `sluice taxii push` and by curl, comes out byte for byte for another member, is found, and each release makes versions, not duplicates: ATT&CK's successive releases, CAPEC,
// vendors' reports, MISP events (from $SLUICE_REFERENCE_DATA), and two releases of a small catalogue of our own that has their faults. Some published objects break the standard: what is refused, and
// that nothing else is, follows here from rules of the test's own. SLUICE_SOAK=1 takes all of it, else what is done in half a minute.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual, promisify } from 'node:util';
import { Site, binary, expect, sluice } from '../lib/site.mjs';
import { key_of, reference, slices, tar_zst, version_of, zst } from '../lib/stix_files.mjs';
import { Client, media, root, tlp } from '../lib/taxii.mjs';
import { ask } from '../lib/wire.mjs';

const whole = process.env.SLUICE_SOAK === '1';
const skip = reference ? false : 'skipped: SLUICE_REFERENCE_DATA is not set, so no published releases, reports and events went in';
const site = new Site();
let writer, reader, token, reader_token, n = 0;
const file = (name, text) => { const path = join(site.dir, name); writeFileSync(path, text, { mode: 0o600 }); return path; };
const memory = () => Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${site.process.pid}/status`, 'utf8'))[1]) / 1024);

before(async () => {
  [writer, reader] = ['Publisher', 'Reader'].map((name) => site.party(name, 'member'));
  for (const alias of ['catalogue', 'curl', 'attack', 'enterprise', 'capec', 'reports', 'examples', 'events']) sluice(['collection', 'add', '--data', site.data, '--title', alias, '--alias', alias, '--read', '*', '--write', '*']);
  await site.serve();
  [token, reader_token] = [writer, reader].map((party) => file(`${party.org}.token`, party.token));
});
after(() => site.remove());

// ---- what must become of it

// Why the standard lets no server take this object; none if it does. Of the rules that published objects break, no others.
function fault(object) {
  const lists = (value) => (Array.isArray(value) ? value.length === 0 || value.some(lists) : value !== null && typeof value === 'object' && Object.values(value).some(lists));
  if (object.modified && object.modified < object.created) return /modified must not be before created/;                      // STIX 2.1 §3.6
  if (lists(object)) return /A list must not be empty/;                                                                       // STIX 2.1 §2.12
  if (object.external_references?.some(({ url }) => url !== undefined && /\s/.test(url))) return /is no URL/;                  // STIX 2.1 §2.5, RFC 3986
  if (object.identity_class !== undefined && typeof object.identity_class !== 'string') return /must be a string/;            // STIX 2.0 part 2, §2.5
  if (/\[email:/.test(object.pattern ?? '')) return /'email' is no observable/;                                               // STIX 2.0 part 5, §2.1: its name is email-message, or begins with x-
  if (/^\[directory:[^\]]* AND file:/.test(object.pattern ?? '')) return /joined by AND are asked of one object/;              // STIX 2.1 §9.6
  return undefined;
}

// What a collection holds by now: of each object its versions, as they first came.
class Held {
  objects = new Map();
  count = 0;
  // All that must be refused: {key, why, object}.
  take(texts) {
    const refused = [];
    for (const text of texts) {
      const object = JSON.parse(text), versions = this.objects.get(object.id) ?? new Map(), version = version_of(object);
      const before = versions.get(version);
      const first = versions.values().next().value?.object;
      const why = fault(object) ?? (before ? (isDeepStrictEqual(before.object, object) ? undefined : /Another content is held/) : first && first.created_by_ref !== object.created_by_ref ? /another created_by_ref/ : undefined);
      if (why) {
        const key = key_of(object);                // the same content is sent once
        if (!refused.some((one) => one.key === key && isDeepStrictEqual(one.object, object))) refused.push({ key, why, object });
      } else if (!before) {
        versions.set(version, { object, text });
        this.objects.set(object.id, versions);
        ++this.count;
      }
    }
    return refused;
  }
  // Marked by a definition that nobody sent (docs/markings.md): met by the sender alone.
  is_hidden(id) { return (this.last(id).object.object_marking_refs ?? []).some((ref) => !this.objects.has(ref) && !Object.values(tlp).includes(ref)); }
  last(id) { return [...this.objects.get(id)].reduce((a, b) => (a[0] < b[0] ? b : a))[1]; }
}

// ---- in and out

// Beside this process, so that kept connections that the server closes meanwhile are known to be closed.
const run = (args) => new Promise((resolve) => execFile(binary, args, { encoding: 'utf8', maxBuffer: 1 << 30 }, (error, stdout, stderr) => resolve({ status: error ? error.code : 0, stdout, stderr })));

async function push(collection, files, ...more) {
  const began = performance.now();
  const done = await run(['taxii', 'push', site.url, ...files, '--collection', collection, '--token-file', token, '--json', ...more]);
  assert.ok([0, 1].includes(done.status), `exit ${done.status}: ${done.stderr.slice(0, 600)}`);
  return { ...JSON.parse(done.stdout), seconds: (performance.now() - began) / 1000 };
}

// One push, and each of its objects accounted for as `held` says.
async function release(t, collection, held, texts, ...more) {
  const expected = held.take(texts);
  const said = await push(collection, [file(`release-${++n}.json`, `{"objects":[${texts.join(',\n')}]}`)], ...more);
  const made_up = said.failures.filter(({ id, version, message }) => {
    const key = `${id} ${version_of({ modified: version })}`, at = expected.findIndex((one) => (one.key === key || one.key === `${id} `) && one.why.test(message));
    if (at >= 0) expected.splice(at, 1);
    return at < 0;
  });
  assert.deepEqual(made_up.slice(0, 5), [], `${made_up.length} objects were refused without a reason`);
  assert.deepEqual(expected.map(({ key }) => key).slice(0, 5), [], `${expected.length} objects should have been refused`);
  assert.equal(said.acknowledged + said.earlier + said.failures.length, said.objects);
  t.diagnostic(`${collection}: ${said.objects} objects in ${said.seconds.toFixed(1)} s, ${said.failures.length} refused, ${held.count} versions held, memory at most ${memory()} MB`);
  return said;
}

// All of a collection as a member gets it, page by page: [text].
async function pages(collection, query = '', who = reader) {
  const out = [];
  for (let next; ;) {
    const parts = ['limit=1000', query, next && `next=${encodeURIComponent(next)}`].filter(Boolean).join('&');
    const { status, text } = await ask(`${site.url}${root}collections/${collection}/objects/?${parts}`, { headers: { accept: media, authorization: `Bearer ${who.token}` } });
    assert.equal(status, 200, text.slice(0, 300));
    out.push(...slices(text));
    const { more, next: on } = JSON.parse(text);
    if (!more) return out;
    next = on;
  }
}

// The other member has every version once, byte for byte, and of each object the newest as its last; each is found by its type and by its id. What its marking hides from others its sender has.
async function comes_out(collection, held) {
  const met = [...held.objects.keys()].filter((id) => !held.is_hidden(id));
  for (const [who, ids] of [[reader, met], ...(met.length < held.objects.size ? [[writer, [...held.objects.keys()]]] : [])]) {
    const all = await pages(collection, 'match[version]=all', who);
    const keyed = new Map(all.map((text) => [key_of(JSON.parse(text)), text]));
    assert.equal(keyed.size, all.length, 'a version comes twice');
    assert.equal(all.length, ids.reduce((sum, id) => sum + held.objects.get(id).size, 0));
    for (const id of ids)
      for (const [version, { text }] of held.objects.get(id)) if (keyed.get(`${id} ${version}`) !== text) assert.equal(keyed.get(`${id} ${version}`), text);
  }
  const last = await pages(collection);
  assert.equal(last.length, met.length);
  const types = new Map();
  for (const text of last) {
    const { id, type } = JSON.parse(text);
    assert.equal(text, held.last(id).text);
    types.set(type, (types.get(type) ?? 0) + 1);
  }
  const client = new Client(site, reader.token), at = `collections/${collection}/objects/`;
  for (const [type, count] of types) {
    if (count > 3000) continue;
    const found = await client.all(`collections/${collection}/manifest/`, `match[type]=${type}`);
    assert.equal(found.length, count, type);
  }
  const ids = met.filter((_, i) => i % Math.ceil(met.length / 40) === 0);
  for (const id of ids) {
    const versions = held.objects.get(id), said = (await client.get(`${at}${id}/versions/`)).json.versions.map((modified) => version_of({ modified }));
    if (versions.has('')) assert.equal(said.length, 1);      // an observable: its arrival is its version
    else assert.deepEqual(said.toSorted(), [...versions.keys()].toSorted());
  }
  assert.deepEqual((await client.all(at, `match[id]=${ids.join(',')}`)).map(({ id }) => id).toSorted(), ids.toSorted());
  const dates = (await client.all(`collections/${collection}/manifest/`, 'match[version]=all')).map(({ date_added }) => date_added);
  assert.deepEqual(dates, [...new Set(dates)].toSorted());
}

// The same once more adds nothing.
async function again(t, collection, held, texts, ...more) {
  const there = () => new Client(site, reader.token).all(`collections/${collection}/manifest/`, 'match[version]=all');
  const before = await there();
  await release(t, collection, held, texts, ...more);
  assert.deepEqual(await there(), before);
}

// Every value that an object is about leads to it, whoever asks.
async function is_found_by_value(collection, held, most) {
  const wanted = new Map();
  const want = (value, id) => { if (value && !/^[.]|\s/.test(value)) wanted.set(value, (wanted.get(value) ?? new Set()).add(id)); };
  for (const id of held.objects.keys())
    for (const { object } of held.is_hidden(id) ? [] : held.objects.get(id).values()) {
      if (['domain-name', 'ipv4-addr', 'url'].includes(object.type)) want(object.value, id);
      const plain = /^\[(?:domain-name|ipv4-addr|url):value = '([^'\\]+)'\]$/.exec(object.pattern ?? '');
      if (plain) want(plain[1], id);
    }
  const values = [...wanted.keys()].filter((_, i, all) => i % Math.ceil(all.length / most) === 0);
  assert.ok(values.length > 0);
  for (let from = 0; from < values.length; from += 50) {
    const slice = values.slice(from, from + 50);
    const { items } = await expect(200, reader.call('POST', '/api/v1/threats/lookup', { values: slice, collection, most: 200, wider: false }));
    for (const item of items) {
      const found = new Set(item.objects.map((one) => one.id));
      for (const id of wanted.get(item.asked)) if (!found.has(id) && !item.more) assert.fail(`${id} isn't found by ${JSON.stringify(item.asked)}`);
    }
  }
  return values.length;
}

// ---- our own small catalogue

test('two releases of a small catalogue: in, out, found, and versions where something changed', async (t) => {
  const held = new Held();
  const [first, second] = [1, 2].map((i) => slices(readFileSync(new URL(`releases/catalogue-${i}.json`, import.meta.url), 'utf8')));
  assert.deepEqual([first.length, second.length], [15, 15]);
  // In envelopes of four: the marking of the first was defined in a later one.
  await release(t, 'catalogue', held, first, '--per-envelope', '4');
  await comes_out('catalogue', held);
  const said = await release(t, 'catalogue', held, second, '--per-envelope', '4');
  assert.equal(said.failures.length, 4);          // two that changed without a new `modified`, two that break the standard
  assert.equal(held.count, 15 + 5);
  await comes_out('catalogue', held);
  await again(t, 'catalogue', held, second, '--per-envelope', '4');
  assert.equal(await is_found_by_value('catalogue', held, 10), 1);
  const text = sluice(['threat', 'lookup', 'hxxps://loader[.]catalogue[.]example/x', '--site', site.url, '--token-file', reader_token]).stdout;
  assert.match(text, /indicator--6f0c2d5e-8d0a-4f0e-9f5e-0d1a7b9c1020/);
});

test('by curl alone: a definition once, the objects after it, the same bytes back', async () => {
  const texts = slices(readFileSync(new URL('releases/catalogue-1.json', import.meta.url), 'utf8'));
  const is_definition = (text) => JSON.parse(text).type === 'marking-definition';
  const curl = async (...more) => (await promisify(execFile)('curl', ['-sS', '-g', '-H', `Accept: ${media}`, '-u', `me:${writer.token}`, ...more], { encoding: 'utf8' })).stdout;
  const at = `${site.url}${root}collections/curl/objects/`;
  for (const [i, part] of [texts.filter(is_definition), ...[0, 7].map((from) => texts.filter((text) => !is_definition(text)).slice(from, from + 7))].entries()) {
    const status = JSON.parse(await curl('-H', `Content-Type: ${media}`, '--data-binary', `@${file(`curl-${i}.json`, `{"objects":[${part.join(',')}]}`)}`, at));
    assert.deepEqual([status.status, status.success_count, status.failure_count], ['complete', part.length, 0]);
    assert.ok(!(status.successes ?? []).some(({ message }) => message), JSON.stringify(status));
  }
  const back = slices((await promisify(execFile)('curl', ['-sS', '-H', `Accept: ${media}`, '-u', `me:${reader.token}`, at], { encoding: 'utf8' })).stdout);
  assert.equal(back.length, texts.length);
  assert.deepEqual(back.toSorted(), texts.toSorted());
});

// ---- what is published

test("ATT&CK's releases, one after the other: versions, and no object twice", { skip }, async (t) => {
  const held = new Held();
  const releases = whole ? ['13.1', '14.1', '17.0', '17.1'] : ['13.1', '17.0', '17.1'];
  let texts;
  for (const one of releases) {
    texts = slices(zst(`stix/attack/mobile-attack-${one}.json.zst`));
    await release(t, 'attack', held, texts);
  }
  assert.ok(held.objects.size > 2000 && held.count > held.objects.size + 1000, `${held.objects.size} objects, ${held.count} versions`);
  await comes_out('attack', held);
  await again(t, 'attack', held, texts);
});

test('ATT&CK for enterprises', { skip }, async (t) => {
  const held = new Held();
  const texts = slices(zst('stix/attack/enterprise-attack-stix21-upgraded.json.zst'));
  assert.equal(texts.length, 24_771);
  await release(t, 'enterprise', held, whole ? texts : texts.filter((text, i) => i % 10 === 0 || text.includes('"marking-definition"')));
  await comes_out('enterprise', held);
});

test('CAPEC', { skip }, async (t) => {
  const held = new Held();
  await release(t, 'capec', held, slices(zst('stix/capec/capec-stix21-assembled.json.zst')));
  assert.ok(held.count > 2600);
  await comes_out('capec', held);
});

test("vendors' reports in STIX 2.0, as they are and upgraded", { skip }, async (t) => {
  const held = new Held();
  const reports = tar_zst('stix/unit42-playbooks/playbooks-stix20.tar.zst').filter(({ name }) => name.endsWith('.json'));
  assert.equal(reports.length, 57);
  const texts = (whole ? reports : reports.slice(0, 6)).flatMap(({ text }) => slices(text));
  await release(t, 'reports', held, texts);
  await comes_out('reports', held);
  t.diagnostic(`${await is_found_by_value('reports', held, whole ? 2000 : 200)} values looked up`);
  const upgraded = slices(sluice(['stix', 'upgrade', file('old.json', reports[0].text)]).stdout);
  assert.ok(upgraded.length >= 10);
  const as_21 = new Held();
  await release(t, 'examples', as_21, upgraded);
  await comes_out('examples', as_21);
});

test("MISP events of a vendor, converted", { skip }, async (t) => {
  const held = new Held();
  const events = tar_zst('stix/misp/eset-misp-events.tar.zst').filter(({ name }) => name.endsWith('.json'));
  assert.equal(events.length, 26);
  const texts = [];
  for (const { name, text } of whole ? events : events.slice(0, 6)) texts.push(...slices((await run(['misp', 'import', file(name, text)])).stdout));
  const said = await release(t, 'events', held, texts);
  assert.deepEqual(said.failures, []);            // what our own conversion makes is never refused
  await comes_out('events', held);
  t.diagnostic(`${await is_found_by_value('events', held, whole ? 2000 : 200)} values looked up`);
});

test('what the server says of itself: no error was logged, and memory stays small', () => {
  assert.deepEqual(site.log.split('\n').filter((line) => line.includes('"level":"error"')), []);
  assert.ok(memory() < 400, `${memory()} MB`);
});
