import type { Namespace, Node, Pod } from '@reckon/kubernetes'

export const zone = 'topology.kubernetes.io/zone'
export const hostname = 'kubernetes.io/hostname'

export const nodeName = (index: number): string => `node-${String(index).padStart(5, '0')}`

/** One of three zones, 32 cores, 128 GiB and 110 places. */
export function nodeOf(index: number): Node {
  const name = nodeName(index)
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: name, labels: { [hostname]: name, [zone]: `zone-${index % 3}` } },
    spec: {},
    status: {
      allocatable: { cpu: '32', memory: '128Gi', pods: '110' },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  }
}

export const namespaceOf = (name: string): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { team: 'bench' } },
  spec: {},
})

let pods = 0

type PodOptions = Partial<Pod['spec']> & { namespace?: string; requests?: Record<string, string> }

export const small = { cpu: '100m', memory: '128Mi' }

/** A pod of an app, small unless it says so. */
export function podOf(app: string, options: PodOptions = {}): Pod {
  const { namespace = 'default', requests = small, ...spec } = options
  pods += 1
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${pods}`, namespace, uid: `uid-${pods}`, labels: { app } },
    spec: { containers: [{ name: 'app', image: 'app', resources: { requests } }], ...spec },
  }
}
