// Large cases, end to end: groups told in steps, many invited at once, words changed and taken back, what is new to whom, own numbers, and finding things.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { watch } from '../conformance/published.mjs';
import { patiently } from '../lib/operations.mjs';
import { Site, expect, sluice } from '../lib/site.mjs';
import { Browser, forms } from './browser.mjs';

const published = watch();
const kMany = 30;
let site, root, owner, second, vendor, other, late, stranger, many, id, kase, first, later;

async function signIn(who) {
  const browser = new Browser(site);
  const page = await browser.submit(await browser.open('/sign-in'), '/sign-in/demo', { when: { person: who.person } });
  assert.equal(page.path, '/cases');
  return browser;
}
async function eventually(what, check) {
  for (let tries = 0; tries < 600; ++tries) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`never: ${what}`);
}
const cli = (verb, who, ...rest) => {
  const file = join(site.dir, `${who.person}.token`);
  writeFileSync(file, who.token);
  return sluice(['case', verb, ...rest, '--site', site.url, '--token-file', file], { ok: false });
};
const join_in = async (who) => {
  await expect(200, who.call('POST', `${kase}/invitation`, { accepted: true }));
  await expect(200, owner.call('POST', `${kase}/participants/${who.org}/confirm`, { checked_how: 'by telephone' }));
};
const unread = async (who) => (await expect(200, who.call('GET', `${kase}/unread`)));
const found = async (who, words) => expect(200, patiently(() => who.call('GET', `/api/v1/search?q=${encodeURIComponent(words)}`)));   // while it isn't there yet, it is asked for more often than anybody may
const texts = async (who) => (await expect(200, who.call('GET', `${kase}/threads`))).items.flatMap((t) => t.messages.map((m) => m.text));

before(async () => {
  site = new Site({ demo: true });
  const org = site.org('Owner', 'coordinator');
  const mine = { org, person: site.person(org, 'First Owner', 'admin') }, colleague = { org, person: site.person(org, 'Second Owner', 'staff') };
  many = Array.from({ length: kMany }, (_, i) => site.org(`Vendor ${i}`, 'vendor'));
  await site.serve(['--intake-limits', 'off']);
  root = site.client({ org: site.organisation, person: site.person(site.organisation, 'Site admin', 'admin') });
  [owner, second] = [site.client(mine), site.client(colleague)];
  for (const [who, from] of [[owner, mine], [second, colleague]]) Object.assign(who, from);
  [vendor, other, late, stranger] = ['Early', 'Second', 'Late', 'Stranger'].map((name) => site.party(name, 'vendor'));
  id = (await expect(201, owner.call('POST', '/api/v1/cases', { title: 'Overflow in a library of many' }))).id;
  kase = `/api/v1/cases/${id}`;
  for (const action of ['validate', 'accept']) await expect(200, owner.call('POST', `${kase}/triage`, { action }));
});
after(() => site.remove());

