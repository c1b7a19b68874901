import { access, constants, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

const repository = join(import.meta.dirname, '../../..')

/** What a user types, and what it starts. `kubectl why` is the second: kubectl looks for it under this name. */
const commands = { reckon: 'cli/src/main.ts', 'kubectl-why': 'cli/src/kubectl-why.ts' }

/** By this a file is known to be one of ours. */
const mark = '# This starts Reckon without npm in between.'

type Machine = { path: string; home: string }

/**
 * Puts `reckon` and `kubectl-why` into the first folder for a user's own programs that is on the PATH and may be written;
 * answers what to tell about it, if anything is new. What is there and is not ours stays.
 */
export async function linkCommands({ path, home }: Machine): Promise<string | undefined> {
  const searched = path.split(delimiter)
  const own = [join(home, '.local/bin'), join(home, 'bin'), '/usr/local/bin']
  for (const folder of own.filter((each) => searched.includes(each))) {
    if (!(await mayWrite(folder))) continue
    const linked = await Promise.all(
      Object.entries(commands).map(([name, file]) => link(join(folder, name), file)),
    )
    if (linked.includes('Foreign')) continue
    return linked.includes('New') ? `reckon and kubectl-why are in ${folder} now` : undefined
  }
  const modules = join(repository, 'node_modules/.bin')
  return `no folder of your PATH takes reckon; add ours: export PATH="${modules}:$PATH"`
}

async function link(path: string, file: string): Promise<'New' | 'Same' | 'Foreign'> {
  const node = join(repository, 'node_modules/.bin/node')
  const script = `#!/bin/sh\n${mark}\nexec "${node}" "${join(repository, file)}" "$@"\n`
  const before = await readFile(path, 'utf8').catch(() => undefined)
  if (before === script) return 'Same'
  if (before !== undefined && !before.includes(mark)) return 'Foreign'
  await writeFile(path, script, { mode: 0o755 })
  return 'New'
}

const mayWrite = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )
