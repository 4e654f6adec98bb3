// The awkward situations of the CERT Guide to CVD (its recipes 1 to 21), each as a scenario of the section of docs/situations.md that has its name.
import assert from 'node:assert/strict';
import { eventually, expect, published, situation, situations } from '../lib/situations.mjs';

situations();

situation('CERT 1', 'The finder lacks the means to see it through', async (s) => {
  await s.reported(s.vendor);
  const mine = { ...s.code };
  await s.refused(422, s.site.call(undefined, 'POST', `/api/v1/reports/${s.report.id}/route`, { to: s.coordinator.org, reason: 'several_vendors', why: 'I cannot do this alone.' }, mine));
  await expect(201, s.site.call(undefined, 'POST', `/api/v1/reports/${s.report.id}/route`, { to: s.coordinator.org, reason: 'reporter_asked', why: 'I cannot do this alone.' }, mine));
  await s.enters(s.coordinator, { confirmed: true });
  assert.equal((await s.coordinator.get(`${s.kase}/reports`)).items[0].content.title, s.title, 'whom the reporter asked is in before the vendor has begun');
  const product = await s.product(s.vendor);
  await s.suggested('coordinator', s.coordinator, product, 'Vfdpxa');
});

situation('CERT 2', 'Attacks are seen while the embargo runs', async (s) => {
  await s.reported(s.vendor);
  await s.accepts(s.vendor);
  await s.joins(s.downstream);
  const product = await s.product(s.vendor);
  await s.affected(s.vendor, product);
  const claim = await s.claims(s.downstream, 'a', 'in the logs of two customers');
  assert.equal((await s.embargo()).state, 'active');
  await s.refused(422, s.vendor.call('POST', `${s.kase}/claims/${claim}/adopt`));
  await s.adopts(claim, { end_embargo: false });
  assert.equal((await s.embargo()).state, 'active', 'narrow attacks may be borne for a while, if a person says so');
  await s.suggested('case owner', s.vendor, product, 'VfdpxA');
  await s.refused(409, s.vendor.call('POST', `${s.kase}/embargo/proposals`, { until: s.later(90) }));
  await s.vendor.make(`${s.kase}/decisions`, { kind: 'wait', reason: 'two customers, both told', who_is_exposed: 'who has the setting on', how_badly: 'badly', what_they_can_do: 'switch it off' });
  await s.vendor.do(`${s.kase}/embargo/end`, { reason: 'The attacks spread.' });
  assert.equal((await s.embargo(s.downstream)).state, 'exited');
});

situation('CERT 3', 'Nobody at the vendor can be reached', async (s) => {
  await s.reported(s.coordinator, { vendor: 'Absent Appliances' });
  await s.accepts(s.coordinator);
  const product = await s.product(s.coordinator, 'Appliance', s.absent);
  assert.deepEqual((await s.coordinator.get(s.kase)).owner_because, ['reporter_asked']);
  const without = { organisation: s.absent.org, vendor: 'Absent Appliances', why: 'it answers nobody', who_is_exposed: 'all users', how_badly: 'badly', what_they_can_do: 'take it off the net' };
  await s.refused(409, s.coordinator.call('POST', `${s.kase}/without`, without));
  s.coordinator.cli(['contact', 'record', s.id, '-'], { report: s.report.id, whom: 'Absent Appliances', how: 'security@, by mail' });
  assert.ok((await s.coordinator.get(s.kase)).owner_because.includes('contact_failed'), 'the ground on which a coordinator leads');
  await s.refused(409, s.coordinator.call('POST', `${s.kase}/without`, without));
  await s.suggested('case owner', s.coordinator, product, 'vfdpxa');
  await s.pass(15);
  await s.both('/without', without, s.colleague);
  assert.equal((await s.coordinator.get(`${s.kase}/targets`)).without[0].vendor, 'Absent Appliances');
});