describe('groups told in steps', () => {
  test('groups are formed in an order, and many are invited into one at once', async () => {
    first = (await expect(201, owner.call('POST', `${kase}/groups`, { name: 'First tier', why: 'they fix it first' }))).group;
    const formed = cli('form-group', owner, id, '--name', 'Second tier', '--why', 'they build on it');
    assert.equal(formed.status, 0, formed.stderr);
    later = formed.last;
    await expect(201, owner.call('POST', `${kase}/participants/invite`, { organisations: [vendor.org, other.org], roles: ['vendor'], essential_because: 'wrote the library', group: first }));
    for (const who of [vendor, other]) await join_in(who);
    // The scripted clock tells whole seconds: the second tier comes later by it, however fast the machine is.
    await expect(200, root.call('POST', '/api/v1/demo/clock', { to: new Date(Date.now() + 60_000).toISOString() }));
    const list = join(site.dir, 'vendors.txt');
    writeFileSync(list, `# those who build on it\n${many.join('\n')}\n\n${late.org}\n`);
    const invited = cli('invite', owner, id, list, '--role', 'vendor', '--because', 'ships the library', '--group', later);
    assert.equal(invited.status, 0, invited.stderr);
    const { items } = await expect(200, owner.call('GET', `${kase}/groups`));
    assert.deepEqual(items.map((g) => [g.name, g.order, g.members.length]), [['First tier', 1, 2], ['Second tier', 2, kMany + 1]]);
    assert.ok(items[0].first_told < items[1].first_told, 'tier by tier, who was told when');
    assert.match(cli('groups', owner, id).stdout, /Second tier/);
    const lines = (await expect(200, owner.call('GET', `${kase}/timeline`))).items.filter((line) => line.type === 'ParticipantInvited');
    assert.equal(new Set(lines.map((line) => line.recorded)).size, 2, 'each in one command');
  });

  test('all are invited or none, and what is in the way is said with its place', async () => {
    const spare = site.org('Spare', 'vendor');
    const before = (await expect(200, owner.call('GET', `${kase}/participants`))).items.length;
    const taken = await owner.call('POST', `${kase}/participants/invite`, { organisations: [spare, vendor.org, other.org], roles: ['vendor'], essential_because: 'ships it' });
    assert.equal(taken.status, 409);
    assert.equal(taken.json.errors[0].pointer, '/organisations/1');
    assert.ok(taken.json.detail.includes('/organisations/2') && taken.json.detail.includes(other.org), taken.text);
    const unknown = await owner.call('POST', `${kase}/participants/invite`, { organisations: [spare, 'o_00000000000000000000000001'], roles: ['vendor'], essential_because: 'ships it' });
    assert.deepEqual([unknown.status, unknown.json.errors[0].pointer], [422, '/organisations/1']);
    assert.equal((await vendor.call('POST', `${kase}/participants/invite`, { organisations: [spare], roles: ['vendor'], essential_because: 'ships it' })).status, 403);
    assert.equal((await expect(200, owner.call('GET', `${kase}/participants`))).items.length, before);
  });

  test('each of many may be invited for a reason of its own, and is told that one alone', async () => {
    const [one, two] = [site.party('Own reason one', 'vendor'), site.party('Own reason two', 'vendor')];
    const list = join(site.dir, 'own-reasons.txt');
    writeFileSync(list, `${one.org}  wrote the parser # our remark\n# the next ones build on it\n${two.org}\n`);
    const without = cli('invite', owner, id, list, '--role', 'vendor');
    assert.equal(without.status, 2, without.stderr);
    const invited = cli('invite', owner, id, list, '--role', 'vendor', '--because', 'ships the parser');
    assert.equal(invited.status, 0, invited.stderr);
    const because = async (who) => (await expect(200, who.call('GET', kase))).me.essential_because;
    assert.deepEqual([await because(one), await because(two)], ['wrote the parser', 'ships the parser']);
    const path = `${kase}/participants/invite`;
    const spare = site.org('Own reason spare', 'vendor');
    const none = await owner.call('POST', path, { organisations: [spare], roles: ['vendor'] });
    assert.deepEqual([none.status, none.json.errors[0].pointer], [422, '/essential_because']);
    const other_one = await owner.call('POST', path, { organisations: [spare], roles: ['vendor'], essential_because: 'ships it', reasons: [{ organisation: two.org, because: 'x' }] });
    assert.deepEqual([other_one.status, other_one.json.errors[0].pointer], [409, '/reasons/0']);
  });

  test('a member reads its group, without learning who else is in it; others read nothing of it', async () => {
    const { thread } = await expect(201, vendor.call('POST', `${kase}/threads`, { audience: `group:${first}`, topic: 'Branches', text: 'CANARY which branch first?' }));
    assert.ok((await texts(other)).some((text) => text.startsWith('CANARY')));
    const seen = (await expect(200, other.call('GET', `${kase}/threads`))).items.find((t) => t.id === thread);
    assert.equal(seen.messages[0].by, null);
    const groups = (await expect(200, other.call('GET', `${kase}/groups`))).items;
    assert.deepEqual(groups.map((g) => [g.id, g.name, g.members, g.order, g.why]), [[first, 'First tier', undefined, undefined, undefined]]);
    for (const part of ['', '/groups', '/threads', '/timeline', '/participants']) {
      const text = (await other.call('GET', kase + part)).text;
      assert.ok(!text.includes(vendor.org) && !text.includes('Early') && !text.includes('Second tier'), part);
    }
    await join_in(late);
    assert.ok(!(await texts(late)).some((text) => text.startsWith('CANARY')));
    for (const part of ['', '/threads', '/timeline', '/groups']) assert.ok(!(await late.call('GET', kase + part)).text.includes(first), part);
    assert.equal((await late.call('POST', `${kase}/threads/${thread}/messages`, { text: 'me too' })).status, 404);
    assert.equal((await late.call('POST', `${kase}/threads`, { audience: `group:${first}`, topic: 'a' })).status, 422);
    await expect(201, late.call('POST', `${kase}/threads`, { audience: `group:${later}`, topic: 'When?', text: 'When does the first tier ship?' }));
    assert.equal((await stranger.call('GET', `${kase}/groups`)).status, 404);
  });

  test('who is taken out reads nothing of it at once, and what was ruled on joining is on record', async () => {
    const rulings = (await owner.call('GET', `${kase}/rulings`)).text;
    assert.equal(cli('change-group', owner, id, first, '--add', late.org, '--why', 'ships the same code').status, 0);
    assert.ok((await texts(late)).some((text) => text.startsWith('CANARY')));
    const after = (await owner.call('GET', `${kase}/rulings`)).text;
    assert.ok(!rulings.includes(`group:${first}`) || after.split(`group:${first}`).length > rulings.split(`group:${first}`).length);
    await expect(200, owner.call('POST', `${kase}/groups/${first}/members`, { remove: [late.org], why: 'its product is out of support' }));
    assert.ok(!(await texts(late)).some((text) => text.startsWith('CANARY')));
    assert.equal((await vendor.call('POST', `${kase}/groups/${first}/members`, { remove: [other.org], why: 'x' })).status, 403);
  });
});

