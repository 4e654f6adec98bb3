// Every operation × every kind of principal × every state of a case, through the real binary: one status each, held equal to docs/roles.md.
// To write that page anew: SLUICE_UPDATE_GOLDEN=1 node --test tests/roles/matrix.test.mjs
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import * as runner from 'node:test';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { watch } from '../conformance/published.mjs';
import { patiently } from '../lib/operations.mjs';
import { expect } from '../lib/site.mjs';
import { ask } from '../lib/wire.mjs';
import { Cast, advisory, kinds, never, outsiders, states, unknown as no_credential } from './cast.mjs';

// This file is its own second program: threads ask, each its sites, and the one with the tests waits for what they saw. One thread alone keeps no two processors busy.
const { before, test } = isMainThread ? runner : { before() {}, test() {} };
const threads = 2, sites = 2;    // sites of each thread
const page = new URL('../../docs/roles.md', import.meta.url);
const later = (days) => new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+/, '');

// What each operation is sent; `null` = no body. A row that is missing fails the build.
const text = { text: 'Hello.' };
const plan = { as_of: '2026-11-01T00:00Z', regimes: ['iso-29147-2018'], parties: [{ id: 'v', role: 'vendor' }], actions: [{ id: 'p', actor: 'v', type: 'publish-vuln', to: 'public', content: ['summary'], at: '2026-12-01T00:00Z' }] };   // of nobody here
const prepared = 'note--6f1f2a4e-3b1a-4f0e-9d57-0d3f5f5c7a02';
const bodies = {
  'GET /api/v1/openapi.json': null, 'GET /api/v1/ledger/key': null, 'GET /api/v1/ledger/checkpoint': null, 'GET /api/v1/whoami': null, 'GET /api/v1/stream': null,
  'GET /api/v1/organisations': null, 'GET /api/v1/organisations/{organisation}': null, 'GET /api/v1/organisations/{organisation}/people': null,
  'POST /api/v1/organisations': () => ({ kind: 'member', profile: { name: 'New' } }),
  'PUT /api/v1/organisations/{organisation}': () => ({ name: 'Peer' }),
  'POST /api/v1/organisations/{organisation}/people': () => ({ name: 'Somebody', mail: `s${Math.random()}@example.org`, role: 'staff' }),
  'GET /api/v1/organisations/{organisation}/clients': null, 'POST /api/v1/organisations/{organisation}/clients': (s, cast) => ({ client: cast.orgs.spare.id }),
  'GET /api/v1/threats/recalls': null, 'POST /api/v1/threats/recalls/{recall}/acknowledge': () => ({ done: 'deleted', passed_on_to: [] }),
  'POST /api/v1/threats/collections/{collection}/objects/{object}/recall': () => ({ reason: 'a false positive' }), 'GET /api/v1/threats/collections/{collection}/objects/{object}/deliveries': null,
  'GET /api/v1/threats/webhooks': null, 'POST /api/v1/threats/webhooks': () => ({ url: 'https://hooks.example/a', collection: 'none' }), 'GET /api/v1/threats/webhooks/{webhook}': null,
  ...Object.fromEntries(['pause', 'resume', 'secret', 'test', 'remove'].map((what) => [`POST /api/v1/threats/webhooks/{webhook}/${what}`, () => ({})])),
  'GET /api/v1/threats/collections/{collection}/widenings': null,
  'GET /api/v1/threats/collections/{collection}/pseudonyms': null, 'POST /api/v1/threats/collections/{collection}/pseudonyms': () => ({}), 'GET /api/v1/threats/reveals': null,
  'POST /api/v1/threats/collections/{collection}/pseudonyms/policy': (s, cast) => ({ k: 3, says: 'nothing', apart_minutes: 0, trustee: cast.site.organisation }),
  'POST /api/v1/threats/pseudonyms/{pseudonym}/tokens': () => ({ token: never('t') }), 'POST /api/v1/threats/pseudonyms/{pseudonym}/reveals': () => ({ reason: 'it shared what it must not' }),
  'POST /api/v1/threats/reveals/{reveal}/agree': () => ({}), 'POST /api/v1/threats/reveals/{reveal}/refuse': () => ({ why: 'no ground' }),
  'POST /api/v1/threats/collections/{collection}/widenings': () => ({ objects: ['tool--2dda25c8-933c-4944-9185-ba707ff863c0'], to: 'green', at: later(1), reason: 'the fix is out' }),
  ...Object.fromEntries(['approve', 'refuse', 'withdraw'].map((what) => [`POST /api/v1/threats/collections/{collection}/widenings/{widening}/${what}`, () => ({})])),
  'POST /api/v1/threats/collections/{collection}/early': () => ({ objects: [], at: later(1), reason: 'the report comes out then' }),
  'GET /api/v1/tokens': null, 'POST /api/v1/tokens': () => ({ scopes: 'case_read' }), 'POST /api/v1/tokens/certificates': () => ({ scopes: 'case_read' }), 'POST /api/v1/tokens/{token}/revoke': () => ({}),
  'GET /api/v1/threats/reports': null, 'POST /api/v1/threats/reports': () => ({ kind: 'statement', collection: 'none', title: 'A statement', text: 'Hello.' }), 'GET /api/v1/threat-reports': null,
  ...Object.fromEntries(['', '/page', '/csv', '/stix', '/behind', '/release'].map((what) => [`GET /api/v1/threats/reports/{threat_report}${what}`, null])),
  'POST /api/v1/threats/reports/{threat_report}/versions': () => ({ title: 'A statement', text: 'Hello.' }), 'POST /api/v1/threats/reports/{threat_report}/show': () => ({ version: 1, organisations: [never('o')] }),
  'POST /api/v1/threats/reports/{threat_report}/endorse': () => ({ version: 1 }), 'POST /api/v1/threats/reports/{threat_report}/endorse/withdraw': () => ({ version: 1 }),
  'POST /api/v1/threats/reports/{threat_report}/withdraw': () => ({ version: 1, reason: 'It was wrong' }),
  'POST /api/v1/threats/reports/{threat_report}/told': () => ({ to: 'cncert', at: '2026-01-01T00:00:00Z' }), 'POST /api/v1/threats/reports/{threat_report}/release': () => ({ version: 1, to: 'members' }),
  'GET /api/v1/threats/collections/{collection}/groups': null, 'POST /api/v1/threats/collections/{collection}/groups': () => ({ name: `Circle ${Math.random()}` }),
  'POST /api/v1/threats/collections/{collection}/groups/{group}/ask': () => ({ organisations: [never('o')] }), ...Object.fromEntries(['join', 'leave'].map((what) => [`POST /api/v1/threats/collections/{collection}/groups/{group}/${what}`, () => ({})])),
  ...Object.fromEntries(['', '/{peer}'].map((of) => [`GET /api/v1/threats/peers${of}`, null])), ...Object.fromEntries(['pause', 'resume', 'pull', 'remove'].map((what) => [`POST /api/v1/threats/peers/{peer}/${what}`, () => ({})])),
  'POST /api/v1/threats/peers': (s, cast) => ({ name: 'A peer', url: 'https://peer.example/taxii2/', collection: 'indicators', into: 'nowhere', organisation: cast.orgs.spare.id, person: never('p') }),
  'GET /api/v1/threats/collections/{collection}/objects/{object}/origins': null,
  'GET /api/v1/tokens': null, 'POST /api/v1/tokens': () => ({ scopes: 'case_read' }), 'POST /api/v1/tokens/{token}/revoke': () => ({}),
  ...Object.fromEntries(['suspend', 'restore', 'end', 'role'].map((what) => [`POST /api/v1/organisations/{organisation}/people/{person}/${what}`, () => (what === 'role' ? { role: 'staff' } : {})])),
  ...Object.fromEntries(['disable', 'enable', 'factor/reset', 'factor/reset/confirm', 'factor/reset/refuse'].map((what) => [`POST /api/v1/people/{person}/${what}`, () => ({})])),
  'GET /api/v1/factor': null, 'POST /api/v1/factor/begin': () => ({}), 'POST /api/v1/factor': () => ({ ticket: 'none', code: '000000' }), 'POST /api/v1/factor/recovery-codes': () => ({}), 'POST /api/v1/factor/drop': () => ({}),
  'GET /api/v1/break-glass': null, 'POST /api/v1/break-glass': (s) => ({ case: s.paths.case, reason: 'the owner cannot be reached', hours: 1 }), 'POST /api/v1/break-glass/{glass}/confirm': () => ({}), 'POST /api/v1/break-glass/{glass}/close': () => ({}),
  'GET /api/v1/access-log': null,
  'GET /api/v1/sessions': null, 'POST /api/v1/sessions/{session}/end': () => ({}),
  'POST /api/v1/reports': (s, cast) => ({ to: cast.orgs.owner.id, title: 'Another', description: 'Something else.', product: 'parser', contacted_vendor: false }),
  'GET /api/v1/reports/{report}': null, 'GET /api/v1/reports/{report}/messages': null, 'GET /api/v1/reports/{report}/receipt': null, 'GET /api/v1/reports/mine': null, 'GET /api/v1/reports/challenge': null,
  'POST /api/v1/reports/{report}/messages': () => text,
  'POST /api/v1/reports/{report}/files': () => new TextEncoder().encode('bytes'), 'GET /api/v1/reports/{report}/files/{file}': null,
  'POST /api/v1/reports/{report}/claims': () => ({ fact: 'a', evidence: 'seen in a honeypot' }),
  'POST /api/v1/reports/{report}/route': (s, cast) => ({ to: cast.site.organisation, reason: 'reporter_asked', why: 'we do not get on' }),
  'GET /api/v1/cases': null, 'POST /api/v1/cases': () => ({ title: 'Own case' }),
  'GET /api/v1/cases/{case}': null, 'PATCH /api/v1/cases/{case}': () => ({ title: 'Overflow' }),
  ...Object.fromEntries(['timeline', 'participants', 'embargo', 'threads', 'vulnerabilities', 'products', 'statuses', 'claims', 'decisions', 'requests', 'advisories', 'releases', 'reports', 'files', 'files/{file}', 'steps',
    'knowers', 'rulings', 'entries/{entry}/receipt', 'releases/{release}/dry-run', 'participants/{organisation}/fit'].map((part) => [`GET /api/v1/cases/{case}/${part}`, null])),
  'GET /api/v1/cases/{case}/targets': null, 'GET /api/v1/cases/{case}/advisories/hints': null,
  'POST /api/v1/cases/{case}/targets': () => ({ step: 'deploy', by: later(99), weighed: { severity: 'high' }, why: 'all need a month' }),
  'POST /api/v1/cases/{case}/targets/{target}/move': () => ({ by: later(95), weighed: {}, what_changed: 'one more platform' }), 'POST /api/v1/cases/{case}/targets/{target}/drop': () => ({ why: 'it is public' }),
  'POST /api/v1/cases/{case}/escalations': () => ({ to: 'its chief of security', why: 'no answer' }),
  'POST /api/v1/cases/{case}/without': () => ({ vendor: 'the vendor', why: 'no answer', who_is_exposed: 'users', how_badly: 'badly', what_they_can_do: 'nothing' }),
  'POST /api/v1/cases/{case}/duplicates': (s) => ({ report: s.paths.report, of: never('r'), why: 'the same function' }),
  'POST /api/v1/reports/{report}/credit': () => ({ wanted: true, name: 'Ada' }),
  'POST /api/v1/cases/{case}/triage': () => ({ action: 'validate' }),
  'POST /api/v1/cases/{case}/contact-attempts': (s) => ({ report: s.paths.report, whom: 'the vendor', how: 'by phone' }),
  'POST /api/v1/cases/{case}/participants': (s, cast) => ({ organisation: cast.orgs.spare.id, roles: ['vendor'], essential_because: 'ships the parser' }),
  'POST /api/v1/cases/{case}/participants/suggestions': () => ({ whom: 'Another vendor', essential_because: 'ships the parser' }),
  'POST /api/v1/cases/{case}/participants/{organisation}/confirm': () => ({ checked_how: 'by phone' }),
  'POST /api/v1/cases/{case}/participants/{organisation}/suspend': () => ({ why: 'the contact has left' }),
  'POST /api/v1/cases/{case}/participants/{organisation}/restore': () => ({ why: 'there is a new contact' }),
  'POST /api/v1/cases/{case}/participants/{organisation}/remove': () => ({ why: 'not essential any more' }),
  'POST /api/v1/cases/{case}/invitation': (s) => ({ accepted: true, ...(s.state === 'active' ? { terms: 1 } : {}) }),
  'POST /api/v1/cases/{case}/leave': () => ({ still_honours_terms: true }),
  'POST /api/v1/cases/{case}/owner/offer': (s, cast) => ({ organisation: cast.orgs.peer.id, why: 'it makes the product' }), 'POST /api/v1/cases/{case}/owner/take': () => ({ why: 'the owner is silent' }),
  'POST /api/v1/cases/{case}/embargo/proposals': () => ({ until: later(90) }),
  'POST /api/v1/cases/{case}/embargo/proposals/{version}/answer': () => ({ accepted: true }),
  'POST /api/v1/cases/{case}/embargo/proposals/{version}/settle': () => ({}),
  'POST /api/v1/cases/{case}/embargo/proposals/{version}/refuse': () => ({ why: 'too long' }),
  'POST /api/v1/cases/{case}/embargo/end': () => ({ reason: 'it is public' }),
  'POST /api/v1/cases/{case}/embargo/settle': () => ({}),
  'POST /api/v1/cases/{case}/embargo/settlement': () => ({ rule: 'owner_decides' }),
  'POST /api/v1/cases/{case}/embargo/proposals/{version}/ask': (s, cast) => ({ organisation: cast.orgs.peer.id }),
  'POST /api/v1/cases/{case}/participants/{organisation}/roles': () => ({ roles: ['vendor', 'deployer'], why: 'it runs the service as well' }),
  'POST /api/v1/cases/{case}/participants/plans': (s, cast) => ({ organisation: cast.orgs.elsewhere.id, when: later(5), roles: ['vendor'], essential_because: 'ships the parser' }),
  'POST /api/v1/cases/{case}/participants/{organisation}/unplan': () => ({ why: 'not affected' }),
  'POST /api/v1/cases/{case}/split': (s) => ({ vulnerabilities: [s.paths.vulnerability], why: 'it has another fix' }),
  'POST /api/v1/cases/{case}/merge': () => ({ with: never('c'), why: 'the same library' }),
  'POST /api/v1/cases/{case}/threads': () => ({ audience: 'shared', topic: 'Plan', text: 'A question.' }),
  'POST /api/v1/cases/{case}/threads/{thread}/messages': () => text,
  'POST /api/v1/cases/{case}/threads/{thread}/messages/{message}/amend': () => ({ text: 'Another question.' }),
  'POST /api/v1/cases/{case}/threads/{thread}/messages/{message}/retract': () => ({ why: 'it was for another case' }),
  'GET /api/v1/cases/{case}/groups': null, 'POST /api/v1/cases/{case}/groups': () => ({ name: 'Second tier', why: 'they build on it' }),
  'POST /api/v1/cases/{case}/groups/{group}/members': (s, cast) => ({ add: [cast.orgs.peer.id], why: 'it ships the parser' }),
  'POST /api/v1/cases/{case}/participants/invite': (s, cast) => ({ organisations: [cast.orgs.spare.id], roles: ['vendor'], essential_because: 'ships the parser' }),
  'POST /api/v1/cases/{case}/tracking-id': () => ({ tracking_id: 'PSIRT-4711' }),
  'GET /api/v1/cases/{case}/unread': null, 'POST /api/v1/cases/{case}/read': () => ({}), 'GET /api/v1/search': null, 'GET /api/v1/duties': null,
  'POST /api/v1/cases/{case}/files': () => new TextEncoder().encode('bytes'),
  'POST /api/v1/cases/{case}/vulnerabilities': () => ({ title: 'Another', description: 'Something else.' }),
  'POST /api/v1/cases/{case}/vulnerabilities/{vulnerability}/description': () => ({ title: 'Overflow', description: 'A long name overflows a buffer.' }),
  'POST /api/v1/cases/{case}/vulnerabilities/{vulnerability}/identifier': () => ({ identifier: 'CVE-2031-0001' }),
  'POST /api/v1/cases/{case}/vulnerabilities/{vulnerability}/severity': () => ({ cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }),
  'POST /api/v1/cases/{case}/products': () => ({ name: 'Device', version: '7' }),
  'POST /api/v1/cases/{case}/questions': (s, cast) => ({ organisations: [cast.orgs.peer.id], vulnerability: s.paths.vulnerability }),
  'POST /api/v1/cases/{case}/statuses': (s) => ({ vulnerability: s.paths.vulnerability, product: s.product, status: 'affected' }),
  'POST /api/v1/cases/{case}/remedies': (s) => ({ vulnerability: s.paths.vulnerability, product: s.product, step: 'identified' }),
  'POST /api/v1/cases/{case}/remedies/reopen': (s) => ({ vulnerability: s.paths.vulnerability, product: s.product, back_to: 'identified', found_how: 'by a test' }),
  'POST /api/v1/cases/{case}/remedies/waits': (s) => ({ vulnerability: s.paths.vulnerability, product: s.product, on: never('u'), label: 'the firmware', why: 'it loads it' }),
  'POST /api/v1/cases/{case}/remedies/waits/end': (s) => ({ vulnerability: s.paths.vulnerability, product: s.product, on: never('u'), why: 'it needs none' }),
  'POST /api/v1/cases/{case}/remedies/block': (s) => ({ vulnerability: s.paths.vulnerability, product: s.product, because: `the key of ${s.kind} is out of reach` }),
  'POST /api/v1/cases/{case}/remedies/unblock': (s) => ({ vulnerability: s.paths.vulnerability, product: s.product }),
  'POST /api/v1/cases/{case}/remedies/assessments': (s) => ({ vulnerability: s.paths.vulnerability, product: s.product, passed: true, tested_by: 'a test', where: 'here' }),
  'POST /api/v1/cases/{case}/releases/readiness': () => ({ rule: 'majority', why: 'by a test' }),
  'POST /api/v1/cases/{case}/products/{product}/support': () => ({ supported: true }),
  'POST /api/v1/cases/{case}/claims': (s) => ({ vulnerability: s.paths.vulnerability, fact: 'p', evidence: 'a rumour' }),
  'POST /api/v1/cases/{case}/leaks': () => ({ what: 'the proof', where_seen: 'a chat', evidence: 'a picture' }),
  'POST /api/v1/cases/{case}/leaks/trace': () => ({ piece: 'A long name overflows a buffer. Who ships which version of it, and when?' }),
  'GET /api/v1/cases/{case}/threat-objects': null,
  'GET /api/v1/cases/{case}/mitigations': null,
  'POST /api/v1/cases/{case}/mitigations': (s) => ({ vulnerability: s.paths.vulnerability, product: s.product, part: 'workaround', text: `Switch ${s.kind} off.` }),
  'POST /api/v1/cases/{case}/mitigations/collections': (s, cast) => ({ role: 'deployer', collections: [cast.collection] }),
  'POST /api/v1/cases/{case}/mitigations/{mitigation}/share': () => ({ role: 'deployer', why: 'attacks have begun', who_is_exposed: 'users', how_badly: 'badly', what_they_can_do: 'nothing' }),
  'POST /api/v1/cases/{case}/mitigations/{mitigation}/decline': () => ({ why: 'the release is tomorrow' }),
  'POST /api/v1/cases/{case}/threat-objects': () => ({ objects: [{ type: 'note', spec_version: '2.1', id: prepared, created: '2026-01-01T00:00:00.000Z', modified: '2026-01-01T00:00:00.000Z', content: 'Look there.', object_refs: [prepared], object_marking_refs: ['marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487'] }] }),
  'POST /api/v1/cases/{case}/threat-objects/{object}/drop': () => ({ why: 'it says too much' }),
  'POST /api/v1/cases/{case}/threat-objects/collections': (s, cast) => ({ collections: [cast.collection] }),
  'POST /api/v1/cases/{case}/leaks/{leak}/notes': () => ({ text: 'Two had it by then.' }),
  'POST /api/v1/cases/{case}/leaks/{leak}/close': () => ({ outcome: 'contained', why: 'it was taken down' }),
  'GET /api/v1/cases/{case}/leaks': null, 'GET /api/v1/cases/{case}/export': null, 'GET /api/v1/cases/{case}/evidence': null, 'GET /api/v1/regimes': null, 'GET /api/v1/regimes/{regime}': null, 'GET /api/v1/regimes/find': null, 'GET /api/v1/regimes/divergences': null, 'GET /api/v1/authorities': null,
  'GET /api/v1/regimes/compare': null, 'GET /api/v1/regimes/overlap': null, 'GET /api/v1/regimes/overlays': null,
  'POST /api/v1/regimes/what-if': () => ({ case: plan, assume: ['cn-cac-2019d'] }), 'POST /api/v1/regimes/cost': () => ({ case: plan, regime: 'cn-cac-2019d' }), 'POST /api/v1/regimes/reach': () => ({ case: plan }),
  'POST /api/v1/regimes/divergences': () => ({ case: plan, regimes: ['cn-miit-2019d'] }), 'POST /api/v1/regimes/divergences/comment': () => ({ case: plan, regimes: ['cn-miit-2019d'] }),
  'POST /api/v1/regimes/evaluate': () => ({ case: { as_of: '2026-11-01T00:00Z', regimes: ['iso-29147-2018'], parties: [{ id: 'v', role: 'vendor' }], actions: [] } }),
  'POST /api/v1/regimes/evaluate/page': () => ({ case: { as_of: '2026-11-01T00:00Z', regimes: ['iso-29147-2018'], parties: [{ id: 'v', role: 'vendor' }], actions: [] } }), 'GET /api/v1/cases/{case}/measures': null, 'GET /api/v1/measures': null, 'GET /api/v1/measures/export': null, 'GET /api/v1/measures/export.csv': null,
  ...Object.fromEntries(['regimes', 'regimes/page', 'duties', 'facts', 'scope'].map((part) => [`GET /api/v1/cases/{case}/${part}`, null])),
  'POST /api/v1/cases/{case}/scope': () => ({ regimes: [{ regime: 'in-certin-2022', in: false, why: 'nobody is there' }], why: 'counsel looked at it' }),
  'POST /api/v1/cases/{case}/facts/corrections': () => ({ fact: '/vulnerability/exposed', value: 'yes', why: 'it faces the internet' }),
  'POST /api/v1/cases/{case}/facts/corrections/end': () => ({ fact: '/vulnerability/exposed', why: 'a mistake' }),
  'POST /api/v1/cases/{case}/products/{product}/placement': () => ({ markets: ['EU'], kind: 'product' }),
  'POST /api/v1/cases/{case}/content/classes': (s) => ({ object: `file:${s.paths.file}`, classes: ['summary'] }),
  'POST /api/v1/content/signs': () => ({ text: 'A host at 10.1.2.3.' }),
  'GET /api/v1/cases/{case}/incidents': null, 'GET /api/v1/cases/{case}/notices': null, 'GET /api/v1/cases/{case}/notices/{notice}/text': null,
  'POST /api/v1/cases/{case}/incident': (s) => ({ title: `Of ${s.kind}` }),
  'POST /api/v1/cases/{case}/incident/phase': () => ({ phase: 'assessed' }),
  'POST /api/v1/cases/{case}/incident/facts': () => ({ facts: [{ fact: 'kind', value: 'theft' }], source: 'the logs' }),
  'POST /api/v1/cases/{case}/notices': () => ({ form: 'general', to: 'csirt:DE' }),
  'POST /api/v1/cases/{case}/notices/{notice}/clear': () => ({ version: 1 }),
  'POST /api/v1/cases/{case}/notices/{notice}/file': () => ({ version: 1, how: 'by letter', unasked: 'it was told by telephone', blanks_left_why: 'not known yet' }),
  'POST /api/v1/cases/{case}/notices/{notice}/receipts': () => ({ reference: '4711' }),
  'POST /api/v1/cases/{case}/notices/{notice}/drop': () => ({ why: 'not owed' }),
  'POST /api/v1/cases/{case}/area-reports': () => ({ title: 'Energy', text: 'An overview.', sector: 'energy' }),
  'POST /api/v1/cases/{case}/area-reports/{area}/publish': () => ({ version: 1, where: 'a blog' }),
  'GET /api/v1/cases/{case}/leaks': null, 'GET /api/v1/cases/{case}/export': null, 'GET /api/v1/cases/{case}/measures': null, 'GET /api/v1/measures': null, 'GET /api/v1/measures/export': null, 'GET /api/v1/measures/export.csv': null,
  'POST /api/v1/reports/{report}/leaks': () => ({ what: 'the proof', where_seen: 'a chat', evidence: 'a picture' }),
  'POST /api/v1/cases/{case}/claims/{claim}/adopt': () => ({}),
  'POST /api/v1/cases/{case}/claims/{claim}/refuse': () => ({ why: 'about something else' }),
  'POST /api/v1/cases/{case}/statements': () => ({ text: 'We are looking.' }),
  'POST /api/v1/cases/{case}/statements/approve': () => ({ text: 'We are looking.' }),
  'POST /api/v1/cases/{case}/decisions': () => ({ kind: 'wait', reason: 'the fix is near', who_is_exposed: 'users', how_badly: 'badly', what_they_can_do: 'nothing' }),
  'POST /api/v1/cases/{case}/advisories': (s) => ({ document: advisory(`EX-2032-${s.kind.length}${s.state.length}`) }),
  'POST /api/v1/cases/{case}/advisories/preview': () => ({ document: advisory('EX-2032-0001') }),
  'POST /api/v1/cases/{case}/advisories/{advisory}/versions/{version}/approve': (s) => ({ hash: s.hash }),
  'POST /api/v1/cases/{case}/releases': (s) => ({ advisory: s.paths.advisory, version: 1, instant: later(210) }),
  'POST /api/v1/cases/{case}/releases/{release}/waive': () => ({ why: 'they sleep', users_risk: 'small' }),
  'POST /api/v1/cases/{case}/releases/{release}/early': () => ({ why: 'it is attacked', users_risk: 'they have a fix' }),
  'POST /api/v1/cases/{case}/releases/{release}/hold': () => ({ why: 'a mistake' }),
  'POST /api/v1/cases/{case}/requests/{request}/confirm': () => ({}),
  'POST /api/v1/cases/{case}/requests/{request}/refuse': () => ({ why: 'it is not needed' }),
  'POST /api/v1/cases/{case}/requests/{request}/withdraw': () => ({}),
  'POST /api/v1/cases/{case}/erasures': (s) => ({ compartment: `report:${s.paths.report}`, why: 'the reporter asked for it' }),
  'POST /api/v1/gate/ask': (s, cast) => ({ v: 1, content: { object: `case:${s.paths.case}`, version: 1, hash: `sha256:${'0'.repeat(64)}`, marking: 'TLP:AMBER', classes: ['knock'] }, audience: { kind: 'organisation', id: cast.orgs.spare.id },
    channel: 'mail', at: later(1), basis: { kind: 'notice' } }),
  'POST /api/v1/threats/lookup': () => ({ values: ['198.51.100.3'] }), 'GET /api/v1/threats/collections/{collection}/objects/{object}': null,
  'GET /api/v1/advisories': null, 'POST /api/v1/contacts/find': () => ({ domain: 'vendor.example', ask_vendor: 'never' }),
  ...Object.fromEntries(['collections/{collection}/scores', 'collections/{collection}/doubts', 'collections/{collection}/objects/{object}/score', 'points', 'tables'].map((what) => [`GET /api/v1/threats/${what}`, null])),
  'POST /api/v1/threats/collections/{collection}/objects/{object}/doubts': () => ({ reason: 'our own scanner' }), 'POST /api/v1/threats/collections/{collection}/objects/{object}/doubts/decide': () => ({ is_proven: true, why: 'it is a scanner' }),
  'POST /api/v1/threats/tables': () => ({ kind: 'standing', table: { steps: [], grace_days: 0, grace_step: '', is_by_vote: false }, why: 'nothing is tied' }), 'POST /api/v1/threats/tables/{proposal}/vote': () => ({ yes: true }),
  'POST /api/v1/demo/clock': (s, cast) => ({ to: cast.ahead(5000).toISOString() }), 'POST /api/v1/demo/tick': () => ({}),
};
const files = (fields) => { const form = new FormData(); for (const [k, v] of Object.entries(fields)) form.append(k, v); form.append('files', new Blob(['bytes']), 'a.txt'); return form; };
// Routes beside the API; a form's fields, or null. tests/house holds routes.cpp; here a route of it without a row fails.
const pages = {
  ...Object.fromEntries(['/healthz', '/readyz', '/.well-known/csaf/provider-metadata.json', '/.well-known/csaf/openpgp/{file}', '/csaf/white/index.txt', '/csaf/white/changes.csv', '/csaf/white/csaf-feed-tlp-white.json', '/csaf/white/{year}/{file}',
    '/cve/{file}', '/osv/{file}', '/', '/advisories', '/advisories/{tracking}', '/advisories/{tracking}/{version}', '/advisories/{tracking}/{version}/{file}', '/feed.atom', '/policies/{organisation}',
    '/.well-known/security.txt', '/robots.txt', '/favicon.svg', '/assets/{file}', '/app', '/app/assets/{file}', '/threat-reports/{threat_report}', '/threat-reports/{threat_report}/{file}', '/report', '/report/to/{organisation}', '/mailbox', '/mailbox/thread', '/mailbox/receipt', '/sign-in', '/first-run', '/step-up', '/cases',
    '/account', '/administration', '/cases/{case}', '/cases/{case}/law/print', '/cases/{case}/measures', '/cases/{case}/export', '/cases/{case}/evidence', '/cases/{case}/decisions/{decision}/evidence', '/cases/{case}/notices/{notice}/text', '/measures', '/due', '/cases/{case}/files/{file}',
    '/taxii2/', '/taxii2/root/', '/taxii2/root/status/{status}/', ...['', 'manifest/', 'objects/', 'objects/{object}/', 'objects/{object}/versions/', 'stream/'].map((end) => `/taxii2/root/collections/{collection}/${end}`), '/taxii2/root/collections/'].map((path) => [`GET ${path}`, null])),
  'POST /taxii2/root/collections/{collection}/objects/': { objects: [] }, 'DELETE /taxii2/root/collections/{collection}/objects/{object}/': null,
  'POST /report/review': {}, 'POST /report': {}, 'POST /mailbox': { code: 'aaaa-bbbb-cccc-dddd-eeee' }, 'POST /mailbox/thread': { text: 'Hello.' }, 'POST /mailbox/route': { to: never('o'), why: 'we do not get on' },
  'POST /mailbox/leak': { what: 'the proof', where_seen: 'a chat', evidence: 'a picture' }, 'POST /mailbox/credit': { wanted: 'no' }, 'POST /mailbox/claim': { fact: 'p', evidence: 'on a list' }, 'POST /mailbox/close': {}, 'POST /mailbox/files': files({}),
  'GET /mailbox/files/{file}': null, 'POST /cases/{case}/files': files({ audience: 'shared' }),
  'POST /sign-in': { mail: 'nobody@example.org', password: 'a wrong password' }, 'POST /sign-in/organisation': {}, 'POST /sign-in/demo': { person: never('p') }, 'POST /first-run': { code: 'none' },
  'POST /sign-in/code': {}, 'POST /sign-in/factor': {}, 'POST /account/do/{command}': {}, 'POST /administration/do/{command}': {},
  'POST /sign-out': {}, 'POST /step-up': {}, 'POST /cases': { title: 'From a form' }, 'POST /cases/{case}/do/{command}': { audience: 'shared', topic: 'From a form', text: 'Hello.' },
};
// These change the case for what comes after them, so they come last, in this order.
const last = ['/invitation', '/answer', '/embargo/proposals', '/triage', '/claims/{claim}/refuse', '/claims/{claim}/adopt', '/hold', '/refuse', '/settle', '/drop', '/suspend', '/restore', '/remove', '/embargo/end', '/leave', '/sign-out'];
const weight = (op) => 1 + last.findIndex((end) => op.startsWith('POST') && op.endsWith(end));

