// The quota of reports without an account, and what a proof of work is worth: by program, by the command line, by the form's own script.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { Site, expect, sluice } from '../lib/site.mjs';
import { Browser } from './browser.mjs';

const open = new Site();
const site = new Site();
before(() => Promise.all([site.serve(), open.serve(['--intake-limits', 'off'])]));
after(() => Promise.all([site.remove(), open.remove()]));

const report = { title: 'Overflow', description: 'A long name overflows.', product: 'parser' };
const zeros = (text) => { const hash = createHash('sha256').update(text).digest(); return Math.clz32(hash.readUInt32BE(0)); };
const challenge = async () => expect(200, site.call(undefined, 'GET', '/api/v1/reports/challenge'));
function solved({ challenge: text, bits }) {
  for (let n = 0; ; ++n) if (zeros(`${text}:${n}`) >= bits) return `${text}:${n}`;
}
const send = (proof) => site.call(undefined, 'POST', '/api/v1/reports', report, proof ? { 'sluice-proof': proof } : {});

describe('a site with limits', () => {
  test('without a proof the plain quota holds; with one there is far more room', async () => {
    let sent = 0;
    while ((await send()).status === 201) ++sent;
    assert.ok(sent >= 5 && sent < 40, `${sent} without a proof`);
    for (let i = 0; i < 5; ++i) await expect(201, send(solved(await challenge())));
    assert.equal((await send()).status, 429, 'the plain quota is still used up');
  });
  test('a proof is good once, unchanged, and for its own challenge', async () => {
    const proof = solved(await challenge());
    await expect(201, send(proof));
    const [text, nonce] = proof.split(':');
    const other = await challenge();
    const wrong = Array.from({ length: 1000 }, (_, n) => `${other.challenge}:${n}`).find((p) => zeros(p) < other.bits);
    const forged = Array.from({ length: 2_000_000 }, (_, n) => `${text.slice(0, -4)}AAAA:${n}`).find((p) => zeros(p) >= 16);
    for (const [what, bad] of [['again', proof], ['unsolved', wrong], ['forged', forged], ['no nonce', text], ['a long nonce', `${text}:${'0'.repeat(40)}${nonce}`], ['nonsense', 'hello:1']])
      assert.equal((await send(bad)).status, 429, what);
  });
  test('the command line brings one by itself', () => {
    const run = sluice(['report', 'submit', '-', '--site', site.url, '--json'], { input: JSON.stringify(report) });
    assert.match(JSON.parse(run.stdout).code, /^[0-9a-z]{4}(-[0-9a-z]{4}){4}$/);
  });
  test('the form brings what its script found, and says so in no word that needs it', async () => {
    const browser = new Browser(site);
    const review = await browser.submit(await browser.open('/report'), '/report/review', { to: site.organisation, ...report });
    const [, file] = review.text.match(/<script src="(\/assets\/proof-[0-9a-f]+\.js)" defer><\/script>/);
    const script = await browser.open(file);
    assert.match(script.headers.get('content-type'), /^text\/javascript/);
    assert.doesNotMatch(review.headers.get('content-security-policy'), /unsafe|worker/);
    assert.equal((await browser.submit(review, '/report')).status, 429, 'without script: the plain quota');

    const field = { value: '' };
    const began = Date.now();
    runInNewContext(script.text, { document: { getElementById: (id) => (id === 'proof' ? field : null) }, fetch: (path) => fetch(site.url + path), performance, setTimeout: (f, ms) => setTimeout(f, ms > 1000 ? 1e8 : ms).unref() });
    while (!field.value && Date.now() - began < 240_000) await new Promise((resolve) => { setTimeout(resolve, 20); });
    assert.ok(zeros(field.value) >= 16, field.value);
    assert.equal((await browser.submit(review, '/report', { proof: field.value })).status, 201);
    assert.deepEqual(browser.wrong, []);
  });
});

test('--intake-limits off asks for none and needs none', async () => {
  assert.deepEqual(await expect(200, open.call(undefined, 'GET', '/api/v1/reports/challenge')), { bits: 0 });
  for (let i = 0; i < 40; ++i) await expect(201, open.call(undefined, 'POST', '/api/v1/reports', report));
  const browser = new Browser(open);
  const review = await browser.submit(await browser.open('/report'), '/report/review', { to: open.organisation, ...report });
  assert.doesNotMatch(review.text, /<script/);
});

test('files sent with a report code are limited by address', async () => {
  const { id, code } = await expect(201, open.call(undefined, 'POST', '/api/v1/reports', report));
  const statuses = [];
  for (let i = 0; i < 24; ++i) statuses.push((await open.call(undefined, 'POST', `/api/v1/reports/${id}/files?name=a`, new Uint8Array([1]), { 'sluice-report-code': code })).status);
  assert.equal(statuses[0], 201);
  assert.equal(statuses.at(-1), 429, statuses.join(' '));
});
