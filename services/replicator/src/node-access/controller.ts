import { nodeAccesses, type Objects } from '@reckon/domain'
import { attempt } from '@reckon/eventing'
import { certificateSigningRequests, isOf, nodes } from '@reckon/kubernetes'
import type { Context, Controller } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import { owned, plan } from './plan.ts'
import type { WireAccess } from './wire-access.ts'

const everyNode = 'nodes of other machines'

/** Grants access to the wire to every node with a valid certificate, for as long as that is valid. */
export class NodeAccessController implements Controller {
  readonly name = 'node-access-controller'
  readonly #wire: WireAccess

  constructor(wire: WireAccess) {
    this.#wire = wire
  }

  keysOf({ type, stored: { object } }: Parameters<Controller['keysOf']>[0]): string[] {
    const isNodes = isOf(nodes, object) && type !== 'MODIFIED'
    return isNodes || isOf(certificateSigningRequests, object) ? [everyNode] : []
  }

  allKeys(): readonly string[] {
    return [everyNode]
  }

  async reconcile(key: string, context: Context): Promise<number | undefined> {
    const { objects, nowMs, writerFor } = context
    const accesses = attempt(key, () => nodeAccesses(objects, nowMs))
    await this.#wire.replace(accesses.map(({ node, key }) => ({ node, key })).toSorted(byNode))
    const steps = attempt(key, () => plan(accesses, (name) => nodeIn(objects, name)))
    await eachStep(steps, async ({ request, node }) => {
      const stored = objects.get(certificateSigningRequests, '', request.metadata.name)
      if (stored === undefined) return
      await writerFor(stored).change(request, (current) => owned(current, node))
    })
    const endsMs = Math.min(...accesses.map(({ endsMs }) => endsMs))
    return Number.isFinite(endsMs) ? endsMs : undefined
  }
}

const nodeIn = (objects: Objects, name: string) => objects.get(nodes, '', name)?.object

const byNode = (a: { node: string; key: string }, b: { node: string; key: string }): number =>
  `${a.node} ${a.key}` < `${b.node} ${b.key}` ? -1 : 1