const published = isMainThread ? undefined : watch();
let operations = [];  // { op, verb, path, open, api }
const statuses = new Map();  // op → kind → state → status
let seen = new Set(), faults = [];  // what has succeeded, and what was answered otherwise than published
// Posts that only ask, or move the caller's own mark.
const asks = ['POST /api/v1/gate/ask', 'POST /api/v1/threats/lookup', 'POST /api/v1/cases/{case}/read', 'POST /api/v1/regimes/evaluate', 'POST /api/v1/regimes/evaluate/page', 'POST /api/v1/content/signs',
  ...['what-if', 'cost', 'reach', 'divergences', 'divergences/comment'].map((question) => `POST /api/v1/regimes/${question}`)];
const wrong = { unauthenticated: [], hidden: [], missing: [], broken: [], scope: [], setup: [], content: [], others: [] };
// Who may not read content (model §2), and who may not know of the other vendors (EXI-10).
const blind = (kind, state) => outsiders.includes(kind) || no_credential.includes(kind) || kind.startsWith('invited') || kind === 'accepted vendor' || kind === 'token without case_read' || (kind === 'vendor not signed' && ['active', 'revise'].includes(state));
const unaware = ['invited vendor staff', 'invited vendor admin', 'vendor staff', 'vendor admin', 'vendor not signed', 'observer', 'finder with account', 'counsel', 'token of case_read', 'accepted vendor', 'vendor by session'];

