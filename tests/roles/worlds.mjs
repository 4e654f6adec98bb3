// Two worlds from one seed: what some viewers do and see is scripted; in one of the worlds others are busy besides, in cases and compartments that these
// viewers may not know of. All that the viewers observe must be equal (trust: EXI, proof (a)). Longer than other files because it is one idea: all that is hidden, and all that is seen.
//
// What is visible happens at even hours, what is hidden at odd ones, so that a time that leaks shows as an odd hour.
import { Site, expect } from '../lib/site.mjs';
import { Chance } from '../crash/chance.mjs';
import { body_of, fill, issue, join, never, operations_of, sample, sign_in, takes_bytes } from '../lib/operations.mjs';
import { ask } from '../lib/wire.mjs';
import { advisory } from './cast.mjs';

// All that may differ between two sites, or two requests, though nobody hides anything: chance, and the seconds of a clock that runs on between its jumps.
// Each is replaced by its kind and, where the kind has one, its length.
const chance = [
  ['an id', /([a-z])_[0-7][0-9a-hjkmnp-tv-z]{25}/g, (_, letter) => `${letter}_id`],
  ['minutes and seconds of the scripted clock', /(2032-\d\d-\d\dT\d\d:)\d\d(:\d\d(\.\d+)?)?/g, (_, hour) => `${hour}mm:ss`],
  ['the same, as a page shows them', /(2032-\d\d-\d\d|\d{1,2} [A-Z][a-z]+ 2032)([ ,T]+(?:at )?\d\d):\d\d(?::\d\d)?/g, (_, day, hour) => `${day}${hour}:mm`],
  ['minutes of a length of time, which run on while a slow machine reads', /\b(\d+ hours?) \d+ minutes?\b/g, (_, hours) => hours],
  ['a length of less than an hour', /\bless than a minute\b|\b\d+ minutes?\b/g, () => 'minutes'],
  ['when the site was made', /<updated>20[^3][^<]*|202\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, () => 'BIRTH'],
  ['the port of this site', /127\.0\.0\.1(:|%3A)\d+/g, () => 'HOST'],
  ['a hash, CSRF token, tag, nonce or fingerprint', /\b(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9A-F]{40})\b/g, (all) => `hex of ${all.length}`],
  ['where the marks of the law\'s time line stand, which seconds move; how many there are stays', /<svg[^>]*Numbered marks[^]*?<\/svg>/g, (drawn) => drawn.replaceAll(/="[^"]*\d[^"]*"/g, '="n"')],
  ['a signature, salt, cursor or key', /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{40,}={0,2}/g, (all) => (/[A-Z]/.test(all) ? `base64 of ${all.length}` : all)],
  ['the slot of an entry in its tick (AUD-3)', /"slot":\d+/g, () => '"slot":n'],
  ['a report code', /\b[0-9a-z]{4}(-[0-9a-z]{4}){4}\b/g, () => 'CODE'],
  ['when a token or session was last used: noted once a minute, beside the request', /"last_used":"[^"]*"/g, () => '"last_used":"noted"'],
  ['the same on the page of the account', /(data-column="Last used">)<time[^>]*>[^<]*<\/time>/g, (_, cell) => `${cell}noted`],
  ['a short id of the ledger key', /\+[0-9a-f]{8}\+/g, () => '+KEY+'],
  ['an address made for one run', /\.[0-9a-z]{6}@example\.org/g, () => '.x@example.org'],
];
const hex_of = (n) => `6f1f2a4e-3b1a-4f0e-9d57-${String(n).padStart(12, '0')}`;
export const masked = (text) => chance.reduce((out, [, form, by]) => out.replaceAll(form, by), text);
// Lists in the order of random ids, which says nothing; cases of one rank are in it.
const by_random_id = (path) => /\/search\?|\/cases$|\/groups$|^\/cases\/c_[^/]+$|\/organisations$|\/participants$|\/people$|\/knowers$|^\/sign-in$/.test(path.replace(/\?(?!q=).*/, ''));
// A copy for one recipient differs from another in spaces and signs that stand for its words (ACC-14): by chance, since the key is the site's.
const evened = (text) => text.replaceAll(/([,;])\u00a0/g, '$1 ').replaceAll('\u2019', "'").replaceAll(' \u2013', ' -').replaceAll(/([.!?]) {2}/g, '$1 ');
const plain = (value) => masked(JSON.stringify(value));
const sorted = (value) => (Array.isArray(value) ? value.map(sorted).sort((a, b) => (plain(a) < plain(b) ? -1 : 1))
  : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, sorted(v)])) : value);

const hour = (n) => new Date(Date.UTC(2032, 0, 2, n)).toISOString().replace(/\.\d+/, '');
const random_headers = new Set(['date', 'x-request-id']);
const open_streams = async (site, who) => {
  const stop = new AbortController();
  const response = await fetch(`${site.url}/api/v1/stream`, { headers: { authorization: `Bearer ${who.token}` }, signal: stop.signal });
  const out = { text: '', stop: () => stop.abort() };
  (async () => { for await (const chunk of response.body) out.text += new TextDecoder().decode(chunk); })().catch(() => {});
  return out;
};

