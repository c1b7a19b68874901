import type { Objects, StoredObject } from '@reckon/domain'
import {
  type HorizontalPodAutoscaler,
  horizontalPodAutoscalers,
  isDeepEqual,
  isOf,
  isRefusal,
  type KubernetesObject,
  labelSelectorOf,
  namesOf,
  notFound,
  objectKey,
  type Pod,
  parseLabelSelector,
  pods,
  type Resource,
  resourceId,
  secondsOf,
  withReplicas,
} from '@reckon/kubernetes'
import { type Context, type Controller, planFor } from '../controller.ts'
import type { Writer } from '../writer.ts'
import { conditionsWith, type Statement } from './conditions.ts'
import type { HeardUsages } from './heard-usages.ts'
import { PastScaling } from './past-scaling.ts'
import { type AutoscalingPlan, plan, succeeded } from './plan.ts'
import { sampleOf } from './usage-sample.ts'

/** Upstream's sync period, and about as often as nodes report usage. */
const syncMs = 15_000

/**
 * HorizontalPodAutoscalers: scale targets to the replicas that their CPU and memory usage requires. A decision is
 * recorded before the target is scaled. The history for windows and rates is kept for a term, like upstream's until the
 * process ends.
 */
export class HorizontalPodAutoscalerController implements Controller {
  readonly name = 'horizontal-pod-autoscaler'
  readonly #usages: HeardUsages
  /** By uid. */
  readonly #past = new Map<string, PastScaling>()

  constructor(usages: HeardUsages) {
    this.#usages = usages
  }

  keysOf({ type, stored: { object }, before }: Parameters<Controller['keysOf']>[0]): string[] {
    if (!isOf(horizontalPodAutoscalers, object)) return []
    if (type === 'DELETED') this.#past.delete(object.metadata.uid ?? '')
    const isSame = before !== undefined && isDeepEqual(before.object.spec, object.spec)
    return type === 'DELETED' || isSame ? [] : [objectKey(object.metadata)]
  }

  follow(): () => void {
    return this.#usages.listen()
  }

  allKeys(objects: Objects): readonly string[] {
    return objects.list(horizontalPodAutoscalers).map(({ object }) => objectKey(object.metadata))
  }

  async reconcile(
    key: string,
    { objects, nowMs, writerFor }: Context,
  ): Promise<number | undefined> {
    const [namespace, name] = namesOf(key)
    const stored = objects.get(horizontalPodAutoscalers, namespace, name)
    if (stored === undefined) return undefined
    const autoscaler = stored.object
    const found = targetOf(autoscaler, objects)
    const past = this.#pastOf(autoscaler, found, nowMs)
    const planned = planFor(autoscaler, () => {
      const selected = 'unknown' in found ? [] : podsOf(found, namespace, objects)
      return plan(autoscaler, {
        scale: found,
        samplesOf: (measured) =>
          selected.map((pod) => sampleOf(pod, this.#usages.of(pod), { measured, nowMs })),
        ...{ past, nowMs },
      })
    })
    if (planned.recommended !== undefined) past.recommend(planned.recommended, nowMs)
    const target = 'unknown' in found ? undefined : found
    await carryOut(planned, { stored, target, past, nowMs, writer: writerFor(stored) })
    return nowMs + syncMs
  }

  /**
   * An autoscaler seen for the first time in a term is assumed to have recommended the present replicas: upstream's
   * initial recommendation.
   */
  #pastOf(
    { metadata: { uid = '' } }: HorizontalPodAutoscaler,
    found: ReturnType<typeof targetOf>,
    nowMs: number,
  ): PastScaling {
    const known = this.#past.get(uid)
    if (known) return known
    const past = new PastScaling()
    if ('unknown' in found) return past
    past.recommend(found.replicas, nowMs)
    this.#past.set(uid, past)
    return past
  }
}

/** The scale target, its replicas and its pods. */
type ScaleTarget = {
  readonly resource: Resource
  readonly object: KubernetesObject
  readonly replicas: number
  readonly selector: ReturnType<typeof labelSelectorOf>
}

function targetOf(
  { metadata: { namespace = '' }, spec }: HorizontalPodAutoscaler,
  objects: Objects,
): ScaleTarget | { unknown: string } {
  const { apiVersion = 'v1', kind, name } = spec.scaleTargetRef
  const resource = objects.resources.ofKind(apiVersion, kind)
  if (resource?.replicas === undefined) {
    return {
      unknown: `no matches for kind "${kind}" in version "${apiVersion}" that can be scaled`,
    }
  }
  const object = objects.get(resource, namespace, name)?.object
  if (object === undefined) return { unknown: notFound(resource, name).message }
  const { wanted, selector } = resource.replicas(object)
  const parsed =
    typeof selector === 'string' ? parseLabelSelector(selector) : labelSelectorOf(selector)
  if (parsed === 'Nothing' || parsed.length === 0) {
    return { unknown: `${resourceId(resource)} "${name}": its scale is missing a selector` }
  }
  return { resource, object, replicas: wanted, selector: parsed }
}

const podsOf = ({ selector }: ScaleTarget, namespace: string, objects: Objects): Pod[] =>
  Array.from(objects.scan(pods, { namespace, labels: selector }), ({ object }) => object)

type StepContext = {
  stored: StoredObject<HorizontalPodAutoscaler>
  target: ScaleTarget | undefined
  past: PastScaling
  nowMs: number
  writer: Writer
}

async function carryOut(
  { status, decision, isRetry = false, notes }: AutoscalingPlan,
  { stored: { object: autoscaler }, target, past, nowMs, writer }: StepContext,
): Promise<void> {
  if (status) {
    const joined = decision && !isRetry ? { scaling: decision } : undefined
    await writer.changeStatus(autoscaler, status, joined)
  }
  for (const note of notes) await writer.note(autoscaler, note)
  if (decision === undefined || target === undefined) return
  const { resource, object } = target
  const told = status ?? autoscaler.status
  const say = (statement: Statement, lastScaleTime?: string) => {
    const { lastScaleTime: _, ...rest } = told ?? {}
    const conditions = conditionsWith(told?.conditions ?? [], [statement], nowMs)
    const at = lastScaleTime === undefined ? {} : { lastScaleTime }
    return writer.changeStatus(autoscaler, { ...rest, ...at, conditions })
  }
  try {
    await writer.change(object, (current) => withReplicas(resource, current, decision.to))
  } catch (error) {
    if (!isRefusal(error)) throw error
    const { message } = error
    await say(failed(message), autoscaler.status?.lastScaleTime)
    const told = `New size: ${decision.to}; reason: ${decision.reason}; error: ${message}`
    await writer.note(autoscaler, { type: 'Warning', reason: 'FailedRescale', message: told })
    return
  }
  past.scaled(decision.to - decision.from, nowMs)
  if (isRetry) await say(succeeded(decision), secondsOf(nowMs))
}

const failed = (why: string): Statement => ({
  ...{ type: 'AbleToScale', isTrue: false, reason: 'FailedUpdateScale' },
  message: `the HPA controller was unable to update the target scale: ${why}`,
})
