// The OpenAPI file of a real site by the rules of OpenAPI 3.1 and JSON Schema 2020-12. That what it says is true, tests/roles and tests/e2e hold (published.mjs).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Site, expect } from '../lib/site.mjs';
import { compiler, operations } from './published.mjs';

const site = new Site();
let file, all;
before(async () => {
  await site.serve();
  file = await expect(200, site.call(undefined, 'GET', '/api/v1/openapi.json'));
  all = operations(file);
});
after(() => site.remove());

// Every object of the document with where it stands.
function* walk(value, path = []) {
  if (value === null || typeof value !== 'object') return;
  yield { value, path };
  for (const [key, inner] of Object.entries(value)) yield* walk(inner, [...path, key]);
}
const at = (pointer) => pointer.slice(2).split('/').reduce((value, part) => value?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], file);
const none = (faults) => assert.equal(faults.length, 0, faults.slice(0, 40).join('\n'));

test('it is an OpenAPI 3.1 document: what must be there is, and nothing else', () => {
  assert.match(file.openapi, /^3\.1\.\d+$/);
  for (const key of ['title', 'version']) assert.equal(typeof file.info[key], 'string');
  assert.deepEqual(Object.keys(file).sort(), ['components', 'info', 'openapi', 'paths', 'security']);
  const known = ['summary', 'parameters', 'requestBody', 'responses', 'security', 'x-caller', 'x-scope'];
  for (const { op, what } of all) assert.deepEqual(Object.keys(what).filter((key) => !known.includes(key)), [], op);
});

test('every reference leads somewhere, and every named shape is used', () => {
  const refs = [...walk(file)].filter(({ value }) => typeof value.$ref === 'string').map(({ value }) => value.$ref);
  none(refs.filter((ref) => at(ref) === undefined));
  none(Object.keys(file.components.schemas).filter((name) => !refs.includes(`#/components/schemas/${name}`)));
});

test('the names in a path are its path parameters, each with the form of its id', () => {
  for (const { op, path, what } of all) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
    const parameters = what.parameters ?? [];
    assert.deepEqual(parameters.filter((p) => p.in === 'path').map((p) => p.name), named, op);
    for (const p of parameters) {
      assert.ok(['path', 'query', 'header'].includes(p.in) && typeof p.required === 'boolean' && p.schema, op);
      if (p.in === 'path') assert.ok(p.required && (p.schema.pattern || p.schema.type === 'integer'), `${op}: say what form {${p.name}} has, in kPathParameters of src/web/openapi.cpp`);
    }
    assert.equal(new Set(parameters.map((p) => `${p.in} ${p.name}`)).size, parameters.length, op);
  }
});

test('the conventions show: versions, keys, pages, problems, sign-in', () => {
  const headers = (what) => (what.parameters ?? []).filter((p) => p.in === 'header').map((p) => p.name);
  for (const { op, verb, what } of all) {
    const changes = ['put', 'patch', 'delete'].includes(verb);
    assert.equal(headers(what).includes('If-Match'), changes, op);
    for (const status of ['412', '428']) assert.equal(status in what.responses, changes, op);
    const signed = what.security?.length !== 0;
    assert.ok('401' in what.responses, op);
    if (verb === 'post' && '201' in what.responses && signed) assert.ok(headers(what).includes('Idempotency-Key'), op);
    for (const [status, response] of Object.entries(what.responses)) if (status >= '400') assert.equal(response.$ref, '#/components/responses/problem', `${op} ${status}`);
  }
  const query = file.paths['/api/v1/cases'].get.parameters.filter((p) => p.in === 'query').map((p) => p.name);
  assert.deepEqual(query, ['cursor', 'limit']);
});

test('every schema compiles, strictly; JSON always has one, and what is sent has no other fields', () => {
  const schema = compiler(file);
  for (const { op, path, verb, what } of all) {
    const [status] = Object.keys(what.responses).filter((s) => s < '300');
    for (const [media, content] of Object.entries(what.responses[status].content)) {
      if (media !== 'application/json') continue;
      assert.ok(content.schema && Object.keys(content.schema).length > 0, `${op} has no schema of its answer: describe it in src/web/api/answers.cpp`);
      schema('paths', path, verb, 'responses', status, 'content', media, 'schema');
    }
    const sent = what.requestBody?.content['application/json'];
    if (!sent) continue;
    assert.equal(sent.schema?.additionalProperties, false, `${op} has no schema of its body: let taking() or SLUICE_ON_CASE make its handler`);
    schema('paths', path, verb, 'requestBody', 'content', 'application/json', 'schema');
  }
});

test('a body is described as it is read: words, ids, what may be absent, what the path says already', () => {
  const { schema } = file.paths['/api/v1/cases/{case}/claims'].post.requestBody.content['application/json'];
  assert.deepEqual(schema.required, ['fact', 'evidence']);   // who may not know the vulnerabilities names none
  assert.deepEqual(schema.properties.occurred, { type: 'string', format: 'date-time' });
  assert.match('v_00000000000000000000000001', new RegExp(schema.properties.vulnerability.pattern));
  assert.doesNotMatch('c_00000000000000000000000001', new RegExp(schema.properties.vulnerability.pattern));
  assert.ok(schema.properties.fact.enum.includes('p'));
  const message = file.paths['/api/v1/cases/{case}/threads/{thread}/messages'].post.requestBody;
  assert.deepEqual(message.content['application/json'].schema.properties, { classes: { type: 'array', items: { type: 'string' } }, text: { type: 'string' } });
  assert.equal(message.required, true);
  assert.equal(file.paths['/api/v1/cases/{case}/embargo/proposals/{version}/settle'].post.requestBody.required, false);
});

// The web client's types are made from this copy; `curl $SITE/api/v1/openapi.json >ui/src/api/openapi.json` makes it anew.
test("the web client's copy is this file", async () => {
  const text = await (await fetch(`${site.url}/api/v1/openapi.json`)).text();
  assert.ok(text === readFileSync(new URL('../../ui/src/api/openapi.json', import.meta.url), 'utf8'), 'ui/src/api/openapi.json is not what the server says');
});
