// Are the tests of `access` any good? Changes its table and its conditions one at a time, builds the room's tests with each change, and counts how many of them fail (trust: ACC, proof: at least 95 %).
//
//   node tools/mutants.mjs [mutants] [seed]      0: all. Needs a build folder with the room's libraries: SLUICE_BUILD, default build/check. `./dev soak` runs it.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Chance } from '../tests/crash/chance.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const build = process.env.SLUICE_BUILD ?? join(root, 'build/check');
const [most = 60, seed = 1] = process.argv.slice(2).map(Number);
const sources = ['authorize.cpp', 'caller.cpp', 'compartment.cpp', 'standing.cpp', 'viewer.cpp', 'rights_page.cpp'];
const sanitized = readFileSync(join(build, 'CMakeCache.txt'), 'utf8').includes('SLUICE_SANITIZE:BOOL=ON') ? ['-fsanitize=address,undefined'] : [];
const flags = ['-std=c++23', '-O0', '-w', '-fPIC', ...sanitized, `-DSLUICE_SOURCE_DIR="${root}"`];

const run = (command, args, timeout = 300_000) => new Promise((resolve) => {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], timeout });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { out = (out + chunk).slice(-4000); });
  child.on('close', (code) => resolve({ code, out }));
});

// ---- the changes: {file, at, was, now}

const text_of = (file) => readFileSync(join(root, 'src/access', file), 'utf8');
function* mutants() {
  const table = text_of('rights.h');
  for (const row of table.matchAll(/^ {4}\{(\w+), +"[^"]*", +(\w+), +(\w+), +"([^"]{12})"/gm)) {
    const cells = row.index + row[0].length - 13;
    for (let i = 0; i < 12; ++i) yield { file: 'rights.h', at: cells + i, was: row[4][i], now: row[4][i] === '-' ? 'y' : '-', what: `${row[1]}, column ${i + 1}` };
    const needs = table.indexOf(row[2], row.index + row[0].indexOf('",'));
    yield { file: 'rights.h', at: needs, was: row[2], now: row[2] === 'Nothing' ? 'Content' : 'Nothing', what: `${row[1]}, what it needs` };
    const refusal = needs + row[2].length + table.slice(needs + row[2].length).indexOf(row[3]);
    yield { file: 'rights.h', at: refusal, was: row[3], now: row[3] === 'Told' ? 'Hidden' : 'Told', what: `${row[1]}, how it refuses` };
  }
  const swaps = [['&&', '||'], ['||', '&&'], [' == ', ' != '], [' != ', ' == '], ['return true', 'return false'], ['return false', 'return true'], ['(!', '('], [' !', ' ']];
  for (const file of sources.filter((name) => !/rights_page|compartment/.test(name))) {
    const text = text_of(file);
    let at = 0;
    for (const line of text.split('\n')) {
      const code = line.replace(/\/\/.*/, '').replaceAll(/"(?:[^"\\]|\\.)*"/g, (quoted) => ' '.repeat(quoted.length));
      if (!/^\s*#|^\s*static_assert/.test(code))
        for (const [was, now] of swaps)
          for (let i = code.indexOf(was); i >= 0; i = code.indexOf(was, i + 1)) {
            if (was.endsWith('!') && code[i + was.length] === '=') continue;
            if (was === '&&' && /\w$|auto\s*$/.test(code.slice(0, i))) continue;   // a reference, no conjunction
            yield { file, at: at + i, was, now, what: line.trim() };
          }
      at += line.length + 1;
    }
  }
}

const all = [...mutants()];
const chance = new Chance(seed);
const chosen = most === 0 ? all : Array.from({ length: Math.min(most, all.length) }, () => all.splice(chance.below(all.length), 1)[0]);

// ---- one after another, as many at a time as there are processors

const work = mkdtempSync(join(build, 'mutants-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
const object = (folder, name) => join(folder, `${name}.o`);
const compile = (from, to, include) => run('g++-12', [...flags, ...include, '-c', from, '-o', to]);
const libraries = [join(build, 'libsluice_base.a'), '-lboost_json', '-lsodium', '-lrapidcheck'];
const link = (objects, to) => run('g++-12', [...sanitized, ...objects, ...libraries, '-o', to]);

for (const name of sources) await must(compile(join(root, 'src/access', name), object(work, name), ['-Isrc']));
const tests = [object(work, 'access_test'), object(work, 'main')];
await must(compile(join(root, 'src/access/access_test.cpp'), tests[0], ['-Isrc']));
await must(compile(join(root, 'tests/main.cpp'), tests[1], ['-Isrc']));
await must(link([...tests, ...sources.map((name) => object(work, name))], join(work, 'whole')));
await must(run(join(work, 'whole'), []));
async function must(done) {
  const { code, out } = await done;
  if (code !== 0) throw new Error(`the unchanged room does not build or pass:\n${out}`);
}

const survivors = [];
let killed = 0, unbuilt = 0;
async function tried(mutant, n) {
  const folder = join(work, String(n));
  mkdirSync(join(folder, 'access'), { recursive: true });
  const text = text_of(mutant.file);
  writeFileSync(join(folder, 'access', mutant.file), text.slice(0, mutant.at) + mutant.now + text.slice(mutant.at + mutant.was.length));
  // The changed header comes before the one it stands for; of the sources only those that see the change are made anew.
  const touched = mutant.file === 'rights.h' ? ['authorize.cpp', 'rights_page.cpp', 'caller.cpp'] : [mutant.file];
  for (const name of touched) {
    const from = mutant.file === name ? join(folder, 'access', name) : join(root, 'src/access', name);
    if ((await compile(from, object(folder, name), [`-I${folder}`, '-Isrc'])).code !== 0) { unbuilt += 1; return; }
  }
  const binary = join(folder, 'test');
  if ((await link([...tests, ...sources.map((name) => (touched.includes(name) ? object(folder, name) : object(work, name)))], binary)).code !== 0) { unbuilt += 1; return; }
  const { code } = await run(binary, [], 120_000);
  if (code === 0) survivors.push(`${mutant.file}: '${mutant.was}' → '${mutant.now}' in ${mutant.what}`);
  else killed += 1;
  rmSync(folder, { recursive: true, force: true });
}
const queue = chosen.map((mutant, n) => [mutant, n]);
await Promise.all(Array.from({ length: availableParallelism() }, async () => { for (let one; (one = queue.shift()) !== undefined;) await tried(...one); }));

const share = killed / Math.max(1, killed + survivors.length);
for (const one of survivors) console.log(`survived: ${one}`);
console.log(`${killed} of ${killed + survivors.length} killed (${(100 * share).toFixed(1)} %), ${unbuilt} did not build, of ${chosen.length} tried and ${all.length + (most === 0 ? 0 : chosen.length)} there are; seed ${seed}`);
process.exitCode = share >= 0.95 ? 0 : 1;