situation('CERT 4', 'The vendor pays no bounty', async (s) => {
  await s.reported(s.vendor, { credit: 'Ada Example' });
  await s.accepts(s.vendor);
  const policy = await s.site.call(undefined, 'GET', `/policies/${s.vendor.org}`);
  assert.match(policy.text, /not our web shop/);
  const product = await s.product(s.vendor);
  await s.suggested('case owner', s.vendor, product, 'Vfdpxa');
  const credit = (wanted, headers = s.code) => s.site.call(undefined, 'POST', `/api/v1/reports/${s.report.id}/credit`, wanted, headers);
  await s.refused(403, s.vendor.call('POST', `/api/v1/reports/${s.report.id}/credit`, { wanted: true, name: 'Vendor' }));
  await expect(200, credit({ wanted: true, name: 'Ada of Examples' }));
  assert.deepEqual((await s.vendor.get(`${s.kase}/advisories/hints`)).credits.map((one) => one.name), ['Ada of Examples']);
});

situation('CERT 5', 'The vendor is known to treat reporters badly', async (s) => {
  await s.reported(s.coordinator, { contact: 'ada@example.org', may_share_identity: false });
  await s.accepts(s.coordinator);
  await s.joins(s.peer);
  const product = await s.product(s.peer);
  const seen = await s.peer.call('GET', s.kase);
  assert.deepEqual([seen.json.reports, seen.text.includes('ada@')], [[], false], 'the vendor works with the case, not with the reporter');
  await s.refused(404, s.peer.call('GET', `/api/v1/reports/${s.report.id}`));
  await s.suggested('vendor', s.peer, product, 'Vfdpxa');
  await s.suggested('case owner', s.coordinator, product, 'Vfdpxa');
});

situation('CERT 6', 'The vendor goes silent', async (s) => {
  await s.reported(s.coordinator);
  await s.accepts(s.coordinator);
  await s.joins(s.peer);
  await s.accepts(s.peer);
  const product = await s.product(s.peer);
  await s.coordinator.make(`${s.kase}/questions`, { organisations: [s.peer.org], vulnerability: s.vulnerability, answer_by: s.later(7) });
  const without = { organisation: s.peer.org, vendor: 'Peer Products', why: 'no answer in weeks', who_is_exposed: 'all users', how_badly: 'badly', what_they_can_do: 'switch it off' };
  await s.refused(409, s.coordinator.call('POST', `${s.kase}/without`, without));
  await s.pass(8);
  const seen = await eventually('the silence is noted', async () => { const now = await s.coordinator.get(`${s.kase}/targets`); return now.silences.length && now.reminders.at(-1)?.which === 'due' && now; });
  assert.deepEqual([seen.silent.map((one) => one.organisation.id), seen.reminders.at(-1).which], [[s.peer.org], 'due']);
  await s.suggested('case owner', s.coordinator, product, 'Vfdpxa');
  await s.coordinator.make(`${s.kase}/escalations`, { organisation: s.peer.org, to: 'its chief of security', why: 'the first contact does not answer' });
  await s.refused(409, s.coordinator.call('POST', `${s.kase}/without`, without));
  await s.pass(15);
  await s.refused(403, s.peer.call('POST', `${s.kase}/without`, without));
  await s.both('/without', without, s.colleague);
  assert.deepEqual((await s.coordinator.get(`${s.kase}/advisories/hints`)).without_vendor_answer.map((one) => one.product), [product]);
});

situation('CERT 7', 'The vendor declines to act', async (s) => {
  await s.reported(s.coordinator);
  await s.accepts(s.coordinator);
  await s.joins(s.peer);
  const product = await s.product(s.peer);
  await s.peer.do(`${s.kase}/triage`, { action: 'validate' });
  await s.refused(422, s.peer.call('POST', `${s.kase}/triage`, { action: 'defer' }));
  await s.peer.do(`${s.kase}/triage`, { action: 'defer', why: 'The product is at the end of its life.' });
  await s.suggested('case owner', s.coordinator, product, 'Vfdpxa');
  await s.both('/without', { organisation: s.peer.org, vendor: 'Peer Products', why: 'it said no', who_is_exposed: 'all users', how_badly: 'badly', what_they_can_do: 'replace it' }, s.colleague);
  const release = await s.plans(await s.advisory(s.colleague, false), s.later(0.02));
  await s.pass(0.03);
  await s.released(release);
  await s.suggested('vendor', s.peer, product, 'VfdPxa');
});

