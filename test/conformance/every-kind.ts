import { execFileSync } from 'node:child_process'
import { completeObjects } from '@reckon/api/complete-objects'
import type { JsonObject } from '@reckon/kubernetes'

const of = (apiVersion: string, kind: string, content: JsonObject): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name: 'x', labels: { app: 'x' } },
  ...content,
})
const template = {
  metadata: { labels: { app: 'x' } },
  spec: { containers: [{ name: 'c', image: 'i' }] },
}
const rbac = 'rbac.authorization.k8s.io'

/** Kinds with few fields, beside those with complete objects elsewhere. */
const plainObjects = (request: string): readonly JsonObject[] => [
  of('v1', 'ReplicationController', { spec: { replicas: 2, selector: { app: 'x' }, template } }),
  of('v1', 'PodTemplate', { template }),
  of('v1', 'Endpoints', {
    subsets: [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ port: 80, protocol: 'TCP' }] }],
  }),
  of('v1', 'Event', {
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'x' },
    ...{ reason: 'Tried', message: 'It was tried.', type: 'Normal' },
  }),
  of('v1', 'LimitRange', {
    spec: { limits: [{ type: 'Container', defaultRequest: { memory: '1Mi' } }] },
  }),
  of('v1', 'PersistentVolume', {
    spec: {
      capacity: { storage: '1Gi' },
      ...{ accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } },
    },
  }),
  of('v1', 'PersistentVolumeClaim', {
    spec: {
      ...{ storageClassName: 'x', accessModes: ['ReadWriteOnce'] },
      resources: { requests: { storage: '1Gi' } },
    },
  }),
  of('storage.k8s.io/v1', 'StorageClass', { provisioner: 'example.com/disk' }),
  of('v1', 'ResourceQuota', { spec: { hard: { 'count/leases.coordination.k8s.io': '100' } } }),
  of('v1', 'ServiceAccount', { imagePullSecrets: [{ name: 's' }] }),
  of('apps/v1', 'ControllerRevision', { revision: 1, data: { a: 'b' } }),
  of('coordination.k8s.io/v1', 'Lease', {
    spec: {
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      renewTime: '2026-01-01T00:00:00.000000Z',
    },
  }),
  of('certificates.k8s.io/v1', 'CertificateSigningRequest', {
    spec: { request, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
  }),
  of(`${rbac}/v1`, 'ClusterRoleBinding', {
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'r' },
    subjects: [{ kind: 'Group', name: 'g', apiGroup: rbac }],
  }),
  of('scheduling.k8s.io/v1', 'PriorityClass', { value: 7, description: 'some' }),
]

/** A kind of its own for each number. */
const definition = (n: number): JsonObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `things.g${n}.example.com` },
  spec: {
    ...{ group: `g${n}.example.com`, scope: 'Namespaced' },
    names: { plural: 'things', kind: 'Thing' },
    versions: [
      {
        ...{ name: 'v1', served: true, storage: true },
        schema: { openAPIV3Schema: { type: 'object', properties: { size: { type: 'integer' } } } },
        additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.size' }],
      },
    ],
  },
})

/**
 * This many objects of each stored kind, as people write them, each with its own name. They include the defaults within
 * lists without keys: kubectl sends such lists whole, to any server, where defaults were filled in.
 */
export function manifestsOfEveryKind(copies: number): readonly JsonObject[] {
  const asked = ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null']
  const pem = execFileSync('openssl', [...asked, '-subj', '/CN=ada'], { stdio: 'pipe' })
  const objects = [
    ...completeObjects.map(([, object]) => object),
    ...plainObjects(pem.toString('base64')),
  ]
  return Array.from({ length: copies }, (_, n) => [
    ...objects.map((object) => ({ ...alone(object, n), metadata: named(object, n) })),
    definition(n),
  ]).flat()
}

const named = ({ metadata }: JsonObject, n: number) => ({ ...Object(metadata), name: `x-${n}` })

/**
 * Two nodes never have the same range of addresses. A pod has neither tolerations nor a token: the server adds some to
 * these lists, and kubectl, with any server, sends the order of such a list again.
 */
function alone(object: JsonObject, n: number): JsonObject {
  if (object.kind === 'Node') return { ...object, spec: { podCIDR: `10.0.${n}.0/24` } }
  if (object.kind !== 'Pod') return object
  const { tolerations: _, ...spec } = Object(object.spec)
  return { ...object, spec: { ...spec, automountServiceAccountToken: false } }
}
