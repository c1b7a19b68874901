import type { ObjectChange, Objects, StoredObject } from '@reckon/domain'
import {
  type Ingress,
  ingressClasses,
  ingresses,
  isDeepEqual,
  isOf,
  isTerminating,
  namesOf,
  nodes,
  objectKey,
  type Secret,
  secrets,
} from '@reckon/kubernetes'
import { keyPairIn } from '@reckon/process'
import { rivalsOf, servedIngresses, takenPaths } from '@reckon/routing'
import { type Controller, planFor } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import { type Certificate, edgeAddresses, edgeOf, plan } from './plan.ts'

/**
 * Ingresses: reports the addresses at which they are served, and which of their certificates and paths are not used.
 */
export const ingressController: Controller = {
  name: 'ingress-controller',

  keysOf(change, objects) {
    const { object } = change.stored
    if (isOf(ingresses, object))
      return change.type === 'DELETED' ? [] : ownAndRivals(object, objects)
    if (isOf(secrets, object)) return naming(object, objects)
    return isOf(ingressClasses, object) || movesEdges(change) ? keys(objects) : []
  },

  allKeys: (objects) => keys(objects),

  async reconcile(key, { objects, writerFor }) {
    const stored = objects.get(ingresses, ...namesOf(key))
    if (stored === undefined || isTerminating(stored.object)) return undefined
    const ingress = stored.object
    const classes = objects.list(ingressClasses).map(({ object }) => object)
    const addresses = edgeAddresses(objects.list(nodes).map(({ object }) => object))
    const steps = planFor(ingress, () =>
      servedIngresses([ingress], classes).length === 0
        ? []
        : plan(ingress, {
            addresses,
            certificates: certificatesOf(ingress, objects),
            taken: takenPaths(ingress, rivals(ingress, objects), classes),
          }),
    )
    const writer = writerFor(stored)
    await eachStep(steps, (step) =>
      step.type === 'SetAddresses'
        ? writer.changeStatus(ingress, step.status ?? {})
        : writer.note(ingress, step.note),
    )
    return undefined
  },
}

const keys = (objects: Objects): string[] =>
  objects.list(ingresses).map(({ object }) => objectKey(object.metadata))

/**
 * An index of Ingresses by host: looking at all of them for each change would take milliseconds with thousands of
 * Ingresses.
 */
const rivals = (ingress: Ingress, objects: Objects): readonly Ingress[] =>
  rivalsOf(
    ingress,
    (ingresses.hosts?.(ingress) ?? []).flatMap((host) =>
      objects.ofHost(ingresses, host).map(({ object }) => object),
    ),
  )

/** The Ingress itself, and those with which it shares a host. */
const ownAndRivals = (ingress: Ingress, objects: Objects): string[] => [
  ...new Set([ingress, ...rivals(ingress, objects)].map(({ metadata }) => objectKey(metadata))),
]

const naming = ({ metadata: { namespace, name } }: Secret, objects: Objects): string[] =>
  objects
    .list(ingresses, namespace ?? '')
    .filter(({ object }) => object.spec.tls?.some(({ secretName }) => secretName === name))
    .map(({ object }) => objectKey(object.metadata))

/** Whether the edges' addresses changed; most changes of a node do not concern them. */
function movesEdges({ stored, before, type }: ObjectChange): boolean {
  const of = (each: StoredObject | undefined) =>
    each && isOf(nodes, each.object) ? edgeOf(each.object) : undefined
  return !isDeepEqual(of(before), type === 'DELETED' ? undefined : of(stored))
}

function certificatesOf(ingress: Ingress, objects: Objects): Certificate[] {
  const named = (ingress.spec.tls ?? []).flatMap(({ secretName }) => secretName ?? [])
  return [...new Set(named)].map((secretName) => {
    const stored = objects.get(secrets, ingress.metadata.namespace ?? '', secretName)
    return { secretName, problem: problemOf(stored) }
  })
}

function problemOf(stored: StoredObject<Secret> | undefined): string | undefined {
  if (stored === undefined) return 'there is none'
  // Without the master key the content of a Secret is unknown here.
  if (stored.sealed === 'Closed') return undefined
  const { type = 'Opaque', data } = stored.object
  if (type !== 'kubernetes.io/tls') return `its type is ${type}, not kubernetes.io/tls`
  const found = keyPairIn(data)
  return 'problem' in found ? found.problem : undefined
}
