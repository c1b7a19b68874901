import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { deployment } from '@reckon/api/fixture'
import { type Kubectl, startKubectlApi } from './kubectl-api.ts'

let started: Awaited<ReturnType<typeof startKubectlApi>>
before(async () => {
  started = await startKubectlApi()
})
after(() => started?.stop())

const kubectl: Kubectl = (...args) => started.kubectl(...args)
const manifest = (object: object) => started.manifest(object)

test('apply creates, changes, and leaves alone what is the same', async () => {
  assert.match(await kubectl('apply', '-f', await manifest(deployment('web'))), /web created/)
  assert.match(await kubectl('apply', '-f', await manifest(deployment('web'))), /web unchanged/)
  const path = await manifest(deployment('web', 2))
  assert.match(await kubectl('diff', '-f', path), /\+ {2}replicas: 2/)
  assert.match(await kubectl('apply', '-f', path), /web configured/)
  assert.match(await kubectl('apply', '--dry-run=server', '-f', path), /unchanged.*dry run/)
})

test('get prints the table of a kind, for one namespace and for all', async () => {
  const wide = await kubectl('get', 'deployments', '-o', 'wide')
  assert.match(wide, /NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR/)
  assert.match(wide, /web +0\/2 +0 +0 +\S+ +c +nginx +app=web/)
  assert.match(await kubectl('get', 'all', '-A'), /service\/kubernetes +ClusterIP +10\.96\.0\.1/)
  assert.equal(await kubectl('get', 'deploy', 'web', '-o', 'jsonpath={.spec.replicas}'), '2')
})

test('scale, label, annotate, set image and patch change it', async () => {
  assert.match(await kubectl('scale', 'deploy/web', '--replicas=3'), /scaled/)
  const scaled = await kubectl('scale', 'deploy/web', '--current-replicas=3', '--replicas=4')
  assert.match(scaled, /scaled/)
  assert.match(await kubectl('label', 'deploy/web', 'x=y'), /labeled/)
  assert.match(await kubectl('annotate', 'deploy/web', 'a=b'), /annotated/)
  assert.match(await kubectl('set', 'image', 'deploy/web', 'c=redis'), /image updated/)
  const patch = '[{"op":"replace","path":"/spec/replicas","value":1}]'
  assert.match(await kubectl('patch', 'deploy/web', '--type=json', '-p', patch), /patched/)
  const described = await kubectl('describe', 'deploy', 'web')
  assert.match(described, /Image: +redis/)
  assert.match(described, /Replicas: +1 desired/)
})

test('wait and rollout status follow what happens', async () => {
  const waiting = kubectl(
    'wait',
    '--for=jsonpath={.spec.replicas}=5',
    'deploy/web',
    '--timeout=15s',
  )
  await kubectl('scale', 'deploy/web', '--replicas=5')
  assert.match(await waiting, /condition met/)
  const rollout = kubectl('rollout', 'status', 'deploy/web', '--timeout=15s')
  const generation = await kubectl('get', 'deploy/web', '-o', 'jsonpath={.metadata.generation}')
  const counts = { replicas: 5, updatedReplicas: 5, readyReplicas: 5, availableReplicas: 5 }
  const status = { observedGeneration: Number(generation), ...counts }
  const path = join(started.folder, 'status.json')
  await writeFile(path, JSON.stringify({ status }))
  await kubectl('patch', 'deploy/web', '--subresource=status', '--type=merge', '--patch-file', path)
  assert.match(await rollout, /successfully rolled out/)
})

test('create makes objects of what it is given, in the form that kubectl prefers', async () => {
  const created = await Promise.all([
    kubectl('create', 'namespace', 'team'),
    kubectl('create', 'configmap', 'settings', '--from-literal=colour=blue'),
    kubectl('create', 'deployment', 'made', '--image=nginx', '--replicas=2', '--port=80'),
  ])
  for (const answer of created) assert.match(answer, / created\n$/)
  const path =
    'jsonpath={.spec.replicas} {.spec.template.spec.containers[0].ports[0].containerPort}'
  assert.equal(await kubectl('get', 'deploy', 'made', '-o', path), '2 80')
  const again = await kubectl('create', 'configmap', 'settings')
  assert.match(again, /configmaps "settings" already exists/)
})

test('a kind that is not served is named, not its schema; the default namespace stays', async () => {
  const unserved = { apiVersion: 'apps/v1', kind: 'Nothing', metadata: { name: 'x' } }
  assert.match(
    await kubectl('apply', '-f', await manifest(unserved)),
    /no matches for kind "Nothing"/,
  )
  const kept = await kubectl('delete', 'namespace', 'default')
  assert.match(kept, /\(Forbidden\): namespaces "default" is forbidden: .* may not be deleted/)
})

test('explain reads the schema, delete waits until it is gone', async () => {
  const replicas = await kubectl('explain', 'deploy.spec.replicas')
  assert.match(replicas, /FIELD: replicas <integer>.*Number of desired pods\./s)
  const strategy = await kubectl('explain', 'deployment.spec.strategy')
  assert.match(
    strategy,
    /rollingUpdate\t<RollingUpdateDeployment>\n\s+Rolling update config params/,
  )
  assert.match(await kubectl('delete', 'deploy/web'), /"web" deleted/)
  assert.match(
    await kubectl('get', 'deploy', 'web'),
    /\(NotFound\): deployments\.apps "web" not found/,
  )
})

test('a list at exactly a version is what was live then, byte for byte, also of what is deleted since', async () => {
  const path = '/api/v1/namespaces/default/configmaps'
  const versionOf = (text: string): string => JSON.parse(text).metadata.resourceVersion
  const recorded: string[] = []
  for (const colour of ['red', 'green']) {
    await kubectl('create', 'configmap', colour, `--from-literal=colour=${colour}`)
    recorded.push(await kubectl('get', '--raw', path))
    await kubectl('annotate', 'configmap', colour, 'a=b')
    recorded.push(await kubectl('get', '--raw', path))
    await kubectl('delete', 'configmap', colour)
  }
  for (const text of recorded) {
    const query = `resourceVersion=${versionOf(text)}&resourceVersionMatch=Exact`
    assert.equal(await kubectl('get', '--raw', `${path}?${query}`), text)
  }
})

test('kubectls that read schemas in their older form explain, validate and apply by them', async () => {
  for (const { version, kubectl: older } of started.kubectls('1.27', '1.28')) {
    const explain = ['explain', '--output=plaintext-openapiv2']
    const strategy = await older(...explain, 'deployment.spec.strategy')
    assert.match(
      strategy,
      /KIND: +Deployment\nVERSION: +apps\/v1.*rollingUpdate\t<Object>/s,
      version,
    )
    const request = 'pod.spec.containers.resources.requests'
    assert.match(await older(...explain, request), /requests <map\[string\]string>/, version)
    const name = `old-${version.replaceAll('.', '-')}`
    const wrong = { ...deployment(name), sepc: {} }
    assert.match(await older('apply', '-f', await manifest(wrong)), /unknown field "sepc"/, version)
    assert.match(await older('apply', '-f', await manifest(deployment(name))), /created/, version)
    const same = await older('apply', '-f', await manifest(deployment(name)))
    assert.match(same, /unchanged/, version)
  }
})
