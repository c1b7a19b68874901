import { chmod, lstat, mkdir, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { hasCode, KeyedMutex } from '@reckon/process'
import { mountMemory, unmountMemory } from './mounts.ts'

/**
 * One tmpfs for all pods of a node, because a mount for each would cost a process at each start and end. It stays
 * mounted until the node is removed from its machine.
 */
export class SharedMemory {
  readonly #root: string
  readonly #mounting = new KeyedMutex()

  constructor(dataDir: string) {
    this.#root = join(dataDir, 'memory')
  }

  /** Ensures that a pod's volume is in memory: its directory becomes a link there. */
  async place(podUid: string, dir: string): Promise<void> {
    await mkdir(dirname(dir), { recursive: true })
    const there = await lstat(dir).catch(unlessAbsent)
    // An earlier version of the agent mounted each volume separately.
    if (there?.isDirectory()) return mountMemory(dir)
    const target = join(this.#root, podUid, basename(dir))
    await this.#mounting.run(this.#root, async () => {
      await mkdir(this.#root, { recursive: true })
      await mountMemory(this.#root)
      await mkdir(target, { recursive: true })
      // As the root of a separate mount would be.
      await chmod(target, 0o1777)
    })
    if (there === undefined) await symlink(target, dir)
  }

  /** Frees everything of a pod, if there is anything. */
  async remove(podUid: string): Promise<void> {
    await rm(join(this.#root, podUid), { recursive: true, force: true })
  }

  /** Unmounts it, after the last pod. */
  async unmount(): Promise<void> {
    await unmountMemory(this.#root)
  }
}

function unlessAbsent(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT')) throw error
}
