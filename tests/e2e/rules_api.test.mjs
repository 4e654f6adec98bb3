// Questions to the rules over the API: each route answers what the command line's --json answers to the same question over a worked case; what is wrong is refused with
// its place in the body, and everything has a limit.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { Site, binary, expect } from '../lib/site.mjs';

const published = watch();
const site = new Site();
const dir = mkdtempSync(join(tmpdir(), 'sluice-questions-'));
let members;
before(async () => {
  await site.serve();
  members = ['One', 'Two', 'Three', 'Four'].map((name) => site.party(name, 'member'));
});
after(async () => {
  await site.remove();
  rmSync(dir, { recursive: true });
});

// The command line says beside each answer what it stands on: that is looked at here, and the answer is compared.
const cli = (...words) => {
  const { editions, unverified, note, ...answer } = JSON.parse(execFileSync(binary, ['regimes', ...words, '--json'], { encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'ignore'] }));
  assert.ok(Array.isArray(unverified) && Object.values(editions).every((one) => one.edition));
  assert.match(note, /not legal advice/);
  return words[0] === 'divergences' ? { ...answer, note } : answer;
};
const place_of = (file, id) => `${new URL(`../regimes/${file}.json`, import.meta.url).pathname}#${id}`;
const case_of = (file, id) => JSON.parse(readFileSync(place_of(file, id).split('#')[0], 'utf8')).scenarios.find((one) => one.id === id);
// By turns: each may ask so often only.
const next = () => { members.push(members.shift()); return members[0]; };
const post = (question, body) => next().call('POST', `/api/v1/regimes/${question}`, body);
const get = (question) => expect(200, next().call('GET', `/api/v1/regimes/${question}`));
const pointer_of = (answer) => answer.json.errors?.[0]?.pointer;
const intrusion = ['china', 'cn-01'], early = ['edges', 'early-1'];

