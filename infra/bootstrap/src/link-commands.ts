import { access, constants, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

const repository = join(import.meta.dirname, '../../..')

/** What a user types, and the command that starts: what it is called with comes after. */
type Programs = Readonly<Record<string, string>>

/** A file of ours by our own Node, with these arguments first. */
const ours = (file: string, ...args: readonly string[]): string => {
  const node = join(repository, 'node_modules/.bin/node')
  return [`"${node}" "${join(repository, file)}"`, ...args].join(' ')
}

/** `kubectl why`: kubectl looks for it under this name. */
const why: Programs = { 'kubectl-why': ours('cli/src/kubectl-why.ts') }
const commands: Programs = { reckon: ours('cli/src/main.ts'), ...why }

/** What is of use to who has kubectl: `kubectl history` and so on. None of these names is kubectl's own. */
const named = ['at', 'bisect', 'blame', 'history', 'replay', 'trace', 'undo']
const plugins: Programs = {
  ...Object.fromEntries(named.map((name) => [`kubectl-${name}`, ours('cli/src/main.ts', name)])),
  ...why,
}

/** By this a file is known to be one of ours. */
const mark = '# This starts Reckon without npm in between.'

type Machine = { path: string; home: string }

/**
 * Puts `reckon` and `kubectl-why`, and a kubectl that lies where no PATH leads, into the first folder for a user's own
 * programs that is on the PATH and may be written; answers what to tell about it, if anything is new. What is there and
 * is not ours stays.
 */
export async function linkCommands(
  machine: Machine,
  kubectl?: string,
): Promise<string | undefined> {
  const programs = { ...commands, ...(kubectl !== undefined && { kubectl: `"${kubectl}"` }) }
  const linked = await linkInto(machine, programs)
  const names = Object.keys(programs).join(' and ')
  if (linked) return linked.isNew ? `${names} are in ${linked.folder} now` : undefined
  const modules = join(repository, 'node_modules/.bin')
  return `no folder of your PATH takes reckon; add ours: export PATH="${modules}:$PATH"`
}

/** The same of the plugins of kubectl; answers what they are called, and where they are. */
export async function linkPlugins(machine: Machine): Promise<{ folder: string; names: string[] }> {
  const linked = await linkInto(machine, plugins)
  if (linked) return { folder: linked.folder, names: Object.keys(plugins) }
  throw new Error(
    'no folder for your own programs is on the PATH: ~/.local/bin, ~/bin or /usr/local/bin',
  )
}

async function linkInto(
  { path, home }: Machine,
  programs: Programs,
): Promise<{ folder: string; isNew: boolean } | undefined> {
  const searched = path.split(delimiter)
  const own = [join(home, '.local/bin'), join(home, 'bin'), '/usr/local/bin']
  for (const folder of own.filter((each) => searched.includes(each))) {
    if (!(await mayWrite(folder))) continue
    const linked = await Promise.all(
      Object.entries(programs).map(([name, program]) => link(join(folder, name), program)),
    )
    if (!linked.includes('Foreign')) return { folder, isNew: linked.includes('New') }
  }
  return undefined
}

async function link(path: string, program: string): Promise<'New' | 'Same' | 'Foreign'> {
  const script = `#!/bin/sh\n${mark}\nexec ${program} "$@"\n`
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
