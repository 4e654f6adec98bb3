// What people do in the web client, in a real Chromium: a case of 150 vendors and 500 messages, what is new and from where, a message and who will see it,
// what is typed when a session ends, what another does meanwhile, the four languages, and words that are in no catalogue.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { Site, expect } from '../lib/site.mjs';
import { Chromium } from './chromium.mjs';
import { client_tab, demo_session, heading, press, shows, until } from './client.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('tasks in the web client', { timeout: 900_000 }, () => {
  const site = new Site({ story: true });
  let browser, tab, owner, people, id, api, thread;
  const done = async (promise) => {
    const answer = await promise;
    assert.ok(answer.status < 300, answer.text);
    return answer.json;
  };
  const speak = (token) => (verb, path, body) => site.call(token, verb, path, body);

  before(async () => {
    await site.serve(['--intake-limits', 'off']);
    browser = new Chromium();
    const as = async (name) => speak(site.token((await demo_session(site, name)).id));
    const [finder, administrator] = [await as('Finder'), await as('Administrator')];
    owner = await as('Apache Logging project');
    const organisations = (await expect(200, owner('GET', '/api/v1/organisations'))).items;
    const apache = organisations.find((one) => one.name === 'Apache Logging').id;
    people = [owner, ...['One', 'Two', 'Three'].map((name) => speak(site.token(site.person(apache, name))))];
    id = (await done(finder('POST', '/api/v1/reports', { to: apache, title: 'A large case: the parser loops', description: 'It nests itself.', product: 'pkg:generic/parser@2.17.0', public: 'no', proposed_embargo_until: '2022-02-20T12:00:00Z' }))).case;
    api = `/api/v1/cases/${id}`;
    for (const action of ['validate', 'accept']) await done(owner('POST', `${api}/triage`, { action }));
    await done(owner('POST', `${api}/embargo/proposals/1/settle`, {}));
    const vendors = [];
    for (let n = 1; n <= 150; ++n) vendors.push((await done(administrator('POST', '/api/v1/organisations', { kind: 'vendor', profile: { name: `Vendor ${String(n).padStart(3, '0')}` } }))).id);
    await done(owner('POST', `${api}/participants/invite`, { organisations: vendors, roles: ['vendor'], essential_because: 'Ships the parser.' }));
    thread = (await done(owner('POST', `${api}/threads`, { audience: 'shared', topic: 'Which day?', text: 'Message 1' }))).thread;
    await Promise.all(people.slice(1).map(async (say, lane) => { for (let n = 2 + lane; n <= 500; n += 3) await done(say('POST', `${api}/threads/${thread}/messages`, { text: `Message ${n}` })); }));
    tab = await client_tab(browser, site, 'Apache Logging project');
  });
  after(async () => {
    await browser?.close();
    await site.remove();
  });

  test('150 vendors: the matrix is there within a second, holds few rows at a time, and every vendor is found in it', async () => {
    await tab.open(`/app/cases/${id}`);
    await heading(tab, 'A large case');
    const began = Date.now();
    await press(tab, 'Parties');
    await until(tab, () => document.querySelector('[role=table] [data-row]'));
    const took = Date.now() - began;
    console.log(`# the matrix came after ${took} ms`);
    assert.ok(took < 5000, `${took} ms`);   // the bar is 1 s on a quiet machine; time is for benchmarks
    const { rows, all } = await tab.ask(() => ({ rows: document.querySelectorAll('[role=table] [data-row]').length, all: Number(document.querySelector('[role=table]').getAttribute('aria-rowcount')) }));
    assert.ok(all >= 152, `${all}`);
    assert.ok(rows < 60, `${rows} rows are in the page at once`);
    await tab.ask(() => scrollTo(0, document.documentElement.scrollHeight));
    await until(tab, () => [...document.querySelectorAll('[role=rowheader]')].some((e) => /Vendor 1[45]\d/.test(e.textContent)) || scrollTo(0, document.documentElement.scrollHeight));
    await tab.open(`/app/cases/${id}/parties?words=vendor+077`);
    await until(tab, () => document.querySelectorAll('[role=table] [data-row]').length === 1 && document.body.innerText.includes('Vendor 077'));
  });

  test('500 messages: a line says from where they are new, and the button goes there; only the reader marks them as read', async () => {
    const began = Date.now();
    await tab.open(`/app/cases/${id}/talk`);
    await shows(tab, 'New to you from here');
    console.log(`# 500 messages came after ${Date.now() - began} ms`);
    const unread = await expect(200, owner('GET', `${api}/unread`));
    await press(tab, 'To the first of');
    await until(tab, (first) => document.activeElement.id === first, unread.threads[0].first);
    assert.equal(await tab.ask(() => document.querySelectorAll('article.message').length), 500);
    await press(tab, 'I have read this case');
    await until(tab, () => !document.body.innerText.includes('New to you from here'));
    assert.equal((await expect(200, owner('GET', `${api}/unread`))).count, 0);
  });

  test('a message: who will see it stands there before it is sent, and it arrives once; what another writes appears by itself, as new', async () => {
    await shows(tab, 'Will be seen by:');
    assert.match(await tab.ask(() => document.querySelector('.who-sees').textContent), /All participants.*Apache Logging/);
    await tab.ask(() => document.querySelector('.post textarea').focus());
    await tab.write('Sent from the client.');
    await press(tab, 'Send');
    await until(tab, () => [...document.querySelectorAll('article.message')].some((e) => e.textContent.includes('Sent from the client.')) && document.querySelector('.post textarea').value === '');
    const said = (await expect(200, owner('GET', `${api}/threads`))).items.find((one) => one.id === thread).messages.filter((one) => one.text === 'Sent from the client.');
    assert.equal(said.length, 1);
    await done(people[1]('POST', `${api}/threads/${thread}/messages`, { text: 'Written by another.' }));
    await shows(tab, 'Written by another.');
    await shows(tab, 'New to you from here');
  });

  test('a session that ends while somebody types loses no word, and goes on where it was', async () => {
    await tab.ask(() => document.querySelector('.post textarea').focus());
    await tab.write('Not lost.');
    await tab.send('Network.clearBrowserCookies');
    await press(tab, 'Send');
    await shows(tab, 'Your session has ended.');
    assert.equal(await tab.ask(() => document.querySelector('.post textarea').value), 'Not lost.');
    const { cookie } = await demo_session(site, 'Apache Logging project');
    await tab.send('Network.setCookie', { url: site.url, name: 'session', value: cookie, httpOnly: true, sameSite: 'Lax' });
    await until(tab, () => !document.body.innerText.includes('Your session has ended.'));
    await tab.open(`/app/cases/${id}/talk`);
    await until(tab, () => document.querySelector('.post textarea')?.value === 'Not lost.');
    await press(tab, 'Send');
    await until(tab, () => document.querySelector('.post textarea').value === '');
  });

  for (const [language, words] of [['de', 'Meine Arbeit'], ['ja', '自分の作業'], ['zh-Hans', '我的工作']])
    test(`in ${language}: its words, the page's language, axe, nothing wider than 320 px`, async () => {
      await tab.ask((l) => localStorage.setItem('sluice-preferences', JSON.stringify({ language: l })), language);
      for (const path of ['/app/', '/app/cases', ...['overview', 'timeline', 'parties', 'talk'].map((part) => `/app/cases/${id}/${part}`)]) {
        await tab.open(path);
        await shows(tab, words);
        await until(tab, () => document.querySelector('h1') && !document.querySelector('.loading'));
        assert.equal(await tab.ask(() => document.documentElement.lang), language);
        await tab.evaluate(axe);
        for (const scheme of ['light', 'dark']) {
          await tab.shape({ width: 320, scheme });
          assert.equal(await tab.ask(() => document.scrollingElement.scrollWidth > document.documentElement.clientWidth), false, path);
          if (path.endsWith('talk')) continue;   // 500 messages are looked at once, in client.test.mjs with few
          assert.deepEqual(await tab.ask(async () => (await window.axe.run(document, { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }, resultTypes: ['violations'], elementRef: false })).violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 200)}`))), [], `${path} ${scheme}`);
        }
        await tab.shape({ width: 1280, scheme: 'light' });
      }
    });

  test('no word of a page is in no catalogue: in the pseudo-language nothing plain is left but data', async () => {
    await tab.ask(() => localStorage.setItem('sluice-preferences', JSON.stringify({ language: 'pseudo' })));
    for (const path of ['/app/', '/app/cases', '/app/no/such/page', ...['overview', 'timeline', 'parties', 'talk'].map((part) => `/app/cases/${id}/${part}`)]) {
      await tab.open(path);
      await until(tab, () => document.querySelector('h1') && !document.querySelector('.loading'));
      const plain = await tab.ask(() => {
        const out = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const e = node.parentElement;
          if (/[a-z]{3}/i.test(node.data.replace(/\b(UTC|CVSS)\b/g, '')) && e.checkVisibility() && !e.closest('[translate=no], noscript, script, .away, select')) out.push(node.data);
        }
        for (const e of document.querySelectorAll('[aria-label], [placeholder]')) for (const name of ['aria-label', 'placeholder']) if (/[a-z]{3}/i.test((e.getAttribute(name) ?? '').replace('Apache Logging', ''))) out.push(`${name}: ${e.getAttribute(name)}`);
        return [...new Set(out)];
      });
      assert.deepEqual(plain, [], path);
    }
  });
  test('none of it was reported by the policy or asked another host', () => assert.deepEqual(tab.wrong, []));
});
