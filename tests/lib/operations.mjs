// All that a site can be asked, read from what it publishes and from its table of routes, and bodies made from the published schemas: a new operation, or
// a new field of a body, is asked and filled in by every test that stands on this.
import { readFileSync } from 'node:fs';
import { ask } from './wire.mjs';

export const never = (letter) => `${letter}_00000000000000000000000001`;
const letters = { case: 'c', report: 'r', organisation: 'o', thread: 'h', vulnerability: 'v', claim: 'w', file: 'f', advisory: 'a', release: 'l', entry: 'e', token: 't', session: 'n', request: 'b', group: 'k', leak: 'z', target: 'j', message: 'm', product: 'u', person: 'p', glass: 'b' };

// {op, verb, path, api, open, scope, what}: those of the OpenAPI file, then the routes beside the API.
export async function operations_of(site) {
  const file = (await site.call(undefined, 'GET', '/api/v1/openapi.json')).json;
  const out = [];
  for (const [path, verbs] of Object.entries(file.paths))
    for (const [verb, what] of Object.entries(verbs)) out.push({ op: `${verb.toUpperCase()} ${path}`, verb: verb.toUpperCase(), path, api: true, open: what.security?.length === 0, scope: what['x-scope'], what });
  const table = readFileSync(new URL('../../src/web/routes.cpp', import.meta.url), 'utf8');
  for (const [, verb, path, caller] of table.matchAll(/\{Verb::(\w+), "([^"]+)", Caller::(\w+)/g))
    if (!path.startsWith('/api/')) out.push({ op: `${verb.toUpperCase()} ${path}`, verb: verb.toUpperCase(), path, api: false, open: caller === 'Anyone' });
  return { file, all: out };
}

// The letters of ids stand in the file itself: a parameter's pattern begins with its own.
export function letter_of(operation, name) {
  const known = operation.what?.parameters?.find((p) => p.in === 'path' && p.name === name)?.schema?.pattern?.match(/^\^\((\w)_/);
  return known ? known[1] : letters[name] ?? 'x';
}
// The path with its ids filled in: `ids` by name; an id that never was for what isn't there.
export function fill(operation, ids = {}) {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => ids[name] ?? { version: '1', command: 'open_thread', tracking: 'EX-1', year: '2031' }[name] ?? never(letter_of(operation, name)));
  if (path === '/api/v1/search') return `${path}?q=${ids.words ?? 'words'}`;
  return operation.verb === 'POST' && path.endsWith('/files') ? `${path}?name=a.txt&audience=shared` : path;
}

export const body_of = (operation) => operation.what?.requestBody?.content?.['application/json']?.schema;
export const takes_bytes = (operation) => operation.what?.requestBody?.content?.['application/octet-stream'] !== undefined;

// A value that fits `schema`. `text(where)` makes free text, `id(letter, where)` an id; both have answers of their own. `all`: optional fields too.
export function sample(schema, { file, text = () => 'Words.', id = (letter) => never(letter), instant = () => new Date(Date.now() + 30 * 86_400_000).toISOString().replace(/\.\d+/, ''), all = false } = {}, where = '') {
  const go = (one, at) => sample(one, { file, text, id, instant, all }, at);
  if (schema === undefined) return undefined;
  if (schema.$ref) return go(schema.$ref.slice(2).split('/').reduce((at, name) => at[name], file), where);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return go(choices[0], where);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  switch (schema.type) {
    case 'string': {
      const letter = schema.pattern?.match(/^\^\((\w)_\[/)?.[1];
      if (letter) return id(letter, where);
      if (schema.format === 'date-time') return instant(where);
      if (schema.pattern?.includes('[0-9a-f]{64}')) return '0'.repeat(64);
      if (schema.pattern?.startsWith('^(P(')) return 'P45D';
      return text(where);
    }
    case 'integer': case 'number': return Math.max(1, schema.minimum ?? 1);
    case 'boolean': return true;
    case 'array': return [go(schema.items ?? {}, `${where}/0`)];
    case 'object': {
      const out = {};
      for (const [name, one] of Object.entries(schema.properties ?? {}))
        if (all || schema.required?.includes(name)) out[name] = go(one, `${where}/${name}`);
      if (all && schema.additionalProperties && schema.additionalProperties !== true) out.one = go(schema.additionalProperties, `${where}/one`);
      return out;
    }
    default: return text(where);
  }
}

export const bearer = (token) => (token ? { authorization: `Bearer ${token}` } : {});

// A person who acts for an organisation of its own on a demo site, made over HTTP alone: a process of the command line for each would take longer than what is tested.
export async function join(site, root, name, kind, role = 'admin') {
  const must = async (promise) => {
    const answer = await promise;
    if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${answer.text.slice(0, 300)}`);
    return answer.json;
  };
  const org = (await must(root.call('POST', '/api/v1/organisations', { kind, profile: { name } }))).id;
  return { ...(await person(site, root, org, name, role)), org };
}
export async function person(site, root, org, name, role) {
  const mail = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}.${Math.random().toString(36).slice(2, 8)}@example.org`;
  const made = await patiently(() => root.call('POST', `/api/v1/organisations/${org}/people`, { name: `${name} person`, mail, role }));
  if (made.status !== 201) throw new Error(`${name}: ${made.status} ${made.text.slice(0, 300)}`);
  const out = { org, person: made.json.id, call(verb, path, body, headers) { return site.call(this.token, verb, path, body, headers); } };
  out.session = await sign_in(site, out.person);
  out.token = await issue(site, out.session);
  return out;
}
// {cookie, csrf}: headers of a browser that is signed in as this person.
export async function sign_in(site, who) {
  const answer = await patiently(() => ask(`${site.url}/sign-in/demo`, { verb: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ person: who }).toString() }));
  const cookie = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
  if (answer.status !== 303 || !cookie) throw new Error(`sign-in: ${answer.status} ${answer.text.slice(0, 300)}`);
  const page = (await ask(`${site.url}/cases`, { headers: { cookie } })).text;
  return { cookie, 'x-csrf-token': page.match(/name="csrf" value="([0-9a-f]+)"/)?.[1] ?? page.match(/value="([0-9a-f]+)" name="csrf"/)?.[1] };
}
// Waits as long as it is told to (WEB-9): a quick machine makes a cast faster than one person may act.
export async function patiently(send) {
  for (let i = 0; ; ++i) {
    const answer = await send();
    if (answer.status !== 429 || i === 120) return answer;
    const seconds = Number(answer.headers.get?.('retry-after') ?? answer.headers['retry-after'] ?? 1);
    await new Promise((resolve) => setTimeout(resolve, 1000 * Math.min(seconds || 1, 10)));
  }
}
export async function issue(site, session, scopes = 'all', expires = undefined) {
  const made = await patiently(() => site.call(undefined, 'POST', '/api/v1/tokens', { scopes, ...(expires ? { expires } : {}) }, session));
  if (made.status !== 201) throw new Error(`token: ${made.status} ${made.text.slice(0, 300)}`);
  return made.json.token;
}
