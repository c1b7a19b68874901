/** The labels that distinguish the series of a metric. */
export type Labels = Readonly<Record<string, string>>

/** One sample: a present value. */
export type Sample = { labels: Labels; value: number }

/** A metric with all its samples. */
export type Family = { name: string; help: string; type: 'counter' | 'gauge' }

/** The HELP and TYPE lines before the samples of a metric. */
export const familyHead = ({ name, help, type }: Family): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`

/** Labels in braces. */
export const labelsText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')

/** The line of a sample; its labels are already formatted. */
export const sampleLine = (name: string, labels: string, value: number): string =>
  `${name}{${labels}} ${value}\n`

/** A whole metric; empty where it has no sample. */
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

/** The media type of this format. */
export const exposedType = 'text/plain; version=0.0.4; charset=utf-8'
