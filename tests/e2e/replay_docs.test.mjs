// The pages of docs/replay hold statements, each with the command that it comes from. Here every command is run from the top of the source, and has to answer what the page shows.
// A command stands behind "$ " in a block of ```console, its answer below it; `| grep TEXT` keeps the lines with the text, `> FILE` is a file that stands beside the page.
// SLUICE_UPDATE_DOCS=1 writes the answers anew.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = join(root, 'docs/replay');
const sluice = process.env.SLUICE_BIN ?? join(root, 'build/release/bin/sluice');
const isUpdate = process.env.SLUICE_UPDATE_DOCS === '1';

// "sluice a 'b c' | grep x > file", without a shell.
function parsed(command) {
  const words = (command.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'(.*)'$/, '$1'));
  assert.equal(words[0], 'sluice', command);
  const out = { args: [], keeps: [] };
  for (let i = 1; i < words.length; ++i) {
    if (words[i] === '|') (assert.equal(words[i + 1], 'grep', command), out.keeps.push(words[i + 2]), (i += 2));
    else if (words[i] === '>') out.file = words[++i];
    else out.args.push(words[i]);
  }
  return out;
}

function answer(command) {
  const { args, keeps, file } = parsed(command);
  let text = execFileSync(sluice, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  for (const kept of keeps) text = text.split('\n').filter((line) => line.includes(kept)).map((line) => line + '\n').join('');
  assert.notEqual(text.trim(), '', `${command}: no answer`);
  return { text, file };
}

// A page with its answers as they are now, and the files its commands write.
function regenerated(page) {
  const files = new Map();
  let commands = 0;
  const text = page.replace(/^```console\n([\s\S]*?)^```$/gm, (block, inside) => {
    let out = '';
    for (const line of inside.split('\n').filter((one) => one.startsWith('$ '))) {
      ++commands;
      const { text: said, file } = answer(line.slice(2));
      out += `${line}\n`;
      if (file) files.set(file, said);
      else out += said.endsWith('\n') ? said : `${said}\n`;
    }
    return '```console\n' + out + '```';
  });
  return { text, files, commands };
}

for (const name of readdirSync(folder).filter((one) => one.endsWith('.md')).sort()) {
  test(`docs/replay/${name}: every answer shown is what its command says`, () => {
    const page = readFileSync(join(folder, name), 'utf8');
    const { text, files, commands } = regenerated(page);
    if (name !== 'README.md') assert.ok(commands > 0, 'a page of answers has commands');
    if (isUpdate) {
      writeFileSync(join(folder, name), text);
      for (const [file, said] of files) writeFileSync(join(root, file), said);
      return;
    }
    assert.equal(page, text);
    for (const [file, said] of files) assert.equal(readFileSync(join(root, file), 'utf8'), said, file);
  });
}

test('the amendments and cases of docs/replay are in order', () => {
  execFileSync(sluice, ['regimes', 'lint'], { cwd: root });
  execFileSync(sluice, ['regimes', 'lint', 'regimes'], { cwd: root });
  const cases = JSON.parse(execFileSync(sluice, ['regimes', 'what-if', 'docs/replay/scenarios', '--json'], { cwd: root, encoding: 'utf8' }));
  assert.equal(cases.changed, 0);
  assert.deepEqual(cases.cases, []);
  assert.ok(cases.asked >= 8);
});
