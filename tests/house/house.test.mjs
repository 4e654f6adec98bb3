// Holds the tree to the house rules, and each rule to a small tree that breaks it: a rule that cannot fail guards nothing.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { code_of, judge, read_allowed, read_arrows, rules } from './rules.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');

// The text files of the checkout, without what is built or fetched.
function read_tree(folder, tree = new Map()) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!['.git', 'build', 'node_modules', 'dist', 'test-results'].includes(entry.name)) read_tree(path, tree);
    } else if (entry.isFile() && (/\.(h|cpp|cmake|txt|md|mjs|js|ts|tsx|css|html|json|yaml|yml|sql|sh|py)$/.test(entry.name) || !entry.name.includes('.') || entry.name.startsWith('.clang'))) {
      tree.set(relative(root, path), readFileSync(path, 'utf8'));
    }
  }
  return tree;
}

const arrows = read_arrows(readFileSync(join(here, 'arrows.txt'), 'utf8'));
const allowed = read_allowed(readFileSync(join(here, 'allowed.txt'), 'utf8'));
const tree = read_tree(root);
const show = (violations) => violations.map((v) => `${v.path}:${v.line}: ${v.says}`).join('\n');

for (const name of Object.keys(rules))
  test(`the tree keeps the rule '${name}'`, () => {
    const mine = new Map([...allowed].filter(([rule]) => rule === name));
    const found = judge(tree, { arrows, allowed: mine }, [name]);
    assert.equal(found.length, 0, '\n' + show(found));
  });

// ---- each rule can fail ----------------------------------------------------------------------------------------------------------------------

const sample = read_arrows('base:\ncvd: base\nstore: base\nweb: base\npure: base cvd\nonly boost/asio: web/http\nonly sqlite3.h: store\n');
const found_by = (rule, files, with_arrows = sample) => judge(new Map(Object.entries(files)), { arrows: with_arrows, allowed: new Map() }, [rule]);