// Of the first hour some may still be told to who has just begun to listen, or not any more.
const heard_after = (text) => text.split('\n\n').filter((frame) => !frame.includes('"2032-01-02T08:')).join('\n\n');

// What all worlds have in common: people, and one case, from a report by code, with a vendor in it. Made once, and copied for each.
async function common() {
  const site = new Site({ demo: true });
  const root = { person: site.person(site.organisation, 'Admin', 'admin'), org: site.organisation, call(verb, path, body, headers) { return site.call(this.token, verb, path, body, headers); } };
  await site.serve(['--intake-limits', 'off', '--tick', '1h']);
  root.session = await sign_in(site, root.person);
  root.token = await issue(site, root.session);
  await expect(200, root.call('POST', '/api/v1/demo/clock', { to: hour(8) }));
  root.token = await issue(site, root.session = await sign_in(site, root.person));
  const owner = await join(site, root, 'Owner', 'vendor'), vendor = await join(site, root, 'Vendor', 'vendor'), other = await join(site, root, 'Other', 'vendor'), third = await join(site, root, 'Third', 'vendor');
  const coordinator = await join(site, root, 'Coordinator', 'coordinator'), stranger = await join(site, root, 'Stranger', 'member');
  const operations = await operations_of(site);
  const profile = `/api/v1/organisations/${owner.org}`;
  await expect(200, owner.call('PUT', profile, { name: 'Owner', takes_reports: true }, { 'if-match': (await owner.call('GET', profile)).headers.get('etag') }));

  const told = { to: owner.org, title: 'The known report', description: 'A long name overflows a buffer.', product: 'parser', contacted_vendor: false };
  const report = await expect(201, site.call(undefined, 'POST', '/api/v1/reports', told));
  const id = (await expect(200, owner.call('GET', '/api/v1/cases'))).items[0].id;
  const kase = `/api/v1/cases/${id}`;
  for (const action of ['validate', 'accept']) await expect(200, owner.call('POST', `${kase}/triage`, { action }));
  const vulnerability = (await expect(200, owner.call('GET', kase))).vulnerabilities[0].id;
  await bring(owner, kase, vendor);
  await expect(200, vendor.call('GET', kase));
  const own = (await expect(201, stranger.call('POST', '/api/v1/cases', { title: 'The own one' }))).id;
  await site.stop();
  return { site, operations, told, report, id, vulnerability, own, people: { root, owner, vendor, other, third, coordinator, stranger } };
}
let made;
export const forget = async () => (await made)?.site.remove();

async function bring(owner, at, who, roles = ['vendor']) {
  for (const [status, by, path, body] of [[201, owner, 'participants', { organisation: who.org, roles, essential_because: 'ships it' }], [200, who, 'invitation', { accepted: true }], [200, owner, `participants/${who.org}/confirm`, { checked_how: 'by phone' }]])
    await expect(status, by.call('POST', `${at}/${path}`, body));
}

// Answers {log, acts, known, heard}: what was observed, in order, and whether what is to be seen was; how many of the others' commands were carried out.
// Whatever came before has been told once this is heard: a new case is told of twice, by its two first compartments.
async function all_heard(stream, who, title) {
  const { id: last } = await expect(201, who.call('POST', '/api/v1/cases', { title }));
  for (const deadline = Date.now() + 120_000; stream.text.split(last).length < 3; await new Promise((resolve) => setTimeout(resolve, 20))) if (Date.now() > deadline) throw new Error(`never heard: ${title}`);
}

export async function world(seed, hidden) {
  const before = await (made ??= common());
  const site = new Site({ like: before.site });
  try {
    return await played(site, before, seed, hidden);
  } finally {
    await site.remove();
  }
}

