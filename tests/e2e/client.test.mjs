// The web client in a real Chromium with its scripts on: every page without a report of the content security policy and without a request to another host,
// WCAG 2.2 AA as axe sees it on light and dark ground, wide and at 320 px; what its tasks need, by keyboard.
//
// SLUICE_PICTURES names a folder for a picture of each page in each shape.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Site, expect } from '../lib/site.mjs';
import { Chromium } from './chromium.mjs';
import { client_tab, demo_session, heading, press, shows, until } from './client.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const soak = Boolean(process.env.SLUICE_SOAK);

function wide() {
  const limit = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= limit) return [];
  return [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > limit + 0.5).map((e) => `wide: ${e.tagName.toLowerCase()}.${e.className}: ${e.textContent.slice(0, 40)}`).slice(0, 5);
}
async function axe_says(tags) {
  const { violations } = await window.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'], elementRef: false });
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 200)}: ${n.failureSummary.replaceAll(/\s+/g, ' ')}`));
}
const every_tag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const shapes = [];
for (const width of soak ? [320, 640, 1024, 1920] : [320, 1280]) for (const scheme of ['light', 'dark']) shapes.push({ width, scheme });

async function check(tab, name) {
  const wrong = [];
  await tab.evaluate(axe);
  for (const shape of shapes) {
    await tab.shape(shape);
    await new Promise((done) => setTimeout(done, 150));   // rows of the matrix are measured anew
    for (const what of [...await tab.ask(wide), ...await tab.ask(axe_says, every_tag)]) wrong.push(`${name}, ${shape.width} px ${shape.scheme}: ${what}`);
    if (process.env.SLUICE_PICTURES) {
      mkdirSync(process.env.SLUICE_PICTURES, { recursive: true });
      writeFileSync(join(process.env.SLUICE_PICTURES, `client-${name.replaceAll(/\W+/g, '-')}-${shape.width}-${shape.scheme}.png`), await tab.picture());
    }
  }
  await tab.shape({ width: 1280, scheme: 'light' });
  assert.deepEqual([...wrong, ...tab.wrong.splice(0).map((what) => `${name}: ${what}`)], []);
}

describe('the web client', { timeout: 900_000 }, () => {
  const site = new Site({ story: true });
  let browser, owner, energy, story;

  before(async () => {
    await site.serve();
    browser = new Chromium();
    owner = await client_tab(browser, site, 'Apache Logging project');
    energy = await client_tab(browser, site, 'Stranger');
    const token = site.token((await demo_session(site, 'Apache Logging project')).id);
    story = (await expect(200, site.call(token, 'GET', '/api/v1/cases'))).items.find((one) => one.title.startsWith('Remote code')).id;
  });
  after(async () => {
    await browser?.close();
    await site.remove();
  });

  test('its page and its files: policy, types, caching; any address below /app/ is its page, and an unknown file is none', async () => {
    const page = await fetch(`${site.url}/app/cases/anything/at/all`);
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-security-policy'), /script-src 'self'; style-src 'self' 'sha256-[^']+'; .*require-trusted-types-for 'script'$/);
    assert.equal(page.headers.get('cache-control'), 'no-cache');
    const html = await page.text();
    assert.doesNotMatch(html, /<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/);
    const names = [...html.matchAll(/(?:src|href)="(\/app\/assets\/[^"]+)"/g)].map((m) => m[1]);
    assert.ok(names.length >= 2);
    for (const name of names) {
      const file = await fetch(site.url + name);
      assert.equal(file.headers.get('cache-control'), 'public, max-age=31536000, immutable');
      assert.equal(file.headers.get('content-encoding'), 'gzip');
      assert.match(file.headers.get('content-type'), name.endsWith('.css') ? /^text\/css/ : /^text\/javascript/);
    }
    assert.equal((await fetch(`${site.url}/app/assets/no-such.js`)).status, 404);
  });

  test('nobody is signed in', async () => {
    const tab = await client_tab(browser, site);
    await tab.open('/app/');
    await heading(tab, 'You are not signed in');
    await check(tab, 'signed out');
  });
  test('my work and cases, full and empty', async () => {
    await owner.open('/app/');
    await heading(owner, 'My work');
    await shows(owner, 'Remote code execution');
    await check(owner, 'work');
    await owner.open('/app/cases?only=unread');
    await heading(owner, 'Cases');
    await shows(owner, '2 of 2 cases');
    await check(owner, 'cases');
    await energy.open('/app/cases');
    await shows(energy, 'You have no case yet.');
    await check(energy, 'no cases');
    await energy.open('/app/');
    await shows(energy, 'Nothing needs you now.');
    await check(energy, 'no work');
  });
  for (const [part, words] of [['overview', 'How it stands'], ['timeline', 'Advisory'], ['parties', 'SonarSource'], ['talk', 'Who ships it']])
    test(`a case: ${part}`, async () => {
      await owner.open(`/app/cases/${story}/${part}`);
      await heading(owner, 'Remote code execution');
      await shows(owner, words);
      await check(owner, `case ${part}`);
    });
  test('what is hidden and what is not there look alike', async () => {
    await energy.open(`/app/cases/${story}`);
    await shows(energy, 'There is no such thing here, or you have no access to it.');
    await check(energy, 'hidden case');
    await energy.open('/app/no/such/page');
    await heading(energy, 'There is no such page');
    await check(energy, 'no such page');
  });
  test('the kit in every state', async () => {
    await owner.open('/app/kit');
    await shows(owner, 'Loading, empty, failed');
    await check(owner, 'kit');
  });
  test('palette, keys, settings: by keyboard', async () => {
    await owner.open('/app/');
    await heading(owner, 'My work');
    const chord = async () => { for (const type of ['rawKeyDown', 'keyUp']) await owner.send('Input.dispatchKeyEvent', { type, key: 'k', code: 'KeyK', windowsVirtualKeyCode: 75, modifiers: 2 }); };
    const type = async (key) => { await owner.send('Input.dispatchKeyEvent', { type: 'keyDown', key, text: key }); await owner.send('Input.dispatchKeyEvent', { type: 'keyUp', key }); };
    await type('j');
    assert.equal(await owner.ask(() => document.activeElement.dataset.row), '');
    await chord();
    await until(owner, () => document.activeElement?.matches('[role=dialog] input'));
    await owner.write('45046');
    await until(owner, () => [...document.querySelectorAll('[role=menuitem]')].some((e) => e.textContent.includes('CVE-2021-45046')));
    await check(owner, 'palette');
    await owner.press('Enter');
    await heading(owner, 'CVE-2021-45046');
    await type('?');
    await until(owner, () => document.querySelector('[role=dialog] h2')?.textContent === 'Keys');
    await check(owner, 'keys');
    await owner.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Escape', code: 'Escape', windowsVirtualKeyCode: 27 });
    await until(owner, () => !document.querySelector('[role=dialog]'));
    await press(owner, 'Apache Logging: settings');
    await until(owner, () => document.querySelector('[role=dialog] select'));
    await check(owner, 'settings');
    assert.deepEqual(owner.wrong, []);
  });
});
