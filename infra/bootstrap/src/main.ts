import { homedir } from 'node:os'
import { parseArgs } from 'node:util'
import { type ComponentName, components, missingOf } from './components.ts'
import { ensureDockerEngine } from './docker-engine.ts'
import { findComponents } from './find-components.ts'
import { folders } from './folders.ts'
import { installMissing } from './install-missing.ts'
import { type InstallPlan, planInstall } from './install-plan.ts'
import { installClientsOfTests } from './kubernetes-clients.ts'
import { linkCommands } from './link-commands.ts'
import { inspectMachine } from './machine.ts'
import type { Failure } from './progress.ts'
import { askYesNo, showSteps } from './terminal.ts'

const help = `Finds or installs what Reckon runs besides itself.

Usage: npm run setup [-- options]

  --yes        do not ask before the system is touched
  --for-tests  install only, start nothing, and have the clients that tests are run with, too;
               end with 1 if anything is missing
`

const { values: options } = parseArgs({
  options: {
    yes: { type: 'boolean', default: false },
    'for-tests': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const forTests = options['for-tests']
// npm keeps a `--yes` that stands before `--` (`npm start --yes`) to itself and passes it on like this.
const isAgreed = options.yes || process.env.npm_config_yes === 'true' || !process.stdin.isTTY

if (options.help) console.log(help)
else process.exitCode = await setUp()

async function setUp(): Promise<number> {
  const steps = showSteps(process.stdout)
  let failures: Failure[] = []
  if (forTests) failures = await installClientsOfTests(steps.report)
  const before = await findComponents()
  const missing = missingOf(before)
  if (missing.length > 0) {
    const plan = planInstall(missing, await inspectMachine())
    if (await mayProceed(plan)) {
      failures = [...failures, ...(await installMissing(missing, steps.report))]
      steps.finish()
    } else failures = [{ what: 'nothing was installed', why: 'you said no' }]
  }
  const found = missing.length > 0 ? await findComponents() : before
  if (missing.length > 0)
    for (const name of Object.keys(components) as ComponentName[]) {
      const one = found[name]
      if (one) console.log(`  ${components[name].title} ${one.version} (${one.path})`)
    }
  const stillMissing = missingOf(found)
  for (const { what, why } of failures)
    if (!(what in components)) console.error(`! ${what}: ${why}`)
  for (const name of stillMissing) {
    const { title, why } = components[name]
    console.error(`! ${title} is missing; it ${why}`)
    const failure = failures.find(({ what }) => what === name)
    if (failure) console.error(`  ${failure.why}`)
  }
  if (forTests) return stillMissing.length > 0 ? 1 : 0
  const { kubectl } = found
  const isOurs = kubectl?.path.startsWith(folders.clients)
  const machine = { path: process.env.PATH ?? '', home: homedir() }
  const linked = await linkCommands(machine, isOurs ? kubectl?.path : undefined)
  if (linked !== undefined) console.log(`• ${linked}`)
  await startDocker(steps.report, steps.finish)
  return 0
}

/** Asks once before the system is touched, saying with what and why. */
async function mayProceed(plan: InstallPlan): Promise<boolean> {
  if (plan.packages.length === 0) return true
  console.log("Reckon needs these of the system's packages:")
  for (const { name, why } of plan.packages) console.log(`  ${name}: ${why}`)
  return isAgreed || (await askYesNo('Install them?'))
}

async function startDocker(report: (line: string) => void, finish: () => void): Promise<void> {
  try {
    const { startedByUs, socketPath } = await ensureDockerEngine(process.env.DOCKER_HOST)
    if (startedByUs) report(`Started Docker Engine at ${socketPath}; it stays when Reckon stops`)
    finish()
  } catch (error) {
    finish()
    console.error(`! Docker Engine: ${error instanceof Error ? error.message : error}`)
    console.error('  Until then nodes are simulated: pods get states, but no containers.')
  }
}
