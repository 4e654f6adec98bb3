// The disk is really full: a small memory file system with the site on it, filled to the last byte. Commands are 507 and change nothing, reading and the
// ledger's ticks go on with what was reserved for them, and once there is space commands pass again without a new start. (REL-3)
// Needs root, to mount; elsewhere faults.test.mjs has a full disk by the shim.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Site, binary, expect } from '../lib/site.mjs';
import { patient, until } from './faults.mjs';

const disk = mkdtempSync(join(tmpdir(), 'sluice-disk-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', disk]).status === 0;
const skip = mounted ? false : 'no file system can be mounted here (not root)';
const filler = join(disk, 'filler');
const kMessage = 'x'.repeat(4000);

let site, owner, kase, thread, sent = 0;
const say = () => owner.call('POST', `/api/v1/cases/${kase}/threads/${thread}/messages`, { text: `${++sent} ${kMessage}` });
const heads = () => readdirSync(join(site.data, 'checkpoints')).filter((name) => name.endsWith('.txt')).length;
const messages = async () => (await expect(200, owner.call('GET', `/api/v1/cases/${kase}/threads`))).items[0].messages.length;

// To the last block: what one write leaves, smaller ones fill.
function fill() {
  const fd = openSync(filler, 'a');
  for (const size of [1 << 20, 1 << 12, 1]) {
    const bytes = Buffer.alloc(size, 'x');
    try { while (writeSync(fd, bytes) > 0) ; } catch (error) { if (error.code !== 'ENOSPC') throw error; }
  }
  closeSync(fd);
}

before(async () => {
  if (skip) return;
  const before_it = process.env.TMPDIR;
  process.env.TMPDIR = disk;
  site = new Site();
  if (before_it === undefined) delete process.env.TMPDIR; else process.env.TMPDIR = before_it;
  await site.serve(['--intake-limits', 'off', '--tick', '200ms']);
  owner = patient(site.party('Example Components', 'vendor'));
  kase = (await expect(201, owner.call('POST', '/api/v1/cases', { title: 'Full' }))).id;
  ({ thread } = await expect(201, owner.call('POST', `/api/v1/cases/${kase}/threads`, { audience: 'shared', topic: 'Space', text: 'first' })));
});
after(async () => {
  await site?.remove();
  if (mounted) spawnSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true, force: true });
});

test('on a full disk commands are 507 and change nothing, reads and ticks go on, and commands pass again once there is space', { skip }, async (t) => {
  const reserved = statSync(join(site.data, 'reserve')).size;
  assert.ok(reserved >= 16 << 20, 'space is reserved for the ledger while there is some');
  for (let round = 0; round < 2; ++round) {
    let acknowledged = await messages();
    fill();
    let refused;
    // What SQLite's log can use again is used up first.
    await until('a command is refused', async () => {
      const answer = await say();
      if (answer.status === 201) { acknowledged += 1; return false; }
      refused = answer;
      return true;
    });
    assert.equal(refused.status, 507, refused.text);
    assert.equal(refused.json.code, 'full');
    assert.equal(refused.headers.get('content-type'), 'application/problem+json');
    // What is read for the first time has to be put on record, and waits for a moment until what was reserved is given to it.
    await until('reads go on', async () => (await owner.call('GET', `/api/v1/cases/${kase}/threads`)).status === 200);
    assert.equal(await messages(), acknowledged, 'reads show what was acknowledged');
    await until('the log says so', () => site.log.includes('"disk_full"'));
    const heads_then = heads();
    await until('the ledger goes on', () => heads() >= heads_then + 3);
    const still = await say();
    assert.equal(still.status, 507, 'what was reserved is for the ledger alone');
    assert.equal(await messages(), acknowledged);

    rmSync(filler);
    const took = await until('commands pass again', async () => (await say()).status === 201);
    t.diagnostic(`round ${round + 1}: ${acknowledged} messages; commands again ${took} ms after there was space`);
    await until('space is reserved again', () => { try { return statSync(join(site.data, 'reserve')).size >= reserved; } catch { return false; } });
    acknowledged += 1;
    assert.equal(await messages(), acknowledged);
    site.log = '';
  }
  const verified = spawnSync(binary, ['ledger', 'verify', '--data', site.data], { encoding: 'utf8' });
  assert.equal(verified.status, 0, verified.stdout + verified.stderr);
});
