// The use cases of FIRST's guidelines for multi-party coordination 1.1, each as a scenario of the section of docs/situations.md that has its name.
import assert from 'node:assert/strict';
import { eventually, expect, published, situation, situations } from '../lib/situations.mjs';

situations();

situation('FIRST 0', 'No vulnerability exists', async (s) => {
  await s.reported(s.vendor);
  await s.refused(422, s.vendor.call('POST', `${s.kase}/triage`, { action: 'invalidate' }));
  await s.vendor.do(`${s.kase}/triage`, { action: 'invalidate', why: 'The length is checked one layer above.' });
  await s.vendor.make(`/api/v1/reports/${s.report.id}/messages`, { text: 'We could not find it: the length is checked one layer above. Do you have more?' });
  const mailbox = await expect(200, s.site.call(undefined, 'GET', `/api/v1/reports/${s.report.id}`, undefined, s.code));
  assert.match(mailbox.messages.at(-1).text, /Do you have more/);
  const steps = await s.suggested('case owner', s.vendor);
  assert.ok(steps.find((one) => one.do === 'triage.validate').possible, 'more evidence makes it valid');
  assert.ok(steps.every((one) => !one.suggestion), 'without a product nothing is suggested');
  await s.refused(409, s.vendor.call('POST', `${s.kase}/triage`, { action: 'close' }));
  await s.vendor.do(`${s.kase}/triage`, { action: 'close', still_honours_terms: true });
  assert.equal((await s.vendor.get(s.kase)).me.report, 'closed');
});

situation('FIRST 1', 'No users are affected', async (s) => {
  await s.opened(s.coordinator);
  await s.joins(s.peer, ['vendor', 'deployer']);
  await s.accepts(s.peer);
  const service = await s.product(s.peer, 'Hosted parser');
  await s.affected(s.peer, service);
  await s.fixes(s.peer, service, 'deployed');
  const steps = await s.suggested('vendor', s.peer, service, 'VFDpxa');
  assert.ok(!steps.some((one) => one.suggestion === 'Negotiate an embargo.'), 'nothing is left to wait for');
  await s.suggested('case owner', s.coordinator, service, 'VFDpxa');
});

situation('FIRST 1.1', 'It was shipped before the vulnerability was found or fixed', async (s) => {
  await s.reported(s.vendor);
  assert.equal((await s.embargo()).state, 'active', 'the published default runs at once');
  await s.refused(409, s.vendor.call('POST', `${s.kase}/participants`, { organisation: s.downstream.org, roles: ['vendor'], essential_because: 'ships the parser' }));
  await s.accepts(s.vendor);
  const product = await s.product(s.vendor);
  await s.affected(s.vendor, product);
  await s.suggested('case owner', s.vendor, product, 'Vfdpxa');
  const { advisory, version } = await s.advisory(s.second);
  await s.refused(409, s.vendor.call('POST', `${s.kase}/releases`, { advisory, version, instant: s.later(10) }));
});

situation('FIRST 2', 'Coordinated disclosure', async (s) => {
  await s.reported(s.vendor, { proposed_embargo_until: s.later(3) });
  const embargo = await s.embargo();
  assert.deepEqual([embargo.state, embargo.until], ['revise', s.later(3)], 'the shorter of two wishes runs, the longer stays proposed');
  await s.accepts(s.vendor);
  await s.joins(s.downstream);
  await s.accepts(s.downstream);
  const parser = await s.product(s.vendor), device = await s.product(s.downstream, 'Device');
  await s.vendor.make(`${s.kase}/questions`, { organisations: [s.downstream.org], vulnerability: s.vulnerability });
  await s.affected(s.downstream, device);
  await s.affected(s.vendor, parser);
  await s.suggested('vendor', s.downstream, device, 'Vfdpxa');
  await s.fixes(s.vendor, parser, 'distributed');
  await s.fixes(s.downstream, device, 'distributed');
  await s.suggested('case owner', s.vendor, parser, 'VFdpxa');
  const advisory = await s.advisory(s.second);
  const release = await s.plans(advisory, s.later(3));
  assert.deepEqual((await s.vendor.get(`${s.kase}/releases/${release}/dry-run`)).not_ready, []);
  await s.pass(3);
  await s.released(release);
  assert.equal((await s.embargo()).state, 'exited');
  await s.suggested('case owner', s.vendor, parser, 'VFdPxa');
  assert.ok((await expect(200, s.site.call(undefined, 'GET', '/api/v1/advisories'))).items.some((one) => one.title === s.title));
});

