// Questions to the rules as they are asked at the command line, and the printed evaluation in a real Chromium with scripts off: WCAG 2.2 AA as axe sees it,
// in light and dark, at 320 px and wide; nothing wider than the screen, no request for anything, every link on the same page.
// SLUICE_PICTURES names a folder for a picture of each page in each shape, and as it is printed.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { binary } from '../lib/site.mjs';
import { Chromium } from './chromium.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const cases = new URL('../regimes/', import.meta.url).pathname;
const sluice = (...words) => execFileSync(binary, words, { encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'ignore'] });
const refused = (...words) => spawnSync(binary, words, { encoding: 'utf8' });
const found = (...words) => JSON.parse(sluice('regimes', 'find', ...words, '--json')).found;

describe('find', () => {
  test('who demands a report before a fix exists is one command, with citation, dates, mark and sentence', () => {
    const rules = found('--action', 'report', '--modality', 'must', '--timing', 'before-fix');
    const one = rules.find((rule) => rule.rule === 'cn-rmsv-2021/art7-2');
    assert.deepEqual([one.citation, one.from, one.until, one.verified, one.timing], ['Art. 7(2)', '2021-09-01', null, true, 'within 48 hours of vuln.aware']);
    assert.match(one.says, /\w+.*\.$/);
    assert.ok(!rules.some((rule) => rule.rule === 'eu-cra-2024/art14-2c'), 'the final report waits for the remedy');
  });
  test('who fixes days is one command, and a table for people says the same', () => {
    const words = ['--action', 'remediate', '--timing', 'days'];
    const table = sluice('regimes', 'find', ...words);
    for (const rule of found(...words)) assert.ok(table.includes(`${rule.rule}  `) && table.includes(rule.says), rule.rule);
    assert.match(table, /cn-miit-2019d\/art3-1-product +Art\. 3\(1\) +must +draft of 2019-06-18 +within 90 days of vuln\.aware/);
    assert.match(table, /\(unverified\)|GEN/);
  });
  test('a word that isn’t there is refused, with the option', () => {
    for (const words of [['--action', 'shout'], ['--timing', 'soon'], ['--recipient', 'king'], ['--recipient', 'a b'], ['--in-force', '2026-02-30'], ['--jurisdiction', 'ZZ'], ['--trigger', 'foo'], ['--mark', 'FOO'], ['--modality', 'ought']]) {
      const { status, stderr, stdout } = refused('regimes', 'find', ...words);
      assert.notEqual(status, 0, words.join(' '));
      assert.equal(stdout, '');
      assert.ok(stderr.length > 10, stderr);
    }
  });
});

describe('what an answer stands on, and what may be asked', () => {
  const place = (file, id) => `${join(cases, `${file}.json`)}#${id}`;
  const early = place('edges', 'early-1');
  test('every command says once that it is no advice, as text and as JSON', () => {
    for (const words of [['evaluate', early], ['find', '--action', 'report'], ['compare', 'cn-miit-2019d', 'cn-rmsv-2021'], ['overlap', 'cn-cac-2019d'], ['cost', 'cn-rmsv-2021', early], ['reach', early], ['what-if', early],
      ['authorities', '--for', 'cn-cac-2019d/art5'], ['overlays'], ['divergences', 'cn-miit-2019d']]) {
      const { stdout, stderr } = refused('regimes', ...words);
      assert.equal((stdout + stderr).match(/not legal advice/g)?.length, 1, words.join(' '));
      assert.match(JSON.parse(sluice('regimes', ...words, '--json')).note, /not legal advice/, words.join(' '));
    }
  });
  test('text marks what nobody checked, and JSON lists it with the editions', () => {
    assert.match(sluice('regimes', 'evaluate', early), /cn-rmsv-2021\/art9-1, Art\. 9\(1\).*\[not checked against the text\]/);
    const answer = JSON.parse(sluice('regimes', 'evaluate', early, '--json'));
    assert.ok(answer.unverified.includes('cn-rmsv-2021/art9-1'));
    assert.ok(answer.editions['cn-rmsv-2021'].edition);
  });
  test('a word that no rule knows is told, and a what-if of one is refused', () => {
    const given = JSON.parse(readFileSync(join(cases, 'edges.json'), 'utf8')).scenarios.find((one) => one.id === 'early-1');
    const asked = (input, ...words) => spawnSync(binary, ['regimes', ...words], { encoding: 'utf8', input: JSON.stringify(input) });
    const shouted = asked({ ...given, actions: [{ ...given.actions[0], type: 'shout' }] }, 'evaluate', '-');
    assert.equal(shouted.status, 0);
    assert.match(shouted.stderr, /\/actions\/0\/type/);
    const assumed = asked({ ...given, assume_in_force: ['cn-cac-2019'] }, 'evaluate', '-');
    assert.notEqual(assumed.status, 0);
    assert.match(assumed.stderr, /\/assume_in_force\/0/);
    for (const words of [['--event', 'vuln.awaree=null'], ['--fact', '/vulnerability/exploitd=yes'], ['--fact', '/vulnerability/exploited=yess'], ['--add-party', '[]'], ['--add-jurisdiction', 'ZZ']])
      assert.notEqual(refused('regimes', 'what-if', ...words, early).status, 0, words.join(' '));
    assert.equal(refused('regimes', 'what-if', '--add-party', '{"id": "d", "role": "vendor", "established": "DE"}', '--drop-jurisdiction', 'CN', early).status, 0);
  });
});

