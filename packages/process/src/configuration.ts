import { parseArgs } from 'node:util'

/** One option of a process: `--docker-host` on the command line or `RECKON_DOCKER_HOST` in the environment. */
export type Option = {
  description: string
  /** Absent: the option is required. */
  default?: string | boolean
  /** Not allowed on the command line, where every user of the machine can read it. */
  secret?: true
}

export type Options = Readonly<Record<string, Option>>

/** Booleans for options with a boolean default, else strings. */
export type Values<O extends Options> = {
  [Name in keyof O]: O[Name]['default'] extends boolean ? boolean : string
}

/** An invalid configuration, as a message for whoever started the process. */
export class ConfigurationError extends Error {}

/** Reads a process' options from its arguments, then its environment. Only `main.ts` calls this. */
export function readConfiguration<const O extends Options>(
  options: O,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Values<O> {
  const flags = Object.entries(options).filter(([, option]) => !option.secret)
  const { values } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      flags.map(([name, { default: value }]) => [
        name,
        { type: typeof value === 'boolean' ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
  })
  const read = Object.entries(options).map(([name, option]) => {
    const variable = `RECKON_${name.replaceAll('-', '_').toUpperCase()}`
    const text = env[variable]
    const fromEnvironment = typeof option.default === 'boolean' ? text && text === 'true' : text
    const value = values[name] ?? fromEnvironment ?? option.default
    if (value !== undefined) return [name, value]
    const ways = option.secret ? variable : `--${name} or ${variable}`
    throw new ConfigurationError(`${ways} is missing: ${option.description}`)
  })
  return Object.fromEntries(read)
}
