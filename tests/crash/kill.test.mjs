// The server is killed with SIGKILL at random moments, also those of ticks, while clients write. After each restart: what was acknowledged is
// there, once; what was not is there whole or not at all; the ledger is sound; what was signed and put outside still holds. (REL-1, REL-5, AUD-4)
//
// SLUICE_KILLS (200) on SQLite, SLUICE_KILLS_POSTGRES (30) on PostgreSQL where SLUICE_TEST_POSTGRES names one; SLUICE_SEED repeats a run's choices.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Site, binary, expect } from '../lib/site.mjs';
import { Chance, seed } from './chance.mjs';

const kPerBlock = 20;    // kills that share a receiver and its cases, so that the lists to compare stay short
const kMostFound = 5;

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const in_days = (n) => new Date(Date.now() + n * 86_400_000).toISOString().replace(/\.\d+/, '');
const counted = (list) => list.reduce((counts, one) => counts.set(one, (counts.get(one) ?? 0) + 1), new Map());

// One thing a client did: `acknowledged` once a 2xx was read. What was in flight when the server died is neither.
class Write {
  constructor(mark, again) { Object.assign(this, { mark, again, acknowledged: false }); }
}

class Storm {
  constructor(site, chance) {
    Object.assign(this, { site, chance, marks: 0, writes: 0, checked: 0, outside: new Map(), found: { lost: [], half: [], ledger: [], outside: [] } });
    this.done = { message: 0, case: 0, step: 0, terms: 0, report: 0, unsure: 0 };
    this.blocks = [];
    this.nobody = { call: (verb, path, body, headers) => site.call(undefined, verb, path, body, headers) };
  }

  tell(kind, text) { this.found[kind].push(`kill ${this.kill}: ${text}`); }
  mark(what) { return `${what} ${++this.marks}`; }

  async serve() {
    this.site.url = undefined;
    const tick = this.chance.one_of(['50ms', '80ms', '200ms']);
    await this.site.serve(['--intake-limits', 'off', '--tick', tick]);
  }

  // ---- a receiver with what its clients work on

  async add_block() {
    const { site } = this;
    const name = `Receiver ${this.blocks.length}`;
    const owner = site.party(name, 'vendor');
    const tag = (await owner.call('GET', `/api/v1/organisations/${owner.org}`)).headers.get('etag');
    await expect(200, owner.call('PUT', `/api/v1/organisations/${owner.org}`, { name, takes_reports: true, policy: { embargo: { preferred: 'P45D' } } }, { 'if-match': tag }));
    const open = async (title) => (await expect(201, owner.call('POST', '/api/v1/cases', { title }))).id;
    const block = { owner, cases: new Map(), reports: [], seen: new Set(), threads: [] };
    block.talk = await open('talk');
    for (const topic of ['one', 'two']) {
      const { thread } = await expect(201, owner.call('POST', `/api/v1/cases/${block.talk}/threads`, { audience: 'shared', topic }));
      block.threads.push({ id: thread, writes: [] });
    }
    block.terms = { id: await open('terms'), writes: [], version: 0, is_open: false };
    this.blocks.push(block);
  }
  get block() { return this.blocks.at(-1); }

  // ---- writing

  // Sends once; false when the server died over it. A 4xx is a mistake of this test.
  async send(write, call, wanted) {
    this.writes += 1;
    let answer;
    for (;;) {
      try { answer = await call(); } catch { return undefined; }
      if (answer.status !== 429) break;
      // Faster than anybody may write, where the end waits for a report: it wasn't done.
      await later(1000 * Number(answer.headers.get('retry-after')));
      if (this.over) return undefined;
    }
    if (answer.status !== wanted) throw new Error(`${write.mark}: ${answer.status} ${answer.text.slice(0, 400)}`);
    write.acknowledged = true;
    return answer.json;
  }

  async post_messages(thread) {
    const { owner, talk } = this.block;
    while (!this.over) {
      const text = this.mark('message');
      const call = () => owner.call('POST', `/api/v1/cases/${talk}/threads/${thread.id}/messages`, { text }, { 'idempotency-key': text });
      const write = new Write(text, call);
      thread.writes.push(write);
      if (!(await this.send(write, call, 201))) return;
      this.done.message += 1;
    }
  }

