// A small TAXII 2.1 server for tests of the client: conformant as it stands, and misbehaving as its script says.
//
//   const peer = await new Peer().start();               peer.url is its discovery
//   peer.add(objects, { at })                            one batch, each a microsecond apart; `together`: all with one time
//   peer.script.push({ drop: true }, { status: 503, retry_after: 1 }, { pass: true }, …)   one a request, in order; then it behaves again
//   peer.quirks = { no_next, no_dates, cut: 'ms' | 's', media_type, only_accepts, cap, no_manifest, pending: n, fails: (object) => 'why', … }
//   peer.log                                             every request: { verb, path, query, headers, body }
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createTls } from 'node:https';

const taxii = 'application/taxii+json;version=2.1';

export class Peer {
  constructor({ token, basic, tls } = {}) {
    Object.assign(this, { token, basic, tls, script: [], quirks: {}, log: [], items: [], count: 0, statuses: new Map(), streams: new Set(), clock: 1_700_000_000_000_000 });
    this.collection = { id: randomUUID(), title: 'Indicators', alias: 'indicators', can_read: true, can_write: true, media_types: ['application/stix+json;version=2.1'] };
    this.max_content_length = 10_485_760;
  }

  async start() {
    const handler = (request, response) => this.handle(request, response).catch((error) => { response.destroy(error); });
    this.server = this.tls ? createTls(this.tls, handler) : createServer(handler);
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.origin = `${this.tls ? 'https' : 'http'}://127.0.0.1:${this.server.address().port}`;
    this.url = `${this.origin}/taxii2/`;
    this.root = `${this.origin}/api/`;
    return this;
  }
  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  // Times in microseconds, each later than the one before; with `together`, one for the batch, as servers do that stamp the request.
  add(objects, { together = false, pause = 1_000_000 } = {}) {
    this.clock += pause;
    for (const object of objects) {
      if (!together) this.clock += 1;
      this.items.push({ object, added: this.clock, number: this.count++ });
    }
    for (const wake of this.streams) wake();
  }
  remove(id) { this.items = this.items.filter((item) => item.object.id !== id); }

  time(micros) {
    const grain = { ms: 1_000, s: 1_000_000 }[this.quirks.cut] ?? 1;
    const cut = Math.floor(micros / grain) * grain;
    return `${new Date(Math.floor(cut / 1000)).toISOString().slice(0, -1)}${String(cut % 1000).padStart(3, '0')}Z`;
  }

