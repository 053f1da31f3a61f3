// Checks the OpenAPI document that the gateway makes of the contract: valid by the specification's own schema,
// whole, and with every operation told apart and explained.
//
//   node tests/openapi/check.mjs NSCL-GATEWAY             the document of that program
//   node tests/openapi/check.mjs NSCL-GATEWAY --self-test each rule refuses a fault
import {execFileSync} from 'node:child_process';
import {createRequire} from 'node:module';

const require = createRequire(new URL('../npm/package.json', import.meta.url));
const {Validator} = await import(require.resolve('@seriousme/openapi-schema-validator'));
const VERBS = ['get', 'post', 'put', 'patch', 'delete'];

function* operations(document) {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const verb of VERBS) if (item[verb]) yield {path, verb, operation: item[verb], at: `${verb.toUpperCase()} ${path}`};
  }
}

function* references(node, at = '#') {
  if (node === null || typeof node !== 'object') return;
  if (typeof node.$ref === 'string') yield {to: node.$ref, at};
  for (const [key, value] of Object.entries(node)) yield* references(value, `${at}/${key}`);
}

function resolve(document, pointer) {
  return pointer.slice(2).split('/').reduce(
      (node, part) => node?.[decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')], document);
}

async function faultsOf(document) {
  const faults = [];
  const {valid, errors} = await new Validator().validate(structuredClone(document));
  if (!valid) faults.push(`not valid: ${JSON.stringify(errors).slice(0, 1000)}`);
  const ids = new Set();
  for (const {path, operation, at} of operations(document)) {
    if (!operation.operationId) faults.push(`${at}: no operationId`);
    if (ids.has(operation.operationId)) faults.push(`${at}: operationId ${operation.operationId} is taken`);
    ids.add(operation.operationId);
    if (!operation.summary || !operation.description) faults.push(`${at}: not explained`);
    if (!operation.responses?.['200']) faults.push(`${at}: no answer`);
    if (!operation.responses?.['4XX']) faults.push(`${at}: no refusal`);
    const given = new Set((operation.parameters ?? []).filter((p) => p.in === 'path').map((p) => p.name));
    const named = new Set([...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]));
    for (const name of named) if (!given.has(name)) faults.push(`${at}: path parameter ${name} is not declared`);
    for (const name of given) if (!named.has(name)) faults.push(`${at}: parameter ${name} is not in the path`);
  }
  for (const {to, at} of references(document)) {
    if (!to.startsWith('#/') || resolve(document, to) === undefined) faults.push(`${at}: ${to} leads nowhere`);
  }
  // Money as the contract promises it: a string, or JavaScript would round it.
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
    for (const [field, type] of Object.entries(schema.properties ?? {})) {
      if (field.endsWith('Vnd') && type.type !== 'string') faults.push(`${name}.${field}: money is not a string`);
    }
  }
  if (ids.size < 50) faults.push(`${ids.size} operations: the services are not all there`);
  return faults;
}

async function selfTest(document) {
  const first = (d) => Object.values(d.paths)[0];
  const verb = (d) => VERBS.find((v) => first(d)[v]);
  const operation = (d) => first(d)[verb(d)];
  const money = (d) => Object.values(d.components.schemas).find((s) => Object.keys(s.properties ?? {}).some((f) => f.endsWith('Vnd')));
  const rows = [
    ['a document of no version', (d) => { delete d.openapi; }, 'not valid'],
    ['an operation of a wrong shape', (d) => { operation(d).responses = []; }, 'not valid'],
    ['an operation without id', (d) => { delete operation(d).operationId; }, 'no operationId'],
    ['one id twice', (d) => { d.paths['/v1/other'] = structuredClone(first(d)); }, 'is taken'],
    ['an operation that is not explained', (d) => { operation(d).summary = ''; }, 'not explained'],
    ['an operation that is never refused', (d) => { delete operation(d).responses['4XX']; }, 'no refusal'],
    ['a path parameter that is not declared', (d) => { d.paths['/v1/{lost}'] = structuredClone(first(d)); }, 'lost is not declared'],
    ['a reference to nothing', (d) => { operation(d).responses['200'] = {$ref: '#/components/responses/None'}; }, 'leads nowhere'],
    ['money as a number', (d) => { const s = money(d); s.properties[Object.keys(s.properties).find((f) => f.endsWith('Vnd'))] = {type: 'integer'}; }, 'money is not a string'],
    ['a service left out', (d) => { d.paths = Object.fromEntries(Object.entries(d.paths).slice(0, 10)); }, 'not all there'],
  ];
  let broken = 0;
  for (const [what, breakIt, expected] of rows) {
    const copy = structuredClone(document);
    breakIt(copy);
    const faults = await faultsOf(copy);
    if (!faults.some((fault) => fault.includes(expected))) {
      broken++;
      console.log(`FAILED: ${what} is not found; said: ${faults.join('; ') || 'nothing'}`);
    }
  }
  console.log(`${rows.length} faults made, ${broken} wrong`);
  return broken;
}

const document = JSON.parse(execFileSync(process.argv[2], ['--print-openapi'], {encoding: 'utf8', maxBuffer: 64 << 20}));
if (process.argv.includes('--self-test')) process.exit((await selfTest(document)) ? 1 : 0);
const faults = await faultsOf(document);
for (const fault of faults) console.log(fault);
console.log(`${[...operations(document)].length} operations, ${faults.length} faults`);
process.exit(faults.length ? 1 : 0);
