// Signing in with a second factor, losing it, people who leave, break-glass, and who read how much: through the real binary, by page, API and command line.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { Site, expect, sluice } from '../lib/site.mjs';
import { totp } from '../lib/totp.mjs';
import { Browser, forms } from './browser.mjs';

const published = watch();
const password = 'a sentence is easier to remember';
const sound = (browser) => assert.deepEqual([...new Set(browser.wrong.splice(0))], []);
const codes_on = (page) => [...page.text.matchAll(/<code>([0-9a-z]{4}(?:-[0-9a-z]{4}){4})<\/code>/g)].map(([, code]) => code);
const key_on = (page) => page.text.match(/secret=([A-Z2-7]{32})&amp;/)[1];
async function eventually(what, check) {
  for (let tries = 0; tries < 600; ++tries) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`never: ${what}`);
}
// The API as a signed-in page's script calls it: by cookie, with the token against forgery that stands in each form.
async function api(browser, verb, path, body) {
  const csrf = forms(await browser.open('/account')).find((f) => f.fields.csrf)?.fields.csrf;
  const page = await browser.send(verb, path, verb === 'GET' ? undefined : JSON.stringify(body ?? {}), { 'content-type': 'application/json', 'x-csrf-token': csrf, origin: browser.site.url, 'sec-fetch-site': 'same-origin' });
  return { ...page, json: page.text.startsWith('{') ? JSON.parse(page.text) : undefined };
}