  async negotiate() {
    const { owner, terms } = this.block;
    while (!this.over) {
      const key = this.mark('terms');
      const proposing = !terms.is_open;
      const until = in_days(30);
      const call = proposing ? () => owner.call('POST', `/api/v1/cases/${terms.id}/embargo/proposals`, { until, note: key }, { 'idempotency-key': key })
        : () => owner.call('POST', `/api/v1/cases/${terms.id}/embargo/proposals/${terms.version}/refuse`, { why: key }, { 'idempotency-key': key });
      const write = new Write(key, call);
      terms.writes.push(write);
      terms.unsure = { proposing };
      if (!(await this.send(write, call, proposing ? 201 : 200))) return;
      this.negotiated();
    }
  }
  negotiated() {
    const { terms } = this.block;
    if (terms.unsure.proposing) terms.version += 1;
    terms.is_open = terms.unsure.proposing;
    terms.unsure = undefined;
    this.done.terms += 1;
  }

  // Opens a case and goes on with it up to an invitation, which writes an entry, a ruling and a right in one transaction.
  async open_cases() {
    const { owner, cases } = this.block;
    while (!this.over) {
      const title = this.mark('case');
      const made = new Write(title);
      const one = { made, steps: [] };
      cases.set(title, one);
      const answer = await this.send(made, () => owner.call('POST', '/api/v1/cases', { title }), 201);
      if (!answer) return;
      one.id = answer.id;
      this.done.case += 1;
      const at = `/api/v1/cases/${one.id}`;
      for (const [mark, path, body, status] of [['validate', 'triage', { action: 'validate' }, 200], ['accept', 'triage', { action: 'accept' }, 200],
        ['invite', 'participants', { organisation: this.partner.org, roles: ['vendor'], essential_because: 'ships it' }, 201]]) {
        if (this.over) return;
        const step = new Write(mark);
        one.steps.push(step);
        if (!(await this.send(step, () => owner.call('POST', `${at}/${path}`, body), status))) return;
        this.done.step += 1;
      }
    }
  }

  async send_reports() {
    const { owner, reports } = this.block;
    while (!this.over) {
      const title = this.mark('report');
      const write = new Write(title);
      const report = { write };
      reports.push(report);
      const answer = await this.send(write, () => this.nobody.call('POST', '/api/v1/reports', { to: owner.org, title, description: `${title}, told at length`, product: 'parser', contacted_vendor: false }), 201);
      if (!answer) return;
      Object.assign(report, { id: answer.id, code: answer.code });
      this.done.report += 1;
    }
  }

  async write_and_die() {
    this.over = false;
    // A report costs a slow hash first; in half of the rounds that has a start on the others, or hardly any would be written before the end.
    const clients = [this.send_reports(), this.send_reports()];
    if (this.chance.below(2)) await later(150);
    clients.push(...this.block.threads.map((thread) => this.post_messages(thread)), this.negotiate(), this.open_cases());
    const all = Promise.all(clients);
    if (this.kill % 5 === 0) {  // and in every fifth the end waits for one, to come at a random moment after it
      const before_it = this.done.report;
      for (const began = Date.now(); this.done.report === before_it && Date.now() - began < 60_000;) await later(5);
    }
    await Promise.race([all, later(this.chance.between(20, 200))]);
    this.over = true;   // what is in flight dies with the server; nothing is begun after it
    await this.site.stop('SIGKILL');
    await all;
  }

  // ---- looking at what is left

  async get(who, path, headers) {
    const answer = await who.call('GET', path, undefined, headers);
    return answer.status === 200 ? answer.json : { refused: answer.status, text: answer.text.slice(0, 300) };
  }

  async all_cases(who) {
    const cards = new Map();
    for (let cursor = ''; cursor !== undefined;) {
      const page = await expect(200, who.call('GET', `/api/v1/cases?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`));
      for (const card of page.items) {
        if (cards.has(card.id)) this.tell('half', `${card.id} stands in the list twice`);
        cards.set(card.id, card);
      }
      cursor = page.next;
    }
    return cards;
  }

