// The shapes of Kubernetes resources, read from the type declarations of kubernetes-models: its own
// validators check types and required keys but take misspelt ones, which a cluster would drop in silence.
import {existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {createRequire} from 'node:module';

const require = createRequire(new URL('../npm/package.json', import.meta.url));
const models = dirname(require.resolve('kubernetes-models/package.json'));
const scope = join(dirname(models), '@kubernetes-models');

const read = new Map();

// A declaration file's exported interface: {keys: Map(key -> type text), imports: Map(name -> file)}, or null
// where the type is not an interface (Quantity, IntOrString).
function declaration(file) {
  if (read.has(file)) return read.get(file);
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const imports = new Map();
  for (const [, names, from] of text.matchAll(/import \{([^}]*)\} from "([^"]+)"/g)) {
    const target = from.startsWith('.') ? join(dirname(file), from)
                 : from.startsWith('@kubernetes-models/') ? join(scope, from.slice('@kubernetes-models/'.length))
                 : null;
    if (target) for (const name of names.split(',')) imports.set(name.trim(), `${target}.d.ts`);
  }
  const match = text.match(/export interface \w+[^{]*\{([\s\S]*?)\n\}/);
  let result = null;
  if (match) {
    const keys = new Map();
    // Keys of the interface itself are indented once; those of a literal type twice.
    for (const [, key, type] of match[1].matchAll(/^ {4}"([^"]+)"\??: ([\s\S]*?);(?=\n {4}"|\n*$|\n {4}\S|\n\s*$)/gm)) {
      keys.set(key, type);
    }
    if (/extends TypeMeta/.test(match[0])) {
      keys.set('apiVersion', 'string');
      keys.set('kind', 'string');
    }
    result = {keys, imports};
  }
  read.set(file, result);
  return result;
}

// Says every key of `value` that type `type` (as written in the file `at`) does not know.
function unknownIn(value, type, at, path, faults) {
  if (value === null || typeof value !== 'object') return;
  type = type.trim();
  const array = type.match(/^(?:Array|ReadonlyArray)<([\s\S]*)>$/);
  if (array) {
    if (Array.isArray(value)) value.forEach((v, i) => unknownIn(v, array[1], at, `${path}[${i}]`, faults));
    return;
  }
  const map = type.match(/^\{\s*\[key: string\]: ([\s\S]*?);?\s*\}$/);
  if (map) {
    for (const [key, v] of Object.entries(value)) unknownIn(v, map[1], at, `${path}.${key}`, faults);
    return;
  }
  const file = at.imports.get(type);
  if (!file || !existsSync(file)) return;  // a free-form type
  unknownKeys(value, file, path, faults);
}

function unknownKeys(value, file, path, faults) {
  const shape = declaration(file);
  if (!shape || shape.keys.size === 0) return;
  for (const [key, v] of Object.entries(value)) {
    const type = shape.keys.get(key);
    if (type === undefined) faults.push(`${path}.${key}: no such key`);
    else unknownIn(v, type, shape, `${path}.${key}`, faults);
  }
}

// Everything wrong with the shape of one resource: unknown kind, wrong types, missing and unknown keys.
export async function shapeFaults(resource) {
  const {apiVersion, kind, metadata} = resource;
  const path = `${kind}/${metadata?.name}`;
  const file = join(models, apiVersion ?? '', `${kind}.d.ts`);
  if (!existsSync(file)) return [`${path}: no kind ${kind} in ${apiVersion}`];
  const faults = [];
  const model = require(`kubernetes-models/${apiVersion}/${kind}`)[kind];
  try {
    new model(resource).validate();
  } catch (error) {
    faults.push(`${path}: ${error.message}`);
  }
  unknownKeys(resource, file, path, faults);
  return faults;
}