describe('what is new', () => {
  const post = async (who, text, thread) => (await expect(201, who.call('POST', `${kase}/threads/${thread}/messages`, { text }))).message;
  let thread;
  test('it is counted for each person, without their own words, and is true after marking', async () => {
    ({ thread } = await expect(201, owner.call('POST', `${kase}/threads`, { audience: 'shared', topic: 'Plan', text: 'Who ships when?' })));
    for (const who of [owner, second, vendor]) await expect(200, who.call('POST', `${kase}/read`, {}));
    for (const who of [owner, second, vendor]) assert.equal((await unread(who)).count, 0);
    const one = await post(vendor, 'In May.', thread), two = await post(vendor, 'In May or June.', thread);
    assert.equal((await unread(vendor)).count, 0, 'own words');
    assert.deepEqual((await unread(owner)).threads, [{ thread, messages: 2, first: one }]);
    assert.equal((await unread(second)).count, 2, 'for each person of an organisation');
    await expect(200, vendor.call('POST', `${kase}/threads/${thread}/messages/${two}/amend`, { text: 'In June.' }));
    assert.equal((await unread(owner)).count, 2, 'changed, it counts once');
    assert.equal((await expect(200, owner.call('GET', '/api/v1/cases'))).items[0].unread, 2);
    const { through } = await unread(owner);
    await post(vendor, 'Not before.', thread);
    await expect(200, owner.call('POST', `${kase}/read`, { through }));
    assert.equal((await unread(owner)).count, 1, 'what came meanwhile stays new');
    assert.match(cli('unread', owner, id).stdout, /^1 new/);
    assert.equal(cli('read', owner, id).status, 0);
    assert.equal((await unread(owner)).count, 0);
    await expect(200, vendor.call('POST', `${kase}/threads/${thread}/messages/${one}/amend`, { text: 'In April.' }));
    assert.equal((await unread(owner)).count, 1, 'changed since it was read');
    assert.equal((await unread(second)).count, 3);
    assert.equal((await owner.call('POST', `${kase}/read`, { through: 'e_00000000000000000000000001' })).status, 404);
    assert.equal((await stranger.call('GET', `${kase}/unread`)).status, 404);
    assert.equal((await stranger.call('POST', `${kase}/read`, {})).status, 404);
  });

  test('what one said without one\'s name on it isn\'t news either', async () => {
    await expect(200, vendor.call('POST', `${kase}/read`, {}));
    await expect(201, vendor.call('POST', `${kase}/embargo/proposals`, { until: new Date(Date.now() + 40 * 86_400_000).toISOString() }));
    assert.equal((await unread(vendor)).count, 0);
    assert.ok((await unread(other)).count > 0);
    await expect(200, owner.call('POST', `${kase}/embargo/proposals/1/refuse`, { why: 'too long' }));
    assert.equal((await unread(vendor)).count, 1);
  });

  test('nothing hidden moves a count, and removal and restoring lose and invent nothing', async () => {
    await expect(200, late.call('POST', `${kase}/read`, {}));
    await expect(201, owner.call('POST', `${kase}/threads`, { audience: 'coordination', topic: 'Internal', text: 'Not for all.' }));
    await expect(201, vendor.call('POST', `${kase}/threads`, { audience: `group:${first}`, topic: 'Tests', text: 'Not for the second tier.' }));
    assert.equal((await unread(late)).count, 0);
    await expect(200, owner.call('POST', `${kase}/participants/${late.org}/suspend`, { why: 'a leak' }));
    await post(owner, 'While it is away.', thread);
    assert.equal((await late.call('GET', `${kase}/unread`)).status, 404);
    await expect(200, owner.call('POST', `${kase}/participants/${late.org}/restore`, { why: 'not theirs' }));
    const back = await unread(late);
    assert.deepEqual(back.threads.map((t) => [t.thread, t.messages]), [[thread, 1]]);
    assert.equal(back.count, 3, 'the message, and in its own part that it was suspended and restored');
  });

  test('the page says how much, leads to the first new message, and having shown it, has it read', async () => {
    await expect(200, second.call('POST', `${kase}/read`, {}));
    const message = await post(vendor, 'News for the page.', thread);
    const browser = await signIn(second);
    assert.match((await browser.open('/cases')).text, /1 new/);
    const page = await browser.open(`/cases/${id}`);
    assert.equal(page.status, 200);
    assert.ok(page.text.includes(`id="m-${message}"`) || page.text.includes(`id=m-${message}`), 'there is a place to jump to');
    assert.match(page.text, /1 new: to the first/);
    assert.equal((await unread(second)).count, 0);
    assert.doesNotMatch((await browser.open(`/cases/${id}`)).text, /1 new: to the first/);
  });
});

