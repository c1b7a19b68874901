import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../run-tests.ts'

/**
 * Checks out the Reckon of an earlier commit into this folder. Its libraries are this one's; links in `node_modules`
 * lead to its own packages.
 */
export function layEarlierReckon(commit: string, folder: string): void {
  lay(`git archive ${commit}`, folder)
}

/** Copies this Reckon as it is now into another folder: a clone with its packages from npm installed. */
export function layClone(folder: string): void {
  lay('git ls-files -z --cached --others --exclude-standard | tar -c --null -T -', folder)
  const lockfile = readFileSync(join(folder, 'pnpm-lock.yaml'))
  const digest = createHash('sha256').update(lockfile).digest('hex')
  writeFileSync(join(folder, 'node_modules/.reckon-installed'), digest)
}

/** `archive` prints the files. */
function lay(archive: string, folder: string): void {
  mkdirSync(folder)
  const shell = (script: string) => execFileSync('sh', ['-ec', script], { cwd: root })
  shell(`${archive} | tar -x -C "${folder}"`)
  const links = globSync('{.,cli,examples,*/*}/node_modules', { cwd: root })
  shell(`tar -c --exclude=node_modules/.pnpm ${links.join(' ')} | tar -x -C "${folder}"`)
  for (const shared of ['node_modules/.pnpm', '.reckon']) {
    symlinkSync(join(root, shared), join(folder, shared))
  }
}
