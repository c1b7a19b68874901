import { chmod, lstat, mkdir, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { hasCode } from '@reckon/process'
import { mountMemory, unmountMemory } from './mounts.ts'
import { createTurns } from './turns.ts'

/**
 * Memory for what of all pods of a node must not lie on the disk: a mount for each of them would cost a process at each
 * start and end. Once it is mounted it stays, until the node is removed from its machine.
 */
export class SharedMemory {
  readonly #root: string
  readonly #inTurnOf = createTurns()

  constructor(dataDir: string) {
    this.#root = join(dataDir, 'memory')
  }

  /** Sees to it that a volume of the pod lies in memory: its directory leads there. */
  async place(podUid: string, dir: string): Promise<void> {
    await mkdir(dirname(dir), { recursive: true })
    const there = await lstat(dir).catch(unlessAbsent)
    // An earlier agent gave each a mount of its own.
    if (there?.isDirectory()) return mountMemory(dir)
    const target = join(this.#root, podUid, basename(dir))
    await this.#inTurnOf(this.#root, async () => {
      await mkdir(this.#root, { recursive: true })
      await mountMemory(this.#root)
      await mkdir(target, { recursive: true })
      // As the root of a mount of its own would be.
      await chmod(target, 0o1777)
    })
    if (there === undefined) await symlink(target, dir)
  }

  /** Gives back all that is a pod's; nothing happens where there is nothing. */
  async remove(podUid: string): Promise<void> {
    await rm(join(this.#root, podUid), { recursive: true, force: true })
  }

  /** No pod has anything there any more, and none will. */
  async unmount(): Promise<void> {
    await unmountMemory(this.#root)
  }
}

function unlessAbsent(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT')) throw error
}
