// A collection live, in the real server: how long from an envelope's submission until its objects have reached every subscriber, under a steady rate; how long one object takes to very many;
// and what one idle subscriber costs in memory: plain and over TLS, each in a server that was started for it.
//
//   node bench/stream.mjs [subscribers] [objects a second] [idle subscribers]      SLUICE_BIN: the server; SLUICE_BENCH_SECONDS: how long the rate is held. Ends with 1 where a bar is missed
//
// Subscribers and sender are this process, on the same machine. Each subscriber's socket is read as bytes: an object is found by its number in the text.
import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { request } from 'node:https';
import { connect as connect_tls } from 'node:tls';
import { Site, sluice } from '../tests/lib/site.mjs';
import { Client, media, root } from '../tests/lib/taxii.mjs';

const [subscribers = 200, rate = 1000, idle = 10_000] = process.argv.slice(2).map(Number);
const seconds = Number(process.env.SLUICE_BENCH_SECONDS ?? 10);
const site = new Site();
const writer = site.party('Writer', 'member');
const readers = Array.from({ length: 20 }, (_, i) => site.party(`Reader ${i}`, 'member'));   // organisations; each subscribes many times
const add_collection = (title) => sluice(['collection', 'add', '--data', site.data, '--title', title, '--read', '*', '--write', '*']).last;
const [busy, quiet, quiet_tls] = ['Busy', 'Quiet', 'Quiet, over TLS'].map(add_collection);   // who subscribes is told of what a collection holds
await site.serve();
const sender = new Client(site, writer.token);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const resident = () => Number(readFileSync(`/proc/${site.process.pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+)/m)[1]);

let is_good = true;
function say(what, figure, bar, good) {
  is_good &&= good;
  console.log(`${what}: ${figure} (bar: ${bar}${good ? '' : '; MISSED'})`);
}

// With the certificate of who is believed, `ca`, over TLS.
function subscribe(collection, token, heard, ca) {
  const { hostname, port } = new URL(site.url);
  return new Promise((resolve, reject) => {
    const socket = (ca ? connect_tls : connect)({ host: hostname, port, ca }, () => socket.write(`GET ${root}collections/${collection}/stream/ HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\nAccept: text/event-stream\r\n\r\n`));
    let is_open = false, rest = '';
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      if (!is_open) {
        if (!text.startsWith('HTTP/1.1 200')) return reject(new Error(text.slice(0, 300)));
        is_open = true;
        resolve(socket);
      }
      text = rest + text;
      for (const [, number] of text.matchAll(/"name":"b(\d+)\."/g)) heard(Number(number));
      rest = text.slice(text.lastIndexOf('"name":"b') >= 0 && !/"name":"b\d+\."/.test(text.slice(text.lastIndexOf('"name":"b'))) ? text.lastIndexOf('"name":"b') : Math.max(0, text.length - 8));   // one that is cut off
      if (/"name":"b\d+\."/.test(rest)) rest = '';
    });
    socket.on('error', reject);
  });
}
let numbered = 0;
const objects = (n) => Array.from({ length: n }, () => ({ type: 'tool', spec_version: '2.1', id: `tool--${randomUUID()}`, created: '2020-01-01T00:00:00.000Z', modified: '2020-01-01T00:00:00.000Z', name: `b${numbered++}.` }));
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

// 1. A steady rate, in envelopes of a hundredth of it; the time counts from the moment before an envelope is sent.
{
  const sent = [], late = [];
  const sockets = await Promise.all(Array.from({ length: subscribers }, (_, i) => subscribe(busy, readers[i % readers.length].token, (number) => late.push(performance.now() - sent[number]))));
  const size = Math.max(1, Math.round(rate / 100)), envelopes = Math.round((rate / size) * seconds), began = performance.now();
  const under_way = [];
  for (let i = 0; i < envelopes; ++i) {
    const due = began + (i * size * 1000) / rate;
    if (due > performance.now()) await pause(due - performance.now());
    const batch = objects(size);
    for (const one of batch) sent[Number(one.name.slice(1, -1))] = performance.now();
    under_way.push(sender.add(busy, batch));
    if (under_way.length > 20) await under_way.shift();
  }
  await Promise.all(under_way);
  const wanted = subscribers * numbered, took = (performance.now() - began) / 1000;
  for (const end = performance.now() + 30_000; late.length < wanted && performance.now() < end;) await pause(20);
  const sorted = Float64Array.from(late).sort();
  const p99 = at(sorted, 0.99), all = late.length === wanted;
  say(`submit to delivered, ${subscribers} subscribers, ${Math.round(numbered / took)} objects/s`, `p50 ${at(sorted, 0.5).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${sorted.at(-1).toFixed(1)} ms, ${late.length} of ${wanted} delivered`, `p99 50 ms at ${rate} objects/s`,
    p99 <= 50 && all && numbered / took >= rate * 0.95);
  for (const socket of sockets) socket.destroy();
}

// 2. Many that are idle, and then one object to all of them. What the server's memory grows by is counted from its start on: nothing that was used before is used again.
async function crowd(what, quiet, flags, bar, ca) {
  await site.stop();
  await site.serve(flags);
  const first = await subscribe(quiet, readers[0].token, () => {}, ca);   // what is made once
  await pause(1500);
  const before = resident(), heard = [], sockets = [];
  for (let i = 0; i < idle; i += 100)
    sockets.push(...(await Promise.all(Array.from({ length: Math.min(100, idle - i) }, (_, k) => subscribe(quiet, readers[(i + k) % readers.length].token, () => heard.push(performance.now()), ca)))));
  await pause(3000);
  const each = ((resident() - before) * 1024) / idle / 1000;
  say(`memory of an idle ${what} subscriber, ${idle} of them`, `${each.toFixed(2)} KB`, `${bar} KB`, each < bar);
  const began = performance.now();
  await (ca ? put_by_tls(quiet, objects(1), ca) : sender.add(quiet, objects(1)));
  for (const end = performance.now() + 30_000; heard.length < idle && performance.now() < end;) await pause(5);
  const last = heard.reduce((most, one) => Math.max(most, one), 0) - began;
  say(`one object to ${idle} ${what} subscribers`, `${Math.round(last)} ms, ${heard.length} of them reached`, '500 ms', last <= 500 && heard.length === idle);
  for (const socket of [first, ...sockets]) socket.destroy();
}
function put_by_tls(collection, all, ca) {
  return new Promise((resolve, reject) => {
    const asked = request(`${site.url}${root}collections/${collection}/objects/`, { method: 'POST', ca, headers: { authorization: `Bearer ${writer.token}`, accept: media, 'content-type': media } }, (answer) => {
      answer.resume().on('end', () => (answer.statusCode === 202 ? resolve() : reject(new Error(`${answer.statusCode} to an envelope`))));
    });
    asked.on('error', reject).end(JSON.stringify({ objects: all }));
  });
}

await crowd('plain', quiet, [], 4);
const [certificate, key] = ['server.pem', 'server.key'].map((name) => join(site.dir, name));
const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', certificate, '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'], { encoding: 'utf8' });
if (made.status !== 0) throw new Error(made.stderr);
await crowd('TLS', quiet_tls, ['--tls-cert', certificate, '--tls-key', key], 20, readFileSync(certificate));
await site.remove();
process.exit(is_good ? 0 : 1);