describe('authorities', () => {
  const asked = (...words) => JSON.parse(sluice('regimes', 'authorities', ...words, '--json'));
  test('who is competent for a rule, where, at which level, on what basis', () => {
    const { competent } = asked('--for', 'cn-cac-2019d/art5', '--place', 'CN-ZJ');
    assert.deepEqual(competent.map((one) => [one.who, one.basis]), [['public security organ, prefecture or above, CN-ZJ', 'CAC draft of 2019, Art. 5']]);
  });
  test('of a wrong kind, level or place the right ones are named', () => {
    for (const words of [['--kind', 'cac-office'], ['--kind', 'public-security-organ', '--level', 'county'], ['--level', 'county']]) {
      const answer = asked('--for', 'cn-cac-2019d/art5', '--place', 'CN-ZJ', ...words);
      assert.equal(answer.fulfils_nothing, true, words.join(' '));
      assert.deepEqual(answer.competent.map((one) => one.body), ['cn-public-security']);
    }
  });
  test('an unclear remit says so', () => {
    const { competent } = asked('--for', 'cn-miit-2019d/art4');
    assert.deepEqual(competent.map((one) => one.body), ['cn-miit', 'cn-mps', 'cn-sector-department']);
    for (const one of competent) assert.match(one.unclear, /does not tell the remits apart/);
  });
  test('a rule that isn’t there, and a word that isn’t one, are refused', () => {
    for (const words of [['--for', 'xx/1'], ['--for', 'cn-csl/art999'], ['--kind', 'king'], ['--level', 'village'], ['--topic', 'tea'], ['--place', 'zz']]) assert.notEqual(refused('regimes', 'authorities', ...words).status, 0, words.join(' '));
  });
  test('a site’s own directory is added by --packs, and a mistake in it is told with file and line', () => {
    const dir = mkdtempSync(join(tmpdir(), 'sluice-authorities-'));
    try {
      writeFileSync(join(dir, 'authorities.yaml'), 'edition: 2027-01-01\nauthorities:\n  - {id: de-x, name: Own body, kind: supervisory-authority, place: DE, competent: [{rules: [eu-gdpr-2016/art33-1], does: d, basis: b, mark: [own]}]}\n');
      assert.ok(asked('--for', 'eu-gdpr-2016/art33-1', '--place', 'DE', '--packs', dir).competent.some((one) => one.name === 'Own body'));
      writeFileSync(join(dir, 'authorities.yaml'), 'edition: 2027-01-01\nauthorities:\n  - {id: de-x, name: Own body, kind: monarch, place: DE, competent: [{rules: [eu-gdpr-2016/art33-1], does: d, basis: b, mark: [own]}]}\n');
      assert.match(refused('regimes', 'authorities', '--packs', dir).stderr, /authorities\.yaml:3/);
      writeFileSync(join(dir, 'authorities.yaml'), 'edition: 2027-01-01\nauthorities:\n  - {id: de-x, name: Own body, kind: cisa, place: DE, competent: [{rules: [us-bod-20-01/nothing], does: d, basis: b, mark: [own]}]}\n');
      const lint = refused('regimes', 'lint', dir);
      assert.equal(lint.status, 0, 'of a pack that isn’t in the folder nothing can be said');
    } finally { rmSync(dir, { recursive: true }); }
  });
});