  async check_threads(block) {
    const list = await this.get(block.owner, `/api/v1/cases/${block.talk}/threads`);
    if (list.refused) return this.tell('lost', `the threads: ${list.refused} ${list.text}`);
    for (const thread of block.threads) {
      const texts = list.items.find((one) => one.id === thread.id)?.messages.map((message) => message.text) ?? [];
      const sure = thread.writes.filter((write) => write.acknowledged).map((write) => write.mark);
      const lost = sure.filter((text) => !texts.includes(text));
      if (lost.length) this.tell('lost', `acknowledged messages: ${lost.join(', ')}`);
      const last = thread.writes.at(-1);
      const with_last = last && !last.acknowledged && texts.at(-1) === last.mark ? [...sure, last.mark] : sure;
      if (!lost.length && texts.join() !== with_last.join()) this.tell('half', `a thread reads ${texts.slice(-5)} where ${with_last.slice(-5)} was written`);
      // Sent again with its key it is done once, whether or not it was done before.
      if (last && !last.acknowledged) {
        this.done.unsure += 1;
        await expect(201, last.again());
        last.acknowledged = true;
        const again = (await expect(200, block.owner.call('GET', `/api/v1/cases/${block.talk}/threads`))).items.find((one) => one.id === thread.id).messages.map((message) => message.text);
        if (again.join() !== [...sure, last.mark].join()) this.tell('half', `sent again with its Idempotency-Key, a thread reads ${again.slice(-3)}`);
      }
    }
  }

  async check_terms(block, cards) {
    const { terms } = block;
    const look = async () => await this.get(block.owner, `/api/v1/cases/${terms.id}/embargo`);
    let seen = await look();
    if (seen.refused) return this.tell('lost', `the terms: ${seen.refused} ${seen.text}`);
    const is_as = (version, open) => seen.terms.length === version && seen.state === (open ? 'proposed' : 'none') && seen.terms.filter((one) => one.state === 'open').length === (open ? 1 : 0);
    const unsure = terms.unsure;
    const as_before = is_as(terms.version, terms.is_open);
    const as_after = unsure && is_as(terms.version + (unsure.proposing ? 1 : 0), unsure.proposing);
    if (!as_before && !as_after) this.tell(seen.terms.length < terms.version ? 'lost' : 'half', `terms: ${terms.version} acknowledged, the last ${terms.is_open ? 'open' : 'refused'}; seen ${JSON.stringify(seen).slice(0, 400)}`);
    if (cards.get(terms.id)?.embargo !== seen.state) this.tell('half', `the list says the embargo is ${cards.get(terms.id)?.embargo}, the case ${seen.state}`);
    if (unsure) {
      this.done.unsure += 1;
      await expect(unsure.proposing ? 201 : 200, terms.writes.at(-1).again());
      this.negotiated();
      seen = await look();
      if (!is_as(terms.version, terms.is_open)) this.tell('half', `sent again with its Idempotency-Key, terms are ${JSON.stringify(seen).slice(0, 400)}`);
    }
  }

  // A case that a report made: its case, its row, and its three streams, or nothing of them.
  async check_report(block, card) {
    const seen = await this.get(block.owner, `/api/v1/cases/${card.id}`);
    if (seen.refused) return this.tell('half', `${card.title} is listed, but its case answers ${seen.refused}`);
    const timeline = await this.get(block.owner, `/api/v1/cases/${card.id}/timeline`);
    const id = seen.reports?.[0]?.id;
    const report = await this.get(block.owner, `/api/v1/reports/${id}`);
    const where = new Set((timeline.items ?? []).map((line) => line.compartment));
    const types = counted((timeline.items ?? []).map((line) => line.type));
    const is_whole = seen.title === card.title && seen.reports.length === 1 && seen.vulnerabilities.length === 1 && seen.participants.length === 1 && report.content?.title === card.title &&
      report.content.description === `${card.title}, told at length` && ['coordination', 'shared', `report:${id}`].every((name) => where.has(name)) &&
      ['CaseOpened', 'ReportLinked', 'ReportReceived', 'VulnerabilityAdded'].every((type) => types.get(type) === 1) && seen.embargo.state === 'active' && card.embargo === 'active';
    if (!is_whole) this.tell('half', `${card.title}: ${JSON.stringify({ seen, report, where: [...where], types: [...types], card }).slice(0, 1500)}`);
    const known = block.reports.find((one) => one.write.mark === card.title);
    if (known?.id && known.id !== id) this.tell('half', `${card.title} was acknowledged as ${known.id} and is ${id}`);
    if (known) known.id = id;
  }

