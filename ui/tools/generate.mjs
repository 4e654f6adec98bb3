// Before each build: types of the API from the checked-in OpenAPI file, and the catalogues' check.
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import { faults_of, read_catalogues } from './catalogues.mjs';

const here = new URL('../src/', import.meta.url);
const file = JSON.parse(readFileSync(new URL('api/openapi.json', here), 'utf8'));
writeFileSync(new URL('api/schema.d.ts', here), `// Generated from openapi.json by tools/generate.mjs; don't edit.\n${astToString(await openapiTS(file))}`);

const faults = faults_of(read_catalogues());
for (const fault of faults) console.error(fault);
if (faults.length) process.exit(1);
