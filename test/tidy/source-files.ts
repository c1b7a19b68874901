import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A file that git knows or would add, by its path from the repository's root. */
export type SourceFile = { path: string; text: string }

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** Every file of the repository that ends in one of these. */
export function sourceFiles(...endings: string[]): SourceFile[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard']
  const paths = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n')
  return [...new Set(paths)]
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .flatMap((path) => {
      try {
        return [{ path, text: readFileSync(`${root}${path}`, 'utf8') }]
      } catch {
        return []
      }
    })
}

export const isTest = ({ path }: SourceFile): boolean =>
  /\.(test|e2e|long|fixture)\.ts$/.test(path) || path.startsWith('test/')
