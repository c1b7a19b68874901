import { execFile } from 'node:child_process'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A program of a Go module, or one of ours that imports the module; then `source` is its only file. */
type GoProgram = {
  module: string
  version: string
  main?: string
  source?: string
  output: string
  linkerFlags?: string
}

/** Builds a program in a folder of its own, within a module that the folder keeps. */
export async function buildGo(
  folder: string,
  { module, version, main = '.', source, ...of }: GoProgram,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const go = (...args: string[]) =>
    run('go', args, {
      cwd: folder,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod -trimpath -buildvcs=false' },
    })
  const write = (...lines: string[]) =>
    writeFile(join(folder, 'go.mod'), ['module peer', 'go 1.24.0', ...lines, ''].join('\n'))
  await write()
  const { stdout } = await go('mod', 'download', '-json', `${module}@v${version}`)
  const { GoMod: file } = JSON.parse(stdout) as { GoMod: string }
  await write(`require ${module} v${version}`, ...staged(await readFile(file, 'utf8'), version))
  if (source !== undefined) await copyFile(source, join(folder, 'main.go'))
  await go('build', '-ldflags', of.linkerFlags ?? '', '-o', of.output, main)
}

/** Modules from Kubernetes' own repository are published with 0 in place of 1. */
const staged = (goMod: string, version: string): string[] =>
  [...goMod.matchAll(/^\s*(\S+) => \.\/staging\//gm)].map(
    ([, name]) => `replace ${name} => ${name} v${version.replace(/^1/, '0')}`,
  )
