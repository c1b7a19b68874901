import type { Bus, Clock } from '@reckon/eventing'
import type { KubernetesObject } from '@reckon/kubernetes'
import {
  type NodeChange,
  type NodeListener,
  type NodeUpsert,
  nodeApplied,
  runNodeReader,
} from '@reckon/node-plane'

const appliedEveryMs = 1_000

/** Everything that one node was told, by resource, namespace and name. */
export class NodeView implements NodeListener {
  position: bigint | undefined
  readonly objects = new Map<string, KubernetesObject>()

  onState(position: bigint, { objects }: { objects: readonly NodeUpsert[] }): void {
    this.objects.clear()
    this.onChanges(position, objects)
  }

  onChanges(position: bigint, changes: readonly NodeChange[]): void {
    for (const change of changes) {
      if (change.type === 'Upsert') {
        this.objects.set(nodeViewKey(change.resource, change.object.metadata), change.object)
      } else this.objects.delete(nodeViewKey(change.resource, change))
    }
    this.position = position
  }
}

export const nodeViewKey = (
  resource: string,
  { namespace = '', name }: { namespace?: string; name: string },
): string => `${resource} ${namespace}/${name}`

/** Keeps the view of a node and tells every second which position it has reached. */
export async function runNodeView(
  ports: { bus: Bus; clock: Clock },
  node: string,
  view: NodeView,
  signal: AbortSignal,
): Promise<void> {
  const tell = async (): Promise<void> => {
    while (!signal.aborted) {
      if (view.position !== undefined) {
        const applied = JSON.stringify({ position: String(view.position) })
        ports.bus.publish(nodeApplied(node), new TextEncoder().encode(applied))
      }
      await ports.clock.sleep(appliedEveryMs, signal)
    }
  }
  await Promise.all([runNodeReader(ports, node, view, signal), tell()])
}
