import { setTimeout as after } from 'node:timers/promises'
import type { Informer, KubernetesObject } from '@kubernetes/client-node'

const retryMs = 50

/**
 * Starts an informer, and anew after each error, as the documentation of client-node wants it. Ends it by what it
 * answers.
 */
export async function keepInformed<T extends KubernetesObject>(
  informer: Informer<T>,
): Promise<() => Promise<void>> {
  let isOver = false
  informer.on('error', async () => {
    await after(retryMs)
    if (!isOver) await informer.start()
  })
  await informer.start()
  return async () => {
    isOver = true
    await informer.stop()
  }
}
