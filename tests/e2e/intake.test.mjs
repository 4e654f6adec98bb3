// Intake beyond sending: passing a report on and handing its case over, as reporters with and without account, vendors and coordinators do it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { Site, expect, sluice } from '../lib/site.mjs';
import { Browser, forms } from './browser.mjs';

const published = watch();
const site = new Site({ demo: true });
let vendor, other, centre, second, finder, root;

async function takesReports(who, name) {
  const path = `/api/v1/organisations/${who.org}`;
  await expect(200, who.call('PUT', path, { name, takes_reports: true }, { 'if-match': (await who.call('GET', path)).headers.get('etag') }));
}
before(async () => {
  const administrator = site.person(site.organisation, 'Site admin', 'admin');
  await site.serve(['--intake-limits', 'off']);
  root = site.client({ org: site.organisation, person: administrator });
  vendor = site.party('Vendor', 'vendor');
  other = site.party('Other vendor', 'vendor');
  centre = site.party('Centre', 'coordinator');
  second = site.party('Second centre', 'coordinator');
  finder = site.party('Finder', 'finder');
  for (const [who, name] of [[vendor, 'Vendor'], [centre, 'Centre'], [second, 'Second centre']]) await takesReports(who, name);
});
after(() => site.remove());

let n = 0;
// A report to `to`, with what its reporter and its receiver need to go on.
async function report(to, by) {
  const title = `Overflow ${++n}`;
  const body = { to: to.org, title, description: 'A long name overflows a buffer.', product: 'parser', contact: 'finder@example.org' };
  const { id, code } = await expect(201, by ? by.call('POST', '/api/v1/reports', body) : site.call(undefined, 'POST', '/api/v1/reports', body));
  const kase = `/api/v1/cases/${(await expect(200, to.call('GET', '/api/v1/cases?limit=200'))).items.find((c) => c.title === title).id}`;
  const mailbox = () => (by ? by.call('GET', `/api/v1/reports/${id}`) : site.call(undefined, 'GET', `/api/v1/reports/${id}`, undefined, { 'sluice-report-code': code }));
  return { id, code, kase, title, mailbox, path: `/api/v1/reports/${id}`, contactless: 'finder@example.org' };
}
const ask = (r, to, reason, why = 'we need help') => ({ to: to.org, reason, why });
const accept = async (r, who) => {
  const { embargo } = await expect(200, who.call('GET', r.kase));
  return who.call('POST', `${r.kase}/invitation`, { accepted: true, ...(embargo.running ? { terms: embargo.running } : {}) });
};
// It is asked: a stub, and nothing of what was reported.
async function readsNothing(r, who) {
  const { text, status } = await who.call('GET', r.kase);
  assert.equal(status, 200);
  assert.doesNotMatch(text, /Overflow|overflows|parser/);
  assert.equal((await who.call('GET', r.path)).status, 404);
}