describe('a long thread in a large case', () => {
  test('its page begins with what is new and says truly how much of it was shown', async () => {
    const { thread } = await expect(201, owner.call('POST', `${kase}/threads`, { audience: 'shared', topic: 'A long one' }));
    await expect(200, second.call('POST', `${kase}/read`, {}));
    const before_all = Date.now();   // a whole second later it is another one by the scripted clock too, wherever its seconds begin
    await eventually('these have seconds of their own, since the ledger counts no finer', async () => Date.now() > before_all + 1000);
    const said = [];
    for (let i = 0; i < 40; ++i) said.push((await expect(201, vendor.call('POST', `${kase}/threads/${thread}/messages`, { text: `Number ${i}.` }))).message);
    assert.equal((await unread(second)).count, 40);
    const browser = await signIn(second);
    const shown = (page) => said.filter((message) => page.text.includes(`id="m-${message}"`));
    const form = await browser.open(`/cases/${id}?form=amend_message&thread=${thread}`);
    assert.equal(form.status, 200);
    assert.equal((await unread(second)).count, 40, 'a form shows nothing of the talk');
    for (const left of [25, 10, 0]) {
      const before = (await unread(second)).threads[0].first;
      const page = await browser.open(`/cases/${id}`);
      assert.ok(shown(page).includes(before), 'the first new one is there');
      assert.equal((await unread(second)).count, left);
    }
    assert.deepEqual(shown(await browser.open(`/cases/${id}`)), said.slice(25), 'then the newest');
    const earlier = [...(await browser.open(`/cases/${id}`)).text.matchAll(/href="([^"]*)"[^>]*>11 to 25</g)].map(([, href]) => href.replaceAll('&amp;', '&'));
    assert.equal(earlier.length, 1);
    assert.deepEqual(shown(await browser.open(earlier[0])), said.slice(10, 25));
    assert.deepEqual(shown(await browser.open(`/cases/${id}?message=${said[3]}`)), said.slice(3, 18), 'what was found is where its link leads');
    assert.deepEqual(browser.wrong, []);
  });
});

