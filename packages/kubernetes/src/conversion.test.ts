import assert from 'node:assert/strict'
import test from 'node:test'
import { parseAllDocuments } from 'yaml'
import { fromHub, toHub } from './conversion.ts'
import { decodeValue } from './decoding/decode.ts'
import { withDefaults } from './defaults.ts'
import { tableOf } from './discovery/tables.ts'
import type { Deployment, Ingress, KubernetesObject, Service } from './object.ts'
import { parseApiVersion } from './resource.ts'
import { resourceOfKind } from './resources.ts'
import { validateCreate } from './validation.ts'

/** A tutorial of 2019, as such are still posted. */
const manifest = `
kind: ConfigMap
apiVersion: v1
metadata: { name: nginx-config }
data: { default.conf: "upstream flaskapp { server flaskapp:5000; }" }
---
apiVersion: v1
kind: Service
metadata: { name: nginx }
spec: { ports: [{ port: 80 }], selector: { name: nginx }, type: NodePort }
---
apiVersion: extensions/v1beta1
kind: Deployment
metadata: { name: nginx }
spec:
  replicas: 1
  template:
    metadata: { labels: { name: nginx } }
    spec:
      containers:
        - image: nginx:1.15.8-alpine
          name: nginx
          ports: [{ containerPort: 80 }]
          volumeMounts:
            - name: nginx-config-volume
              mountPath: /etc/nginx/conf.d/default.conf
              subPath: default.conf
      volumes: [{ name: nginx-config-volume, configMap: { name: nginx-config } }]
---
apiVersion: extensions/v1beta1
kind: Ingress
metadata: { name: nginx }
spec:
  backend: { serviceName: nginx, servicePort: http }
  rules: [{ host: nginx.localhost, http: { paths: [{ backend: { serviceName: nginx, servicePort: 80 } }] } }]
`

function posted(value: KubernetesObject): KubernetesObject {
  const resource = resourceOfKind(value.apiVersion, value.kind)
  assert.ok(resource)
  const version = parseApiVersion(value.apiVersion)
  const { object, warnings } = decodeValue(resource, version, { value, fieldValidation: 'Strict' })
  assert.deepEqual(warnings, [])
  object.metadata.namespace = 'default'
  const stored = withDefaults(resource, toHub(resource, object))
  validateCreate(resource, stored)
  return stored
}

const [configMap, service, deployment, ingress] = parseAllDocuments(manifest).map((document) =>
  posted(document.toJS()),
)

const printed = (object: KubernetesObject | undefined) => {
  assert.ok(object)
  const resource = resourceOfKind(object.apiVersion, object.kind)
  assert.ok(resource)
  const [row] = tableOf(resource, resource, [object], { now: new Date(0) }).rows
  return row?.cells
}

test('an old Deployment without a selector gets that of its labels, and the defaults of its time', () => {
  const { apiVersion, metadata, spec } = deployment as Deployment
  assert.equal(apiVersion, 'apps/v1')
  assert.deepEqual(metadata.labels, { name: 'nginx' })
  assert.deepEqual(spec.selector, { matchLabels: { name: 'nginx' } })
  assert.deepEqual(spec.strategy?.rollingUpdate, { maxUnavailable: 1, maxSurge: 1 })
  assert.equal(spec.progressDeadlineSeconds, 2_147_483_647)
  assert.equal(spec.revisionHistoryLimit, 2_147_483_647)
  assert.equal(spec.template.spec?.containers[0]?.imagePullPolicy, 'IfNotPresent')
  assert.deepEqual(spec.template.spec?.volumes?.[0]?.configMap, {
    name: 'nginx-config',
    defaultMode: 420,
  })
})

test('the tutorial prints as kubectl shows it', () => {
  assert.deepEqual(printed(configMap), ['nginx-config', 1, '<unknown>'])
  const template = ['nginx', 'nginx:1.15.8-alpine', 'name=nginx']
  assert.deepEqual(printed(deployment), ['nginx', '0/1', 0, 0, '<unknown>', ...template])
  const addresses = ['NodePort', '<none>', '<none>', '80/TCP']
  assert.deepEqual(printed(service), ['nginx', ...addresses, '<unknown>', 'name=nginx'])
  assert.deepEqual(printed(ingress), ['nginx', '<none>', 'nginx.localhost', '', '80', '<unknown>'])
})

