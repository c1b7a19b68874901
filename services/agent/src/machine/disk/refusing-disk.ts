import { RuntimeRefusal } from '../../runtime/runtime.ts'
import type { PodDisk } from '../../volumes/pod-disk.ts'

/** The disk, where what the machine refuses (it is full, a name is too long, a mount is busy) is a `RuntimeRefusal`. */
export const refusing = (disk: PodDisk): PodDisk => ({
  place: (...given) => disk.place(...given).catch(refuse),
  pathOf: (...given) => disk.pathOf(...given).catch(refuse),
  volumePath: (name) => disk.volumePath(name),
  removeVolume: (name) => disk.removeVolume(name).catch(refuse),
  machineHosts: () => disk.machineHosts().catch(refuse),
  machineResolver: () => disk.machineResolver().catch(refuse),
  messageFile: (...given) => disk.messageFile(...given).catch(refuse),
  message: (...given) => disk.message(...given).catch(refuse),
  usedBytes: (...given) => disk.usedBytes(...given).catch(refuse),
  volumeBytes: (...given) => disk.volumeBytes(...given).catch(refuse),
  pods: () => disk.pods().catch(refuse),
  freeMemory: (podUid) => disk.freeMemory(podUid).catch(refuse),
  remove: (podUid) => disk.remove(podUid).catch(refuse),
  tearDown: () => disk.tearDown().catch(refuse),
})

/** What a system call or a command failed of is a refusal of the machine; all else is ours. */
export function refuse(error: unknown): never {
  const isOfMachine = error instanceof Error && ('syscall' in error || 'cmd' in error)
  if (!isOfMachine) throw error
  throw new RuntimeRefusal(error.message, { cause: error })
}
