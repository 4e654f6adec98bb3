// The cast of the role matrix: every kind of principal, each with a case of its own in which it has just that part.
import { Site, expect, sluice } from '../lib/site.mjs';
import { issue, patiently, sign_in } from '../lib/operations.mjs';

export const kinds = [
  'nobody', 'reporter by code', 'finder with account', 'stranger', 'invited vendor staff', 'invited vendor admin', 'vendor staff', 'vendor admin', 'vendor not signed', 'suspended', 'removed',
  'owner staff', 'owner admin', 'coordinator', 'observer', 'admin elsewhere', 'auditor', 'counsel', 'instance admin', 'token of case_read', 'token without case_read',
  'accepted vendor', 'left', 'trustee', 'vendor by session', 'ended session', 'revoked token', 'expired token'];
// Of the embargo: active, proposed, over; none, one that is being revised; and one that ended since it is public.
export const states = ['active', 'proposed', 'exited', 'none', 'revise', 'public'];
// For these a case isn't there at all.
export const outsiders = ['stranger', 'suspended', 'removed', 'admin elsewhere', 'auditor', 'instance admin', 'left', 'trustee'];
// These have a credential that is none any more.
export const unknown = ['ended session', 'revoked token', 'expired token'];

export const never = (letter) => `${letter}_00000000000000000000000001`;
const later = (days) => new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+/, '');