describe('words changed and taken back', () => {
  test('the author\'s organisation does it; what was said before is shown until it is taken back, and then to nobody', async () => {
    const { thread, message } = await expect(201, vendor.call('POST', `${kase}/threads`, { audience: 'shared', topic: 'Wrong', text: 'OOPS first' }));
    assert.equal((await owner.call('POST', `${kase}/threads/${thread}/messages/${message}/amend`, { text: 'x' })).status, 403);
    const file = join(site.dir, 'new.txt');
    writeFileSync(file, 'OOPS second');
    assert.equal(cli('amend', vendor, id, thread, message, file).status, 0);
    const shown = (await expect(200, other.call('GET', `${kase}/threads`))).items.find((t) => t.id === thread).messages[0];
    assert.deepEqual([shown.text, shown.earlier], ['OOPS second', ['OOPS first']]);
    await eventually('it can be found', async () => (await found(other, 'oops second')).items.length === 1);
    assert.equal(cli('retract', vendor, id, thread, message, '--why', 'it was for another case').status, 0);
    for (const who of [owner, vendor, other]) {
      for (const part of ['', '/threads']) assert.doesNotMatch((await who.call('GET', kase + part)).text, /OOPS/, part);
      assert.equal((await found(who, 'oops')).items.length, 0);
    }
    assert.doesNotMatch((await (await signIn(owner)).open(`/cases/${id}`)).text, /OOPS/);
    const { knowers } = await expect(200, owner.call('GET', `${kase}/knowers`));
    assert.ok(knowers.some((k) => k.organisation.id === other.org && k.items.some((item) => item.object === 'shared')), 'who had it stays on record');
    assert.equal((await vendor.call('POST', `${kase}/threads/${thread}/messages/${message}/amend`, { text: 'x' })).status, 409);
  });

  test('a statement is drafted by one person and shared once an administrator approved it', async () => {
    const staff = { org: vendor.org, person: site.person(vendor.org, 'Staff', 'staff') };
    const writer = site.client(staff);
    await expect(200, writer.call('POST', `${kase}/statements`, { text: 'We are affected.' }));
    assert.doesNotMatch((await other.call('GET', `${kase}/participants`)).text, /We are affected/);
    assert.doesNotMatch((await owner.call('GET', `${kase}/threads`)).text, /We are affected/);
    assert.equal((await writer.call('POST', `${kase}/statements/approve`, { text: 'We are affected.' })).status, 403);
    await expect(200, vendor.call('POST', `${kase}/statements/approve`, { text: 'We are affected.' }));
    assert.match((await owner.call('GET', `${kase}/participants`)).text, /We are affected/);
  });
});

describe('own numbers and finding things', () => {
  test('an organisation\'s own number is read by it and the coordination, and finds the case for them', async () => {
    assert.equal(cli('number', vendor, id, '--number', 'PSIRT-4711', '--url', 'https://tracker.example/4711').status, 0);
    for (const who of [vendor, owner]) assert.deepEqual((await expect(200, who.call('GET', kase))).tracking_ids.map((t) => [t.organisation.id, t.tracking_id]), [[vendor.org, 'PSIRT-4711']]);
    assert.deepEqual((await expect(200, other.call('GET', kase))).tracking_ids, []);
    for (const who of [vendor, owner]) await eventually('found by its number', async () => (await found(who, 'psirt-4711')).items.some((item) => item.case === id && item.kind === 'tracking_id'));
    for (const who of [other, stranger]) assert.equal((await found(who, 'psirt-4711')).items.length, 0);
    assert.match(cli('search', owner, 'PSIRT-4711').stdout, new RegExp(`^${id}  tracking_id`));
    assert.equal((await vendor.call('POST', `${kase}/tracking-id`, { tracking_id: 'x', url: 'javascript:alert(1)' })).status, 422);
  });

  test('titles, products, vulnerabilities, topics and messages are found by those who read them, and how far it is is said of their own cases', async () => {
    const { vulnerability } = await expect(201, owner.call('POST', `${kase}/vulnerabilities`, { title: 'Heap overflow in the decoder', description: 'A frame.' }));
    await expect(200, owner.call('POST', `${kase}/vulnerabilities/${vulnerability}/identifier`, { identifier: 'CVE-2031-4711' }));
    await expect(201, other.call('POST', `${kase}/products`, { name: 'Gadgetron', version: '7' }));
    await eventually('all of it is found', async () => {
      const kinds = async (who, words) => (await found(who, words)).items.filter((item) => item.case === id).map((item) => item.kind);
      return (await kinds(vendor, 'cve-2031-4711')).includes('vulnerability') && (await kinds(other, 'GADGETRON')).includes('product') && (await kinds(owner, 'gadgetron')).includes('product') && (await kinds(vendor, 'many library')).includes('case') && (await kinds(vendor, 'branches')).includes('thread');
    });
    for (const [who, words] of [[vendor, 'gadgetron'], [late, 'branches'], [late, 'internal'], [stranger, 'overflow']]) assert.equal((await found(who, words)).items.length, 0, words);
    assert.deepEqual((await found(stranger, 'overflow')).indexed, { cases: 0, of: 0, complete: true });
    assert.deepEqual((await found(vendor, 'overflow')).indexed, { cases: 1, of: 1, complete: true });
    assert.equal((await vendor.call('GET', '/api/v1/search?q=a')).status, 422);
    assert.equal((await vendor.call('GET', '/api/v1/search')).status, 422);
    const page = await (await signIn(vendor)).open('/cases?q=heap%20overflow');
    assert.match(page.text, /Heap overflow in the decoder/);
  });

  test('it is found again after a restart', async () => {
    await site.stop();
    await site.serve(['--intake-limits', 'off']);
    await eventually('found', async () => (await found(vendor, 'psirt-4711')).items.length === 1);
  });
});

