// Case commands while an ingest runs at full speed, in the real server: people post messages into cases at a steady pace, first alone, then while three connections send envelopes of 1,000 threat objects one after the other.
//
//   node bench/meanwhile.mjs [envelopes] [messages a second]      SLUICE_BIN: the server. 200 and 50 without a word; ends with 1 where the bar is missed
//
// A message's time counts from the moment it was due, whatever the one before it took, until its answer is whole: that is, until it is on disk. The envelopes are made before the clock runs and sent by a thread of
// their own, so that they don't hold up who posts; both share the server's cores.
import { randomUUID } from 'node:crypto';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { Site, expect, sluice } from '../tests/lib/site.mjs';
import { ask } from '../tests/lib/wire.mjs';
import { media, root, tlp } from '../tests/lib/taxii.mjs';

const envelope = 1_000, connections = 3;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// ---- the ingest: of ten objects six indicators, an address, a domain name, a malware and a relationship of two that went before, as ingest_bench sends them

function feed() {
  const created_by_ref = `identity--${randomUUID()}`, time = '2026-11-01T08:00:00.000Z';
  let count = 0, last, malware;
  const address = () => `${1 + (++count >>> 24) % 220}.${count >>> 16 & 255}.${count >>> 8 & 255}.${count & 255}`;
  const head = (type) => ({ type, spec_version: '2.1', id: `${type}--${randomUUID()}`, created_by_ref, created: time, modified: time, object_marking_refs: [tlp.amber] });
  const object = (kind) => {
    if (kind < 6) {
      const one = { ...head('indicator'), name: 'Address of a command and control server', description: 'Seen in the traffic of infected hosts, on the port that this family uses for its first message.', indicator_types: ['malicious-activity'],
        pattern: `[network-traffic:dst_ref.value = '${address()}' AND network-traffic:dst_port = 8443]`, pattern_type: 'stix', valid_from: time, confidence: 70, kill_chain_phases: [{ kill_chain_name: 'mitre-attack', phase_name: 'command-and-control' }] };
      last = one.id;
      return one;
    }
    if (kind === 6) return { type: 'ipv4-addr', spec_version: '2.1', id: `ipv4-addr--${randomUUID()}`, value: address() };
    if (kind === 7) return { type: 'domain-name', spec_version: '2.1', id: `domain-name--${randomUUID()}`, value: `host-${++count}.example.net` };
    if (kind === 8) {
      const one = { ...head('malware'), name: `Dropper ${++count}`, is_family: false, malware_types: ['dropper'] };
      malware = one.id;
      return one;
    }
    return { ...head('relationship'), relationship_type: 'indicates', source_ref: last, target_ref: malware };
  };
  return () => JSON.stringify({ objects: Array.from({ length: envelope }, (_, i) => object(i % 10)) });
}

async function ingest({ url, tokens, collection, envelopes }) {
  const next_envelope = feed(), bodies = Array.from({ length: envelopes }, () => Buffer.from(next_envelope()));
  parentPort.postMessage('ready');
  await new Promise((resolve) => { parentPort.once('message', resolve); });
  const began = performance.now();
  let next = 0, busy = 0;
  await Promise.all(Array.from({ length: connections }, async (_, i) => {
    const headers = { authorization: `Bearer ${tokens[i % tokens.length]}`, accept: media, 'content-type': media };
    while (next < bodies.length) {
      const body = bodies[next++];
      for (;;) {
        const answer = await ask(`${url}${root}collections/${collection}/objects/`, { verb: 'POST', body, headers });
        if (answer.status === 202 && answer.text.includes(`"success_count":${envelope}`)) break;
        if (answer.status !== 503 && answer.status !== 429) throw new Error(`${answer.status} ${answer.text.slice(0, 400)}`);
        ++busy;
        await pause(100);
      }
    }
  }));
  parentPort.postMessage({ rate: (envelopes * envelope * 1000) / (performance.now() - began), busy });
}