situation('CERT 8', 'The embargo ends and the vendor is not ready, as reporter and coordinator see it', async (s) => {
  await s.opened(s.coordinator);
  await s.coordinator.make(`${s.kase}/embargo/proposals`, { until: s.later(5) });
  await s.coordinator.do(`${s.kase}/embargo/proposals/1/settle`);
  await s.joins(s.peer);
  await s.accepts(s.peer);
  const product = await s.product(s.peer);
  await s.affected(s.peer, product);
  const release = await s.plans(await s.advisory(s.colleague, false), s.later(5));
  await s.peer.make(`${s.kase}/embargo/proposals`, { until: s.later(90), note: 'we need a quarter' });
  assert.deepEqual([(await s.embargo()).state, (await s.embargo()).until], ['revise', s.later(5)], 'the running terms bind while another end is discussed');
  await s.suggested('case owner', s.coordinator, product, 'Vfdpxa');
  await s.coordinator.do(`${s.kase}/embargo/proposals/2/refuse`, { why: 'users can protect themselves now' });
  await s.pass(5);
  await eventually('the embargo ends', async () => (await s.embargo()).state === 'exited');
  assert.match((await eventually('the release is held', async () => { const now = await s.release(release); return now.state === 'held' && now; })).held_because, /Not everybody is ready/);
  await s.refused(409, s.peer.call('POST', `${s.kase}/embargo/proposals`, { until: s.later(30) }));
  await s.suggested('case owner', s.coordinator, product, 'Vfdpxa');
});

situation('CERT 9', 'Too many vendors', async (s) => {
  await s.opened(s.coordinator);
  const { group } = await s.coordinator.make(`${s.kase}/groups`, { name: 'First tier', order: 1, why: 'they fix it first' });
  const many = [s.peer, s.quick, s.downstream];
  await s.refused(422, s.coordinator.call('POST', `${s.kase}/participants/invite`, { organisations: [], roles: ['vendor'], essential_because: 'ships the parser' }));
  await s.coordinator.make(`${s.kase}/participants/invite`, { organisations: many.map((one) => one.org), roles: ['vendor'], essential_because: 'ships the parser', group });
  for (const who of many) await s.enters(who);
  const products = [];
  for (const who of many) {
    await s.accepts(who);
    products.push(await s.product(who, `${who.name} parser`));
    await s.affected(who, products.at(-1));
  }
  await s.coordinator.do(`${s.kase}/releases/readiness`, { rule: 'quorum', share: 60, why: 'two of three reach most users' });
  const release = await s.plans(await s.advisory(s.colleague), s.later(0.02));
  assert.ok((await s.coordinator.get(`${s.kase}/releases/${release}/dry-run`)).not_ready.length > 0);
  await s.fixes(s.peer, products[0]);
  await s.fixes(s.quick, products[1]);
  assert.deepEqual((await s.coordinator.get(`${s.kase}/releases/${release}/dry-run`)).not_ready, []);
  await s.suggested('case owner', s.coordinator, products[2], 'Vfdpxa');
  await s.suggested('vendor', s.peer, products[0], 'VFdpxa');
  await s.pass(0.03);
  await s.released(release);
});

situation('CERT 10', 'The reporter goes silent', async (s) => {
  await s.reported(s.vendor);
  await s.vendor.make(`/api/v1/reports/${s.report.id}/messages`, { text: 'Which version did you try?' });
  await s.vendor.make(`/api/v1/reports/${s.report.id}/messages`, { text: 'Are you still there?' });
  await s.accepts(s.vendor);
  const product = await s.product(s.vendor);
  await s.affected(s.vendor, product);
  await s.suggested('case owner', s.vendor, product, 'Vfdpxa');
  await s.vendor.make(`${s.kase}/embargo/proposals`, { until: s.later(60) });
  await s.vendor.do(`${s.kase}/embargo/proposals/2/settle`);
  assert.equal((await s.embargo()).until, s.later(60), 'nothing waits for who does not answer');
  const mailbox = await expect(200, s.site.call(undefined, 'GET', `/api/v1/reports/${s.report.id}`, undefined, s.code));
  assert.equal(mailbox.messages.length, 2, 'and the mailbox stays open');
});

