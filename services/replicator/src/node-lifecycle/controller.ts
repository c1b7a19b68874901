import type { Objects } from '@reckon/domain'
import {
  isDeepEqual,
  isOf,
  type KubernetesObject,
  type Node,
  nodes,
  pods,
  secondsOf,
} from '@reckon/kubernetes'
import { type Context, type Controller, planFor } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import type { TermSeconds } from '../term-seconds.ts'
import type { Writer } from '../writer.ts'
import type { Heartbeats } from './heartbeats.ts'
import { isUnreachable, plan, type Step } from './plan.ts'
import { wantedTaints } from './taints.ts'
import { unreachableStatus, unreadyStatus } from './unreachable.ts'

/** What nodes are judged by in one term. */
export type NodeTerm = { heartbeats: Heartbeats; seconds: TermSeconds; graceSeconds: number }

/**
 * Marks nodes whose agents fall silent, and sets the taints that follow from conditions. As upstream's
 * node_lifecycle_controller.go, except that silence counts only while the wire is known to work, and starts anew with
 * each term.
 */
export class NodeLifecycleController implements Controller {
  readonly name = 'node-controller'
  readonly #term: NodeTerm
  #isMassSilence = false
  /** The nodes that were silent when it was last looked: their silence goes on until they are heard. */
  #silent: ReadonlySet<string> = new Set()

  constructor(term: NodeTerm) {
    this.#term = term
  }

  keysOf({ type, stored: { object }, before }: Parameters<Controller['keysOf']>[0]): string[] {
    if (!isOf(nodes, object)) return []
    const { name } = object.metadata
    const { silence } = this.#term.heartbeats
    // A new node has the whole grace time to begin.
    if (type === 'ADDED') silence.heard(name)
    if (type === 'DELETED') silence.forget(name)
    const isKnown = before && isDeepEqual(marks(object), marks(before.object))
    return type === 'DELETED' || isKnown ? [] : [name]
  }

  follow(objects: Objects, add: (key: string) => void): () => void {
    const { heartbeats, seconds } = this.#term
    const end = heartbeats.listen()
    const stop = seconds.subscribe(() => {
      heartbeats.say()
      for (const name of this.#judged(objects)) add(name)
    })
    return () => {
      stop()
      end()
    }
  }

  allKeys(objects: Objects): readonly string[] {
    // Until it is heard, a node that was recorded as unreachable still counts as silent.
    this.#judged(objects)
    return objects.list(nodes).map(({ object }) => object.metadata.name)
  }

  async reconcile(key: string, { objects, nowMs, writerFor }: Context): Promise<undefined> {
    const stored = objects.get(nodes, '', key)
    if (stored === undefined) return
    const node = stored.object
    const isMassSilence = this.#isMassSilence
    const now = secondsOf(nowMs)
    const steps = planFor(node, () =>
      plan(node, {
        pods: objects.podsOn(key).map(({ object }) => object),
        isSilent: this.#isSilent(key),
        isMassSilence,
        now,
      }),
    )
    const writer = writerFor(stored)
    const isSilent = () => this.#isSilent(key)
    await eachStep(steps, (step) => carryOut(step, node, { writer, isSilent, isMassSilence, now }))
  }

  #isSilent(name: string): boolean {
    const { heartbeats, graceSeconds } = this.#term
    return heartbeats.silence.of(name) >= graceSeconds
  }

  /** The nodes whose recorded state differs from what is known now. */
  #judged(objects: Objects): string[] {
    const { heartbeats, graceSeconds } = this.#term
    const { silence } = heartbeats
    const judged: string[] = []
    const unreachable: string[] = []
    const silent = new Set<string>()
    let all = 0
    for (const { object } of objects.scan(nodes)) {
      const { name } = object.metadata
      const isKnown = isUnreachable(object)
      all++
      // Nodes that fail together fall silent within moments, but each is judged only after its grace
      // time. What was found is not forgotten when the wire goes away, though the view may lack it still.
      const goesOn = !silence.hasHeard(name) && (isKnown || this.#silent.has(name))
      if (silence.of(name) > graceSeconds / 2 || goesOn) silent.add(name)
      if (isKnown) unreachable.push(name)
      else if (this.#isSilent(name)) judged.push(name)
    }
    this.#silent = silent
    const isMassSilence = silent.size * 2 > all
    if (isMassSilence === this.#isMassSilence) return judged
    this.#isMassSilence = isMassSilence
    return [...judged, ...unreachable]
  }
}

type Hand = { writer: Writer; isSilent(): boolean; isMassSilence: boolean; now: string }

/** Each step is decided again on the object's newest version, and dropped if the node was heard meanwhile. */
async function carryOut(
  step: Step,
  node: Node,
  { writer, isSilent, isMassSilence, now }: Hand,
): Promise<void> {
  switch (step.type) {
    case 'MarkUnreachable':
      return writer.changeStatus(node, (current) =>
        isOf(nodes, current) && isSilent() ? unreachableStatus(current, now) : current.status,
      )
    case 'SetTaints':
      return writer.change(node, (current) => {
        if (!isOf(nodes, current)) return current
        const taints = [...wantedTaints(current, { isMassSilence, now })]
        const { taints: _, ...spec } = current.spec
        return { ...current, spec: { ...spec, ...(taints.length > 0 && { taints }) } }
      })
    case 'MarkUnready':
      return writer.changeStatus(step.pod, (current) =>
        isOf(pods, current) ? unreadyStatus(current, now) : current.status,
      )
  }
}

/** What the judgement about a node depends on. */
const marks = ({ spec, status }: Partial<Node> & KubernetesObject) => [
  spec?.taints,
  spec?.unschedulable,
  status?.conditions?.map(({ type, status }) => [type, status]),
]
