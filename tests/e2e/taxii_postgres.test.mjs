// The collections of threat objects on PostgreSQL: what the queries do there is what they do on SQLite (tests/e2e/taxii.test.mjs has every row of the standard).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { Site, sluice } from '../lib/site.mjs';
import { Client, address, indicator, marked, tool, version, when } from '../lib/taxii.mjs';

const postgres = process.env.SLUICE_TEST_POSTGRES;
describe('TAXII on PostgreSQL', { skip: postgres ? false : 'SLUICE_TEST_POSTGRES is not set (tests/postgres/with-postgres sets it)' }, () => {
  if (!postgres) return;
  const psql = (command) => execFileSync('psql', [postgres, '-q', '-v', 'ON_ERROR_STOP=1', '-c', command], { stdio: ['ignore', 'ignore', 'inherit'] });
  const url = new URL(postgres);
  url.pathname = `/sluice_taxii_${process.pid}`;
  const objects = (collection) => `collections/${collection}/objects/`;
  const add_collection = (...flags) => sluice(['collection', 'add', '--data', site.data, ...flags]).last;
  let site, writer, reader, stranger, at;
  before(async () => {
    psql(`CREATE DATABASE ${url.pathname.slice(1)}`);
    site = new Site({ database: url.href });
    const parties = ['Writer', 'Reader', 'Stranger'].map((name) => site.party(name, 'member'));
    const both = `${parties[0].org},${parties[1].org}`;
    at = add_collection('--title', 'Shared', '--read', both, '--write', both, '--alias', 'shared');
    await site.serve();
    [writer, reader, stranger] = parties.map((party) => new Client(site, party.token));
  });
  after(async () => {
    await site.remove();
    psql(`DROP DATABASE ${url.pathname.slice(1)} WITH (FORCE)`);
  });

  test('what is added is paged, filtered, kept to its readers and its first sender, and deleted', async () => {
    const one = indicator(), hidden = marked(tool(), 'red');
    await writer.add(at, [one, version(one, 1), hidden, address, ...Array.from({ length: 450 }, () => tool())]);
    assert.equal((await writer.all(objects(at), 'limit=100')).length, 453);
    assert.equal((await reader.all(objects('shared'), 'limit=7')).length, 452);
    assert.deepEqual((await reader.all(objects(at), 'match[type]=indicator&match[version]=first')).map((o) => o.modified), [when(0)]);
    assert.deepEqual((await reader.all(objects(at), 'match[type]=indicator,ipv4-addr&match[spec_version]=2.1')).map((o) => o.type).toSorted(), ['indicator', 'ipv4-addr']);
    assert.deepEqual(await reader.all(objects(at), 'match[spec_version]=2.0'), []);
    assert.equal((await reader.all(objects(at), `match[version]=${when(1)}`)).length, 1);
    await reader.add(at, [version(one, 5)], 1);
    await reader.add(at, [{ ...hidden, name: 'Otherwise' }]);
    const last = (await reader.get(`${objects(at)}?limit=1000`)).headers['x-taxii-date-added-last'];
    assert.equal((await reader.ask('DELETE', `${objects(at)}${one.id}/`)).status, 200);
    assert.deepEqual((await writer.all(objects(at), `added_after=${last}`)).map((o) => [o.id, o.modified]), [[one.id, when(0)]]);
    assert.equal((await reader.ask('DELETE', `${objects(at)}${one.id}/?match[version]=all`)).status, 200);
    assert.equal((await writer.get(`${objects(at)}${one.id}/`)).status, 404);
    assert.equal((await stranger.get(objects(at))).status, 404);
    assert.deepEqual((await stranger.get('collections/')).json, {});
    assert.equal((await reader.get('collections/')).json.collections.length, 1);
  });
});
