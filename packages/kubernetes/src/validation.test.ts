import assert from 'node:assert/strict'
import test from 'node:test'
import { withDefaults } from './defaults.ts'
import type { KubernetesObject } from './object.ts'
import { resourceNamed } from './resources.ts'
import { StatusError } from './status-error.ts'
import { validateCreate, validateUpdate } from './validation.ts'

type Fields = Record<string, unknown>

const made = (id: string, { name = 'x', ...fields }: Fields) => {
  const resource = resourceNamed(id)
  const metadata = { name, ...(resource.namespaced ? { namespace: 'default' } : {}) }
  return withDefaults(resource, { kind: resource.kind, metadata, ...fields } as KubernetesObject)
}

/** Every cause for which an object is refused, as `field: message`. */
function causesOf(check: () => void): string[] {
  try {
    check()
  } catch (error) {
    assert.ok(error instanceof StatusError && error.code === 422, String(error))
    return (error.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`)
  }
  return []
}

const causes = (id: string, fields: Fields) =>
  causesOf(() => validateCreate(resourceNamed(id), made(id, fields)))

const container = { name: 'c', image: 'a:1' }
const podCauses = (spec: Fields) => causes('pods', { spec: { containers: [container], ...spec } })

test('names are checked by the rule of their kind', () => {
  assert.match(
    causes('configmaps', { name: 'A' })[0] ?? '',
    /^metadata.name: Invalid value: "A": a lowercase RFC 1123 subdomain/,
  )
  assert.deepEqual(causes('configmaps', { name: 'a.b' }), [])
  assert.match(causes('namespaces', { name: 'a.b' })[0] ?? '', /must not contain dots/)
  assert.match(
    causes('services', { name: '1a', spec: { ports: [{ port: 1 }] } })[0] ?? '',
    /DNS-1035/,
  )
  assert.deepEqual(causes('configmaps', { name: '' }), [
    'metadata.name: Required value: name or generateName is required',
  ])
})

test('a pod needs containers with distinct names, and images', () => {
  assert.deepEqual(podCauses({ containers: [] }), ['spec.containers: Required value'])
  assert.deepEqual(podCauses({ containers: [container, { name: 'c' }] }), [
    'spec.containers[1].name: Duplicate value: "c"',
    'spec.containers[1].image: Required value',
  ])
})

test('mounts name volumes, stay below them, and do not repeat', () => {
  const volumeMounts = [
    { name: 'v', mountPath: '/a', subPath: '../etc' },
    { name: 'w', mountPath: '/a' },
  ]
  const volumes = [{ name: 'v', emptyDir: {} }]
  assert.deepEqual(podCauses({ containers: [{ ...container, volumeMounts }], volumes }), [
    `spec.containers[0].volumeMounts.subPath: Invalid value: "../etc": must not contain '..'`,
    'spec.containers[0].volumeMounts[1].name: Not found: "w"',
    'spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/a": must be unique',
  ])
})

test('ports, probes, resources and policies are checked', () => {
  const strange = {
    ...container,
    ports: [{ containerPort: 70_000, protocol: 'ICMP' }],
    livenessProbe: { successThreshold: 2 },
    resources: { requests: { cpu: '2' }, limits: { cpu: '1' } },
  }
  assert.deepEqual(podCauses({ containers: [strange], restartPolicy: 'Sometimes' }), [
    'spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
    'spec.containers[0].ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"',
    'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    'spec.containers[0].livenessProbe: Required value: must specify a handler type',
    'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
    'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
  ])
})

const selector = { matchLabels: { a: 'b' } }
const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [container] } }
const deploymentCauses = (spec: Fields) =>
  causes('deployments.apps', { spec: { selector, template, ...spec } })

test('deadlines and ids are whole numbers of 31 bits', () => {
  const range = (least: number) => `must be between ${least} and 2147483647, inclusive`
  assert.deepEqual(podCauses({ activeDeadlineSeconds: 2147483648 }), [
    `spec.activeDeadlineSeconds: Invalid value: 2147483648: ${range(1)}`,
  ])
  const securityContext = { runAsUser: 99999999999, fsGroup: -5, supplementalGroups: [0, -1] }
  assert.deepEqual(podCauses({ securityContext }), [
    `spec.securityContext.runAsUser: Invalid value: 99999999999: ${range(0)}`,
    `spec.securityContext.fsGroup: Invalid value: -5: ${range(0)}`,
    `spec.securityContext.supplementalGroups[1]: Invalid value: -1: ${range(0)}`,
  ])
  const containers = [{ ...container, securityContext: { runAsUser: -1 } }]
  assert.deepEqual(podCauses({ containers }), [
    `spec.containers[0].securityContext.runAsUser: Invalid value: -1: ${range(0)}`,
  ])
})

test('a Deployment selects its own pods and keeps them running', () => {
  assert.deepEqual(deploymentCauses({}), [])
  assert.deepEqual(deploymentCauses({ selector: { matchLabels: { a: 'c' } }, replicas: -1 }), [
    'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    'spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`',
  ])
  assert.deepEqual(
    deploymentCauses({
      template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } },
    }),
    ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
  )
  const rollingUpdate = { maxSurge: 0, maxUnavailable: '0%' }
  assert.deepEqual(deploymentCauses({ strategy: { rollingUpdate } }), [
    'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0',
  ])
})

