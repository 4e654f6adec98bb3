// Debian's Chromium, driven over DevTools through a pipe. The pages' own scripts are switched off: whatever a test does, a page does without script.
// What a test asks runs in an isolated world of its own, which the pages' CSP neither reaches nor has to allow.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

export class Chromium {
  constructor() {
    this.dir = mkdtempSync(join(tmpdir(), 'sluice-chromium-'));
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    this.process = spawn(chromium, ['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${this.dir}`, '--no-first-run', '--disable-gpu', '--hide-scrollbars', '--disable-dev-shm-usage', '--disable-background-networking', '--force-color-profile=srgb', '--lang=en-US', ...root, 'about:blank'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], env: { ...process.env, TZ: 'UTC' } });
    this.ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.waiting = new Map();
    this.sessions = new Map();
    this.last = 0;
    let rest = Buffer.alloc(0);
    this.process.stdio[4].on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
        this.heard(JSON.parse(rest.subarray(0, end)));
        rest = rest.subarray(end + 1);
      }
    });
    this.process.on('error', (error) => this.fail(error));
    this.process.once('exit', (code) => this.fail(new Error(`${chromium} ended (${code})`)));
  }
  fail(error) {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
    this.gone = error;
  }
  heard(message) {
    if (message.id === undefined) return this.sessions.get(message.sessionId)?.happened(message.method, message.params);
    const asked = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.error) asked?.reject(new Error(`${asked.method}: ${message.error.message}`));
    else asked?.resolve(message.result);
  }
  send(method, params = {}, sessionId = undefined) {
    if (this.gone) throw this.gone;
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => { this.waiting.delete(id); reject(new Error(`${method}: no answer`)); }, 90_000);
      const last = (settle) => (value) => { clearTimeout(deadline); settle(value); };
      this.waiting.set(id, { resolve: last(resolve), reject: last(reject), method });
      this.process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  // A tab with cookies of its own, on the site at `origin`.
  async tab(origin) {
    const { browserContextId } = await this.send('Target.createBrowserContext');
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank', browserContextId });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const tab = new Tab(this, sessionId, origin);
    this.sessions.set(sessionId, tab);
    for (const domain of ['Page', 'Network', 'Log', 'Audits', 'Runtime']) await tab.send(`${domain}.enable`);
    await tab.send('Page.setLifecycleEventsEnabled', { enabled: true });
    await tab.send('Emulation.setScriptExecutionDisabled', { value: true });
    await tab.shape({ width: 1280, scheme: 'light' });
    return tab;
  }
  async close() {
    if (!this.gone) this.process.kill('SIGTERM');
    const deadline = setTimeout(() => this.process.kill('SIGKILL'), 5000);
    await this.ended;
    clearTimeout(deadline);
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });  // its helpers may write on for a moment after it
  }
}

class Tab {
  constructor(browser, session, origin) {
    this.browser = browser;
    this.session = session;
    this.origin = origin;
    this.wrong = [];      // reports of the content security policy, requests to other hosts
    this.loads = 0;
    this.onload = () => {};
  }
  send(method, params) { return this.browser.send(method, params, this.session); }
  happened(method, params) {
    if (method === 'Page.loadEventFired') { this.loads += 1; this.onload(); }
    if (method === 'Page.frameNavigated' && !params.frame.parentId) this.world = undefined;
    // The browser's own icons, as in a field for a date, are data: URLs; a page's own would be reported by the policy.
    if (method === 'Network.requestWillBeSent' && !params.request.url.startsWith(`${this.origin}/`) && !/^(about|data):/.test(params.request.url)) this.wrong.push(`asked another host: ${params.request.url}`);
    if (method === 'Log.entryAdded' && params.entry.source === 'security') this.wrong.push(params.entry.text);
    if (method === 'Audits.issueAdded' && params.issue.code === 'ContentSecurityPolicyIssue') this.wrong.push(`content security policy: ${JSON.stringify(params.issue.details.contentSecurityPolicyIssueDetails)}`);
  }

  // Does `cause`, then waits until the page it leads to has loaded.
  async loads_by(cause) {
    const before = this.loads;
    const loaded = new Promise((resolve, reject) => {
      const deadline = setTimeout(() => reject(new Error(`no page came after ${cause}`)), 90_000);
      this.onload = () => { clearTimeout(deadline); resolve(); };
    });
    await cause();
    if (this.loads === before) await loaded;
    this.onload = () => {};
    this.world = undefined;
  }
  open(path) { return this.loads_by(() => this.send('Page.navigate', { url: this.origin + path })); }

  async shape({ width = this.width, scheme = this.scheme, forced = false }) {
    Object.assign(this, { width, scheme });
    await this.send('Emulation.setDeviceMetricsOverride', { width, height: width < 600 ? 740 : 900, deviceScaleFactor: 1, mobile: false });
    await this.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }, { name: 'prefers-reduced-motion', value: 'reduce' }, { name: 'forced-colors', value: forced ? 'active' : 'none' }] });
  }

  // The function's answer in the page, with these arguments.
  async ask(what, ...given) {
    const { result, exceptionDetails } = await this.evaluate(`(${what})(...${JSON.stringify(given)})`);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }
  async evaluate(expression) {
    if (this.world === undefined) {
      const { frameTree } = await this.send('Page.getFrameTree');
      this.world = (await this.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id, worldName: 'test' })).executionContextId;
    }
    return this.send('Runtime.evaluate', { expression, contextId: this.world, awaitPromise: true, returnByValue: true });
  }

  // Timers, which some questions need, stand still while scripts are off.
  async with_scripts(what) {
    await this.send('Emulation.setScriptExecutionDisabled', { value: false });
    try { return await what(); } finally { await this.send('Emulation.setScriptExecutionDisabled', { value: true }); }
  }

  async press(key) {
    const keys = { Tab: ['Tab', 9], Enter: ['Enter', 13, '\r'], KeyA: ['a', 65, 'a'] };
    const [name, code, text] = keys[key];
    const event = { key: name, code: key, windowsVirtualKeyCode: code, ...(text ? { text } : {}) };
    await this.send('Input.dispatchKeyEvent', { type: text ? 'keyDown' : 'rawKeyDown', ...event });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event, text: undefined });
  }
  write(text) { return this.send('Input.insertText', { text }); }

  async picture() { return Buffer.from((await this.send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true })).data, 'base64'); }
}