export const advisory = (id, about = 'Overflow in the parser') => ({
  id, title: 'Overflow in the parser', summary: 'A long name overflows a buffer.', language: 'en', tlp: 'clear', status: 'final',
  publisher: { name: 'Owner', category: 'vendor', namespace_uri: 'https://owner.example' },
  initial_release: later(200), current_release: later(200), revisions: [{ number: 1, date: later(200), summary: 'Initial version.' }],
  products: [{ id: 'parser-1.0', vendor: 'Owner', name: 'Parser', version: '1.0', purl: 'pkg:npm/parser@1.0.0', ecosystem: 'npm', package: 'parser' },
    { id: 'parser-1.1', vendor: 'Owner', name: 'Parser', version: '1.1', purl: 'pkg:npm/parser@1.1.0', ecosystem: 'npm', package: 'parser' }],
  vulnerabilities: [{
    cve: 'CVE-2031-0001', title: about, description: 'A long name overflows a buffer in Parser 1.0, which leads to remote code execution.',
    cwe: { id: 'CWE-120', name: "Buffer Copy without Checking Size of Input ('Classic Buffer Overflow')" }, cvss: [{ vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    statuses: [{ product: 'parser-1.0', status: 'known_affected' }, { product: 'parser-1.1', status: 'fixed' }],
    remediations: [{ category: 'vendor_fix', details: 'Update to 1.1.', products: ['parser-1.0'] }],
    references: [{ summary: 'Release notes', url: 'https://owner.example/1.1', category: 'external' }], notes: [{ category: 'description', text: 'A long name overflows a buffer.' }],
  }],
});

export class Cast {
  constructor(flags = {}) {
    this.site = new Site({ demo: true, ...flags });
    this.tokens = {};
    this.sessions = {};
  }
  // All but the first person over HTTP: a process of the command line for each would take longer than what is tested.
  async start() {
    const { site } = this;
    const first = { org: site.organisation, id: site.person(site.organisation, 'Site admin', 'admin') };
    await site.serve(['--intake-limits', 'off']);
    this.people = { site: first };
    this.tokens.site = await this.token('site');
    const org = async (name, kind) => ({ id: (await expect(201, this.as('site', 'POST', '/api/v1/organisations', { kind, profile: { name } }))).id, name });
    this.orgs = { owner: await org('Owner', 'vendor'), peer: await org('Peer', 'vendor'), member: await org('Participant', 'vendor'), coordinator: await org('Coordinator', 'coordinator'), finder: await org('Finder', 'finder'),
      observer: await org('Observer', 'authority'), elsewhere: await org('Elsewhere', 'member'), spare: await org('Spare', 'vendor') };
    const person = async (key, name, role) => {
      const mail = `${name.toLowerCase().replaceAll(' ', '.')}@${key}.example`;
      return { org: this.orgs[key].id, id: (await expect(201, this.as('site', 'POST', `/api/v1/organisations/${this.orgs[key].id}/people`, { name, mail, role }))).id };
    };
    for (const [key, of, name, role] of [['owner', 'owner', 'Olga Owner', 'admin'], ['second', 'owner', 'Second Owner', 'admin'], ['ownerStaff', 'owner', 'Staff Owner', 'staff'], ['peer', 'peer', 'Peer', 'admin'],
      ['memberAdmin', 'member', 'Member admin', 'admin'], ['memberStaff', 'member', 'Member staff', 'staff'], ['memberAuditor', 'member', 'Member auditor', 'auditor'], ['memberCounsel', 'member', 'Member counsel', 'counsel'],
      ['memberTrustee', 'member', 'Member trustee', 'trustee'], ['coordinator', 'coordinator', 'Coordinator', 'staff'], ['finder', 'finder', 'Finder', 'staff'], ['observer', 'observer', 'Observer', 'admin'],
      ['elsewhere', 'elsewhere', 'Elsewhere admin', 'admin'], ['stranger', 'elsewhere', 'Stranger', 'staff']]) this.people[key] = await person(of, name, role);
    for (const key of ['owner', 'second', 'peer', 'memberAdmin', 'coordinator', 'finder', 'observer']) this.tokens[key] = await this.token(key);
    // Any organisation reads it, one writes it.
    this.collection = sluice(['collection', 'add', '--data', site.data, '--title', 'Indicators', '--read', '*', '--write', this.orgs.member.id]).last;
    const at = `/api/v1/organisations/${this.orgs.owner.id}`;
    const etag = (await this.as('owner', 'GET', at)).headers.get('etag');
    await expect(200, this.as('owner', 'PUT', at, { name: 'Owner', takes_reports: true, policy: { embargo: {}, vendor_answers_within: '1s' } }, { 'if-match': etag }));
  }
  // From one session a person: sign-ins from one address are few (WEB-9). Its step-up lasts ten minutes.
  async token(key, scopes = 'all') {
    const had = this.sessions[key];
    const made = had && (await patiently(() => this.site.call(undefined, 'POST', '/api/v1/tokens', { scopes }, had)));
    return made?.status === 201 ? made.json.token : issue(this.site, (this.sessions[key] = await sign_in(this.site, this.people[key].id)), scopes);
  }
  // A token has 200 writes; the cast's own are renewed before each case.
  async renew() { for (const key of Object.keys(this.tokens)) this.tokens[key] = await this.token(key); }
  as(key, verb, path, body, headers) { return patiently(() => this.site.call(this.tokens[key], verb, path, body, headers)); }

  // A case in `state`, with content, in which `kind` has its part. `paths` are the ids that stand in routes.
  async scene(kind, state, n = 0) {
    const { orgs } = this;
    const as = (...args) => this.as(...args);
    const byCode = kind === 'reporter by code';
    const body = { to: orgs.owner.id, title: `Overflow ${n}`, description: 'A long name overflows a buffer.', product: 'pkg:generic/parser@1.0', contacted_vendor: false };
    const report = await expect(201, kind === 'finder with account' ? as('finder', 'POST', '/api/v1/reports', body) : this.site.call(undefined, 'POST', '/api/v1/reports', body));
    const id = report.case ?? (await expect(200, as('owner', 'GET', '/api/v1/cases?limit=200'))).items.find((c) => c.title === body.title).id;
    const kase = `/api/v1/cases/${id}`;
    for (const action of ['validate', 'accept']) await expect(200, as('owner', 'POST', `${kase}/triage`, { action }));
    const vulnerability = (await expect(200, as('owner', 'GET', kase))).vulnerabilities[0].id;
    const { product } = await expect(201, as('owner', 'POST', `${kase}/products`, { name: 'Parser', version: '1.0' }));
    const { thread, message } = await expect(201, as('owner', 'POST', `${kase}/threads`, { audience: 'shared', topic: 'Plan', text: 'Who ships which version?' }));
    const { file } = await expect(201, as('owner', 'POST', `${kase}/files?name=poc.txt&audience=shared`, new TextEncoder().encode('the proof')));
    const confirm = async (key, person, roles, told = true) => {
      await expect(201, as('owner', 'POST', `${kase}/participants`, { organisation: orgs[key].id, roles, essential_because: 'ships the parser' }));
      if (!told) return;
      await expect(200, as(person, 'POST', `${kase}/invitation`, { accepted: true }));
      await expect(200, as('owner', 'POST', `${kase}/participants/${orgs[key].id}/confirm`, { checked_how: 'called the known number' }));
    };
    await confirm('peer', 'peer', ['vendor']);
    const { group } = await expect(201, as('owner', 'POST', `${kase}/groups`, { name: 'First tier', why: 'they fix it first' }));
    const { claim } = await expect(201, as('peer', 'POST', `${kase}/claims`, { vulnerability, fact: 'p', evidence: 'somebody hinted at it' }));
    const { leak } = await expect(201, as('peer', 'POST', `${kase}/leaks`, { what: 'the plan', where_seen: 'a chat', evidence: 'a picture' }));
    const { target } = await expect(201, as('owner', 'POST', `${kase}/targets`, { step: 'publish', by: later(90), weighed: { severity: 'high' }, why: 'all need a month of tests' }));
    await expect(201, as('owner', 'POST', `${kase}/incident`, { title: 'An intrusion' }));
    const { notice } = await expect(201, as('owner', 'POST', `${kase}/notices`, { form: 'general', to: 'csirt:DE' }));
    const { area } = await expect(201, as('owner', 'POST', `${kase}/area-reports`, { title: 'Zhejiang', text: 'An overview.', regions: ['CN-ZJ'] }));
    const invited = kind.startsWith('invited');
    const members = ['vendor staff', 'vendor admin', 'vendor not signed', 'suspended', 'removed', 'auditor', 'counsel', 'token of case_read', 'token without case_read', 'left', 'trustee', 'vendor by session', ...unknown];
    const in_force = !['proposed', 'none'].includes(state);
    if (members.includes(kind)) await confirm('member', 'memberAdmin', ['vendor']);
    if (kind === 'coordinator') await confirm('coordinator', 'coordinator', ['coordinator']);
    if (kind === 'observer') await confirm('observer', 'observer', ['observer']);
    // What a participant held before terms were proposed, it keeps (model §2).
    const reader = { coordinator: 'coordinator', observer: 'observer' }[kind] ?? (members.includes(kind) ? 'memberAdmin' : undefined);
    if (reader) await expect(200, as(reader, 'GET', kase));
    await expect(200, as('peer', 'GET', kase));
    const own = members.includes(kind) ? (await expect(201, as('memberAdmin', 'POST', `${kase}/products`, { name: 'Device', version: '7' }))).product : product;

    if (state !== 'none') await expect(201, as('owner', 'POST', `${kase}/embargo/proposals`, { until: later(60) }));
    if (in_force) {
      const signers = ['peer', ...(kind === 'finder with account' ? ['finder'] : []), ...(reader && kind !== 'vendor not signed' ? [reader] : [])];
      for (const signer of signers) await expect(200, as(signer, 'POST', `${kase}/embargo/proposals/1/answer`, { accepted: true }));
      await expect(200, as('owner', 'POST', `${kase}/embargo/proposals/1/settle`));
    }
    if (state === 'revise') await expect(201, as('owner', 'POST', `${kase}/embargo/proposals`, { until: later(75) }));
    if (invited || kind === 'accepted vendor') await confirm('member', 'memberAdmin', ['vendor'], false);
    if (kind === 'accepted vendor') await expect(200, as('memberAdmin', 'POST', `${kase}/invitation`, { accepted: true, ...(in_force ? { terms: 1 } : {}) }));
    const draft = await expect(201, as('owner', 'POST', `${kase}/advisories`, { document: advisory(`EX-2031-${String(n).padStart(4, '0')}`, body.title) }));
    if (state === 'exited') await expect(200, as('owner', 'POST', `${kase}/embargo/end`, { reason: 'it is public' }));
    let release = never('l');
    if (state !== 'proposed') {
      await expect(200, as('second', 'POST', `${kase}/advisories/${draft.advisory}/versions/1/approve`, { hash: draft.hash }));
      release = (await expect(201, as('owner', 'POST', `${kase}/releases`, { advisory: draft.advisory, version: 1, instant: later(200) }))).release;
    }
    // Asked by the owner's admin: another person of the owner confirms it.
    const { request } = await expect(202, as('owner', 'POST', `${kase}/decisions`, { kind: 'override', reason: 'users are attacked', who_is_exposed: 'users', how_badly: 'badly', what_they_can_do: 'nothing' }));
    if (state === 'public') await expect(200, as('owner', 'POST', `${kase}/claims/${claim}/adopt`));
    if (kind === 'left') await expect(200, as('memberAdmin', 'POST', `${kase}/leave`, { still_honours_terms: true }));
    for (const end of ['suspended', 'removed'])
      if (kind === end) await expect(200, as('owner', 'POST', `${kase}/participants/${orgs.member.id}/${end === 'removed' ? 'remove' : 'suspend'}`, { why: 'the contact has left' }));
    await expect(200, as('site', 'POST', '/api/v1/demo/tick'));
    const timeline = await expect(200, as('owner', 'GET', `${kase}/timeline`));
    const paths = { collection: this.collection, case: id, report: report.id, organisation: orgs.peer.id, thread, message, group, vulnerability, product: own, claim, leak, target, notice, area, advisory: draft.advisory, version: '1', release, request, file,
      entry: timeline.items.find((line) => line.compartment === 'shared').entry };
    const headers = { ...(byCode ? { 'sluice-report-code': report.code } : {}), ...await this.session_for(kind) };
    const token = unknown.includes(kind) || kind === 'vendor by session' ? await this.ended_token(kind) : await this.tokenFor(kind);
    return { cast: this, kind, state, paths, headers, product: own, hash: draft.hash, token };
  }
  async session_for(kind) {
    if (kind !== 'vendor by session' && kind !== 'ended session') return {};
    const session = await sign_in(this.site, this.people.memberAdmin.id);
    if (kind === 'ended session') {
      const { items } = await expect(200, this.site.call(undefined, 'GET', '/api/v1/sessions', undefined, session));
      await expect(200, this.site.call(undefined, 'POST', `/api/v1/sessions/${items.find((one) => one.is_this).id}/end`, {}, session));
    }
    return session;
  }
  async ended_token(kind) {
    if (!kind.endsWith('token')) return undefined;
    const session = await sign_in(this.site, this.people.memberAdmin.id);
    if (kind === 'revoked token') {
      const made = await expect(201, this.site.call(undefined, 'POST', '/api/v1/tokens', { scopes: 'all' }, session));
      await expect(200, this.site.call(undefined, 'POST', `/api/v1/tokens/${made.id}/revoke`, {}, session));
      return made.token;
    }
    const token = await issue(this.site, session, 'all', new Date(this.ahead(0).getTime() + 60_000).toISOString().replace(/\.\d+/, ''));
    await expect(200, this.as('site', 'POST', '/api/v1/demo/clock', { to: this.ahead(120_000).toISOString() }));
    return token;
  }
  // The scripted clock goes forward only, with the real one: where it stands, and `ms` further on.
  ahead(ms) {
    this.went = (this.went ?? 0) + ms;
    return new Date(Date.now() + this.went);
  }
  // Auditor, trustee and counsel issue none themselves.
  tokenFor(kind) {
    switch (kind) {
      case 'nobody': case 'reporter by code': return undefined;
      case 'finder with account': return this.token('finder');
      case 'stranger': return this.token('stranger');
      case 'invited vendor staff': case 'vendor staff': return this.token('memberStaff');
      case 'owner staff': return this.token('ownerStaff');
      case 'owner admin': return this.token('owner');
      case 'coordinator': return this.token('coordinator');
      case 'observer': return this.token('observer');
      case 'admin elsewhere': return this.token('elsewhere');
      case 'auditor': return this.site.token(this.people.memberAuditor.id);
      case 'trustee': return this.site.token(this.people.memberTrustee.id);
      case 'counsel': return this.site.token(this.people.memberCounsel.id);
      case 'instance admin': return this.token('site');
      case 'token of case_read': return this.token('memberAdmin', 'case_read');
      case 'token without case_read': return this.token('memberAdmin', 'report_write');
      default: return this.token('memberAdmin');
    }
  }
  paths_never(paths) { return { ...paths, case: never('c'), report: never('r') }; }
}
