// Every page in a real Chromium with scripts off: WCAG 2.2 AA as axe sees it, on light and dark ground, at 320 px and wide; nothing wider than the
// screen, everything reached by Tab with a ring round it; no report of the content security policy, no request to another host.
//
// Dark differs from light in colours alone, so it is asked about colours alone, unless SLUICE_SOAK is set: that asks everything, and at more widths.
// SLUICE_PICTURES names a folder for a picture of each page in each shape.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Site, expect } from '../lib/site.mjs';
import { Chromium } from './chromium.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const soak = Boolean(process.env.SLUICE_SOAK);
const shapes = [];
for (const width of soak ? [320, 390, 640, 768, 1024, 1280, 1920] : [320, 1280]) for (const scheme of ['light', 'dark']) shapes.push({ width, scheme });

// ---- what is asked of a page; these functions run inside it

function frame() {
  return { h1: document.querySelectorAll('h1').length, title: document.title, lang: document.documentElement.lang, main: document.querySelectorAll('main').length };
}
// What sticks out at the right, where the page can be scrolled sideways. What scrolls in a box of its own may be wider.
function wide() {
  const limit = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= limit) return [];
  return [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > limit + 0.5 && !e.parentElement.closest('.scroll, pre')).map((e) => `${e.tagName.toLowerCase()}.${e.className}: ${e.textContent.slice(0, 40)}`).slice(0, 5);
}
function unfold() { for (const e of document.querySelectorAll('details')) e.open = true; }

