/** How much is measured: `tiny` shows that a benchmark works; the goals are stated for `full`. */
export type Size = 'tiny' | 'usual' | 'full'

/** A row of a benchmark's table, by column. */
export type Row = Record<string, string | number>

/** The API to measure, where a benchmark can measure any. */
type Target = {
  /** Absent: a cluster that is started for the benchmark. */
  kubeconfig?: string
  /** The API's processes; those of a Reckon on this machine are found without. */
  serverPids: readonly number[]
}

export type Benchmark = {
  name: string
  /** What is measured, and what it is compared with, in one sentence. */
  about: string
  /** Runs a whole cluster, in a sandbox with a Docker engine of its own. */
  needsSandbox?: boolean
  /** Needs what not every machine has, or much time: runs only when asked for by name. */
  onlyIfNamed?: boolean
  run(size: Size, target: Target): Promise<readonly Row[]>
}

/** The result of one run, and what else the machine was doing meanwhile. */
export type Measured = { name: string; about: string; rows: readonly Row[]; load: string }

/** A number formatted for a table: thousands separated, and at most two decimals where they matter. */
export const shown = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })
