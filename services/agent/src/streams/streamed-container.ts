import { StatusError } from '@reckon/kubernetes'
import type { StreamedContainer } from '@reckon/node-plane'
import type { Runtime, SeenContainer } from '../runtime/runtime.ts'

/** The container with this id, if it belongs to that pod; refused with `NotFound` in a kubelet's wording. */
export async function streamedContainer(
  runtime: Runtime,
  { pod, container, id }: StreamedContainer,
): Promise<SeenContainer> {
  const found = (await runtime.list(pod.uid)).find((each) => each.id === id)
  if (found !== undefined && found.container === container) return found
  throw new StatusError('NotFound', `container not found ("${container}")`)
}