describe('the printed evaluation', { timeout: 1_200_000 }, () => {
  let browser, server, tab;
  const pages = {};
  before(async () => {
    for (const file of ['china', 'preconditions', 'conflicts', 'stages-and-places', 'us-uk-india', 'policies', 'eu-and-standards'])
      for (const one of JSON.parse(readFileSync(join(cases, `${file}.json`), 'utf8')).scenarios.slice(0, 1)) pages[`/${file}`] = sluice('regimes', 'evaluate', `${join(cases, `${file}.json`)}#${one.id}`, '--html');
    const conflicts = join(cases, 'conflicts.json');
    pages['/every-reading'] = sluice('regimes', 'evaluate', `${conflicts}#${JSON.parse(readFileSync(conflicts, 'utf8')).scenarios[0].id}`, '--html', '--every-reading');
    server = createServer((request, response) => { response.writeHead(pages[request.url] ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' }).end(pages[request.url] ?? ''); }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    browser = new Chromium();
    tab = await browser.tab(`http://127.0.0.1:${server.address().port}`);
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });

  test('--out writes the same page to a file, and goes with --html only', () => {
    const dir = mkdtempSync(join(tmpdir(), 'sluice-page-'));
    try {
      const file = `${join(cases, 'china.json')}#${JSON.parse(readFileSync(join(cases, 'china.json'), 'utf8')).scenarios[0].id}`;
      sluice('regimes', 'evaluate', file, '--html', '--out', join(dir, 'page.html'));
      assert.equal(readFileSync(join(dir, 'page.html'), 'utf8').trim(), pages['/china'].trim());
      assert.notEqual(refused('regimes', 'evaluate', file, '--out', join(dir, 'x.html')).status, 0);
    } finally { rmSync(dir, { recursive: true }); }
  });

  test('for everybody, on any screen, and on paper', async () => {
    const wrong = [];
    for (const path of Object.keys(pages)) {
      await tab.open(path);
      await tab.evaluate(axe);
      for (const width of [320, 1280])
        for (const scheme of ['light', 'dark']) {
          await tab.shape({ width, scheme });
          const where = `${path} ${width} ${scheme}`;
          if (await tab.ask(() => document.scrollingElement.scrollWidth > document.documentElement.clientWidth)) wrong.push(`${where}: wider than the screen`);
          const told = await tab.with_scripts(() => tab.ask(async (runOnly) => {
            const { violations } = await window.axe.run(document, { runOnly, resultTypes: ['violations'], elementRef: false });
            return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary.replaceAll(/\s+/g, ' ')}`));
          }, { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
          wrong.push(...told.map((one) => `${where}: ${one}`));
          if (process.env.SLUICE_PICTURES) {
            mkdirSync(process.env.SLUICE_PICTURES, { recursive: true });
            writeFileSync(join(process.env.SLUICE_PICTURES, `rules-${path.slice(1)}-${width}-${scheme}.png`), await tab.picture());
          }
        }
      wrong.push(...await tab.ask((path) => [...document.querySelectorAll('a[href]')].filter((e) => !e.getAttribute('href').startsWith('#') || !document.getElementById(decodeURIComponent(e.getAttribute('href').slice(1)))).map((e) => `${path}: ${e.outerHTML}`), path));
      wrong.push(...tab.wrong.splice(0).map((one) => `${path}: ${one}`));
      const { data } = await tab.send('Page.printToPDF', { preferCSSPageSize: true, printBackground: false });
      assert.ok(Buffer.from(data, 'base64').subarray(0, 4).equals(Buffer.from('%PDF')));
      if (process.env.SLUICE_PICTURES) writeFileSync(join(process.env.SLUICE_PICTURES, `rules-${path.slice(1)}.pdf`), Buffer.from(data, 'base64'));
    }
    assert.deepEqual(wrong, []);
  });
});
