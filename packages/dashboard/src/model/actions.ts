import { type Kind, pathOf } from './kind.ts'
import type { AnyObject } from './object.ts'

/** What the API is asked for when somebody does something; paths as `pathOf` has them. */
type ActionRequest = {
  readonly method: 'DELETE' | 'PATCH' | 'POST'
  readonly path: string
  readonly body: unknown
  readonly type?: string
}

/** Something that may be done to an object. */
export type Action = {
  readonly name: 'cordon' | 'delete' | 'evict' | 'restart' | 'scale' | 'uncordon'
  /** The right that it takes. */
  readonly verb: string
  readonly subresource?: string
  /** How many there are to be, as it is now; only of `scale`. */
  readonly replicas?: number
  request(input: Input): ActionRequest
}

/** What somebody chose, and when. */
type Input = { readonly replicas: number; readonly nowMs: number }

const scaled = [
  'deployments.apps',
  'replicasets.apps',
  'replicationcontrollers',
  'statefulsets.apps',
]
const restarted = ['daemonsets.apps', 'deployments.apps', 'statefulsets.apps']
const mergePatch = 'application/merge-patch+json'
const restartedAt = 'kubectl.kubernetes.io/restartedAt'

/** What may be done to an object of a kind, the mildest first, each asked for as kubectl asks for it. */
export function actionsFor(kind: Kind, object: AnyObject): readonly Action[] {
  const { name = '', namespace = '', uid } = object.metadata ?? {}
  const path = pathOf(kind, namespace, name)
  const patch = (body: unknown): ActionRequest => ({
    method: 'PATCH',
    path,
    body,
    type: mergePatch,
  })
  const actions: Action[] = []
  if (scaled.includes(kind.id)) {
    actions.push({
      ...{ name: 'scale', verb: 'patch', subresource: 'scale' },
      replicas: object.spec?.replicas ?? 1,
      request: ({ replicas }) => ({ ...patch({ spec: { replicas } }), path: `${path}/scale` }),
    })
  }
  if (restarted.includes(kind.id)) {
    actions.push({
      ...{ name: 'restart', verb: 'patch' },
      request: ({ nowMs }) => {
        const annotations = { [restartedAt]: new Date(nowMs).toISOString() }
        return patch({ spec: { template: { metadata: { annotations } } } })
      },
    })
  }
  if (kind.id === 'nodes') {
    const unschedulable = object.spec?.unschedulable !== true
    actions.push({
      ...{ name: unschedulable ? 'cordon' : 'uncordon', verb: 'patch' },
      request: () => patch({ spec: { unschedulable } }),
    })
  }
  if (kind.id === 'pods') {
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } }
    actions.push({
      ...{ name: 'evict', verb: 'create', subresource: 'eviction' },
      request: () => ({ method: 'POST', path: `${path}/eviction`, body }),
    })
  }
  // Not another object that has got its name since.
  const options = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid } }
  const body = { ...options, propagationPolicy: 'Background' }
  actions.push({
    ...{ name: 'delete', verb: 'delete' },
    request: () => ({ method: 'DELETE', path, body }),
  })
  return actions
}
