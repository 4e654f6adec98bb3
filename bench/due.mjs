// The list of what is due over many open cases of one organisation, in the real server: from its profile's change, which makes all of them new, until the list says that it is whole; asked for five times
// a second meanwhile, as people who look at it would.
//
//   node bench/due.mjs [cases]     SLUICE_BIN: the server
import { Site, expect } from '../tests/lib/site.mjs';

const cases = Number(process.argv[2] ?? 10_000);
const people = 30;   // who make the cases: each has a limit of its own
const site = new Site({ demo: true });
const org = site.org('Union Works', 'vendor');
const owner = site.person(org, 'Olga Owner', 'admin');
const makers = Array.from({ length: people }, (_, i) => site.person(org, `Maker ${i}`, 'admin'));
await site.serve(['--intake-limits', 'off', '--two-person', 'off']);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let made = 0;
await Promise.all(makers.map(async (person) => {
  const maker = site.client({ org, person });
  while (made < cases) {
    const title = `Case ${made++}`;
    while ((await maker.call('POST', '/api/v1/cases', { title })).status !== 201) await pause(1000);
  }
}));

const asker = site.client({ org, person: owner });
const seconds_since = (began) => ((performance.now() - began) / 1000).toFixed(1);
async function whole() {
  const began = performance.now();
  let first;
  for (;;) {
    const answer = await expect(200, asker.call('GET', '/api/v1/duties?limit=50'));
    first ??= seconds_since(began);
    if (answer.complete) return `${seconds_since(began)} s, first answer after ${first} s, of ${answer.of} cases`;
    await pause(200);
  }
}

console.log(`no law says anything: ${await whole()}`);
const profile = `/api/v1/organisations/${org}`;
const tag = (await asker.call('GET', profile)).headers.get('etag');
await expect(200, asker.call('PUT', profile, { name: 'Union Works', country: 'CN', products: { markets: ['EU', 'CN'], kind: 'product', commercial: true } }, { 'if-match': tag }));
console.log(`all anew: ${await whole()}`);
const began = performance.now();
await expect(200, asker.call('GET', '/api/v1/duties?limit=50'));
console.log(`again: ${seconds_since(began)} s`);
await site.remove();
