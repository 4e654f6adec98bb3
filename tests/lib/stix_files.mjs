// STIX documents as files: cut into objects as they stand in the text, and read out of $SLUICE_REFERENCE_DATA. A cutter of its own, so that nothing of what is tested says what the bytes are.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';

export const reference = process.env.SLUICE_REFERENCE_DATA;
export const zst = (path) => zstdDecompressSync(readFileSync(join(reference, path))).toString();

// The members of a .tar.zst: [{name, text}], by name.
export function tar_zst(path) {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-tar-'));
  try {
    const run = spawnSync('tar', ['-xf', '-', '-C', dir], { input: zstdDecompressSync(readFileSync(join(reference, path))) });
    if (run.status !== 0) throw new Error(`${path}: ${run.stderr}`);
    return readdirSync(dir, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => ({ name: one.name, text: readFileSync(join(one.parentPath ?? one.path, one.name), 'utf8') })).sort((a, b) => (a.name < b.name ? -1 : 1));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

// The items of the list `objects` of a bundle or envelope, each as it stands in the text. The text must be JSON.
export function slices(text) {
  const out = [];
  let depth = 0, from = -1, key = '', in_list = false;
  for (let i = 0; i < text.length; ++i) {
    const c = text.charCodeAt(i);
    if (c === 0x22) {                              // a string, to its end
      const begin = i;
      for (++i; text.charCodeAt(i) !== 0x22; ++i) if (text.charCodeAt(i) === 0x5c) ++i;
      if (depth === 1) key = text.slice(begin + 1, i);
    } else if (c === 0x7b || c === 0x5b) {
      if (++depth === 2 && c === 0x5b && key === 'objects') in_list = true;
      if (depth === 3 && in_list && c === 0x7b) from = i;
    } else if (c === 0x7d || c === 0x5d) {
      if (depth-- === 3 && from >= 0) out.push(text.slice(from, i + 1)), from = -1;
      if (depth === 1) in_list = false;
    }
  }
  return out;
}

// Instants as text of one form, since a version may be written with any number of digits (TAXII 2.1 §3.4).
const instant = (text) => text.replace(/(?:\.(\d*?)0*)?Z$/, (_, digits) => (digits ? `.${digits}Z` : 'Z'));
export const version_of = (object) => instant(object.modified ?? object.created ?? '');
export const key_of = (object) => `${object.id} ${version_of(object)}`;