situation('FIRST 2.1', 'The finder publishes before there is a fix', async (s) => {
  await s.reported(s.vendor);
  await s.accepts(s.vendor);
  const product = await s.product(s.vendor);
  await s.affected(s.vendor, product);
  await expect(201, s.site.call(undefined, 'POST', `/api/v1/reports/${s.report.id}/claims`, { fact: 'p', evidence: 'I have put it on my blog.' }, s.code));
  assert.equal((await s.embargo()).state, 'active', 'a claim ends nothing before a person has looked');
  await s.adopts((await s.vendor.get(`${s.kase}/claims`)).items.find((one) => one.state === 'open').id);
  assert.deepEqual([(await s.embargo()).state, (await s.embargo()).end_reason], ['exited', 'The vulnerability is public.']);
  await s.suggested('case owner', s.vendor, product, 'VfdPxa');
  await s.refused(409, s.vendor.call('POST', `${s.kase}/embargo/proposals`, { until: s.later(60) }));
});

situation('FIRST 2.2', 'Users do not install the fix', async (s) => {
  await s.opened(s.vendor);
  await s.joins(s.coordinator, ['coordinator']);
  const product = await s.product(s.vendor);
  await s.affected(s.vendor, product);
  await s.fixes(s.vendor, product, 'distributed');
  await s.becomes(s.vendor, 'p');
  await s.suggested('case owner', s.vendor, product, 'VFdPxa');
  await s.suggested('coordinator', s.coordinator, product, 'VFdPxa');
  await s.refused(409, s.vendor.call('POST', `${s.kase}/remedies`, s.remedy(product, { step: 'deployed' })));
});

situation('FIRST 2.3', 'Upstream and downstream do not talk', async (s) => {
  await s.opened(s.vendor);
  await s.joins(s.downstream);
  await s.accepts(s.downstream);
  const library = await s.product(s.vendor, 'Parser library'), device = await s.product(s.downstream, 'Device');
  await s.affected(s.vendor, library);
  await s.affected(s.downstream, device);
  await s.vendor.do(`${s.kase}/remedies/waits`, s.remedy(device, { on: library, label: 'the library', why: 'it ships the library' }));
  await s.fixes(s.downstream, device);
  await s.refused(409, s.downstream.call('POST', `${s.kase}/remedies`, s.remedy(device, { step: 'distributed' })));
  await s.suggested('vendor', s.downstream, device, 'VFdpxa');
  await s.suggested('case owner', s.vendor, library, 'Vfdpxa');
  await s.fixes(s.vendor, library, 'distributed');
  const [wait] = (await s.downstream.get(`${s.kase}/statuses`)).items.find((one) => one.product === device).waits;
  assert.deepEqual([wait.label, wait.met], ['the library', true]);
  await s.downstream.do(`${s.kase}/remedies`, s.remedy(device, { step: 'distributed' }));
});

situation('FIRST 2.4', 'A vendor publishes before there is a fix', async (s) => {
  await s.reported(s.vendor);
  await s.accepts(s.vendor);
  await s.joins(s.downstream);
  const product = await s.product(s.vendor);
  await s.affected(s.vendor, product);
  const release = await s.plans(await s.advisory(s.second, false), (await s.embargo()).until);
  const claim = await s.claims(s.downstream, 'p', 'the release notes of a vendor that we know');
  assert.equal((await s.release(release)).state, 'planned');
  await s.adopts(claim);
  assert.deepEqual([(await s.release(release)).state, (await s.embargo(s.downstream)).state], ['held', 'exited'], 'nothing is published by itself, and the others are bound no longer');
  await s.suggested('case owner', s.vendor, product, 'VfdPxa');
  assert.ok((await s.downstream.get(`${s.kase}/timeline`)).items.some((line) => line.type === 'EmbargoEnded'));
});

situation('FIRST 2.5', 'A vendor does not fix', async (s) => {
  await s.opened(s.coordinator);
  await s.joins(s.peer);
  await s.accepts(s.peer);
  const product = await s.product(s.peer, 'Old device');
  await s.affected(s.peer, product);
  await s.coordinator.make(`${s.kase}/targets`, { step: 'develop', by: s.later(20), organisation: s.peer.org, weighed: { severity: 'critical', parties: 2 }, why: 'the vendor said three weeks' });
  await s.peer.do(`${s.kase}/products/${product}/support`, { supported: false, note: 'We make it no more.' });
  await s.suggested('case owner', s.coordinator, product, 'Vfdpxa');
  await s.suggested('vendor', s.peer, product, 'Vfdpxa');
  await s.refused(409, s.coordinator.call('POST', `${s.kase}/without`, { organisation: s.peer.org, vendor: 'Peer Products', why: 'it makes no fix', who_is_exposed: 'all users', how_badly: 'badly', what_they_can_do: 'replace it' }));
  const release = await s.plans(await s.advisory(s.colleague, false), s.later(0.02));
  const dry = await s.coordinator.get(`${s.kase}/releases/${release}/dry-run`);
  assert.deepEqual(dry.not_ready, [], 'what is out of support is not waited for');
  await s.pass(0.03);
  await s.released(release);
});

