// Reports, statements and comments over a collection: counted from what their maker reads, shown, endorsed, released through the gate; and groups as authors. Against the real binary.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { Site, expect, sluice } from '../lib/site.mjs';
import { Client, indicator, marked, when } from '../lib/taxii.mjs';

const site = new Site({ demo: true });
const reports = '/api/v1/threats/reports';
const names = ['Alder', 'Birch', 'Cedar', 'Dogwood'];
const members = {};                                 // by name
let home, second, outsider, period, token;

const sdo = (type, more) => ({ type, spec_version: '2.1', id: `${type}--${randomUUID()}`, created: when(0), modified: when(0), ...more });
const energy = marked(sdo('identity', { name: 'Energy', identity_class: 'class', sectors: ['energy'] }), 'clear');
const asia = marked(sdo('location', { name: 'China', country: 'CN' }), 'clear');
const europe = marked(sdo('location', { region: 'western-europe' }), 'clear');
const tie = (from, to, label) => marked(sdo('relationship', { relationship_type: 'related-to', source_ref: from.id, target_ref: to.id }), label);
// Indicators of one member, each tied to the sector and a place.
const found = (count, label, place) => Array.from({ length: count }, () => marked(indicator(), label)).flatMap((one) => [one, tie(one, energy, label), tie(one, place, label)]);
const figures = (more = {}) => ({ period, by: ['kind', 'sector', 'region'], ...more });
const line = (text, by, code) => text.figures.tables.find((table) => table.by === by)?.lines.find((one) => one.code === code)?.figure.now;
const draft = (who, more = {}) => expect(201, who.call('POST', reports, { kind: 'report', collection: home, title: 'Second quarter', figures: figures(), ...more }));
const shown = (who, id, query = '') => expect(200, who.call('GET', `${reports}/${id}${query}`));
const masked = (answer) => answer.text.replaceAll(/q_[0-9a-z]{26}/g, '');
const hidden = async (who, id, rest = '') => {
  const answer = await who.call('GET', `${reports}/${id}${rest}`), never = await who.call('GET', `${reports}/${randomUUID()}${rest}`);
  assert.deepEqual([answer.status, never.status], [404, 404]);
  assert.equal(masked(answer), masked(never));
};

before(async () => {
  for (const name of names) members[name] = site.party(name, 'member');
  outsider = site.party('Elsewhere', 'vendor');
  second = site.client({ org: members.Alder.org, person: site.person(members.Alder.org, 'Second', 'admin') });
  home = sluice(['collection', 'add', '--data', site.data, '--title', 'Shared', '--alias', 'shared', ...['read', 'write'].flatMap((right) => [`--${right}`, names.map((name) => members[name].org).join(',')])]).last;
  await site.serve();
  const now = new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+/, '');
  const admin = site.client({ org: site.organisation, person: site.person(site.organisation, 'Administrator', 'admin') });
  await expect(200, site.call(admin.token, 'POST', '/api/v1/demo/clock', { to: now }));
  for (const one of [...Object.values(members), second]) one.token = site.token(one.person);   // a day has passed, and with it what their first ones could release and endorse (AUT-6)
  period = { from: new Date(Date.parse(now) - 3_600_000).toISOString(), until: new Date(Date.parse(now) + 86_400_000).toISOString() };
  await new Client(site, members.Alder.token).add(home, [energy, asia, europe]);
  for (const name of names) await new Client(site, members[name].token).add(home, [...found(4, 'green', europe), ...found(4, 'strict', europe), ...found(3, 'clear', asia)]);
  token = (who) => {
    const file = join(site.dir, `${who.org}.token`);
    writeFileSync(file, who.token);
    return ['--site', site.url, '--token-file', file];
  };
});
after(() => site.remove());