// A deadline, so that an answer that never comes is a failure of its own.
// Who is told to wait does: what a caller is answered then says nothing of its rights.
const send = (cast, verb, path, body, headers) => patiently(() => ask(cast.site.url + path, { verb, body, headers, deadline: 60_000 }));

async function request(operation, scene, paths) {
  const { op, verb, api } = operation;
  const fill = (name) => paths[name] ?? { token: never('t'), session: never('n'), glass: never('b'), command: 'open_thread', regime: 'iso-29147-2018', decision: never('y'), tracking: 'EX-1', year: '2031', file: 'x.json', object: 'tool--2dda25c8-933c-4944-9185-ba707ff863c0', widening: never('l'), pseudonym: 'member-0123456789abcdef', reveal: never('b'), recall: '2dda25c8-933c-4944-9185-ba707ff863c0', status: '2dda25c8-933c-4944-9185-ba707ff863c0', threat_report: '2dda25c8-933c-4944-9185-ba707ff863c0', peer: '2dda25c8-933c-4944-9185-ba707ff863c0', mitigation: never('y'), webhook: '2dda25c8-933c-4944-9185-ba707ff863c0' }[name] ?? never('x');
  const of_page = { version: '1', file: 'x.json' };
  let path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => (!api && !operation.path.startsWith('/cases/') && of_page[name]) || fill(name));
  if (path.endsWith('/files') && verb === 'POST') path += '?name=a.txt&audience=shared';
  if (path === '/api/v1/search') path += '?q=overflow';
  if (path === '/api/v1/regimes/compare') path += '?a=cn-cac-2019d&b=cn-miit-2019d';
  const { cast } = scene;
  const taxii = path.startsWith('/taxii2/');
  const made = api ? bodies[op]?.(scene, cast) : pages[op];
  let body = made ?? undefined;
  const headers = { ...scene.headers, ...(scene.token ? { authorization: `Bearer ${scene.token}` } : {}) };
  if (body !== undefined && !(body instanceof Uint8Array) && !(body instanceof FormData)) {
    headers['content-type'] = api ? 'application/json' : taxii ? 'application/taxii+json' : 'application/x-www-form-urlencoded';
    body = api || taxii ? JSON.stringify(body) : new URLSearchParams(body).toString();
  }
  if (taxii) headers.accept = 'application/taxii+json';
  if (verb === 'PUT' || verb === 'PATCH') headers['if-match'] = (await send(cast, 'GET', path, undefined, { ...headers, 'content-type': 'text/plain' })).headers.etag ?? '"0"';
  return send(cast, verb, path, body, headers);
}

