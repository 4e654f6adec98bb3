// docs/howto/a-members-day.md, each way from top to bottom: every command as the page has it, in a shell, on a fresh site. Another member is at work meanwhile.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { Site, binary, sluice } from '../lib/site.mjs';
import { Client, indicator, marked, version, when } from '../lib/taxii.mjs';

const page = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../../docs/howto/a-members-day.md'), 'utf8');
const mine = 'indicator--0c8a7e2e-6f5b-4d2a-9b1c-3f4e5d6c7b8a';

// [heading, text] of each block that this way runs.
function blocks(way) {
  const out = [];
  let heading = '';
  for (const [, title, kind, text] of page.matchAll(/^## (.*)$|^```sh (\w+)\n([\s\S]*?)^```$/gm)) {
    if (title) heading = title;
    else if (kind === way || kind === 'both') out.push([heading, text]);
  }
  return out;
}

test('the page has the same steps both ways', () => {
  const steps = (way) => [...new Set(blocks(way).map(([heading]) => heading))];
  assert.deepEqual(steps('sluice'), steps('curl'));
  assert.equal(steps('curl').length, 9);
  assert.ok(blocks('curl').every(([, text]) => !/\bsluice\b/.test(text)), 'with curl alone');
});

for (const way of ['sluice', 'curl'])
  test(`a member's day with ${way} alone`, { timeout: 600_000 }, async (t) => {
    const site = new Site();
    t.after(() => site.remove());
    const [other, member] = ['Other', 'Member'].map((name) => site.party(name, 'member'));
    sluice(['collection', 'add', '--data', site.data, '--title', 'Indicators', '--alias', 'indicators', '--read', '*', '--write', '*']);
    await site.serve();
    const theirs = new Client(site, other.token), dir = join(site.dir, 'desk');
    mkdirSync(join(dir, 'bin'), { recursive: true });
    symlinkSync(binary, join(dir, 'bin', 'sluice'));
    writeFileSync(join(dir, 'token'), `${site.token(member.person, 'collection_read,collection_write')}\n`);
    chmodSync(join(dir, 'token'), 0o600);
    const had = marked(indicator({ name: 'Known host', pattern: "[ipv4-addr:value = '203.0.113.77']" }), 'green'), came = marked(indicator({ name: 'Came later' }), 'green');
    const many = Array.from({ length: 1100 }, () => ({ ...marked(indicator(), 'green'), x_links: { next: 'no-place-in-the-list' } }));      // more than a page
    await theirs.add('indicators', [had, ...many]);

    const said = new Map();
    for (const [heading, text] of blocks(way)) {
      if (heading === 'Follow') await theirs.add('indicators', [came]);
      if (heading === 'Revoke') await theirs.add('indicators', [{ ...version(had, 5), revoked: true }]);
      // What a block exports the next ones have, as in one terminal.
      // Ten seconds to follow in, not three: a loaded machine takes its time to start a program.
      const here = text.replaceAll('https://cert.example', site.url).replace(/^timeout 3 |--max-time 3 /m, (one) => one.replace('3', '10'));
      const script = `set -eu; cd "${dir}"; PATH="${dir}/bin:$PATH"; [ ! -e env ] || . ./env\n${here}\nexport -p > env`;
      const done = await promisify(execFile)('bash', ['-c', script], { encoding: 'utf8', maxBuffer: 1 << 26 }).catch((error) => assert.fail(`${heading}: ${error.message}\n${error.stdout}`));
      said.set(heading, (said.get(heading) ?? '') + done.stdout + done.stderr);
    }
    const file = (name) => readFileSync(join(dir, name), 'utf8');
    assert.match(said.get(''), /[Ii]ndicators/);
    const fed = way === 'curl' ? file('feed.json') : file('feed.jsonl');
    for (const one of [had, ...many]) assert.equal(fed.split(one.id).length, 2, 'read once');
    const followed = way === 'curl' ? file('stream.txt') : fed;
    assert.equal(followed.split(came.id).length, 2, 'followed, once');
    if (way === 'curl') assert.ok(!followed.includes(had.id), 'not again');
    assert.ok(said.get('What is shared about this value?').includes(had.id));
    assert.match(said.get('Submit'), way === 'curl' ? /"success_count":1/ : /1 of 1 objects acknowledged/);
    assert.match(said.get('See how good it is'), way === 'curl' ? /"fresh":/ : / of 100 at /);
    assert.match(said.get('Correct'), way === 'curl' ? /"versions":\["[^"]+","[^"]+"\]/ : /1 of 1 objects acknowledged/);
    assert.ok(said.get('Revoke').includes(had.id), 'what another took back is told');
    assert.match(said.get('See points'), way === 'curl' ? /"counted_until":"/ : /Counted are hours that are over/);
    // The other member meets what the day came to.
    const versions = await theirs.all('collections/indicators/objects/', `match[id]=${mine}&match[version]=all`);
    assert.deepEqual(versions.map(({ revoked = false, pattern }) => [revoked, pattern.includes('loader2')]), [[false, false], [false, true], [true, true]]);
    assert.ok(versions.every(({ modified }) => modified > when(0)));
  });