describe('figures', () => {
  test('count what the audience may have, and the coverage note says what a marking kept out', async () => {
    const wide = await shown(members.Alder, (await draft(members.Alder)).id), readers = await shown(members.Alder, (await draft(members.Alder, { audience: 'readers' })).id);
    const open = await shown(members.Alder, (await draft(members.Alder, { audience: 'public' })).id);
    assert.deepEqual([wide, readers, open].map((one) => line(one, 'kind', 'indicator')), [44, 28, 12]);
    assert.deepEqual([wide, readers, open].map((one) => line(one, 'region', 'western-europe')), [32, 16, undefined]);
    assert.deepEqual([wide, readers, open].map((one) => line(one, 'sector', 'energy')), [44, 28, 12]);
    assert.deepEqual([wide.figures.coverage.missing, wide.figures.coverage.rules], [undefined, undefined]);   // an empty list isn’t written
    assert.deepEqual(readers.figures.coverage.rules.map((one) => one.rule), ['TLP:AMBER+STRICT']);
    assert.deepEqual(open.figures.coverage.rules.map((one) => one.rule).toSorted(), ['TLP:AMBER+STRICT', 'TLP:GREEN']);
    assert.equal(open.figures.coverage.rules.find((one) => one.rule === 'TLP:GREEN').lines[0].missing, 16);
  });
  test('are traced to the objects behind them, by their author alone', async () => {
    const { id } = await draft(members.Alder, { audience: 'public' });
    const behind = await expect(200, members.Alder.call('GET', `${reports}/${id}/behind?by=sector&line=energy`));
    assert.equal(behind.ids.length, 12);
    assert.equal(behind.unchanged, true);
    assert.ok(behind.ids.every((one) => one.startsWith('indicator--')));
    await expect(404, members.Birch.call('GET', `${reports}/${id}/behind?by=sector&line=energy`));
  });
  test('of few there are none, and a period that is too small says so', async () => {
    const { id } = await draft(members.Alder, { figures: figures({ least_objects: 1000 }) });
    const text = await shown(members.Alder, id);
    assert.equal(text.figures.is_withheld, true);
    await expect(422, members.Alder.call('POST', reports, { kind: 'report', collection: home, title: 'x', figures: figures({ by: [] }) }));
    await expect(422, members.Alder.call('POST', reports, { kind: 'statement', collection: home, title: 'x', text: 'y', figures: figures() }));
    await expect(422, members.Alder.call('POST', reports, { kind: 'comment', collection: home, title: 'x', text: 'y' }));
  });
  test('a collection that one doesn’t read is none, for whoever drafts', async () => {
    const hides = await outsider.call('POST', reports, { kind: 'report', collection: home, title: 'x', figures: figures() }), never = await outsider.call('POST', reports, { kind: 'report', collection: randomUUID(), title: 'x', figures: figures() });
    assert.equal(hides.status, 404);
    assert.equal(masked(hides), masked(never));
    const source = await members.Alder.call('POST', reports, { kind: 'report', collection: home, title: 'x', figures: figures({ collections: [randomUUID()] }) });
    assert.equal(source.status, 422);
  });
});

