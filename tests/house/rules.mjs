// The house rules, as functions of a tree (a Map from path to text) that answer a list of violations {rule, path, line, says}.
// No rule touches the disk, so that each is shown to fail on a small bad tree in house.test.mjs.

// ---- reading ---------------------------------------------------------------------------------------------------------------------------------

// arrows.txt: {sees: Map room -> Set of rooms, pure: Set of rooms, only: [{prefix, folders}]}
export function read_arrows(text) {
  const out = { sees: new Map(), pure: new Set(), only: [] };
  for (const raw of text.split('\n')) {
    const line = raw.replace(/#.*/, '').trim();
    if (!line) continue;
    const [, only, name, rest] = line.match(/^(only\s+)?(\S+?):(?:\s+(.*))?$/) ?? [];
    if (!name) throw new Error(`arrows.txt: can't read "${line}"`);
    const words = (rest ?? '').split(/\s+/).filter(Boolean);
    if (only) out.only.push({ prefix: name, folders: words });
    else if (name === 'pure') out.pure = new Set(words);
    else out.sees.set(name, new Set(words));
  }
  return out;
}

// allowed.txt: a Map from rule to the paths it excuses.
export function read_allowed(text) {
  const out = new Map();
  for (const raw of text.split('\n')) {
    const line = raw.replace(/^#.*/, '').trim();
    if (!line) continue;
    const [rule, path, ...why] = line.split(/\s+/);
    if (!why.length) throw new Error(`allowed.txt: "${line}" doesn't say why`);
    out.set(rule, (out.get(rule) ?? new Set()).add(path));
  }
  return out;
}

// C++ with its comments and the insides of its strings blanked out, line for line. #include lines keep their text.
export function code_of(text) {
  return text.replace(
    /^[ \t]*#[ \t]*include[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|R"([^()\\\s]{0,16})\([\s\S]*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])'/gm,
    (piece) => {
      if (/^\s*#/.test(piece)) return piece.replace(/\/\/.*$/, '');
      const blank = piece.replace(/[^\n]/g, ' ');
      return piece.startsWith('/') ? blank : '"' + blank.slice(2) + '"';
    });
}

const is_cxx = (path) => /^src\/.*\.(h|cpp)$/.test(path);
const is_test = (path) => /_test\.cpp$/.test(path);
const room_of = (path) => path.split('/')[1];

// Every line of `text` that matches, as violations.
function* matches(rule, path, text, pattern, says) {
  let line = 0;
  for (const content of text.split('\n')) {
    ++line;
    const found = content.match(pattern);
    if (found) yield { rule, path, line, says: says(found) };
  }
}

// ---- rules -----------------------------------------------------------------------------------------------------------------------------------

export const rules = {
  // An #include "room/…" follows an arrow.
  *arrows(tree, { arrows }) {
    for (const [path, text] of tree) {
      if (!is_cxx(path)) continue;
      const room = room_of(path);
      const sees = arrows.sees.get(room);
      if (!sees) {
        yield { rule: 'arrows', path, line: 1, says: `the room ${room} isn't in arrows.txt` };
        continue;
      }
      for (const v of matches('arrows', path, code_of(text), /^\s*#\s*include\s+"([^"/]+)\//, (m) => m[1]))
        if (v.says !== room && !sees.has(v.says)) yield { ...v, says: `${room} may not see ${v.says}` };
    }
  },

  // arrows.txt and the room() lines of CMakeLists.txt say the same, and no room sees itself through others.
  *same_arrows(tree, { arrows }) {
    const path = 'CMakeLists.txt';
    const cmake = new Map();
    for (const [, name, rest] of (tree.get(path) ?? '').replace(/#.*/g, '').matchAll(/^\s*room\((\w+)([^)]*)\)/gm))
      cmake.set(name, new Set((rest.match(/SEES([\s\w]*?)(?:USES|$)/)?.[1] ?? '').split(/\s+/).filter(Boolean)));
    const show = (set) => (set ? `{${[...set].sort().join(' ')}}` : 'nothing');
    for (const room of new Set([...cmake.keys(), ...arrows.sees.keys()]))
      if (show(cmake.get(room)) !== show(arrows.sees.get(room)))
        yield { rule: 'same_arrows', path, line: 1, says: `${room} sees ${show(cmake.get(room))} here and ${show(arrows.sees.get(room))} in arrows.txt` };

    const reaches = (from, to, passed = new Set()) =>
      [...(arrows.sees.get(from) ?? [])].some((next) => next === to || (!passed.has(next) && passed.add(next) && reaches(next, to, passed)));
    for (const room of arrows.sees.keys())
      if (reaches(room, room)) yield { rule: 'same_arrows', path: 'tests/house/arrows.txt', line: 1, says: `${room} sees itself through other rooms` };
  },

  // Some libraries are seen by some folders only.
  *libraries(tree, { arrows }) {
    for (const [path, text] of tree) {
      if (!is_cxx(path)) continue;
      for (const v of matches('libraries', path, code_of(text), /^\s*#\s*include\s+[<"]([^>"]+)/, (m) => m[1]))
        for (const { prefix, folders } of arrows.only)
          if (v.says.startsWith(prefix) && !folders.some((folder) => path.startsWith(`src/${folder}/`)))
            yield { ...v, says: `<${v.says}> belongs to ${folders.join(', ')} alone` };
    }
  },

  // What rapidcheck finds is an answer, which is nothing until it is checked.
  *properties(tree) {
    for (const [path, text] of tree)
      if (is_test(path) && is_cxx(path)) yield* matches('properties', path, code_of(text), /^\s*rc::check\(/, () => 'a property that nobody checks can\'t fail: CHECK(rc::check(…))');
  },

  // Coroutines live where the connections do.
  *coroutines(tree) {
    for (const [path, text] of tree)
      if (is_cxx(path) && !path.startsWith('src/web/http/'))
        yield* matches('coroutines', path, code_of(text), /\bco_(await|return|yield|spawn)\b/, (m) => `${m[0]} outside web/http`);
  },

  // Pure rooms read no clock; `now` is an argument.
  *clock(tree, { arrows }) {
    const reads = /\bSystemClock\b|\bClock\s*[&*]|\w_clock\s*::\s*now\b|\b(?:clock_gettime|gettimeofday|timespec_get|localtime\w*)\s*\(|(?<![\w.>])(?:::|std::)?time\s*\(\s*(?:0|NULL|nullptr|&\w+)\s*\)|__(?:DATE|TIME)__/;
    for (const [path, text] of tree)
      if (is_cxx(path) && arrows.pure.has(room_of(path))) yield* matches('clock', path, code_of(text), reads, (m) => `a pure room reads the clock: ${m[0].trim()}`);
  },

  // Pure rooms do no input or output. Their tests may read documents.
  *input_output(tree, { arrows }) {
    const does = /^\s*#\s*include\s+<((?:fstream|filesystem|iostream|print|unistd\.h|fcntl\.h|netdb\.h|poll\.h|spawn\.h|(?:sys|netinet|arpa|net)\/[^>]*))>|\b(fopen|freopen|popen|getenv|secure_getenv|printf|puts|std::system)\s*\(|\bstd::(c(?:in|out|err|log)\b)/;
    for (const [path, text] of tree)
      if (is_cxx(path) && !is_test(path) && arrows.pure.has(room_of(path)))
        yield* matches('input_output', path, code_of(text), does, (m) => `a pure room does input or output: ${m[1] ?? m[2] ?? m[3]}`);
  },

  // Decrypted content is looked into in few places, each known by name.
  *reveal(tree) {
    for (const [path, text] of tree)
      if (is_cxx(path) && !is_test(path)) yield* matches('reveal', path, code_of(text), /\breveal\s*\(/, () => 'reveal() outside the places in allowed.txt');
  },

  // What makes something public is called by the Outlets, which take a Pass, and by nobody else.
  *outlets(tree) {
    for (const [path, text] of tree)
      if (is_cxx(path) && !is_test(path) && !path.startsWith('src/store/') && path !== 'src/service/outlets.cpp')
        yield* matches('outlets', path, code_of(text), /\b(make_public|put_publication)\s*\(/, (m) => `${m[1]}() is for the Outlets alone`);
  },

  // SQL is written in store/ alone.
  *sql(tree) {
    for (const [path, text] of tree)
      if (is_cxx(path) && !path.startsWith('src/store/') && !is_test(path))
        yield* matches('sql', path, text, /"\s*(SELECT\s.+\sFROM|INSERT INTO|DELETE FROM|UPDATE \w+ SET|CREATE TABLE)\b/, (m) => `SQL outside store/: ${m[1].slice(0, 30)}`);
  },

  // Law is data: C++ names no law and no article of one.
  *law(tree) {
    for (const [path, text] of tree)
      if (is_cxx(path) && !is_test(path))
        yield* matches('law', path, text, /\b(NIS ?2|GDPR|DSGVO|DORA|PSTI|RMSV|Cyber Resilience Act|[Aa]rt(?:icle|\.) \d+)\b/, (m) => `${m[1]}: a law belongs in regimes/`);
  },

  // Long files say in their head why they are one idea.
  *length(tree) {
    for (const [path, text] of tree) {
      if (!/^(src|ui\/src|fuzz|bench|tests)\/.*\.(h|cpp|ts|tsx|mjs|css)$/.test(path)) continue;
      const lines = text.split('\n');
      if (lines.length > 451 && !/one idea|generated|don't edit/i.test(lines.slice(0, 15).join('\n')))
        yield { rule: 'length', path, line: 451, says: `${lines.length - 1} lines, and its head doesn't say why it is one idea` };
    }
  },

  // A room has a README that says what it is for.
  *readme(tree) {
    const rooms = new Set([...tree.keys()].filter((path) => /^src\/\w+\/.*\.(h|cpp)$/.test(path)).map(room_of));
    for (const room of rooms) if (!tree.has(`src/${room}/README.md`)) yield { rule: 'readme', path: `src/${room}/README.md`, line: 1, says: 'the room has no README' };
    for (const path of tree.keys()) if (/^src\/[^/]+\.(h|cpp)$/.test(path)) yield { rule: 'readme', path, line: 1, says: 'stands in no room' };
  },

  // Whatever reads text, bytes or JSON stands in the table of fuzz/README.md, with a target or with the reason why it needs none (FIL-4).
  *fuzzed(tree) {
    const path = 'fuzz/README.md';
    const rows = new Map();       // header -> the names its rows say
    const named = new Set();
    let line = 0;
    for (const content of (tree.get(path) ?? '').split('\n')) {
      ++line;
      const [, what, header, targets] = content.match(/^\| (.+) \| (src\/\S+\.h) \| (.+) \|$/) ?? [];
      if (!header) continue;
      if (!tree.has(header)) yield { rule: 'fuzzed', path, line, says: `there is no ${header}` };
      rows.set(header, new Set([...(rows.get(header) ?? []), ...what.matchAll(/`(?:\w+::)?(\w+)`/g).map((m) => m[1])]));
      if (/^none: \S/.test(targets)) continue;
      for (const target of targets.split(', ')) {
        named.add(target);
        if (!tree.has(`fuzz/${target}.cpp`)) yield { rule: 'fuzzed', path, line, says: `there is no target ${target}` };
      }
    }
    for (const file of tree.keys()) {
      const target = file.match(/^fuzz\/(\w+)\.cpp$/)?.[1];
      if (target && !named.has(target)) yield { rule: 'fuzzed', path: file, line: 1, says: `no row of ${path} names it` };
    }
    const reads = /\b((?:parse|read|from|open|verify|decode)(?:_\w+)?|\w+_from(?:_\w+)?)\((?:std::string_view|ByteView|const json::value&|const std::string&|std::string)\s+\w/;
    for (const [file, text] of tree)
      if (/^src\/.*\.h$/.test(file))
        for (const v of matches('fuzzed', file, code_of(text), reads, (m) => m[1]))
          if (!rows.get(file)?.has(v.says)) yield { ...v, says: `${v.says}() reads something, and ${path} doesn't say what fuzzes it` };
  },

  // No drawers for what has no name.
  *drawers(tree) {
    for (const path of tree.keys())
      if (/^(src|ui\/src)\//.test(path) && /(^|\/)(common|misc|utils?|helpers?|v2)(_\w+)?(\.\w+|\/)/.test(path))
        yield { rule: 'drawers', path, line: 1, says: 'a name that says nothing; give the thing its noun' };
  },

  // docs/security/requirements.md and the tests agree: an id that a test names has a line, a line names tests that exist or says "not yet", and why.
  *proofs(tree) {
    const path = 'docs/security/requirements.md';
    const form = /\b(?:ACC|EXI|AUT|KEY|AUD|WEB|FIL|MAI|OUT|REL|OBS|API|CLI|UI|DEL)-\d+\b/g;
    const listed = new Set();
    let line = 0;
    for (const content of (tree.get(path) ?? '').split('\n')) {
      ++line;
      const [, id, , proofs, stands] = content.match(/^\| ([A-Z]+-\d+) \| (.*?) \| (.*?) ?\| (.*) \|$/) ?? [];
      if (!id) continue;
      if (listed.has(id)) yield { rule: 'proofs', path, line, says: `${id} has two lines` };
      listed.add(id);
      const tests = [...proofs.matchAll(/`([^`:]+): ([^`]+)`/g)];
      if (!tests.length && !/^not yet: \S/.test(stands)) yield { rule: 'proofs', path, line, says: `${id} names no test and does not say "not yet: why"` };
      for (const [, file, name] of tests) {
        const text = tree.get(file);
        if (text === undefined) yield { rule: 'proofs', path, line, says: `there is no ${file}` };
        else if (!text.replaceAll("\\'", "'").includes(name)) yield { rule: 'proofs', path, line, says: `${file} has no test "${name}"` };
      }
    }
    // Ids are numbered without a gap: one that is missing was forgotten.
    for (const id of listed) {
      const [family, n] = id.split('-');
      if (Number(n) > 1 && !listed.has(`${family}-${n - 1}`)) yield { rule: 'proofs', path, line: 1, says: `there is no ${family}-${n - 1}, which comes before ${id}` };
    }
    for (const [file, text] of tree)
      if ((/_test\.cpp$/.test(file) || /^tests\/(?!house\/).*\.mjs$/.test(file)))
        for (const [id] of text.matchAll(form)) if (!listed.has(id)) yield { rule: 'proofs', path: file, line: 1 + text.slice(0, text.indexOf(id)).split('\n').length - 1, says: `names ${id}, which has no line in ${path}` };
  },

  // Each row of the TAXII checklist names tests, and each of them exists.
  *checklist(tree) {
    const path = 'docs/formats/taxii.md';
    let before = ['', 0], line = 0;
    for (const content of (tree.get(path) ?? '').split('\n')) {
      ++line;
      const [, id, , tests] = content.match(/^\| (A\d+-\d+) \| (.*?) \| (.*?) ?\|$/) ?? [];
      if (!id) continue;
      const [part, n] = id.split('-');
      if (Number(n) !== (part === before[0] ? before[1] + 1 : 1)) yield { rule: 'checklist', path, line, says: `${id} is out of its order` };
      before = [part, Number(n)];
      const named = [...tests.matchAll(/`([^`:]+): ([^`]+)`/g)];
      if (!named.length) yield { rule: 'checklist', path, line, says: `${id} names no test` };
      for (const [, file, name] of named)
        if (!tree.get(file)?.replaceAll("\\'", "'").includes(name)) yield { rule: 'checklist', path, line, says: `${file} has no test "${name}"` };
    }
  },

  // No paths of one machine; no hosts of registries where we fetch from them (an advisory may well name one): the tree builds anywhere, through any mirror.
  *machine(tree) {
    const here = /(?:^|[\s"'`=(:,])(\/(?:work|home|Users|mnt|root)\/[\w.-]*)|(\.\.\/shared\b)/;
    const fetched = /registry\.(?:npmjs|yarnpkg)\.\w+|deb\.debian\.org/;
    for (const [path, text] of tree) {
      const ours = path === '.ci/run';  // looks for the folder of real documents beside the checkout
      for (const v of matches('machine', path, text, here, (m) => m[1] ?? m[2]))
        if (!(ours && v.says.startsWith('..'))) yield { ...v, says: `"${v.says}" is of one machine` };
      if (!/^(src|regimes|tests\/(conformance|data))\/.*(?<!package-lock\.json)$/.test(path)) yield* matches('machine', path, text, fetched, (m) => `"${m[0]}": leave the host to the machine's own configuration`);
    }
  },
};

// All violations of a tree, those that allowed.txt excuses left out; an excuse that nothing needs is one too.
export function judge(tree, { arrows, allowed }, only = Object.keys(rules)) {
  const found = [];
  const used = new Set();
  for (const name of only)
    for (const violation of rules[name](tree, { arrows })) {
      if (allowed.get(name)?.has(violation.path)) used.add(`${name} ${violation.path}`);
      else found.push(violation);
    }
  for (const [rule, paths] of allowed)
    for (const path of paths) {
      if (!rules[rule]) found.push({ rule, path: 'tests/house/allowed.txt', line: 1, says: `there is no rule '${rule}'` });
      else if (only.includes(rule) && !used.has(`${rule} ${path}`)) found.push({ rule, path: 'tests/house/allowed.txt', line: 1, says: `${path} no longer needs its excuse from '${rule}'` });
    }
  return found;
}
