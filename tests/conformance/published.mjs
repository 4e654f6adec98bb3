// Holds what goes over the wire to what the site itself publishes at /api/v1/openapi.json.
//
//   const published = watch();     before the first request: every fetch, and every ask() of tests/lib/wire, of this thread is looked at from here on
//   await published.faults()       what was answered or taken otherwise than published; judged only then, so that nothing waits for it
//   await published.seen()         the operations that have succeeded
//
// Answers may come to have more fields, so the published schemas leave theirs open; here a field that isn't described is a fault.
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { listeners } from '../lib/wire.mjs';

export const operations = (file) => Object.entries(file.paths).flatMap(([path, verbs]) => Object.entries(verbs).map(([verb, what]) => ({ op: `${verb.toUpperCase()} ${path}`, path, verb, what })));

// The schemas of a file, compiled. Strict: a keyword that JSON Schema doesn't know is an error.
export function compiler(file) {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  addFormats(ajv);
  ajv.addVocabulary(['openapi', 'info', 'security', 'paths', 'components']);
  ajv.addSchema({ $id: 'openapi', ...file });
  return (...path) => ajv.compile({ $ref: `openapi#/${path.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}` });
}

function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const out = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const described = out.type === 'object' && out.properties !== undefined && Object.keys(out.properties).length > 0;
  return described && out.additionalProperties === undefined ? { ...out, additionalProperties: false } : out;
}

class Published {
  constructor(file) {
    this.schema = compiler(closed(file));
    this.checks = new Map();
    this.operations = operations(file)
      .map((o) => ({ ...o, form: new RegExp(`^${o.path.replaceAll(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')}$`), names: o.path.split('{').length }))
      .sort((a, b) => a.names - b.names);
  }
  of(verb, path) { return this.operations.find((o) => o.verb === verb.toLowerCase() && o.form.test(path)); }
  fits(value, ...path) {
    const key = path.join(' ');
    if (!this.checks.has(key)) this.checks.set(key, this.schema(...path));
    const check = this.checks.get(key);
    return check(value) ? [] : check.errors.map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
  }
  // What is wrong with this exchange.
  judge({ path, verb, what }, sent, status, type, text) {
    if (status === 304) return [];
    if (what.responses[status] === undefined) return [`${status} is not listed`];
    if (status >= 400) return type === 'application/problem+json' ? this.fits(JSON.parse(text), 'components', 'schemas', 'problem') : [`${status} as ${type}`];
    const content = what.responses[status].content;
    const media = Object.keys(content)[0];
    const faults = type === media ? [] : [`${type}, not ${media}`];
    if (media === 'application/json') faults.push(...this.fits(JSON.parse(text), 'paths', path, verb, 'responses', String(status), 'content', media, 'schema'));
    if (sent !== undefined) faults.push(...this.fits(JSON.parse(sent), 'paths', path, verb, 'requestBody', 'content', 'application/json', 'schema').map((fault) => `what it took: ${fault}`));
    return faults;
  }
}

export function watch() {
  const plain = globalThis.fetch;
  const exchanges = [];
  let file;  // one binary serves all sites of a test
  listeners.add(({ url, verb, sent, status, type, text }) => {
    const { origin, pathname } = new URL(url);
    if (!pathname.startsWith('/api/v1/')) return;
    file ??= plain(`${origin}/api/v1/openapi.json`).then((answer) => answer.json());
    exchanges.push({ verb, path: pathname, sent, status, type, text });
  });
  globalThis.fetch = async (target, init = {}) => {
    const response = await plain(target, init);
    const { origin, pathname } = new URL(target);
    if (!pathname.startsWith('/api/v1/')) return response;
    file ??= plain(`${origin}/api/v1/openapi.json`).then((answer) => answer.json());
    const type = response.headers.get('content-type')?.split(';')[0];
    const text = type === 'text/event-stream' ? '' : response.clone().text();
    exchanges.push({ verb: init.method ?? 'GET', path: pathname, sent: typeof init.body === 'string' && init.body !== '' ? init.body : undefined, status: response.status, type, text });
    return response;
  };
  let known;
  const published = async () => (known ??= new Published(await file));
  return {
    async seen() {
      const held = await published();
      return new Set(exchanges.filter(({ status }) => status < 300).map(({ verb, path }) => held.of(verb, path)?.op));
    },
    async faults() {
      const held = await published();
      const out = new Set();
      for (const { verb, path, sent, status, type, text: coming } of exchanges) {
        const operation = held.of(verb, path);
        if (!operation) continue;
        const text = await coming;
        for (const fault of held.judge(operation, sent, status, type, text)) out.add(`${operation.op}: ${fault} in ${text.slice(0, 300)}`);
      }
      return [...out];
    },
  };
}