describe('drafts, endorsements, release', () => {
  let id;
  test('a draft is its author’s alone, and shown to whom it names', async () => {
    ({ id } = await draft(members.Alder, { audience: 'readers' }));
    await hidden(members.Birch, id);
    await hidden(members.Birch, id, '/page');
    await hidden(members.Birch, id, '/release?to=members');
    await expect(200, members.Alder.call('POST', `${reports}/${id}/show`, { version: 1, organisations: [members.Birch.org] }));
    const seen = await shown(members.Birch, id);
    assert.equal(seen.draft, true);
    assert.equal(seen.for_author, undefined);
    assert.equal(seen.tlp, 'TLP:GREEN');
    await hidden(members.Cedar, id);
    await expect(422, members.Alder.call('POST', `${reports}/${id}/show`, { version: 1, organisations: [`o_${'0'.repeat(26)}`] }));
    await expect(403, members.Birch.call('POST', `${reports}/${id}/show`, { version: 1, organisations: [members.Cedar.org] }));
  });
  test('showing one doesn’t tell whether an organisation reads the collection, and one that doesn’t meets nothing', async () => {
    const { id: tried } = await draft(members.Alder, { audience: 'readers' });
    const answers = await Promise.all([outsider.org, members.Dogwood.org].map(async (org) => (await expect(200, members.Alder.call('POST', `${reports}/${tried}/show`, { version: 1, organisations: [org] })))));
    assert.deepEqual(Object.keys(answers[0]).toSorted(), Object.keys(answers[1]).toSorted());
    const { for_author } = await shown(members.Alder, tried);
    assert.deepEqual(for_author.shown.map(({ organisation, version }) => [organisation, version]).toSorted(), [[outsider.org, 1], [members.Dogwood.org, 1]].toSorted());
    assert.equal(new Set(for_author.shown.map((one) => Object.keys(one).toSorted().join())).size, 1);
    await shown(members.Dogwood, tried);
    await hidden(outsider, tried);
    assert.deepEqual((await expect(200, outsider.call('GET', reports))).items, []);
    const strict = await draft(members.Alder);   // for members: the same answers
    for (const org of [outsider.org, members.Dogwood.org]) await expect(200, members.Alder.call('POST', `${reports}/${strict.id}/show`, { version: 1, organisations: [org] }));
    await hidden(outsider, strict.id);
  });
  test('an endorsement is an organisation’s own act on one version, and lapses with the next', async () => {
    await expect(409, members.Alder.call('POST', `${reports}/${id}/endorse`, { version: 1 }));
    sluice(['threat-report', 'endorse', id, '--version', '1', '--words', 'We see the same.', ...token(members.Birch)]);
    assert.deepEqual((await shown(members.Alder, id)).endorsed_by.map(({ organisation, words, state }) => [organisation, words, state]), [[members.Birch.org, 'We see the same.', 'standing']]);
    await expect(404, members.Cedar.call('POST', `${reports}/${id}/endorse`, { version: 1 }));
    await expect(422, members.Birch.call('POST', `${reports}/${id}/endorse`, { version: 2 }));
    const next = await expect(201, members.Alder.call('POST', `${reports}/${id}/versions`, { title: 'Second quarter, corrected', figures: figures(), audience: 'readers' }));
    assert.equal(next.version, 2);
    const now = await shown(members.Alder, id);
    assert.deepEqual(now.endorsed_by, []);
    assert.deepEqual(now.for_author.endorsements.map(({ version, state }) => [version, state]), [[1, 'lapsed']]);
    const before = await shown(members.Birch, id);
    assert.deepEqual([before.version, before.endorsed_by.length], [1, 1]);   // what it was shown stays as it was
    await hidden(members.Birch, id, '?version=2');
    await expect(409, members.Alder.call('POST', `${reports}/${id}/versions`, { title: 'Second quarter, corrected', figures: figures(), audience: 'readers' }));
    await expect(403, members.Birch.call('POST', `${reports}/${id}/versions`, { title: 'x', figures: figures() }));
  });
  test('a second person releases the newest version, to no wider audience than it was made for', async () => {
    await expect(403, members.Alder.call('POST', `${reports}/${id}/release`, { version: 2, to: 'readers' }));
    await expect(409, second.call('POST', `${reports}/${id}/release`, { version: 1, to: 'readers' }));
    await expect(409, second.call('POST', `${reports}/${id}/release`, { version: 2, to: 'public' }));
    const asked = await expect(200, second.call('GET', `${reports}/${id}/release?to=readers`));
    assert.notEqual(asked.ruling.outcome, 'deny');
    assert.equal(asked.overlaps, undefined);
    await expect(200, second.call('POST', `${reports}/${id}/release`, { version: 2, to: 'readers' }));
    const { id: filtered } = await draft(members.Alder, { audience: 'readers', figures: figures({ sectors: ['energy'] }) });
    assert.deepEqual((await expect(200, second.call('GET', `${reports}/${filtered}/release?to=readers`))).overlaps, [id]);   // what the filter leaves out could be worked out
    assert.equal((await expect(200, second.call('GET', `${reports}/${filtered}/release?to=public`))).overlaps, undefined);   // those have nothing yet
    const { id: again } = await draft(members.Alder, { audience: 'readers', title: 'The same once more' });
    assert.equal((await expect(200, second.call('GET', `${reports}/${again}/release?to=readers`))).overlaps, undefined);
    await expect(409, second.call('POST', `${reports}/${id}/release`, { version: 2, to: 'readers' }));
    const seen = await shown(members.Cedar, id);
    assert.deepEqual([seen.version, seen.draft, seen.tlp, seen.released.map((one) => one.to)], [2, false, 'TLP:GREEN', ['readers']]);
    await hidden(members.Cedar, id, '?version=1');
    await hidden(outsider, id);
    assert.deepEqual((await expect(200, members.Cedar.call('GET', `${reports}?collection=shared`))).items.map((one) => one.id), [id]);
    assert.deepEqual((await expect(200, outsider.call('GET', reports))).items, []);
  });
  test('it can be had as a page, as CSV and as STIX, from the API and the command line', async () => {
    const page = await expect(200, members.Cedar.call('GET', `${reports}/${id}/page`));
    assert.match(page, /^<!doctype html>/i);
    assert.doesNotMatch(page, /<script/i);
    assert.match(page, /Second quarter, corrected/);
    const out = join(site.dir, 'report.csv');
    sluice(['threat-report', 'export', id, '--format', 'csv', '--out', out, ...token(members.Cedar)]);
    assert.match(readFileSync(out, 'utf8'), /energy/);
    const bundle = await expect(200, members.Cedar.call('GET', `${reports}/${id}/stix`));
    assert.equal(bundle.type, 'bundle');
    const told = sluice(['threat-report', 'show', id, ...token(members.Cedar)]).stdout;
    assert.match(told, /Alder/);
    assert.match(told, /Energy/i);
  });
  test('an endorsement can be taken back', async () => {
    await expect(200, members.Cedar.call('POST', `${reports}/${id}/endorse`, { version: 2 }));
    assert.equal((await shown(members.Dogwood, id)).endorsed_by.length, 1);
    await expect(200, members.Cedar.call('POST', `${reports}/${id}/endorse/withdraw`, { version: 2 }));
    assert.equal((await shown(members.Dogwood, id)).endorsed_by.length, 0);
    await expect(409, members.Cedar.call('POST', `${reports}/${id}/endorse/withdraw`, { version: 2 }));
  });
});

