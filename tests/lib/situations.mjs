// The small cast of the situations (docs/situations.md), on one site with a scripted clock; and what holds the page to what the site says.
//
//   situation('FIRST 2.5', 'A vendor does not fix', async (s) => { … })
//     runs the scenario and then compares with the section of that name: whatever was suggested or refused in it stands there, and whatever stands there happened.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { Site, expect, sluice } from './site.mjs';

export { expect };
const day = 86_400_000;
const text = (time) => new Date(time).toISOString().replace(/\.\d+/, '');

// ---- the page: a section is { suggested: [{who, letters, items}], closed: [{who, step, reason}], refused: [words] }
export function sections(markdown) {
  const out = new Map();
  for (const part of markdown.split(/^## /m).slice(1)) {
    const [heading, ...lines] = part.split('\n');
    const one = { suggested: [], closed: [], refused: [] };
    const quoted = (line) => [...line.matchAll(/"([^"]+)"/g)].map(([, words]) => words);
    for (const line of lines) {
      const suggested = line.match(/^- suggested to the ([a-z ]+) at `(\w+)`: (.*)/);
      const closed = line.match(/^- not open to the ([a-z ]+): `([a-z._]+)`, (.*)/);
      const refused = line.match(/^- refused: (.*)/);
      if (suggested) one.suggested.push({ who: suggested[1], letters: suggested[2], items: quoted(suggested[3]) });
      if (closed) one.closed.push({ who: closed[1], step: closed[2], reason: quoted(closed[3])[0] });
      if (refused) one.refused.push(...quoted(refused[1]));
    }
    out.set(heading.trim(), one);
  }
  return out;
}
const page = sections(readFileSync(new URL('../../docs/situations.md', import.meta.url), 'utf8'));
// Words of the page, in which … stands for what differs from run to run (a date, a name).
const fits = (words, said) => new RegExp(`^${words.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')}$`, 's').test(said);

function compare(name, seen) {
  const section = page.get(name);
  assert.ok(section, `docs/situations.md has no section "${name}"`);
  for (const line of section.suggested) {
    const visit = seen.suggested.find((one) => one.who === line.who && one.letters === line.letters && line.items.every((item) => one.items.includes(item)));
    assert.ok(line.items.length && visit, `the page has suggested to the ${line.who} at ${line.letters}: ${line.items.join(' ')}\nthe site: ${JSON.stringify(seen.suggested.filter((one) => one.who === line.who), undefined, 1)}`);
  }
  for (const visit of seen.suggested) assert.ok(section.suggested.some((line) => line.who === visit.who && line.letters === visit.letters), `suggested to the ${visit.who} at ${visit.letters}, and not on the page: ${visit.items.join(' ')}`);
  for (const line of section.closed) {
    const said = seen.closed.filter((one) => one.who === line.who && one.step === line.step).map((one) => one.reason);
    assert.ok(said.some((reason) => fits(line.reason, reason)), `the page: not open to the ${line.who}: ${line.step}, ${line.reason}\nthe site: ${said.join('\n')}`);
  }
  for (const words of section.refused) assert.ok(seen.refused.some((said) => fits(words, said)), `the page: refused: ${words}\nthe site: ${seen.refused.join('\n')}`);
  for (const said of seen.refused) assert.ok(section.refused.some((words) => fits(words, said)), `refused, and not on the page: ${said}`);
}

// ---- people
class Party {
  constructor(stage, org, person, name) { Object.assign(this, { stage, org, person, name, uses: 0 }); }
  // A token's high scopes last a day (AUT-6), and it has so many writes: another one before either runs out.
  get token() {
    if (!this.secret || this.stage.now - this.issued > day / 2 || ++this.uses > 120) Object.assign(this, { secret: this.stage.site.token(this.person), issued: this.stage.now, uses: 0 });
    return this.secret;
  }
  call(verb, path, body, headers) { return this.stage.site.call(this.token, verb, path, body, headers); }
  get(path) { return expect(200, this.call('GET', path)); }
  do(path, body) { return expect(200, this.call('POST', path, body)); }
  make(path, body) { return expect(201, this.call('POST', path, body)); }
  // By command line, with what it reads from standard input.
  cli(args, input) {
    const file = join(this.stage.site.dir, `${this.person}.token`);
    writeFileSync(file, this.token);
    return sluice([...args, '--site', this.stage.site.url, '--token-file', file], { input: input && JSON.stringify(input) });
  }
}

export class Stage {
  site = new Site({ demo: true });
  published = watch();
  now = Math.ceil(Date.now() / day) * day + day;
  count = 0;

  async start() {
    const { site } = this;
    const party = (name, kind, person = `${name} person`, role = 'admin', org = site.org(name, kind)) => new Party(this, org, site.person(org, person, role), name);
    this.root = new Party(this, site.organisation, site.person(site.organisation, 'Site admin', 'admin'));
    this.vendor = party('Example Vendor', 'vendor', 'Vera Vendor');
    this.second = party('Example Vendor', 'vendor', 'Second Vendor', 'admin', this.vendor.org);
    this.coordinator = party('Example Coordination', 'coordinator', 'Cora Coordinator');
    this.colleague = party('Example Coordination', 'coordinator', 'Carl Colleague', 'admin', this.coordinator.org);
    this.downstream = party('Downstream Devices', 'vendor');
    this.peer = party('Peer Products', 'vendor');
    this.quick = party('Quick Releases', 'vendor');
    this.finder = party('Finders', 'finder');
    this.absent = { org: site.org('Absent Appliances', 'vendor') };
    await site.serve(['--intake-limits', 'off', '--tick', '500ms']);
    await this.pass(0);
    await this.profile(this.vendor, { takes_reports: true, policy: { embargo: { preferred: 'P45D' }, scope: 'What we ship; not our web shop.', good_faith: 'Who acts in good faith is thanked, not sued.', vendor_answers_within: 'P14D' } });
    await this.profile(this.coordinator, { takes_reports: true, policy: { embargo: {}, vendor_answers_within: 'P14D' } });
    await this.profile(this.peer, { takes_reports: true });
    await this.profile(this.quick, { policy: { embargo: { preferred: 'P7D', maximum: 'P10D' } } });
  }
  async profile(who, profile) {
    const path = `/api/v1/organisations/${who.org}`;
    await expect(200, who.call('PUT', path, { name: who.name, ...profile }, { 'if-match': (await who.call('GET', path)).headers.get('etag') }));
  }
  // The scripted clock goes on; what falls due is the server's own timer's to do.
  async pass(days) {
    this.now += days * day;
    this.root.secret = undefined;
    await this.root.do('/api/v1/demo/clock', { to: text(this.now) });
  }
  later(days) { return text(this.now + days * day); }
}

export async function eventually(what, check) {
  for (let tries = 0; tries < 1200; ++tries) {
    const found = await check();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return assert.fail(`never: ${what}`);
}

// ---- a case in a scenario
export class Scene {
  constructor(stage, title) {
    Object.assign(this, stage);   // the cast, by name
    Object.assign(this, { stage, title, seen: { suggested: [], closed: [], refused: [] } });
  }
  later(days) { return this.stage.later(days); }
  pass(days) { return this.stage.pass(days); }

  // A report without an account, to `owner`, who gets a case by it. `this` becomes that case.
  async reported(owner, more = {}) {
    const report = await expect(201, this.site.call(undefined, 'POST', '/api/v1/reports', { to: owner.org, title: this.title, description: 'A long name overflows a buffer.', product: 'parser', contacted_vendor: false, ...more }));
    return this.is(owner, await this.case_of(owner, more.title ?? this.title), report);
  }
  async case_of(owner, title) { return (await owner.get('/api/v1/cases?limit=200')).items.find((one) => one.title === title).id; }
  async is(owner, id, report) {
    Object.assign(this, { owner, id, kase: `/api/v1/cases/${id}`, report, code: report && { 'sluice-report-code': report.code } });
    this.vulnerability = (await owner.get(this.kase)).vulnerabilities[0]?.id;
    return this;
  }
  async opened(owner) {
    const { id } = await owner.make('/api/v1/cases', { title: this.title });
    await this.is(owner, id);
    await this.accepts(owner);
    this.vulnerability = (await owner.make(`${this.kase}/vulnerabilities`, { title: this.title, description: 'A long name overflows a buffer.' })).vulnerability;
    return this;
  }
  async accepts(who) { for (const action of ['validate', 'accept']) await who.do(`${this.kase}/triage`, { action }); }
  async product(who, name = 'Parser', vendor) { return (await who.make(`${this.kase}/products`, { name, version: '1.0', ...(vendor ? { vendor: vendor.org } : {}) })).product; }
  async joins(who, roles = ['vendor']) {
    await this.owner.make(`${this.kase}/participants`, { organisation: who.org, roles, essential_because: 'ships the parser' });
    await this.enters(who);
  }
  // Accepts the invitation with the terms that run, and is confirmed by the owner.
  async enters(who, { confirmed = false } = {}) {
    const { running } = (await who.get(this.kase)).embargo;
    await who.do(`${this.kase}/invitation`, { accepted: true, ...(running ? { terms: running } : {}) });
    if (!confirmed) await this.owner.do(`${this.kase}/participants/${who.org}/confirm`, { checked_how: 'called the known number' });
  }
  remedy(product, more = {}) { return { vulnerability: this.vulnerability, product, ...more }; }
  affected(who, product) { return who.do(`${this.kase}/statuses`, this.remedy(product, { status: 'affected' })); }
  async fixes(who, product, upto = 'validated') {
    for (const step of ['identified', 'developed', 'validated', 'distributed', 'deployed']) {
      if (step === 'validated') await who.do(`${this.kase}/remedies/assessments`, this.remedy(product, { passed: true, tested_by: 'its own laboratory', where: 'on the bench' }));
      await who.do(`${this.kase}/remedies`, this.remedy(product, { step, version: '1.1' }));
      if (step === upto) return;
    }
  }
  embargo(who = this.owner) { return who.get(`${this.kase}/embargo`); }
  async claims(who, fact, evidence = 'a post on a public list') { return (await who.make(`${this.kase}/claims`, { vulnerability: this.vulnerability, fact, evidence })).claim; }
  adopts(claim, more = {}) { return this.owner.do(`${this.kase}/claims/${claim}/adopt`, more); }
  async becomes(who, fact, more) { return this.adopts(await this.claims(who, fact), more); }

  // A second person approves an advisory about this case; answers what a release of it takes.
  async advisory(second, fix = true) {
    const n = ++this.stage.count, cve = `CVE-2031-${String(1000 + n)}`;
    await this.owner.do(`${this.kase}/vulnerabilities/${this.vulnerability}/identifier`, { identifier: cve });
    const document = {
      id: `EX-2031-${String(1000 + n)}`, title: this.title, summary: 'A long name overflows a buffer.', language: 'en', tlp: 'clear', status: 'final',
      publisher: { name: 'Example Vendor', category: 'vendor', namespace_uri: 'https://vendor.example' },
      initial_release: this.later(0), current_release: this.later(0), revisions: [{ number: 1, date: this.later(0), summary: 'Initial version.' }],
      products: [{ id: 'parser-1.0', vendor: 'Example Vendor', name: 'Parser', version: '1.0' }, ...(fix ? [{ id: 'parser-1.1', vendor: 'Example Vendor', name: 'Parser', version: '1.1' }] : [])],
      vulnerabilities: [{
        cve, title: this.title, description: 'A long name overflows a buffer in Parser 1.0.', cwe: { id: 'CWE-120', name: "Buffer Copy without Checking Size of Input ('Classic Buffer Overflow')" },
        cvss: [{ vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
        statuses: [{ product: 'parser-1.0', status: 'known_affected' }, ...(fix ? [{ product: 'parser-1.1', status: 'fixed' }] : [])],
        remediations: [fix ? { category: 'vendor_fix', details: 'Update to 1.1.', products: ['parser-1.0'] } : { category: 'mitigation', details: 'Switch the parser off.', products: ['parser-1.0'] }],
        references: [{ summary: 'Notes', url: 'https://vendor.example/notes', category: 'external' }], notes: [{ category: 'description', text: 'A long name overflows a buffer.' }],
      }],
    };
    const { advisory, hash } = await this.owner.make(`${this.kase}/advisories`, { document });
    await second.do(`${this.kase}/advisories/${advisory}/versions/1/approve`, { hash });
    return { advisory, version: 1 };
  }
  async plans(advisory, instant) { return (await this.owner.make(`${this.kase}/releases`, { ...advisory, instant })).release; }
  async release(id) { return (await this.owner.get(`${this.kase}/releases`)).items.find((one) => one.id === id); }
  released(id) { return eventually('the release fires', async () => (await this.release(id)).state === 'released'); }
  async letters(product) { return (await this.owner.get(`${this.kase}/vulnerabilities`)).items.find((v) => v.id === this.vulnerability).states.find((s) => s.product === product)?.letters; }

  // What `who`, known to the page as `as`, is told that it could do about a product whose letters are these.
  async suggested(as, who, product, letters) {
    const { items } = await who.get(`${this.kase}/steps`);
    for (const one of items) if (one.do && !one.possible) this.seen.closed.push({ who: as, step: one.do, reason: one.reason });
    if (!product) return items;
    assert.equal(await this.letters(product), letters);
    this.seen.suggested.push({ who: as, letters, items: items.filter((one) => one.suggestion && one.product === product && one.vulnerability === this.vulnerability).map((one) => one.suggestion) });
    return items;
  }
  async refused(status, promise) {
    const answer = await promise;
    assert.equal(answer.status, status, answer.text);
    this.seen.refused.push(answer.json.detail);
    return answer.json;
  }
  // Asked for by the owner's one person and confirmed by its other.
  async both(path, body, second) {
    const { request } = await expect(202, this.owner.call('POST', `${this.kase}${path}`, body));
    await second.do(`${this.kase}/requests/${request}/confirm`);
  }
}

const stage = new Stage();
export function situations() {
  before(() => stage.start());
  after(() => stage.site.remove());
}
export function situation(id, title, scenario) {
  test(`${id}: ${title}`, async () => {
    const scene = new Scene(stage, `${id}: ${title}`);
    await scenario(scene);
    compare(`${id}: ${title}`, scene.seen);
  });
}
export function published() {
  test('every answer, and every body that was taken, was as the OpenAPI file says', async () => assert.deepEqual(await stage.published.faults(), []));
}
