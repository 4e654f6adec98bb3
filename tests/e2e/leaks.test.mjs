// Leaks end to end: claimed by a participant and by a reporter, followed up by coordination, traced to the copy that leaked. And measures, as far as each may see.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { Site, expect, sluice } from '../lib/site.mjs';
import { Browser } from './browser.mjs';

const published = watch();

// Prose with many choices, none of which repeats.
const prose = (sentences, word) => Array.from({ length: sentences }, (_, i) =>
  `The ${word} reads header ${word}${i} of the packet, then it copies what stands behind it, though the length isn't checked anywhere. Nobody's module number m${i} notices that - so memory is overwritten.`).join(' ') + '\n';

async function begun() {
  const site = new Site({ demo: true });
  const owner = site.party('Owner', 'vendor');
  const one = site.party('One', 'vendor');
  const two = site.party('Two', 'vendor');
  const stranger = site.party('Stranger', 'member');
  await site.serve(['--intake-limits', 'off', '--tick', '500ms']);
  const path = `/api/v1/organisations/${owner.org}`;
  await expect(200, owner.call('PUT', path, { name: 'Owner', takes_reports: true }, { 'if-match': (await owner.call('GET', path)).headers.get('etag') }));
  const report = await expect(201, site.call(undefined, 'POST', '/api/v1/reports', { to: owner.org, title: 'Overflow', description: 'A long name overflows a buffer.', product: 'parser', contacted_vendor: false }));
  const id = (await expect(200, owner.call('GET', '/api/v1/cases'))).items[0].id;
  const kase = `/api/v1/cases/${id}`;
  for (const action of ['validate', 'accept']) await expect(200, owner.call('POST', `${kase}/triage`, { action }));
  for (const vendor of [one, two]) {
    await expect(201, owner.call('POST', `${kase}/participants`, { organisation: vendor.org, roles: ['vendor'], essential_because: 'ships the parser' }));
    await expect(200, vendor.call('POST', `${kase}/invitation`, { accepted: true }));
    await expect(200, owner.call('POST', `${kase}/participants/${vendor.org}/confirm`, { checked_how: 'by telephone' }));
  }
  return { site, owner, one, two, stranger, report, id, kase };
}

