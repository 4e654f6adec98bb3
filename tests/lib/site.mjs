// A real site for tests: the real binary on a directory of its own, set up through the command line, spoken to over HTTP. Stops by itself.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ask } from './wire.mjs';

export const binary = process.env.SLUICE_BIN ?? new URL('../../build/release/bin/sluice', import.meta.url).pathname;

export function sluice(args, { input, ok = true } = {}) {
  const run = spawnSync(binary, args, { input, encoding: 'utf8', timeout: 300_000 });
  if (ok && run.status !== 0) throw new Error(`sluice ${args.join(' ')}: exit ${run.status}\n${run.stderr}`);
  return { status: run.status, stdout: run.stdout, stderr: run.stderr, last: run.stdout.trimEnd().split('\n').at(-1) };
}

// What lies below a folder now: [path, bytes]. What a running server takes away meanwhile is there no more; since it may only have got another name, all is listed anew then.
export function files_below(folder) {
  let is_gone;
  const unless_gone = (read) => {
    try {
      return read();
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      is_gone = true;
      return undefined;
    }
  };
  const below = (at) => (unless_gone(() => readdirSync(at, { withFileTypes: true })) ?? []).flatMap((entry) => {
    const path = join(at, entry.name);
    if (entry.isDirectory()) return below(path);
    const bytes = entry.isFile() ? unless_gone(() => readFileSync(path)) : undefined;
    return bytes === undefined ? [] : [[path, bytes]];
  });
  for (let tries = 1; ; ++tries) {
    is_gone = false;
    const all = below(folder);
    if (!is_gone || tries === 20) return all;
  }
}

export class Site {
  // With `story`, the site of `sluice demo`: what it replays has happened. With `like`, a copy of another one that isn't served at the moment.
  constructor({ demo = false, story = false, init = [], database, like } = {}) {
    this.dir = mkdtempSync(join(tmpdir(), 'sluice-test-'));
    this.data = join(this.dir, 'data');
    this.log = '';
    this.env = {};             // for the server, beside what this process has
    if (story) {
      sluice(['demo', '--data', this.data, '--exit', '--listen', '127.0.0.1:0']);
      return;
    }
    if (like) {
      cpSync(like.data, this.data, { recursive: true });
      this.organisation = like.organisation;
      return;
    }
    const flags = [...(demo ? ['--demo'] : []), ...(database ? ['--database', database] : []), ...init];
    this.organisation = sluice(['init', '--data', this.data, '--org-name', 'CERT Example', ...flags]).last;
  }

  // Serves until stop() or kill(); answers the url.
  async serve(flags = []) {
    this.process = spawn(binary, ['serve', '--data', this.data, '--listen', '127.0.0.1:0', ...flags], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, TMPDIR: this.dir, SQLITE_TMPDIR: this.dir, ...this.env } });
    this.process.stderr.on('data', (chunk) => { this.log = (this.log + chunk).slice(-200_000); });
    this.ended = new Promise((resolve) => this.process.once('close', (code, signal) => resolve({ code, signal })));   // and all that it said is in the log
    const lines = createInterface({ input: this.process.stdout });
    const started = this.process;
    const deadline = setTimeout(() => started.kill('SIGKILL'), 120_000);
    let url;
    for await (const line of lines) {
      let event;
      try { event = JSON.parse(line); } catch { continue; }
      if (event.event === 'listening') {
        url = event.url;
        break;
      }
    }
    clearTimeout(deadline);
    if (!url) {
      await this.ended;
      throw new Error(`the server did not start:\n${this.log}`);
    }
    started.stdout.resume();
    return (this.url = url);
  }

  async stop(signal = 'SIGTERM') {
    if (!this.process) return undefined;
    this.process.kill(signal);
    const ended = await this.ended;
    this.process = undefined;
    return ended;
  }

  async remove() {
    await this.stop('SIGKILL');
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  org(name, kind) { return sluice(['org', 'add', '--data', this.data, '--name', name, '--kind', kind]).last; }
  person(org, name, role = 'staff') {
    const mail = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '.')}.${Math.random().toString(36).slice(2, 8)}@example.org`;
    return sluice(['person', 'add', '--data', this.data, '--org', org, '--name', name, '--email', mail, '--role', role]).last;
  }
  token(person, scope = 'all') { return sluice(['token', 'issue', '--data', this.data, '--person', person, '--scope', scope]).last; }

  // An organisation with one person who acts for it.
  party(name, kind, role = 'admin') {
    const org = this.org(name, kind);
    return this.client({ org, person: this.person(org, `${name} person`, role) });
  }
  client({ org, person }) {
    const site = this;
    return { org, person, token: this.token(person), call(verb, path, body, headers) { return site.call(this.token, verb, path, body, headers); } };
  }

  async call(token, verb, path, body, headers = {}) {
    if (body === undefined && verb === 'POST') body = {};
    const bytes = body instanceof Uint8Array;
    const { status, headers: had, text } = await ask(this.url + path, {
      verb,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(body !== undefined && !bytes ? { 'content-type': 'application/json' } : {}), ...headers },
      body: body === undefined || bytes ? body : JSON.stringify(body),
    });
    const json = /^\s*[{["\d-]|^(null|true|false)$/.test(text) ? parsed(text) : undefined;
    return { status, headers: new Headers(Object.entries(had).flatMap(([name, value]) => (Array.isArray(value) ? value.map((one) => [name, one]) : [[name, value]]))), text, json };
  }
}

function parsed(text) {
  try { return JSON.parse(text); } catch { return undefined; }
}

// The call must answer `status`; gives its JSON.
export async function expect(status, promise) {
  const answer = await promise;
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text.slice(0, 600)}`);
  return answer.json ?? answer.text;
}