test('a Service has named, distinct ports', () => {
  assert.deepEqual(causes('services', { spec: {} }), ['spec.ports: Required value'])
  assert.deepEqual(causes('services', { spec: { clusterIP: 'None' } }), [])
  assert.deepEqual(
    causes('services', { spec: { ports: [{ port: 80 }, { port: 80, name: 'a' }] } }),
    [
      'spec.ports[0].name: Required value',
      'spec.ports[1]: Duplicate value: {"protocol":"TCP","port":80}',
    ],
  )
  assert.deepEqual(causes('services', { spec: { ports: [{ port: 80, nodePort: 30_080 }] } }), [
    "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
  ])
})

test('a Service asks for nothing that is not served, and for nothing that its type has no use for', () => {
  const ports = [{ port: 80 }]
  const of = (spec: object) => causes('services', { spec: { ports, ...spec } })
  assert.deepEqual(of({ ports: [{ port: 80, protocol: 'SCTP' }] }), [
    'spec.ports[0].protocol: Unsupported value: "SCTP": supported values: "TCP", "UDP"',
  ])
  assert.deepEqual(of({ ipFamilies: ['IPv6'] }), [
    'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
  ])
  assert.deepEqual(of({ ipFamilyPolicy: 'RequireDualStack' }), [
    'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
  ])
  assert.deepEqual(of({ ipFamilyPolicy: 'PreferDualStack' }), [])
  assert.deepEqual(of({ externalTrafficPolicy: 'Local' }), [
    'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
  ])
  assert.deepEqual(of({ type: 'NodePort', externalTrafficPolicy: 'Local' }), [])
  assert.deepEqual(of({ type: 'NodePort', loadBalancerClass: 'x.test/y' }), [
    "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'",
  ])
  assert.deepEqual(of({ type: 'NodePort', healthCheckNodePort: 30100 }), [
    "spec.healthCheckNodePort: Invalid value: 30100: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
  ])
  const external = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' } as const
  assert.deepEqual(of({ ...external, healthCheckNodePort: 30100 }), [])
  assert.deepEqual(of({ type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.0/24'] }), [
    'spec.loadBalancerSourceRanges: Forbidden: is not supported by this server',
  ])
  const sessionAffinityConfig = { clientIP: { timeoutSeconds: 86_401 } }
  assert.deepEqual(of({ sessionAffinity: 'ClientIP', sessionAffinityConfig }), [
    'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400',
  ])
  // As upstream: it goes where there is no affinity.
  assert.deepEqual(of({ sessionAffinityConfig }), [])
})

test('an Ingress has rules with hosts, absolute paths and backends', () => {
  assert.match(
    causes('ingresses.networking.k8s.io', { spec: {} })[0] ?? '',
    /either `defaultBackend` or `rules`/,
  )
  const paths = [
    { path: 'a', pathType: 'Prefix', backend: { service: { name: 's' } } },
    { backend: {} },
  ]
  const rules = [{ host: '10.0.0.1', http: { paths } }]
  assert.deepEqual(causes('ingresses.networking.k8s.io', { spec: { rules } }), [
    'spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
    'spec.rules[0].http.paths[0].path: Invalid value: "a": must be an absolute path',
    'spec.rules[0].http.paths[0].backend: Required value: port name or number is required',
    'spec.rules[0].http.paths[1].pathType: Required value: pathType must be specified',
    'spec.rules[0].http.paths[1].backend: Invalid value: "": resource or service backend is required',
  ])
})

const updateCauses = (id: string, before: Fields, after: Fields) =>
  causesOf(() => validateUpdate(resourceNamed(id), made(id, before), made(id, after)))

test('what is fixed at creation stays', () => {
  const pod = { spec: { containers: [container] } }
  const image = { spec: { containers: [{ ...container, image: 'a:2' }] } }
  const command = { spec: { containers: [{ ...container, command: ['sh'] }] } }
  const two = { spec: { containers: [container, { ...container, name: 'd' }] } }
  assert.deepEqual(updateCauses('pods', pod, image), [])
  assert.match(
    updateCauses('pods', pod, command)[0] ?? '',
    /^spec: Forbidden: pod updates may not change/,
  )
  assert.deepEqual(updateCauses('pods', pod, two), [
    'spec.containers: Forbidden: pod updates may not add or remove containers',
  ])
  const other = { metadata: { labels: { a: 'c' } }, spec: template.spec }
  const moved = { spec: { selector: { matchLabels: { a: 'c' } }, template: other } }
  assert.deepEqual(updateCauses('deployments.apps', { spec: { selector, template } }, moved), [
    'spec.selector: Invalid value: {"matchLabels":{"a":"c"}}: field is immutable',
  ])
  const data = { immutable: true, data: { a: '1' } }
  assert.deepEqual(updateCauses('configmaps', data, { immutable: true, data: { a: '2' } }), [
    'data: Forbidden: field is immutable when `immutable` is set',
  ])
  const address = (clusterIP?: string) => ({ spec: { ports: [{ port: 1 }], clusterIP } })
  assert.equal(updateCauses('services', address('10.96.0.1'), address('10.96.0.2')).length, 1)
})

test('metadata is checked, and no finalizer is added while an object goes', () => {
  const dying = (finalizers: string[]) => ({
    metadata: {
      name: 'x',
      namespace: 'default',
      deletionTimestamp: '2026-01-01T00:00:00Z',
      finalizers,
    },
  })
  assert.equal(updateCauses('configmaps', dying(['a/b']), dying(['a/b', 'a/c'])).length, 1)
  assert.deepEqual(updateCauses('configmaps', dying(['a/b', 'a/c']), dying(['a/b'])), [])
  const labels = { 'a b': 'c', ok: '-' }
  const found = causes('configmaps', { metadata: { name: 'x', namespace: 'default', labels } })
  assert.equal(found.length, 2)
})
