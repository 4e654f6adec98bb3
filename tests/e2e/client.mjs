// What tests of the web client share: a tab that runs scripts, signing in on a demo site, and looking things up as a reader would, by role and name.
import { forms } from './browser.mjs';
import { expect } from '../lib/site.mjs';

// A browser tab on the client, signed in as this person of a demo site.
export async function client_tab(browser, site, person) {
  const tab = await browser.tab(site.url);
  await tab.send('Emulation.setScriptExecutionDisabled', { value: false });
  if (person) {
    const { cookie } = await demo_session(site, person);
    await tab.send('Network.setCookie', { url: site.url, name: 'session', value: cookie, httpOnly: true, sameSite: 'Lax' });
  }
  return tab;
}

export async function demo_session(site, person) {
  const page = { text: await expect(200, site.call(undefined, 'GET', '/sign-in')), path: '/sign-in' };
  const people = [...page.text.matchAll(/name="person" value="([^"]+)".*?<strong>([^<]+)<\/strong>/gs)];
  const found = people.find(([, , name]) => name.startsWith(person));
  if (!found) throw new Error(`nobody is called ${person}; there are ${people.map(([, , name]) => name).join(', ')} and ${forms(page).length} forms`);
  const answer = await fetch(`${site.url}/sign-in/demo`, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: site.url, 'sec-fetch-site': 'same-origin' }, body: new URLSearchParams({ person: found[1] }) });
  const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('session='))?.split(';')[0].slice('session='.length);
  if (!cookie) throw new Error(`signing in as ${person}: ${answer.status}`);
  return { cookie, id: found[1] };
}

// Until the page has this to show; what it shows instead is told where it never has.
export async function until(tab, what, ...given) {
  for (let left = 200; ; --left) {
    const answer = await tab.ask(what, ...given);
    if (answer) return answer;
    if (left === 0) throw new Error(`it never came to ${what}: ${await tab.ask(() => `${location.pathname}: ${document.body.innerText.slice(0, 600)}`)}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
export const heading = (tab, words) => until(tab, (w) => document.querySelector('h1')?.textContent.includes(w) && !document.querySelector('.loading'), words);
export const shows = (tab, words) => until(tab, (w) => document.body.innerText.includes(w), words);
// Presses the link, button or menu item with this name.
export async function press(tab, words) {
  await until(tab, (w) => {
    const e = [...document.querySelectorAll('a, button, summary, [role=menuitem]')].find((one) => one.checkVisibility() && (one.getAttribute('aria-label') ?? one.textContent).replaceAll(/\s+/g, ' ').trim().startsWith(w));
    e?.click();
    return Boolean(e);
  }, words);
}