describe('the reporter asks for a coordinator', () => {
  test('without an account, in the mailbox, without script: it is in once it accepts', async () => {
    const r = await report(vendor);
    const browser = new Browser(site);
    await browser.submit(await browser.open('/mailbox'), '/mailbox', { code: r.code });
    const asked = await browser.submit(await browser.open('/mailbox/thread'), '/mailbox/route', { to: centre.org, why: 'nobody answers me' });
    assert.match(asked.text, /Centre<\/strong> was asked, as you wished\. It hasn&#39;t answered yet/);
    await readsNothing(r, centre);
    await expect(200, accept(r, centre));
    assert.match((await centre.call('GET', r.path)).text, /finder@example\.org.*overflows a buffer/, 'whom the reporter chose knows how to reach it');
    const told = await browser.open('/mailbox/thread');
    assert.match(told.text, /Only you and Vendor and Centre read/);
    assert.match(told.text, /It has your report since/);
    assert.deepEqual(browser.wrong, []);
    const rulings = (await expect(200, vendor.call('GET', `${r.kase}/rulings`))).items;
    const passed = rulings.filter((one) => one.disclosure.content.object === `report:${r.id}` && one.disclosure.audience.id === centre.org);
    assert.equal(passed.length, 1, 'the gate judged that it reads the report');
    assert.equal(passed[0].ruling.judges.find((j) => j.judge === 'need-to-know').because[0].text, 'the reporter confirmed this receiver');
  });
  test('with an account, through the API; only from those that take reports, and no vendor', async () => {
    const r = await report(vendor, finder);
    assert.equal((await finder.call('POST', `${r.path}/route`, ask(r, other, 'reporter_asked'))).status, 422);
    assert.equal((await finder.call('POST', `${r.path}/route`, ask(r, finder, 'reporter_asked'))).status, 422);
    assert.equal((await finder.call('POST', `${r.path}/route`, ask(r, centre, 'vendor_asked'))).status, 422);
    await expect(201, finder.call('POST', `${r.path}/route`, ask(r, centre, 'reporter_asked')));
    await expect(200, accept(r, centre));
    const { passed_on: passed } = await expect(200, r.mailbox());
    assert.equal(passed[0].to.name, 'Centre');
    assert.ok(passed[0].taken_up);
    assert.equal((await other.call('POST', `${r.path}/route`, ask(r, centre, 'reporter_asked'))).status, 404);
  });
  test('on the command line, with the code on standard input', async () => {
    const r = await report(vendor);
    const run = sluice(['report', 'route', r.id, '--to', centre.org, '--why', 'nobody answers', '--site', site.url, '--json'], { input: `${r.code}\n` });
    assert.equal(JSON.parse(run.stdout).report, r.id);
    assert.equal((await expect(200, r.mailbox())).passed_on[0].by_reporter, true);
  });
  test('a coordinator leads the case of a silent owner once an attempt is on record; not before', async () => {
    const r = await report(vendor);
    await expect(201, site.call(undefined, 'POST', `${r.path}/route`, ask(r, centre, 'reporter_asked'), { 'sluice-report-code': r.code }));
    await expect(200, accept(r, centre));
    assert.equal((await centre.call('POST', `${r.kase}/owner/take`, { why: 'no answer' })).status, 409);
    await expect(201, centre.call('POST', `${r.kase}/contact-attempts`, { report: r.id, whom: 'Vendor', how: 'three calls' }));
    assert.equal((await centre.call('POST', `${r.kase}/owner/take`, { why: 'no answer' })).status, 409, 'nobody is silent after a minute');
    await expect(200, root.call('POST', '/api/v1/demo/clock', { to: new Date(Date.now() + 8 * 86_400_000).toISOString() }));
    for (const who of [vendor, other, centre, second, finder]) who.token = site.token(who.person);
    const { request } = await expect(202, centre.call('POST', `${r.kase}/owner/take`, { why: 'no answer' }));
    assert.equal((await expect(200, r.mailbox())).owner.name, 'Vendor', 'one person alone removes no owner');
    assert.equal((await centre.call('POST', `${r.kase}/requests/${request}/confirm`)).status, 403);
    assert.equal((await vendor.call('POST', `${r.kase}/requests/${request}/confirm`)).status, 403, 'nor does the owner give it away by confirming');
    const colleague = site.client({ org: centre.org, person: site.person(centre.org, 'Second at the centre', 'staff') });
    await expect(200, colleague.call('POST', `${r.kase}/requests/${request}/confirm`));
    assert.equal((await expect(200, r.mailbox())).owner.name, 'Centre', 'the reporter is told');
  });
});

describe('the vendor asks', () => {
  test('a coordinator joins, is offered the case and takes it; the vendor reads on as a participant', async () => {
    const r = await report(vendor);
    const tokens = Object.fromEntries([['vendor', vendor], ['centre', centre]].map(([name, who]) => [name, join(site.dir, name)]));
    for (const [name, who] of [['vendor', vendor], ['centre', centre]]) writeFileSync(tokens[name], who.token, { mode: 0o600 });
    const at = (name) => ['--site', site.url, '--token-file', tokens[name]];
    sluice(['report', 'route', r.id, '--to', centre.org, '--reason', 'vendor_asked', '--why', 'we have never done this', ...at('vendor')]);
    const id = r.kase.split('/').at(-1);
    sluice(['case', 'offer', id, '--to', centre.org, '--why', 'please lead it', ...at('vendor')]);
    await readsNothing(r, centre);
    assert.equal((await centre.call('POST', `${r.kase}/owner/take`, {})).status, 403, 'it takes part first');
    await expect(200, accept(r, centre));
    await readsNothing(r, centre);  // the owner confirms who answered
    await expect(200, vendor.call('POST', `${r.kase}/participants/${centre.org}/confirm`, { checked_how: 'called them' }));
    const seen = await centre.call('GET', r.path);
    assert.match(seen.text, /overflows a buffer/);
    assert.doesNotMatch(seen.text, /finder@example\.org/, 'how to reach the reporter stays with whom it chose');
    assert.equal((await centre.call('GET', `${r.path}/receipt`)).status, 403, 'nor by its receipt');
    assert.equal((await vendor.call('GET', `${r.path}/receipt`)).status, 200);
    assert.equal((await expect(200, r.mailbox())).owner.name, 'Vendor');
    sluice(['case', 'take', id, ...at('centre')]);
    const box = await expect(200, r.mailbox());
    assert.equal(box.owner.name, 'Centre');
    assert.equal(box.passed_on[0].reason, 'vendor_asked');
    const after = await expect(200, vendor.call('GET', r.kase));
    assert.equal(after.owner.name, 'Centre');
    assert.equal(after.stub, false);
    assert.equal((await vendor.call('GET', r.path)).status, 404, 'the report is the new owner\'s');
    assert.equal((await vendor.call('POST', `${r.kase}/owner/offer`, { organisation: vendor.org, why: 'back' })).status, 403);
    const rulings = (await expect(200, centre.call('GET', `${r.kase}/rulings`))).items;
    assert.ok(rulings.some((one) => one.disclosure.audience.id === vendor.org && one.disclosure.basis.kind === 'participant' && one.ruling.outcome === 'allow'), 'what the former owner reads on is judged');
  });
  test('from the case page: the report, then the case', async () => {
    const r = await report(vendor);
    const page = `/cases/${r.kase.split('/').at(-1)}`;
    const browser = new Browser(site);
    await browser.submit(await browser.open('/sign-in'), '/sign-in/demo', { when: { person: vendor.person } });
    await browser.submit(await browser.open(page), `${page}/do/route_report`, { to: centre.org, reason: 'several_vendors', why: 'others have it too' });
    const offered = await browser.submit(await browser.open(page), `${page}/do/offer_ownership`, { when: { organisation: centre.org }, why: 'others have it too' });
    assert.equal(offered.status, 200, offered.text);
    const theirs = new Browser(site);
    await theirs.submit(await theirs.open('/sign-in'), '/sign-in/demo', { when: { person: centre.person } });
    const stub = await theirs.open(page);
    assert.match(stub.text, /To lead the case, once you take part/);
    assert.doesNotMatch(stub.text, /overflows a buffer/);
    await theirs.submit(stub, `${page}/do/answer_invitation`, { when: { accepted: 'yes' } });
    await browser.submit(await browser.open(page), `${page}/do/confirm_participant`, { when: { organisation: centre.org }, checked_how: 'called them' });
    const waiting = await theirs.open(page);
    assert.match(waiting.text, /Say whether your organisation takes the case over/);
    await theirs.submit(waiting, `${page}/do/take_ownership`);
    assert.equal((await expect(200, centre.call('GET', r.kase))).owner.name, 'Centre');
    assert.deepEqual([...browser.wrong, ...theirs.wrong], []);
  });
});

describe('contact failed', () => {
  test('is refused without an attempt on record, and holds with one', async () => {
    const r = await report(centre);
    const refused = await centre.call('POST', `${r.path}/route`, ask(r, second, 'contact_failed'));
    assert.equal(refused.status, 409);
    assert.equal(refused.json.code, 'no-contact-attempt');
    assert.equal((await expect(200, r.mailbox())).passed_on, undefined);
    await expect(201, centre.call('POST', `${r.kase}/contact-attempts`, { report: r.id, whom: 'the maker', how: 'mail to security@', answer: 'bounced' }));
    await expect(201, centre.call('POST', `${r.path}/route`, ask(r, second, 'contact_failed')));
    assert.equal((await expect(200, r.mailbox())).passed_on[0].reason, 'contact_failed');
  });
  test('a coordinator hands the case to the vendor once it is reached', async () => {
    const r = await report(centre);
    assert.equal((await centre.call('POST', `${r.path}/route`, ask(r, vendor, 'reporter_asked'))).status, 422, 'a vendor is found');
    await expect(201, centre.call('POST', `${r.path}/route`, ask(r, vendor, 'vendor_found')));
    await expect(200, centre.call('POST', `${r.kase}/owner/offer`, { organisation: vendor.org, why: 'you make it' }));
    await expect(200, accept(r, vendor));
    await expect(200, centre.call('POST', `${r.kase}/participants/${vendor.org}/confirm`, { checked_how: 'called them' }));
    assert.equal((await vendor.call('GET', r.path)).status, 404, 'a participant doesn\'t read the report');
    await expect(200, vendor.call('POST', `${r.kase}/owner/take`, {}));
    assert.match((await vendor.call('GET', r.path)).text, /overflows a buffer/);
    assert.match((await centre.call('GET', r.path)).text, /overflows a buffer/, 'the coordinator goes on coordinating');
    assert.equal((await expect(200, r.mailbox())).owner.name, 'Vendor');
    const { items } = await expect(200, vendor.call('GET', `${r.kase}/participants`));
    assert.equal(items.find((one) => one.organisation.id === vendor.org).invited_by.id, centre.org, 'who invited it stays known, whoever leads now');
  });
});

// As a browser posts a form with files.
async function attach(browser, page, action, files, change = {}) {
  const form = forms(page).find((f) => f.action === action);
  assert.ok(form?.names.has('files'), `no form for files to ${action}`);
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...form.fields, ...change })) if (name !== 'files') body.append(name, value);
  for (const [name, bytes] of files) body.append('files', new Blob([bytes]), name);
  return browser.send('POST', action, body, { origin: site.url, 'sec-fetch-site': 'same-origin' });
}

