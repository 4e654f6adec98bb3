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
    assert.deepEqual([verify(file).status, verify(file).findings], [0, []]);
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