async function played(site, { operations: { all: operations, file }, told, report, id, vulnerability, own, people }, seed, hidden) {
  await site.serve(['--intake-limits', 'off', '--tick', '1h']);
  const { root, owner, vendor, other, third, coordinator, stranger } = Object.fromEntries(Object.entries(people).map(([name, who]) =>
    [name, { ...who, call(verb, path, body, headers) { return site.call(this.token, verb, path, body, headers); } }]));
  let now = 8;
  const jump = (to) => expect(200, root.call('POST', '/api/v1/demo/clock', { to: hour(now = to) }));
  const kase = `/api/v1/cases/${id}`;

  const reporter = { call(verb, path, body, headers) { return site.call(undefined, verb, path, body, { ...headers, 'sluice-report-code': report.code }); } };
  const nobody = { call(verb, path, body, headers) { return site.call(undefined, verb, path, body, headers); } };
  const by_page = (who) => ({ call(verb, path, body, headers) { return site.call(undefined, verb, path, body, { ...headers, ...who.session }); } });
  const viewers = { nobody, reporter, stranger, vendor, root, 'vendor by page': by_page(vendor), 'stranger by page': by_page(stranger), 'reporter by page': by_page(reporter) };
  // A session and a mailbox last an hour, and a step-up ten minutes: with a new one what takes it is seen too.
  const sign_in_anew = async (mailbox) => {
    for (const who of [vendor, stranger]) who.session = await sign_in(site, who.person);
    if (!mailbox) return;
    const opened = await ask(`${site.url}/mailbox`, { verb: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ code: report.code }).toString() });
    if (opened.status !== 303) throw new Error(`the mailbox: ${opened.status} ${opened.text.slice(0, 300)}`);
    reporter.session = { cookie: opened.headers['set-cookie'].map((line) => line.split(';')[0]).join('; ') };
  };
  const streams = { vendor: await open_streams(site, vendor), stranger: await open_streams(site, stranger), root: await open_streams(site, root) };

  // ---- what the viewers do and see
  const log = [];
  const tags = new Map();
  const look = async (name, verb, path, body) => {
    const answer = await viewers[name].call(verb, path, body);
    const headers = Object.fromEntries([...answer.headers].filter(([k]) => !random_headers.has(k)));
    const at = `${name} ${path}`;
    let more = '';
    if (headers.etag) {
      // The tag itself is chance; that it stays while nothing visible has moved is not.
      more = `\n${tags.get(at) === headers.etag ? 'the tag of before' : 'a new tag'}`;
      if (verb === 'GET') more += `, and asked with it ${(await viewers[name].call('GET', path, undefined, { 'if-none-match': headers.etag })).status}`;
      tags.set(at, headers.etag);
      headers.etag = `etag of ${headers.etag.length}`;
    }
    delete headers['content-length'];
    headers['the size says'] = (answer.headers.get('content-length') ?? '') === '' || Number(answer.headers.get('content-length')) === Buffer.byteLength(answer.text) ? 'the same' : answer.headers.get('content-length');
    let text = path.endsWith('/export') ? evened(answer.text) : answer.text;
    if (answer.json !== undefined) text = JSON.stringify(by_random_id(path) ? sorted(answer.json) : answer.json, (key, value) => (['participants', 'signatories', 'consents', 'groups'].includes(key) ? sorted(value) : value));
    else if (by_random_id(path)) text = text.split('<').map(masked).sort().join('<');
    log.push([`at ${now}: ${name} ${verb} ${masked(path)}`, masked(`${answer.status}\n${Object.entries(headers).sort().map(([k, v]) => `${k}: ${v}`).join('\n')}${more}\n\n${text}`)]);
    return answer;
  };
  const pages_of = async (name, path) => {   // a list, one line a page: as many pages, as long cursors
    const seen = [];
    let next = '';
    for (let n = 0; n < 20 && next !== undefined; ++n) {
      const answer = await viewers[name].call('GET', `${path}?limit=1${next ? `&cursor=${encodeURIComponent(next)}` : ''}`);
      next = answer.json?.next;
      seen.push(masked(JSON.stringify(answer.json?.items)), `a cursor of ${next?.length}`);
    }
    log.push([`at ${now}: ${name}, page by page, ${path}`, seen.sort().join('\n')]);
  };

  // What is hidden, by its name in a path; in the other world there is none, and an id that never was is asked for.
  const secret = {};
  const unseen = (name, letter) => secret[name] ?? never(letter);
  const chosen = new Chance(seed);
  // Not compared: what the log of readers says (ACC-12), which is written a moment later, and tells the site's administrator how much others read by what it is for.
  const reads = operations.filter((o) => o.verb === 'GET' && !/\/stream$|challenge$|\/assets\/|openapi|\/search$|access-log$|^\/administration$/.test(o.path));
  const writes = operations.filter((o) => o.verb !== 'GET' && o.api && /\{(case|report)\}/.test(o.path));
  const in_known = { case: id, report: report.id, organisation: other.org, file: () => unseen('file', 'f'), entry: () => unseen('entry', 'e'), advisory: () => unseen('advisory', 'a'), release: () => unseen('release', 'l'), thread: () => unseen('thread', 'h'),
    claim: () => unseen('claim', 'w'), request: () => unseen('request', 'b'), group: () => unseen('group', 'k'), leak: () => unseen('leak', 'z'), target: () => unseen('target', 'j'), notice: () => unseen('notice', 'i'), area: () => unseen('area', 'i'), message: () => unseen('message', 'm'), product: () => unseen('product', 'u'), vulnerability };
  const ids_of = (where) => Object.fromEntries(Object.entries(where).map(([k, v]) => [k, typeof v === 'function' ? v() : v]));
  const in_hidden = () => ({ ...ids_of(in_known), case: unseen('case', 'c'), report: unseen('report', 'r'), vulnerability: unseen('vulnerability', 'v') });
  const read_all = async (share) => {
    for (const operation of reads) {
      const about = /\{(case|report)\}/.test(operation.path);
      for (const name of Object.keys(viewers)) {
        // What a report code opens costs a slow hash each time: less often, and by its page as often as all the others.
        if (chosen.next() > (name === 'reporter' ? share / 3 : share)) continue;
        if ((name.endsWith('by page')) === operation.api || (name === 'reporter' && !/reports/.test(operation.path)) || (name === 'nobody' && !operation.open)) continue;
        if (name === 'reporter by page' && !operation.path.startsWith('/mailbox')) continue;
        await look(name, 'GET', fill(operation, ids_of(in_known)));
        if (about) await look(name, 'GET', fill(operation, in_hidden()));
      }
    }
    for (const name of ['vendor', 'stranger']) await pages_of(name, '/api/v1/cases');
    for (const path of [kase, `${kase}/unread`]) await look('vendor', 'GET', path);
    for (const name of ['vendor', 'stranger', 'root', 'vendor by page', 'stranger by page']) await look(name, 'GET', name.endsWith('by page') ? '/due?of=all' : '/api/v1/duties?of=all');
    for (const path of ['/cases', `/cases/${id}`]) await look('vendor by page', 'GET', path);
    await look('reporter by page', 'GET', '/mailbox/thread');
    await search();
  };
  // What is written is found a little later, by a thread of its own, in the order in which it was written: once this last case is found, all is.
  let marks = 0;
  const search = async () => {
    const title = `mark ${++marks}`;
    await expect(201, owner.call('POST', '/api/v1/cases', { title }));
    for (const deadline = Date.now() + 120_000; !(await owner.call('GET', `/api/v1/search?q=${encodeURIComponent(title)}`)).text.includes(title);) {
      if (Date.now() > deadline) throw new Error('what was written is not found');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (const name of ['vendor', 'stranger', 'root'])
      for (const words of ['known', 'own%20one', 'hidden', 'inner', 'theirs', 'x']) await look(name, 'GET', `/api/v1/search?q=${words}`);
  };
  // Commands on what is hidden: on the whole case, and in the known case on a hidden thing in it.
  const write_all = async (share) => {
    for (const operation of writes)
      for (const name of ['vendor', 'stranger', 'reporter', 'root']) {
        if (chosen.next() > (name === 'reporter' ? share / 3 : share) || (name === 'reporter' && !/reports/.test(operation.path))) continue;
        const schema = body_of(operation);
        const body = takes_bytes(operation) ? new TextEncoder().encode('bytes') : schema ? sample(schema, { file, instant: () => hour(900), text: (where) => (/audience/.test(where) ? 'shared' : 'Words.') }) : {};
        await look(name, operation.verb, fill(operation, in_hidden()), body);
      }
    for (const [path, body] of [[`groups/${unseen('group', 'k')}/members`, { add: [vendor.org], why: 'x' }], ['threads', { audience: `group:${unseen('group', 'k')}`, topic: 'x', text: 'y' }],
      [`leaks/${unseen('leak', 'z')}/notes`, { text: 'x' }], [`leaks/${unseen('leak', 'z')}/close`, { outcome: 'no_leak', why: 'x' }], [`targets/${unseen('target', 'j')}/drop`, { why: 'x' }],
      [`targets/${unseen('target', 'j')}/move`, { by: hour(700), weighed: {}, what_changed: 'x' }], [`threads/${unseen('thread', 'h')}/messages/${unseen('message', 'm')}/amend`, { text: 'x' }],
      [`threads/${unseen('thread', 'h')}/messages/${unseen('message', 'm')}/retract`, { why: 'x' }], ['statuses', { vulnerability, product: unseen('product', 'u'), status: 'affected' }],
      ['remedies/waits', { vulnerability, product: unseen('product', 'u'), on: unseen('product', 'u'), why: 'x' }], [`products/${unseen('product', 'u')}/support`, { supported: true }], ['read', { entry: unseen('entry', 'e') }],
      ['targets', { step: 'deploy', by: hour(800), product: unseen('product', 'u'), weighed: { severity: 'high' }, why: 'x' }], ['duplicates', { report: unseen('report', 'r'), of: report.id, why: 'x' }],
      ['escalations', { organisation: other.org, to: 'x', why: 'y' }], [`participants/${third.org}/roles`, { roles: ['vendor'], why: 'x' }], [`threads/${unseen('thread', 'h')}/messages`, { text: 'x' }], [`claims/${unseen('claim', 'w')}/adopt`, {}], [`requests/${unseen('request', 'b')}/confirm`, {}],
      [`advisories/${unseen('advisory', 'a')}/versions/1/approve`, { hash: '0'.repeat(64) }], ['releases', { advisory: unseen('advisory', 'a'), version: 1, instant: hour(900) }],
      ['threads', { audience: `org:${other.org}`, topic: 'x', text: 'y' }], ['threads', { audience: 'coordination', topic: 'x', text: 'y' }], ['threads', { audience: `report:${unseen('report', 'r')}`, topic: 'x', text: 'y' }],
      ['questions', { organisations: [other.org], vulnerability }], [`participants/${other.org}/remove`, { why: 'x' }], [`participants/${third.org}/confirm`, { checked_how: 'x' }]])
      await look('vendor', 'POST', `${kase}/${path}`, body);
    // From a case of one's own into another's.
    for (const [path, body] of [['merge', { with: unseen('case', 'c'), why: 'x' }], ['duplicates', { report: unseen('report', 'r'), of: never('r'), why: 'x' }], ['split', { vulnerabilities: [unseen('vulnerability', 'v')], why: 'x' }],
      ['participants/invite', { organisations: [third.org], roles: ['vendor'], essential_because: 'x', group: unseen('group', 'k') }]]) await look('stranger', 'POST', `/api/v1/cases/${own}/${path}`, body);
    await look('vendor', 'POST', '/api/v1/gate/ask', { v: 1, content: { object: `case:${unseen('case', 'c')}`, version: 1, hash: `sha256:${'0'.repeat(64)}`, marking: 'TLP:AMBER', classes: ['knock'] }, audience: { kind: 'organisation', id: stranger.org },
      channel: 'mail', at: hour(900), basis: { kind: 'notice' } });
  };
  let count = 0;
  const visible = {
    'the owner writes to all': () => expect(201, owner.call('POST', `${kase}/threads`, { audience: 'shared', topic: `Topic ${++count}`, text: 'For all.' })),
    'the vendor writes to all': () => look('vendor', 'POST', `${kase}/threads`, { audience: 'shared', topic: `Topic ${++count}`, text: 'Ours, for all.' }),
    'the vendor writes to the owner': () => look('vendor', 'POST', `${kase}/threads`, { audience: `org:${vendor.org}`, topic: `Topic ${++count}`, text: 'Between us.' }),
    'the vendor adds a product': () => look('vendor', 'POST', `${kase}/products`, { name: `Product ${++count}`, version: '1' }),
    'the vendor adds a file': () => look('vendor', 'POST', `${kase}/files?name=f${++count}.txt&audience=shared`, new TextEncoder().encode('bytes')),
    'the reporter writes': () => look('reporter', 'POST', `/api/v1/reports/${report.id}/messages`, { text: `Message ${++count}` }),
    'the owner writes to the reporter': () => expect(201, owner.call('POST', `/api/v1/reports/${report.id}/messages`, { text: `Message ${++count}` })),
    'the vendor suggests somebody': () => look('vendor', 'POST', `${kase}/participants/suggestions`, { whom: `Somebody ${++count}`, essential_because: 'ships it' }),
    'the vendor claims something': () => look('vendor', 'POST', `${kase}/claims`, { vulnerability, fact: 'a', evidence: `Evidence ${++count}` }),
    'the vendor claims a leak': () => look('vendor', 'POST', `${kase}/leaks`, { what: `Piece ${++count}`, where_seen: 'a chat', evidence: 'a picture' }),
    'the vendor has read it': () => look('vendor', 'POST', `${kase}/read`, {}),
    'the vendor sets its number': () => look('vendor', 'POST', `${kase}/tracking-id`, { tracking_id: `V-${++count}` }),
    'the vendor agrees on a target': () => look('vendor', 'POST', `${kase}/targets`, { step: 'deploy', by: hour(700 + ++count), weighed: { severity: 'high' }, why: 'Tests take long.' }),
    'the owner forms a group with the vendor': async () => {
      const { group } = await expect(201, owner.call('POST', `${kase}/groups`, { name: `Tier ${++count}`, why: 'it comes first' }));
      await all_heard(streams.vendor, vendor, `Tier ${count} is formed`);   // whether one may hear it is asked when it is told: before the vendor comes in, in both worlds
      await expect(200, owner.call('POST', `${kase}/groups/${group}/members`, { add: [vendor.org], why: 'it ships it' }));
      await look('vendor', 'POST', `${kase}/threads`, { audience: `group:${group}`, topic: `Tier ${count}`, text: 'Among us.' });
    },
    'the stranger opens a case': () => look('stranger', 'POST', '/api/v1/cases', { title: `Own ${++count}` }),
    'the vendor opens a case': () => look('vendor', 'POST', '/api/v1/cases', { title: `Own ${++count}` }),
    'somebody reports': () => look('nobody', 'POST', '/api/v1/reports', { ...told, to: stranger.org, title: `Report ${++count}` }),
  };

  // ---- what the others do, in one of the worlds
  let acts = 0;
  const others = hidden_acts({ site, root, owner, other, third, coordinator, kase, vulnerability, told, secret, chance: new Chance(seed ^ 0x5bd1e995), done: () => { ++acts; } });

  const rounds = 4;
  const share = process.env.SLUICE_SOAK ? 1 : 0.5;   // in twenty worlds of the short run each way to look is still taken by several
  for (let round = 0; round < rounds; ++round) {
    await jump(now + 1);
    if (hidden) await others(round);
    await jump(now + 1);
    await sign_in_anew(round === 0 || round === rounds - 1);
    for (let n = 0; n < 2; ++n) await visible[chosen.one_of(Object.keys(visible))]();
    if (chosen.next() < 0.5) await expect(200, root.call('POST', '/api/v1/demo/tick'));
    if (round === rounds - 1) await expect(200, root.call('POST', '/api/v1/demo/tick'));
    await read_all((round === rounds - 1 ? 0.6 : 0.15) * share);
    if (round > 0) await write_all((round === rounds - 1 ? 0.3 : 0.1) * share);
    // The receipts of what the vendor did itself: as long in both worlds.
    const lines = (await vendor.call('GET', `${kase}/timeline`)).json.items.filter((line) => line.entry);
    for (const line of lines.slice(-2)) await look('vendor', 'GET', `${kase}/entries/${line.entry}/receipt`);
  }
  // All that both worlds let be heard has been said once this last thing is heard.
  const heard = () => (streams.vendor.text.match(/^event: change/gm) ?? []).length;
  for (const [stream, who] of [[streams.vendor, vendor], [streams.stranger, stranger]]) await all_heard(stream, who, 'The end');
  for (const [name, stream] of Object.entries(streams)) {
    stream.stop();
    log.push([`the stream of ${name}`, masked(heard_after(stream.text).replaceAll(/^id: (.*)$/gm, (_, one) => `id of ${one.length}`).replaceAll(/^: .*\n+/gm, ''))]);
  }
  const seen_by = (who) => log.some(([what, text]) => what.includes(who) && text.startsWith('200') && text.includes('The known report'));
  return { log, acts, known: seen_by(': vendor GET') && seen_by(': vendor by page GET') && seen_by(': reporter by page GET'), heard: heard() };
}

