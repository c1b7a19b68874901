import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { addEntry, type FileTree, imagePath, newEntry, sortedEntries } from './file-tree.ts'
import { type Architecture, pauseElf } from './pause-elf.ts'
import { addBytecode } from './python-bytecode.ts'
import type { Recipe } from './recipe.ts'
import { type TarEntry, writeTar } from './tar.ts'

const run = promisify(execFile)
const ownFiles = join(import.meta.dirname, 'files')

// Documentation, translations and a whole system's set-up: nobody reads them in a container.
const notInImages = [
  /^usr\/share\/(apport|bash-completion|bug|doc|doc-base|info|lintian|locale|man|pixmaps|vim)\//,
  /^usr\/lib\/(systemd|udev)\//,
  /^usr\/lib\/[^/]+\/(gconv|audit)\//,
  /^etc\/(init\.d|default|logrotate\.d|ufw)\//,
]

/** The recipe's own layer as a tar archive: its packages' files, then what the recipe adds. */
export async function layerOf(
  recipe: Recipe,
  architecture: Architecture,
  packageFiles: readonly TarEntry[],
): Promise<Buffer> {
  const tree: FileTree = new Map()
  for (const entry of packageFiles) {
    const path = imagePath(entry.path)
    if (notInImages.some((pattern) => pattern.test(`${path}/`))) continue
    addEntry(tree, { ...entry, path })
  }
  for (const [path, { mode }] of Object.entries(recipe.directories ?? {}))
    addEntry(tree, newEntry(path, { kind: 'directory', mode }))
  if (recipe.applets) await addApplets(tree)
  if (recipe.compiled) await addBytecode(tree, recipe.compiled)
  for (const [path, { file, mode = 0o644 }] of Object.entries(recipe.files ?? {}))
    addEntry(tree, newEntry(path, { data: await readFile(join(ownFiles, file)), mode }))
  for (const [path, text] of Object.entries(recipe.texts ?? {}))
    addEntry(tree, newEntry(path, { data: Buffer.from(text) }))
  for (const path of Object.keys(recipe.programs ?? {}))
    addEntry(tree, newEntry(path, { data: pauseElf(architecture), mode: 0o755 }))
  for (const [path, target] of Object.entries(recipe.symlinks ?? {}))
    addEntry(tree, newEntry(path, { kind: 'symlink', mode: 0o777, target }))
  return await writeTar(sortedEntries(tree))
}

/** Links every applet to busybox. It knows best which it has, so it is asked. */
async function addApplets(tree: FileTree): Promise<void> {
  const busybox = tree.get('usr/bin/busybox')
  if (!busybox) throw new Error('the package busybox-static holds no busybox')
  const dir = await mkdtemp(join(tmpdir(), 'reckon-busybox-'))
  try {
    const program = join(dir, 'busybox')
    await writeFile(program, busybox.data)
    await chmod(program, 0o755)
    const { stdout } = await run(program, ['--list-full'])
    for (const applet of stdout.split('\n').map(imagePath)) {
      if (!applet.startsWith('usr/') || tree.has(applet)) continue
      addEntry(tree, newEntry(applet, { kind: 'symlink', mode: 0o777, target: '/bin/busybox' }))
    }
  } finally {
    await rm(dir, { recursive: true })
  }
}
