// A client of TAXII 2.1 for tests, and objects to send: nothing is hidden, each answer is as it came.
import { randomUUID } from 'node:crypto';
import { ask } from './wire.mjs';

export const media = 'application/taxii+json;version=2.1';
export const root = '/taxii2/root/';
export const tlp = {
  clear: 'marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487', green: 'marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb', amber: 'marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421',
  strict: 'marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003', red: 'marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1',
};
export const when = (n) => `2020-01-01T00:00:${String(n).padStart(2, '0')}.000Z`;

// STIX objects, each new unless it is said otherwise.
export const indicator = (more = {}) => ({ type: 'indicator', spec_version: '2.1', id: `indicator--${randomUUID()}`, created: when(0), modified: when(0), name: 'A bad address', indicator_types: ['malicious-activity'],
  pattern: "[ipv4-addr:value = '198.51.100.1']", pattern_type: 'stix', valid_from: when(0), ...more });
export const tool = (more = {}) => ({ type: 'tool', spec_version: '2.1', id: `tool--${randomUUID()}`, created: when(0), modified: when(0), name: 'A tool', ...more });
export const version = (object, n) => ({ ...object, modified: when(n), name: `${object.name}, version ${n}` });
export const address = { type: 'ipv4-addr', spec_version: '2.1', id: 'ipv4-addr--5bc2f96d-ead8-575e-ae49-08c7d2e793fa', value: '203.0.113.41' };
export const marked = (object, ...labels) => ({ ...object, object_marking_refs: labels.map((label) => tlp[label] ?? label) });

export class Client {
  constructor(site, token) { Object.assign(this, { site, token }); }
  // {status, headers, text, json}. `path` begins at the API root unless it begins with a slash.
  async ask(verb, path, { body, headers = {}, type = media, accept = media } = {}) {
    const all = { ...(accept === null ? {} : { accept }), ...(this.token ? { authorization: `Bearer ${this.token}` } : {}), ...(body === undefined || type === null ? {} : { 'content-type': type }), ...headers };
    const answer = await ask(this.site.url + (path.startsWith('/') ? path : root + path), { verb, headers: all, body: body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) });
    let json;
    try { json = JSON.parse(answer.text); } catch { /* not all are */ }
    return { ...answer, json };
  }
  get(path, options) { return this.ask('GET', path, options); }
  // Adds objects; the status, which must say that none has failed unless `failures` are expected.
  async add(collection, objects, failures = 0) {
    const answer = await this.ask('POST', `collections/${collection}/objects/`, { body: { objects } });
    if (answer.status !== 202 || answer.json.failure_count !== failures) throw new Error(`${answer.status} ${answer.json?.failures?.length ? JSON.stringify(answer.json.failures).slice(0, 600) : answer.text.slice(0, 600)}`);
    return answer.json;
  }
  // Every object of a list, page by page, as `next` leads.
  async all(path, query = '', name = 'objects') {
    const out = [];
    for (let next = '', pages = 0; ; ++pages) {
      const parts = [query, next && `next=${encodeURIComponent(next)}`].filter(Boolean).join('&');
      const answer = await this.get(`${path}${parts ? `?${parts}` : ''}`);
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text.slice(0, 600)}`);
      out.push(...(answer.json[name] ?? []));
      if (!answer.json.more) return out;
      if (pages === 10_000) throw new Error('no end');
      next = answer.json.next;
    }
  }
}
