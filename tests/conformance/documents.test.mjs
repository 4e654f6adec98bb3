// Judges documents by other people's validators: CSAF by the Secvisogram library; CVE and OSV records and a provider's metadata by the official schemas.
//
//   SLUICE_DOCUMENTS=<folder> node --test tests/conformance/
//
// The folder holds *.csaf.json, *.cve.json (whole records), *.cna.json (what a CNA sends), *.osv.json and *.provider.json (a CSAF provider's metadata). The
// schemas of all but CSAF documents come from $SLUICE_REFERENCE_DATA.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import Ajv from 'ajv'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import * as mandatory from '@secvisogram/csaf-validator-lib/mandatoryTests.js'
import * as optional from '@secvisogram/csaf-validator-lib/optionalTests.js'
import { csaf_2_0_strict } from '@secvisogram/csaf-validator-lib/schemaTests.js'
import validate from '@secvisogram/csaf-validator-lib/validate.js'

const documents = process.env.SLUICE_DOCUMENTS
const reference = process.env.SLUICE_REFERENCE_DATA
const skipDocuments = documents ? false : 'skipped: SLUICE_DOCUMENTS is not set, so there are no documents to judge'
const skipSchemas = skipDocuments || (reference ? false : 'skipped: SLUICE_REFERENCE_DATA is not set, so the schemas are not at hand')

const read = (path) => JSON.parse(readFileSync(path, 'utf8'))
const named = (ending) => (documents ? readdirSync(documents).filter((name) => name.endsWith(ending)).sort() : [])

// The strict schema also refuses properties that CSAF doesn't have (6.2.20).
const csafTests = [csaf_2_0_strict, ...Object.values(mandatory)]

// Optional tests that hold of every document we write, whatever the advisory says.
const always = ['optionalTest_6_2_4', 'optionalTest_6_2_10', 'optionalTest_6_2_12', 'optionalTest_6_2_13', 'optionalTest_6_2_18', 'optionalTest_6_2_20']

// [] when the document is valid, else 'test: where: message'.
async function faultsOf(tests, document) {
  const result = await validate(tests, document)
  const faults = result.tests.flatMap((t) => (t.isValid ? [] : t.errors.map((e) => `${t.name}: ${e.instancePath}: ${e.message}`)))
  if (!result.isValid && faults.length === 0) faults.push('invalid, without a message')
  return faults
}

function schema(ajv, ...path) {
  addFormats(ajv)
  return ajv.compile(read(join(reference, 'schema', ...path)))
}

function judgeBySchema(name, check, part = (document) => document) {
  const ok = check(part(read(join(documents, name))))
  assert.ok(ok, `${name}: ${JSON.stringify(check.errors?.slice(0, 5), null, 1)}`)
}

test('CSAF documents pass the schema and every mandatory test', { skip: skipDocuments }, async (t) => {
  const names = named('.csaf.json')
  assert.ok(names.length > 0, 'no *.csaf.json in SLUICE_DOCUMENTS')
  for (const name of names) {
    const document = read(join(documents, name))
    assert.deepEqual(await faultsOf(csafTests, document), [], name)
    // The library gives optional findings as warnings.
    const { tests } = await validate(always.map((n) => optional[n]), document)
    assert.deepEqual(tests.flatMap((r) => [...r.errors, ...r.warnings].map((w) => `${r.name}: ${w.instancePath}: ${w.message}`)), [], name)
  }
  t.diagnostic(`${names.length} CSAF documents, ${csafTests.length} tests each`)
})

test('CVE records are valid by the official schema', { skip: skipSchemas }, (t) => {
  const check = schema(new Ajv({ strict: false, allErrors: true }), 'cve', 'CVE_JSON_bundled_5.1.1.json')
  const names = named('.cve.json')
  assert.ok(names.length > 0, 'no *.cve.json in SLUICE_DOCUMENTS')
  for (const name of names) judgeBySchema(name, check)
  t.diagnostic(`${names.length} CVE records`)
})

