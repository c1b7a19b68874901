import type { PodDisk } from '../volumes/pod-disk.ts'

/** A disk that keeps nothing but which pods have something on it. */
export function createSimulatedDisk(): PodDisk {
  const pods = new Set<string>()
  return {
    async place(podUid) {
      pods.add(podUid)
    },
    async pathOf(podUid, { volume }, subPath) {
      return ['/simulated', podUid, volume, ...(subPath === undefined ? [] : [subPath])].join('/')
    },
    machineHosts: async () => '',
    async messageFile(podUid, { container, attempt }) {
      return `/simulated/${podUid}/messages/${container}/${attempt}`
    },
    message: async () => '',
    async pods() {
      return [...pods]
    },
    freeMemory: async () => undefined,
    async remove(podUid) {
      pods.delete(podUid)
    },
  }
}
