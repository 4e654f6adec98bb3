// Operations that the role matrix has no case for, because they need more of a story: with it, each operation of the API is seen to succeed, as published.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { expect } from '../lib/site.mjs';
import { Cast } from '../roles/cast.mjs';
import { Browser, forms } from './browser.mjs';

const published = watch();
const cast = new Cast();
let scene, kase;
before(async () => {
  await cast.start();
  scene = await cast.scene('owner admin', 'active', 1);
  kase = `/api/v1/cases/${scene.paths.case}`;
});
after(() => cast.site.remove());
const owner = (verb, path, body) => cast.as('owner', verb, path, body);

test('the files of a report reach its receiver', async () => {
  const report = await expect(201, cast.as('finder', 'POST', '/api/v1/reports', { to: cast.orgs.owner.id, title: 'With a file', description: 'Something.', product: 'parser', contacted_vendor: true, public: 'unknown' }));
  const { file } = await expect(201, cast.as('finder', 'POST', `/api/v1/reports/${report.id}/files?name=poc.txt`, new TextEncoder().encode('the proof')));
  assert.equal((await owner('GET', `/api/v1/reports/${report.id}/files/${file}`)).text, 'the proof');
});

test('a remedy found incomplete is reopened', async () => {
  const remedy = { vulnerability: scene.paths.vulnerability, product: scene.product };
  for (const step of ['identified', 'developed']) await expect(200, owner('POST', `${kase}/remedies`, { ...remedy, step }));
  await expect(200, owner('POST', `${kase}/remedies/reopen`, { ...remedy, back_to: 'identified', found_how: 'a second way in' }));
});

test('a planned release is held, and a claim becomes a fact', async () => {
  await expect(200, owner('POST', `${kase}/releases/${scene.paths.release}/hold`, { why: 'a mistake in the advisory' }));
  await expect(200, owner('POST', `${kase}/claims/${scene.paths.claim}/adopt`));
  assert.ok((await expect(200, owner('GET', `${kase}/vulnerabilities`))).items[0].facts.P);
});

test('a token is revoked, and a session of a browser is listed and ended', async () => {
  const { id } = await expect(201, owner('POST', '/api/v1/tokens', { scopes: 'case_read' }));
  await expect(200, owner('POST', `/api/v1/tokens/${id}/revoke`));
  const browser = new Browser(cast.site);
  await browser.send('POST', '/sign-in/demo', new URLSearchParams({ person: cast.people.owner.id }).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
  const csrf = forms(await browser.open('/cases')).find((form) => form.fields.csrf).fields.csrf;
  const { items } = JSON.parse((await browser.send('GET', '/api/v1/sessions')).text);
  const mine = items.find((session) => session.is_this);
  assert.equal((await browser.send('POST', `/api/v1/sessions/${mine.id}/end`, undefined, { 'x-csrf-token': csrf })).status, 200);
  assert.equal((await browser.send('GET', '/api/v1/sessions')).status, 401);
});

test('every answer, and every body that was taken, was as the OpenAPI file says', async () => {
  assert.deepEqual(await published.faults(), []);
  const seen = await published.seen();
  const here = ['POST /api/v1/tokens/{token}/revoke', 'GET /api/v1/sessions', 'POST /api/v1/sessions/{session}/end', 'GET /api/v1/reports/{report}/files/{file}', 'POST /api/v1/cases/{case}/remedies/reopen',
    'POST /api/v1/cases/{case}/claims/{claim}/adopt', 'POST /api/v1/cases/{case}/releases/{release}/hold'];
  assert.deepEqual(here.filter((op) => !seen.has(op)), []);
});
