/** Draws the same for the same seed (Park and Miller's minimal generator). */
function drawing(seed: number) {
  let state = seed * 7919
  const below = (limit: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % limit
  }
  const one = <T>(of: readonly T[]): T => of[below(of.length)] as T
  const maybe = (key: string, of: readonly unknown[]): object => {
    const value = one([undefined, ...of])
    return value === undefined ? {} : { [key]: value }
  }
  return { below, one, maybe }
}

type Drawing = ReturnType<typeof drawing>

const int32 = [0, 1, 2, 2_147_483_646, 2_147_483_647, -1]
const int64 = [...int32, 300_000_000_000, 9_000_000_000_000, Number.MAX_SAFE_INTEGER]
const counts = [0, 1, 3]
const amounts = [0, 1, 2_147_483_647, '0%', '1%', '100%', '100000%', '99999999999%']
const quantities = ['0', '1n', '1', '1e18', '9223372036854775807', '100000Ei', '-1', '0.0000001']

const seconds31 = [1, 2_147_483_646, 2_147_483_647]
/** None of them means more often than every 10 s. */
const periods = [0, 10, 2_147_483_646, 2_147_483_647]
const grace = [0, 1, 2_147_483_648, 9_223_372_036, 9_000_000_000_000, Number.MAX_SAFE_INTEGER]
const ids = [0, 1, 65_534, 2_147_483_647]
const limits = ['0', '1n', '1m', '1', '9223372036854775807', '8Ei', '1e18', '0.0000001']
const ports = [1, 80, 65_535]
const modes = [0, 0o777]

/** Objects that are valid or nearly so: every number at its type's bounds, the longest names, empty collections. */
export function extremeObject(seed: number, index: number) {
  const draw = drawing(seed * 1_000 + index)
  const { one, maybe, below } = draw
  const name = one([`x${index}`, `${'a'.repeat(45)}${index}`, `${'b'.repeat(240)}${index}`])
  const labels = one([{ app: `x${index}` }, { app: `x${index}`, [`k${'e'.repeat(60)}`]: '' }])
  const podSpec = extremePodSpec(draw)
  const metadata = { name, labels, ...maybe('finalizers', [[]]), ...maybe('ownerReferences', [[]]) }
  const template = { metadata: { labels }, spec: podSpec }
  const selector = { matchLabels: labels, ...maybe('matchExpressions', [[]]) }
  const set = { replicas: one(counts), ...maybe('minReadySeconds', int32), selector, template }
  const port = () => ({ name: `p${below(9)}`, port: one([1, 65_535]), ...maybe('nodePort', int32) })
  return one([
    () => ({ path: 'pods', body: { apiVersion: 'v1', kind: 'Pod', metadata, spec: podSpec } }),
    () => ({
      path: 'replicasets',
      body: { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec: set },
    }),
    () => ({
      path: 'deployments',
      body: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata,
        spec: {
          ...set,
          ...maybe('revisionHistoryLimit', int32),
          ...maybe('progressDeadlineSeconds', int32),
          ...maybe('paused', [true]),
          strategy: { rollingUpdate: { maxSurge: one(amounts), maxUnavailable: one(amounts) } },
        },
      },
    }),
    () => ({
      path: 'services',
      body: {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: {
          ...maybe('type', ['ClusterIP', 'NodePort', 'LoadBalancer']),
          ...maybe('clusterIP', ['None', '10.96.255.254']),
          ...maybe('selector', [{}, labels]),
          ...maybe('sessionAffinityConfig', [{ clientIP: { timeoutSeconds: one(int32) } }]),
          ports: one([[port()], [port(), port()]]),
        },
      },
    }),
    () => ({
      path: 'configmaps',
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata, ...maybe('data', [{}, { '': '' }]) },
    }),
  ])()
}