// rule, what it must find, what it must leave alone
const cases = [
  ['arrows', { 'src/cvd/a.cpp': '#include "store/db.h"\n' }, { 'src/cvd/a.cpp': '#include "base/id.h"\n#include "cvd/b.h"\n// #include "store/db.h"\n' }],
  ['arrows', { 'src/attic/a.cpp': '\n' }, { 'src/base/a.cpp': '#include <map>\n' }],
  ['same_arrows', { 'CMakeLists.txt': 'room(base)\nroom(cvd SEES base)\nroom(store SEES base cvd USES x::y)\nroom(web SEES base)\n' },
    { 'CMakeLists.txt': 'room(base USES Boost::json)\nroom(cvd SEES base)\nroom(store SEES\n  base\n  USES x::y)\nroom(web SEES base)\n' }],
  ['libraries', { 'src/web/api/a.cpp': '#include <boost/asio.hpp>\n' }, { 'src/web/http/a.cpp': '#include <boost/asio.hpp>\n' }],
  ['libraries', { 'src/cvd/a.cpp': '#include <sqlite3.h>\n' }, { 'src/store/a.cpp': '#include <sqlite3.h>\n' }],
  ['properties', { 'src/cvd/a_test.cpp': '  rc::check([] {});\n' }, { 'src/cvd/a_test.cpp': '  CHECK(rc::check([] {}));\n  return rc::check([] {});\n' }],
  ['coroutines', { 'src/web/api/a.cpp': 'co_return x;\n' }, { 'src/web/http/a.cpp': 'co_return x;\n', 'src/web/b.cpp': '// no co_await here\n' }],
  ['clock', { 'src/cvd/a.cpp': 'auto t = std::chrono::system_clock::now();\n' }, { 'src/web/a.cpp': 'auto t = std::chrono::system_clock::now();\n' }],
  ['clock', { 'src/cvd/a.cpp': 'auto t = time(nullptr);\n' }, { 'src/cvd/a.cpp': 'auto t = terms.time(now);\nInstant time() const;\n' }],
  ['clock', { 'src/cvd/a.h': 'void f(const Clock& clock);\n' }, { 'src/cvd/a.h': '// Clock& is for others\nvoid f(Instant now);\n' }],
  ['input_output', { 'src/cvd/a.cpp': '#include <fstream>\n' }, { 'src/cvd/a_test.cpp': '#include <fstream>\n' }],
  ['input_output', { 'src/cvd/a.cpp': '#include <sys/socket.h>\n' }, { 'src/store/a.cpp': '#include <sys/stat.h>\n' }],
  ['input_output', { 'src/cvd/a.cpp': 'const char* x = std::getenv("X");\n' }, { 'src/cvd/a.cpp': 'auto x = "getenv(1)"; auto y = std::snprintf(b, 2, "%d", 1);\n' }],
  ['reveal', { 'src/web/a.cpp': 'log(opened.reveal());\n' }, { 'src/web/a.cpp': '// never reveal() here\n' }],
  ['outlets', { 'src/service/release.cpp': 'TRY(store::make_public(tx, cells, document));\n' }, { 'src/service/outlets.cpp': 'return store::make_public(tx, cells, document);\n', 'src/web/a.cpp': '// make_public() is for Outlets\n' }],
  ['sql', { 'src/web/a.cpp': 'run("SELECT id FROM entry");\n' }, { 'src/store/a.cpp': 'run("SELECT id FROM entry");\n', 'src/web/a.cpp': 'say("Select one");\n' }],
  ['law', { 'src/cvd/a.cpp': '// Article 14 says so\n' }, { 'src/cvd/a.cpp': '// CSAF 2.0 §6.1.14\n' }],
  ['length', { 'src/cvd/a.cpp': 'int x;\n'.repeat(451) }, { 'src/cvd/a.cpp': 'int x;\n'.repeat(450), 'src/cvd/b.cpp': '// One idea: the table of steps.\n' + 'int x;\n'.repeat(600), 'src/cvd/c.cpp': "// Made from a list; don't edit.\n" + 'int x;\n'.repeat(600) }],
  ['readme', { 'src/cvd/a.cpp': '' }, { 'src/cvd/a.cpp': '', 'src/cvd/README.md': '# cvd' }],
  ['readme', { 'src/a.cpp': '' }, { 'src/cvd/room.cmake': '' }],
  ['fuzzed', { 'src/base/a.h': 'Result<X> parse_x(std::string_view text);\n', 'fuzz/README.md': '| `parse_y` | src/base/a.h | none: it is ours |\n' },
    { 'src/base/a.h': 'Result<X> parse_x(std::string_view text);\n// read_y(ByteView y)\n', 'fuzz/README.md': '| `parse_x` | src/base/a.h | x |\n', 'fuzz/x.cpp': '' }],
  ['fuzzed', { 'fuzz/x.cpp': '' }, { 'fuzz/run/all.cpp': '' }],
  ['drawers', { 'src/cvd/helpers.h': '' }, { 'src/cvd/utility_terms.h': '' }],
  ['drawers', { 'src/cvd/common/a.h': '' }, { 'src/cvd/commons.h': '' }],
  ['proofs', { 'docs/security/requirements.md': '| ACC-1 | x | `src/cvd/a_test.cpp: what held` | yes |\n', 'src/cvd/a_test.cpp': 'TEST_CASE("what holds")\n' }, { 'docs/security/requirements.md': '| ACC-1 | x | `src/cvd/a_test.cpp: what holds` | yes |\n| ACC-2 | x | | not yet: not built |\n', 'src/cvd/a_test.cpp': 'TEST_CASE("what holds") // ACC-1\n' }],
  ['proofs', { 'docs/security/requirements.md': '| ACC-1 | x | `src/cvd/b_test.cpp: what holds` | yes |\n' }, {}],
  ['proofs', { 'docs/security/requirements.md': '| ACC-1 | x | | soon |\n' }, {}],
  ['proofs', { 'src/cvd/a_test.cpp': '// ACC-99\n' }, {}],
  ['proofs', { 'docs/security/requirements.md': '| ACC-1 | x | | not yet: not built |\n| ACC-3 | x | | not yet: not built |\n' }, {}],
  ['checklist', { 'docs/formats/taxii.md': '| A1-1 | x | `tests/e2e/a.test.mjs: what held` |\n', 'tests/e2e/a.test.mjs': "test('what holds')\n" }, { 'docs/formats/taxii.md': '| A1-1 | x | `tests/e2e/a.test.mjs: what holds` |\n| A1-2 | x | `tests/e2e/a.test.mjs: what holds` |\n| A2-1 | x | `tests/e2e/a.test.mjs: what holds` |\n', 'tests/e2e/a.test.mjs': "test('what holds')\n" }],
  ['checklist', { 'docs/formats/taxii.md': '| A1-1 | x | |\n' }, {}],
  ['checklist', { 'docs/formats/taxii.md': '| A1-2 | x | `a: b` |\n', a: 'b' }, {}],
  ['machine', { 'docs/a.md': 'see /' + 'work/x\n' }, { 'docs/a.md': 'src/' + 'work/x and https://example.org/home/\n' }],
  ['machine', { 'docs/a.md': 'in ../' + 'shared/data\n' }, { '.ci/run': 'in ../' + 'shared/data\n' }],
  ['machine', { 'ui/package-lock.json': '"https://registry.' + 'npmjs.org/x"\n' }, { 'docs/a.md': 'the registry\n', 'src/formats/a.cpp': '"https://registry.' + 'npmjs.org"\n' }],
];

for (const [rule, bad, good] of cases)
  test(`the rule '${rule}' finds ${JSON.stringify(Object.values(bad)[0].slice(0, 44) || Object.keys(bad)[0])}`, () => {
    assert.equal(found_by(rule, bad).length, 1, show(found_by(rule, bad)) || 'it found nothing');
    assert.equal(found_by(rule, good).length, 0, show(found_by(rule, good)));
  });

test('every rule has a tree that breaks it', () => {
  assert.deepEqual(new Set(cases.map(([rule]) => rule)), new Set(Object.keys(rules)));
});

test('a circle of arrows is found', () => {
  const circle = read_arrows('a: b\nb: a\n');
  assert.equal(found_by('same_arrows', { 'CMakeLists.txt': 'room(a SEES b)\nroom(b SEES a)\n' }, circle).length, 2);
});

test('an excuse counts, and one that nothing needs is found', () => {
  const excuse = read_allowed('reveal src/web/a.cpp shows the thread to its reader\n');
  const with_excuse = (files) => judge(new Map(Object.entries(files)), { arrows: sample, allowed: excuse }, ['reveal']);
  assert.equal(with_excuse({ 'src/web/a.cpp': 'x.reveal();' }).length, 0);
  assert.match(show(with_excuse({ 'src/web/a.cpp': '' })), /no longer needs/);
  assert.throws(() => read_allowed('reveal src/web/a.cpp\n'), /doesn't say why/);
});

test('comments and strings are not code', () => {
  assert.equal(code_of('f("a // b"); // c\n').trim(), 'f("      ");');
  assert.equal(code_of('/* x\n y */ z').trim().split('\n').length, 1);
  assert.equal(code_of('x = 1\'000; y = \'"\'; z();\n').includes('z()'), true);
  assert.equal(code_of('R"(co_await)" + 1').includes('co_await'), false);
});
