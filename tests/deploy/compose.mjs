// Checks deploy/compose.yaml without Docker: every flag is one that the program has (`--help`), sockets and
// peers meet, ports agree, volumes, images and health checks are there, peers are those of k8s/; then starts
// the services as it says, with their folders moved to a temporary one, and asks the health checks and the API.
//
//   node tests/deploy/compose.mjs PROGRAM...               the programs, build/dev/bin/nscl-registry …
//   node tests/deploy/compose.mjs --self-test PROGRAM...   each rule refuses a fault
import {execFileSync, spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createServer} from 'node:net';
import {createRequire} from 'node:module';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const yaml = createRequire(new URL('../npm/package.json', import.meta.url))('yaml');
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const SERVICES = ['registry', 'casework', 'budgeting', 'reporting', 'gateway'];
const selfTest = process.argv.includes('--self-test');
const programs = new Map(process.argv.slice(2).filter((a) => !a.startsWith('--')).map((p) => [basename(p), p]));

const read = (file) => readFileSync(join(root, file), 'utf8');
const dockerfile = read('deploy/Dockerfile');
const load = () => yaml.parse(read('deploy/compose.yaml'), {merge: true});

// A command as compose splits it, variables given.
const words = (text, init = '') => text.replace('${NSCL_INIT:-}', init).split(/\s+/).filter(Boolean);
const flagsIn = (service) => Object.fromEntries(words(service.command).map((word) => {
  const [, flag, value] = word.match(/^--([a-z-]+)(?:=(.*))?$/) ?? [null, word, ''];
  return [flag, value];
}));

const known = new Map();
function flagsOf(program) {
  if (!known.has(program)) {
    const help = execFileSync(programs.get(program), ['--help'], {encoding: 'utf8', env: {...process.env, NSCL_LANG: 'en'}});
    known.set(program, new Set([...help.matchAll(/(?:^|[\s,])--([a-z][a-z-]*)/gm)].map((match) => match[1])));
  }
  return known.get(program);
}

// The flags with which k8s/base starts a service.
function flagsInKubernetes(name) {
  const pods = yaml.parseAllDocuments(read(`k8s/base/${name}.yaml`)).map((d) => d.toJS()).filter((r) => r.spec?.template);
  return pods[0].spec.template.spec.containers[0].args.map((arg) => arg.match(/^--([a-z-]+)/)[1]);
}