test('what a CNA sends is valid by the official schema of the CNA container', { skip: skipSchemas }, (t) => {
  const check = schema(new Ajv({ strict: false, allErrors: true }), 'cve', 'CVE_JSON_cnaPublishedContainer_5.1.1.json')
  const names = named('.cna.json')
  assert.ok(names.length > 0, 'no *.cna.json in SLUICE_DOCUMENTS')
  for (const name of names) judgeBySchema(name, check, (body) => body.cnaContainer)
  t.diagnostic(`${names.length} bodies`)
})

test('OSV records are valid by the official schema', { skip: skipSchemas }, (t) => {
  const file = readdirSync(join(reference, 'schema', 'osv')).find((name) => name.endsWith('.json'))
  const check = schema(new Ajv2020({ strict: false, allErrors: true }), 'osv', file)
  const names = named('.osv.json')
  assert.ok(names.length > 0, 'no *.osv.json in SLUICE_DOCUMENTS')
  for (const name of names) judgeBySchema(name, check)
  t.diagnostic(`${names.length} OSV records`)
})

function providerSchema() {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  // The metadata's publisher is a document's; the rest of the document's schema would want those of CVSS too.
  const { $id, properties } = read(join(reference, 'schema', 'csaf-2.0', 'csaf_json_schema.json'))
  ajv.addSchema({ $id, properties: { document: { properties: { publisher: properties.document.properties.publisher } } } })
  return schema(ajv, 'csaf-2.0', 'provider_json_schema.json')
}

test("a provider's metadata is valid by the official schema", { skip: skipSchemas }, (t) => {
  const check = providerSchema()
  const names = named('.provider.json')
  assert.ok(names.length > 0, 'no *.provider.json in SLUICE_DOCUMENTS')
  for (const name of names) judgeBySchema(name, check)
  t.diagnostic(`${names.length} metadata of providers`)
})

// The oracle itself: a document broken on purpose must fail the test that is about it.
const breaks = [
  ['csaf_2_0_strict', (d) => delete d.document.title],
  ['csaf_2_0_strict', (d) => (d.document.unheard_of = 1)],
  ['mandatoryTest_6_1_1', (d) => d.vulnerabilities[0].product_status.known_affected.push('nobody')],
  ['mandatoryTest_6_1_6', (d) => (d.vulnerabilities[0].product_status.fixed = d.vulnerabilities[0].product_status.known_affected)],
  ['mandatoryTest_6_1_9', (d) => (d.vulnerabilities[0].scores[0].cvss_v3.baseScore = 1)],
  ['mandatoryTest_6_1_11', (d) => (d.vulnerabilities[0].cwe.name = 'Something else')],
  ['mandatoryTest_6_1_16', (d) => (d.document.tracking.version = '7')],
  ['mandatoryTest_6_1_27_6', (d) => delete d.vulnerabilities[0].product_status],
]

test('the CSAF validator fails a document that is broken on purpose', { skip: skipDocuments }, async () => {
  const path = join(documents, 'log4shell.csaf.json')
  assert.ok(existsSync(path), 'log4shell.csaf.json is not in SLUICE_DOCUMENTS')
  for (const [expected, breakIt] of breaks) {
    const document = read(path)
    breakIt(document)
    const faults = await faultsOf(csafTests, document)
    assert.ok(faults.some((f) => f.startsWith(expected + ':')), `${expected} did not fail; these did: ${faults}`)
  }
})

test('the schemas fail records that are broken on purpose', { skip: skipSchemas }, () => {
  const cve = schema(new Ajv({ strict: false }), 'cve', 'CVE_JSON_bundled_5.1.1.json')
  const record = read(join(documents, named('.cve.json')[0]))
  delete record.containers.cna.references
  assert.equal(cve(record), false)
  const osv = schema(new Ajv2020({ strict: false }), 'osv', readdirSync(join(reference, 'schema', 'osv')).find((name) => name.endsWith('.json')))
  const other = read(join(documents, named('.osv.json')[0]))
  other.affected[0].package.ecosystem = 'Unheard'
  assert.equal(osv(other), false)
  const provider = providerSchema()
  const metadata = read(join(documents, named('.provider.json')[0]))
  metadata.public_openpgp_keys[0].fingerprint = 'none'
  assert.equal(provider(metadata), false)
})
