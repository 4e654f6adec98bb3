// Time targets, reminders, silence and the road without a vendor; credit: on a site with a scripted clock, by API, command line and page.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { Site, expect, sluice } from '../lib/site.mjs';
import { Browser, forms } from './browser.mjs';

const published = watch();
const day = 86_400_000;
const text = (time) => new Date(time).toISOString().replace(/\.\d+/, '');
async function eventually(what, check) {
  for (let tries = 0; tries < 600; ++tries) {
    const found = await check();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return assert.fail(`never: ${what}`);
}

describe('time targets and a vendor that is silent', () => {
  let site, owner, second, vendor, other, root, report, id, kase, vulnerability, now;
  // The scripted clock only goes on; what is due then is the server's own timer's.
  const go_on = async (days) => { now += days * day; await expect(200, root.call('POST', '/api/v1/demo/clock', { to: text(now) })); };
  const fresh = () => { for (const who of [owner, second, vendor, other, root]) who.token = site.token(who.person); };
  const targets = async (who) => expect(200, who.call('GET', `${kase}/targets`));
  const cli = (who, args, input) => {
    const file = join(site.dir, `${who.person}.token`);
    writeFileSync(file, who.token);
    return sluice([...args, '--site', site.url, '--token-file', file], { ok: false, input });
  };

  before(async () => {
    site = new Site({ demo: true });
    root = site.client({ org: site.organisation, person: site.person(site.organisation, 'Site admin', 'admin') });
    const org = site.org('Owner', 'vendor');
    owner = site.client({ org, person: site.person(org, 'First Owner', 'admin') });
    second = site.client({ org, person: site.person(org, 'Second Owner', 'admin') });
    vendor = site.party('Quiet Vendor', 'vendor');
    other = site.party('Other Vendor', 'vendor');
    await site.serve(['--intake-limits', 'off', '--tick', '500ms']);
    now = Date.now() + day;
    await go_on(0);
    fresh();
    const path = `/api/v1/organisations/${org}`;
    await expect(200, owner.call('PUT', path, { name: 'Owner', takes_reports: true, policy: { embargo: {}, vendor_answers_within: 'P14D' } }, { 'if-match': (await owner.call('GET', path)).headers.get('etag') }));
    report = await expect(201, site.call(undefined, 'POST', '/api/v1/reports', { to: org, title: 'Overflow', description: 'A long name.', product: 'parser', contacted_vendor: false }));
    id = (await expect(200, owner.call('GET', '/api/v1/cases'))).items[0].id;
    kase = `/api/v1/cases/${id}`;
    for (const action of ['validate', 'accept']) await expect(200, owner.call('POST', `${kase}/triage`, { action }));
    vulnerability = (await expect(200, owner.call('GET', kase))).vulnerabilities[0].id;
    for (const who of [vendor, other]) {
      await expect(201, owner.call('POST', `${kase}/participants`, { organisation: who.org, roles: ['vendor'], essential_because: 'ships the parser' }));
      await expect(200, who.call('POST', `${kase}/invitation`, { accepted: true }));
      await expect(200, owner.call('POST', `${kase}/participants/${who.org}/confirm`, { checked_how: 'by telephone' }));
      await expect(200, who.call('GET', kase));
    }
    await expect(201, vendor.call('POST', `${kase}/products`, { name: 'Quiet Parser', version: '1.0' }));
  });
  after(() => site.remove());

  test('a target is agreed and moved, seen by those whose part it is, and nobody is named who may not be', async () => {
    const weighed = { severity: 'critical', parties: 3 };
    assert.equal((await owner.call('POST', `${kase}/targets`, { step: 'develop', by: text(now + 20 * day), weighed: {}, why: 'x' })).json.errors[0].pointer, '/weighed');
    const { target } = await expect(201, vendor.call('POST', `${kase}/targets`, { step: 'publish', by: text(now + 60 * day), weighed, why: 'after the tests' }));
    const own = cli(owner, ['target', 'agree', id, '--step', 'validate', '--by', text(now + 7 * day), '--severity', 'critical', '--organisation', vendor.org, '--why', 'agreed by telephone']);
    assert.equal(own.status, 0, own.stderr);
    assert.match(own.last, /^j_/);
    await expect(200, owner.call('POST', `${kase}/targets/${target}/move`, { by: text(now + 70 * day), weighed: { severity: 'critical', parties: 4 }, what_changed: 'a fourth party' }));
    const [shared] = (await targets(other)).items;
    assert.deepEqual([shared.id, shared.state, shared.weighed.parties, shared.moved.length, shared.moved[0].what_changed], [target, 'open', 4, 1, 'a fourth party']);
    assert.equal((await targets(other)).items.length, 1, 'another vendor sees the shared target alone');
    for (const hidden of ['Quiet', vendor.org, own.last]) assert.ok(!(await other.call('GET', `${kase}/targets`)).text.includes(hidden), hidden);
    assert.equal((await targets(vendor)).items.length, 2);
    const [gone, never] = await Promise.all([own.last, 'j_00000000000000000000000001'].map((t) => other.call('POST', `${kase}/targets/${t}/drop`, { why: 'x' })));
    assert.deepEqual([gone.status, gone.json.detail], [never.status, never.json.detail]);
    assert.equal(gone.status, 404);
    const listed = cli(owner, ['case', 'targets', id]);
    assert.equal(listed.status, 0, listed.stderr);
    assert.match(listed.stdout, /open {2}validate {2}Quiet Vendor/);
  });

  test('reminders come with the clock, once each, also over a restart; the silence is noted', async () => {
    await expect(201, owner.call('POST', `${kase}/questions`, { organisations: [vendor.org], vulnerability, answer_by: text(now + 7 * day) }));
    await go_on(5);
    await eventually('the reminders before', async () => (await targets(owner)).reminders.length === 2);
    assert.deepEqual((await targets(vendor)).reminders.map((r) => r.which), ['before', 'before'], 'the vendor is reminded of its own');
    assert.deepEqual((await targets(other)).reminders, []);
    await site.stop();
    await site.serve(['--intake-limits', 'off', '--tick', '500ms']);
    fresh();
    await go_on(17);
    fresh();
    const seen = await eventually('the newest reminder after a long stop, and the silence', async () => {
      const all = await targets(owner);
      return all.reminders.length === 4 && all.silences.length === 2 ? all : undefined;
    });
    assert.deepEqual(seen.reminders.map((r) => r.which).sort(), ['before', 'before', 'week-2', 'week-2']);
    assert.deepEqual(seen.silent.map((s) => s.organisation.id), [vendor.org]);
    assert.equal(seen.items.find((t) => t.step === 'validate').state, 'overdue');
    const kinds = (await expect(200, owner.call('GET', `${kase}/timeline`))).items.map((line) => line.type);
    assert.ok(kinds.includes('ReminderDue') && kinds.includes('SilenceNoted'));
    const of_vendor = (await expect(200, vendor.call('GET', `${kase}/timeline`))).items.map((line) => line.type);
    assert.ok(of_vendor.includes('ReminderDue') && !of_vendor.includes('SilenceNoted'));
    assert.equal((await expect(200, owner.call('GET', `${kase}/embargo`))).state, 'none', 'a target makes no embargo');
  });

  test('"needs you" and the case page say it in words, and the forms work without script', async () => {
    const browser = new Browser(site);
    const page = await browser.submit(await browser.open('/sign-in'), '/sign-in/demo', { when: { person: owner.person } });
    assert.match(page.text, /Decide what to do about a vendor that is silent/);
    const case_page = await browser.open(`/cases/${id}`);
    assert.match(case_page.text, /overdue/);
    assert.match(case_page.text, /What Sluice advises when a vendor is silent/);
    const done = await browser.submit(case_page, `/cases/${id}/do/agree_target`, { step: 'develop', by: text(now + 30 * day).slice(0, 16), 'weighed.severity': 'high', 'weighed.parties': '3', why: 'by page' });
    assert.equal(done.status, 200, done.text);
    assert.match(done.text, /Develop the remedy/);
    const { items } = await targets(owner);
    assert.deepEqual(items.at(-1).weighed, { severity: 'high', parties: 3 });
    const escalated = await browser.submit(done, `/cases/${id}/do/escalate`, { to: 'its chief of security', why: 'no answer to the first contact', organisation: vendor.org });
    assert.match(escalated.text, /escalated to its chief of security/);
    const vendors_page = new Browser(site);
    const theirs = await vendors_page.submit(await vendors_page.open('/sign-in'), '/sign-in/demo', { when: { person: vendor.person } });
    assert.match(theirs.text, /A target is overdue: Judge the report/);
    const { text: theirs_text } = await vendors_page.open(`/cases/${id}`);
    assert.ok(!theirs_text.includes('chief of security'), 'the vendor is not told of the escalation');
    assert.ok(!forms({ text: theirs_text, path: '' }).some((f) => f.action.endsWith('/proceed_without')));
    assert.deepEqual([...browser.wrong, ...vendors_page.wrong], []);
  });

  test('going on without the vendor is refused with what is missing, then takes two persons, and a release waits no more', async () => {
    const body = { organisation: vendor.org, vendor: 'Quiet Vendor', why: 'no answer in weeks', who_is_exposed: 'all users', how_badly: 'badly', what_they_can_do: 'switch it off' };
    for (const who of [vendor, other]) assert.equal((await who.call('POST', `${kase}/without`, body)).status, 403);
    // The target for its answer was missed, so what is agreed counts and not the policy.
    const stranger = { ...body, organisation: undefined, vendor: 'Nobody Inc' };
    const refused = await owner.call('POST', `${kase}/without`, stranger);
    assert.equal(refused.status, 409);
    assert.match(refused.text, /No attempt to reach it is on record/);
    await expect(201, owner.call('POST', `${kase}/contact-attempts`, { report: report.id, whom: 'Nobody Inc', how: 'by mail' }));
    assert.match((await owner.call('POST', `${kase}/without`, stranger)).text, /Your policy gives a vendor 14 days/);
    const asked = await expect(202, owner.call('POST', `${kase}/without`, body));
    assert.deepEqual((await targets(owner)).without, []);
    await expect(200, second.call('POST', `${kase}/requests/${asked.request}/confirm`));
    const { without, silent } = await targets(owner);
    assert.deepEqual([without.length, without[0].vendor, without[0].organisation.id, without[0].answered_since], [1, 'Quiet Vendor', vendor.org, false]);
    assert.deepEqual(silent, []);
    const decision = (await expect(200, owner.call('GET', `${kase}/decisions`))).items.find((d) => d.decision === without[0].decision);
    assert.deepEqual([decision.kind, decision.who_is_exposed, decision.second], ['waive', 'all users', second.person]);
    const hints = await expect(200, owner.call('GET', `${kase}/advisories/hints`));
    assert.deepEqual(hints.without_vendor_answer.map((p) => p.name), ['Quiet Parser']);
    assert.deepEqual((await expect(200, vendor.call('GET', `${kase}/advisories/hints`))).without_vendor_answer, [], 'the decision is the coordination\'s');
  });

  test('credit is the reporter\'s word: by code, command line and mailbox page; nobody else\'s', async () => {
    const credit = `/api/v1/reports/${report.id}/credit`;
    for (const who of [owner]) assert.equal((await who.call('POST', credit, { wanted: true, name: 'Owner' })).status, 403);
    assert.equal((await vendor.call('POST', credit, { wanted: true, name: 'Vendor' })).status, 404);
    await expect(200, site.call(undefined, 'POST', credit, { wanted: true, name: 'Ada Example' }, { 'sluice-report-code': report.code }));
    assert.deepEqual((await expect(200, owner.call('GET', `${kase}/advisories/hints`))).credits.map((c) => c.name), ['Ada Example']);
    assert.ok(!(await vendor.call('GET', kase)).text.includes('Ada Example'));
    assert.deepEqual((await expect(200, site.call(undefined, 'GET', `/api/v1/reports/${report.id}`, undefined, { 'sluice-report-code': report.code }))).credit, { wanted: true, name: 'Ada Example' });
    const run = sluice(['report', 'credit', report.id, '--none', '--site', site.url], { ok: false, input: report.code });
    assert.equal(run.status, 0, run.stderr);
    assert.deepEqual((await expect(200, owner.call('GET', `${kase}/advisories/hints`))).credits, []);
    const browser = new Browser(site);
    let page = await browser.submit(await browser.open('/mailbox'), '/mailbox', { code: report.code });
    page = await browser.submit(page, '/mailbox/credit', { wanted: 'yes', name: 'Ada of the mailbox' });
    assert.match(page.text, /Ada of the mailbox/);
    assert.deepEqual((await expect(200, owner.call('GET', `${kase}/advisories/hints`))).credits.map((c) => c.name), ['Ada of the mailbox']);
    assert.deepEqual(browser.wrong, []);
  });

  test('what was answered is as the OpenAPI file says', async () => assert.deepEqual(await published.faults(), []));
});