function faultsOf(compose) {
  const faults = [];
  const sockets = new Map();  // path -> service that listens there
  for (const [name, service] of Object.entries(compose.services)) {
    const socket = service.command && flagsIn(service).listen?.match(/^unix:(.+)$/)?.[1];
    if (socket) sockets.set(socket, name);
  }
  for (const name of SERVICES) if (!compose.services[name]) faults.push(`no service ${name}`);
  for (const [name, service] of Object.entries(compose.services)) {
    const demand = (holds, what) => holds || faults.push(`${name}: ${what}`);
    const mounts = (service.volumes ?? []).map((mount) => mount.split(':'));
    for (const [volume] of mounts) demand(volume in (compose.volumes ?? {}), `volume ${volume} is not declared`);
    for (const [, path] of mounts) {
      demand(new RegExp(`^COPY --from=build --chown=65532:65532 \\S+ ${path}$`, 'm').test(dockerfile),
             `the image has no ${path} of its user: a named volume there would belong to root`);
    }
    demand(new RegExp(`^FROM \\S+ AS ${service.build?.target}$`, 'm').test(dockerfile), `deploy/Dockerfile has no target ${service.build?.target}`);
    demand(service.image === service.build?.target, 'image and target differ');
    demand(service.user === '65532:65532', 'runs as another user than the image');
    demand(service.read_only === true, 'the root file system can be written');
    demand(service.cap_drop?.includes('ALL') && !service.cap_add, 'capabilities are not all dropped');
    demand(service.security_opt?.includes('no-new-privileges:true'), 'may gain privileges');
    if (!SERVICES.includes(name)) continue;
    const flags = flagsIn(service);
    const has = flagsOf(service.image);
    for (const flag of Object.keys(flags)) demand(has.has(flag), `${service.image} has no flag --${flag}`);
    const peers = (list) => list.filter((flag) => SERVICES.includes(flag)).sort().join(' ');
    demand(peers(Object.keys(flags)) === peers(flagsInKubernetes(name)), 'calls others than in k8s/base');
    for (const [flag, value] of Object.entries(flags)) {
      const path = value?.match(/^(?:unix:)?(\/.*)$/)?.[1];
      if (!path) continue;
      const image = path.startsWith('/etc/nscl/catalogue') && /\/etc\/nscl\/catalogue/.test(dockerfile);
      demand(image || mounts.some(([, at]) => path.startsWith(`${at}/`) || path === at), `--${flag}: ${path} is on no volume`);
      if (SERVICES.includes(flag)) demand(sockets.get(path) === flag, `--${flag}: ${flag} does not listen on ${path}`);
    }
    if (name !== 'gateway') {
      demand(service.command.includes('${NSCL_INIT:-}'), 'has no first start');
      for (const kept of ['data-dir', 'backup-dir']) {
        const owners = Object.values(compose.services).filter((s) => (s.volumes ?? []).some((mount) =>
            mount.split(':')[0] === mounts.find(([, at]) => flags[kept]?.startsWith(at))?.[0]));
        demand(owners.length === 1, `--${kept} is shared with another service`);
      }
    }
    const probe = service.healthcheck?.test?.join(' ') ?? '';
    const port = flags['metrics-listen']?.match(/:(\d+)$/)?.[1];
    demand(probe.includes(`/dev/tcp/127.0.0.1/${port};`) && probe.includes('/readyz'), 'the health check does not ask /readyz of --metrics-listen');
    demand(parseInt(service.stop_grace_period, 10) >= 45, 'killed before it has drained');
    for (const published of service.ports ?? []) {
      const [address, , inside] = published.split(':');
      demand(address === '127.0.0.1', `${published} is open to the network, in clear`);
      demand(Object.values(flags).some((value) => value?.endsWith(`:${inside}`) && !value.startsWith('127.')), `nothing listens on ${inside}`);
    }
    for (const needed of Object.keys(service.depends_on ?? {})) demand(needed in compose.services, `depends on ${needed}, which is none`);
  }
  return faults;
}

const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const {port} = server.address();
    server.close(() => done(port));
  });
});

// Starts everything at once, as `docker compose up` may, and runs each health check as it is written.
async function start(compose) {
  const folder = mkdtempSync('/tmp/nscl-compose-');
  const children = [];
  const faults = [];
  try {
    const place = (name, path) => {
      const mount = compose.services[name].volumes.map((m) => m.split(':')).filter(([, at]) => path === at || path.startsWith(`${at}/`))
          .sort((a, b) => b[1].length - a[1].length)[0];
      return mount ? join(folder, mount[0], path.slice(mount[1].length)) : join(root, 'deploy/catalogue');
    };
    for (const volume of Object.keys(compose.volumes)) mkdirSync(join(folder, volume), {mode: 0o700});
    const http = await freePort();
    const probes = new Map();
    for (const name of SERVICES) {
      const service = compose.services[name];
      const metrics = await freePort();
      const args = words(service.command, '--init').map((word) => {
        if (word.startsWith('--metrics-listen=')) return `--metrics-listen=127.0.0.1:${metrics}`;
        if (word.startsWith('--http-listen=')) return `--http-listen=127.0.0.1:${http}`;
        return word.replace(/(=(?:unix:)?)(\/.*)$/, (_, before, path) => before + place(name, path));
      });
      const child = spawn(programs.get(service.image), args, {stdio: ['ignore', 'ignore', 'pipe']});
      child.said = '';
      child.stderr.on('data', (bytes) => { child.said = (child.said + bytes).slice(-2000); });
      children.push(child);
      const [, ...test] = service.healthcheck.test;  // without CMD
      probes.set(name, {child, test: test.map((word) => word.replaceAll('$$', '$').replace('/127.0.0.1/9090', `/127.0.0.1/${metrics}`))});
    }
    const end = Date.now() + 60000;
    for (const [name, {child, test}] of probes) {
      for (;;) {
        try {
          execFileSync(test[0], test.slice(1), {stdio: 'ignore', timeout: 3000});
          break;
        } catch {
          if (child.exitCode !== null || Date.now() > end) {
            faults.push(`${name} is not healthy: ${child.said}`);
            break;
          }
          await new Promise((done) => setTimeout(done, 100));
        }
      }
    }
    if (faults.length === 0) {
      const tools = programs.get('nsclctl');
      const token = execFileSync(tools, ['token', '--issuer-dir', join(folder, 'issuer'), '--subject', 'me', '--role', 'dost_officer', '--province', '48'], {encoding: 'utf8'}).trim();
      const answer = await fetch(`http://127.0.0.1:${http}/v1/provinces/48/plans`, {headers: {authorization: `Bearer ${token}`}});
      if (answer.status !== 200) faults.push(`the API answers with ${answer.status}: ${await answer.text()}`);
    }
  } finally {
    const ended = children.map((child) => child.exitCode !== null || new Promise((done) => child.on('exit', done)));
    for (const child of children.reverse()) child.kill('SIGTERM');
    await Promise.all(ended);
    rmSync(folder, {recursive: true});
  }
  return faults;
}

