// Runs the demonstration with the real binary and saves what it published, as anybody on the network can fetch it, for the official validators.
//   node demo_documents.mjs OUT
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [out] = process.argv.slice(2);
const dir = mkdtempSync(join(tmpdir(), 'sluice-demo-'));
const demo = spawn(process.env.SLUICE_BIN, ['demo', '--data', join(dir, 'site'), '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  let url;
  for await (const line of createInterface({ input: demo.stdout })) {
    url = /^Ready\..* (http:\/\/\S+)\/sign-in\b/.exec(line)?.[1];
    if (url) break;
  }
  if (!url) throw new Error('the demonstration did not get ready');
  const get = async (path) => {
    const answer = await fetch(url + path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.text();
  };
  const { items } = JSON.parse(await get('/api/v1/advisories'));
  let saved = 0;
  const save = async (path, name) => {
    writeFileSync(join(out, name), await get(path));
    ++saved;
  };
  for (const item of items) {
    await save(item.csaf, `demo-${item.tracking}.csaf.json`);
    const page = await get(`${item.page}/${item.version}`);
    for (const [, path, file] of page.matchAll(/href="(\/advisories\/[^"]*\/((?:CVE-|x_)[^"/]*)\.json)"/g)) await save(path, `demo-${file}.${file.startsWith('CVE') ? 'cve' : 'osv'}.json`);
  }
  await save('/.well-known/csaf/provider-metadata.json', 'demo.provider.json');
  console.log(`${items.length} advisories of the demonstration, ${saved} documents`);
  if (items.length < 2) throw new Error('the demonstration publishes two advisories');
} finally {
  demo.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
}