describe('the API answers what the command line answers', () => {
  test('overlap, by regimes, act and how', async () => {
    assert.deepEqual((await get('overlap?regime=cn-cac-2019d,cn-miit-2019d')).items, cli('overlap', 'cn-cac-2019d', 'cn-miit-2019d').items);
    const clashes = (await get('overlap?regime=cn-cac-2019d,cn-miit-2019d&how=clash&act=publish-vuln')).items;
    assert.deepEqual(clashes, cli('overlap', 'cn-cac-2019d', 'cn-miit-2019d', '--how', 'clash', '--act', 'publish-vuln').items);
    for (const one of clashes) assert.equal(one.how, 'clash');
    assert.deepEqual((await get('overlap?regime=cn-rmsv-2021')).items, cli('overlap', 'cn-rmsv-2021').items, 'of one alone its own rules');
    assert.deepEqual((await get('overlap')).items, cli('overlap').items, 'all packs');
  });

  test('overlays, with what each changes', async () => {
    const { overlays } = await get('overlays');
    assert.deepEqual({ overlays }, cli('overlays'));
    assert.ok(overlays.find((one) => one.id === 'let1-art8').changes.length > 0);
  });

  test('what-if: amendments, rules, regimes, readings, facts, parties and events', async () => {
    const same = async (which, body, ...flags) => {
      const file = join(dir, 'given.json');
      writeFileSync(file, JSON.stringify(case_of(...which)));
      const answer = await expect(200, post('what-if', { case: case_of(...which), ...body }));
      const told = cli('what-if', ...flags, file);
      const { case: _, ...row } = told.cases[0] ?? { title: case_of(...which).title, changes: [], settled: [] };
      assert.deepEqual(answer, { amendments: told.amendments, ...row });
      return answer;
    };
    assert.deepEqual((await same(early, {})).changes, []);
    assert.ok((await same(intrusion, { overlays: ['let1-art5'] }, '--overlay', 'let1-art5')).amendments.length === 1);
    assert.ok((await same(early, { drop_rules: ['cn-rmsv-2021/art9-1'] }, '--drop-rule', 'cn-rmsv-2021/art9-1')).changes.length > 0);
    assert.ok((await same(early, { drop_regimes: ['cn-rmsv-2021'], add_regimes: ['certcc-45'] }, '--drop-regime', 'cn-rmsv-2021', '--add-regime', 'certcc-45')).changes.length > 0);
    assert.ok((await same(early, { assume: ['cn-miit-2019d'] }, '--assume', 'cn-miit-2019d')).changes.length > 0);
    assert.ok((await same(early, { events: { 'fix.available': '2026-11-01T00:00Z' }, facts: { '/vulnerability/fix': 'available', '/actions/a1/at': null } }, '--event', 'fix.available=2026-11-01T00:00Z', '--fact', '/vulnerability/fix=available', '--fact', '/actions/a1/at=null')).changes.length > 0);
    assert.ok((await same(early, { drop_parties: ['f'] }, '--drop-party', 'f')).changes.length > 0);
  });

  test('what-if with an own amendment, made after those that are built in', async () => {
    const overlay = 'id: own\nedition: "1"\ntitle: t\nsource: us\nsays: The ban goes.\nchanges:\n  - pack: cn-rmsv-2021\n    drop: [art9-1]\n';
    const file = join(dir, 'own.yaml'), given = join(dir, 'case.json');
    writeFileSync(file, overlay);
    writeFileSync(given, JSON.stringify(case_of(...early)));
    const answer = await expect(200, post('what-if', { case: case_of(...early), overlays: ['let1-art5'], overlay }));
    const told = cli('what-if', '--overlay', 'let1-art5', '--overlay', file, given);
    assert.deepEqual(answer, { amendments: told.amendments, title: told.cases[0].title, changes: told.cases[0].changes, settled: told.cases[0].settled });
    assert.deepEqual(answer.amendments.map((one) => one.id), ['let1-art5', 'own']);
  });

  test('cost, of a regime and a rule, of an action, from an instant, and otherwise', async () => {
    const same = async ([file, id], regime, body, ...flags) => assert.deepEqual(await expect(200, post('cost', { case: case_of(file, id), regime, ...body })), cli('cost', regime, place_of(file, id), ...flags));
    await same(intrusion, 'cn-cac-2019d', {});
    await same(intrusion, 'cn-cac-2019d/art5', { action: 'p2', from: '2019-12-20' }, '--action', 'p2', '--from', '2019-12-20');
    await same(early, 'cn-rmsv-2021', {});
    await same(early, 'cn-rmsv-2021', { drop_rules: ['cn-rmsv-2021/art9-1'] }, '--drop-rule', 'cn-rmsv-2021/art9-1');
    await same(early, 'cn-rmsv-2021', { events: { 'fix.available': '2026-12-24T00:00Z' } }, '--event', 'fix.available=2026-12-24T00:00Z');
  });

  test('reach', async () => {
    for (const [file, id] of [intrusion, early]) assert.deepEqual(await expect(200, post('reach', { case: case_of(file, id) })), cli('reach', place_of(file, id)));
    assert.deepEqual(await expect(200, post('reach', { case: case_of(...intrusion), drop_parties: ['m'] })), cli('reach', place_of(...intrusion), '--drop-party', 'm'));
  });

  test('divergences in a case, and the comment on a draft', async () => {
    const place = place_of(...early), body = { case: case_of(...early), regimes: ['cn-miit-2019d', 'cn-rmsv-2021'], against: ['iso-29147-2018', 'iso-30111-2019'] };
    const flags = ['cn-miit-2019d', 'cn-rmsv-2021', '--against', 'iso-29147-2018', '--against', 'iso-30111-2019', '--scenario', place];
    const answer = await expect(200, post('divergences', body));
    assert.deepEqual(answer, cli('divergences', ...flags));
    assert.ok(answer.divergences.length > 0);
    const comment = await post('divergences/comment', body);
    assert.equal(comment.status, 200, comment.text);
    assert.match(comment.headers.get('content-type'), /^text\/markdown/);
    assert.equal(comment.headers.get('cache-control'), 'no-store');
    assert.equal(comment.text.trim(), execFileSync(binary, ['regimes', 'divergences', ...flags, '--markdown'], { encoding: 'utf8' }).trim());
    const without = await post('divergences/comment', { regimes: ['cn-miit-2019d'] });
    assert.equal(without.text.trim(), execFileSync(binary, ['regimes', 'divergences', 'cn-miit-2019d', '--markdown'], { encoding: 'utf8' }).trim());
  });
});

