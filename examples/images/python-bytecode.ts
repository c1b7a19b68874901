import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { addEntry, type FileTree, newEntry, sortedEntries } from './file-tree.ts'
import { writeTar } from './tar.ts'

const run = promisify(execFile)

// What stands for itself goes by no times of files: a layer has none.
const compile = `
import importlib, py_compile, sys
root, *names = sys.argv[1:]
for name in names:
    importlib.import_module(name)
for module in list(sys.modules.values()):
    path = getattr(module, '__file__', None) or ''
    if path.startswith(root) and path.endswith('.py'):
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        print(py_compile.compile(path, dfile=path[len(root):], doraise=True, invalidation_mode=mode))
`

/**
 * Adds the bytecode of these modules of Python and of all that they import, which an installation of packages would
 * have written: else each container compiles it again, for a second. The tree's own Python is asked, by its own loader.
 */
export async function addBytecode(tree: FileTree, modules: readonly string[]): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'reckon-python-'))
  try {
    const archive = join(root, 'layer.tar')
    await writeFile(archive, await writeTar(sortedEntries(tree)))
    await run('tar', ['-x', '--no-same-owner', '-f', archive, '-C', root])
    const loader = join(root, pathLike(tree, /^usr\/lib\/[^/]+\/ld-linux[^/]*\.so\.\d$/))
    const python = join(root, pathLike(tree, /^usr\/bin\/python3\.\d+$/))
    const { stdout } = await run(
      loader,
      [
        ...['--library-path', dirname(loader), python, '-S', '-s', '-B'],
        ...['-c', compile, root, ...modules],
      ],
      { env: { PYTHONHOME: join(root, 'usr'), PYTHONPATH: join(root, packages) } },
    )
    for (const file of stdout.split('\n').filter(Boolean)) {
      const path = file.slice(root.length + 1)
      addEntry(tree, newEntry(path, { data: await readFile(file) }))
    }
  } finally {
    await rm(root, { recursive: true })
  }
}

/** Where Debian's packages have their modules. */
const packages = 'usr/lib/python3/dist-packages'

function pathLike(tree: FileTree, pattern: RegExp): string {
  const path = tree.keys().find((each) => pattern.test(each))
  if (path === undefined) throw new Error(`the packages hold nothing like ${pattern}`)
  return path
}
