// A large collection in the real server: what pages of it cost wherever they begin, what filters add, how long it takes to find a value, how much memory the server holds, and how soon it is there again.
//
//   node bench/threats.mjs [objects] [questions]      SLUICE_BIN: the server. 1,000,000 and 2,000 without a word; ends with 1 where a bar is missed
//
// Filled as clients fill it, by envelopes over HTTP. Of ten objects eight are addresses, one a domain name, one a tool; each tool of the second half is a second version of one of the first.
// Times are a client's on the same machine, from the request to the last byte, on a kept connection; each reader has a token of its own, so that no limit is met.
import { readFileSync } from 'node:fs';
import { Site, sluice } from '../tests/lib/site.mjs';
import { ask } from '../tests/lib/wire.mjs';
import { media, root } from '../tests/lib/taxii.mjs';

const [count = 1_000_000, questions = 2_000] = process.argv.slice(2).map(Number);
const together = 5_000, page = 1_000;
const site = new Site();
const writer = site.party('Writer', 'member'), reader = site.party('Reader', 'member');
const collection = sluice(['collection', 'add', '--data', site.data, '--title', 'Large', '--read', '*', '--write', '*']).last;
const tokens = [reader.token, ...Array.from({ length: 15 }, () => site.token(reader.person))];
await site.serve();

const resident = () => Number(readFileSync(`/proc/${site.process.pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+)/m)[1]) / 1024;
const seconds_since = (begun) => (performance.now() - begun) / 1000;
const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
const figures = (times) => [...times].sort((a, b) => a - b);
const words = (times) => { const all = figures(times); return `p50 ${at(all, 0.5).toFixed(2)} ms, p99 ${at(all, 0.99).toFixed(2)} ms`; };
let is_good = true;
function say(what, figure, bar, good = true) {
  is_good &&= good;
  console.log(`${what}: ${figure}${bar ? ` (bar: ${bar}${good ? '' : '; MISSED'})` : ''}`);
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
const tool_id = (n) => `tool--${uuid(n < count / 2 ? n : n - Math.floor(count / 20) * 10)}`;
function object(n) {
  if (n % 10 === 8) return `{"type":"domain-name","spec_version":"2.1","id":"domain-name--${uuid(n)}","value":"host-${n}.example.net"}`;
  if (n % 10 === 9) return `{"type":"tool","spec_version":"2.1","id":"${tool_id(n)}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-0${n < count / 2 ? 1 : 2}T00:00:00.000Z","name":"Tool ${n}"}`;
  // One in ten thousand is the same address, as a scanner's would be.
  return `{"type":"ipv4-addr","spec_version":"2.1","id":"ipv4-addr--${uuid(n)}","value":"${address(n % 10_000 === 0 ? 7 : n)}"}`;
}

// ---- filled by three connections

const begun = performance.now();
let next = 0;
await Promise.all([0, 1, 2].map(async () => {
  for (;;) {
    const from = next;
    if (from >= count) return;
    next += together;
    const body = `{"objects":[${Array.from({ length: Math.min(together, count - from) }, (_, i) => object(from + i)).join(',')}]}`;
    for (;;) {
      const answer = await ask(`${site.url}${root}collections/${collection}/objects/`, { verb: 'POST', body, headers: { authorization: `Bearer ${writer.token}`, accept: media, 'content-type': media } });
      if (answer.status === 202 && JSON.parse(answer.text).failure_count === 0) break;
      if (answer.status !== 503 && answer.status !== 429) throw new Error(`${answer.status} ${answer.text.slice(0, 400)}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    if (from % 1_000_000 === 0 && from > 0) console.error(`threats: ${from} put after ${seconds_since(begun).toFixed(0)} s`);
  }
}));
say('put', `${count} objects in ${seconds_since(begun).toFixed(1)} s, ${Math.round(count / seconds_since(begun))}/s, the client on the same cores`);
say('memory after that', `${Math.round(resident())} MiB resident`, count <= 1_000_000 ? 'under 1 GB' : '', count > 1_000_000 || resident() < 1000);

await site.stop();
const started = performance.now();
await site.serve();
await timed(`${root}collections/${collection}/objects/?limit=10`);
say('started anew', `first objects after ${Math.round(performance.now() - started)} ms`);

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
const pages = Math.min(1_000, Math.floor(count / page));
const first_time = await walk(pages);
say('pages of 1,000, read for the first time, with what is noted of it', words(first_time));
const again = await walk(pages);
const some = Math.max(1, Math.floor(pages / 20));
const middle = (times) => at(figures(times), 0.5);
say('pages of 1,000', words(again), 'p99 20 ms', at(figures(again), 0.99) <= 20);
say(`the first ${some} pages and the last ${some} of ${pages}`, `${middle(again.slice(0, some)).toFixed(2)} and ${middle(again.slice(-some)).toFixed(2)} ms`, 'alike', middle(again.slice(-some)) <= middle(again.slice(0, some)) * 1.5 + 1);
const plain = middle(again);
for (const [what, query] of [['by type, an address', '&match[type]=ipv4-addr'], ['by type, a tool (one in ten)', '&match[type]=tool'], ['of all versions', '&match[version]=all'], ['of first versions', '&match[version]=first'],
  ['by type and all versions', '&match[type]=tool&match[version]=all'], ['of one version', '&match[version]=2026-01-02T00:00:00.000Z'], ['by spec_version', '&match[spec_version]=2.1']]) {
  await walk(20, query);
  const times = await walk(60, query);
  say(`pages ${what}`, words(times), 'three times as long as without', middle(times) <= plain * 3);
}
const by_id = [];
for (let i = 0; i < Math.min(questions, 1000); ++i) by_id.push((await timed(`${objects}?match[id]=${tool_id(Math.floor(Math.random() * count / 20) * 10 + 9)}&match[version]=all`)).time);
say('one object by its id, all versions', words(by_id), 'three times as long as a page', middle(by_id) <= plain * 3);

// ---- values

const look_up = async (text) => {
  const { time, text: answer } = await timed('/api/v1/threats/lookup', { verb: 'POST', body: { values: [text(Math.floor(Math.random() * count))] } });
  return { time, found: JSON.parse(answer).items[0].objects.length };
};
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
await site.stop();
process.exit(is_good ? 0 : 1);
