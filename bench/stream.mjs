// A collection live, in the real server: how long from an envelope's submission until its objects have reached every subscriber, under a steady rate; how long one object takes to very many;
// and what one idle subscriber costs in memory.
//
//   node bench/stream.mjs [subscribers] [objects a second] [idle subscribers]      SLUICE_BIN: the server; SLUICE_BENCH_SECONDS: how long the rate is held
//
// Subscribers and sender are this process, on the same machine. Each subscriber's socket is read as bytes: an object is found by its number in the text.
import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { Site, sluice } from '../tests/lib/site.mjs';
import { Client, root } from '../tests/lib/taxii.mjs';

const [subscribers = 200, rate = 1000, idle = 10_000] = process.argv.slice(2).map(Number);
const seconds = Number(process.env.SLUICE_BENCH_SECONDS ?? 10);
const site = new Site();
const writer = site.party('Writer', 'member');
const readers = Array.from({ length: 20 }, (_, i) => site.party(`Reader ${i}`, 'member'));   // organisations; each subscribes many times
const add_collection = (title) => sluice(['collection', 'add', '--data', site.data, '--title', title, '--read', '*', '--write', '*']).last;
const [busy, quiet] = [add_collection('Busy'), add_collection('Quiet')];
await site.serve();
const sender = new Client(site, writer.token);
const { hostname, port } = new URL(site.url);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const resident = () => Number(readFileSync(`/proc/${site.process.pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+)/m)[1]);

function subscribe(collection, token, heard) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port }, () => socket.write(`GET ${root}collections/${collection}/stream/ HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\nAccept: text/event-stream\r\n\r\n`));
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
  console.log(`submit to delivered, ${subscribers} subscribers, ${Math.round(numbered / took)} objects/s: p50 ${at(sorted, 0.5).toFixed(1)} ms, p99 ${at(sorted, 0.99).toFixed(1)} ms, ${late.length} of ${wanted} delivered (bar: p99 50 ms)`);
  for (const socket of sockets) socket.destroy();
}

// 2. Many that are idle, and then one object to all of them.
{
  await pause(1500);
  const before = resident(), heard = [];
  const sockets = [];
  for (let i = 0; i < idle; i += 100)
    sockets.push(...(await Promise.all(Array.from({ length: Math.min(100, idle - i) }, (_, k) => subscribe(quiet, readers[(i + k) % readers.length].token, () => heard.push(performance.now()))))));
  await pause(3000);
  console.log(`memory of an idle subscriber, ${idle} of them: ${(((resident() - before) * 1024) / idle / 1000).toFixed(2)} KB (bar: 4 KB)`);
  const began = performance.now();
  await sender.add(quiet, objects(1));
  for (const end = performance.now() + 30_000; heard.length < idle && performance.now() < end;) await pause(5);
  console.log(`one object to ${idle} subscribers: ${Math.round(Math.max(...heard) - began)} ms, ${heard.length} of them reached (bar: 500 ms)`);
  for (const socket of sockets) socket.destroy();
}
await site.remove();
