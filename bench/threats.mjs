// A large collection in the real server: what pages of it cost wherever they begin, what filters add, how long it takes to find a value, how much memory the server holds, and how soon it is there again.
//
//   node bench/threats.mjs [objects[,objects]…] [questions]      SLUICE_BIN: the server. 1,000,000 and 2,000 without a word; ends with 1 where a bar is missed
//
// With several numbers, as 1000000,10000000, all is measured at each of them in the same collection, and pages of the later ones are held against the first's.
//
// Filled as clients fill it, by envelopes over HTTP. Of ten objects eight are addresses, one a domain name, one a tool; each tool of the second half of a block (a million, or all that is put at first) is a second version of one of its first half.
// Times are a client's on the same machine, from the request to the last byte, on a kept connection; each reader has a token of its own, so that no limit is met.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Site, sluice } from '../tests/lib/site.mjs';
import { ask } from '../tests/lib/wire.mjs';
import { media, root } from '../tests/lib/taxii.mjs';

const stages = (process.argv[2] ?? '1000000').split(',').map(Number), questions = Number(process.argv[3] ?? 2_000);
const block = Math.min(stages[0], 1_000_000);
if (stages.some((n, i) => !(n >= 1_000) || n % block !== 0 || n <= (stages[i - 1] ?? 0)) || block % 20 !== 0) throw new Error('objects: rising, whole blocks of at most a million, twenty at a time');
let count = 0;               // held now
const together = 5_000, page = 1_000;
const site = new Site();
const writer = site.party('Writer', 'member'), reader = site.party('Reader', 'member');
const collection = sluice(['collection', 'add', '--data', site.data, '--title', 'Large', '--read', '*', '--write', '*']).last;
const tokens = [reader.token, ...Array.from({ length: 15 }, () => site.token(reader.person))];
await site.serve();

