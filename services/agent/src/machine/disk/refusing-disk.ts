import { RuntimeRefusal } from '../../runtime/runtime.ts'
import type { PodDisk } from '../../volumes/pod-disk.ts'

/**
 * Wraps a disk so that errors of the machine (it is full, a name is too long, a mount is busy) become
 * `RuntimeRefusal`s.
 */
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

/** Converts the error of a system call or a command to a refusal; any other error is our bug. */
export function refuse(error: unknown): never {
  const isOfMachine = error instanceof Error && ('syscall' in error || 'cmd' in error)
  if (!isOfMachine) throw error
  throw new RuntimeRefusal(error.message, { cause: error })
}
