// The machine's clock jumps, forward or back: what waits for an instant is held until a person says that the new time is right, also after a new start. (REL-6)
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Site, expect, sluice } from '../lib/site.mjs';
import { Faults, later, shim, until } from './faults.mjs';

const skip = shim.ok ? false : shim.why;
const kDay = 86_400;
const site = new Site();
let faults, owner, kase;
const serve = async () => { site.url = undefined; site.log = ''; await site.serve(['--intake-limits', 'off', '--tick', '200ms']); };
const clock = () => JSON.parse(sluice(['clock', 'show', '--data', site.data, '--json']).stdout);
const held = () => until('timers are held', () => clock().held === true);
const confirm = () => sluice(['clock', 'confirm', '--data', site.data]);
const embargo = async () => (await expect(200, owner.call('GET', `/api/v1/cases/${kase}/embargo`))).state;
// The timer has looked at least twice: it looks each second, and each look that finds something due leaves the log an alarm or the case a change.
const looked = () => later(2500);

before(async () => {
  if (skip) return;
  owner = site.party('Example Components', 'vendor');
  faults = new Faults(site);
  await serve();
  const tag = (await owner.call('GET', `/api/v1/organisations/${owner.org}`)).headers.get('etag');
  await expect(200, owner.call('PUT', `/api/v1/organisations/${owner.org}`, { name: 'Example Components', takes_reports: true, policy: { embargo: { preferred: 'P10D' } } }, { 'if-match': tag }));
  await expect(201, site.call(undefined, 'POST', '/api/v1/reports', { to: owner.org, title: 'A report', description: 'Told.', product: 'parser', contacted_vendor: false }));
  kase = (await expect(200, owner.call('GET', '/api/v1/cases'))).items[0].id;
  assert.equal(await embargo(), 'active');
});
after(async () => { await site.remove(); });

test('a wall clock that jumps past the end of an embargo ends nothing until a person confirms it, also after a new start', { skip }, async () => {
  faults.clock(30 * kDay);
  await held();
  await until('the log says so', () => site.log.includes('"clock_jumped"'));
  await looked();
  assert.equal(await embargo(), 'active', 'ended by a clock that jumped');

  for (const signal of ['SIGKILL', 'SIGTERM']) {      // ticks meanwhile wrote the new time down; it must not be taken for trusted
    await site.stop(signal);
    await serve();
    assert.equal(clock().held, true, `held no more after ${signal} and a new start`);
    await looked();
    assert.equal(await embargo(), 'active');
  }
  confirm();
  await until('what was due happens', async () => (await embargo()) === 'exited');
});

test('a wall clock that jumps back holds as well, and goes on by itself only when a person confirms', { skip }, async () => {
  assert.equal(clock().held, false);
  faults.clock(30 * kDay - 90);   // 90 s back
  await held();
  confirm();
  assert.equal(clock().held, false);
});

test('time that is corrected by less than a minute holds nothing', { skip }, async () => {
  faults.clock(30 * kDay - 90 + 20);
  await looked();
  assert.equal(clock().held, false);
});

test('a clock that jumped while no server ran is found at the start', { skip }, async () => {
  await site.stop('SIGTERM');
  faults.clock(60 * kDay);
  await serve();
  assert.equal(clock().held, true);
  confirm();
  await site.stop('SIGKILL');
  faults.clock(20 * kDay);
  await serve();
  assert.equal(clock().held, true, 'forty days back');
});
