import { mkdir, readdir, rm, rmdir, stat, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hasCode } from '@reckon/process'
import { type SeenContainer, sandboxName } from '../runtime/runtime.ts'

/** Where a container's log is found by collectors: the attempt's own file, and a link to it with all names in its own. */
type Paths = { attempt: string; container: string }

/** In upstream's places below the directory, which is `/var/log` for a kubelet. Pure. */
export function logPathsOf(
  root: string,
  { id, pod, container, attempt }: Pick<SeenContainer, 'id' | 'pod' | 'container' | 'attempt'>,
): Paths {
  const { namespace, name, uid } = pod
  return {
    attempt: join(root, 'pods', `${namespace}_${name}_${uid}`, container, `${attempt}.log`),
    container: join(root, 'containers', `${name}_${namespace}_${container}-${id}.log`),
  }
}

/**
 * Links to the files in which the engine keeps what containers write, in the places where collectors of logs look: as
 * dockershim made them. Made when a container is seen and removed with it; what an ended agent has left is swept.
 */
export class LogLinks {
  readonly #root: string
  readonly #linked = new Map<string, Paths>()

  constructor(root: string) {
    this.#root = root
  }

  async link(seen: SeenContainer, engineFile: string): Promise<void> {
    if (seen.container === sandboxName || engineFile === '' || this.#linked.has(seen.id)) return
    const paths = logPathsOf(this.#root, seen)
    this.#linked.set(seen.id, paths)
    await relink(engineFile, paths.attempt)
    await relink(paths.attempt, paths.container)
  }

  async unlink(id: string): Promise<void> {
    const paths = this.#linked.get(id)
    if (paths === undefined) return
    this.#linked.delete(id)
    await rm(paths.container, { force: true })
    await removeAttempt(paths.attempt)
  }

  /** Removes the links to what is there no more. */
  async sweep(): Promise<void> {
    for (const name of await namesIn(join(this.#root, 'containers'))) {
      const link = join(this.#root, 'containers', name)
      if (!(await leadsSomewhere(link))) await rm(link, { force: true })
    }
    for (const pod of await namesIn(join(this.#root, 'pods'))) {
      for (const container of await namesIn(join(this.#root, 'pods', pod))) {
        const folder = join(this.#root, 'pods', pod, container)
        for (const name of await namesIn(folder)) {
          if (!(await leadsSomewhere(join(folder, name)))) await removeAttempt(join(folder, name))
        }
      }
    }
  }
}

/** The attempt's link, and the folders of its container and pod where they held nothing else. */
async function removeAttempt(attempt: string): Promise<void> {
  await rm(attempt, { force: true })
  const folder = dirname(attempt)
  if (await removedEmpty(folder)) await removedEmpty(dirname(folder))
}

async function removedEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOTEMPTY') || hasCode(error, 'ENOENT')) return false
    throw error
  }
}

async function relink(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await rm(path, { force: true })
  await symlink(target, path)
}

async function leadsSomewhere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

/** Nothing where there is no such folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return []
    throw error
  }
}