test('from the page: a group is formed, many are invited, and who stands where is shown for a chosen state', async () => {
  const { vulnerability } = await expect(201, owner.call('POST', `${kase}/vulnerabilities`, { title: 'Another', description: 'One more.' }));
  await expect(201, owner.call('POST', `${kase}/questions`, { organisations: [vendor.org, other.org], vulnerability }));
  const { product } = await expect(201, vendor.call('POST', `${kase}/products`, { name: 'Parser' }));
  await expect(200, vendor.call('POST', `${kase}/statuses`, { vulnerability, product, status: 'affected' }));
  const browser = await signIn(owner);
  const page = await browser.open(`/cases/${id}`);
  assert.match(page.text, /Who stands where/);
  assert.ok(page.text.length < 500_000, `${page.text.length} bytes`);
  const part = (text) => text.slice(text.indexOf('Parties and their answers'), text.indexOf('</table>', text.indexOf('Parties and their answers')));
  const silent = part((await browser.open(`/cases/${id}?state=silent`)).text), affected = part((await browser.open(`/cases/${id}?state=affected`)).text);
  assert.ok(silent.includes('Second') && !silent.includes('Early'), silent);
  assert.ok(affected.includes('Early') && !affected.includes('Second'), affected);
  assert.match(silent, /asked, no answer yet/, 'one state a party');
  assert.doesNotMatch(affected, /asked, no answer/);
  const actions = forms(page).map((form) => form.action);
  for (const command of ['form_group', 'set_tracking_id']) assert.ok(actions.includes(`/cases/${id}/do/${command}`), command);
  // What is chosen from more than thirty has a page of its own, where the same form does the same.
  const to = [...page.text.matchAll(/href="([^"]*form=change_group[^"]*)"/g)].map(([, href]) => href.replaceAll('&amp;', '&')).find((href) => href.includes(first));
  assert.ok(to, 'a way to the form');
  const alone = await browser.open(to);
  assert.equal(alone.status, 200);
  const changed = await browser.submit(alone, `/cases/${id}/do/change_group`, { [`add.${late.org}`]: 'yes', why: 'it ships the same parser' });
  assert.equal(changed.status, 200, changed.text.slice(0, 500));
  assert.ok((await expect(200, owner.call('GET', `${kase}/groups`))).items.find((group) => group.id === first).members.some((member) => member.organisation.id === late.org), 'it joined');
  assert.equal((await browser.open(`/cases/${id}?form=fire_release`)).status, 200);
  const [hidden, never] = [await (await signIn(stranger)).open(`/cases/${id}?form=change_group`), await (await signIn(stranger)).open('/cases/c_00000000000000000000000001?form=change_group')];
  const plain = (answer) => answer.text.replaceAll(/name="csrf" value="[^"]*"|q_[0-9a-z]{26}/g, '');
  assert.deepEqual([hidden.status, plain(hidden)], [never.status, plain(never)]);
  const done = await browser.submit(page, `/cases/${id}/do/form_group`, { name: 'Third tier', why: 'they come last' });
  assert.equal(done.status, 200, done.text.slice(0, 500));
  assert.equal((await expect(200, owner.call('GET', `${kase}/groups`))).items.at(-1).name, 'Third tier');
  assert.deepEqual([...new Set(browser.wrong)], []);
});

test('every answer, and every body that was taken, was as the OpenAPI file says', async () => {
  assert.deepEqual(await published.faults(), []);
  const seen = await published.seen();
  assert.deepEqual(['GET /api/v1/search', 'POST /api/v1/cases/{case}/read', 'GET /api/v1/cases/{case}/unread', 'POST /api/v1/cases/{case}/participants/invite', 'POST /api/v1/cases/{case}/groups'].filter((op) => !seen.has(op)), []);
});
