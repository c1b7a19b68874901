import assert from 'node:assert/strict'
import test from 'node:test'
import { withDefaults } from '../defaults.ts'
import { pods } from '../kinds/core/pods.ts'
import type { KubernetesObject } from '../object.ts'
import { StatusError } from '../status-error.ts'
import { validateCreate, validateUpdate } from '../validation.ts'

type Fields = Record<string, unknown>

const made = (spec: Fields, metadata: Fields = {}) =>
  withDefaults(pods, {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name: 'x', namespace: 'default', ...metadata },
    spec: { containers: [{ name: 'c', image: 'i:1' }], ...structuredClone(spec) },
  } as KubernetesObject)

/** Every cause for which something is refused, as `field: message`, the fields below the spec. */
function causesOf(check: () => void): readonly string[] {
  try {
    check()
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 422) throw error
    return (error.details?.causes ?? []).map(({ field, message }) =>
      `${field}: ${message}`.replace('spec.', ''),
    )
  }
  return []
}

const causes = (spec: Fields) => causesOf(() => validateCreate(pods, made(spec)))
const ofContainer = (fields: Fields) =>
  causes({ containers: [{ name: 'c', image: 'i:1', ...fields }] }).map((text) =>
    text.replace('containers[0].', ''),
  )

/** Each spec with the one cause for which upstream refuses it. */
const refused = (cases: readonly [spec: Fields, ...causes: string[]][], of = causes) => {
  for (const [spec, ...expected] of cases) assert.deepEqual(of(spec), expected)
}

test('numbers keep within their bounds', () =>
  refused([
    [
      { activeDeadlineSeconds: 2 ** 31 },
      'activeDeadlineSeconds: Invalid value: 2147483648: must be between 1 and 2147483647, inclusive',
    ],
    [
      { securityContext: { runAsUser: 99_999_999_999 } },
      'securityContext.runAsUser: Invalid value: 99999999999: must be between 0 and 2147483647, inclusive',
    ],
    [
      { securityContext: { fsGroup: -5 } },
      'securityContext.fsGroup: Invalid value: -5: must be between 0 and 2147483647, inclusive',
    ],
    [
      { securityContext: { supplementalGroups: [-1] } },
      'securityContext.supplementalGroups[0]: Invalid value: -1: must be between 0 and 2147483647, inclusive',
    ],
    [
      { volumes: [{ name: 'v', secret: { secretName: 's', defaultMode: 0o1000 } }] },
      'volumes[0].secret.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive',
    ],
  ]))

test('a container asks for resources by their names, in whole pieces where there are no others', () =>
  refused(
    [
      [
        { resources: { requests: { foo: '1' } } },
        'resources.requests[foo]: Invalid value: foo: must be a standard resource type or fully qualified',
        'resources.requests[foo]: Invalid value: foo: must be a standard resource for containers',
      ],
      [
        {
          resources: {
            limits: { 'example.com/gpu': '1.5' },
            requests: { 'example.com/gpu': '1500m' },
          },
        },
        'resources.limits[example.com/gpu]: Invalid value: "1500m": must be an integer',
        'resources.requests[example.com/gpu]: Invalid value: "1500m": must be an integer',
      ],
      [
        { resources: { requests: { 'example.com/gpu': '1' } } },
        'resources.limits: Required value: Limit must be set for non overcommitable resources',
      ],
      [
        { resources: { limits: { 'example.com/gpu': '2' }, requests: { 'example.com/gpu': '1' } } },
        'resources.requests: Invalid value: "1": must be equal to example.com/gpu limit of 2',
      ],
      [
        { resources: { limits: { 'hugepages-2Mi': '2Mi' } } },
        'resources: Forbidden: HugePages require cpu or memory',
      ],
      [
        { resources: { limits: { cpu: '-1' } } },
        'resources.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0',
        'resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0',
      ],
      [{ resources: { limits: { cpu: '1', 'hugepages-2Mi': '2Mi', 'example.com/gpu': '2' } } }],
    ],
    ofContainer,
  ))

