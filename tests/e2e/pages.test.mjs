// The pages as a browser without script meets them: public ones on an empty site, a report from form to mailbox, signing in, a case worked on by its owner.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Site, expect } from '../lib/site.mjs';
import { totp } from '../lib/totp.mjs';
import { Browser, check, forms } from './browser.mjs';

const unknown = 'c_00000000000000000000000001';
const masked = (text) => text.replaceAll(/q_[0-9a-z]{26}/g, 'q_').replaceAll(/c_[0-9a-z]{26}/g, 'c_');
const sound = (browser) => assert.deepEqual([...new Set(browser.wrong.splice(0))], []);

describe('an empty site that is no demo', () => {
  const site = new Site();
  before(() => site.serve());
  after(() => site.remove());

  for (const path of ['/', '/report', '/advisories', '/sign-in', '/mailbox', '/first-run'])
    test(`${path} is there, whole and sound`, async () => {
      const browser = new Browser(site);
      const page = await browser.open(path);
      assert.equal(page.status, 200);
      assert.match(page.headers.get('content-type'), /^text\/html; charset=utf-8/i);
      sound(browser);
      assert.equal(browser.cookies.size, 0, 'a visitor is given no cookie');
      assert.equal(page.text.includes('DEMO'), false);
    });
  test('what is not there looks the same everywhere, and is a page too', async () => {
    const browser = new Browser(site);
    for (const path of ['/nothing', '/advisories/EX-1', '/advisories/EX-1/1', '/policies/o_00000000000000000000000001', '/assets/none.css', '/mailbox/nothing']) {
      const page = await browser.open(path);
      assert.equal(page.status, 404, path);
      assert.match(page.headers.get('content-type'), /^text\/html/, path);
    }
    sound(browser);
  });
  test('every link and every file of the public pages leads somewhere', async () => {
    const browser = new Browser(site);
    const seen = new Set(['/']);
    for (const path of seen) {
      const page = await browser.open(path);
      assert.equal(page.status, 200, `${path} leads nowhere`);
      if (!page.headers.get('content-type').startsWith('text/html')) continue;
      for (const [, href] of page.text.matchAll(/\s(?:href|src)="(\/[^"#]*)/g)) seen.add(href.replaceAll('&amp;', '&'));
    }
    assert.ok(seen.size > 8, [...seen].join(' '));
    sound(browser);
  });
  test('security.txt says where to report and until when it holds', async () => {
    const { text } = await site.call(undefined, 'GET', '/.well-known/security.txt');
    assert.match(text, /^Contact: \S+/m);
    const expires = new Date(text.match(/^Expires: (\S+)/m)[1]);
    assert.ok(expires > Date.now() && expires < Date.now() + 366 * 86_400_000);
  });
  test('pages that need sign-in lead to it', async () => {
    for (const path of ['/cases', '/step-up', `/cases/${unknown}`]) {
      const answer = await site.call(undefined, 'GET', path);
      assert.equal(answer.status, 303, path);
      assert.equal(answer.headers.get('location'), '/sign-in');
    }
  });
  test('the one-time code of the log makes the first administrator, once; then a password signs in', async () => {
    const code = site.log.match(/"event":"first_run","code":"([^"]+)"/)?.[1];
    assert.ok(code, `no code in the log:\n${site.log.slice(0, 1000)}`);
    const browser = new Browser(site);
    const account = { name: 'First', mail: 'first@example.org', password: 'a sentence is easier to remember' };
    const wrong = await browser.submit(await browser.open('/first-run'), '/first-run', { ...account, code: 'aaaa-bbbb-cccc' });
    assert.notEqual(wrong.status, 200);
    const made = await browser.submit(await browser.open('/first-run'), '/first-run', { ...account, code });
    assert.equal(made.path, '/sign-in', made.text.slice(0, 300));
    assert.notEqual((await browser.submit(made, '/sign-in', { mail: account.mail, password: 'not this sentence' })).status, 200);
    const unknownMail = await browser.submit(await browser.open('/sign-in'), '/sign-in', { mail: 'nobody@example.org', password: 'not this sentence' });
    const wrongWord = await browser.submit(await browser.open('/sign-in'), '/sign-in', { mail: account.mail, password: 'not this sentence' });
    assert.equal(unknownMail.status, wrongWord.status);
    assert.equal(masked(unknownMail.text).replaceAll('nobody@example.org', 'MAIL'), masked(wrongWord.text).replaceAll(account.mail, 'MAIL'));
    const begun = await browser.submit(await browser.open('/sign-in'), '/sign-in', { mail: account.mail, password: account.password });
    const inside = await browser.submit(begun, '/sign-in/factor', { code: totp(begun.text.match(/secret=([A-Z2-7]{32})&amp;/)[1]) });
    assert.match(inside.text, /ten recovery codes/, inside.text.slice(0, 300));
    assert.equal((await browser.open('/cases')).path, '/cases');
    const again = await new Browser(site).send('POST', '/first-run', new URLSearchParams({ ...account, mail: 'second@example.org', code }).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
    assert.notEqual(again.path, '/sign-in');
    sound(browser);
  });
});

describe('without script, end to end', () => {
  const site = new Site({ demo: true });
  let owner, vendor, stranger;
  before(async () => {
    await site.serve(['--intake-limits', 'off']);
    owner = site.party('Owner & Sons', 'vendor');
    vendor = site.party('Vendor', 'vendor');
    stranger = site.party('Stranger', 'member');
    const organisation = `/api/v1/organisations/${owner.org}`;
    await expect(200, owner.call('PUT', organisation, { name: 'Owner & Sons', takes_reports: true, policy: { embargo: { preferred: 'P45D' } } }, { 'if-match': (await owner.call('GET', organisation)).headers.get('etag') }));
  });
  after(() => site.remove());

  const signIn = async (who) => {
    const browser = new Browser(site);
    const page = await browser.submit(await browser.open('/sign-in'), '/sign-in/demo', { when: { person: who.person } });
    assert.equal(page.path, '/cases', 'one click signs in');
    assert.equal(page.status, 200);
    return browser;
  };
  const report = { title: 'Overflow <in> the "parser" & more', product: 'pkg:generic/parser@1.0', description: 'A long name overflows.\n\n<script>alert(1)</script>' };

  test('a report: asked, looked at once more, sent; its code opens the mailbox; both sides write', async () => {
    const browser = new Browser(site);
    const form = await browser.open('/report');
    const empty = await browser.submit(form, '/report/review', { to: owner.org });
    assert.equal(empty.status, 422);
    const review = await browser.submit(form, '/report/review', { to: owner.org, ...report });
    assert.equal(review.status, 200);
    assert.match(review.text, /Owner &amp; Sons/);
    assert.doesNotMatch(review.text, /<script>alert/);
    assert.equal((await expect(200, owner.call('GET', '/api/v1/cases'))).items.length, 0, 'looking sends nothing');
    const back = await browser.submit(review, '/report', { step: 'edit' }, { to: '/report/review' });
    assert.equal(forms(back).find((f) => f.action === '/report/review').fields.title, report.title);
    const sent = await browser.submit(review, '/report');
    assert.equal(sent.status, 201, sent.text.slice(0, 300));
    const code = sent.text.match(/class="report-code">([^<]+)</)?.[1];
    assert.match(code ?? '', /^[0-9a-z]{4}(-[0-9a-z]{4}){4}$/);
    assert.equal(sent.headers.get('cache-control'), 'no-store');
    const cases = await expect(200, owner.call('GET', '/api/v1/cases'));
    assert.equal(cases.items.length, 1);
    assert.equal(cases.items[0].title, report.title);
    sound(browser);

    const thread = await browser.open('/mailbox/thread');
    assert.equal(thread.path, '/mailbox/thread', 'the mailbox stands open in this browser');
    const elsewhere = new Browser(site);
    assert.equal((await elsewhere.open('/mailbox/thread')).path, '/mailbox', 'and in no other');
    const wrong = await elsewhere.submit(await elsewhere.open('/mailbox'), '/mailbox', { code: 'aaaa-bbbb-cccc-dddd-eeee' });
    assert.equal(wrong.status, 401);
    const opened = await elsewhere.submit(await elsewhere.open('/mailbox'), '/mailbox', { code: code.toUpperCase().replaceAll('-', ' ') });
    assert.equal(opened.path, '/mailbox/thread');
    const written = await elsewhere.submit(opened, '/mailbox/thread', { text: 'One more thing: <b>it crashes</b>.' });
    assert.match(written.text, /&lt;b&gt;it crashes/);
    const id = (await expect(200, owner.call('GET', `/api/v1/cases/${cases.items[0].id}/reports`))).items[0].id;
    await expect(201, owner.call('POST', `/api/v1/reports/${id}/messages`, { text: 'Thank you. We are looking.' }));
    const answered = await elsewhere.open('/mailbox/thread');
    assert.match(answered.text, /Thank you. We are looking/);
    for (const [, href] of answered.text.matchAll(/href="(\/mailbox[^"]*)"/g)) assert.equal((await elsewhere.open(href)).status, 200, `${href} leads nowhere`);
    const closed = await elsewhere.submit(answered, '/mailbox/close');
    assert.equal(closed.path, '/mailbox');
    assert.equal((await elsewhere.open('/mailbox/thread')).path, '/mailbox', 'closed is closed');
    sound(elsewhere);
  });

  test('a report with an account lands in its list of cases', async () => {
    const browser = await signIn(stranger);
    const review = await browser.submit(await browser.open('/report'), '/report/review', { to: owner.org, ...report, title: 'Of somebody known' });
    const sent = await browser.submit(review, '/report');
    assert.equal(sent.status, 201, sent.text.replaceAll(/<[^>]+>/g, ' ').slice(0, 600));
    assert.doesNotMatch(sent.text, /report-code/);
    assert.match((await browser.open('/cases')).text, /Of somebody known/);
    sound(browser);
  });

  test('the case\'s page: its owner reads, writes, brings somebody in and agrees on an embargo', async () => {
    const browser = await signIn(owner);
    const opened = await browser.submit(await browser.open('/cases'), '/cases', { title: 'Our own <finding>' });
    assert.match(opened.path, /^\/cases\/c_/);
    assert.match(opened.text, /Our own &lt;finding&gt;/);
    const path = opened.path;
    const id = path.split('/').at(-1);
    const go = async (command, fields) => {
      const page = await browser.open(path);
      const answer = await browser.submit(page, `${path}/do/${command}`, fields);
      assert.equal(answer.status, 200, `${command}: ${answer.text.replaceAll(/<[^>]+>/g, ' ').slice(-700)}`);
      assert.ok(answer.path.startsWith(path), `${command} leads to ${answer.path}`);
      return answer;
    };
    await go('step_report', { when: { action: 'validate' } });
    await go('step_report', { when: { action: 'accept' } });
    await go('add_vulnerability', { title: 'Overflow', description: 'A long name overflows.' });
    await go('open_thread', { audience: 'shared', topic: 'Plan', text: 'Who ships it?' });
    await go('invite_participant', { organisation: vendor.org, essential_because: 'ships it', 'roles.vendor': 'yes' });

    const theirs = await signIn(vendor);
    const stub = await theirs.open(path);
    assert.equal(stub.status, 200);
    assert.doesNotMatch(stub.text, /finding|Overflow|Who ships it/, 'an invitation shows no content');
    const answered = await theirs.submit(stub, `${path}/do/answer_invitation`, { when: { accepted: 'yes' } }).catch(() => theirs.submit(stub, `${path}/do/answer_invitation`, { accepted: 'yes' }));
    assert.equal(answered.status, 200);
    await go('confirm_participant', { when: { organisation: vendor.org }, checked_how: 'by phone' });
    assert.match((await theirs.open(path)).text, /Who ships it/);
    await go('propose_terms', { until: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 16) });
    assert.equal((await expect(200, owner.call('GET', `/api/v1/cases/${id}/embargo`))).state, 'proposed');
    sound(browser);
    sound(theirs);

    const nobody = await signIn(stranger);
    const hidden = await nobody.open(path);
    const never = await nobody.open(`/cases/${unknown}`);
    assert.equal(hidden.status, 404);
    assert.equal(masked(hidden.text), masked(never.text));
    assert.deepEqual([...hidden.headers].filter(([k]) => !['date', 'x-request-id'].includes(k)), [...never.headers].filter(([k]) => !['date', 'x-request-id'].includes(k)));
    const csrf = forms(await nobody.open('/cases')).find((f) => f.fields.csrf).fields.csrf;
    const write = (one) => nobody.send('POST', `/cases/${one}/do/open_thread`, new URLSearchParams({ csrf, audience: 'shared', topic: 'a', text: 'b' }).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
    const [to_hidden, to_never] = [await write(id), await write(unknown)];
    assert.equal(to_hidden.status, 404);
    assert.equal(masked(to_hidden.text), masked(to_never.text));
    sound(nobody);
  });

  test('a form without its csrf token changes nothing', async () => {
    const browser = await signIn(owner);
    const before = (await expect(200, owner.call('GET', '/api/v1/cases'))).items.length;
    const answer = await browser.send('POST', '/cases', new URLSearchParams({ title: 'Forged' }).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
    assert.equal(answer.status, 403);
    assert.equal((await expect(200, owner.call('GET', '/api/v1/cases'))).items.length, before);
    sound(browser);
  });

  test('every link of who is signed in leads somewhere, and signing out leads out', async () => {
    const browser = await signIn(owner);
    const seen = new Set(['/cases']);
    for (const path of seen) {
      const page = await browser.open(path);
      assert.equal(page.status, 200, `${path} leads nowhere`);
      if (!page.headers.get('content-type').startsWith('text/html') || seen.size > 150) continue;
      for (const [, href] of page.text.matchAll(/\s(?:href|src)="(\/[^"#]*)/g)) seen.add(href.replaceAll('&amp;', '&'));
    }
    const out = await browser.submit(await browser.open('/cases'), '/sign-out');
    assert.equal(out.path, '/');
    assert.equal((await browser.open('/cases')).path, '/sign-in');
    sound(browser);
  });
});

test('the check of pages finds what it looks for', () => {
  const good = '<!doctype html><html lang="en"><head><title>T</title></head><body><h1>H</h1><form method="post" action="/sign-out"><input type="hidden" name="csrf" value="x"></form></body></html>';
  const page = (text) => ({ path: '/x', status: 200, text });
  check(page(good));
  for (const [from, to] of [['lang="en"', ''], ['<h1>H</h1>', ''], ['<h1>H</h1>', '<h1>H</h1><h1>I</h1>'], ['<title>T</title>', '<title></title>'], ['<h1>', '<h1 style="color:red">'], ['<h1>', '<h1 onclick="x()">'], ['<h1>', '<script>x()</script><h1>'],
    ['<h1>', '<style>h1{}</style><h1>'], ['<h1>', '<p id="a"></p><p id="a"></p><h1>'], ['<h1>', '<label for="none">x</label><h1>'], ['<h1>', '<a href="javascript:x()">x</a><h1>'], ['<input type="hidden" name="csrf" value="x">', ''],
    ['<h1>', '<img src="https://other.example/x"><h1>']]) assert.throws(() => check(page(good.replace(from, to))), `${from} → ${to}`);
});