const every_rule = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
const rules_of_colour = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
async function axe_says(runOnly) {
  const { violations } = await window.axe.run(document, { runOnly, resultTypes: ['violations'], elementRef: false });
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary.replaceAll(/\s+/g, ' ')}`));
}

// Marks what Tab should reach, a group of radio buttons as one, and answers their number.
function controls() {
  const seen = new Set();
  let number = 0;
  for (const e of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')) {
    if (e.disabled || e.type === 'hidden' || !e.checkVisibility()) continue;
    const group = e.type === 'radio' ? `${[...document.forms].indexOf(e.form)} ${e.name}` : undefined;
    if (group !== undefined && seen.has(group)) continue;
    seen.add(group);
    e.dataset.stop = number++;
  }
  return number;
}
// The focused control: its mark, and what is wrong with how it shows its focus.
function focused() {
  const e = document.activeElement;
  if (!e || e === document.body) return { nowhere: true };
  const marked = e.dataset.stop ?? (e.type === 'radio' ? [...e.form.elements].find((other) => other.name === e.name && other.dataset.stop)?.dataset.stop : undefined);
  const style = getComputedStyle(e);
  const box = e.getBoundingClientRect();
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const there = box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
  const name = `${e.tagName.toLowerCase()} ${(e.labels?.[0]?.textContent ?? e.textContent).trim().slice(0, 40)}`;
  return { stop: marked, wrong: !ring ? `${name}: no ring` : !there ? `${name}: out of sight` : undefined };
}

// ---- a person at the keyboard

// Tab until the control with this name has the focus; a name is the label's words, or the control's own.
async function reach(tab, name) {
  for (let i = 0; i < 400; ++i) {
    await tab.press('Tab');
    const at = await tab.ask(() => {
      const e = document.activeElement;
      return (e?.labels?.[0]?.textContent ?? (e === document.body ? '' : e?.textContent) ?? '').replaceAll(/\s+/g, ' ').trim();
    });
    if (at.startsWith(name)) return;
  }
  throw new Error(`Tab never comes to '${name}' on ${await tab.ask(() => document.title)}`);
}
const activate = async (tab, name) => {
  await reach(tab, name);
  await tab.loads_by(() => tab.press('Enter'));
};
const write = async (tab, name, text) => {
  await reach(tab, name);
  await tab.write(text);
};

// ---- everything that holds of every page

async function check(tab, name) {
  const wrong = new Map();  // what → where it is so
  const note = (where, list) => { for (const what of list) wrong.set(what, (wrong.get(what) ?? new Set()).add(where)); };
  const is = await tab.ask(frame);
  if (is.h1 !== 1 || is.main !== 1 || !is.title || !/^[a-z]{2}/.test(is.lang)) note('frame', [JSON.stringify(is)]);
  if (process.env.SLUICE_PICTURES)
    for (const shape of shapes) {
      await tab.shape(shape);
      mkdirSync(process.env.SLUICE_PICTURES, { recursive: true });
      writeFileSync(join(process.env.SLUICE_PICTURES, `${name.replaceAll(/\W+/g, '-')}-${shape.width}-${shape.scheme}.png`), await tab.picture());
    }
  await tab.ask(unfold);
  await tab.evaluate(axe);
  for (const shape of shapes) {
    await tab.shape(shape);
    note(`${shape.width} px ${shape.scheme}`, [...await tab.ask(wide), ...await tab.with_scripts(() => tab.ask(axe_says, shape.scheme === 'light' || soak ? every_rule : rules_of_colour))]);
  }
  await tab.shape({ width: 320, scheme: 'light' });
  await tab.ask(() => { document.activeElement?.blur(); scrollTo(0, 0); });
  const number = await tab.ask(controls);
  const met = new Set();
  for (let i = 0; i < number * 2 + 20 && met.size < number; ++i) {
    await tab.press('Tab');
    const at = await tab.ask(focused);
    if (at.nowhere) continue;
    if (at.wrong) note('Tab', [at.wrong]);
    if (at.stop !== undefined) met.add(at.stop);
  }
  if (met.size < number)
    note('Tab', await tab.ask((met) => [...document.querySelectorAll('[data-stop]')].filter((e) => !met.includes(e.dataset.stop)).map((e) => `never reached: ${e.outerHTML.slice(0, 120)}`), [...met]));
  note('browser', tab.wrong.splice(0));
  await tab.shape({ width: 1280, scheme: 'light' });
  assert.deepEqual([...wrong].map(([what, where]) => `${name} (${[...where].join(', ')}): ${what}`), []);
}

describe('the pages, for everybody', { timeout: 1_200_000 }, () => {
  const site = new Site({ story: true });
  let browser, visitor, apache, sonar, energy, gateway, embargoed, settle_first;
  const tab_of = async (name) => {
    const tab = await browser.tab(site.url);
    await tab.open('/sign-in');
    await activate(tab, name);
    return tab;
  };

  before(async () => {
    await site.serve(['--intake-limits', 'off']);
    browser = new Chromium();
    // Beside what the demo tells, a case in the middle of its embargo: one vendor in, one invited, terms proposed anew, a claim and an advisory to weigh.
    const people = (await (await fetch(`${site.url}/sign-in`)).text()).matchAll(/name="person" value="([^"]+)".*?<strong>([^<]+)<\/strong>/gs);
    const person = Object.fromEntries([...people].map(([, id, name]) => [name, id]));
    const as = (name) => { const token = site.token(person[name]); return (verb, path, body, headers) => site.call(token, verb, path, body, headers); };
    const [finder, owner, vendor] = [as('Finder (Alibaba Cloud)'), as('Apache Logging project'), as('Downstream vendor (SonarSource)')];
    const organisations = await expect(200, owner('GET', '/api/v1/organisations'));
    const of = (name) => organisations.items.find((o) => o.name.startsWith(name)).id;
    site.person(of('Example Devices'), 'Gateway engineer', 'admin');
    const report = await expect(201, finder('POST', '/api/v1/reports', { to: of('Apache'), title: 'Crafted layout patterns exhaust memory while a log file is rolled over', description: 'A pattern nests itself.\n\nSee `PatternLayout`.', product: 'pkg:maven/org.apache.logging.log4j/log4j-core@2.17.0', public: 'no', proposed_embargo_until: '2022-02-20T12:00:00Z' }));
    embargoed = `/cases/${report.case}`;
    const api = `/api/v1${embargoed}`;
    const done = async (promise) => {
      const answer = await promise;
      assert.ok(answer.status < 300, answer.text);
      return answer.json;
    };
    for (const action of ['validate', 'accept']) await done(owner('POST', `${api}/triage`, { action }));
    await done(owner('POST', `${api}/embargo/proposals/1/settle`, {}));
    for (const [name, why] of [['SonarSource', 'Ships the component in its server.'], ['Example Devices', 'Ships the component in its gateway.']]) await done(owner('POST', `${api}/participants`, { organisation: of(name), roles: ['vendor'], essential_because: why }));
    await done(vendor('POST', `${api}/invitation`, { accepted: true, terms: 1 }));
    await done(owner('POST', `${api}/participants/${of('SonarSource')}/confirm`, { checked_how: 'Called back.' }));
    const vulnerability = (await done(owner('GET', `${api}/vulnerabilities`))).items[0].id;
    await done(owner('POST', `${api}/threads`, { audience: 'shared', topic: 'Which day?', text: 'Is the 20th possible for you?' }));
    await done(vendor('POST', `${api}/threads`, { audience: 'shared', topic: 'Reproduced', text: 'We see it too, in `8.9.4`.' }));
    await done(vendor('POST', `${api}/products`, { name: 'SonarQube', version: '8.9.4', purl: 'pkg:generic/sonarqube@8.9.4' }));
    await done(owner('POST', `${api}/questions`, { organisations: [of('SonarSource')], vulnerability }));
    await done(owner('POST', `${api}/embargo/proposals`, { until: '2022-03-10T12:00:00Z' }));
    settle_first = () => done(owner('POST', `${api}/embargo/proposals/2/settle`, {}));
    await done(vendor('POST', `${api}/claims`, { vulnerability, fact: 'a', evidence: 'One customer saw it in a log.' }));
    // Last, as a policy would have put the report's terms into force by itself.
    const apaches = `/api/v1/organisations/${of('Apache')}`;
    const { json: profile, headers } = await owner('GET', apaches);
    await expect(200, owner('PUT', apaches, { name: profile.name, takes_reports: true, policy: { embargo: { preferred: 'P45D' }, acknowledge_within: 'P2D' } }, { 'if-match': headers.get('etag') }));
    visitor = await browser.tab(site.url);
  });
  after(async () => {
    await browser?.close();
    await site.remove();
  });

  for (const [name, path] of [['start page', '/'], ['advisories', '/advisories'], ['sign-in of the demo', '/sign-in'], ['mailbox form', '/mailbox'], ['report form', '/report'], ['first run', '/first-run'], ['not found', '/nothing/here']])
    test(name, async () => {
      await visitor.open(path);
      await check(visitor, name);
    });
  test('an advisory, its newest and its first version', async () => {
    await visitor.open('/advisories/DEMO-2021-44228');
    await check(visitor, 'advisory');
    await visitor.open('/advisories/DEMO-2021-44228/2');
    await check(visitor, 'advisory, older');
  });
  test('a policy', async () => {
    await visitor.open('/');
    await activate(visitor, 'Apache Logging');
    await check(visitor, 'policy');
  });

  test('a report by keyboard: refused, mended, reviewed, sent; its mailbox', async () => {
    const tab = await browser.tab(site.url);
    await tab.open('/report');
    await write(tab, 'In one line', 'Login page reveals which accounts exist');
    const text = await tab.ask(() => document.querySelector('[name=description]').labels[0].textContent);
    await write(tab, text.slice(0, 12), 'Its answer takes longer for accounts that exist.');
    await tab.ask(() => { for (const e of document.querySelectorAll('[required]')) e.required = false; });  // else the browser asks, before the site can
    await activate(tab, 'Look at it once more');
    await check(tab, 'report form, refused');
    // The list of mistakes leads to the fields.
    for (const [mistake, field, keys] of [['Who shall receive it?', 'to', () => tab.press('KeyA')], ['Which product is it in?', 'product', () => tab.write('pkg:generic/portal@3')]]) {
      await reach(tab, mistake);
      await tab.press('Enter');
      assert.equal(await tab.ask(() => document.activeElement.name), field);
      await keys();
    }
    await activate(tab, 'Look at it once more');
    await check(tab, 'report review');
    await activate(tab, 'Send it to');
    await check(tab, 'report received');
    await activate(tab, 'Open the mailbox');
    await write(tab, 'Your message', 'It also happens on the page for lost passwords.');
    await activate(tab, 'Send');
    await check(tab, 'mailbox');
    await activate(tab, 'Close the mailbox');
    await write(tab, 'Report code', 'aaaa-bbbb-cccc-dddd-eeee');
    await tab.loads_by(() => tab.press('Enter'));
    await check(tab, 'mailbox form, refused');
  });

  test('signing in: refused, and as four people', async () => {
    await visitor.open('/sign-in');
    await write(visitor, 'Mail address', 'nobody@example.org');
    await write(visitor, 'Password', 'not this sentence');
    await visitor.loads_by(() => visitor.press('Enter'));
    await check(visitor, 'sign-in, refused');
    [apache, sonar, energy, gateway] = await Promise.all(['Apache Logging project', 'Downstream vendor', 'Stranger', 'Gateway engineer'].map(tab_of));
  });
  test('lists of cases, full and empty', async () => {
    await apache.open('/cases');
    await check(apache, 'cases of an owner');
    await gateway.open('/cases');
    await check(gateway, 'cases of one invited');
    await energy.open('/cases');
    await check(energy, 'no cases');
    await apache.open('/due?of=all');
    await check(apache, 'what is due');
    await energy.open('/due');
    await check(energy, 'nothing due');
  });
  test('the case under embargo, as its owner', async () => {
    await apache.open(embargoed);
    await check(apache, 'embargoed case, owner');
  });
  test('the case under embargo, as a vendor', async () => {
    await sonar.open(embargoed);
    await check(sonar, 'embargoed case, vendor');
  });
  test('the case under embargo, as one invited', async () => {
    await gateway.open(embargoed);
    await check(gateway, 'embargoed case, invited');
  });
  test('the case of the demo, long and public', async () => {
    await apache.open('/cases');
    await activate(apache, 'Remote code execution in log4j-core');
    await check(apache, 'public case, owner');
  });
  test('what is refused, and why', async () => {
    await energy.open(embargoed);
    await check(energy, 'no access');
    await apache.open('/step-up');
    await check(apache, 'step-up');
    await apache.open(embargoed);
    await reach(apache, 'Settle version 2');
    await apache.press('Enter');
    await settle_first();
    await activate(apache, 'Settle version 2');
    await check(apache, 'too late');
  });
});
