// The test's side of faults.cpp: compiles it, gives a Site the environment to run under it, and sets what its disk and clock do.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const source = new URL('faults.cpp', import.meta.url).pathname;
const kFields = ['mode', 'at', 'kinds', 'sticky', 'counted', 'hits', 'hit_kind', 'syncs_after', 'clock_micros'];
export const kModes = { none: 0, EIO: 1, ENOSPC: 2, short: 3, 'kill before': 4, 'kill half-way': 5 };
export const kWrite = 1, kSync = 2, kOther = 4;

let library;
// Undefined where it can't be made, with the reason in `why`.
export const shim = (() => {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-faults-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  library = join(dir, 'faults.so');
  for (const compiler of ['g++-12', 'g++']) {
    const run = spawnSync(compiler, ['-std=c++20', '-O1', '-shared', '-fPIC', source, '-o', library, '-ldl'], { encoding: 'utf8' });
    if (run.status === 0) return { ok: true };
    if (!run.error) return { ok: false, why: `faults.cpp does not compile: ${run.stderr}` };
  }
  return { ok: false, why: 'no compiler for faults.cpp here' };
})();

export class Faults {
  // `site` serves under the shim from its next serve() on.
  constructor(site) {
    this.path = join(site.dir, 'faults');
    writeFileSync(this.path, Buffer.alloc(8 * kFields.length));
    this.fd = openSync(this.path, 'r+');
    site.env = { LD_PRELOAD: library, SLUICE_FAULTS_CONTROL: this.path, SLUICE_FAULTS_BELOW: `${site.data}/` };
  }
  get(field) {
    const bytes = Buffer.alloc(8);
    readSync(this.fd, bytes, 0, 8, 8 * kFields.indexOf(field));
    return Number(bytes.readBigInt64LE());
  }
  set(fields) {
    for (const [field, value] of Object.entries(fields)) {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(BigInt(value));
      writeSync(this.fd, bytes, 0, 8, 8 * kFields.indexOf(field));
    }
  }
  // The next N-th call of these kinds; `sticky`: and all after it.
  arm(mode, at, { kinds = kWrite | kSync, sticky = false } = {}) {
    this.set({ mode: 0, kinds: 0 });
    this.set({ counted: 0, hits: 0, hit_kind: 0, syncs_after: 0, at, sticky: sticky ? 1 : 0 });
    this.set({ mode: kModes[mode], kinds });
  }
  disarm() { this.set({ mode: 0 }); }
  count(kinds = kWrite | kSync) { this.arm('none', 0, { kinds }); }
  clock(seconds) { this.set({ clock_micros: Math.round(seconds * 1_000_000) }); }
  close() { closeSync(this.fd); }
}

export const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
// Asks until it is so, within a limit that a loaded machine keeps; answers how long it took.
export async function until(what, is_so, limit = 60_000) {
  const began = Date.now();
  for (;;) {
    if (await is_so()) return Date.now() - began;
    if (Date.now() - began > limit) throw new Error(`not within ${limit / 1000} s: ${what}`);
    await later(50);
  }
}
// A client that waits when it is told that it asks too often: a fast machine gets there.
export function patient(client) {
  const call = client.call;
  client.call = async function (...args) {
    for (;;) {
      const answer = await call.apply(client, args);
      if (answer.status !== 429) return answer;
      await later(1000 * Number(answer.headers.get('retry-after')));
    }
  };
  return client;
}
