import { mkdir, readdir, readlink, rename, rm, rmdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hasCode } from '@reckon/process'
import { isThere } from '../../machine/disk/is-there.ts'
import { type SeenContainer, sandboxName } from '../../runtime/runtime.ts'

/**
 * The links by which collectors find a container's log: one for the attempt, and one to it whose name contains all
 * names.
 */
type Paths = { attempt: string; container: string }

/** The longest file name on common file systems. */
const nameBytesMax = 255

/**
 * The links' paths as upstream's, below a directory that corresponds to `/var/log`. Overlong names are cut: before
 * `.log`, as dockershim did; a pod's folder before its uid. Pure.
 */
export function logPathsOf(
  root: string,
  { id, pod, container, attempt }: Pick<SeenContainer, 'id' | 'pod' | 'container' | 'attempt'>,
): Paths {
  const { namespace, name, uid } = pod
  const folder = cut(`${namespace}_${name}`, `_${uid}`)
  return {
    attempt: join(root, 'pods', folder, container, `${attempt}.log`),
    container: join(root, 'containers', cut(`${name}_${namespace}_${container}-${id}`, '.log')),
  }
}

/** All of it is ASCII. */
const cut = (text: string, end: string): string =>
  `${text.slice(0, Math.max(0, nameBytesMax - end.length))}${end}`

/** The links of a container, and the promise of their creation. */
type Linked = { podUid: string; paths: Paths; made: Promise<void> }

/**
 * Maintains links to containers' log files at the places where log collectors look, as dockershim did. They are made
 * when a container is first seen and removed with it; links left by an earlier agent are swept.
 */
export class LogLinks {
  readonly #root: string
  readonly #linked = new Map<string, Linked>()

  constructor(root: string) {
    this.#root = root
  }

  async link(seen: SeenContainer, engineFile: string): Promise<void> {
    if (seen.container === sandboxName || engineFile === '') return
    const linked = this.#linked.get(seen.id) ?? this.#make(seen, engineFile)
    try {
      await linked.made
    } catch (error) {
      // Retried when the container is seen again.
      this.#linked.delete(seen.id)
      throw error
    }
  }

  /** The ids of containers with links, of all or of one pod. */
  linked(podUid?: string): readonly string[] {
    return [...this.#linked].flatMap(([id, linked]) =>
      podUid === undefined || linked.podUid === podUid ? [id] : [],
    )
  }

  async unlink(id: string): Promise<void> {
    const linked = this.#linked.get(id)
    if (linked === undefined) return
    this.#linked.delete(id)
    await Promise.allSettled([linked.made])
    const { attempt, container } = linked.paths
    try {
      // A cut name may belong to a later container by now.
      if ((await targetOf(container)) === attempt) await rm(container, { force: true })
    } finally {
      await removeAttempt(attempt)
    }
  }

  #make(seen: SeenContainer, engineFile: string): Linked {
    const paths = logPathsOf(this.#root, seen)
    const make = async () => {
      await relink(engineFile, paths.attempt, seen.id)
      await relink(paths.attempt, paths.container, seen.id)
    }
    const linked = { podUid: seen.pod.uid, paths, made: make() }
    this.#linked.set(seen.id, linked)
    return linked
  }

  /** Removes dangling links to engines' files, and from one place to the other. Links of others stay. */
  async sweep(): Promise<void> {
    for (const name of await namesIn(join(this.#root, 'containers'))) {
      const link = join(this.#root, 'containers', name)
      const isOurs = (target: string) => target.startsWith(join(this.#root, 'pods', '/'))
      if (await isLeft(link, isOurs)) await rm(link, { force: true })
    }
    for (const pod of await namesIn(join(this.#root, 'pods'))) {
      for (const container of await namesIn(join(this.#root, 'pods', pod))) {
        const folder = join(this.#root, 'pods', pod, container)
        for (const name of await namesIn(folder)) {
          const link = join(folder, name)
          if (await isLeft(link, isEngineFile)) await removeAttempt(link)
        }
      }
    }
  }
}

/** Removes the attempt's link, and the folders of its container and pod if they are empty. */
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

/** Replaces a link atomically, so that readers always find one. */
async function relink(target: string, path: string, id: string): Promise<void> {
  const draft = join(dirname(path), `.${id}`)
  await mkdir(dirname(path), { recursive: true })
  await rm(draft, { force: true })
  await symlink(target, draft)
  await rename(draft, path)
}

/** The target of a link; undefined where there is none. */
async function targetOf(link: string): Promise<string | undefined> {
  try {
    return await readlink(link)
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'EINVAL')) return undefined
    throw error
  }
}

/** Engines store a container's files in a folder named after its id. */
const isEngineFile = (target: string): boolean => /\/containers\/[0-9a-f]+\//.test(target)

/** Whether it is a dangling link to such a target. */
async function isLeft(link: string, isOurs: (target: string) => boolean): Promise<boolean> {
  const target = await targetOf(link)
  return target !== undefined && isOurs(target) && !(await isThere(link))
}

/** The names in a folder; none where it does not exist. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return []
    throw error
  }
}
