// A browser without script: cookies, forms, redirects; and what every page has to keep.
import assert from 'node:assert/strict';

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const decoded = (text) => text.replaceAll(/&(#x?[0-9a-f]+|\w+);/gi, (all, name) =>
  name[0] === '#' ? String.fromCodePoint(name[1] === 'x' ? parseInt(name.slice(2), 16) : Number(name.slice(1))) : entities[name] ?? all);
const attributes = (tag) => Object.fromEntries([...tag.matchAll(/\s([a-z-]+)(?:="([^"]*)")?/gi)].map(([, name, value]) => [name.toLowerCase(), decoded(value ?? '')]));

export class Browser {
  // `wrong` gathers what the pages it met don't keep.
  constructor(site) { this.site = site; this.cookies = new Map(); this.wrong = []; }

  async send(verb, path, body, headers = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(this.site.url + path, { method: verb, body, redirect: 'manual', headers: { ...(cookie ? { cookie } : {}), ...headers } });
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...rest] = line.split(';');
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      if (rest.some((part) => part.trim().toLowerCase() === 'max-age=0')) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const page = { status: response.status, headers: response.headers, text: await response.text(), path };
    if ([302, 303].includes(page.status)) return this.open(page.headers.get('location'));
    if (page.headers.get('content-type')?.startsWith('text/html')) {
      try { check(page); } catch (error) { this.wrong.push(error.message.replaceAll(/\s+/g, ' ')); }
    }
    return page;
  }
  open(path) { return this.send('GET', path.replace(/#.*/, '')); }

  // Sends a form that writes as the browser would, hidden fields and defaults included; `change` fills in, `when` tells it from others of the same address,
  // `to` is a button's own formaction.
  submit(page, action, change = {}, { to = action } = {}) {
    const form = forms(page).find((f) => f.method === 'post' && f.action === action && Object.entries(change.when ?? {}).every(([k, v]) => f.fields[k] === v));
    assert.ok(form, `${page.path} has no form to ${action}; it has ${forms(page).map((f) => f.action).join(', ')}`);
    const { when, ...given } = change;
    for (const name of Object.keys(given)) assert.ok(form.names.has(name), `the form to ${action} has no field ${name}; it has ${[...form.names].join(', ')}`);
    return this.send('POST', to, new URLSearchParams({ ...form.fields, ...given }).toString(),
      { 'content-type': 'application/x-www-form-urlencoded', origin: this.site.url, 'sec-fetch-site': 'same-origin' });
  }
}

export function forms(page) {
  return [...page.text.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, tag, inside]) => {
    const fields = {};
    const names = new Set();
    for (const [, kind, text, content] of inside.matchAll(/<(input|select|textarea|button)\b([^>]*)>(?:(.*?)<\/\1>)?/gs)) {
      const is = attributes(` ${text}`);
      if (!is.name) continue;
      names.add(is.name);
      if (kind === 'button') continue;
      if (kind === 'textarea') fields[is.name] = decoded(content ?? '').replace(/^\n/, '');
      else if (kind === 'select') {
        const options = [...(content ?? '').matchAll(/<option\b([^>]*)>([^<]*)/g)].map(([, o, words]) => ({ ...attributes(` ${o}`), words }));
        const chosen = options.find((o) => 'selected' in o) ?? options[0];
        if (chosen) fields[is.name] = chosen.value ?? chosen.words;
      } else if ((is.type === 'radio' || is.type === 'checkbox') && !('checked' in is)) continue;
      else fields[is.name] = is.value ?? '';
    }
    const is = attributes(` ${tag}`);
    return { action: is.action, method: (is.method ?? 'get').toLowerCase(), fields, names };
  });
}

// Every page: one h1, a title, a language; no inline code or style; ids once each, labels and descriptions that point somewhere; csrf in every form of who is signed in.
export function check(page) {
  const { text, path } = page;
  const at = (what) => `${path} (${page.status}): ${what}`;
  assert.match(text, /^<!doctype html>/i, at('no doctype'));
  assert.match(text, /<html[^>]*\slang="[a-z]{2}/, at('no language'));
  assert.equal([...text.matchAll(/<h1\b/g)].length, 1, at('one h1'));
  assert.match(text, /<title>[^<]+<\/title>/, at('no title'));
  assert.doesNotMatch(text, /<script\b(?![^>]*\ssrc=)/i, at('inline script'));
  assert.doesNotMatch(text, /<style\b/i, at('inline style'));
  const tags = [...text.matchAll(/<[a-z][a-z0-9]*((?:\s+[^\s"'>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*\/?>/gi)].map(([, inside]) => attributes(inside));
  for (const is of tags) {
    for (const name of Object.keys(is)) assert.ok(!name.startsWith('on') && name !== 'style', at(`inline ${name}`));
    for (const name of ['href', 'src', 'action']) assert.doesNotMatch(is[name] ?? '', /^\s*(javascript|data):/i, at(name));
    for (const name of ['src']) assert.doesNotMatch(is[name] ?? '', /^(https?:)?\/\//, at('a third host'));
  }
  const ids = tags.map((is) => is.id).filter(Boolean);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  assert.deepEqual(twice, [], at('an id stands twice'));
  for (const is of tags)
    for (const name of ['for', 'aria-describedby', 'aria-labelledby', 'aria-controls'])
      for (const id of (is[name] ?? '').split(' ').filter(Boolean)) assert.ok(ids.includes(id), at(`${name}="${id}" points nowhere`));
  const signedIn = forms(page).some((form) => form.action === '/sign-out');
  for (const form of forms(page)) if (signedIn && form.method === 'post') assert.ok(form.fields.csrf, at(`the form to ${form.action} has no csrf`));
}
