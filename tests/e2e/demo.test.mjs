// The demonstration's alliance, as those in it and everybody else meet it once the replay has run: what came under a pseudonym, and what a group reported of it all.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Site, expect } from '../lib/site.mjs';
import { Client } from '../lib/taxii.mjs';

const site = new Site({ story: true });
let person, listed;

const client = (name) => new Client(site, site.token(person[name]));
const api = (name, path) => { const token = site.token(person[name]); return expect(200, site.call(token, 'GET', `/api/v1${path}`)); };
const objects = 'collections/operators/objects/';

before(async () => {
  await site.serve();
  const people = (await (await fetch(`${site.url}/sign-in`)).text()).matchAll(/name="person" value="([^"]+)".*?<strong>([^<]+)<\/strong>/gs);
  person = Object.fromEntries([...people].map(([, id, name]) => [name, id]));
  listed = await expect(200, site.call(undefined, 'GET', '/api/v1/threat-reports'));
});
after(() => site.remove());

test('everybody in the story can be signed in as by one click', () => {
  for (const name of ['Finder (Alibaba Cloud)', 'Apache Logging project', 'Stranger (Example Energy)', 'Desk (Example Hosting)', 'Desk (Example Water)', 'Desk (Example Transit)', 'Administrator (CERT demo)']) assert.ok(person[name], name);
});

test('what came under a pseudonym names no member, to readers; its member knows it', async () => {
  const got = await client('Desk (Example Hosting)').all(objects);
  const sender = got.find(({ type, name }) => type === 'identity' && /^member-[0-9a-f]{16}$/.test(name));
  assert.match(sender.description, /europe/);
  const sent = got.find(({ name }) => name === 'A logging Java process connects to a directory service outside');
  const card = await api('Desk (Example Hosting)', `/threats/collections/operators/objects/${sent.id}`);
  assert.equal(card.pseudonym, sender.name);
  const { items: [own] } = await api('Stranger (Example Energy)', '/threats/collections/operators/pseudonyms');
  assert.deepEqual([own.name, own.region, own.sector, own.among, own.in_use], [sender.name, 'europe', '', 4, true]);
  assert.deepEqual((await api('Desk (Example Water)', '/threats/collections/operators/pseudonyms')).items, []);
  const { organisations } = { organisations: (await api('Desk (Example Hosting)', '/organisations')).items };
  const energy = organisations.find(({ name }) => name === 'Example Energy AG').id;
  for (const word of [energy, 'Example Energy']) assert.ok(!JSON.stringify([got, card]).includes(word), word);
});

test('one object is doubted with its reason, and what members met stays among them', async () => {
  const got = await client('Desk (Example Transit)').all(objects);
  assert.equal(got.filter(({ type }) => type === 'sighting').length, 6);
  assert.equal((await api('Desk (Example Hosting)', '/threats/collections/operators/doubts')).items.length, 1);
  const outside = await new Client(site, site.token(person['Downstream vendor (SonarSource)'])).get(objects);
  assert.equal(outside.status, 404);
});

test('a group’s report is public, with what it counts and what it says it lacks', async () => {
  assert.deepEqual(listed.items.map(({ kind, author, version }) => [kind, author.name, version]), [['report', 'Operators\' circle (replay)', 1]]);
  const [{ id }] = listed.items;
  const text = await api('Stranger (Example Energy)', `/threats/reports/${id}`);
  assert.equal(text.tlp, 'TLP:CLEAR');
  assert.equal(text.figures.objects.now, 7);
  assert.deepEqual(text.figures.tables.map(({ by, lines }) => [by, lines.map(({ code, figure }) => [code, figure.now])]), [['kind', [['indicator', 7]]], ['technique', [['T1190', 7]]]]);
  assert.deepEqual(text.figures.coverage.rules.map(({ rule, lines }) => [rule, lines.map(({ missing }) => missing)]), [['TLP:AMBER+STRICT', [7]]]);
  assert.deepEqual(text.endorsed_by.map(({ name, version }) => [name, version]), [['Example Transit SA', 1]]);
  const page = await expect(200, site.call(undefined, 'GET', `/threat-reports/${id}`));
  assert.match(page, /not the view of any of its members/);
  assert.match(page, /TLP:AMBER\+STRICT/);
  assert.match(page, /Example Transit SA/);
  for (const secret of ['Example Hosting', 'Example Water', 'Example Energy']) assert.ok(![page, JSON.stringify([text, listed])].some((one) => one.includes(secret)), secret);
  assert.match(await expect(200, site.call(undefined, 'GET', `/threat-reports/${id}/report.csv`)), /T1190/);
});