describe('groups', () => {
  let group, id;
  const groups = () => `/api/v1/threats/collections/${home}/groups`;
  test('each comes in by its own act; to others it is a name', async () => {
    group = sluice(['threat-group', 'form', '--collection', 'shared', '--name', 'Circle of Trees', ...token(members.Alder)]).last;
    await expect(409, members.Cedar.call('POST', groups(), { name: 'circle of trees' }));
    await expect(409, members.Cedar.call('POST', groups(), { name: 'Birch' }));   // an organisation's name
    await expect(404, members.Cedar.call('POST', `${groups()}/${group}/join`));
    await expect(200, members.Alder.call('POST', `${groups()}/${group}/ask`, { organisations: [members.Birch.org] }));
    await expect(422, members.Alder.call('POST', reports, { kind: 'statement', collection: home, group: `k_${'0'.repeat(26)}`, title: 'x', text: 'y' }));
    await expect(200, members.Alder.call('POST', `${groups()}/${group}/ask`, { organisations: [outsider.org] }));   // doesn't read the collection: asked like any other, and nothing is there for it
    await expect(422, members.Alder.call('POST', `${groups()}/${group}/ask`, { organisations: [`o_${'0'.repeat(26)}`] }));
    await expect(404, outsider.call('POST', `${groups()}/${group}/join`));
    assert.equal((await outsider.call('GET', groups())).status, 404);
    await expect(200, members.Birch.call('POST', `${groups()}/${group}/join`));
    const inside = await expect(200, members.Birch.call('GET', groups())), outside = await expect(200, members.Cedar.call('GET', groups()));
    assert.deepEqual(inside.items[0].members.map(({ name, place }) => [name, place]).toSorted(), [['Alder', 'joined'], ['Birch', 'joined'], ['Elsewhere', 'asked']]);
    assert.deepEqual(Object.keys(outside.items[0]).toSorted(), ['formed', 'id', 'name']);
  });
  test('what a group says names the group and none of its members', async () => {
    ({ id } = await expect(201, members.Alder.call('POST', reports, { kind: 'statement', collection: home, group, title: 'On sharing', text: 'We share within the hour.', audience: 'public' })));
    await hidden(members.Cedar, id);
    assert.equal((await shown(members.Birch, id)).for_author.written_by.organisation, members.Alder.org);
    await expect(403, second.call('POST', `${reports}/${id}/release`, { version: 1, to: 'public' }));   // of the organisation that wrote it
    await expect(200, members.Birch.call('POST', `${reports}/${id}/release`, { version: 1, to: 'public' }));
    const listed = await expect(200, site.call(undefined, 'GET', '/api/v1/threat-reports'));
    assert.deepEqual(listed.items.map((one) => [one.id, one.author]), [[id, { group, name: 'Circle of Trees' }]]);
    const page = await expect(200, site.call(undefined, 'GET', `/threat-reports/${id}`));
    assert.match(page, /Circle of Trees/);
    assert.match(page, /not the view of any of its members/);
    for (const text of [page, JSON.stringify(listed), JSON.stringify(await shown(members.Cedar, id))])
      for (const secret of ['Alder', 'Birch', members.Alder.org, members.Birch.org, members.Alder.person]) assert.ok(!text.includes(secret), `${secret} shows`);
    await expect(200, members.Birch.call('POST', `${reports}/${id}/endorse`, { version: 1 }));
    assert.deepEqual((await shown(members.Cedar, id)).endorsed_by.map((one) => one.name), ['Birch']);   // by its own act
    await expect(409, site.call(members.Cedar.token, 'GET', `${reports}/${id}/csv`));
  });
  test('who leaves reads no draft of it from that moment', async () => {
    const { id: next } = await expect(201, members.Alder.call('POST', reports, { kind: 'comment', on: 'cn-cac-2019d', collection: home, group, title: 'On a draft', text: 'Article 6 is routine.' }));
    await shown(members.Birch, next);
    await expect(200, members.Birch.call('POST', `${groups()}/${group}/leave`));
    await hidden(members.Birch, next);
    assert.ok(!(await expect(200, members.Birch.call('GET', reports))).items.some((one) => one.id === next));
  });
});

