import type { TarEntry } from './tar.ts'

/** A layer's files by path. */
export type FileTree = Map<string, TarEntry>

// Directories that Debian has merged into /usr; packages of older releases still name the old places.
const mergedDirectory = /^(bin|sbin|lib|lib32|lib64|libx32)(?=\/|$)/

/** A path as it is in the image: without a leading slash, and under /usr where Debian has merged it. */
export function imagePath(path: string): string {
  return path.replace(/^\/+/, '').replace(mergedDirectory, 'usr/$1')
}

/** Adds an entry and the directories above it. What is added later replaces what was there. */
export function addEntry(tree: FileTree, entry: TarEntry): void {
  const parts = entry.path.split('/')
  for (let depth = 1; depth < parts.length; depth += 1) {
    const parent = parts.slice(0, depth).join('/')
    if (!tree.has(parent)) tree.set(parent, newEntry(parent, { kind: 'directory', mode: 0o755 }))
  }
  tree.set(entry.path, entry)
}

/** An entry that belongs to root, with what is given. */
export function newEntry(path: string, given: Partial<TarEntry>): TarEntry {
  const bare = {
    kind: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    data: Buffer.alloc(0),
    target: '',
  } as const
  return { ...bare, ...given, path }
}

/** The tree's entries, each directory before what is in it. */
export function sortedEntries(tree: FileTree): TarEntry[] {
  return [...tree.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}
