// Evidence packs: made by the real server, checked offline by the real command line; whoever may not have one, and what was changed in one.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Site, sluice } from '../lib/site.mjs';

async function expect(status, answer) {
  const { status: got, json, text } = await answer;
  assert.equal(got, status, text);
  return json;
}

describe('evidence packs', () => {
  let site, owner, vendor, stranger, id, kase, key, tokens;
  const cli = (who, ...args) => sluice([...args, '--site', site.url, '--token-file', tokens.get(who)], { ok: false });
  const verify = (file) => {
    const run = sluice(['evidence', 'verify', file, '--key', key, '--json'], { ok: false });
    return { status: run.status, ...JSON.parse(run.stdout) };
  };
  // Until the minute of the ledger is closed, what was just done has no receipt.
  async function pack(who, query, ready = (made) => made.withheld.every((one) => !one.why.includes('minute'))) {
    for (let i = 0; ; i += 1) {
      const answer = await who.call('GET', `${kase}/evidence${query}`);
      if (answer.status === 200 && ready(answer.json)) return answer;
      assert.ok([200, 409].includes(answer.status) && i < 600, answer.text);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const keep = (name, text) => { const file = join(site.dir, name); writeFileSync(file, text); return file; };

  before(async () => {
    site = new Site();
    await site.serve(['--tick', '200ms']);
    [owner, vendor, stranger] = [site.party('Owner', 'coordinator'), site.party('Vendor', 'vendor'), site.party('Stranger', 'vendor')];
    tokens = new Map([owner, vendor, stranger].map((who, i) => [who, keep(`token-${i}`, who.token)]));
    key = keep('site.key', sluice(['ledger', 'key', '--data', site.data]).stdout);
    ({ id } = await expect(201, owner.call('POST', '/api/v1/cases', { title: 'SECRET TITLE' })));
    kase = `/api/v1/cases/${id}`;
    for (const action of ['validate', 'accept']) await expect(200, owner.call('POST', `${kase}/triage`, { action }));
    await expect(201, owner.call('POST', `${kase}/participants`, { organisation: vendor.org, roles: ['vendor'], essential_because: 'ships the library' }));
    await expect(200, vendor.call('POST', `${kase}/invitation`, { accepted: true }));
    await expect(200, owner.call('POST', `${kase}/participants/${vendor.org}/confirm`, { checked_how: 'by telephone' }));
    await expect(201, owner.call('POST', `${kase}/threads`, { audience: 'shared', topic: 'Findings', text: 'SECRET WORDS of talk' }));
    await expect(200, vendor.call('GET', `${kase}/threads`));
  });
  after(() => site?.remove());

  test('of a decision: what was known then, who decided, and proofs that hold offline', async () => {
    const { decision } = await expect(201, owner.call('POST', `${kase}/decisions`, { kind: 'wait', reason: 'No remedy exists.', who_is_exposed: 'Everybody.', how_badly: 'Badly.', what_they_can_do: 'Turn it off.' }));
    const made = await pack(owner, `?decision=${decision}`);
    await expect(201, owner.call('POST', `${kase}/decisions`, { kind: 'tell', reason: 'LATER', who_is_exposed: 'x', how_badly: 'y', what_they_can_do: 'z' }));
    const again = await pack(owner, `?decision=${decision}`);
    assert.ok(!again.text.includes('LATER'), 'as of the decision, not of now');
    const decided = made.json.acts.find((act) => act.event.type === 'Decided');
    assert.deepEqual([decided.kind, decided.person, decided.event.decision], ['decide', owner.person, decision]);
    assert.ok(made.json.knew.knowers.some((who) => who.organisation.id === vendor.org));
    assert.ok(!made.text.includes('SECRET WORDS'), 'words of talk are named and not opened');
    assert.ok(made.json.withheld.some((one) => one.why === 'holds the words of a thread' || one.why === 'holds the words of a message'));
    const file = keep('decision.json', made.text);
    assert.deepEqual([verify(file).status, verify(file).findings, verify(file).verdicts_recomputed], [0, [], true]);
    assert.ok(made.json.made.engine >= 1);
    assert.match(verify(file).shows, new RegExp(`decision ${decision}`));
  });

  test('of a party\u2019s conduct: its own acts alone; it can have that of itself, and nobody else\u2019s', async () => {
    const own = await pack(vendor, `?conduct=${vendor.org}`);
    assert.ok(own.json.acts.length > 0 && own.json.acts.every((act) => act.organisation === vendor.org));
    assert.deepEqual(own.json.knew.knowers.map((who) => who.organisation.id), [vendor.org]);
    assert.equal(verify(keep('own.json', own.text)).status, 0);
    assert.equal(verify(keep('by-owner.json', (await pack(owner, `?conduct=${vendor.org}`)).text)).status, 0);
    for (const query of ['', `?conduct=${owner.org}`, `?as_of=2030-01-01T00:00:00Z`]) assert.equal((await vendor.call('GET', `${kase}/evidence${query}`)).status, 403, query);
  });

  test('an organisation reads and proves its own decisions; another\u2019s are to it as if they never were', async () => {
    const words = { reason: 'Our users ask.', who_is_exposed: 'Ours.', how_badly: 'Badly.', what_they_can_do: 'Wait.' };
    const { decision } = await expect(201, vendor.call('POST', `${kase}/decisions`, { kind: 'tell', ...words }));
    assert.deepEqual((await expect(200, vendor.call('GET', `${kase}/decisions`))).items.map((one) => one.decision), [decision]);
    const all = (await expect(200, owner.call('GET', `${kase}/decisions`))).items;
    assert.equal(all.filter((one) => one.decision === decision).length, 1, 'once, though it stands in two streams');
    const made = await pack(vendor, `?decision=${decision}`);
    assert.ok(made.json.acts.some((act) => act.event.decision === decision && act.person === vendor.person));
    assert.ok(made.json.acts.every((act) => act.organisation === vendor.org));
    assert.equal(verify(keep('vendor-decision.json', made.text)).status, 0);
    const theirs = all.find((one) => one.decision !== decision).decision;
    const [hidden, never] = [await vendor.call('GET', `${kase}/evidence?decision=${theirs}`), await vendor.call('GET', `${kase}/evidence?decision=y_${'0'.repeat(26)}`)];
    assert.equal(hidden.status, 422);
    assert.equal(hidden.text.replaceAll(/q_[0-9a-z]+/g, ''), never.text.replaceAll(/q_[0-9a-z]+/g, ''));
    assert.deepEqual((await expect(200, vendor.call('GET', `${kase}/rulings`))).items, [], 'it disclosed nothing itself');
  });

  test('for a stranger there is no such case, whatever is asked of it', async () => {
    const nowhere = `/api/v1/cases/c_${'0'.repeat(26)}`;
    for (const query of ['', '?decision=nonsense', `?conduct=${stranger.org}`, '?as_of=x']) {
      const [hidden, never] = [await stranger.call('GET', `${kase}/evidence${query}`), await stranger.call('GET', `${nowhere}/evidence${query}`)];
      assert.equal(hidden.status, 404);
      assert.equal(hidden.text.replaceAll(/q_[0-9a-z]+/g, ''), never.text.replaceAll(/q_[0-9a-z]+/g, ''), query);
    }
  });

  test('what is asked wrongly is said, with its place', async () => {
    for (const [query, place] of [['?decision=nonsense', 'decision'], ['?as_of=tomorrow', 'as_of'], ['?as_of=2199-01-01T00:00:00Z', 'as_of'], [`?conduct=${stranger.org}`, 'conduct'], [`?conduct=${owner.org}&decision=y_${'0'.repeat(26)}`, 'decision']]) {
      const answer = await owner.call('GET', `${kase}/evidence${query}`);
      assert.equal(answer.status, 422, answer.text);
      assert.ok(JSON.stringify(answer.json.errors ?? answer.json).includes(place), answer.text);
    }
  });

  test('a pack in which anything was changed is found, also when it is written canonically again', async () => {
    const { text, json } = await pack(owner, '');
    const canonical = (value) => Array.isArray(value) ? `[${value.map(canonical).join(',')}]`
      : value && typeof value === 'object' ? `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}` : JSON.stringify(value);
    assert.equal(`${canonical(json)}\n`, text, 'the test writes as the site does');
    const changes = {
      'an act\u2019s instant': (p) => { p.acts[0].at = '2020-01-01T00:00:00Z'; },
      'an act left out': (p) => { p.acts.pop(); },
      'a proof left out': (p) => { p.proofs.pop(); },
      'an act and its proof left out': (p) => { const [gone] = p.proofs.splice(0, 1); p.acts = p.acts.filter((act) => act.entry !== gone.entry.id); },
      'a proof\u2019s entry': (p) => { p.proofs[0].entry.recorded = '2020-01-01T00:00:00Z'; },
      'who knew': (p) => { p.knew.knowers = []; },
      'the case': (p) => { p.about.case = `c_${'0'.repeat(26)}`; },
      'another field': (p) => { p.more = 1; },
    };
    for (const [name, change] of Object.entries(changes)) {
      const changed = structuredClone(json);
      change(changed);
      assert.equal(verify(keep('changed.json', `${canonical(changed)}\n`)).status, 1, name);
    }
    assert.equal(verify(keep('spaced.json', JSON.stringify(json, null, 1))).status, 1);
    assert.equal(verify(keep('empty.json', '')).status, 1);
  });

  test('the command line fetches and checks it', async () => {
    const file = join(site.dir, 'pack.json');
    const run = cli(owner, 'evidence', 'pack', id, '--conduct', vendor.org, '--out', file);
    assert.equal(run.status, 0, run.stderr);
    assert.match(sluice(['evidence', 'verify', file, '--key', key]).stdout, /: sound: case c_/);
    assert.ok(readFileSync(file, 'utf8').endsWith('\n'));
  });
});

describe('evidence of an override', () => {
  let site, owner, second, counsel, union, kase, key, vulnerability;
  before(async () => {
    site = new Site();
    await site.serve(['--tick', '200ms']);
    owner = site.party('Eastern Devices', 'vendor');
    second = site.client({ org: owner.org, person: site.person(owner.org, 'Second', 'staff') });
    counsel = site.client({ org: owner.org, person: site.person(owner.org, 'Counsel', 'counsel') });
    union = site.party('Union Works', 'vendor');
    for (const [who, profile] of [[owner, { name: 'Eastern Devices', country: 'CN', products: { markets: ['CN'], kind: 'product', commercial: true } }], [union, { name: 'Union Works', country: 'DE' }]]) {
      const path = `/api/v1/organisations/${who.org}`;
      await expect(200, who.call('PUT', path, profile, { 'if-match': (await who.call('GET', path)).headers.get('etag') }));
    }
    key = join(site.dir, 'site.key');
    writeFileSync(key, sluice(['ledger', 'key', '--data', site.data]).stdout);
    const { id } = await expect(201, owner.call('POST', '/api/v1/cases', { title: 'Heap flaw' }));
    kase = `/api/v1/cases/${id}`;
    for (const action of ['validate', 'accept']) await expect(200, owner.call('POST', `${kase}/triage`, { action }));
    ({ vulnerability } = await expect(201, owner.call('POST', `${kase}/vulnerabilities`, { title: 'Heap flaw', description: 'A long name overflows the heap.' })));
    const { product } = await expect(201, owner.call('POST', `${kase}/products`, { name: 'Eastern Router' }));
    await expect(200, owner.call('POST', `${kase}/statuses`, { vulnerability, product, status: 'affected' }));
    await expect(200, owner.call('POST', `${kase}/scope`, { regimes: [{ regime: 'cn-rmsv-2021', in: true }], readings: [{ reading: 'cn-rmsv-2021.art9-7', choice: 'wide' }], why: 'to be careful' }));
  });
  after(() => site?.remove());

  async function pack(who, decision) {
    for (let i = 0; ; i += 1) {
      const answer = await who.call('GET', `${kase}/evidence?decision=${decision}`);
      if (answer.status === 200 && answer.json.withheld.every((one) => !one.why.includes('minute'))) return answer;
      assert.ok([200, 409].includes(answer.status) && i < 600, answer.text);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  test('what the gate denies is on record for whoever leads the case', async () => {
    const invite = { organisation: union.org, roles: ['vendor'], essential_because: 'ships the same code' };
    const denials = async () => (await expect(200, owner.call('GET', `${kase}/rulings`))).items.filter((one) => one.ruling.outcome === 'deny');
    const [first, again] = [await owner.call('POST', `${kase}/participants`, invite), await owner.call('POST', `${kase}/participants`, invite)];
    assert.deepEqual([first.status, first.json.code, again.status, again.json.detail], [409, 'gate-denies', 409, first.json.detail]);
    let kept = [];
    for (let i = 0; i < 600 && !(kept = await denials()).length; i += 1) await new Promise((resolve) => setTimeout(resolve, 50));   // they are written beside the answer
    assert.ok(kept.length > 0, 'it is on record');
    assert.ok(kept.every((one) => one.disclosure.content.object.startsWith('invitation:') && one.disclosure.audience.id === union.org), JSON.stringify(kept));
    assert.equal((await union.call('GET', `${kase}/rulings`)).status, 404);
    assert.deepEqual((await expect(200, counsel.call('GET', `${kase}/rulings`))).items, []);
  });

  test('it holds what was overridden, names both persons, and ends with the decision', async () => {
    const override = { kind: 'override', about: union.org, reason: 'It ships the same code.', who_is_exposed: 'users', how_badly: 'badly', what_they_can_do: 'nothing' };
    const { request } = await expect(202, owner.call('POST', `${kase}/decisions`, override));
    await expect(200, second.call('POST', `${kase}/requests/${request}/confirm`));
    await expect(201, owner.call('POST', `${kase}/claims`, { vulnerability, fact: 'a', evidence: 'LATER: seen in a honeypot' }));
    const [{ decision, by, second: confirmed, rules }] = (await expect(200, owner.call('GET', `${kase}/decisions`))).items;
    assert.deepEqual([by, confirmed], [owner.person, second.person]);
    assert.ok(rules.includes('cn-rmsv-2021/art9-7'), JSON.stringify(rules));
    const { json, text } = await pack(owner, decision);
    const [act] = json.regimes.evaluations;
    assert.equal(act.of, 'act');
    assert.equal(act.answer.outcomes[`told-${union.org}`], 'deny');
    assert.ok(act.answer.verdicts.some((one) => one.rule === 'cn-rmsv-2021/art9-7' && one.verdict === 'forbids'), JSON.stringify(act.answer.verdicts));
    assert.ok(act.facts.actions.some((one) => one.id === `told-${union.org}` && one.actor === owner.org));
    assert.ok(json.regimes.evaluations.some((one) => one.of === 'case'));
    assert.deepEqual(json.weighed.map((one) => [one.recorded, one.ruling.outcome]), [[false, 'deny']]);
    const decided = json.acts.find((one) => one.event.type === 'Decided');
    assert.deepEqual([decided.person, decided.event.asked_by], [second.person, owner.person]);
    assert.ok(json.acts.some((one) => one.event.type === 'SecondPersonAsked' && one.person === owner.person), 'the request has its own proof');
    assert.ok(!text.includes('LATER'), 'nothing that came after it, not even of the same second');
    const file = join(site.dir, 'override.json');
    writeFileSync(file, text);
    const run = sluice(['evidence', 'verify', file, '--key', key, '--json'], { ok: false });
    assert.deepEqual([run.status, JSON.parse(run.stdout).findings], [0, []]);
  });

  test('counsel of the case\u2019s owner asks to override, reads the decision, and has evidence of it', async () => {
    const { request } = await expect(202, counsel.call('POST', `${kase}/decisions`, { kind: 'override', about: union.org, reason: 'Counsel weighed it.', who_is_exposed: 'users', how_badly: 'badly', what_they_can_do: 'nothing' }));
    await expect(200, second.call('POST', `${kase}/requests/${request}/confirm`));
    const mine = (await expect(200, counsel.call('GET', `${kase}/decisions`))).items.find((one) => one.reason === 'Counsel weighed it.');
    assert.deepEqual([mine.by, mine.second], [counsel.person, second.person]);
    const { json } = await pack(counsel, mine.decision);
    assert.ok(json.acts.some((one) => one.event.decision === mine.decision && one.event.asked_by === counsel.person));
    const seen = async (who) => (await expect(200, who.call('GET', `${kase}/regimes`))).complete;
    assert.deepEqual([await seen(counsel), await seen(owner)], [false, true], 'counsel is told that its answer is of a part');
    assert.match((await counsel.call('GET', `${kase}/regimes/page`)).text, /which is all that its counsel reads/);
    assert.deepEqual([json.rulings, (await expect(200, counsel.call('GET', `${kase}/rulings`))).items, json.knew.complete], [[], [], false], 'what the case disclosed is for who reads its coordination');
    const refused = await counsel.call('POST', `${kase}/participants`, { organisation: union.org, roles: ['vendor'], essential_because: 'x' });
    assert.equal(refused.status, 403);
    assert.match(refused.json.detail, /The staff of your organisation may\./);
  });

  test('what was done under it is shown as set aside', async () => {
    await expect(201, owner.call('POST', `${kase}/participants`, { organisation: union.org, roles: ['vendor'], essential_because: 'ships the same code' }));
    await expect(200, union.call('POST', `${kase}/invitation`, { accepted: true }));
    await expect(200, owner.call('POST', `${kase}/participants/${union.org}/confirm`, { checked_how: 'by telephone' }));
    assert.ok((await expect(200, owner.call('GET', `${kase}/rulings`))).items.length > 1);
    assert.deepEqual((await expect(200, counsel.call('GET', `${kase}/rulings`))).items, [], 'counsel of the owner isn\u2019t told whom the case tells');
    const told = (await expect(200, owner.call('GET', `${kase}/regimes`))).evaluations.find((one) => one.outcomes[`told-${union.org}`] === 'deny');
    assert.match(told.set_aside[`told-${union.org}`].decision, /^y_/);
    assert.ok(told.set_aside[`told-${union.org}`].rules.includes('cn-rmsv-2021/art9-7'));
    for (const one of (await expect(200, union.call('GET', `${kase}/regimes`))).evaluations) assert.equal(one.set_aside, undefined, 'who does not read the decision is not told of it');
  });
});