  // ---- requests
  async handle(request, response) {
    const url = new URL(request.url, this.origin);
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const seen = { verb: request.method, path: url.pathname, query: url.searchParams, headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
    this.log.push(seen);
    const act = this.script.shift() ?? {};
    if (act.drop) return request.socket.destroy();
    const answer = act.status ? this.error(act.status, act.title ?? 'By script', act.retry_after !== undefined ? { 'retry-after': String(act.retry_after) } : {}) : act.repeat ? this.last : this.route(seen, response);
    if (answer === undefined) return undefined;    // a stream
    this.last = answer;
    await new Promise((resolve) => setTimeout(resolve, act.slow ?? 0));
    const text = act.body ?? (typeof answer.body === 'string' ? answer.body : answer.body === undefined ? '' : JSON.stringify(answer.body));
    response.writeHead(answer.status, { 'content-type': act.type ?? this.quirks.media_type ?? taxii, 'content-length': Buffer.byteLength(text), ...answer.headers });
    if (act.half) {                                // the connection breaks in the middle of the body
      response.write(text.slice(0, text.length / 2), () => request.socket.destroy());
      return undefined;
    }
    return response.end(text);
  }
  error(status, title, headers = {}) { return { status, headers, body: { title, http_status: String(status) } }; }

  route({ verb, path, query, headers, body }, response) {
    const { authorization } = headers;
    if ((this.token && authorization !== `Bearer ${this.token}`) || (this.basic && authorization !== `Basic ${Buffer.from(this.basic).toString('base64')}`)) return this.error(401, 'Sign in', { 'www-authenticate': 'Basic realm="peer", Bearer' });
    const at = `/api/collections/${this.collection.id}/`, alias = `/api/collections/${this.collection.alias}/`;
    const here = path.startsWith(alias) ? at + path.slice(alias.length) : path;
    if (here === `${at}stream/` && this.quirks.stream) return this.listen(query, headers, response);
    const accept = headers.accept ?? '';
    if (this.quirks.only_accepts ? accept !== this.quirks.only_accepts : !/application\/(taxii\+json|\*)|\*\/\*/.test(accept)) return this.error(406, 'Not acceptable');
    if (verb === 'GET' && path === '/taxii2/') return { status: 200, body: { title: 'Peer', default: '/api/', api_roots: this.quirks.api_roots ?? ['/api/'] } };
    if (verb === 'GET' && path === '/api/') return { status: 200, body: { title: 'Root', versions: [taxii], max_content_length: this.max_content_length } };
    if (verb === 'GET' && path === '/api/collections/') return { status: 200, body: { collections: [this.collection] } };
    if (verb === 'GET' && here === at) return { status: 200, body: this.collection };
    if (verb === 'GET' && here === `${at}objects/`) return this.page(query, (item) => item.object, true);
    if (verb === 'GET' && here === `${at}manifest/` && !this.quirks.no_manifest) return this.page(query, (item) => ({ id: item.object.id, date_added: this.time(item.added), version: item.object.modified ?? this.time(item.added), media_type: this.collection.media_types[0] }));
    if (verb === 'POST' && here === `${at}objects/`) return this.take(body, headers);
    const status = path.match(/^\/api\/status\/([^/]+)\/$/)?.[1];
    if (verb === 'GET' && status && this.statuses.has(status)) return this.status_of(status);
    return this.error(404, 'Not found');
  }

  // TAXII 2.1 §3.4, §5.4: sorted by the time it was added, strictly later than added_after; `next` is the place after the page.
  page(query, shown, is_objects = false) {
    const bad = ['added_after', 'limit', 'next'].find((name) => query.getAll(name).length > 1);
    if (bad) return this.error(400, `${bad} stands twice`);
    const limit = query.has('limit') ? Number(query.get('limit')) : Infinity;
    if (!(limit > 0)) return this.error(400, 'limit');
    const after = query.has('added_after') ? micros_of(query.get('added_after')) : -1;
    if (Number.isNaN(after)) return this.error(400, 'added_after');
    const type = query.get('match[type]')?.split(','), id = query.get('match[id]')?.split(',');
    let from = 0;
    if (query.has('next')) {
      const [secret, place, filters] = query.get('next').split('.');
      if (secret !== (this.quirks.cursor ?? 'c') || filters !== this.filters(query)) return this.error(400, 'This cursor is not known');
      from = Number(place);
    }
    const fits = this.items.filter((item) => item.number >= from && item.added > after && (!type || type.includes(item.object.type)) && (!id || id.includes(item.object.id)));
    const most = Math.min(limit, this.quirks.cap ?? 1000);
    const part = fits.slice(0, most), more = fits.length > most;
    const body = {};
    if (more || this.quirks.always_more) body.more = true;
    if (more && !this.quirks.no_next) body.next = `${this.quirks.cursor ?? 'c'}.${part.at(-1).number + 1}.${this.filters(query)}`;
    if (part.length) body.objects = part.map(shown);
    const headers = part.length && !(is_objects && this.quirks.no_dates) ? { 'x-taxii-date-added-first': this.time(part[0].added), 'x-taxii-date-added-last': this.time(part.at(-1).added) } : {};
    return { status: 200, headers, body };
  }
  filters(query) { return Buffer.from(['added_after', 'match[type]', 'match[id]'].map((name) => query.get(name) ?? '').join('|')).toString('base64url'); }

  // TAXII 2.1 §5.5
  take(body, headers) {
    if (!/^application\/taxii\+json/.test(headers['content-type'] ?? '')) return this.error(415, 'Content-Type');
    if (Buffer.byteLength(body) > this.max_content_length) return this.error(413, 'Too large');
    let objects;
    try { objects = JSON.parse(body).objects; } catch { return this.error(422, 'No JSON'); }
    if (!Array.isArray(objects)) return this.error(422, 'No envelope');
    const id = randomUUID(), failures = [], taken = [];
    for (const object of objects) {
      const why = this.quirks.fails?.(object);
      (why ? failures : taken).push({ id: object.id, version: object.modified ?? this.time(this.clock), ...(why ? { message: why } : {}) });
    }
    const held = new Set(this.items.map((item) => `${item.object.id} ${item.object.modified}`));
    this.add(objects.filter((object) => !this.quirks.fails?.(object) && !held.has(`${object.id} ${object.modified}`)));
    this.statuses.set(id, { id, asked: 0, failures, taken });
    const answer = this.status_of(id);
    return { ...answer, status: 202 };
  }
  status_of(id) {
    const status = this.statuses.get(id);
    const pending = status.asked++ < (this.quirks.pending ?? 0);
    const total = status.taken.length + status.failures.length;
    const lists = this.quirks.bare_status ? {} : { ...(pending ? { pendings: status.taken } : { successes: status.taken }), ...(status.failures.length ? { failures: status.failures } : {}) };
    for (const key of Object.keys(lists)) if (!lists[key].length) delete lists[key];
    return { status: 200, body: { id, status: pending ? 'pending' : 'complete', total_count: total, success_count: pending ? 0 : status.taken.length, failure_count: status.failures.length, pending_count: pending ? status.taken.length : 0, ...lists } };
  }

  // Server-sent events: envelopes, whose ids are the cursors of the pages.
  listen(query, headers, response) {
    const after = query.has('added_after') ? micros_of(query.get('added_after')) : -1;
    let from = headers['last-event-id'] ? Number(headers['last-event-id'].split('.')[1]) : 0;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': here\n\n');
    let sent = 0;
    const wake = () => {
      const fits = this.items.filter((item) => item.number >= from && item.added > after);
      for (const item of fits) {
        from = item.number + 1;
        response.write(`id: ${this.quirks.cursor ?? 'c'}.${from}.${this.filters(query)}\nevent: objects\ndata: ${JSON.stringify({ objects: [item.object], ...(this.quirks.stream_dates === false ? {} : { x_date_added_last: this.time(item.added) }) })}\n\n`);
        if (++sent === this.quirks.stream_breaks_after) return void setTimeout(() => response.destroy(), 20);
      }
    };
    this.streams.add(wake);
    response.on('close', () => this.streams.delete(wake));
    wake();
    return undefined;
  }
}

// Microseconds since 1970 of an RFC 3339 instant in UTC, NaN for anything else.
function micros_of(text) {
  const [, seconds, fraction] = text.match(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/) ?? [];
  return seconds ? Date.parse(`${seconds}Z`) * 1000 + Number((fraction ?? '0').slice(0, 6).padEnd(6, '0')) : NaN;
}

// STIX objects of our own making.
export const indicators = (count, name = 'example') => Array.from({ length: count }, (_, i) => ({
  type: 'indicator', spec_version: '2.1', id: `indicator--${randomUUID()}`, created: '2024-01-01T00:00:00.000Z', modified: '2024-01-01T00:00:00.000Z', name: `${name} ${i}`,
  pattern: `[domain-name:value = '${i}.${name}.example']`, pattern_type: 'stix', valid_from: '2024-01-01T00:00:00Z',
}));
