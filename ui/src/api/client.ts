// The public API, as this client speaks it: same origin, the browser's session cookie, errors as RFC 9457 problems. No other file calls fetch().
//
// Invariants
//   C1  A write carries the session's CSRF token and an Idempotency-Key: sent again after a lost answer, it has one effect.
//   C2  What was answered with an ETag is asked for with it, and 304 gives the same object again, so that nothing is drawn anew.
import type { paths } from './schema';

type Json<R> = R extends { content: { 'application/json': infer A } } ? A : never;
type Answers<O> = O extends { responses: infer R } ? Json<R[Extract<keyof R, 200 | 201 | 202>]> : never;
type Taken<O> = O extends { requestBody?: { content: { 'application/json': infer B } } } ? B : O extends { requestBody: { content: { 'application/json': infer B } } } ? B : undefined;
export type ReadPath = { [P in keyof paths]: paths[P] extends { get: object } ? P : never }[keyof paths];
export type PostPath = { [P in keyof paths]: paths[P] extends { post: object } ? P : never }[keyof paths];
export type Answer<P extends ReadPath> = paths[P] extends { get: infer O } ? Answers<O> : never;
export type Posted<P extends PostPath> = paths[P] extends { post: infer O } ? Answers<O> : never;
export type Body<P extends PostPath> = paths[P] extends { post: infer O } ? Taken<O> : never;

export interface Given {
  path?: Record<string, string>;
  query?: Record<string, string | number | undefined>;
  signal?: AbortSignal;
}

// Why a request had no result. `status` 0: no answer came.
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly requestId: string | undefined,
    readonly errors: readonly { pointer: string; message: string }[],
  ) {
    super(detail || title);
  }
  static unreachable(): Problem { return new Problem(0, 'unreachable', '', '', undefined, []); }
  get mayPassBy(): boolean { return this.status === 0 || this.status === 429 || this.status === 503; }
}

let csrf = '';
let signedIn: string | undefined;
const seen = new Map<string, { etag: string; body: unknown }>();  // by address; the newest 200

export function forgetAll(): void {
  csrf = '';
  seen.clear();
}

function addressOf(pattern: string, { path = {}, query = {} }: Given): string {
  const place = pattern.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') asked.set(name, String(value));
  const text = asked.toString();
  return text ? `${place}?${text}` : place;
}

async function ask(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, { credentials: 'same-origin', redirect: 'error', cache: 'no-store', ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw Problem.unreachable();
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const said: unknown = await response.json().catch(() => undefined);
  const at = (name: string): string => {
    const value = typeof said === 'object' && said !== null ? (said as Record<string, unknown>)[name] : undefined;
    return typeof value === 'string' ? value : '';
  };
  const errors = typeof said === 'object' && said !== null && Array.isArray((said as { errors?: unknown }).errors) ? (said as { errors: { pointer: string; message: string }[] }).errors : [];
  return new Problem(response.status, at('code'), at('title'), at('detail'), at('request_id') || response.headers.get('x-request-id') || undefined, errors);
}

export async function read<P extends ReadPath>(pattern: P, given: Given = {}): Promise<Answer<P>> {
  const address = addressOf(pattern, given);
  const before = seen.get(address);
  const response = await ask(address, { headers: { accept: 'application/json', ...(before ? { 'if-none-match': before.etag } : {}) }, ...(given.signal ? { signal: given.signal } : {}) });
  if (response.status === 304 && before) return before.body as Answer<P>;
  if (!response.ok) throw await problemOf(response);
  const body = (await response.json()) as Answer<P>;
  const etag = response.headers.get('etag');
  seen.delete(address);
  if (etag) {
    seen.set(address, { etag, body });
    const oldest = seen.keys().next();
    if (seen.size > 200 && !oldest.done) seen.delete(oldest.value);
  }
  return body;
}

// `key` is made once per intent (a filled-in form), not per try.
export async function post<P extends PostPath>(pattern: P, body: Body<P>, given: Given & { key: string; ifMatch?: string }): Promise<Posted<P>> {
  const send = () => ask(addressOf(pattern, given), {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', 'x-csrf-token': csrf, 'idempotency-key': given.key, ...(given.ifMatch ? { 'if-match': given.ifMatch } : {}) },
    body: JSON.stringify(body ?? {}),
  });
  let response = await send();
  if (response.ok) return (await response.json()) as Posted<P>;
  let problem = await problemOf(response);
  if (problem.code === 'csrf') {   // another tab has signed in anew, as the same person or as another: the page looks who, and the same key is sent once more
    const before = signedIn;
    const me = await whoAmI();
    if (nameOf(me) !== before) throw problem;
    response = await send();
    if (response.ok) return (await response.json()) as Posted<P>;
    problem = await problemOf(response);
  }
  throw problem;
}

export const newKey = (): string => crypto.randomUUID();

// A person acts for one organisation at a time: as another one, it is somebody else.
export const nameOf = (me: Answer<'/api/v1/whoami'>): string => `${me.person ?? ''} ${me.organisation ?? ''}`;

// Who is signed in, and what comes with it: the token that writes carry, and how far the site's clock is from this machine's (a demo site has its own).
export async function whoAmI(): Promise<Answer<'/api/v1/whoami'> & { clockAhead: number }> {
  const me = await read('/api/v1/whoami');
  csrf = me.csrf ?? '';
  signedIn = nameOf(me);
  return { ...me, clockAhead: me.now ? Date.parse(me.now) - Date.now() : 0 };
}