test('a variable and a file name what the pod tells, and no more', () => {
  const envOf = (valueFrom: Fields) => ofContainer({ env: [{ name: 'A', valueFrom }] })
  const at = 'env[0].valueFrom'
  refused(
    [
      [
        { fieldRef: { fieldPath: 'metadata.bogus' } },
        `${at}.fieldRef.fieldPath: Invalid value: "metadata.bogus": error converting fieldPath: field label not supported: metadata.bogus`,
      ],
      [
        { fieldRef: { fieldPath: 'metadata.labels' } },
        `${at}.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"`,
      ],
      [
        { fieldRef: { fieldPath: "spec.nodeName['a']" } },
        `${at}.fieldRef: Invalid value: "spec.nodeName": does not support subscript`,
      ],
      [{ fieldRef: { fieldPath: "metadata.labels['a.b/c']" } }],
      [{ fieldRef: {} }, `${at}.fieldRef.fieldPath: Required value`],
      [
        { resourceFieldRef: { resource: 'limits.disk' } },
        `${at}.resourceFieldRef.resource: Unsupported value: "limits.disk": supported values: "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"`,
      ],
    ],
    envOf,
  )
  const fileOf = (item: Fields) =>
    causes({ volumes: [{ name: 'v', downwardAPI: { items: [item] } }] })
  const file = 'volumes[0].downwardAPI'
  refused(
    [
      [{ path: 'a', fieldRef: { fieldPath: 'metadata.labels' } }],
      [{ path: 'a' }, `${file}: Required value: one of fieldRef and resourceFieldRef is required`],
      [{ fieldRef: { fieldPath: 'metadata.name' } }, `${file}.path: Required value`],
      [
        { path: '../a', fieldRef: { fieldPath: 'metadata.name' } },
        `${file}.path: Invalid value: "../a": must not contain '..'`,
      ],
      [{ path: 'a', resourceFieldRef: { containerName: 'c', resource: 'limits.cpu' } }],
      [
        { path: 'a', resourceFieldRef: { resource: 'limits.cpu' } },
        `${file}.resourceFieldRef.containerName: Required value`,
      ],
    ],
    fileOf,
  )
})

test('a hook and a probe do one thing, and say how', () =>
  refused(
    [
      [
        { lifecycle: { preStop: {} } },
        'lifecycle.preStop: Required value: must specify a handler type',
      ],
      [
        { lifecycle: { postStart: { exec: {} } } },
        'lifecycle.postStart.exec.command: Required value',
      ],
      [
        { livenessProbe: { exec: { command: ['a'] }, tcpSocket: { port: 80 } } },
        'livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type',
      ],
      [
        { livenessProbe: { exec: { command: ['a'] }, terminationGracePeriodSeconds: 0 } },
        'livenessProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0',
      ],
      [
        { lifecycle: { preStop: { sleep: { seconds: 31 } } } },
        'lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)',
      ],
      [
        { readinessProbe: { httpGet: { port: 80, httpHeaders: [{ name: 'a b', value: '' }] } } },
        "readinessProbe.httpGet.httpHeaders: Invalid value: \"a b\": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
      ],
    ],
    ofContainer,
  ))

test('who has every right cannot be kept from getting more', () =>
  refused(
    [
      [
        { securityContext: { privileged: true, allowPrivilegeEscalation: false } },
        'securityContext: Invalid value: {"privileged":true,"allowPrivilegeEscalation":false}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
      ],
    ],
    ofContainer,
  ))