situation('CERT 11', 'It becomes public before the planned day', async (s) => {
  await s.reported(s.vendor);
  await s.accepts(s.vendor);
  await s.joins(s.downstream);
  const product = await s.product(s.vendor);
  await s.affected(s.vendor, product);
  const advisory = await s.advisory(s.second, false);
  const planned = await s.plans(advisory, (await s.embargo()).until);
  await s.becomes(s.downstream, 'p');
  assert.match((await s.release(planned)).held_because, /decide when to publish/);
  await s.suggested('case owner', s.vendor, product, 'VfdPxa');
  const now = await s.plans(advisory, s.later(0.02));
  await s.pass(0.03);
  await s.released(now);
  await s.refused(409, s.vendor.call('POST', `${s.kase}/embargo/end`, { reason: 'once more' }));
});

situation('CERT 12', 'It becomes public before the vendor knows', async (s) => {
  await s.reported(s.coordinator, { public: true, public_where: 'a talk' });
  await s.accepts(s.coordinator);
  const product = await s.product(s.coordinator, 'Peer parser', s.peer);
  await s.adopts((await s.coordinator.get(`${s.kase}/claims`)).items[0].id);
  await s.suggested('case owner', s.coordinator, product, 'VfdPxa');
  await s.coordinator.make(`${s.kase}/contact-attempts`, { report: s.report.id, whom: 'Peer Products', how: 'by telephone, at once' });
  await s.joins(s.peer);
  assert.deepEqual([(await s.embargo(s.peer)).state, (await s.peer.get(s.kase)).stub], ['none', false], 'no terms stand between the vendor and the case');
  await s.suggested('vendor', s.peer, product, 'VfdPxa');
  await s.refused(409, s.peer.call('POST', `${s.kase}/embargo/proposals`, { until: s.later(30) }));
});

situation('CERT 13', 'The report is out of scope', async (s) => {
  await s.reported(s.vendor);
  await s.refused(422, s.vendor.call('POST', `/api/v1/reports/${s.report.id}/route`, { to: s.peer.org, reason: 'vendor_asked', why: 'It is their library.' }));
  await s.vendor.make(`/api/v1/reports/${s.report.id}/route`, { to: s.peer.org, reason: 'vendor_found', why: 'It is their library.' });
  await s.enters(s.peer);
  await s.refused(409, s.peer.call('POST', `${s.kase}/owner/take`));
  await s.vendor.do(`${s.kase}/owner/offer`, { organisation: s.peer.org, why: 'It is their library.' });
  await s.peer.do(`${s.kase}/owner/take`, {});
  await s.is(s.peer, s.id, s.report);
  assert.equal((await expect(200, s.site.call(undefined, 'GET', `/api/v1/reports/${s.report.id}`, undefined, s.code))).owner.id, s.peer.org, 'the reporter is told who leads');
  await s.suggested('case owner', s.peer, await s.product(s.peer, 'Library'), 'Vfdpxa');
});

situation('CERT 14', 'The finder broke the vendor\'s policy', async (s) => {
  await s.reported(s.vendor);
  await s.vendor.make(`${s.kase}/threads`, { audience: 'coordination', topic: 'How it was found', text: 'On our live system. Counsel is asked.' });
  const mailbox = await s.site.call(undefined, 'GET', `/api/v1/reports/${s.report.id}`, undefined, s.code);
  assert.doesNotMatch(mailbox.text, /Counsel/);
  await s.vendor.do(`${s.kase}/triage`, { action: 'invalidate', why: 'It was found against our rules.' });
  const product = await s.product(s.vendor);
  await s.suggested('case owner', s.vendor, product, 'Vfdpxa');
  await s.affected(s.vendor, product);
  assert.equal((await s.vendor.get(s.kase)).me.report, 'valid', 'a product that is hit makes the report valid, however it was found');
  assert.match((await s.site.call(undefined, 'GET', `/policies/${s.vendor.org}`)).text, /thanked, not sued/);
  await s.refused(409, s.vendor.call('POST', `${s.kase}/triage`, { action: 'invalidate', why: 'all the same' }));
});