const resident = () => Number(readFileSync(`/proc/${site.process.pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+)/m)[1]) / 1024;
const on_disk = (folder) => readdirSync(folder, { recursive: true }).reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0) / 1e9;
const seconds_since = (begun) => (performance.now() - begun) / 1000;
const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
const figures = (times) => [...times].sort((a, b) => a - b);
const words = (times) => { const all = figures(times); return `p50 ${at(all, 0.5).toFixed(2)} ms, p99 ${at(all, 0.99).toFixed(2)} ms`; };
let is_good = true;
function say(what, figure, bar, good = true) {
  is_good &&= good;
  console.log(`${stages.length > 1 ? `among ${count}, ` : ''}${what}: ${figure}${bar ? ` (bar: ${bar}${good ? '' : '; MISSED'})` : ''}`);
}

let turn = 0;
async function timed(path, { verb = 'GET', body } = {}) {
  const token = tokens[turn++ % tokens.length];
  const headers = { authorization: `Bearer ${token}`, accept: path.startsWith('/api') ? 'application/json' : media, ...(body ? { 'content-type': 'application/json' } : {}) };
  const begun = performance.now();
  const answer = await ask(site.url + path, { verb, headers, body: body && JSON.stringify(body) });
  const time = performance.now() - begun;
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
  return { time, text: answer.text };
}

const uuid = (n) => `${(Math.imul(n, 2654435761) >>> 0).toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
const address = (n) => `${11 + (n >>> 24) % 200}.${n >>> 16 & 255}.${n >>> 8 & 255}.${n & 255}`;
const is_second = (n) => n % block >= block / 2;
const tool_id = (n) => `tool--${uuid(is_second(n) ? n - block / 2 : n)}`;
function object(n) {
  if (n % 10 === 8) return `{"type":"domain-name","spec_version":"2.1","id":"domain-name--${uuid(n)}","value":"host-${n}.example.net"}`;
  if (n % 10 === 9) return `{"type":"tool","spec_version":"2.1","id":"${tool_id(n)}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-0${is_second(n) ? 2 : 1}T00:00:00.000Z","name":"Tool ${n}"}`;
  // One in ten thousand is the same address, as a scanner's would be.
  return `{"type":"ipv4-addr","spec_version":"2.1","id":"ipv4-addr--${uuid(n)}","value":"${address(n % 10_000 === 0 ? 7 : n)}"}`;
}

// ---- filled by three connections

let late = '';               // a moment before the last tenth was put
async function fill(wanted) {
  const begun = performance.now(), more = wanted - count;
  let next = count;
  await Promise.all([0, 1, 2].map(async () => {
    for (;;) {
      const from = next, to = Math.min(wanted, from + together);
      if (from >= wanted) return;
      next = to;
      if (to > count + more * 0.9) late ||= new Date(Date.now() - 1).toISOString();
      const body = `{"objects":[${Array.from({ length: to - from }, (_, i) => object(from + i)).join(',')}]}`;
      for (;;) {
        const answer = await ask(`${site.url}${root}collections/${collection}/objects/`, { verb: 'POST', body, headers: { authorization: `Bearer ${writer.token}`, accept: media, 'content-type': media } });
        if (answer.status === 202 && JSON.parse(answer.text).failure_count === 0) break;
        if (answer.status !== 503 && answer.status !== 429) throw new Error(`${answer.status} ${answer.text.slice(0, 400)}`);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      if (from % 1_000_000 === 0 && from > 0) console.error(`threats: ${from} put after ${seconds_since(begun).toFixed(0)} s, ${on_disk(site.data).toFixed(2)} GB on disk`);
    }
  }));
  const took = seconds_since(begun);
  count = wanted;
  say('put', `${more} objects in ${took.toFixed(1)} s, ${Math.round(more / took)}/s, the client on the same cores`);
  say('memory after that', `${Math.round(resident())} MiB resident`, count <= 1_000_000 ? 'under 1 GB' : '', count > 1_000_000 || resident() < 953);
  say('disk after that', `${on_disk(site.data).toFixed(2)} GB, ${Math.round(on_disk(site.data) * 1e9 / count)} bytes an object`);

  await site.stop();
  const started = performance.now();
  await site.serve();
  await timed(`${root}collections/${collection}/objects/?limit=10`);
  say('started anew', `first objects after ${Math.round(performance.now() - started)} ms`);
}

// ---- pages

const objects = `${root}collections/${collection}/objects/`;
const walk = async (most, query = '') => {
  const times = [];
  for (let cursor = ''; times.length < most;) {
    const { time, text } = await timed(`${objects}?limit=${page}${query}${cursor && `&next=${encodeURIComponent(cursor)}`}`);
    times.push(time);
    const answer = JSON.parse(text);
    if (!answer.more) break;
    cursor = answer.next;
  }
  return times;
};
const middle = (times) => at(figures(times), 0.5);
let first_stage;             // {objects, p99}
async function pages() {
  const most = Math.min(1_000, Math.floor(count / page));
  const first_time = await walk(most);
  if (!first_stage) say('pages of 1,000, read for the first time, with what is noted of it', words(first_time));
  const again = await walk(most), p99 = at(figures(again), 0.99);
  if (first_stage) say('pages of 1,000', words(again), `p99 twice the ${first_stage.p99.toFixed(2)} ms among ${first_stage.objects}`, p99 <= first_stage.p99 * 2);
  else say('pages of 1,000', words(again), 'p99 20 ms', p99 <= 20);
  first_stage ??= { objects: count, p99 };
  const some = Math.max(1, Math.floor(again.length / 20)), plain = middle(again);
  const alike = (times) => middle(times) <= middle(again.slice(0, some)) * 1.5 + 1;
  say(`the first ${some} pages and the last ${some} of ${again.length}`, `${middle(again.slice(0, some)).toFixed(2)} and ${middle(again.slice(-some)).toFixed(2)} ms`, 'alike', alike(again.slice(-some)));
  const near_end = `&added_after=${late}`;
  await walk(some, near_end);
  const last = await walk(some, near_end);
  say(`the first ${some} pages and ${last.length} of what was put last`, `${middle(again.slice(0, some)).toFixed(2)} and ${middle(last).toFixed(2)} ms`, 'alike', alike(last));
  for (const [what, query] of [['by type, an address', '&match[type]=ipv4-addr'], ['by type, a tool (one in ten)', '&match[type]=tool'], ['of all versions', '&match[version]=all'], ['of first versions', '&match[version]=first'],
    ['by type and all versions', '&match[type]=tool&match[version]=all'], ['of one version', '&match[version]=2026-01-02T00:00:00.000Z'], ['by spec_version', '&match[spec_version]=2.1']]) {
    await walk(20, query);
    const times = await walk(60, query);
    say(`pages ${what}`, words(times), 'three times as long as without', middle(times) <= plain * 3);
  }
  const by_id = [];
  for (let i = 0; i < Math.min(questions, 1000); ++i) by_id.push((await timed(`${objects}?match[id]=${tool_id(Math.floor(Math.random() * count / 10) * 10 + 9)}&match[version]=all`)).time);
  say('one object by its id, all versions', words(by_id), 'three times as long as a page', middle(by_id) <= plain * 3);
}

// ---- values

const look_up = async (text) => {
  const { time, text: answer } = await timed('/api/v1/threats/lookup', { verb: 'POST', body: { values: [text(Math.floor(Math.random() * count))] } });
  return { time, found: JSON.parse(answer).items[0].objects.length };
};
async function values() {
  for (const [what, text] of [['there', (n) => address(n - n % 10 + 1 + n % 7)], ['not there', (n) => `250.1.${n >>> 8 & 255}.${n & 255}`], ['a name that is not there', (n) => `host-${n}.evil.example`], ['of many objects', () => address(7)]]) {
    const times = [];
    let found = 0;
    for (let i = 0; i < questions; ++i) {
      const one = await look_up(text);
      times.push(one.time), found += one.found;
    }
    say(`a value ${what}`, `${words(times)}, ${(found / questions).toFixed(1)} objects shown each`, 'p99 5 ms', at(figures(times), 0.99) <= 5);
  }
  say('memory at the end', `${Math.round(resident())} MiB resident`);
}

try {
  for (const wanted of stages) {
    late = '';
    await fill(wanted);
    await pages();
    await values();
  }
} finally {
  await site.remove();
}
process.exit(is_good ? 0 : 1);
