import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../run-tests.ts'

/**
 * Lays the Reckon of an earlier commit into this folder, to be started there. Its libraries are this one's, as what lies in
 * `node_modules` leads to the packages around it.
 */
export function layEarlierReckon(commit: string, folder: string): void {
  mkdirSync(folder)
  const shell = (script: string) => execFileSync('sh', ['-ec', script], { cwd: root })
  shell(`git archive ${commit} | tar -x -C ${folder}`)
  const links = globSync('{.,cli,examples,*/*}/node_modules', { cwd: root })
  shell(`tar -c --exclude=node_modules/.pnpm ${links.join(' ')} | tar -x -C ${folder}`)
  for (const shared of ['node_modules/.pnpm', '.reckon']) {
    symlinkSync(join(root, shared), join(folder, shared))
  }
}
