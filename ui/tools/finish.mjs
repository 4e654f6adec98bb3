// After each build: every file of dist/ compressed beside itself, which is what goes into the binary; refuses a first load that is too large.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { constants, gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const most = 300 * 1024;

const sizes = new Map();
for (const name of readdirSync(dist, { recursive: true }).map(String).sort()) {
  if (!/\.(js|css|svg|json)$/.test(name)) continue;
  const packed = gzipSync(readFileSync(new URL(name, dist)), { level: constants.Z_BEST_COMPRESSION });
  writeFileSync(new URL(`${name}.gz`, dist), packed);
  sizes.set(name, packed.length);
}

// What the page loads before it shows anything: what index.html names, what those import, and the language.
const index = readFileSync(new URL('index.html', dist), 'utf8');
const first = new Set([...index.matchAll(/(?:src|href)="\/app\/([^"]+)"/g)].map((m) => m[1]));
for (const name of first) for (const [, other] of readFileSync(new URL(name, dist), 'utf8').matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) first.add(`assets/${other}`);
const catalogue = [...sizes].filter(([name]) => /assets\/(en|de|ja|zh-Hans)-/.test(name)).sort((a, b) => b[1] - a[1])[0];
if (catalogue) first.add(catalogue[0]);
let total = 0;
for (const name of first) total += sizes.get(name) ?? 0;
console.log(`first load: ${(total / 1024).toFixed(1)} KiB of 300 (${[...first].join(', ')})`);
if (total > most) {
  console.error('The first load is larger than 300 KiB.');
  process.exit(1);
}