  async check_opened(block, card) {
    const one = block.cases.get(card.title);
    const at = `/api/v1/cases/${card.id}`;
    const seen = await this.get(block.owner, at);
    if (seen.refused) return this.tell('half', `${card.title} is listed, but its case answers ${seen.refused}`);
    if (one.id && one.id !== card.id) this.tell('half', `${card.title} was acknowledged as ${one.id} and is ${card.id}`);
    const types = counted((await this.get(block.owner, `${at}/timeline`)).items.map((line) => line.type));
    const steps = (types.get('ReportStepped') ?? 0) + (types.get('ParticipantInvited') ?? 0);
    const sure = one.steps.filter((step) => step.acknowledged).length;
    if (steps < sure) this.tell('lost', `${card.title}: ${sure} steps were acknowledged, ${steps} are there`);
    if (steps > one.steps.length || types.get('CaseOpened') !== 1) this.tell('half', `${card.title}: ${JSON.stringify([...types])}`);
    // The partner's right (a clear row) stands and falls with the entry that gave it.
    const named = seen.participants.some((participant) => participant.organisation.id === this.partner.org);
    const stub = await this.get(this.partner, at);
    if (named !== (stub.stub === true) || named !== types.has('ParticipantInvited')) this.tell('half', `${card.title}: the case ${named ? 'names' : "doesn't name"} its partner, and the partner sees ${JSON.stringify(stub).slice(0, 200)}`);
  }

  // How `how` looks at a block: what is new and a few others, or all.
  async check(block, how) {
    const cards = await this.all_cases(block.owner);
    const titles = counted([...cards.values()].map((card) => card.title));
    for (const [title, count] of titles) if (count > 1) this.tell('half', `${title} is there ${count} times`);
    const sure = [...block.reports.map((report) => report.write), ...[...block.cases.values()].map((one) => one.made)];
    for (const write of sure) if (write.acknowledged && !titles.has(write.mark)) this.tell('lost', `${write.mark} was acknowledged`);
    const known = new Set([...sure.map((write) => write.mark), 'talk', 'terms']);
    for (const title of titles.keys()) if (!known.has(title)) this.tell('half', `nobody wrote ${title}`);

    const fresh = [...cards.values()].filter((card) => !block.seen.has(card.id));
    const others = [...cards.values()].filter((card) => block.seen.has(card.id));
    const sample = how === 'all' ? others : others.length ? [this.chance.one_of(others), this.chance.one_of(others)] : [];
    for (const card of [...fresh, ...sample]) {
      block.seen.add(card.id);
      this.checked += 1;
      if (card.title.startsWith('report ')) await this.check_report(block, card);
      else if (card.title.startsWith('case ')) await this.check_opened(block, card);
    }
    await this.check_threads(block);
    await this.check_terms(block, cards);

    // The reporter's own way in: its code. One a look, since each costs a slow hash.
    const coded = block.reports.filter((report) => report.code);
    if (coded.length && (how === 'all' || this.kill % 4 === 0)) {
      const report = this.chance.one_of(coded);
      const mailbox = await this.get(this.nobody, `/api/v1/reports/${report.id}`, { 'sluice-report-code': report.code });
      if (mailbox.content?.title !== report.write.mark) this.tell('lost', `${report.write.mark} by its code: ${JSON.stringify(mailbox).slice(0, 300)}`);
    }
  }

  check_ledger(when) {
    const run = spawnSync(binary, ['ledger', 'verify', '--data', this.site.data], { encoding: 'utf8' });
    if (run.status !== 0) this.tell('ledger', `${when}: ledger verify exits ${run.status}: ${run.stdout.slice(0, 300)}${run.stderr.slice(0, 200)}`);
  }

  // As a witness would: a signed head that was once outside may never be replaced by another of the same size.
  check_outside() {
    const folder = join(this.site.data, 'checkpoints');
    // A `.new` is a head on its way: what a kill left of it was never outside, and the next start sweeps it away.
    const names = readdirSync(folder).sort();
    const leftover = names.filter((name) => name.endsWith('.new'));
    if (leftover.length > 1) this.tell('outside', `leftovers pile up: ${leftover}`);
    for (const name of names.filter((one) => one.endsWith('.txt')).slice(-60)) {
      const note = readFileSync(join(folder, name), 'utf8');
      if (!note.endsWith('\n') || !note.includes('\n\n')) this.tell('outside', `${name} is torn: ${JSON.stringify(note.slice(0, 100))}`);
      else if (this.outside.has(name) && this.outside.get(name) !== note) this.tell('outside', `two heads of one size were signed (${name}): ${JSON.stringify([this.outside.get(name), note])}`);
      this.outside.set(name, note);
    }
  }

  get found_enough() { return this.found.lost.length + this.found.half.length >= kMostFound; }