situation('CERT 15', 'A second report of the same, while the embargo runs', async (s) => {
  await s.reported(s.vendor, { title: `${s.title}, again` });
  const [second, other] = [s.report, s.id];
  const code = s.code;
  await expect(200, s.site.call(undefined, 'POST', `/api/v1/reports/${second.id}/credit`, { wanted: true, name: 'Second Finder' }, code));
  await s.accepts(s.vendor);
  await s.reported(s.vendor);
  await s.accepts(s.vendor);
  const product = await s.product(s.vendor);
  await s.affected(s.vendor, product);
  await s.suggested('case owner', s.vendor, product, 'Vfdpxa');
  await s.vendor.do(`${s.kase}/merge`, { with: other, why: 'the same overflow' });
  assert.equal((await s.vendor.get(`${s.kase}/reports`)).items.length, 2);
  await s.vendor.do(`${s.kase}/duplicates`, { report: second.id, of: s.report.id, why: 'the same overflow' });
  await s.refused(409, s.vendor.call('POST', `/api/v1/cases/${other}/threads`, { audience: 'shared', topic: 'More' }));
  const mailbox = await s.site.call(undefined, 'GET', `/api/v1/reports/${second.id}`, undefined, code);
  assert.equal(mailbox.status, 200, 'the second reporter keeps mailbox and credit');
  assert.ok(!mailbox.text.includes(s.report.id), 'and learns of no other');
  assert.deepEqual((await s.vendor.get(`${s.kase}/advisories/hints`)).credits.map((one) => one.name), ['Second Finder']);
});

situation('CERT 16', 'Downstream vendors are hit', async (s) => {
  await s.reported(s.vendor);
  await s.accepts(s.vendor);
  await s.vendor.make(`${s.kase}/participants`, { organisation: s.downstream.org, roles: ['vendor'], essential_because: 'ships the parser in its devices' });
  assert.equal((await s.downstream.get(s.kase)).stub, true, 'it sees the terms and why it is asked');
  await s.refused(409, s.downstream.call('POST', `${s.kase}/invitation`, { accepted: true }));
  await s.enters(s.downstream);
  const device = await s.product(s.downstream, 'Device');
  await s.affected(s.downstream, device);
  assert.equal((await s.downstream.get(s.kase)).me.report, 'valid');
  await s.suggested('vendor', s.downstream, device, 'Vfdpxa');
  await s.refused(422, s.downstream.call('POST', `${s.kase}/leave`));
});

situation('CERT 17', 'Nobody knows all vendors downstream', async (s) => {
  await s.opened(s.vendor);
  await s.joins(s.downstream);
  await s.accepts(s.downstream);
  await s.downstream.make(`${s.kase}/participants/suggestions`, { whom: 'Whoever builds on our devices', essential_because: 'they build it in' });
  assert.ok((await s.vendor.get(`${s.kase}/timeline`)).items.some((line) => line.type === 'ParticipantSuggested'));
  const product = await s.product(s.vendor);
  await s.affected(s.vendor, product);
  await s.fixes(s.vendor, product, 'distributed');
  await s.suggested('case owner', s.vendor, product, 'VFdpxa');
  const release = await s.plans(await s.advisory(s.second), s.later(0.02));
  await s.pass(0.03);
  await s.released(release);
  assert.match((await s.site.call(undefined, 'GET', '/feed.atom')).text, /CERT 17/);
  await s.suggested('case owner', s.vendor, product, 'VFdPxa');
});

situation('CERT 18', 'Policies that do not fit together', async (s) => {
  await s.reported(s.vendor);
  await s.accepts(s.vendor);
  const product = await s.product(s.vendor);
  const fit = await s.vendor.get(`${s.kase}/participants/${s.quick.org}/fit`);
  assert.deepEqual(fit.choices.map((one) => one.option), ['shorten', 'propose_running', 'notify_later', 'leave_out']);
  await s.vendor.make(`${s.kase}/participants/plans`, { organisation: s.quick.org, when: s.later(36), roles: ['vendor'], essential_because: 'ships the parser' });
  await s.refused(404, s.quick.call('GET', s.kase));
  await s.suggested('case owner', s.vendor, product, 'Vfdpxa');
  await s.pass(36.5);
  await eventually('the reminder', async () => (await s.vendor.get(s.kase)).planned_invitations[0].due);
  await s.joins(s.quick);
  assert.equal((await s.quick.get(s.kase)).stub, false);
});