test('a Service forwards to its own port and is reached over the cluster', () => {
  const { spec } = service as Service
  assert.deepEqual(spec.ports, [{ port: 80, protocol: 'TCP', targetPort: 80 }])
  assert.equal(spec.externalTrafficPolicy, 'Cluster')
  assert.equal(spec.internalTrafficPolicy, 'Cluster')
})

test('an old Ingress is stored in the new form and read in the old one', () => {
  const stored = ingress as Ingress
  assert.deepEqual(stored.spec.defaultBackend, {
    service: { name: 'nginx', port: { name: 'http' } },
  })
  assert.deepEqual(stored.spec.rules?.[0]?.http?.paths[0], {
    backend: { service: { name: 'nginx', port: { number: 80 } } },
    pathType: 'ImplementationSpecific',
  })
  const resource = resourceOfKind('extensions/v1beta1', 'Ingress')
  assert.ok(resource)
  const old = fromHub(resource, { group: 'extensions', version: 'v1beta1' }, stored)
  assert.equal(old.apiVersion, 'extensions/v1beta1')
  assert.deepEqual((old.spec as Record<string, unknown>).backend, {
    serviceName: 'nginx',
    servicePort: 'http',
  })
  assert.deepEqual(toHub(resource, old), stored)
})

test('the revision to roll back to survives the way there and back', () => {
  const resource = resourceOfKind('extensions/v1beta1', 'Deployment')
  assert.ok(resource && deployment)
  const version = { group: 'extensions', version: 'v1beta1' }
  const old = fromHub(resource, version, deployment)
  ;(old.spec as Record<string, unknown>).rollbackTo = { revision: 2 }
  const there = toHub(resource, old)
  assert.equal((there.spec as Record<string, unknown>).rollbackTo, undefined)
  const back = fromHub(resource, version, there)
  assert.deepEqual((back.spec as Record<string, unknown>).rollbackTo, { revision: 2 })
})

test('the generation of a DaemonSet’s template survives the way there and back, and is no field of today', () => {
  const daemonSet = posted({
    ...{ apiVersion: 'extensions/v1beta1', kind: 'DaemonSet', metadata: { name: 'x' } },
    spec: {
      templateGeneration: 3,
      template: {
        metadata: { labels: { app: 'x' } },
        spec: { containers: [{ name: 'c', image: 'i' }] },
      },
    },
  })
  const resource = resourceOfKind('extensions/v1beta1', 'DaemonSet')
  assert.ok(resource)
  assert.ok(!('templateGeneration' in Object(daemonSet.spec)))
  const old = fromHub(resource, { group: 'extensions', version: 'v1beta1' }, daemonSet)
  assert.equal(Object(old.spec).templateGeneration, 3)
})

test('before apps/v1 a selector came from the template, and sets were updated as their version said', () => {
  const spec = {
    template: {
      metadata: { labels: { app: 'x' } },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    },
  }
  const old = (apiVersion: string, kind: string) =>
    posted({
      apiVersion,
      kind,
      metadata: { name: 'x' },
      spec: structuredClone(spec),
    }) as Deployment & {
      spec: { updateStrategy?: { type?: string } }
    }
  for (const [apiVersion, kind, strategy] of [
    ['apps/v1beta1', 'StatefulSet', 'OnDelete'],
    ['apps/v1beta2', 'StatefulSet', 'RollingUpdate'],
    ['extensions/v1beta1', 'DaemonSet', 'OnDelete'],
    ['apps/v1beta2', 'DaemonSet', 'RollingUpdate'],
    ['apps/v1beta2', 'ReplicaSet', undefined],
    ['extensions/v1beta1', 'ReplicaSet', undefined],
  ] as const) {
    const stored = old(apiVersion, kind)
    assert.equal(stored.apiVersion, 'apps/v1')
    assert.deepEqual(stored.spec.selector, { matchLabels: { app: 'x' } }, `${apiVersion} ${kind}`)
    assert.equal(stored.spec.updateStrategy?.type, strategy, `${apiVersion} ${kind}`)
  }
  const limits = ['apps/v1beta2', 'apps/v1beta1', 'extensions/v1beta1'].map(
    (version) => old(version, 'Deployment').spec.revisionHistoryLimit,
  )
  assert.deepEqual(limits, [10, 2, 2_147_483_647])
})
