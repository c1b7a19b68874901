import {
  type Amounts,
  countedBy,
  decideClaims,
  differenceOf,
  only,
  type QuotaUse,
  unsaid,
  usageOf,
} from '@reckon/domain'
import { attempt } from '@reckon/eventing'
import {
  compareQuantities,
  forbidden,
  isRefusal,
  type KubernetesObject,
  type Resource,
} from '@reckon/kubernetes'
import { reachHead } from '../at-head.ts'
import type { ReservePlugin, Transition } from '../reserve-plugin.ts'
import type { WritePorts } from '../write-ports.ts'
import { releaseClaim } from './claim-repair.ts'

/**
 * Enforces the quotas of a namespace, as upstream's plugin. An object's usage is claimed before it is recorded; the
 * claim stands until then, so nothing has to be given back afterwards.
 */
export const resourceQuota: ReservePlugin = {
  name: 'ResourceQuota',
  reserve: (ports, transition) =>
    atHeadOnceMore(ports, async () => {
      const { holder, origin } = transition
      const amounts = attempt(holder.stream, () => amountsOf(ports, transition))
      if (amounts === undefined) return
      const command = { type: 'Reserve', claim: { ...holder, amounts } } as const
      const { claimQueue } = ports.known
      refuse(transition, await claimQueue.ask(ports, namespaceOf(transition), { command, origin }))
    }),
  async release(ports, transition) {
    const { holder, origin, recordedAt } = transition
    const namespace = namespaceOf(transition)
    if (recordedAt !== undefined) return
    if (!ports.known.quotas.isClaimed(namespace, holder)) return
    try {
      await releaseClaim(ports, { namespace, holder }, origin)
    } catch (error) {
      // If the store is away now, the replicator releases it later.
      if (!isRefusal(error)) throw error
    }
  },
}

/** Whether a quota counts the object, so that it must be claimed before it is recorded. */
export const isBounded = (
  ports: WritePorts,
  { resource, object }: { resource: Resource; object: KubernetesObject },
): boolean =>
  usesOf(ports, object).some((use) => !isNothing(countedBy(use.quota, resource, object)))

/** Refuses what the quotas would refuse now. Claims nothing. */
export const assertWithinQuotas = (ports: WritePorts, transition: Transition): Promise<void> =>
  atHeadOnceMore(ports, async () => {
    const { holder, to } = transition
    const amounts = attempt(holder.stream, () => amountsOf(ports, transition))
    if (amounts === undefined || to === undefined) return
    const { claims } = ports.known.quotas.claimed(namespaceOf(transition))
    const command = { type: 'Reserve', claim: { ...holder, amounts } } as const
    const [outcome] = decideClaims(usesOf(ports, to), claims, [command])
    refuse(transition, outcome?.refusal)
  })

/** A refusal that depends on other objects counts only if it is repeated with everything recorded before. */
async function atHeadOnceMore(ports: WritePorts, ask: () => Promise<void>): Promise<void> {
  try {
    await ask()
  } catch (error) {
    if (!isRefusal(error, 'Forbidden')) throw error
    await reachHead(ports)
    await ask()
  }
}

const namespaceOf = ({ from, to }: Transition): string => (to ?? from)?.metadata.namespace ?? ''

const usesOf = ({ known }: WritePorts, { metadata }: KubernetesObject): readonly QuotaUse[] =>
  metadata.namespace ? known.quotas.in(metadata.namespace) : []

const isNothing = (amounts: Amounts): boolean => Object.keys(amounts).length === 0

/** The additional usage of the object in each quota; undefined where there is none. */
function amountsOf(
  ports: WritePorts,
  transition: Transition,
): Readonly<Record<string, Amounts>> | undefined {
  const { resource, from, to } = transition
  if (to === undefined || (from && !hasGrown(resource, from, to))) return undefined
  const amounts = usesOf(ports, to).flatMap(({ quota }) => {
    if (from === undefined) refuse(transition, unsaidBy(quota.metadata.name, unsaid(quota, to)))
    const has = countedBy(quota, resource, to)
    const more = from ? differenceOf(has, countedBy(quota, resource, from)) : has
    const added = only(more, (name) => compareQuantities(more[name] ?? '0', '0') > 0)
    return isNothing(added) ? [] : [[quota.metadata.name, added] as const]
  })
  return amounts.length === 0 ? undefined : Object.fromEntries(amounts)
}

/** Whether the object's usage grows at all: otherwise the quotas need not be known. */
function hasGrown(resource: Resource, from: KubernetesObject, to: KubernetesObject): boolean {
  const had = usageOf(resource, from)
  return Object.entries(usageOf(resource, to)).some(
    ([name, amount]) => compareQuantities(amount, had[name] ?? '0') > 0,
  )
}

const unsaidBy = (quota: string, what: string): string | undefined =>
  what === '' ? undefined : `failed quota: ${quota}: must specify ${what}`

function refuse({ resource, to }: Transition, why: string | undefined): void {
  if (why !== undefined) throw forbidden(resource, to?.metadata.name ?? '', why)
}