situation('FIRST 2.6', 'Peer vendors do not talk to each other', async (s) => {
  await s.opened(s.coordinator);
  for (const who of [s.peer, s.quick]) {
    await s.joins(who);
    await s.accepts(who);
  }
  const [one, two] = [await s.product(s.peer, 'Peer parser'), await s.product(s.quick, 'Quick parser')];
  await s.coordinator.make(`${s.kase}/questions`, { organisations: [s.peer.org, s.quick.org], vulnerability: s.vulnerability });
  assert.doesNotMatch((await s.peer.call('GET', s.kase)).text, /Quick/, 'who else takes part is the coordination\'s to tell');
  const { thread } = await s.coordinator.make(`${s.kase}/threads`, { audience: 'shared', topic: 'One day for all', text: 'By when can you ship?' });
  for (const who of [s.peer, s.quick]) await who.make(`${s.kase}/threads/${thread}/messages`, { text: 'In March.' });
  await s.affected(s.peer, one);
  await s.affected(s.quick, two);
  await s.fixes(s.peer, one);
  await s.suggested('vendor', s.peer, one, 'VFdpxa');
  await s.suggested('case owner', s.coordinator, two, 'Vfdpxa');
  const release = await s.plans(await s.advisory(s.colleague), s.later(0.02));
  const dry = await s.coordinator.get(`${s.kase}/releases/${release}/dry-run`);
  assert.deepEqual([dry.not_ready.length, dry.not_ready[0].includes('Quick parser')], [1, true]);
  await s.pass(0.03);
  assert.match((await eventually('it is held', async () => { const now = await s.release(release); return now.state === 'held' && now; })).held_because, /Not everybody is ready/);
});

situation('FIRST 2.7', 'The coordinator publishes before there is a fix', async (s) => {
  await s.opened(s.coordinator);
  await s.coordinator.make(`${s.kase}/embargo/proposals`, { until: s.later(30) });
  await s.coordinator.do(`${s.kase}/embargo/proposals/1/settle`);
  await s.joins(s.peer);
  await s.accepts(s.peer);
  const product = await s.product(s.peer);
  await s.affected(s.peer, product);
  const advisory = await s.advisory(s.colleague, false);
  await s.refused(409, s.coordinator.call('POST', `${s.kase}/releases`, { ...advisory, instant: s.later(1) }));
  await s.refused(403, s.peer.call('POST', `${s.kase}/embargo/end`, { reason: 'we are done' }));
  const ending = (await s.peer.get(`${s.kase}/steps`)).items.find((one) => one.do === 'embargo.terminate');
  assert.deepEqual([ending.possible, ending.reason], [false, "Your part here doesn't let you end an embargo."], 'what is refused is not among the steps');
  await s.coordinator.do(`${s.kase}/embargo/end`, { reason: 'Users can protect themselves by a setting, and have to know of it.' });
  await s.suggested('case owner', s.coordinator, product, 'Vfdpxa');
  const release = await s.plans(advisory, s.later(0.02));
  await s.both(`/releases/${release}/waive`, { why: 'a setting protects users', users_risk: 'they are exposed until they change it' }, s.colleague);
  await s.pass(0.03);
  await s.released(release);
  await s.suggested('vendor', s.peer, product, 'VfdPxa');
});

situation('FIRST 2.8', 'It was reported to one vendor, and others share the component', async (s) => {
  await s.reported(s.vendor, { several_vendors: 'Everybody who ships the library.' });
  await s.accepts(s.vendor);
  const mine = await s.product(s.vendor), theirs = await s.product(s.vendor, 'Device', s.downstream);
  await s.suggested('case owner', s.vendor, mine, 'Vfdpxa');
  assert.equal(await s.letters(theirs), 'vfdpxa', 'the other vendor knows nothing yet');
  await s.vendor.make(`/api/v1/reports/${s.report.id}/route`, { to: s.coordinator.org, reason: 'several_vendors', why: 'Many ship this library.' });
  await s.refused(403, s.coordinator.call('POST', `${s.kase}/threads`, { audience: 'shared', topic: 'Who else?' }));
  await s.enters(s.coordinator);
  await s.suggested('coordinator', s.coordinator, theirs, 'vfdpxa');
  await s.joins(s.downstream);
  await s.suggested('vendor', s.downstream, theirs, 'Vfdpxa');
});