// ---- the cases

// Each of them posts at its share of the pace, one after the other beside the others, until `is_over`. Milliseconds of each, sorted.
async function posted(url, talks, pace, is_over) {
  const times = [], began = performance.now(), under_way = new Set();
  for (let i = 0; !is_over(); ++i) {
    const due = began + (i * 1000) / pace;
    if (due > performance.now()) await pause(due - performance.now());
    const { token, path } = talks[i % talks.length];
    const one = ask(url + path, { verb: 'POST', headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': 'application/json' }, body: JSON.stringify({ text: `Message ${i}: we have reproduced it and are testing a fix on our branches.` }) });
    const done = one.then((answer) => {
      if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text.slice(0, 400)}`);
      times.push(performance.now() - due);
      under_way.delete(done);
    });
    under_way.add(done);
  }
  await Promise.all(under_way);
  return times.sort((a, b) => a - b);
}
const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
const words = (sorted) => `p50 ${at(sorted, 0.5).toFixed(1)} ms, p99 ${at(sorted, 0.99).toFixed(1)} ms, max ${sorted.at(-1).toFixed(1)} ms, of ${sorted.length}`;

async function main(envelopes = 200, pace = 50) {
  const site = new Site();
  const writers = Array.from({ length: connections }, (_, i) => site.party(`Writer ${i}`, 'member'));
  const vendor = site.org('Example Components', 'vendor');
  const people = Array.from({ length: Math.max(4, Math.ceil(pace / 5)) }, (_, i) => site.client({ org: vendor, person: site.person(vendor, `Vera Vendor ${i}`, 'admin') }));   // each may write ten times a second
  const collection = sluice(['collection', 'add', '--data', site.data, '--title', 'Indicators', '--read', '*', '--write', '*']).last;
  await site.serve();
  const talks = [];
  for (const one of people) {
    const { id } = await expect(201, one.call('POST', '/api/v1/cases', { title: 'Overflow in the parser' }));
    const opened = await expect(201, one.call('POST', `/api/v1/cases/${id}/threads`, { audience: 'shared', topic: 'Plan', text: 'Who ships which version?' }));
    talks.push({ token: one.token, path: `/api/v1/cases/${id}/threads/${opened.id ?? opened.thread}/messages` });
  }

  const started = async (count) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { url: site.url, tokens: writers.map((one) => one.token), collection, envelopes: count } });
    const failed = new Promise((_, reject) => worker.once('error', reject));
    const heard = () => Promise.race([failed, new Promise((resolve) => { worker.once('message', resolve); })]);
    await heard();
    return () => { const result = heard(); worker.postMessage('go'); return result; };
  };
  const warm = await started(Math.max(6, Math.floor(envelopes / 10)));
  await warm();
  const alone = performance.now() + Math.min(10_000, 500 + envelopes * 50);
  console.log(`case commands alone, ${pace}/s: ${words(await posted(site.url, talks, pace, () => performance.now() > alone))}`);
  const without = await (await started(envelopes))();
  console.log(`an ingest alone: ${Math.round(without.rate)} objects/s, the client on the same cores`);

  const go = await started(envelopes);
  let is_over = false;
  const ingested = go().finally(() => { is_over = true; });
  const [times, { rate, busy }] = await Promise.all([posted(site.url, talks, pace, () => is_over), ingested]);
  console.log(`an ingest beside case commands: ${Math.round(rate)} objects/s, ${(rate / without.rate).toFixed(2)} of the rate alone${busy ? `, ${busy} envelopes put off by the server` : ''}`);
  const good = at(times, 0.99) <= 50;
  console.log(`case commands beside an ingest at full speed, ${pace}/s: ${words(times)} (bar: p99 50 ms${good ? '' : '; MISSED'})`);
  await site.remove();
  process.exit(good ? 0 : 1);
}

await (isMainThread ? main(...process.argv.slice(2).map(Number)) : ingest(workerData));