test('how a pod is spread, resolves names and waits is said in the words that there are', () =>
  refused([
    [
      { topologySpreadConstraints: [{ topologyKey: 'zone', whenUnsatisfiable: 'Never' }] },
      'topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
      'topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Never": supported values: "DoNotSchedule", "ScheduleAnyway"',
    ],
    [
      {
        topologySpreadConstraints: [1, 2].map((maxSkew) => ({
          ...{ maxSkew, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' },
        })),
      },
      'topologySpreadConstraints[1].{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, ScheduleAnyway}"',
    ],
    [
      { dnsConfig: { nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3', 'dns'] } },
      'dnsConfig.nameservers: Invalid value: ["1.1.1.1","1.1.1.2","1.1.1.3","dns"]: must not have more than 3 nameservers',
      'dnsConfig.nameservers[3]: Invalid value: "dns": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
    [
      { schedulingGates: [{ name: 'a' }, { name: 'a' }], nodeName: 'n' },
      'schedulingGates[1]: Duplicate value: "a"',
      'nodeName: Forbidden: cannot be set until all schedulingGates have been cleared',
    ],
    // As upstream, which warns of it: charts have one where nobody gave a name.
    [{ imagePullSecrets: [{ name: '' }] }],
    [
      { shareProcessNamespace: true, hostPID: true },
      'securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled',
    ],
    [
      { preemptionPolicy: 'Always' },
      'preemptionPolicy: Unsupported value: "Always": supported values: "PreemptLowerPriority", "Never"',
    ],
  ]))

test('files of a volume, and the volume itself, are of a kind that there is', () =>
  refused([
    [
      { volumes: [{ name: 'v', hostPath: { path: '/a', type: 'Folder' } }] },
      'volumes[0].hostPath.type: Unsupported value: "Folder": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ],
    [
      {
        volumes: [
          {
            name: 'v',
            projected: {
              sources: [
                { configMap: {}, secret: { name: 's' } },
                { serviceAccountToken: { expirationSeconds: 10 } },
              ],
            },
          },
        ],
      },
      'volumes[0].projected.sources[0].secret: Forbidden: may not specify more than 1 volume type',
      'volumes[0].projected.sources[0].configMap.name: Required value',
      'volumes[0].projected.sources[1].serviceAccountToken.expirationSeconds: Invalid value: 10: may not specify a duration less than 10 minutes',
      'volumes[0].projected.sources[1].serviceAccountToken.path: Required value',
    ],
  ]))

test('a finalizer is a standard one or says whose it is', () => {
  const of = (...finalizers: string[]) =>
    causesOf(() => validateCreate(pods, made({}, { finalizers })))
  assert.deepEqual(of('foregroundDeletion', 'example.com/wait'), [])
  assert.deepEqual(of('foo'), [
    'metadata.finalizers[0]: Invalid value: "foo": name is neither a standard finalizer name nor is it fully qualified',
  ])
  assert.deepEqual(of('orphan', 'foregroundDeletion'), [
    'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
  ])
})

test('for how long something is tolerated may change, and what is tolerated may not', () => {
  const tolerating = (tolerationSeconds: number, key = 'a') =>
    made({ tolerations: [{ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds }] })
  assert.deepEqual(
    causesOf(() => validateUpdate(pods, tolerating(5), tolerating(9))),
    [],
  )
  assert.deepEqual(
    causesOf(() => validateUpdate(pods, tolerating(5), tolerating(5, 'b'))),
    [
      'tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds',
    ],
  )
})

test('the time that a pod has may become shorter, and no longer', () => {
  const lasting = (activeDeadlineSeconds?: number) =>
    made(activeDeadlineSeconds === undefined ? {} : { activeDeadlineSeconds })
  const changed = (from?: number, to?: number) =>
    causesOf(() => validateUpdate(pods, lasting(from), lasting(to)))
  assert.deepEqual([changed(undefined, 50), changed(50, 40)].flat(), [])
  assert.deepEqual(changed(50, 60), [
    'activeDeadlineSeconds: Invalid value: 60: must be less than or equal to previous value',
  ])
  assert.deepEqual(changed(50), [
    'activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value',
  ])
})

test('what was taken before there was a rule against it keeps nothing else from being changed', () => {
  const before = made({ hostUsers: false })
  const labelled = made({ hostUsers: false }, { labels: { a: 'b' } })
  assert.deepEqual(
    causesOf(() => validateUpdate(pods, before, labelled)),
    [],
  )
  assert.equal(causesOf(() => validateUpdate(pods, made({}), before)).length, 2)
})