// A walk of the real commands by those whom the viewers don't see: in cases of their own, and in the known case where only the owner, or another vendor, reads.
function hidden_acts({ site, owner, other, third, coordinator, kase, vulnerability, told, secret, chance: random, done }) {
  const cases = [];
  let n = 0;
  const attempt = async (who, verb, path, body) => {   // what the protocol refuses at this point is not carried out; a walk is not a story
    const answer = await who.call(verb, path, body);
    if (answer.status >= 500) throw new Error(`${verb} ${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
    if (answer.status < 300) done();
    return answer.status < 300 ? answer.json : undefined;
  };
  const of_theirs = async () => {
    const own = random.next() < 0.5;
    let id, report;
    if (own) id = (await attempt(owner, 'POST', '/api/v1/cases', { title: `Hidden ${++n}` }))?.id;
    else {
      report = await expect(201, site.call(undefined, 'POST', '/api/v1/reports', { ...told, title: `Hidden report ${++n}` }));
      id = (await expect(200, owner.call('GET', '/api/v1/cases'))).items.find((c) => c.title === `Hidden report ${n}`)?.id;
    }
    const at = `/api/v1/cases/${id}`;
    if (own) await attempt(owner, 'POST', `${at}/vulnerabilities`, { title: 'One', description: 'Something.' });
    for (const action of ['validate', 'accept']) await attempt(owner, 'POST', `${at}/triage`, { action });
    const seen = (await owner.call('GET', at)).json;
    cases.push({ id, at, report, vulnerability: seen.vulnerabilities[0].id, members: [] });
    secret.case = id;
    secret.vulnerability = seen.vulnerabilities[0].id;
    if (report) secret.report = report.id;
    await bring(owner, at, other);
    cases.at(-1).members.push(other);
  };
  const in_case = {
    'a thread': async (c, who) => {
      const made = await attempt(who, 'POST', `${c.at}/threads`, { audience: 'shared', topic: `Hidden ${++n}`, text: 'Words.' });
      if (made) Object.assign(secret, { thread: made.thread, message: made.message });
      if (made && random.next() < 0.4) await attempt(who, 'POST', `${c.at}/threads/${made.thread}/messages/${made.message}/${random.one_of(['amend', 'retract'])}`, { text: 'Others.' });
    },
    'a group': async (c) => {
      const made = await attempt(owner, 'POST', `${c.at}/groups`, { name: `Hidden ${++n}`, why: 'it comes first' });
      if (!made) return;
      secret.group = made.group;
      for (const who of c.members) await attempt(owner, 'POST', `${c.at}/groups/${made.group}/members`, { add: [who.org], why: 'it ships it' });
      if (c.members[0]) await attempt(c.members[0], 'POST', `${c.at}/threads`, { audience: `group:${made.group}`, topic: `Hidden ${n}`, text: 'Among us.' });
    },
    'a leak': async (c, who) => {
      secret.leak = (await attempt(who, 'POST', `${c.at}/leaks`, { what: `Hidden ${++n}`, where_seen: 'a chat', evidence: 'a picture' }))?.leak ?? secret.leak;
      await attempt(owner, 'POST', `${c.at}/leaks/${secret.leak ?? never('z')}/notes`, { text: 'Two had it.' });
    },
    'an incident and a notice': async (c, who) => {
      await attempt(who, 'POST', `${c.at}/incident`, { title: `Hidden ${++n}` });
      await attempt(who, 'POST', `${c.at}/incident/facts`, { facts: [{ fact: 'personal_data', value: 'yes' }], source: 'hidden logs', why: 'seen again' });
      secret.notice = (await attempt(who, 'POST', `${c.at}/notices`, { form: 'general', to: 'csirt:DE' }))?.notice ?? secret.notice;
      secret.area = (await attempt(who, 'POST', `${c.at}/area-reports`, { title: `Hidden ${n}`, text: 'Hidden.', sector: 'energy' }))?.area ?? secret.area;
    },
    'a target': async (c, who) => { secret.target = (await attempt(who, 'POST', `${c.at}/targets`, { step: random.one_of(['develop', 'test', 'deploy']), by: hour(24 * 40), weighed: { severity: 'high' }, why: 'Hidden.' }))?.target ?? secret.target; },
    'a number': (c, who) => attempt(who, 'POST', `${c.at}/tracking-id`, { tracking_id: `Hidden-${++n}` }),
    'a plan': (c) => attempt(owner, 'POST', `${c.at}/participants/plans`, { organisation: third.org, when: hour(24 * 20), roles: ['vendor'], essential_because: 'ships it' }),
    'a search': (c, who) => attempt(who, 'GET', '/api/v1/search?q=hidden'), 'what is due': (c, who) => attempt(who, 'GET', `/api/v1/duties?of=${random.one_of(['own', 'all'])}`),
    'a read mark': (c, who) => attempt(who, 'POST', `${c.at}/read`, {}), 'an export': (c, who) => attempt(who, 'GET', `${c.at}/export`),
    'a split': async (c) => {
      const made = await attempt(owner, 'POST', `${c.at}/vulnerabilities`, { title: `Hidden ${++n}`, description: 'Another.' });
      if (made) await attempt(owner, 'POST', `${c.at}/split`, { vulnerabilities: [made.vulnerability], why: 'another fix' });
    },
    'a merge': async (c) => { const with_it = random.one_of(cases); if (with_it !== c) await attempt(owner, 'POST', `${c.at}/merge`, { with: with_it.id, why: 'the same library' }); },
    'a file': async (c, who) => { secret.file = (await attempt(who, 'POST', `${c.at}/files?name=hidden-${++n}.txt&audience=shared`, new TextEncoder().encode('hidden')))?.file ?? secret.file; },
    'a product and its status': async (c, who) => {
      const made = await attempt(who, 'POST', `${c.at}/products`, { name: `Hidden ${++n}`, version: '1' });
      if (made) secret.product = made.product;
      if (made) await attempt(who, 'POST', `${c.at}/statuses`, { vulnerability: c.vulnerability, product: made.product, status: 'affected' });
    },
    'a prepared object': (c) => attempt(owner, 'POST', `${c.at}/threat-objects`, { audience: random.one_of(['shared', 'coordination']), objects: [{ type: 'note', spec_version: '2.1', id: `note--${hex_of(++n)}`, created: '2026-01-01T00:00:00.000Z',
      modified: '2026-01-01T00:00:00.000Z', content: 'Hidden.', object_refs: [`note--${hex_of(n)}`], object_marking_refs: ['marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487'] }] }),
    'a mitigation': async (c) => {
      const made = await attempt(owner, 'POST', `${c.at}/products`, { name: `Hidden ${++n}`, version: '2' });
      if (made) await attempt(owner, 'POST', `${c.at}/mitigations`, { vulnerability: c.vulnerability, product: made.product, part: random.one_of(['workaround', 'detection']), text: `Switch hidden ${n} off.` });
    },
    'a claim': async (c, who) => { secret.claim = (await attempt(who, 'POST', `${c.at}/claims`, { vulnerability: c.vulnerability, fact: 'x', evidence: 'A hidden one.' }))?.claim ?? secret.claim; },
    'terms': async (c) => {
      const made = await attempt(owner, 'POST', `${c.at}/embargo/proposals`, { until: hour(24 * (40 + random.below(30))) });
      if (!made) return;
      const version = made.version ?? 1;
      for (const who of c.members) await attempt(who, 'POST', `${c.at}/embargo/proposals/${version}/answer`, { accepted: random.next() < 0.8 });
      await attempt(owner, 'POST', `${c.at}/embargo/proposals/${version}/settle`);
    },
    'an end': (c) => attempt(owner, 'POST', `${c.at}/embargo/end`, { reason: 'it is public' }),
    'an advisory': async (c) => {
      const made = await attempt(owner, 'POST', `${c.at}/advisories`, { document: advisory(`HX-2031-${String(++n).padStart(4, '0')}`, 'Hidden') });
      if (made) secret.advisory = made.advisory;
    },
    'a request': async (c) => { secret.request = (await attempt(owner, 'POST', `${c.at}/decisions`, { kind: 'override', reason: 'attacks', who_is_exposed: 'users', how_badly: 'badly', what_they_can_do: 'nothing' }))?.request ?? secret.request; },
    'a seat': async (c) => {
      const who = random.one_of([third, coordinator]);
      if (c.members.includes(who)) return;
      await attempt(owner, 'POST', `${c.at}/participants`, { organisation: who.org, roles: [who === coordinator ? 'coordinator' : 'vendor'], essential_because: 'ships it' });
      await attempt(who, 'POST', `${c.at}/invitation`, { accepted: true });
      if (await attempt(owner, 'POST', `${c.at}/participants/${who.org}/confirm`, { checked_how: 'by phone' })) c.members.push(who);
    },
    'a removal': async (c) => {
      const who = random.one_of(c.members);
      if (who) await attempt(owner, 'POST', `${c.at}/participants/${who.org}/${random.one_of(['suspend', 'restore', 'remove'])}`, { why: 'it has to be' });
    },
    'a message to the reporter': async (c) => { if (c.report) await attempt(owner, 'POST', `/api/v1/reports/${c.report.id}/messages`, { text: 'Hidden.' }); },
    'a look': async (c, who) => { await attempt(who, 'GET', `${c.at}/${random.one_of(['timeline', 'threads', 'knowers', 'steps', 'leaks', 'targets', 'groups', 'measures', 'unread', 'incidents', 'notices'])}`); },
  };
  const seated = new Set();
  const in_known_case = {
    'an inner thread': async () => { secret.thread = (await attempt(owner, 'POST', `${kase}/threads`, { audience: 'coordination', topic: `Inner ${++n}`, text: 'For us.' }))?.thread ?? secret.thread; },
    'a group without the viewer': async () => {
      const made = await attempt(owner, 'POST', `${kase}/groups`, { name: `Inner ${++n}`, why: 'it comes first' });
      if (!made) return;
      secret.group = made.group;
      for (const who of seated) {
        await attempt(owner, 'POST', `${kase}/groups/${made.group}/members`, { add: [who.org], why: 'it ships it' });
        secret.thread = (await attempt(who, 'POST', `${kase}/threads`, { audience: `group:${made.group}`, topic: `Inner ${n}`, text: 'Among us.' }))?.thread ?? secret.thread;
      }
    },
    'what a hidden participant plans and fears': async () => {
      for (const who of seated) {
        secret.target = (await attempt(owner, 'POST', `${kase}/targets`, { step: random.one_of(['develop', 'test']), by: hour(24 * 40), organisation: who.org, weighed: { severity: 'high' }, why: 'Inner.' }))?.target ?? secret.target;
        secret.leak = (await attempt(who, 'POST', `${kase}/leaks`, { what: `Inner ${++n}`, where_seen: 'a chat', evidence: 'a picture' }))?.leak ?? secret.leak;
        if (secret.leak) await attempt(owner, 'POST', `${kase}/leaks/${secret.leak}/notes`, { text: 'Inner.' });
        await attempt(who, 'POST', `${kase}/tracking-id`, { tracking_id: `Inner-${++n}` });
        await attempt(owner, 'POST', `${kase}/escalations`, { organisation: who.org, to: 'its chief', why: 'no answer' });
        await attempt(who, 'POST', `${kase}/read`, {});
        await attempt(who, 'GET', `${kase}/export`);
      }
    },
    'an inner plan': () => attempt(owner, 'POST', `${kase}/participants/plans`, { organisation: third.org, when: hour(24 * 20), roles: ['vendor'], essential_because: 'ships it' }),
    'an inner search': () => attempt(owner, 'GET', `/api/v1/search?q=${random.one_of(['inner', 'known', 'hidden'])}`),
    'what is new to the owner': async () => { await attempt(owner, 'GET', `${kase}/unread`); await attempt(owner, 'POST', `${kase}/read`, {}); },
    'an inner file': async () => { secret.file = (await attempt(owner, 'POST', `${kase}/files?name=inner-${++n}.txt&audience=coordination`, new TextEncoder().encode('inner')))?.file ?? secret.file; },
    'a hidden participant': async () => {
      const who = random.one_of([other, third]);
      if (seated.has(who)) return;
      await attempt(owner, 'POST', `${kase}/participants`, { organisation: who.org, roles: ['vendor'], essential_because: 'ships it too' });
      if (random.next() < 0.3) return;
      await attempt(who, 'POST', `${kase}/invitation`, { accepted: true });
      if (await attempt(owner, 'POST', `${kase}/participants/${who.org}/confirm`, { checked_how: 'by phone' })) seated.add(who);
    },
    'words of a hidden participant': async () => {
      for (const who of seated) {
        secret.thread = (await attempt(who, 'POST', `${kase}/threads`, { audience: `org:${who.org}`, topic: `Theirs ${++n}`, text: 'Between us.' }))?.thread ?? secret.thread;
        await attempt(who, 'GET', kase);
        await attempt(who, 'POST', `${kase}/statements`, { text: 'A draft.' });
      }
    },
    'a hidden participant goes': async () => {
      const [who] = seated;
      if (who && await attempt(owner, 'POST', `${kase}/participants/${who.org}/${random.one_of(['suspend', 'remove'])}`, { why: 'it has to be' })) seated.delete(who);
    },
    'an inner advisory': async () => {
      const made = await attempt(owner, 'POST', `${kase}/advisories`, { document: advisory(`HK-2031-${String(++n).padStart(4, '0')}`, 'Inner') });
      if (made) secret.advisory = made.advisory;
    },
    'an inner request': async () => { secret.request = (await attempt(owner, 'POST', `${kase}/decisions`, { kind: 'override', reason: 'attacks', who_is_exposed: 'users', how_badly: 'badly', what_they_can_do: 'nothing' }))?.request ?? secret.request; },
    'a look': () => attempt(owner, 'GET', `${kase}/${random.one_of(['timeline', 'threads', 'knowers', 'rulings', 'leaks', 'targets', 'groups', 'measures', 'incidents', 'notices'])}`),
    'a question to the gate': () => attempt(owner, 'POST', '/api/v1/gate/ask', { v: 1, content: { object: kase.replace('/api/v1/cases/', 'case:'), version: 1, hash: `sha256:${'0'.repeat(64)}`, marking: 'TLP:AMBER', classes: ['knock'] },
      audience: { kind: 'organisation', id: third.org }, channel: 'mail', at: hour(900), basis: { kind: 'notice' } }),
  };
  return async (round) => {
    if (round === 0 || random.next() < 0.3) await of_theirs();
    if (round === 0) await in_known_case['an inner thread'](), await in_known_case['an inner file']();
    const steps = random.between(4, 9);
    for (let i = 0; i < steps; ++i) {
      if (random.next() < 0.5) {
        const c = random.one_of(cases);
        await in_case[random.one_of(Object.keys(in_case))](c, random.one_of([owner, ...c.members]));
      } else {
        await in_known_case[random.one_of(Object.keys(in_known_case))]();
      }
    }
    const inner = (await owner.call('GET', `${kase}/timeline`)).json?.items.find((line) => line.compartment === 'coordination' && line.entry);
    if (inner) secret.entry = inner.entry;
  };
}