test('nobody who isn’t signed in meets what isn’t public', async () => {
  const { id } = await draft(members.Alder, { audience: 'public' });
  const answer = await site.call(undefined, 'GET', `/threat-reports/${id}`), never = await site.call(undefined, 'GET', `/threat-reports/${randomUUID()}`);
  assert.deepEqual([answer.status, never.status], [404, 404]);
  assert.equal(masked(answer), masked(never));
  await expect(200, second.call('POST', `${reports}/${id}/release`, { version: 1, to: 'public' }));
  const page = await expect(200, site.call(undefined, 'GET', `/threat-reports/${id}`));
  assert.match(page, /TLP:CLEAR/);
  assert.match(await expect(200, site.call(undefined, 'GET', `/threat-reports/${id}/report.csv`)), /energy/);
  assert.equal((await expect(200, site.call(undefined, 'GET', `/threat-reports/${id}/report.stix.json`))).type, 'bundle');
});

test('what was released can be taken back: readers then meet that it was, when and why, and no word or figure of it in any form', async () => {
  const { id } = await draft(members.Alder, { audience: 'public', text: 'We counted a week twice.' });
  const withdraw = (who, version = 1, reason = 'One week was counted twice') => who.call('POST', `${reports}/${id}/withdraw`, { version, reason });
  await expect(409, withdraw(members.Alder));
  await hidden(members.Birch, id);
  await expect(404, withdraw(members.Birch));
  await expect(200, second.call('POST', `${reports}/${id}/release`, { version: 1, to: 'public' }));
  await expect(200, members.Birch.call('POST', `${reports}/${id}/endorse`, { version: 1 }));
  await expect(403, withdraw(members.Birch));
  await expect(422, withdraw(members.Alder, 1, ''));
  sluice(['threat-report', 'withdraw', id, '--version', '1', '--reason', 'One week was counted twice', ...token(members.Alder)]);
  await expect(409, withdraw(members.Alder));
  for (const who of [members.Birch, outsider]) {
    const text = await shown(who, id);
    assert.deepEqual([text.withdrawn.version, text.withdrawn.reason, text.text, text.figures, text.endorsed_by, text.draft], [1, 'One week was counted twice', '', undefined, [], false]);
    for (const form of ['csv', 'stix']) await expect(409, who.call('GET', `${reports}/${id}/${form}`));
  }
  assert.ok((await shown(members.Alder, id)).figures);   // its author's people read what they wrote
  assert.match(sluice(['threat-report', 'show', id, ...token(members.Birch)]).stdout, /Withdrawn on .*One week was counted twice/);
  const page = await expect(200, site.call(undefined, 'GET', `/threat-reports/${id}`));
  assert.match(page, /Withdrawn by its author/);
  assert.doesNotMatch(page, /counted a week|<svg|energy/i);
  for (const file of ['report.csv', 'report.stix.json']) assert.equal((await site.call(undefined, 'GET', `/threat-reports/${id}/${file}`)).status, 409);
  assert.equal((await expect(200, site.call(undefined, 'GET', '/api/v1/threat-reports'))).items.find((one) => one.id === id).withdrawn.reason, 'One week was counted twice');
  await expect(409, members.Cedar.call('POST', `${reports}/${id}/endorse`, { version: 1 }));
  await expect(409, second.call('POST', `${reports}/${id}/release`, { version: 1, to: 'readers' }));
  // A later version stands for itself.
  await expect(201, members.Alder.call('POST', `${reports}/${id}/versions`, { title: 'Second quarter, counted once', figures: figures(), audience: 'public' }));
  await expect(200, second.call('POST', `${reports}/${id}/release`, { version: 2, to: 'public' }));
  const now = await shown(members.Birch, id);
  assert.deepEqual([now.version, now.withdrawn, now.figures !== undefined], [2, undefined, true]);
  assert.ok((await shown(members.Birch, id, '?version=1')).withdrawn);
});

