/** What tells one series of a metric from another. */
export type Labels = Readonly<Record<string, string>>

/** One value of a metric, as of now. */
export type Sample = { labels: Labels; value: number }

/** A metric: all its samples stand together, below its head. */
export type Family = { name: string; help: string; type: 'counter' | 'gauge' }

/** The two lines that Prometheus' text form has before the samples of a metric. */
export const familyHead = ({ name, help, type }: Family): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`

/** Labels between their braces. */
export const labelsText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')

/** The line of a sample; its labels are text already. */
export const sampleLine = (name: string, labels: string, value: number): string =>
  `${name}{${labels}} ${value}\n`

/** A whole metric; nothing where it has no sample. */
export function familyText(family: Family, samples: readonly Sample[]): string {
  if (samples.length === 0) return ''
  const lines = samples.map(({ labels, value }) =>
    sampleLine(family.name, labelsText(labels), value),
  )
  return [familyHead(family), ...lines].join('')
}

const special: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' }

const escaped = (text: string): string =>
  /[\\"\n]/.test(text) ? text.replace(/[\\"\n]/g, (found) => special[found] ?? found) : text

/** The media type of all that. */
export const exposedType = 'text/plain; version=0.0.4; charset=utf-8'
