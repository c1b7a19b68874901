/** Guards are tested by removing them (`npm run mutants -- --help`). */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../run-tests.ts'
import { firstToShow } from '../simulation/run-seeds.ts'
import { argued } from './argued.ts'
import { type Mutant, mutate } from './mutate.ts'
import { filesOf, isProduction, type Part, parts } from './parts.ts'
import { uniquePassage } from './passage.ts'

const seedCount = 50

const usage = `Leaves out or turns round each comparison, condition and guarded statement in turn, and tells which of
these changes the unit tests of that part do not notice.

  npm run mutants -- [PART… | FILE…] [--all] [--seeds]

  PART     ${parts.map(({ name }) => name).join(', ')}
  --all    every part; without any name: the files that differ from main
  --seeds  what the unit tests let live is also judged by ${seedCount} simulated seeds
`

const { values: flags, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    all: { type: 'boolean', default: false },
    seeds: { type: 'boolean', default: false },
  },
})
if (flags.help) {
  console.log(usage)
  process.exit(0)
}
const unknown = names.filter((name) => !parts.some((part) => part.name === name || part.isIn(name)))
if (unknown.length > 0) throw new Error(`no part, and in none of them: ${unknown.join(', ')}`)

const scores: string[] = []
for (const part of parts) {
  const files = chosenOf(part)
  if (files.length > 0) scores.push(await judge(part, files))
}
console.log(
  `\n| part | guards left out | noticed | argued | survived | score |\n|---|---|---|---|---|---|`,
)
console.log(scores.join('\n'))

function chosenOf(part: Part): string[] {
  if (flags.all || names.includes(part.name)) return filesOf(part)
  const candidates = names.length > 0 ? names : changedFiles()
  return candidates.filter((path) => part.isIn(path) && isProduction(path))
}

/** The files that differ from main, or are new to git. */
function changedFiles(): string[] {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n')
  const [base = ''] = git('merge-base', 'HEAD', 'main')
  return [
    ...git('diff', '--name-only', '--diff-filter=d', base),
    ...git('ls-files', '--others', '--exclude-standard'),
  ]
}

/** Prints the survivors; returns the part's row of the table. */
async function judge(part: Part, files: readonly string[]): Promise<string> {
  const mutants = await mutate(part, files)
  const alive = mutants.filter(({ isKilled }) => !isKilled)
  const open = alive.filter((mutant) => !isArgued(mutant))
  const survivors: Mutant[] = []
  for (const mutant of open) {
    const seed = flags.seeds ? await seedThatShows(mutant) : undefined
    if (seed === undefined) survivors.push(mutant)
    console.log(`${describe(mutant)}${seed === undefined ? '' : `\n  noticed by seed ${seed}`}`)
  }
  const arguedCount = alive.length - open.length
  const noticed = mutants.length - arguedCount - survivors.length
  const score = (100 * noticed) / Math.max(1, noticed + survivors.length)
  const counts = [mutants.length, noticed, arguedCount, survivors.length]
  return `| ${part.name} | ${counts.join(' | ')} | ${score.toFixed(1)} % |`
}

function isArgued({ file, text, by }: Mutant): boolean {
  return argued.some((each) => each.file === file && each.text === text && each.by === by)
}

function describe({ file, line, text, by }: Mutant): string {
  return `${file}:${line}\n- ${text}\n+ ${by}`
}

async function seedThatShows({ file, ...mutant }: Mutant): Promise<number | undefined> {
  const passage = uniquePassage(readFileSync(join(root, file), 'utf8'), mutant)
  const seeds = Array.from({ length: seedCount }, (_, n) => n + 1)
  return (await firstToShow({ name: `${file}:${mutant.line}`, file, ...passage }, seeds))?.seed
}
