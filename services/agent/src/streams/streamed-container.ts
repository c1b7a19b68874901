import { StatusError } from '@reckon/kubernetes'
import type { StreamedContainer } from '@reckon/node-plane'
import type { Runtime, SeenContainer } from '../runtime/runtime.ts'

/** The container that api means, where it is one of that pod; refused with `NotFound` in a kubelet's words. */
export async function streamedContainer(
  runtime: Runtime,
  { pod, container, id }: StreamedContainer,
): Promise<SeenContainer> {
  const found = (await runtime.list(pod.uid)).find((each) => each.id === id)
  if (found !== undefined && found.container === container) return found
  throw new StatusError('NotFound', `container not found ("${container}")`)
}