describe('leaks', () => {
  let s;
  before(async () => { s = await begun(); });
  after(() => s.site.remove());
  const cli = (who, ...words) => {
    const file = join(s.site.dir, `${who.person}.token`);
    writeFileSync(file, who.token);
    return sluice([...words, '--site', s.site.url, '--token-file', file], { ok: false });
  };
  const leaks = async (who) => (await expect(200, who.call('GET', `${s.kase}/leaks`))).items;

  test('a participant claims, coordination leads the drill, the claimant reads how it ended and no more', async () => {
    const before = await expect(200, s.owner.call('GET', `${s.kase}/embargo`));
    const { leak } = await expect(201, s.one.call('POST', `${s.kase}/leaks`, { what: 'The plan', where_seen: 'a chat', evidence: 'CANARY a picture' }));
    const [seen] = await leaks(s.owner);
    assert.equal(seen.id, leak);
    assert.deepEqual(seen.by, { id: s.one.org, name: 'One' });
    assert.ok(seen.could_have_had_it.some((knower) => knower.organisation.id === s.owner.org));
    assert.ok(seen.follows.some((step) => step.do === 'claim_fact'));
    assert.deepEqual(await leaks(s.two), []);
    assert.equal((await s.stranger.call('GET', `${s.kase}/leaks`)).status, 404);
    assert.equal((await s.one.call('POST', `${s.kase}/leaks/${leak}/notes`, { text: 'I think it was Two.' })).status, 403);
    await expect(201, s.owner.call('POST', `${s.kase}/leaks/${leak}/notes`, { text: 'SECRET of the drill', narrowed_to: [s.two.org] }));
    const closed = cli(s.owner, 'leak', 'close', s.id, leak, '--outcome', 'contained', '--why', 'It was taken down.');
    assert.equal(closed.status, 0, closed.stderr);
    const own = await s.one.call('GET', `${s.kase}/leaks`);
    assert.ok(!own.text.includes('SECRET') && !own.text.includes(s.two.org), own.text);
    assert.deepEqual([own.json.items[0].outcome, own.json.items[0].why], ['contained', 'It was taken down.']);
    assert.equal(own.json.items[0].could_have_had_it, undefined);
    assert.equal((await s.owner.call('POST', `${s.kase}/leaks/${leak}/close`, { outcome: 'public', why: 'again' })).status, 409);
    assert.deepEqual(await expect(200, s.owner.call('GET', `${s.kase}/embargo`)), before, 'nothing falls by itself');
    assert.match(cli(s.owner, 'case', 'leaks', s.id).stdout, /contained/);
  });

  test('a reporter by code claims in its mailbox and reads there how it ended', async () => {
    const code = { 'sluice-report-code': s.report.code };
    const mailbox = `/api/v1/reports/${s.report.id}`;
    const { leak } = await expect(201, s.site.call(undefined, 'POST', `${mailbox}/leaks`, { what: 'My report', where_seen: 'a forum', evidence: 'its first line' }, code));
    assert.equal((await leaks(s.owner)).find((one) => one.id === leak).by, null);
    await expect(200, s.owner.call('POST', `${s.kase}/leaks/${leak}/close`, { outcome: 'no_leak', why: 'It was an older post.' }));
    const shown = await expect(200, s.site.call(undefined, 'GET', mailbox, undefined, code));
    assert.deepEqual(shown.leaks.map((one) => [one.id, one.outcome]), [[leak, 'no_leak']]);
    const browser = new Browser(s.site);
    await browser.submit(await browser.open('/mailbox'), '/mailbox', { code: s.report.code });
    const page = await browser.submit(await browser.open('/mailbox/thread'), '/mailbox/leak', { what: 'Its title', where_seen: 'a blog', evidence: 'a link' });
    assert.match(page.text, /It was an older post/);
    assert.match(page.text, /Its title/);
    assert.deepEqual(browser.wrong, []);
    assert.equal((await s.stranger.call('POST', `${mailbox}/leaks`, { what: 'x', where_seen: 'y', evidence: 'z' })).status, 404);
  });

  test('a part of a text file tells whose copy it was; other files are the same for all', async () => {
    const text = prose(40, 'parser');
    const put = async (name, body) => (await expect(201, s.owner.call('POST', `${s.kase}/files?name=${name}&audience=shared`, new TextEncoder().encode(body)))).file;
    const notes = await put('notes.txt', text);
    const data = await put('data.csv', text);
    const get = (who, file) => who.call('GET', `${s.kase}/files/${file}`);
    const [first, again, other] = [await get(s.one, notes), await get(s.one, notes), await get(s.two, notes)];
    assert.equal(first.text, again.text);
    assert.notEqual(first.text, other.text);
    assert.notEqual(first.text, text);
    assert.equal(first.headers.get('sluice-copy'), 'differs-by-recipient');
    const plain = (t) => t.replaceAll('\u00a0', ' ').replaceAll('\u2019', "'").replaceAll(' \u2013 ', ' - ').replaceAll('.  ', '. ');
    assert.equal(plain(first.text), text);
    assert.equal((await get(s.one, data)).text, text);
    await put('signed.txt.asc', 'a signature of it');
    assert.equal((await get(s.one, await put('signed.txt', text))).text, text, 'what is signed apart still fits its signature');

    const piece = first.text.slice(first.text.length / 3 | 0).slice(0, first.text.length / 2 | 0).toLowerCase();
    const traced = await expect(200, s.owner.call('POST', `${s.kase}/leaks/trace`, { piece }));
    assert.equal(traced.by, 'marks');
    assert.deepEqual(traced.narrowed_to, [{ id: s.one.org, name: 'One' }]);
    const match = traced.matches.find((one) => one.object === `file:${notes}`);
    const [fit] = match.marks.fits;
    assert.ok(fit.matched === fit.of && fit.odds_by_chance < 1e-6, JSON.stringify(fit));
    assert.ok(match.holders.some((one) => one.organisation.id === s.one.org));
    for (const who of [s.one, s.two]) assert.equal((await who.call('POST', `${s.kase}/leaks/trace`, { piece })).status, 403);
    assert.equal((await s.stranger.call('POST', `${s.kase}/leaks/trace`, { piece })).status, 404);

    const file = join(s.site.dir, 'piece.txt');
    writeFileSync(file, piece);
    const here = sluice(['leak', 'trace', file, '--data', s.site.data, '--person', s.owner.person, '--json'], { ok: false });
    assert.equal(here.status, 0, here.stderr);
    assert.deepEqual(JSON.parse(here.stdout).narrowed_to, [{ id: s.one.org, name: 'One' }]);
    const elsewhere = sluice(['leak', 'trace', file, '--data', s.site.data, '--person', s.stranger.person, '--json'], { ok: false });
    assert.deepEqual(JSON.parse(elsewhere.stdout).by, 'nothing');
    assert.equal(cli(s.owner, 'leak', 'trace', file, '--case', s.id).status, 0);
  });

  test('a whole file that is no text is found by its hash; a part of a text in any script, and however it was saved', async () => {
    const put = async (name, body) => (await expect(201, s.owner.call('POST', `${s.kase}/files?name=${name}&audience=shared`, body))).file;
    const pdf = Uint8Array.from({ length: 300_000 }, (_, i) => (i < 5 ? '%PDF-'.charCodeAt(i) : (i * 2654435761) >>> 13 & 255));
    const file = await put('findings.pdf', pdf);
    await expect(200, s.two.call('GET', `${s.kase}/files/${file}`));
    const at = join(s.site.dir, 'met.pdf');
    writeFileSync(at, pdf);
    const found = cli(s.owner, 'leak', 'trace', at, '--case', s.id, '--json');
    assert.equal(found.status, 0, found.stderr);
    const [match] = JSON.parse(found.stdout).matches;
    assert.deepEqual([match.object, match.same_bytes, match.shared], [`file:${file}`, true, 1]);
    const had = match.holders.map((one) => one.organisation.name);
    assert.ok(had.includes('Owner') && had.includes('Two') && !had.includes('One'), `${had}`);
    assert.match(cli(s.owner, 'leak', 'trace', at, '--case', s.id).stdout, /the same file, byte for byte/);
    const by_data = sluice(['leak', 'trace', at, '--data', s.site.data, '--person', s.owner.person, '--json'], { ok: false });
    assert.equal(JSON.parse(by_data.stdout).matches[0].object, `file:${file}`);
    writeFileSync(at, pdf.subarray(0, 200_000));
    assert.equal(JSON.parse(cli(s.owner, 'leak', 'trace', at, '--case', s.id, '--json').stdout).by, 'nothing', 'a part of it has another hash');

    const words = '攻击者可以通过构造的请求远程执行任意代码，影响所有仍受支持的版本。修复之前请关闭解析器。';
    await expect(201, s.owner.call('POST', `${s.kase}/threads`, { audience: 'shared', topic: '分析', text: words }));
    const traced = await expect(200, s.owner.call('POST', `${s.kase}/leaks/trace`, { piece: '构造的请求远\n程执行任意代码' }));
    assert.ok(traced.matches.some((one) => one.object.startsWith('message:') && one.shared === 1), JSON.stringify(traced));
    writeFileSync(at, Buffer.from(`\ufeff${words}`, 'utf16le'));
    assert.match(cli(s.owner, 'leak', 'trace', at, '--case', s.id).stdout, /100 % of the piece stands in it/);
    assert.equal((await s.owner.call('POST', `${s.kase}/leaks/trace`, {})).status, 422);
    assert.equal((await s.stranger.call('POST', `${s.kase}/leaks/trace`, { hash: '0'.repeat(64) })).status, 404);
  });

  test('without a mark it narrows to those who had had it by then', async () => {
    const text = prose(6, 'decoder');
    await expect(201, s.owner.call('POST', `${s.kase}/threads`, { audience: 'shared', topic: 'Findings', text }));
    await expect(200, s.two.call('GET', `${s.kase}/threads`));
    const traced = await expect(200, s.owner.call('POST', `${s.kase}/leaks/trace`, { piece: text.slice(0, 500) }));
    assert.equal(traced.by, 'deliveries');
    const names = traced.narrowed_to.map((who) => who.name);
    assert.ok(names.includes('Owner') && names.includes('Two') && !names.includes('One'), `${names}`);
    const early = await expect(200, s.owner.call('POST', `${s.kase}/leaks/trace`, { piece: text.slice(0, 500), seen: '2001-01-01T00:00:00Z' }));
    assert.equal(early.by, 'nothing');
    assert.equal((await s.owner.call('POST', `${s.kase}/leaks/trace`, { piece: 'too few words' })).status, 422);
  });

  test('the case is exported as a document, each reader its own copy, with what each may read', async () => {
    const text = prose(40, 'renderer');
    await expect(201, s.owner.call('POST', `${s.kase}/threads`, { audience: 'shared', topic: 'For all', text }));
    await expect(201, s.owner.call('POST', `${s.kase}/threads`, { audience: 'coordination', topic: 'HIDDEN', text: 'CANARY for coordination' }));
    const [one, two] = [await s.one.call('GET', `${s.kase}/export`), await s.two.call('GET', `${s.kase}/export`)];
    assert.equal(one.status, 200);
    assert.match(one.headers.get('content-type'), /^text\/markdown/);
    assert.ok(one.text.includes('Copies differ by recipient') && !one.text.includes('HIDDEN') && !one.text.includes(s.two.org));
    assert.notEqual(one.text, two.text);
    const at = two.text.indexOf('renderer20');
    const traced = await expect(200, s.owner.call('POST', `${s.kase}/leaks/trace`, { piece: two.text.slice(at, at + 3000) }));
    assert.deepEqual(traced.narrowed_to, [{ id: s.two.org, name: 'Two' }]);
    assert.equal((await s.stranger.call('GET', `${s.kase}/export`)).status, 404);
    const knowers = await expect(200, s.owner.call('GET', `${s.kase}/knowers`));
    assert.ok(knowers.knowers.find((knower) => knower.organisation.id === s.two.org).items.some((item) => item.way === 'copy' && item.object === 'export'));
  });

  test('the page leads the drill without script', async () => {
    const browser = new Browser(s.site);
    await browser.submit(await browser.open('/sign-in'), '/sign-in/demo', { when: { person: s.owner.person } });
    const page = await browser.open(`/cases/${s.id}`);
    const done = await browser.submit(page, `/cases/${s.id}/do/claim_leak`, { what: 'The notes', where_seen: 'a mailing list', evidence: 'a link' });
    assert.match(done.text, /The notes/);
    const [open] = (await leaks(s.owner)).filter((one) => one.state === 'open');
    const closed = await browser.submit(done, `/cases/${s.id}/do/close_leak`, { when: { leak: open.id }, outcome: 'unresolved', why: 'No trace was found.' });
    assert.match(closed.text, /No trace was found/);
    for (const path of [`/cases/${s.id}/measures`, '/measures', '/measures?year=2026&closed=true']) assert.equal((await browser.open(path)).status, 200);
    for (const path of ['/measures?year=20', '/measures?closed=maybe']) assert.equal((await browser.open(path)).status, 422);
    assert.deepEqual(browser.wrong, []);
  });

  test('measures show what each may see, and leave only as sums of at least five', async () => {
    const { product } = await expect(201, s.one.call('POST', `${s.kase}/products`, { name: 'Device', version: '7' }));
    const { vulnerabilities: [{ id: vulnerability }] } = await expect(200, s.owner.call('GET', s.kase));
    for (const action of ['validate', 'accept']) await expect(200, s.one.call('POST', `${s.kase}/triage`, { action }));
    for (const step of ['identified', 'developed', 'validated']) {
      if (step === 'validated') await expect(200, s.one.call('POST', `${s.kase}/remedies/assessments`, { vulnerability, product, passed: true, tested_by: 'its own laboratory', where: 'on the bench' }));
      await expect(200, s.one.call('POST', `${s.kase}/remedies`, { vulnerability, product, step }));
    }
    const own = await expect(200, s.one.call('GET', `${s.kase}/measures`));
    const pair = own.pairs.find((one) => one.product === product);
    assert.equal(pair.letters, 'VF');
    assert.equal(pair.desiderata.find((d) => d.desideratum === 'F<P').fulfilment, 'satisfied');
    assert.equal(own.access, undefined);
    assert.deepEqual((await expect(200, s.two.call('GET', `${s.kase}/measures`))).pairs, [], 'of another vendor nothing');
    const all = await expect(200, s.owner.call('GET', `${s.kase}/measures`));
    assert.ok(all.access.before_publication.recipients >= 2);
    assert.ok(all.to_validate_seconds >= 0);
    assert.equal((await s.stranger.call('GET', `${s.kase}/measures`)).status, 404);
    assert.equal((await expect(200, s.stranger.call('GET', '/api/v1/measures'))).cases, 0);
    const set = await expect(200, s.owner.call('GET', '/api/v1/measures'));
    assert.equal(set.cases, 1);
    assert.equal(set.desiderata.length, 12);
    assert.equal((await s.owner.call('GET', '/api/v1/measures/export')).json.code, 'set-too-small');
    for (const bad of ['year=20', 'closed=maybe', 'year=x']) assert.equal((await s.owner.call('GET', `/api/v1/measures?${bad}`)).status, 422);

    for (let i = 0; i < 5; ++i) {
      const { id } = await expect(201, s.owner.call('POST', '/api/v1/cases', { title: `Of our own ${i} CANARY` }));
      for (const action of ['validate', 'accept', 'close']) await expect(200, s.owner.call('POST', `/api/v1/cases/${id}/triage`, { action }));
    }
    const sums = await s.owner.call('GET', '/api/v1/measures/export');
    assert.equal(sums.status, 200, sums.text);
    assert.equal(sums.json.cases, 5, 'the open case is not in it');
    assert.ok(!/CANARY|o_[0-9a-z]{26}|c_[0-9a-z]{26}/.test(sums.text));
    assert.ok(sums.json.desiderata.every((d) => d.satisfied === null), 'fewer than five cases decided any');
    const csv = await s.owner.call('GET', '/api/v1/measures/export.csv');
    assert.match(csv.headers.get('content-type'), /^text\/csv/);
    assert.ok(csv.text.split('\r\n').slice(1, -1).every((line) => !/(^|,)"[=+@]/.test(line)));
    assert.equal(cli(s.owner, 'measures').status, 0);
    assert.equal(cli(s.owner, 'case', 'measures', s.id, '--json').status, 0);
  });

  test('every answer is as published', async () => assert.deepEqual(await published.faults(), []));
});
