import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { metadataOf } from '@reckon/domain'
import { systemIds } from '@reckon/process'
import { deployment, inDefault, startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
let lines: ReadonlySet<string>
let uid = ''

before(async () => {
  api = await startedApi()
  const create = async (path: string, body: object) => {
    const { code, json, text } = await api.ask('POST', path, { body })
    assert.equal(code, 201, text)
    return json
  }
  await create('/api/v1/nodes', {
    ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'a', labels: { [role]: '' } } },
    spec: { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] },
  })
  const { metadata } = await create(inDefault('pods'), {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } },
    spec: {
      nodeName: 'a',
      containers: [
        { name: 'c', image: 'i', resources: { requests: { cpu: '250m', memory: '1Mi' } } },
      ],
    },
  })
  uid = metadata.uid ?? ''
  await create(inDefault('deployments'), deployment('web', 3))
  await create(inDefault('persistentvolumeclaims'), {
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' } },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  })
  const { code, text, headers } = await api.ask('GET', path)
  assert.equal(code, 200, text)
  assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/)
  lines = new Set(text.split('\n'))
})
after(async () => {
  await api.close()
  assert.deepEqual(api.errors, [])
})

const path = '/metrics/kube-state'
const role = 'node-role.kubernetes.io/control-plane'
const told = (...wanted: readonly string[]) => {
  for (const line of wanted)
    assert.ok(lines.has(line), `${line} is not in\n${[...lines].join('\n')}`)
}

test('pods are told with where they are, whose they are, and what they ask for', () => {
  const pod = `namespace="default",pod="web",uid="${uid}"`
  told(
    `kube_pod_owner{${pod},owner_kind="",owner_name="",owner_is_controller=""} 1`,
    `kube_pod_status_phase{${pod},phase="Pending"} 1`,
    `kube_pod_status_phase{${pod},phase="Running"} 0`,
    `kube_pod_container_resource_requests{${pod},container="c",node="a",resource="cpu",unit="core"} 0.25`,
    `kube_pod_container_resource_requests{${pod},container="c",node="a",resource="memory",unit="byte"} 1048576`,
  )
})

test('nodes and namespaces are told', () => {
  told(
    'kube_node_role{node="a",role="control-plane"} 1',
    'kube_node_spec_taint{node="a",key="k",value="v",effect="NoSchedule"} 1',
    'kube_node_spec_unschedulable{node="a"} 0',
    'kube_namespace_status_phase{namespace="default",phase="Active"} 1',
  )
})

test('workloads and claims are told, a zero that Kubernetes leaves out among it', () => {
  const name = 'namespace="default",deployment="web"'
  told(
    `kube_deployment_spec_replicas{${name}} 3`,
    `kube_deployment_status_replicas_available{${name}} 0`,
    `kube_deployment_spec_strategy_rollingupdate_max_surge{${name}} 1`,
    'kube_persistentvolumeclaim_resource_requests_storage_bytes{namespace="default",persistentvolumeclaim="data"} 1073741824',
  )
})

test('each metric stands together, below a head of its own', () => {
  const heads = [...lines].filter((line) => line.startsWith('# TYPE '))
  const names = heads.map((head) => head.split(' ')[2])
  assert.equal(new Set(names).size, names.length)
  assert.ok(names.length > 30, String(names.length))
})

test('what a status leaves out, and what a bug keeps from being told, keeps nothing else from it', async (t) => {
  const own = await startedApi()
  t.after(() => own.close())
  const type = 'application/merge-patch+json'
  await own.ask('POST', inDefault('deployments'), { body: deployment('web', 3) })
  const patched = await own.ask('PATCH', `${inDefault('deployments')}/web/status`, {
    type,
    body: { status: { conditions: [{ type: 'Available' }] } },
  })
  assert.equal(patched.code, 200, patched.text)
  const object = {
    ...{ apiVersion: 'v1', kind: 'Pod', spec: null },
    metadata: { name: 'broken', namespace: 'default', uid: 'u' },
  }
  const id = systemIds.next()
  const metadata = metadataOf({ actor: { user: 'test' }, verb: 'create' }, id, 0)
  await own.ports.log.append('pods-default/broken', 'NoStream', [
    { id, type: 'PodCreated', data: { object }, metadata },
  ])
  await own.ports.reader.waitForHead(1_000)
  for (const _ of [1, 2]) {
    const { code, text } = await own.ask('GET', path)
    assert.equal(code, 200, text)
    const available = 'namespace="default",deployment="web",condition="Available",status="true"'
    assert.ok(text.includes(`kube_deployment_status_condition{${available}} 0\n`), text)
    assert.match(text, /^kube_ingress_created|^kube_service_info/m)
  }
  assert.equal(own.warnings.length, 1)
  const figures = await own.ask('GET', '/metrics')
  assert.match(figures.text, /^reckon_key_failures_total\{loop="kube-state"\} 2$/m)
})

test('it names every object of the cluster: who may read the figures of the api may not read it for that', async () => {
  const user = { name: 'scraper', groups: ['system:authenticated'] }
  const rules = [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }]
  const rbac = '/apis/rbac.authorization.k8s.io/v1'
  const named = (kind: string) => ({
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind },
    metadata: { name: 'scraper' },
  })
  await api.ask('POST', `${rbac}/clusterroles`, { body: { ...named('ClusterRole'), rules } })
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'scraper' }
  const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'scraper' }]
  const bound = { ...named('ClusterRoleBinding'), roleRef, subjects }
  await api.ask('POST', `${rbac}/clusterrolebindings`, { body: bound })
  assert.equal((await api.ask('GET', '/metrics', { user })).code, 200)
  const refused = await api.ask('GET', path, { user })
  assert.equal(refused.code, 403)
  assert.match(refused.json.message ?? '', /cannot get path "\/metrics\/kube-state"/)
})