describe('what is wrong is refused with its place in the body', () => {
  const given = case_of(...early);
  const amendment = (changes) => `id: own\nedition: "1"\ntitle: t\nsource: us\nsays: Something.\nchanges:\n${changes}`;
  const many = (count, make = (i) => `x${i}`) => Array.from({ length: count }, (_, i) => make(i));
  for (const [what, body, pointer, message] of [
    ['no case', {}, '/case'],
    ['a case that is none', { case: 'x' }, '/case'],
    ['an action of nobody', { case: { ...given, actions: [{ ...given.actions[0], actor: 'z' }] } }, '/case/actions/0/actor'],
    ['no instant', { case: { ...given, as_of: undefined } }, '/case/as_of'],
    ['a regime of the case', { case: { ...given, regimes: ['cn-rmsv-2021', 'xx'] } }, '/case/regimes/1', /no pack "xx"/],
    ['a reading of the case', { case: { ...given, readings: { 'cn-rmsv-2021.none': 'x' } } }, '/case/readings/cn-rmsv-2021.none'],
    ['a reading beside the case', { case: given, readings: { 'cn-rmsv-2021.none': 'x' } }, '/readings/cn-rmsv-2021.none'],
    ['an event beside the case', { case: given, events: { 'vuln.aware': 'yesterday' } }, '/events/vuln.aware'],
    ['a fact without a place', { case: given, facts: { 'product/support': 'ended' } }, '/facts/product~1support'],
    ['a fact too deep', { case: given, facts: { ['/x'.repeat(100)]: 1 } }, `/facts/${'~1x'.repeat(100)}`],
    ['a fact that contradicts the case', { case: given, facts: { '/vulnerability/state': 'public' }, events: { 'vuln.public': null } }, '/events/vuln.public'],
    ['a regime to add', { case: given, add_regimes: ['certcc-45', 'xx'] }, '/add_regimes/1', /no pack "xx"/],
    ['a regime to drop', { case: given, drop_regimes: ['xx'] }, '/drop_regimes/0'],
    ['a draft to assume', { case: given, assume: ['xx'] }, '/assume/0'],
    ['a draft that the case assumes', { case: { ...given, assume_in_force: ['cn-cac-2019'] } }, '/case/assume_in_force/0'],
    ['a weight', { case: { ...given, actions: [{ ...given.actions[0], weight: -5 }] } }, '/case/actions/0/weight'],
    ['an event that nobody knows', { case: given, events: { 'vuln.awaree': null } }, '/events/vuln.awaree'],
    ['a fact that no rule asks for', { case: given, facts: { '/product/suport': 'ended' } }, '/facts/~1product~1suport'],
    ['a rule', { case: given, drop_rules: ['cn-rmsv-2021/art9-1', 'cn-rmsv-2021/none'] }, '/drop_rules/1'],
    ['an amendment that isn’t built in', { case: given, overlays: ['let1-art8', '../secret'] }, '/overlays/1'],
    ['an amendment that isn’t YAML', { case: given, overlay: 'a: [' }, '/overlay'],
    ['an amendment of no pack', { case: given, overlay: amendment('  - pack: xx\n    drop: [a]\n') }, '/overlay', /There is no pack "xx"\. \(line 7\)/],
    ['an amendment with a wrong condition', { case: given, overlay: amendment('  - pack: cn-rmsv-2021\n    change: [{rule: art9-1, when: "full moon"}]\n') }, '/overlay', /line 8/],
    ['an amendment with aliases', { case: given, overlay: amendment('  - pack: &p cn-rmsv-2021\n    drop: [*p]\n') }, '/overlay'],
    ['an amendment that is too long', { case: given, overlay: `${amendment('  - pack: cn-rmsv-2021\n    drop: [art9-1]\n')}${'# much\n'.repeat(10_000)}` }, '/overlay', /64 KiB/],
    ['too many amendments', { case: given, overlays: many(17, () => 'let1-art8') }, '/overlays'],
    ['too many rules', { case: given, drop_rules: many(101) }, '/drop_rules'],
    ['too many facts', { case: given, facts: Object.fromEntries(many(101, (i) => [`/x${i}`, 1])) }, '/facts'],
    ['too many events', { case: given, events: Object.fromEntries(many(101, (i) => [`x${i}`, null])) }, '/events'],
    ['too many events in the case', { case: { ...given, events: Object.fromEntries(many(1_001, (i) => [`x${i}`, null])) } }, '/case/events'],
    ['a party to drop', { case: given, drop_parties: [given.parties[0].id, 'nobody'] }, '/drop_parties/1', /no such party/],
    ['a word without end', { case: given, drop_parties: ['x'.repeat(501)] }, '/drop_parties/0'],
    ['a field that isn’t known', { case: given, overlay_file: '/etc/passwd' }, '/overlay_file'],
  ])
    test(`${what}: ${pointer.slice(0, 60)}`, async () => {
      for (const question of ['what-if', 'cost', 'reach']) {
        const answer = await post(question, question === 'cost' ? { regime: 'cn-rmsv-2021', ...body } : body);
        // The cost asks nothing of readings and of packs' names elsewhere than at the regime.
        if (question === 'cost' && /readings\//.test(pointer)) continue;
        assert.equal(answer.status, 422, `${question}: ${answer.text.slice(0, 300)}`);
        assert.equal(pointer_of(answer), pointer, `${question}: ${answer.text}`);
        if (message) assert.match(answer.text.replaceAll('\\"', '"'), message, question);
      }
    });

  test('cost: the regime, the action, the instant', async () => {
    for (const [body, pointer] of [[{ regime: 'xx' }, '/regime'], [{ regime: 'cn-rmsv-2021/none' }, '/regime'], [{ regime: 'cn-rmsv-2021', action: 'none' }, '/action'], [{ regime: 'cn-rmsv-2021', from: 'soon' }, '/from'], [{}, '/regime']]) {
      const answer = await post('cost', { case: given, ...body });
      assert.equal(answer.status, 422, answer.text);
      assert.equal(pointer_of(answer), pointer, answer.text);
    }
  });

  test('divergences: regimes, yardsticks, readings, and a comment on a case that is too large', async () => {
    const large = { ...given, parties: [...given.parties, ...many(60, (i) => ({ id: `p${i}`, role: 'vendor' }))] };
    for (const [question, body, pointer] of [['divergences', { case: given, regimes: ['xx'] }, '/regimes'], ['divergences', { case: given, against: ['iso-29147-2018/none'] }, '/against'], ['divergences', { case: given, readings: { 'cn-rmsv-2021.none': 'x' } }, '/readings/cn-rmsv-2021.none'],
      ['divergences', { case: { ...given, as_of: 'now' } }, '/case/as_of'], ['divergences/comment', { case: large, regimes: ['cn-rmsv-2021'] }, '/case/actions']]) {
      const answer = await post(question, body);
      assert.equal(answer.status, 422, answer.text);
      assert.equal(pointer_of(answer), pointer, answer.text);
    }
    await expect(200, post('divergences', { case: large, regimes: ['cn-rmsv-2021'] }));
  });

  test('overlap: a regime, an act and a how that aren’t there', async () => {
    for (const query of ['regime=xx', 'act=shout', 'how=loudly']) assert.equal((await next().call('GET', `/api/v1/regimes/overlap?${query}`)).status, 422, query);
  });

  test('evaluate places its errors in the body too', async () => {
    const answer = await post('evaluate', { case: { ...given, regimes: ['xx'] } });
    assert.equal(pointer_of(answer), '/case/regimes/0', answer.text);
  });

  test('nobody asks without signing in, and nothing is stored by a browser', async () => {
    for (const question of ['what-if', 'cost', 'reach', 'divergences', 'divergences/comment']) assert.equal((await site.call(undefined, 'POST', `/api/v1/regimes/${question}`, { case: given })).status, 401, question);
    for (const question of ['overlap', 'overlays']) assert.equal((await site.call(undefined, 'GET', `/api/v1/regimes/${question}`)).status, 401, question);
    assert.equal((await post('reach', { case: given })).headers.get('cache-control'), 'no-store');
  });

  test('a plan with very much to try is answered, or refused, in time', { timeout: 180_000 }, async () => {
    const regimes = ['cn-rmsv-2021', 'cn-cac-2019d', 'cn-miit-2019d', 'us-sec-8k105', 'eu-cra-2024'];
    const events = Object.fromEntries(many(990, (i) => [`x${i}`, new Date(Date.UTC(2027, 0, 1, 0, i * 7)).toISOString().replace(/:\d\d\.\d+/, '')]));
    const answer = await post('cost', { case: { ...given, regimes, events: { ...given.events, ...events } }, regime: 'cn-rmsv-2021' });
    if (answer.status !== 200) assert.deepEqual([answer.status, pointer_of(answer)], [422, '/case/actions'], answer.text);
  });

  // A case from outside has its measure, and so has an amendment: each of these took minutes or gigabytes before.
  for (const [what, body, pointer] of [
    ['actions', { case: { ...given, actions: many(101, (i) => ({ ...given.actions[0], id: `a${i}` })) } }, '/case/actions'],
    ['a list of facts', { case: { ...given, product: { ...given.product, market: many(301, () => 'CN') } } }, '/case/product/market'],
    ['a word', { case: { ...given, product: { ...given.product, kind: 'x'.repeat(1_001) } } }, '/case/product/kind'],
    ['a fact put in', { case: given, facts: { '/product/market': many(301, () => 'CN') } }, '/case/product/market'],
    ['one pack amended over and over', { case: given, overlay: `id: x\nedition: "1"\ntitle: x\nsource: x\nsays: x\nchanges:\n${'  - {pack: eu-cra-2024, dates: {from: 2027-01-01}}\n'.repeat(200)}` }, '/overlay'],
    ['a rule with thousands of choices', { case: given, overlay: `id: x\nedition: "1"\ntitle: x\nsource: x\nsays: x\nchanges:\n  - pack: eu-cra-2024\n    add:\n      - {id: y, cite: "1", on: [vendor], says: x, mark: [GEN], modality: must, in_reading: {r: {${many(3_000, (i) => `c${i}: {}`).join(', ')}}}}\n` }, '/overlay'],
  ])
    test(`there is a measure to ${what}`, { timeout: 60_000 }, async () => {
      const answer = await post('what-if', body);
      assert.equal(answer.status, 422, answer.text.slice(0, 300));
      assert.equal(pointer_of(answer), pointer, answer.text.slice(0, 300));
    });

  test('every answer was as published', async () => assert.deepEqual(await published.faults(), []));
});