describe('files without script', () => {
  const poc = new Uint8Array(300_000).map((_, i) => (i * 31) % 256);
  test('after sending, from the page that shows the code, and later from the mailbox; byte for byte, as downloads', async () => {
    const browser = new Browser(site);
    const answers = { to: vendor.org, title: 'With files', product: 'parser', description: 'See the files.' };
    const review = await browser.submit(await browser.open('/report'), '/report/review', answers);
    const sent = await browser.submit(review, '/report');
    assert.equal(sent.status, 201);
    const box = await attach(browser, sent, '/mailbox/files', [['C:\\me\\poc.bin', poc], ['seen "it".txt', 'a log']]);
    assert.equal(box.path, '/mailbox/thread');
    const link = box.text.match(/href="(\/mailbox\/files\/f_[0-9a-z]+)" download="">poc\.bin</);
    assert.ok(link, box.text);
    const back = await fetch(site.url + link[1], { headers: { cookie: [...browser.cookies].map((c) => c.join('=')).join('; ') } });
    assert.deepEqual(new Uint8Array(await back.arrayBuffer()), poc);
    assert.match(back.headers.get('content-disposition'), /^attachment; filename="poc\.bin"$/);
    assert.equal(back.headers.get('content-security-policy').includes('sandbox'), true);
    const again = await attach(browser, box, '/mailbox/files', [['more.txt', 'more']]);
    assert.match(again.text, /more\.txt/);
    assert.equal((await fetch(site.url + link[1])).status, 401, 'without the mailbox there is nothing');
    assert.deepEqual(browser.wrong, []);
    const { items } = await expect(200, vendor.call('GET', '/api/v1/cases?limit=200'));
    const kase = items.find((c) => c.title === 'With files').id;
    assert.deepEqual((await expect(200, vendor.call('GET', `/api/v1/cases/${kase}/files`))).items.map((f) => f.name), ['poc.bin', 'seen %22it%22.txt', 'more.txt']);
  });
  test('a participant adds files from the case page, for the circle it names', async () => {
    const r = await report(vendor);
    const page = `/cases/${r.kase.split('/').at(-1)}`;
    const browser = new Browser(site);
    await browser.submit(await browser.open('/sign-in'), '/sign-in/demo', { when: { person: vendor.person } });
    const added = await attach(browser, await browser.open(page), `${page}/files`, [['fix.patch', 'a patch']], { audience: `report:${r.id}` });
    assert.match(added.text, /fix\.patch/);
    assert.equal((await expect(200, r.mailbox())).files[0].name, 'fix.patch');
    assert.deepEqual(browser.wrong, []);
  });
  test('what is no form of ours is refused whole, and leaves nothing', async () => {
    const r = await report(vendor);
    const browser = new Browser(site);
    await browser.submit(await browser.open('/mailbox'), '/mailbox', { code: r.code });
    const box = await browser.open('/mailbox/thread');
    const { csrf } = forms(box).find((f) => f.action === '/mailbox/files').fields;
    const own = { origin: site.url, 'sec-fetch-site': 'same-origin' };
    const part = (head, content) => `--b\r\n${head}\r\n\r\n${content}\r\n`;
    const file = part('Content-Disposition: form-data; name="files"; filename="a"', 'x');
    const token = part('Content-Disposition: form-data; name="csrf"', csrf);
    const post = (body, type = 'multipart/form-data; boundary=b') => browser.send('POST', '/mailbox/files', body, { ...own, 'content-type': type });
    for (const [what, status, body, type] of [
      ['no token', 403, `${file}--b--\r\n`], ['no file', 422, `${token}--b--\r\n`], ['an unknown field', 422, `${token}${part('Content-Disposition: form-data; name="x"', 'y')}${file}--b--\r\n`],
      ['a file of another field', 422, `${token}${part('Content-Disposition: form-data; name="other"; filename="a"', 'y')}${file}--b--\r\n`], ['no end', 400, `${token}${file}`], ['a preamble', 400, `hello\r\n${token}${file}--b--\r\n`],
      ['another type', 400, 'csrf=x', 'application/x-www-form-urlencoded'], ['a boundary that is none', 400, `${token}${file}--b--\r\n`, 'multipart/form-data; boundary="b c"'],
    ]) assert.equal((await post(body, type)).status, status, what);
    assert.deepEqual((await expect(200, r.mailbox())).files, []);
    await post(`${token}${file}--b--\r\n`);
    assert.equal((await expect(200, r.mailbox())).files.length, 1, 'the sound one is taken');
  });
  test('a report takes twenty files, whoever has its code', async () => {
    const r = await report(vendor);
    const browser = new Browser(site);
    await browser.submit(await browser.open('/mailbox'), '/mailbox', { code: r.code });
    const many = (n) => Array.from({ length: n }, (_, i) => [`${i}.txt`, `${i}`]);
    const full = await attach(browser, await browser.open('/mailbox/thread'), '/mailbox/files', many(20));
    assert.equal(full.status, 200);
    assert.equal((await attach(browser, full, '/mailbox/files', many(1))).status, 409);
    assert.equal((await expect(200, r.mailbox())).files.length, 20);
  });
});

test('every answer, and every body that was taken, was as the OpenAPI file says', async () => {
  assert.deepEqual(await published.faults(), []);
  const seen = await published.seen();
  assert.deepEqual(['POST /api/v1/cases/{case}/owner/take', 'POST /api/v1/cases/{case}/owner/offer', 'POST /api/v1/reports/{report}/route'].filter((op) => !seen.has(op)), []);
});