describe('a second factor', () => {
  const site = new Site();
  const mails = {};
  const person = (org, name, role) => {
    mails[name] = `${name}@example.org`;
    const id = sluice(['person', 'add', '--data', site.data, '--org', org, '--name', name, '--email', mails[name], '--role', role]).last;
    sluice(['password', 'set', '--data', site.data, '--person', id], { input: `${password}\n` });
    return id;
  };
  const vendor = site.org('Vendor', 'vendor');
  const ids = { root: person(site.organisation, 'root', 'admin'), other: person(site.organisation, 'other', 'admin'), chief: person(vendor, 'chief', 'admin'), ana: person(vendor, 'ana', 'staff') };
  before(() => site.serve());
  after(() => site.remove());
  const with_password = async (name) => {
    const browser = new Browser(site);
    return { browser, page: await browser.submit(await browser.open('/sign-in'), '/sign-in', { mail: mails[name], password }) };
  };
  // Sets the factor as it is asked for; answers a browser that is signed in.
  const enrol = async (name) => {
    const { browser, page } = await with_password(name);
    const key = key_on(page);
    const set = await browser.submit(page, '/sign-in/factor', { code: totp(key) });
    const codes = codes_on(set);
    assert.equal(codes.length, 10, set.text.slice(0, 2000));
    assert.equal((await browser.open('/cases')).path, '/cases');
    sound(browser);
    return { browser, key, codes };
  };
  const phones = {};

  test('whoever needs none signs in with the password alone', async () => {
    const { browser, page } = await with_password('ana');
    assert.equal(page.path, '/cases');
    sound(browser);
  });
  test('an administrator sets it at the first sign-in, and has no session before', async () => {
    const { browser, page } = await with_password('root');
    assert.match(page.text, /Set your second factor/);
    assert.equal(browser.cookies.size, 0);
    const wrong = await browser.submit(page, '/sign-in/factor', { code: '000000' });
    assert.equal(wrong.status, 401);
    assert.equal(browser.cookies.size, 0);
    // Its ticket opens nothing elsewhere.
    const ticket = forms(page).find((f) => f.action === '/sign-in/factor').fields.ticket;
    for (const path of ['/sign-in/code', '/sign-in/organisation']) {
      const answer = await browser.send('POST', path, new URLSearchParams({ ticket, code: totp(key_on(page)), organisation: site.organisation }).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
      assert.equal(answer.status, 401, path);
    }
    assert.equal(browser.cookies.size, 0);
    phones.root = await enrol('root');
  });
  test('later it is asked for: a code that was used signs nobody in, a recovery code does, once', async () => {
    const { browser, page } = await with_password('root');
    assert.match(page.text, /Your second factor/);
    assert.equal(browser.cookies.size, 0);
    const { key, codes } = phones.root;
    // The code that set it is spent, also while its thirty seconds last; so is whatever lies before it.
    for (const steps of [-1, 0]) {
      const used = totp(key, steps);
      const again = await with_password('root');
      const answer = await again.browser.submit(again.page, '/sign-in/code', { code: used });
      if (answer.status === 401) assert.equal(again.browser.cookies.size, 0);
      else assert.notEqual(steps, -1, 'an older code than the one that was used');  // a new step began meanwhile
    }
    const recovered = await browser.submit(page, '/sign-in/code', { code: codes[0].toUpperCase() });
    assert.equal(recovered.path, '/cases');
    const twice = await with_password('root');
    assert.equal((await twice.browser.submit(twice.page, '/sign-in/code', { code: codes[0] })).status, 401);
    assert.match((await browser.open('/account')).text, /9<?.*recovery codes are left/s);
    sound(browser);
  });
  test('step-up asks for it, and the password no longer does', async () => {
    const { browser, codes } = phones.root;
    const page = await browser.open('/step-up');
    assert.doesNotMatch(page.text, /type="password"/);
    const csrf = forms(page).find((f) => f.action === '/step-up').fields.csrf;
    const by_password = await browser.send('POST', '/step-up', new URLSearchParams({ csrf, password }).toString(), { 'content-type': 'application/x-www-form-urlencoded', origin: site.url, 'sec-fetch-site': 'same-origin' });
    assert.equal(by_password.status, 403);
    assert.equal((await browser.submit(page, '/step-up', { code: codes[1] })).path, '/cases');
  });
  test('two administrators take a lost one away, by page and API; one does not', async () => {
    phones.other = await enrol('other');
    phones.chief = await enrol('chief');
    const root = phones.root.browser;
    const of_vendor = await root.open(`/administration?organisation=${vendor}`);
    const asked = await root.submit(of_vendor, '/administration/do/ask_factor_reset', { when: { person: ids.chief } });
    assert.equal(asked.path, '/administration');
    assert.equal((await api(root, 'POST', `/api/v1/people/${ids.chief}/factor/reset/confirm`)).status, 403, 'who asked does not confirm');
    assert.match((await with_password('chief')).page.text, /Your second factor/, 'it stays until then');
    await expect(200, api(phones.other.browser, 'POST', `/api/v1/people/${ids.chief}/factor/reset/refuse`));
    await expect(202, api(root, 'POST', `/api/v1/people/${ids.chief}/factor/reset`));
    await expect(200, api(phones.other.browser, 'POST', `/api/v1/people/${ids.chief}/factor/reset/confirm`));
    assert.equal((await phones.chief.browser.open('/cases')).path, '/sign-in', 'its sessions ended');
    assert.match((await with_password('chief')).page.text, /Set your second factor/);
    for (const one of [root, phones.other.browser]) sound(one);
  });
  test('the command line takes it away alone, once the id is repeated', async () => {
    phones.chief = await enrol('chief');
    const reset = (confirm) => sluice(['factor', 'reset', '--data', site.data, '--person', ids.chief, '--confirm', confirm], { ok: false });
    assert.equal(reset(ids.ana).status, 2);
    assert.equal(reset(ids.chief).status, 0);
    assert.match((await with_password('chief')).page.text, /Set your second factor/);
  });
  test('on the own account it is set, replaced and given up; recovery codes are made anew', async () => {
    const { browser } = await with_password('ana');
    assert.equal((await expect(200, api(browser, 'GET', '/api/v1/factor'))).set, false);
    const begun = await expect(200, api(browser, 'POST', '/api/v1/factor/begin'));
    assert.match(begun.uri, /^otpauth:\/\/totp\/.*algorithm=SHA1&digits=6&period=30$/);
    assert.equal((await api(browser, 'POST', '/api/v1/factor', { ticket: begun.ticket, code: '000000' })).status, 422);
    assert.equal((await expect(200, api(browser, 'POST', '/api/v1/factor', { ticket: begun.ticket, code: totp(begun.secret) }))).recovery_codes.length, 10);
    assert.equal((await expect(200, api(browser, 'POST', '/api/v1/factor/recovery-codes'))).recovery_codes.length, 10);
    const page = await browser.submit(await browser.open('/account'), '/account/do/begin_factor');
    assert.equal(codes_on(await browser.submit(page, '/account/do/set_factor', { code: totp(key_on(page)) })).length, 10);
    await expect(200, api(browser, 'POST', '/api/v1/factor/drop'));
    assert.equal((await expect(200, api(browser, 'GET', '/api/v1/factor'))).set, false);
    assert.equal((await site.call(site.token(ids.ana), 'POST', '/api/v1/factor/begin')).status, 403, 'a token sets no factor');
    sound(browser);
  });
  test('an account that is not there is answered like a wrong password, and nothing tells of a factor', async () => {
    const answer = async (mail, word) => {
      const browser = new Browser(site);
      const page = await browser.submit(await browser.open('/sign-in'), '/sign-in', { mail, password: word });
      return `${page.status} ${page.text.replaceAll(/q_[0-9a-z]{26}/g, 'q_').replaceAll(mail, 'MAIL')}`;
    };
    assert.equal(await answer('nobody@example.org', 'not this sentence'), await answer(mails.root, 'not this sentence'));
  });
});

describe('people who leave', () => {
  const site = new Site({ demo: true });
  let chief, ana, gone;
  before(async () => {
    await site.serve();
    chief = site.party('Vendor', 'vendor');
    ana = site.client({ org: chief.org, person: site.person(chief.org, 'Ana', 'staff') });
    gone = site.client({ org: chief.org, person: site.person(chief.org, 'Gone', 'staff') });
  });
  after(() => site.remove());
  const alive = async (who) => (await who.call('GET', '/api/v1/whoami')).status;
  const on = (who, what, body) => chief.call('POST', `/api/v1/organisations/${chief.org}/people/${who.person}/${what}`, body);

  test('a suspension, an end and a disabling close sessions and tokens at once, by API and command line', async () => {
    const browser = new Browser(site);
    await browser.submit(await browser.open('/sign-in'), '/sign-in/demo', { when: { person: ana.person } });
    assert.equal(await alive(ana), 200);
    await expect(200, on(ana, 'suspend'));
    assert.equal(await alive(ana), 401);
    assert.equal((await browser.open('/cases')).path, '/sign-in');
    await expect(200, on(ana, 'restore'));
    assert.equal(await alive(ana), 401, 'a token does not come back');
    ana.token = site.token(ana.person);
    await expect(200, on(ana, 'role', { role: 'auditor' }));
    sluice(['person', 'role', '--data', site.data, '--person', ana.person, '--role', 'staff']);
    await expect(200, chief.call('POST', `/api/v1/people/${ana.person}/disable`));
    assert.equal(await alive(ana), 401);
    assert.equal((await chief.call('GET', `/api/v1/organisations/${chief.org}/people`)).json.items.find((p) => p.id === ana.person).disabled, true);
    assert.notEqual(sluice(['token', 'issue', '--data', site.data, '--person', ana.person, '--scope', 'all'], { ok: false }).status, 0);
    await expect(200, chief.call('POST', `/api/v1/people/${ana.person}/enable`));
    for (const verb of ['suspend', 'restore', 'disable', 'enable']) sluice(['person', verb, '--data', site.data, '--person', ana.person]);
    await expect(200, on(gone, 'end'));
    assert.equal(await alive(gone), 401);
    assert.equal((await on(gone, 'restore')).status, 409, 'an end is for good');
    const rival = site.party('Rival', 'vendor');
    assert.equal((await rival.call('POST', `/api/v1/organisations/${chief.org}/people/${ana.person}/suspend`)).status, 404);
    assert.equal((await rival.call('POST', `/api/v1/people/${ana.person}/disable`)).status, 404);
  });
});

describe('in an emergency', () => {
  const site = new Site({ demo: true });
  let owner, second, one, two, id, url;
  before(async () => {
    const admins = ['One', 'Two'].map((name) => site.person(site.organisation, name, 'admin'));
    await site.serve(['--reading-alarm', '3']);
    owner = site.party('Owner', 'vendor');
    second = site.client({ org: owner.org, person: site.person(owner.org, 'Second', 'admin') });
    ({ id } = await expect(201, owner.call('POST', '/api/v1/cases', { title: 'Overflow in the parser' })));
    url = `/api/v1/cases/${id}`;
    [one, two] = await Promise.all(admins.map(async (person) => {
      const browser = new Browser(site);
      await browser.submit(await browser.open('/sign-in'), '/sign-in/demo', { when: { person } });
      return browser;
    }));
  });
  after(() => site.remove());

  test('two administrators open a case to one of them, who reads and writes nothing; the case and the knowers tell', async () => {
    assert.equal((await api(one, 'GET', url)).status, 404);
    const never = await expect(202, api(one, 'POST', '/api/v1/break-glass', { case: 'c_00000000000000000000000001', reason: 'users are attacked', hours: 2 }));
    const asked = await expect(202, api(one, 'POST', '/api/v1/break-glass', { case: id, reason: 'users are attacked', hours: 2 }));
    assert.deepEqual(Object.keys(never), Object.keys(asked), 'asking tells nothing');
    assert.equal((await api(one, 'POST', `/api/v1/break-glass/${asked.id}/confirm`)).status, 403);
    assert.equal((await api(one, 'GET', url)).status, 404, 'nothing until then');
    const page = await two.open('/administration');
    assert.match(page.text, /users are attacked/);
    await two.submit(page, '/administration/do/confirm_glass', { when: { glass: asked.id } });
    await expect(200, api(two, 'POST', `/api/v1/break-glass/${never.id}/confirm`));
    assert.equal((await expect(200, api(one, 'GET', url))).title, 'Overflow in the parser');
    assert.match((await one.open(`/cases/${id}`)).text, /Overflow in the parser/);
    assert.equal((await api(one, 'GET', '/api/v1/cases/c_00000000000000000000000001')).status, 404);
    assert.equal((await api(two, 'GET', url)).status, 404, 'the one who confirmed reads nothing');
    for (const [path, body] of [['threads', { audience: 'shared', topic: 'Hello', text: 'Hello.' }], ['triage', { action: 'validate' }]]) assert.equal((await api(one, 'POST', `${url}/${path}`, body)).status, 404);
    const told = (await expect(200, owner.call('GET', url))).opened_in_emergency;
    assert.equal(told[0].reason, 'users are attacked');
    const { knowers } = await expect(200, owner.call('GET', `${url}/knowers`));
    assert.ok(knowers.some((who) => who.organisation.id === site.organisation), 'what was read is on record');
    const owners = new Browser(site);
    await owners.submit(await owners.open('/sign-in'), '/sign-in/demo', { when: { person: owner.person } });
    assert.match((await owners.open(`/cases/${id}`)).text, /An administrator of this site may read this case now/);
    assert.equal((await expect(200, api(two, 'GET', '/api/v1/break-glass'))).items.length, 2);
    await expect(200, api(two, 'POST', `/api/v1/break-glass/${asked.id}/close`));
    assert.equal((await api(one, 'GET', url)).status, 404, 'ended at once');
    assert.match((await owners.open(`/cases/${id}`)).text, /could read this case/);
    for (const browser of [one, two, owners]) sound(browser);
  });
  test('no token asks for it, nor an administrator of another organisation', async () => {
    const root = site.client({ org: site.organisation, person: site.person(site.organisation, 'Three', 'admin') });
    for (const who of [root, owner]) assert.equal((await who.call('POST', '/api/v1/break-glass', { case: id, reason: 'why', hours: 1 })).status, 403);
    const run = sluice(['case', 'break-glass', '--data', site.data, '--person', root.person, '--case', id, '--reason', 'users are attacked', '--hours', '1']);
    assert.match(run.last, /^b_/);
  });
  test('who reads much is counted, and an alarm is seen by the administrator of the organisation and of the site; never what was read', async () => {
    const cases = [];
    for (let i = 0; i < 4; ++i) cases.push((await expect(201, owner.call('POST', '/api/v1/cases', { title: `Secret title ${i}` }))).id);
    for (const one of cases) await expect(200, owner.call('GET', `/api/v1/cases/${one}`));
    let log;
    await eventually('an alarm', async () => {
      for (const one of cases) await expect(200, owner.call('GET', `/api/v1/cases/${one}`));   // it counts by the hour, and one may have begun in between
      return (log = await expect(200, second.call('GET', '/api/v1/access-log'))).alarms.length > 0;
    });
    assert.equal(log.alarms[0].person, owner.person);
    assert.ok(log.alarms[0].cases > 3);
    assert.doesNotMatch(JSON.stringify(log), /Secret|c_[0-9a-z]{26}/);
    assert.match((await two.open('/administration')).text, /Unusually much was read/);
    const staff = site.client({ org: owner.org, person: site.person(owner.org, 'Staff', 'staff') });
    assert.deepEqual(await expect(200, staff.call('GET', '/api/v1/access-log')), { items: [], alarms: [] });
    sound(two);
  });
});

test('what needs a story of its own was seen to succeed here, as published', async () => {
  const seen = await published.seen();
  assert.deepEqual([...['suspend', 'restore', 'end', 'role'].map((what) => `POST /api/v1/organisations/{organisation}/people/{person}/${what}`),
    ...['disable', 'enable', 'factor/reset', 'factor/reset/confirm', 'factor/reset/refuse'].map((what) => `POST /api/v1/people/{person}/${what}`),
    'POST /api/v1/break-glass', 'GET /api/v1/break-glass', 'POST /api/v1/break-glass/{glass}/confirm', 'POST /api/v1/break-glass/{glass}/close', 'GET /api/v1/access-log', 'GET /api/v1/factor'].filter((op) => !seen.has(op)), []);
  assert.deepEqual(await published.faults(), []);
});