situation('CERT 19', 'The embargo ends and the vendor is not ready, as the vendor sees it', async (s) => {
  await s.opened(s.coordinator);
  await s.coordinator.make(`${s.kase}/embargo/proposals`, { until: s.later(5) });
  await s.coordinator.do(`${s.kase}/embargo/proposals/1/settle`);
  await s.joins(s.peer);
  await s.accepts(s.peer);
  const product = await s.product(s.peer);
  await s.affected(s.peer, product);
  const release = await s.plans(await s.advisory(s.colleague, false), s.later(5));
  await s.suggested('vendor', s.peer, product, 'Vfdpxa');
  await s.refused(422, s.peer.call('POST', `${s.kase}/embargo/proposals`, { until: s.later(900) }));
  await s.peer.make(`${s.kase}/embargo/proposals`, { until: s.later(20), note: 'the test found a case that is left' });
  await s.refused(403, s.peer.call('POST', `${s.kase}/embargo/proposals/2/settle`));
  await s.coordinator.do(`${s.kase}/embargo/proposals/2/settle`);
  assert.equal((await s.embargo(s.peer)).until, s.later(20));
  await s.pass(5);
  assert.match((await eventually('the old plan is held', async () => { const now = await s.release(release); return now.state === 'held' && now; })).held_because, /The embargo was extended to/);
});

situation('CERT 20', 'The media write about it', async (s) => {
  await s.reported(s.vendor);
  await s.accepts(s.vendor);
  await s.joins(s.downstream);
  const product = await s.product(s.vendor);
  await s.affected(s.vendor, product);
  const { leak } = await s.downstream.make(`${s.kase}/leaks`, { what: 'that a parser is broken', where_seen: 'a newspaper', evidence: 'a journalist called us' });
  assert.equal((await s.embargo()).state, 'active', 'a claim of a leak decides nothing');
  await s.suggested('case owner', s.vendor, product, 'Vfdpxa');
  await s.downstream.do(`${s.kase}/statements`, { text: 'We look into reports about the parser and will publish by the end of the month.' });
  await s.refused(409, s.downstream.call('POST', `${s.kase}/statements/approve`, { text: 'We look into it.' }));
  await s.downstream.do(`${s.kase}/statements/approve`, { text: 'We look into reports about the parser and will publish by the end of the month.' });
  assert.ok((await s.vendor.get(`${s.kase}/participants`)).items.some((one) => one.statement?.startsWith('We look')));
  await s.vendor.do(`${s.kase}/leaks/${leak}/close`, { outcome: 'contained', why: 'No detail was told.' });
  assert.equal((await s.downstream.get(`${s.kase}/leaks`)).items[0].outcome, 'contained');
});

situation('CERT 21', 'The case goes badly', async (s) => {
  await s.reported(s.vendor);
  await expect(201, s.site.call(undefined, 'POST', `/api/v1/reports/${s.report.id}/route`, { to: s.coordinator.org, reason: 'reporter_asked', why: 'Nobody answers.' }, s.code));
  await s.enters(s.coordinator, { confirmed: true });
  await s.coordinator.make(`${s.kase}/contact-attempts`, { report: s.report.id, whom: 'Example Vendor', how: 'by telephone' });
  await s.refused(409, s.coordinator.call('POST', `${s.kase}/owner/take`, { why: 'nobody answers' }));
  await s.pass(8);
  const { request } = await expect(202, s.coordinator.call('POST', `${s.kase}/owner/take`, { why: 'nobody answers' }));
  await s.colleague.do(`${s.kase}/requests/${request}/confirm`);
  await s.is(s.coordinator, s.id, s.report);
  await s.accepts(s.coordinator);
  const product = await s.product(s.coordinator, 'Parser', s.vendor);
  await s.suggested('case owner', s.coordinator, product, 'Vfdpxa');
  const knowers = await s.coordinator.get(`${s.kase}/knowers`);
  assert.ok(knowers.knowers.some((one) => one.organisation.id === s.coordinator.org), 'who knew what stays on record');
  await s.refused(403, s.coordinator.call('POST', `${s.kase}/leave`, { still_honours_terms: true }));
});

published();
