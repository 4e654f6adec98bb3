// docs/situations.md and its scenarios hold to each other: a section and a test each, under one name; and what the page tells people to do exists.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const page = read('docs/situations.md');
const tests = ['use_cases', 'situations'].map((name) => read(`tests/e2e/${name}.test.mjs`)).join('\n');

const names = (text, pattern) => [...text.matchAll(pattern)].map(([, ...parts]) => parts.map((part) => part.replaceAll("\\'", "'")).join(': '));
const in_page = (text) => names(text, /^## (.+)$/gm);
const in_tests = (text) => names(text, /^situation\('([^']+)', '((?:\\'|[^'])+)', async/gm);

test('each section of the page has its test, and each test its section, in the same order', () => {
  assert.deepEqual(in_page(page), in_tests(tests));
  assert.notDeepEqual(in_page(page.replace('## CERT 6:', '## CERT 66:')), in_tests(tests), 'this can fail');
});

test('all use cases of FIRST and all troubles of the CERT Guide are there', () => {
  const ids = in_page(page).map((name) => name.split(':')[0]);
  const first = ['0', '1', '1.1', '2', ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `2.${n}`), '3', '4', '4.1', '4.2'].map((n) => `FIRST ${n}`);
  assert.deepEqual(ids, [...first, ...Array.from({ length: 21 }, (_, i) => `CERT ${i + 1}`)]);
});

test('each section says what happens, what the field says, what Sluice does by itself and what it advises, and something that the site answers', () => {
  for (const section of page.split(/^## /m).slice(1)) {
    const name = section.split('\n', 1)[0];
    for (const part of ['What happens', 'The field', 'By itself', 'Advice']) assert.ok(section.includes(`**${part}.**`), `${name} doesn't say: ${part}`);
    assert.match(section, /^- (suggested to the|not open to the|refused:) /m, name);
  }
});

test('each command that the page names is there, and each route', () => {
  const verbs = new Set(readdirSync(new URL('src/cli/', root)).filter((name) => name.endsWith('.cpp')).flatMap((name) => [...read(`src/cli/${name}`).matchAll(/\{"([a-z]+)", "([a-z-]+)", "/g)].map(([, noun, verb]) => `${noun} ${verb}`)));
  const routes = [...read('src/web/routes.cpp').matchAll(/\{Verb::(\w+), "([^"]+)"/g)].map(([, verb, path]) => `${verb.toUpperCase()} ${path}`);
  const named = [...page.matchAll(/`([^`\n]+)`/g)].map(([, words]) => words);
  const commands = named.map((words) => words.match(/^sluice ([a-z]+ [a-z-]+)/)?.[1]).filter(Boolean);
  const paths = named.filter((words) => /^(GET|POST) /.test(words));
  assert.ok(commands.length > 20 && paths.length > 8);
  assert.deepEqual(commands.filter((one) => !verbs.has(one)), []);
  assert.deepEqual(paths.filter((one) => !routes.some((route) => (one.includes('…') ? route.startsWith(one.split('…')[0]) && route.endsWith(one.split('…')[1]) : route === one))), []);
});
