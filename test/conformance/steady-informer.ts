import { setTimeout as after } from 'node:timers/promises'
import type { Informer, KubernetesObject } from '@kubernetes/client-node'

const retryMs = 50

/**
 * Starts an informer, and restarts it after each error, as client-node's documentation recommends. Returns a function
 * that stops it.
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
