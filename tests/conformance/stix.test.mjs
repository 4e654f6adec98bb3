// `sluice stix check` against the official JSON schemas (oasis-open/cti-stix2-json-schemas, from $SLUICE_REFERENCE_DATA): on real bundles, on our own valid object of each
// type, and on each of those broken one property at a time. Where the two differ, the difference is one of `listed`, each decided by a sentence of the standard;
// docs/formats/stix.md has the same list.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { zstdDecompressSync } from 'node:zlib';

import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const here = dirname(fileURLToPath(import.meta.url));
const reference = process.env.SLUICE_REFERENCE_DATA;
const program = process.env.SLUICE_BIN;
const skip = !program ? 'skipped: SLUICE_BIN is not set' : !reference ? 'skipped: SLUICE_REFERENCE_DATA is not set, so the official schemas are not at hand' : false;

const scratch = mkdtempSync(join(tmpdir(), 'sluice-stix-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

function schemas() {
  const ajv = new Ajv2020({ strict: false, logger: false, unicodeRegExp: false });
  addFormats(ajv);
  const root = join(reference, 'stix/schemas/stix2.1/schemas');
  const byType = new Map();
  for (const folder of ['common', 'sdos', 'sros', 'observables'])
    for (const name of readdirSync(join(root, folder))) {
      const schema = JSON.parse(readFileSync(join(root, folder, name), 'utf8'));
      ajv.addSchema(schema);
      byType.set(name.replace('.json', ''), schema.$id);
    }
  // The schema of a type of one's own is the common one: of observables, if an extension says so.
  return (object) => {
    const isNewObservable = Object.values(object?.extensions ?? {}).some((e) => e?.extension_type === 'new-sco');
    const id = byType.get(object?.type) ?? byType.get(isNewObservable ? 'cyber-observable-core' : 'core');
    const check = ajv.getSchema(id);
    return check(object) ? [] : check.errors.map((e) => `${e.instancePath} ${e.message}`);
  };
}

// Our errors of each object, from lists of 200. Warnings don't matter here.
function judged(objects) {
  const files = [];
  for (let from = 0; from < objects.length; from += 200) {
    const file = join(scratch, `${from}.json`);
    writeFileSync(file, JSON.stringify(objects.slice(from, from + 200)));
    files.push(file);
  }
  const run = spawnSync(program, ['stix', 'check', '--json', '--disable', 'all', ...files], { encoding: 'utf8', maxBuffer: 1 << 30 });
  const out = objects.map(() => []);
  const lines = run.stdout.trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(lines.length, files.length);
  lines.forEach(({ findings }, n) => {
    for (const { severity, where, rule, message } of findings) {
      if (severity !== 'error') continue;
      const index = Number(where.split('/')[1]);
      assert.ok(index >= 0, `${rule} ${message}`);
      out[n * 200 + index].push({ rule, where: where.slice(where.indexOf('/', 1) < 0 ? where.length : where.indexOf('/', 1)), message });
    }
  });
  return out;
}

const clone = (value) => JSON.parse(JSON.stringify(value));
const at = (object, path) => path.reduce((value, key) => value?.[key], object);

// One change at a time, of every property at any depth.
const replacements = [['null', null], ['number', 7], ['negative', -1], ['large', 1e15], ['boolean', true], ['text', 'no such thing'], ['capitals', 'ABC_D'], ['empty text', ''], ['empty list', []], ['empty object', {}], ['list', ['x']],
  ['object', { x_y_z: 1 }], ['time without fraction', '2021-12-10T09:00:00Z'], ['no such day', '2021-02-30T09:00:00.000Z'], ['early', '1999-01-01T00:00:00.000Z'], ['late', '2999-01-01T00:00:00.000Z'], ['other id', 'tool--2dda25c8-933c-4944-9185-ba707ff863c0'],
  ['observable id', 'url--2dda25c8-933c-5944-9185-ba707ff863c0'], ['marking id', 'marking-definition--2dda25c8-933c-4944-9185-ba707ff863c0'], ['bad uuid', 'tool--2dda25c8-933c-0944-9185-ba707ff863c0'], ['odd hex', 'abc'], ['url', 'https://example.com/'], ['address', '256.1.1.1'], ['cve', 'CVE-2021-44228']];

function* places(value, path = []) {
  if (value === null || typeof value !== 'object') return;
  for (const key of Object.keys(value)) {
    const next = [...path, Array.isArray(value) ? Number(key) : key];
    yield next;
    yield* places(value[key], next);
  }
}

function* broken(object) {
  for (const path of places(object)) {
    const parent = path.slice(0, -1), key = path.at(-1);
    if (path.length === 1 && key === 'type') continue;
    const without = clone(object);
    if (Array.isArray(at(without, parent))) at(without, parent).splice(key, 1);
    else delete at(without, parent)[key];
    yield { what: 'left out', path, object: without };
    for (const [what, value] of replacements) {
      const changed = clone(object);
      at(changed, parent)[key] = value;
      yield { what, path, object: changed };
    }
  }
  for (const [name, value] of [['severity', 'x'], ['Capital', 'x'], ['ab', 'x'], ['x_foo_bar', {}], ['x_foo_bar', [[]]], ['x_foo_hex', 'abc'], ['x_foo_bin', '*'], ['x_foo_enc', 'utf-8'], ['defanged', true], ['x_foo_bar', 'fine'], ['username', 'x'], ['phone_number', 'x'], ['labels', []], ['confidence', 101], ['extensions', { nonsense: {} }],
    ['object_marking_refs', ['tool--2dda25c8-933c-4944-9185-ba707ff863c0']], ['granular_markings', [{ selectors: ['nothing_here'], marking_ref: 'marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da' }]], ['external_references', [{ source_name: 'x' }]]])
    yield { what: `with ${name} ${JSON.stringify(value).slice(0, 40)}`, path: [name], object: { ...clone(object), [name]: value } };
}

// Where the two differ: whose verdict is 'invalid', which faults that is, and (in docs/formats/stix.md) the section that decides.
const listed = [
  { id: 'ref-types', ours: /may only refer to:/ },
  { id: 'observable-refs', ours: /is no identifier: a type's name|This identifier's UUID is none of RFC 4122/ },
  { id: 'calendar', ours: /^STIX 2\.1 §2\.15 timestamp/ },
  { id: 'order-of-times', ours: /timestamp_compare/ },
  { id: 'empty-within', ours: /^STIX 2\.1 §2\.(12 (A list must not be empty|There must be no null)|3 A dictionary must not be empty)/ },
  { id: 'empty-lists', ours: /^STIX 2\.1 §2\.12 (A list must not be empty|An item of a list must not be null)/ },
  { id: 'selectors-resolve', ours: /marking_selector_syntax/ },
  { id: 'reserved-names', ours: /property name "(phone_number|username|severity|phone_numbers|action)" is reserved/ },
  { id: 'language-contents', ours: /§7\.1 language_contents/ },
  { id: 'inner-objects', ours: /^STIX 2\.1 §2 This must be an object/ },
  { id: 'tlp-ids', ours: /§7\.2\.1\.4/ },
  { id: 'name-enc', ours: /name_enc must have name/ },
  { id: 'names-on-markings', ours: /^STIX 2\.1 §3\.1 /, of: ['marking-definition'] },
  { id: 'common-on-markings', ours: /^STIX 2\.1 §(2|2\.12|2\.10|3\.2) /, of: ['marking-definition'] },
  { id: 'domain-names', ours: /§6\.4 This must be a domain name/ },
  { id: 'extension-creator', ours: /§7\.3 The required property "created_by_ref" is missing/ },
  { id: 'spec-version', ours: /spec_version must be "2\.1"/ },
  { id: 'ids-of-versioned-observables', ours: /An observable with created, modified or revoked/ },
  { id: 'uuid-of-nothing', ours: /uuid_version_check/ },
  { id: 'language-codes', ours: /is no language code/ },
  { id: 'only-relations', ours: /At least one of these must be an observable/ },
  { id: 'granular-lang', theirs: /must have required property 'marking_ref'/ },
  { id: 'granular-both', ours: /must have exactly one of marking_ref and lang/ },
  { id: 'one-header', theirs: /additional_header_fields\/.* must NOT have fewer than 2 items/ },
  { id: 'custom-ids', ours: /§2\.9 This id must begin with/ },
  { id: 'uris', ours: /is no URL \(RFC 3986\)/ },
  { id: 'patterns', ours: /^STIX 2\.1 §(9[\d.]*|2\.7) patterns/ },
  { id: 'defanged', ours: /Only observables may have the property "defanged"/ },
  { id: 'encodings', ours: /A property whose name ends in _enc must have/ },
  { id: 'environment', ours: /The value of an environment variable must be a string/ },
  { id: 'tlp-two', ours: /^STIX 2\.1 §(3\.6|7\.3) TLP 2\.0/ },
  { id: 'selector-capitals', theirs: /selectors\/\d+ must match pattern/ },
];

// The faults that no row explains; none where both say the same.
function unexplained(object, theirs, ours) {
  if ((theirs.length === 0) === (ours.length === 0)) return [];
  // One fault of a oneOf comes as several.
  if (theirs.length > 0) return theirs.some((fault) => listed.some((row) => row.theirs?.test(fault))) ? [] : [`only the schema: ${theirs.join('; ')}`];
  const explains = (row, e) => row.ours?.test(`${e.rule} ${e.message}`) && (!row.of || row.of.includes(object.type));
  return ours.filter((e) => !listed.some((row) => explains(row, e))).map((e) => `only we: ${e.rule} ${e.message} at ${e.where}`);
}

function compare(t, documents, schema) {
  const ours = judged(documents.map(({ object }) => object));
  const faults = [];
  let same = 0;
  documents.forEach(({ name, object }, i) => {
    const theirs = schema(object);
    if ((theirs.length === 0) === (ours[i].length === 0)) ++same;
    for (const fault of unexplained(object, theirs, ours[i])) faults.push(`${name}: ${fault}`);
  });
  t.diagnostic(`${documents.length} objects, ${same} with one verdict, ${documents.length - same} as listed`);
  assert.equal(faults.length, 0, `${faults.length} differences are not listed:\n${faults.slice(0, 40).join('\n')}`);
}

test('our own valid objects, and each broken one property at a time, are judged as the schemas do, or the difference is listed', { skip }, (t) => {
  const valid = JSON.parse(readFileSync(join(here, '../stix/valid.json'), 'utf8')).filter((object) => object.type !== 'bundle');
  const documents = valid.flatMap((object) => [{ name: object.type, object }, ...[...broken(object)].map(({ what, path, object: changed }) => ({ name: `${object.type} /${path.join('/')} ${what}`, object: changed }))]);
  assert.ok(documents.length > 15_000);
  compare(t, documents, schemas());
});

test('every object of the real bundles is judged as the schemas do, or the difference is listed', { skip }, (t) => {
  const schema = schemas();
  const read = (path) => JSON.parse(path.endsWith('.zst') ? zstdDecompressSync(readFileSync(path)) : readFileSync(path));
  const files = ['attack', 'capec', 'oasis-examples', 'extensions'].flatMap((folder) =>
    readdirSync(join(reference, 'stix', folder)).filter((name) => /\.json(\.zst)?$/.test(name) && !/stix20|schema-/.test(name)).map((name) => join(reference, 'stix', folder, name)));
  for (const file of files) {
    const objects = read(file).objects ?? [read(file)];
    compare(t, objects.map((object) => ({ name: `${basename(file)} ${object.id}`, object })), schema);
  }
});

test('the list in docs/formats/stix.md is this one', () => {
  const page = readFileSync(join(here, '../../docs/formats/stix.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map((m) => m[1]);
  assert.deepEqual(rows.sort(), listed.map((row) => row.id).sort());
});