  async run(kills) {
    const { site } = this;
    this.kill = 0;
    const partner = site.org('Partner', 'vendor');
    const person = site.person(partner, 'Pat Partner', 'admin');
    await this.serve();
    this.partner = site.client({ org: partner, person });
    while (this.kill < kills && !this.found_enough) {
      if (this.kill % kPerBlock === 0) await this.add_block();
      this.kill += 1;
      await this.write_and_die();
      this.check_outside();
      this.check_ledger('before the restart');
      await this.serve();
      await this.check(this.block, 'some');
      if (this.blocks.length > 1 && this.kill % 10 === 5) await this.check(this.chance.one_of(this.blocks), 'some');
      if (this.kill % 10 === 0) this.check_ledger('while serving');
    }
    for (const block of this.blocks) await this.check(block, 'all');
    this.check_ledger('at the end, while serving');
    await site.stop();
    this.check_ledger('after a stop');
  }
}

// After every kill the whole ledger is verified, so a site that lives long costs more with each: after so many a new one begins, with the next seed.
const kKillsOfASite = 200;

async function kill_often(t, kills, database) {
  const began = Date.now();
  const all = { done: {}, found: {}, kill: 0, checked: 0 };
  const add = (to, from) => { for (const [kind, more] of Object.entries(from)) to[kind] = Array.isArray(more) ? [...(to[kind] ?? []), ...more] : (to[kind] ?? 0) + more; };
  t.diagnostic(`SLUICE_SEED=${seed}, ${kills} kills`);
  for (let of = seed; all.kill < kills; ++of) {
    const site = new Site(database ? { database: database() } : {});
    const storm = new Storm(site, new Chance(of));
    try {
      await storm.run(Math.min(kKillsOfASite, kills - all.kill));
    } catch (error) {
      error.message += `\n(SLUICE_SEED=${of}, kill ${storm.kill})\n${site.log.slice(-2000)}`;
      throw error;
    } finally {
      await site.remove();
    }
    add(all.done, storm.done);
    add(all.found, Object.fromEntries(Object.entries(storm.found).map(([kind, found]) => [kind, found.map((one) => `SLUICE_SEED=${of}: ${one}`)])));
    all.checked += storm.checked;
    all.kill += storm.kill;
    if (storm.found_enough) break;
  }
  const { done } = all;
  t.diagnostic(`${all.kill} kills in ${((Date.now() - began) / 1000).toFixed(0)} s; acknowledged: ${done.message} messages, ${done.terms} terms, ${done.case} cases with ${done.step} steps, ${done.report} reports; ` +
    `${done.unsure} writes in flight sent again; ${all.checked} cases looked at`);
  const none = (kind) => assert.deepEqual(all.found[kind].slice(0, kMostFound), [], `${all.found[kind].length} found`);
  await t.test('what was acknowledged is there', () => none('lost'));
  await t.test('nothing is half done or done twice', () => none('half'));
  await t.test('the ledger is sound after every kill', () => none('ledger'));
  await t.test('a head that was put outside is never signed over', () => none('outside'));
  await t.test('there was something to lose', () => {
    for (const kind of ['message', 'terms', 'case', 'step', 'report', 'unsure']) assert.ok(done[kind] > 0, `no ${kind} in ${all.kill} kills`);
  });
}

test('SQLite: killed at any moment, it loses nothing that was acknowledged', async (t) => {
  await kill_often(t, Number(process.env.SLUICE_KILLS ?? 200));
});

const postgres = process.env.SLUICE_TEST_POSTGRES;
test('PostgreSQL: the server killed at any moment, it loses nothing that was acknowledged', { skip: postgres ? false : 'SLUICE_TEST_POSTGRES is not set (tests/postgres/with-postgres sets it)' }, async (t) => {
  const psql = (command) => execFileSync('psql', [postgres, '-q', '-v', 'ON_ERROR_STOP=1', '-c', command], { stdio: ['ignore', 'ignore', 'inherit'] });
  const names = [];
  const next = () => {
    names.push(`sluice_kill_${process.pid}_${names.length}`);
    psql(`CREATE DATABASE ${names.at(-1)}`);
    const url = new URL(postgres);
    url.pathname = `/${names.at(-1)}`;
    return url.href;
  };
  try {
    await kill_often(t, Number(process.env.SLUICE_KILLS_POSTGRES ?? 30), next);
  } finally {
    for (const name of names) psql(`DROP DATABASE ${name} WITH (FORCE)`);
  }
});