/** A pod's spec that is valid or nearly so. */
function extremePodSpec({ one, maybe }: Drawing) {
  const probe = {
    exec: { command: one([[], ['true']]) },
    ...maybe('initialDelaySeconds', int32),
    ...maybe('periodSeconds', int32),
    ...maybe('timeoutSeconds', int32),
    ...maybe('failureThreshold', int32),
  }
  return {
    ...maybe('terminationGracePeriodSeconds', int64),
    ...maybe('activeDeadlineSeconds', int64),
    ...maybe('priority', int32),
    ...maybe('nodeName', ['a', 'gone']),
    ...maybe('tolerations', [
      [],
      [{ operator: 'Exists', effect: 'NoExecute', tolerationSeconds: one(int64) }],
    ]),
    ...maybe('nodeSelector', [{}, { a: 'b' }]),
    ...maybe('volumes', [[], [{ name: 'v', emptyDir: { sizeLimit: one(quantities) } }]]),
    ...maybe('affinity', [{}, { nodeAffinity: {} }]),
    containers: [
      {
        name: 'c',
        image: 'i',
        ...maybe('resources', [
          {},
          { requests: { cpu: one(quantities), memory: one(quantities) } },
        ]),
        ...maybe('readinessProbe', [probe]),
        ...maybe('ports', [[], [{ containerPort: one([1, 65_535]), hostPort: one([1, 65_535]) }]]),
        ...maybe('env', [[], [{ name: 'E', value: 'x'.repeat(5_000) }]]),
      },
    ],
  }
}

/** What pods of the lowest and of the highest priority name. */
export const extremeClasses = [-2_147_483_648, 1_000_000_000].map((value) => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name: value < 0 ? 'lowest' : 'highest' },
  value,
}))

/** A pod on a node that is always valid: each number that its agent reckons with at one of its bounds. */
export function extremePod(seed: number, index: number, nodeName: string) {
  const { one, maybe } = drawing(seed * 1_000 + index)
  const terminationGracePeriodSeconds = one(grace)
  const check = () =>
    one([
      { exec: { command: ['true'] } },
      { httpGet: { port: one(ports), path: '/' } },
      { tcpSocket: { port: one(ports) } },
    ])
  const probe = () => ({
    ...check(),
    ...maybe('initialDelaySeconds', [0, ...seconds31]),
    ...maybe('periodSeconds', periods),
    ...maybe('timeoutSeconds', [0, ...seconds31]),
    ...maybe('failureThreshold', seconds31),
  })
  const sleep = { seconds: one([1, terminationGracePeriodSeconds]) }
  const preStop = terminationGracePeriodSeconds > 1 ? one([check(), { sleep }]) : check()
  const amounts = { cpu: one(limits), memory: one(limits) }
  const user = { ...maybe('runAsUser', ids), ...maybe('runAsGroup', ids) }
  const divisor = { resource: 'limits.memory', ...maybe('divisor', ['0', '1', '1Mi', '1Ei']) }
  const container = {
    name: 'c',
    image: 'i',
    ...maybe('resources', [{ limits: amounts, requests: { cpu: '0', memory: '0' } }]),
    ...maybe('startupProbe', [probe()]),
    ...maybe('readinessProbe', [{ ...probe(), ...maybe('successThreshold', seconds31) }]),
    ...maybe('livenessProbe', [probe()]),
    ...maybe('lifecycle', [{ preStop }, { postStart: check() }]),
    ...maybe('ports', [[{ containerPort: one(ports) }]]),
    ...maybe('securityContext', [user]),
    env: [{ name: 'MEMORY', valueFrom: { resourceFieldRef: { containerName: 'c', ...divisor } } }],
    volumeMounts: [{ name: 'v', mountPath: '/v' }],
  }
  const items = [{ path: 'p', fieldRef: { fieldPath: 'metadata.name' }, ...maybe('mode', modes) }]
  const volume = one([
    { emptyDir: { sizeLimit: one(limits) } },
    { downwardAPI: { items, ...maybe('defaultMode', modes) } },
  ])
  const spec = {
    nodeName,
    terminationGracePeriodSeconds,
    ...maybe('activeDeadlineSeconds', seconds31),
    ...maybe(
      'priorityClassName',
      extremeClasses.map(({ metadata }) => metadata.name),
    ),
    ...maybe('securityContext', [{ fsGroup: one(ids), supplementalGroups: ids }]),
    ...maybe('tolerations', [
      [{ operator: 'Exists', effect: 'NoExecute', tolerationSeconds: one(int64) }],
    ]),
    ...maybe('restartPolicy', ['Never', 'OnFailure']),
    volumes: [{ name: 'v', ...volume }],
    containers: [container],
  }
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: `pod-${index}` }, spec }
}