test('a law that wants authorities told first is kept, and the denial says why', async () => {
  const { headers } = await members.Dogwood.call('GET', `/api/v1/organisations/${members.Dogwood.org}`);
  await expect(200, members.Dogwood.call('PUT', `/api/v1/organisations/${members.Dogwood.org}`, { name: 'Dogwood', country: 'CN', jurisdictions: ['CN'] }, { 'if-match': headers.get('etag') }));
  const other = site.client({ org: members.Dogwood.org, person: site.person(members.Dogwood.org, 'Other', 'admin') });
  const { id } = await draft(members.Dogwood, { audience: 'public', assume: ['cn-cac-2019d'], figures: figures({ by: ['region', 'sector'], sectors: ['energy'] }) });
  const denied = await other.call('POST', `${reports}/${id}/release`, { version: 1, to: 'public' });
  assert.equal(denied.status, 409);
  assert.match(denied.text, /art6-region/);
  await expect(404, site.call(undefined, 'GET', `/threat-reports/${id}`));
  const told = ['HK', 'JP', 'KP', 'KR', 'MN', 'MO', 'TW'];   // nobody there is asked for: the law speaks of one country
  assert.ok(told.every((country) => !denied.text.includes(`cac-office:${country}`)));
  const at = new Date(Date.parse(period.from) + 3_500_000).toISOString();
  for (const to of ['cac-office:CN@prefecture', 'public-security-organ:CN@prefecture', 'sector-department:energy']) sluice(['threat-report', 'told', id, '--to', to, '--at', at, ...token(members.Dogwood)]);
  const asked = await expect(200, other.call('GET', `${reports}/${id}/release?to=public`));
  assert.notEqual(asked.ruling.outcome, 'deny', JSON.stringify(asked.ruling));
  await expect(200, other.call('POST', `${reports}/${id}/release`, { version: 1, to: 'public' }));
  await expect(200, site.call(undefined, 'GET', `/threat-reports/${id}`));
  await expect(422, members.Dogwood.call('POST', `${reports}/${id}/told`, { to: 'somebody', at }));
});
