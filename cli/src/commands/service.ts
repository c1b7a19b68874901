import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readClusterFile, readMachineFile } from '@reckon/supervisor'
import { type Command, Option } from 'commander'
import { layoutFor, withDataDir } from '../data-dir.ts'
import { printStep } from '../formatting/output.ts'
import { type Service, serviceUnit } from '../starting/service-unit.ts'

/** Where systemd looks for local units, and whether it runs (`sd_booted(3)`). */
const unitFolder = '/etc/systemd/system'
const systemdRuns = '/run/systemd/system'

/** `reckon service`: makes what runs here start again when the machine boots. */
export function defineService(command: Command): void {
  withUnit(command.command('install').description('start it with the machine, by systemd'))
    .option('--print', 'print the unit instead')
    .action(install)
  withUnit(command.command('remove').description('start it with the machine no more')).action(
    remove,
  )
  const examples = '\nExamples:\n  reckon service install\n  reckon service install --print'
  command.addHelpText('after', examples)
}

type ServiceOptions = { dataDir: string; unit: string; print?: boolean }

const withUnit = (command: Command): Command =>
  withDataDir(command).addOption(new Option('--unit <name>', 'what it is called').default('reckon'))

const systemctl = (...args: string[]) => promisify(execFile)('systemctl', args)

const unitFile = (name: string): string => join(unitFolder, `${name}.service`)

async function install({ dataDir, unit, print }: ServiceOptions): Promise<void> {
  const service = await serviceHere(dataDir)
  const text = serviceUnit(service)
  if (print) return void process.stdout.write(text)
  if (!existsSync(systemdRuns)) {
    const line = `${service.command.join(' ')} ${service.verb} --data-dir ${service.dataDir}`
    throw new Error(
      `systemd does not run on this machine: have what starts its programs (OpenRC, runit, a container's entry point) run, and start again when it ends:\n  ${line}`,
    )
  }
  await writeFile(unitFile(unit), text)
  await systemctl('daemon-reload')
  await systemctl('enable', `${unit}.service`)
  printStep('reckon', `${unitFile(unit)} starts "reckon ${service.verb}" with the machine`)
  printStep('reckon', `"reckon down", then "systemctl start ${unit}" hands it over now`)
}

async function remove({ unit }: ServiceOptions): Promise<void> {
  if (!existsSync(unitFile(unit))) throw new Error(`there is no ${unitFile(unit)}`)
  await systemctl('disable', `${unit}.service`)
  await rm(unitFile(unit))
  await systemctl('daemon-reload')
  printStep('reckon', `removed ${unitFile(unit)}; what runs goes on`)
}

/** The command that starts this machine's part of a cluster; throws where there is none. */
async function serviceHere(dataDir: string): Promise<Service> {
  const layout = layoutFor(dataDir)
  const isFirst = (await readClusterFile(layout)) !== undefined
  if (!isFirst && (await readMachineFile(layout)) === undefined) {
    const first = '"reckon up" or "reckon join" comes first'
    throw new Error(`there is nothing to start in ${layout.dataDir}: ${first}`)
  }
  return {
    verb: isFirst ? 'up' : 'join',
    dataDir: layout.dataDir,
    command: [process.execPath, join(import.meta.dirname, '..', 'main.ts')],
    user: userInfo().username,
    home: homedir(),
  }
}