// What may differ between two answers for the same thing: the request's id, the second, the id that was asked for, and the form token of the session.
const masked = (answer, paths) => {
  const { date, 'x-request-id': _, ...headers } = answer.headers;
  let all = JSON.stringify({ status: answer.status, headers, text: answer.text }).replaceAll(/q_[0-9a-z]{26}/g, 'q_').replaceAll(/(name=\\"csrf\\" value=\\")[0-9a-f]{32}/g, '$1');
  for (const id of Object.values(paths)) if (/^[a-z]_/.test(id)) all = all.replaceAll(id, 'ID');
  return all;
};

// What one thread asks, and what it saw.
async function asked(thread) {
  const casts = Array.from({ length: sites }, () => new Cast());
  await Promise.all(casts.map((cast) => cast.start()));
  const file = (await casts[0].site.call(undefined, 'GET', '/api/v1/openapi.json')).json;
  for (const [path, verbs] of Object.entries(file.paths))
    for (const [verb, what] of Object.entries(verbs)) operations.push({ op: `${verb.toUpperCase()} ${path}`, verb: verb.toUpperCase(), path, open: what.security?.length === 0, api: true, scope: what['x-scope'] });
  const table = readFileSync(new URL('../../src/web/routes.cpp', import.meta.url), 'utf8');
  for (const [, verb, path, caller] of table.matchAll(/\{Verb::(\w+), "([^"]+)", Caller::(\w+)/g))
    if (!path.startsWith('/api/')) operations.push({ op: `${verb.toUpperCase()} ${path}`, verb: verb.toUpperCase(), path, open: caller === 'Anyone', api: false });
  const ordered = operations.map((o, i) => ({ o, i })).sort((a, b) => weight(a.o.op) - weight(b.o.op) || a.i - b.i).map(({ o }) => o);

  // A credential that ended is none in whatever state a case is: one state will do.
  const cells = states.flatMap((state) => kinds.filter((kind) => state === states[0] || !no_credential.includes(kind)).map((kind) => ({ state, kind })));
  cells.forEach((cell, i) => { cell.n = i + 1; });
  // Shared out by principal, not to whoever is free: what a site answers of all its cases is the same in each run, then, and one site knows a principal in every state.
  const share = (kind) => kinds.indexOf(kind) % (threads * sites);
  await Promise.all(casts.map(async (cast, i) => { cast.visited = 0; for (const cell of cells.filter(({ kind }) => share(kind) === thread * sites + i)) await visit(cast, cell, ordered); }));
  await Promise.all(casts.map((cast) => cast.site.remove()));
  return { operations, statuses, wrong, seen: await published.seen(), faults: await published.faults() };
}

before(async () => {
  const answers = await Promise.all(Array.from({ length: threads }, (_, n) => new Promise((resolve, reject) => new Worker(new URL(import.meta.url), { workerData: n }).once('message', resolve).once('error', reject).once('exit', reject))));
  for (const one of answers) {
    operations = one.operations;
    for (const [list, found] of Object.entries(one.wrong)) wrong[list].push(...found);
    for (const [op, row] of one.statuses) for (const [kind, cells] of row) statuses.set(op, (statuses.get(op) ?? new Map()).set(kind, { ...statuses.get(op)?.get(kind), ...cells }));
    seen = new Set([...seen, ...one.seen]);
    faults.push(...one.faults);
  }
}, { timeout: 5_400_000 });

// One principal in one state: everything is asked for what is there, and in the first state for what never was as well, which has no state and is compared in each.
// What names no case and no report has no state either, and is asked in the first alone.
const of_never = new Map();  // principal and operation → what the id that never was is answered
async function visit(cast, cell, ordered) {
  const { kind, state } = cell;
  if (cast.visited++ % 4 === 0) await cast.renew();
  let scene;
  try { scene = await cast.scene(kind, state, cell.n); } catch (error) {
    wrong.setup.push(`${kind}, ${state}: ${error.message}`);
    return;
  }
  for (const operation of ordered) {
    // These are limited by address, and all the cast has one.
    if (['POST /mailbox', 'POST /sign-in', 'POST /first-run'].includes(operation.op) && !(kind === 'nobody' && state === 'active')) continue;
    if (operation.api ? !(operation.op in bodies) : !(operation.op in pages)) continue;
    const { op } = operation;
    const has_state = /\{(case|report)\}/.test(operation.path);
    if (!has_state && state !== states[0]) continue;
    // The owner's policy gives a vendor a second, which is over or not by the real clock.
    if (op === 'POST /api/v1/cases/{case}/without' && kind.startsWith('owner')) await expect(200, cast.as('site', 'POST', '/api/v1/demo/clock', { to: cast.ahead(5000).toISOString() }));
    // The id that never was comes first: a command that works would otherwise have changed the case before.
    const key = `${kind} ${op}`;
    if (has_state && !of_never.has(key)) {
      const { status, text, ...rest } = await request(operation, scene, cast.paths_never(scene.paths));
      of_never.set(key, { status, text, masked: masked({ status, text, ...rest }, cast.paths_never(scene.paths)) });
    }
    const unknown = has_state ? of_never.get(key) : undefined;
    const answer = await request(operation, scene, scene.paths);
    if (!statuses.has(op)) statuses.set(op, new Map());
    if (!statuses.get(op).has(kind)) statuses.get(op).set(kind, {});
    statuses.get(op).get(kind)[state] = answer.status;
    const where = `${kind}, ${state}: ${op} → ${answer.status}`;
    if (answer.status >= 500) wrong.broken.push(`${where} ${answer.text.slice(0, 300)}`);
    if (unknown && unknown.status >= 500) wrong.broken.push(`${kind}, ${state}: ${op}, unknown id → ${unknown.status} ${unknown.text.slice(0, 300)}`);
    if ((kind === 'nobody' || no_credential.includes(kind)) && !operation.open && (operation.api ? answer.status !== 401 : ![401, 303].includes(answer.status))) wrong.unauthenticated.push(where);
    if (unknown && operation.api && outsiders.includes(kind)) {
      if (answer.status !== 404) wrong.hidden.push(`${where}, should be 404: ${answer.text.slice(0, 200)}`);
      else if (masked(answer, scene.paths) !== unknown.masked) wrong.hidden.push(`${where} differs from an unknown id:\n  ${masked(answer, scene.paths)}\n  ${unknown.masked}`);
    }
    if (unknown && !operation.api && outsiders.includes(kind) && masked(answer, scene.paths) !== unknown.masked)
      wrong.hidden.push(`${where} differs from an unknown id (${unknown.status})`);
    // Whoever asks: what is answered as missing is answered like what never was.
    if (unknown && answer.status === 404 && masked(answer, scene.paths) !== unknown.masked) wrong.missing.push(`${where} differs from an unknown id:\n  ${masked(answer, scene.paths)}\n  ${unknown.masked}`);
    // Its scope is the caller's own: asked before any object.
    if (kind === 'token of case_read' && operation.api && operation.verb !== 'GET' && !operation.open && !asks.includes(op) && !/\{token\}|\{session\}/.test(op)) {
      if (answer.status !== 403) wrong.scope.push(`${where}, should be 403`);
      if (unknown && unknown.status !== 403) wrong.scope.push(`${kind}, ${state}: ${op}, unknown id → ${unknown.status}, should be 403`);
    }
    if (kind === 'token of case_read' && op === 'POST /api/v1/reports' && answer.status !== 403) wrong.scope.push(`${where}, should be 403: it lacks report_write`);
    if (kind === 'token without case_read' && operation.scope && operation.scope !== 'report_write' && answer.status !== 403) wrong.scope.push(`${where}, should be 403: it has report_write alone`);
    // Words of the content, and names of others in the case, in what must not show them.
    if (operation.path.includes('{case}') && operation.verb === 'GET') {
      if (blind(kind, state) && /Overflow|poc\.txt|ships which|Parser|overflows/.test(answer.text)) wrong.content.push(where);
      if (unaware.includes(kind) && !operation.path.includes('{organisation}') && (answer.text.includes(cast.orgs.peer.id) || answer.text.includes('Peer'))) wrong.others.push(`${where} names another participant`);
    }
  }
}

const none = (list) => assert.equal(list.length, 0, `${list.length}:\n${list.slice(0, 60).join('\n')}`);

test('every operation has a row here', () => {
  const known = new Set([...Object.keys(bodies), ...Object.keys(pages)]);
  none(operations.filter((o) => !known.has(o.op)).map((o) => `uncovered: ${o.op}`));
});
test('every principal can be brought into its part', () => none(wrong.setup));
test('nothing breaks: no 5xx for anybody', () => none(wrong.broken));
test('without sign-in, 401 on everything that is not public', () => none(wrong.unauthenticated));
test('to an outsider a case is 404, byte for byte like one that never was', () => none(wrong.hidden));
test('to whomever a 404 is the same bytes, whatever is behind it', () => none(wrong.missing));
test('a token does what its scopes say; scope is asked before any object', () => none(wrong.scope));

test('who may not read content is shown none of its words', () => none(wrong.content));
test('a participant is told of the owner, the coordinators and itself only', () => none(wrong.others));

test('every answer, and every body that was taken, is as the OpenAPI file says', () => none(faults));
// But for those that need more of a story: tests/e2e/operations, two_persons, intake, sign_in, remedies, parties, situations, use_cases, regimes, case_threats, threat_lookup, leaks and points, each with its list.
// Recalls, releases to more readers and clients: tests/e2e/recalls.test.mjs. Pseudonyms: tests/e2e/pseudonyms.test.mjs.
const elsewhere = [
  'POST /api/v1/threats/reports', ...['', '/page', '/csv', '/stix', '/behind', '/release'].map((what) => `GET /api/v1/threats/reports/{threat_report}${what}`), ...['versions', 'show', 'endorse', 'endorse/withdraw', 'withdraw', 'told', 'release'].map((what) => `POST /api/v1/threats/reports/{threat_report}/${what}`),
  'GET /api/v1/threats/collections/{collection}/groups', 'POST /api/v1/threats/collections/{collection}/groups', ...['ask', 'join', 'leave'].map((what) => `POST /api/v1/threats/collections/{collection}/groups/{group}/${what}`),   // tests/e2e/threat_reports.test.mjs
  'GET /api/v1/threats/collections/{collection}/objects/{object}/origins', 'GET /api/v1/threats/peers/{peer}', 'POST /api/v1/threats/peers', ...['pause', 'resume', 'pull', 'remove'].map((what) => `POST /api/v1/threats/peers/{peer}/${what}`),   // tests/e2e/peers.test.mjs
  'POST /api/v1/threats/collections/{collection}/pseudonyms', 'POST /api/v1/threats/pseudonyms/{pseudonym}/tokens', 'POST /api/v1/threats/pseudonyms/{pseudonym}/reveals', 'POST /api/v1/threats/reveals/{reveal}/agree', 'POST /api/v1/threats/reveals/{reveal}/refuse', 'GET /api/v1/threats/reveals',
  'POST /api/v1/organisations/{organisation}/clients', 'POST /api/v1/threats/recalls/{recall}/acknowledge', 'POST /api/v1/threats/collections/{collection}/objects/{object}/recall', 'GET /api/v1/threats/collections/{collection}/objects/{object}/deliveries',
  'POST /api/v1/threats/collections/{collection}/early', 'POST /api/v1/threats/collections/{collection}/widenings', ...['approve', 'refuse', 'withdraw'].map((what) => `POST /api/v1/threats/collections/{collection}/widenings/{widening}/${what}`),
  'POST /api/v1/cases/{case}/mitigations/collections', 'POST /api/v1/cases/{case}/mitigations/{mitigation}/share', 'POST /api/v1/cases/{case}/mitigations/{mitigation}/decline',
  'POST /api/v1/threats/webhooks', 'GET /api/v1/threats/webhooks/{webhook}', ...['pause', 'resume', 'secret', 'test', 'remove'].map((what) => `POST /api/v1/threats/webhooks/{webhook}/${what}`),   // tests/e2e/webhooks.test.mjs
  'POST /api/v1/cases/{case}/threat-objects/{object}/drop', 'POST /api/v1/cases/{case}/threat-objects/collections', 'POST /api/v1/cases/{case}/facts/corrections/end', 'POST /api/v1/cases/{case}/content/classes', 'GET /api/v1/cases/{case}/notices/{notice}/text', 'POST /api/v1/cases/{case}/notices/{notice}/drop', 'POST /api/v1/cases/{case}/notices/{notice}/clear', 'POST /api/v1/cases/{case}/area-reports/{area}/publish', ...['suspend', 'restore', 'end', 'role'].map((what) => `POST /api/v1/organisations/{organisation}/people/{person}/${what}`),
  ...['disable', 'enable', 'factor/reset', 'factor/reset/confirm', 'factor/reset/refuse'].map((what) => `POST /api/v1/people/{person}/${what}`),
  'GET /api/v1/factor', 'POST /api/v1/factor/begin', 'POST /api/v1/factor', 'POST /api/v1/factor/recovery-codes', 'POST /api/v1/factor/drop',
  'GET /api/v1/break-glass', 'POST /api/v1/break-glass', 'POST /api/v1/break-glass/{glass}/confirm', 'POST /api/v1/break-glass/{glass}/close', 'POST /api/v1/cases/{case}/releases/{release}/early',
  'POST /api/v1/tokens/{token}/revoke', 'POST /api/v1/tokens/certificates', 'GET /api/v1/sessions', 'POST /api/v1/sessions/{session}/end', 'GET /api/v1/reports/{report}/files/{file}', 'POST /api/v1/cases/{case}/remedies/reopen',
  'POST /api/v1/cases/{case}/claims/{claim}/adopt', 'POST /api/v1/cases/{case}/releases/{release}/hold', 'POST /api/v1/cases/{case}/requests/{request}/refuse', 'POST /api/v1/cases/{case}/erasures',
  'POST /api/v1/cases/{case}/owner/take', 'POST /api/v1/cases/{case}/duplicates', 'POST /api/v1/cases/{case}/remedies/waits', 'POST /api/v1/cases/{case}/remedies/waits/end',
  'POST /api/v1/cases/{case}/participants/{organisation}/unplan', 'POST /api/v1/cases/{case}/merge', 'POST /api/v1/cases/{case}/embargo/settle', 'POST /api/v1/cases/{case}/embargo/proposals/{version}/ask',
  'POST /api/v1/cases/{case}/releases/{release}/waive', 'POST /api/v1/cases/{case}/remedies/assessments', 'POST /api/v1/cases/{case}/releases/readiness', 'GET /api/v1/measures/export', 'GET /api/v1/measures/export.csv',
  'GET /api/v1/threats/collections/{collection}/objects/{object}', 'GET /api/v1/threats/collections/{collection}/objects/{object}/score', 'POST /api/v1/threats/collections/{collection}/objects/{object}/doubts', 'POST /api/v1/threats/collections/{collection}/objects/{object}/doubts/decide', 'POST /api/v1/threats/tables', 'POST /api/v1/threats/tables/{proposal}/vote'];
test('every operation was seen to succeed', () => {
  none(operations.filter((o) => o.api && !seen.has(o.op) && !elsewhere.includes(o.op)).map((o) => o.op));
});

test('the whole table is docs/roles.md', () => {
  const lines = ['# What each role is answered', '', 'Made by tests/roles/matrix.test.mjs from a running site; each cell is the status for an embargo that is active, proposed, over, that there is none of, that is being revised, and that ended since it is public (one number where they agree).',
    'Each column is a principal with a case of its own in which it has that part. 404 on a case means: for this principal it isn\'t there. 409 and 422: it was let in, and the state or the form refused.', ''];
  const groups = [['Beside the cases', (o) => o.api && !/\{case\}|\{report\}/.test(o.path)], ['Reports', (o) => o.path.includes('{report}')], ['Reading a case', (o) => o.api && o.path.includes('{case}') && o.verb === 'GET'],
    ['Acting on a case', (o) => o.api && o.path.includes('{case}') && o.verb !== 'GET'], ['Pages and public files', (o) => !o.api]];
  for (const [title, belongs] of groups) {
    lines.push(`## ${title}`, '', `| operation | ${kinds.join(' | ')} |`, `|---|${kinds.map(() => '---|').join('')}`);
    for (const operation of operations.filter(belongs)) {
      const row = statuses.get(operation.op);
      if (!row) continue;
      lines.push(`| ${operation.op.replace('/api/v1', '')} | ${kinds.map((kind) => {
        const all = states.filter((state) => state === states[0] || (!no_credential.includes(kind) && /\{(case|report)\}/.test(operation.path))).map((state) => row.get(kind)?.[state] ?? '·');
        return new Set(all).size === 1 ? all[0] : all.join(' ');
      }).join(' | ')} |`);
    }
    lines.push('');
  }
  const made = `${lines.join('\n').trimEnd()}\n`;
  if (process.env.SLUICE_UPDATE_GOLDEN) writeFileSync(page, made);
  const golden = readFileSync(page, 'utf8').split('\n');
  const now = made.split('\n');
  const differs = now.filter((line, i) => line !== golden[i]).map((line) => `now:    ${line}\ngolden: ${golden.find((g) => g.split(' | ')[0] === line.split(' | ')[0]) ?? 'no such row'}`);
  none(differs);
  assert.equal(now.length, golden.length);
});

if (!isMainThread) parentPort.postMessage(await asked(workerData));
