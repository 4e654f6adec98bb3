// What the demonstration published, as a stranger checks it: every signature by gpg with the key that the metadata names, every hash by the tools
// whose format the files have. A published document without both, or one that can be changed unseen, fails here.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { binary } from '../lib/site.mjs';

const dir = mkdtempSync(join(tmpdir(), 'sluice-signatures-'));
const ring = join(dir, 'gnupg');
mkdirSync(ring, { mode: 0o700 });
let demo, url, metadata, entries;

const get = async (path) => {
  const answer = await fetch(new URL(path, url));
  return { status: answer.status, type: answer.headers.get('content-type'), bytes: Buffer.from(await answer.arrayBuffer()) };
};
const fetched = async (path) => {
  const answer = await get(path);
  assert.equal(answer.status, 200, path);
  return answer;
};
const json = async (path) => JSON.parse((await fetched(path)).bytes);
const saved = (name, bytes) => {
  writeFileSync(join(dir, name), bytes);
  return join(dir, name);
};
const gpg = (...args) => spawnSync('gpg', ['--homedir', ring, '--batch', '--no-autostart', '--trust-model', 'always', '--status-fd', '1', ...args], { encoding: 'utf8' });
const links = (entry, rel) => entry.link.filter((link) => link.rel === rel).map((link) => link.href);

before(async () => {
  demo = spawn(binary, ['demo', '--data', join(dir, 'site'), '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: demo.stdout })) {
    url = /^Ready\..* (http:\/\/\S+)\/sign-in\b/.exec(line)?.[1];
    if (url) break;
  }
  assert.ok(url, 'the demonstration did not get ready');
  metadata = await json('/.well-known/csaf/provider-metadata.json');
  entries = (await json(metadata.distributions.find((one) => one.rolie).rolie.feeds[0].url)).feed.entry;
});
after(() => {
  demo.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

test('the metadata names a trusted provider and its one key, which is served where it says', async () => {
  assert.equal(metadata.role, 'csaf_trusted_provider');
  assert.equal(metadata.public_openpgp_keys.length, 1);
  const [key] = metadata.public_openpgp_keys;
  const served = await fetched(key.url);
  assert.equal(served.type, 'application/pgp-keys');
  assert.match(served.bytes.toString(), /^-----BEGIN PGP PUBLIC KEY BLOCK-----/);
  const packets = gpg('--list-packets', saved('packets.asc', served.bytes)).stdout;   // gpg would import a secret key as a public one, and say nothing
  assert.match(packets, /:public key packet:/);
  assert.doesNotMatch(packets, /secret/);
  const imported = gpg('--import', saved('key.asc', served.bytes));
  assert.match(imported.stdout, new RegExp(`IMPORT_OK 1 ${key.fingerprint}`), imported.stderr);
  const shown = gpg('--with-colons', '--list-keys').stdout;
  assert.match(shown, /^pub:[^:]*:255:22:/m);                                  // Ed25519
  assert.match(shown, /^uid:.*\(demo\.sluice\.example\/ledger\)/m);
  assert.equal((await get(`/.well-known/csaf/openpgp/${'0'.repeat(40)}.asc`)).status, 404);
});

test('gpg verifies every published document with that key, and no changed one', async () => {
  assert.ok(entries.length >= 2, `${entries.length} entries`);
  for (const entry of entries) {
    const [self] = links(entry, 'self'), signatures = links(entry, 'signature');
    assert.deepEqual(signatures, [`${self}.asc`]);
    const document = await fetched(self), signature = await fetched(signatures[0]);
    assert.equal(signature.type, 'application/pgp-signature');
    const asc = saved('document.json.asc', signature.bytes), path = saved('document.json', document.bytes);
    const good = gpg('--verify', asc, path);
    assert.equal(good.status, 0, good.stderr);
    assert.match(good.stdout, new RegExp(`VALIDSIG ${metadata.public_openpgp_keys[0].fingerprint} `));
    for (const at of [0, document.bytes.length >> 1, document.bytes.length - 1]) {
      const changed = Buffer.from(document.bytes);
      changed[at] ^= 1;
      const bad = gpg('--verify', asc, saved('changed.json', changed));
      assert.notEqual(bad.status, 0, `byte ${at}`);
      assert.match(bad.stdout, /BADSIG/);
    }
  }
});

test('hashes are those of sha256sum and sha512sum, in their own format', async () => {
  for (const entry of entries) {
    const [self] = links(entry, 'self'), name = self.split('/').at(-1);
    assert.deepEqual(links(entry, 'hash'), [`${self}.sha256`, `${self}.sha512`]);
    saved(name, (await fetched(self)).bytes);
    for (const tool of ['sha256', 'sha512']) {
      const file = await fetched(`${self}.${tool}`);
      assert.equal(file.type, 'text/plain; charset=utf-8');
      saved(`${name}.${tool}`, file.bytes);
      assert.equal(execFileSync(`${tool}sum`, [name], { cwd: dir, encoding: 'utf8' }), file.bytes.toString());
      execFileSync(`${tool}sum`, ['--check', '--strict', '--status', `${name}.${tool}`], { cwd: dir });
    }
  }
});

test('index, feed and pages agree on where a document lies; a folder of another year has none', async () => {
  const folders = entries.map((entry) => new URL(links(entry, 'self')[0]).pathname.replace('/csaf/white/', ''));
  assert.deepEqual((await fetched('/csaf/white/index.txt')).bytes.toString().trimEnd().split('\n').sort(), [...folders].sort());
  for (const path of folders) {
    const [year, name] = path.split('/');
    const document = await json(`/csaf/white/${path}`);
    assert.equal(year, document.document.tracking.initial_release_date.slice(0, 4));
    for (const ending of ['', '.asc', '.sha256', '.sha512']) assert.equal((await get(`/csaf/white/1999/${name}${ending}`)).status, 404);
    for (const ending of ['.md5', '.asc.asc', '.sha256.asc', '.']) assert.equal((await get(`/csaf/white/${path}${ending}`)).status, 404, ending);
    const page = (await fetched(`/advisories/${document.document.tracking.id}`)).bytes.toString();
    for (const ending of ['.asc', '.sha256', '.sha512']) {
      const href = page.match(new RegExp(`href="([^"]*/${name.replaceAll('.', '\\.')}\\${ending})"`))?.[1];
      assert.ok(href, `the page of ${name} has no link to ${ending}`);
      assert.deepEqual((await fetched(href)).bytes, (await fetched(`/csaf/white/${path}${ending}`)).bytes);
    }
  }
});

test('the secret key lies sealed in a file of its owner alone, and nowhere else', () => {
  const file = readFileSync(join(dir, 'site', 'keys', 'advisory.key'));
  assert.equal(file.subarray(0, 4).toString(), 'SLR1');
  const strangers = spawnSync('find', [join(dir, 'site'), '-type', 'f', '-perm', '/077'], { encoding: 'utf8' }).stdout;
  assert.equal(strangers.includes('.key'), false, strangers);
  const opened = gpg('--list-packets', join(dir, 'site', 'keys', 'advisory.key'));
  assert.equal(/secret key packet/.test(opened.stdout), false);
});

test('a site of which one document has no signature is a provider, and no trusted one', async () => {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(dir, 'site', 'site.db'));
  database.exec("PRAGMA busy_timeout = 60000; UPDATE document SET signature = NULL WHERE kind = 'csaf' AND name = (SELECT MIN(name) FROM document WHERE kind = 'csaf' AND public = 1)");
  database.close();
  assert.equal((await json('/.well-known/csaf/provider-metadata.json')).role, 'csaf_provider');
});
