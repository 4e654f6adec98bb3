// What the client's build rests on, without a server: the catalogues, the policy's one hash, the rows of the matrix.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { faults_of, read_catalogues } from './catalogues.mjs';

const here = new URL('../', import.meta.url);
const sources = (folder) => readdirSync(new URL(folder, here), { recursive: true }).map((name) => `${folder}/${name}`).filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'));

test('every language has every message, with its arguments and plural forms', () => assert.deepEqual(faults_of(read_catalogues()), []));

test('a catalogue that lacks a message, an argument or a plural form is found', () => {
  const en = { a: '{n, plural, one {# thing} other {# things}}', b: 'Hello, {name}' };
  const faults = (de) => faults_of({ en, de });
  assert.deepEqual(faults({ a: '{n, plural, one {# Ding} other {# Dinge}}', b: 'Hallo, {name}' }), []);
  assert.match(faults({ b: 'Hallo, {name}' })[0], /a is missing/);
  assert.match(faults({ ...en, b: 'Hallo' })[0], /takes ""/);
  assert.match(faults({ ...en, a: '{n, plural, other {# Dinge}}' })[0], /no plural form one/);
  assert.match(faults({ ...en, c: 'mehr' })[0], /not in English/);
});

test('no message is kept that no page says', () => {
  const text = sources('src').map((name) => readFileSync(new URL(name, here), 'utf8')).join('\n');
  const made = /^(event|step|target|remedy|role)\./;   // their names are made of what the API says
  assert.deepEqual(Object.keys(read_catalogues().en).filter((key) => !made.test(key) && !text.includes(`'${key}'`)), []);
});

// WEB-4: what React Aria may put into a style element, and nothing else, has its hash in the policy.
test('the policy has the hash of the style that the library makes, and the library makes no other', () => {
  const aria = new URL('dist/private/', `file://${createRequire(import.meta.url).resolve('react-aria/package.json')}`);
  const makes = readdirSync(aria, { recursive: true }).filter((name) => String(name).endsWith('.mjs')).filter((name) => /createElement\(['"]style['"]\)/.test(readFileSync(new URL(String(name), aria), 'utf8')));
  assert.deepEqual(makes.map(String).sort(), ['interactions/usePress.mjs', 'overlays/usePreventScroll.mjs']);
  const style = /style\.textContent = `([^`]*)`/.exec(readFileSync(new URL('overlays/usePreventScroll.mjs', aria), 'utf8'))[1].trim();
  const policy = readFileSync(new URL('../src/web/pages/client.cpp', here), 'utf8');
  assert.ok(policy.includes(`'sha256-${createHash('sha256').update(style).digest('base64')}'`));
  // The other one is not made where an element with its id is there: index.html has it, and its rule is in our own sheet.
  assert.match(readFileSync(new URL('index.html', here), 'utf8'), /id="react-aria-pressable-style"/);
  assert.match(readFileSync(new URL('src/style/base.css', here), 'utf8'), /\[data-react-aria-pressable\] \{ touch-action: pan-x pan-y pinch-zoom; \}/);
});

test('nothing makes HTML or code of strings, and only api/ fetches', () => {
  for (const name of sources('src')) {
    const text = readFileSync(new URL(name, here), 'utf8');
    assert.doesNotMatch(text, /dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|document\.write|new Function|\beval\(/, name);
    if (!name.startsWith('src/api/')) assert.doesNotMatch(text, /\bfetch\(|XMLHttpRequest/, name);
  }
});