situation('FIRST 3', 'Hints become public before there is a fix', async (s) => {
  await s.reported(s.vendor);
  await s.accepts(s.vendor);
  await s.joins(s.downstream);
  const product = await s.product(s.vendor);
  await s.affected(s.vendor, product);
  const hint = await s.claims(s.downstream, 'p', 'A talk is announced: "Parsers, again".');
  await s.vendor.do(`${s.kase}/claims/${hint}/refuse`, { why: 'Nobody can tell from it which product, or what.' });
  assert.equal((await s.embargo()).state, 'active');
  assert.match((await s.downstream.get(`${s.kase}/claims`)).items.find((one) => one.id === hint).why, /Nobody can tell/);
  await s.suggested('case owner', s.vendor, product, 'Vfdpxa');
  await s.refused(409, s.vendor.call('POST', `${s.kase}/claims/${hint}/adopt`));
  await s.vendor.make(`${s.kase}/vulnerabilities`, { title: 'Another overflow', description: 'Of another name.' });
  const { sibling } = await s.becomes(s.downstream, 'p');
  assert.deepEqual([(await s.embargo()).state, (await s.vendor.get(`${s.kase}/vulnerabilities`)).items.map((one) => one.title)], ['active', ['Another overflow']], 'what nobody knows yet is still held back');
  await s.is(s.vendor, sibling);
  assert.equal((await s.embargo(s.downstream)).state, 'exited');
  await s.suggested('case owner', s.vendor, (await s.vendor.get(`${s.kase}/products`)).items[0].id, 'VfdPxa');
});

situation('FIRST 4', 'It is public or exploited before the vendor is aware', async (s) => {
  await s.reported(s.coordinator, { public: true, public_where: 'a mailing list' });
  await s.accepts(s.coordinator);
  const product = await s.product(s.coordinator, 'Appliance', s.absent);
  const claim = (await s.coordinator.get(`${s.kase}/claims`)).items[0];
  assert.deepEqual([claim.fact, claim.state, (await s.embargo()).state], ['P', 'open', 'none'], 'no embargo begins on what may be known');
  await s.suggested('case owner', s.coordinator, product, 'vfdpxa');
  await s.adopts(claim.id);
  await s.suggested('case owner', s.coordinator, product, 'VfdPxa');
  await s.refused(409, s.coordinator.call('POST', `${s.kase}/embargo/proposals`, { until: s.later(60) }));
});

situation('FIRST 4.1', 'The finder publishes, and attacks follow', async (s) => {
  await s.reported(s.vendor);
  await s.accepts(s.vendor);
  await s.joins(s.downstream);
  const product = await s.product(s.vendor);
  await s.affected(s.vendor, product);
  await s.becomes(s.downstream, 'x');
  const facts = Object.keys((await s.vendor.get(`${s.kase}/vulnerabilities`)).items[0].facts).sort();
  assert.deepEqual(facts, ['P', 'X'], 'a public exploit makes it public');
  await s.suggested('case owner', s.vendor, product, 'VfdPXa');
  await s.becomes(s.downstream, 'a');
  await s.suggested('case owner', s.vendor, product, 'VfdPXA');
  await s.suggested('vendor', s.downstream, await s.product(s.downstream, 'Device'), 'VfdPXA');
  await s.refused(409, s.downstream.call('POST', `${s.kase}/claims`, { vulnerability: s.vulnerability, fact: 'a', evidence: 'again' }));
});

situation('FIRST 4.2', 'Attacks use what nobody knew', async (s) => {
  await s.reported(s.coordinator, { exploited: true, exploited_how: 'in the logs of three users' });
  await s.accepts(s.coordinator);
  const product = await s.product(s.coordinator, 'Peer parser', s.peer);
  await s.adopts((await s.coordinator.get(`${s.kase}/claims`)).items[0].id);
  await s.suggested('case owner', s.coordinator, product, 'vfdpxA');
  await s.refused(409, s.coordinator.call('POST', `${s.kase}/embargo/proposals`, { until: s.later(60) }));
  await s.joins(s.peer);
  await s.suggested('vendor', s.peer, product, 'VfdpxA');
});

published();
