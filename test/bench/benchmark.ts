/** How much is measured: `tiny` shows that a benchmark works, `full` is what the goals are stated for. */
export type Size = 'tiny' | 'usual' | 'full'

/** One line of a benchmark's table, by column. */
export type Row = Record<string, string | number>

/** Which API is measured, where a benchmark can measure any. */
type Target = {
  /** None: of a cluster that is started for it. */
  kubeconfig?: string
  /** Processes of that API; those of a Reckon of this machine are found without. */
  serverPids: readonly number[]
}

export type Benchmark = {
  name: string
  /** What is measured and what stands beside it, in one sentence. */
  about: string
  /** Runs a whole cluster: inside a sandbox with a Docker engine of its own. */
  needsSandbox?: boolean
  /** Needs what not every machine has, or much time: run only when asked for by name. */
  onlyIfNamed?: boolean
  run(size: Size, target: Target): Promise<readonly Row[]>
}

/** What one run of a benchmark told, and what else the machine was doing meanwhile. */
export type Measured = { name: string; about: string; rows: readonly Row[]; load: string }

/** A number as a table shows it: thousands apart, at most two decimals where they still say something. */
export const shown = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })
