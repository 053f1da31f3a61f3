// Renders k8s/ and checks what comes out: the shape of every resource, what every pod must have, and that
// names used are names that exist.
//
//   node tests/k8s/check.mjs               base and all overlays
//   node tests/k8s/check.mjs --self-test   each rule refuses a fault
import {execFileSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {shapeFaults} from './shapes.mjs';

const yaml = createRequire(new URL('../npm/package.json', import.meta.url))('yaml');
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const SERVICES = ['registry', 'casework', 'budgeting', 'reporting', 'gateway'];

function render(folder) {
  const text = execFileSync(join(root, 'tests/npm/kubectl'), ['kustomize', join(root, folder)], {encoding: 'utf8'});
  return yaml.parseAllDocuments(text).map((document) => document.toJS());
}

const workloads = (resources) => resources.filter((r) => r.spec?.template?.spec?.containers);
const nameOf = (r) => `${r.kind}/${r.metadata.name}`;

// What Kubernetes' "restricted" profile asks, and what this system asks beyond it.
function podFaults(workload) {
  const faults = [];
  const at = nameOf(workload);
  const pod = workload.spec.template.spec;
  const demand = (holds, what) => holds || faults.push(`${at}: ${what}`);
  demand(pod.automountServiceAccountToken === false, 'the pod gets a token of the cluster that it has no use for');
  demand(pod.securityContext?.runAsNonRoot === true, 'runAsNonRoot is not true');
  demand(pod.securityContext?.runAsUser === 65532, 'runAsUser is not that of the image, 65532');
  demand(pod.securityContext?.seccompProfile?.type === 'RuntimeDefault', 'no seccomp profile');
  demand(pod.terminationGracePeriodSeconds >= 45, 'killed before it has drained');
  for (const key of ['hostNetwork', 'hostPID', 'hostIPC']) demand(!pod[key], `${key} is set`);
  for (const volume of pod.volumes ?? []) demand(!volume.hostPath, `volume ${volume.name} is a path of the host`);
  for (const container of pod.containers) {
    const context = container.securityContext ?? {};
    demand(context.allowPrivilegeEscalation === false, 'privilege escalation is allowed');
    demand(context.capabilities?.drop?.includes('ALL') && !context.capabilities?.add, 'capabilities are not all dropped');
    demand(context.readOnlyRootFilesystem === true, 'the root file system can be written');
    demand(!context.privileged, 'privileged');
    demand(container.resources?.limits?.memory && container.resources?.requests?.cpu, 'no memory limit or no CPU request');
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      demand(container[probe]?.httpGet?.port === 'metrics', `${probe} does not ask the metrics port`);
    }
    demand(container.livenessProbe?.httpGet?.path === '/livez', 'livenessProbe does not ask /livez');
    demand(container.readinessProbe?.httpGet?.path === '/readyz', 'readinessProbe does not ask /readyz');
    const claims = (workload.spec.volumeClaimTemplates ?? []).map((claim) => claim.metadata.name);
    const volumes = new Set([...(pod.volumes ?? []).map((volume) => volume.name), ...claims]);
    for (const mount of container.volumeMounts ?? []) {
      demand(volumes.has(mount.name), `mounts ${mount.name}, which is no volume`);
    }
    for (const claim of claims) {
      demand((container.volumeMounts ?? []).some((mount) => mount.name === claim), `volume ${claim} is not mounted`);
    }
    // Secrets are files.
    for (const variable of container.env ?? []) {
      demand(!variable.valueFrom?.secretKeyRef, `${variable.name} is a secret in the environment`);
    }
  }
  if (workload.kind === 'StatefulSet') {
    demand(workload.spec.replicas === 1, 'a store has one writer');
    demand((workload.spec.volumeClaimTemplates ?? []).length > 0, 'a store without a volume');
  }
  return faults;
}

// References from one resource to another.
function referenceFaults(resources) {
  const faults = [];
  const has = (kind, name) => resources.some((r) => r.kind === kind && r.metadata.name === name);
  const labelled = (labels) => workloads(resources).some((w) =>
      Object.entries(labels ?? {}).every(([k, v]) => w.spec.template.metadata.labels?.[k] === v));
  for (const workload of workloads(resources)) {
    const at = nameOf(workload);
    const pod = workload.spec.template.spec;
    for (const volume of pod.volumes ?? []) {
      if (volume.configMap && !has('ConfigMap', volume.configMap.name)) {
        faults.push(`${at}: no ConfigMap ${volume.configMap.name}`);
      }
    }
    if (workload.kind === 'StatefulSet' && !has('Service', workload.spec.serviceName)) {
      faults.push(`${at}: no Service ${workload.spec.serviceName}`);
    }
    for (const container of pod.containers) {
      for (const variable of container.env ?? []) {
        const map = variable.valueFrom?.configMapKeyRef;
        const found = map && resources.find((r) => r.kind === 'ConfigMap' && r.metadata.name === map.name);
        if (map && found?.data?.[map.key] === undefined) faults.push(`${at}: no ${map.key} in ConfigMap ${map.name}`);
      }
      const ports = new Set((container.ports ?? []).map((port) => port.name));
      for (const arg of container.args ?? []) {
        const peer = arg.match(/^--(\w+)=(\w+):(\d+)$/);
        if (peer && SERVICES.includes(peer[1]) && !has('Service', peer[2])) faults.push(`${at}: ${arg} is no Service`);
      }
      for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
        const port = container[probe]?.httpGet?.port;
        if (typeof port === 'string' && !ports.has(port)) faults.push(`${at}: ${probe} asks an unnamed port ${port}`);
      }
    }
  }
  for (const resource of resources) {
    const at = nameOf(resource);
    if (resource.kind === 'Service' && !labelled(resource.spec.selector)) faults.push(`${at}: selects no pod`);
    if (resource.kind !== 'NetworkPolicy') continue;
    const peers = [...(resource.spec.ingress ?? []).flatMap((rule) => rule.from ?? []),
                   ...(resource.spec.egress ?? []).flatMap((rule) => rule.to ?? [])];
    const selectors = [resource.spec.podSelector, ...peers.filter((p) => !p.namespaceSelector).map((p) => p.podSelector)];
    for (const selector of selectors) {
      if (selector?.matchLabels && !labelled(selector.matchLabels)) {
        faults.push(`${at}: ${JSON.stringify(selector.matchLabels)} is no pod of ours`);
      }
    }
  }
  const denies = resources.some((r) => r.kind === 'NetworkPolicy' && Object.keys(r.spec.podSelector).length === 0 &&
      !r.spec.ingress && !r.spec.egress && r.spec.policyTypes?.length === 2);
  if (!denies) faults.push('no NetworkPolicy denies everything by default');
  return faults;
}

// A call that a pod makes (an argument --<peer>=...) and that the policies do not let through, or the
// other way round.
function policyFaults(resources) {
  const faults = [];
  const label = 'app.kubernetes.io/name';
  const allowed = (direction, owner) => new Set(resources
      .filter((r) => r.kind === 'NetworkPolicy' && r.spec.podSelector?.matchLabels?.[label] === owner)
      .flatMap((r) => (r.spec[direction] ?? []).flatMap((rule) => rule[direction === 'egress' ? 'to' : 'from'] ?? []))
      .map((peer) => peer.podSelector?.matchLabels?.[label]).filter(Boolean));
  for (const workload of workloads(resources)) {
    const name = workload.metadata.name;
    const called = new Set((workload.spec.template.spec.containers[0].args ?? [])
        .map((arg) => arg.match(/^--(\w+)=\1:/)?.[1]).filter(Boolean));
    const egress = allowed('egress', name);
    for (const peer of called) {
      if (!egress.has(peer)) faults.push(`${name} calls ${peer}, and no policy lets it out`);
      if (!allowed('ingress', peer).has(name)) faults.push(`${name} calls ${peer}, and no policy lets it in there`);
    }
    for (const peer of egress) if (!called.has(peer)) faults.push(`${name} may call ${peer} but does not`);
  }
  return faults;
}

// Flags given in a manifest that the program does not have.
function flagFaults(resources, flagsOf) {
  const faults = [];
  for (const workload of workloads(resources)) {
    const known = flagsOf(workload.metadata.name);
    for (const arg of workload.spec.template.spec.containers[0].args ?? []) {
      const flag = arg.match(/^--([a-z][a-z-]*)/)?.[1];
      if (known && !known.has(flag)) faults.push(`${nameOf(workload)}: the program has no flag for '${arg}'`);
    }
  }
  return faults;
}

// The flags that services/<service>/main.cc declares, with those that all services share; null where there is
// no such file.
function declaredFlags(service) {
  const read = (file) => existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : null;
  const main = read(`services/${service}/main.cc`);
  if (main === null) return null;
  const text = main + (main.includes('common/process/process.h') ? read('common/process/process.cc') : '');
  const flags = new Set([...text.matchAll(/add_(?:option|flag)\(\s*"--([a-z-]+)"/g)].map((match) => match[1]));
  const all = [...text.matchAll(/add_(?:option|flag)\(\s*"(--[a-z-]+)"/g)].map((match) => match[1]);
  const twice = all.find((flag, index) => all.indexOf(flag) !== index);
  if (twice) throw new Error(`services/${service}/main.cc declares ${twice} twice: it would not start`);
  // One flag per peer, made in a loop.
  if (/add_option\(\s*"--" \+ /.test(text)) for (const peer of SERVICES) flags.add(peer);
  return flags;
}

function treeFaults() {
  const faults = [];
  const catalogue = join(root, 'deploy/catalogue');
  const listed = new Set(yaml.parse(readFileSync(join(catalogue, 'kustomization.yaml'), 'utf8')).configMapGenerator[0].files);
  const there = readdirSync(catalogue).filter((file) => file.endsWith('.json'));
  for (const file of there) if (!listed.has(file)) faults.push(`deploy/catalogue/kustomization.yaml does not list ${file}`);
  const dockerfile = readFileSync(join(root, 'deploy/Dockerfile'), 'utf8');
  const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map((match) => match[1]);
  for (const target of [...SERVICES.map((service) => `nscl-${service}`), 'nscl']) {
    if (!stages.includes(target)) faults.push(`deploy/Dockerfile has no target ${target}`);
  }
  if (!/^USER 65532:65532$/m.test(dockerfile)) faults.push('deploy/Dockerfile does not run as 65532');
  return faults;
}

async function allFaults(resources, flagsOf) {
  const shapes = await Promise.all(resources.map(shapeFaults));
  return [...shapes.flat(), ...workloads(resources).flatMap(podFaults), ...referenceFaults(resources),
          ...policyFaults(resources), ...flagFaults(resources, flagsOf)];
}

async function check() {
  let broken = 0;
  const folders = ['k8s/base', ...readdirSync(join(root, 'k8s/overlays')).map((name) => `k8s/overlays/${name}`)];
  for (const folder of folders) {
    const resources = render(folder);
    const faults = await allFaults(resources, declaredFlags);
    if (folder !== 'k8s/base') {
      for (const workload of workloads(resources)) {
        const image = workload.spec.template.spec.containers[0].image;
        if (!/[/].+:.+/.test(image)) faults.push(`${nameOf(workload)}: image ${image} has no place and version`);
      }
    }
    broken += faults.length;
    for (const fault of faults) console.log(`${folder}: ${fault}`);
    console.log(`${folder}: ${resources.length} resources, ${faults.length} faults`);
  }
  const faults = treeFaults();
  for (const fault of faults) console.log(fault);
  return broken + faults.length;
}

async function selfTest() {
  const good = render('k8s/base');
  // Flags as they are in the manifests, so that the rows below do not depend on the programs.
  const flagsOf = (name) => new Set(workloads(good).find((w) => w.metadata.name === name)
      .spec.template.spec.containers[0].args.map((arg) => arg.match(/^--([a-z-]+)/)[1]));
  const at = (resources, kind, name) => resources.find((r) => r.kind === kind && r.metadata.name === name);
  const set = (r) => at(r, 'StatefulSet', 'registry');
  const box = (r) => set(r).spec.template.spec.containers[0];
  const rows = [
    ['a misspelt key in a container', (r) => { box(r).readynessProbe = box(r).readinessProbe; }, 'readynessProbe: no such key'],
    ['a misspelt key in a probe', (r) => { box(r).livenessProbe.httpGet.pth = '/'; }, 'pth: no such key'],
    ['a misspelt key in metadata', (r) => { set(r).metadata.label = {}; }, 'metadata.label: no such key'],
    ['a misspelt key in a policy', (r) => { at(r, 'NetworkPolicy', 'allow-dns').spec.egres = []; }, 'egres: no such key'],
    ['a misspelt key at the top', (r) => { at(r, 'Service', 'gateway').specs = {}; }, 'specs: no such key'],
    ['a wrong type', (r) => { set(r).spec.replicas = 'one'; }, 'replicas'],
    ['a missing key', (r) => { delete set(r).spec.selector; }, 'selector'],
    ['an unknown kind', (r) => { set(r).kind = 'StatefulSets'; }, 'no kind StatefulSets'],
    ['root', (r) => { set(r).spec.template.spec.securityContext.runAsNonRoot = false; }, 'runAsNonRoot'],
    ['escalation', (r) => { delete box(r).securityContext.allowPrivilegeEscalation; }, 'escalation'],
    ['a capability', (r) => { box(r).securityContext.capabilities.add = ['NET_ADMIN']; }, 'capabilities'],
    ['a root file system that can be written', (r) => { box(r).securityContext.readOnlyRootFilesystem = false; }, 'root file system'],
    ['no readiness probe', (r) => { delete box(r).readinessProbe; }, 'readinessProbe'],
    ['no memory limit', (r) => { delete box(r).resources.limits; }, 'memory limit'],
    ['two writers', (r) => { set(r).spec.replicas = 2; }, 'one writer'],
    ['a store in the pod', (r) => { delete set(r).spec.volumeClaimTemplates; }, 'without a volume'],
    ['a path of the host', (r) => { set(r).spec.template.spec.volumes.push({name: 'x', hostPath: {path: '/'}}); }, 'path of the host'],
    ['a secret in the environment', (r) => { box(r).env.push({name: 'X', valueFrom: {secretKeyRef: {name: 'x', key: 'x'}}}); }, 'secret in the environment'],
    ['a ConfigMap that is not there', (r) => { set(r).spec.template.spec.volumes[0].configMap.name = 'none'; }, 'no ConfigMap none'],
    ['a Service that selects nothing', (r) => { at(r, 'Service', 'casework').spec.selector = {a: 'b'}; }, 'selects no pod'],
    ['no default denial', (r) => r.splice(r.indexOf(at(r, 'NetworkPolicy', 'deny-all')), 1), 'denies everything'],
    ['a call that no policy lets out', (r) => r.splice(r.indexOf(at(r, 'NetworkPolicy', 'allow-from-casework')), 1), 'lets it out'],
    ['a call that no policy lets in', (r) => r.splice(r.indexOf(at(r, 'NetworkPolicy', 'allow-to-budgeting')), 1), 'lets it in'],
    ['a flag that the program does not have', (r) => { box(r).args.push('--lisen=x'); }, "no flag for '--lisen"],
  ];
  let broken = 0;
  for (const fault of await allFaults(good, flagsOf)) { broken++; console.log(`FAILED: the base itself: ${fault}`); }
  for (const [what, breakIt, expected] of rows) {
    const resources = structuredClone(good);
    breakIt(resources);
    const faults = await allFaults(resources, flagsOf);
    const found = faults.some((fault) => fault.includes(expected));
    if (!found) { broken++; console.log(`FAILED: ${what} is not found; said: ${faults.join('; ') || 'nothing'}`); }
  }
  console.log(`${rows.length} faults made, ${broken} wrong`);
  return broken;
}

process.exit((process.argv.includes('--self-test') ? await selfTest() : await check()) ? 1 : 0);