const rows = [
  ['a flag that the program does not have', (c) => { c.services.registry.command += ' --lisen=x'; }, 'no flag --lisen'],
  ['a peer that listens elsewhere', (c) => { c.services.gateway.command = c.services.gateway.command.replace('casework.sock', 'cases.sock'); }, 'casework does not listen on'],
  ['a peer too few', (c) => { c.services.budgeting.command = c.services.budgeting.command.replace(/--casework\S+/, ''); }, 'calls others than in k8s'],
  ['a volume that is not declared', (c) => { delete c.volumes.run; }, 'volume run is not declared'],
  ['a folder on no volume', (c) => { c.services.casework.volumes.shift(); }, 'is on no volume'],
  ['two services on one store', (c) => { c.services.casework.volumes[0] = 'registry-data:/data'; }, 'shared with another service'],
  ['a volume that would belong to root', (c) => { c.services.casework.volumes.push('run:/elsewhere'); }, 'would belong to root'],
  ['a health check of another port', (c) => { c.services.registry.healthcheck = {test: ['CMD', 'x']}; }, 'health check'],
  ['a published port that nothing listens on', (c) => { c.services.gateway.ports = ['127.0.0.1:8080:8081']; }, 'nothing listens on 8081'],
  ['a port open to the network', (c) => { c.services.gateway.ports = ['0.0.0.0:8080:8080']; }, 'open to the network'],
  ['an image that is none', (c) => { c.services.gateway.build.target = 'nscl-gate'; }, 'no target nscl-gate'],
  ['root', (c) => { c.services.gateway.user = '0:0'; }, 'another user'],
  ['no first start', (c) => { c.services.registry.command = c.services.registry.command.replace('${NSCL_INIT:-}', ''); }, 'no first start'],
  ['a missing service', (c) => { delete c.services.reporting; }, 'no service reporting'],
];

let broken = 0;
if (selfTest) {
  for (const [what, breakIt, expected] of rows) {
    const compose = structuredClone(load());
    breakIt(compose);
    const faults = faultsOf(compose);
    if (!faults.some((fault) => fault.includes(expected))) {
      broken++;
      console.log(`FAILED: ${what} is not found; said: ${faults.join('; ') || 'nothing'}`);
    }
  }
  console.log(`${rows.length} faults made, ${broken} wrong`);
} else {
  const compose = load();
  const faults = faultsOf(compose);
  if (faults.length === 0) faults.push(...await start(compose));
  for (const fault of faults) console.log(`deploy/compose.yaml: ${fault}`);
  console.log(`${Object.keys(compose.services).length} services, ${faults.length} faults`);
  broken = faults.length;
}
process.exit(broken ? 1 : 0);
