import type { PodDisk } from '../volumes/pod-disk.ts'

/** A disk that only remembers which pods have something on it. */
export function createSimulatedDisk(): PodDisk {
  const pods = new Set<string>()
  return {
    volumePath: (name) => `/simulated/volumes/${name}`,
    removeVolume: async () => {},
    async place(podUid) {
      pods.add(podUid)
    },
    async pathOf(podUid, content, subPath) {
      const base =
        content.type === 'Local' ? [content.path] : ['/simulated', podUid, content.volume]
      return [...base, ...(subPath === undefined ? [] : [subPath])].join('/')
    },
    machineHosts: async () => '',
    machineResolver: async () => ({ path: '/etc/resolv.conf', text: '' }),
    async messageFile(podUid, { container, attempt }) {
      return `/simulated/${podUid}/messages/${container}/${attempt}`
    },
    message: async () => '',
    usedBytes: async () => 0,
    volumeBytes: async () => 0,
    async pods() {
      return [...pods]
    },
    freeMemory: async () => undefined,
    tearDown: async () => {},
    async remove(podUid) {
      pods.delete(podUid)
    },
  }
}
