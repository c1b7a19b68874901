/** How a value is coloured: as it should be, on its way, not as it should be, or in no way. */
export type Tone = 'good' | 'warn' | 'bad' | ''

const good =
  /^(Running|Ready|Active|Bound|Available|Completed?|Succeeded|True|Established|Approved,Issued)$/
const warn =
  /^(Pending|ContainerCreating|PodInitializing|Terminating|Init:\d.*|Released|Unknown|Suspended|.*SchedulingDisabled)$/

/** The tone of a cell under a column of that name, of those that tell a state; of a condition too. */
export function toneOf(column: string, value: string): Tone {
  if (column === 'Ready' || column === 'Completions') return toneOfParts(value)
  if (column !== 'Status' && column !== 'Phase') return ''
  if (good.test(value)) return 'good'
  if (warn.test(value)) return 'warn'
  return value === '' ? '' : 'bad'
}

/** `2/3`: not all of them. */
function toneOfParts(value: string): Tone {
  const [, have, want] = /^(\d+)\/(\d+)$/.exec(value) ?? []
  if (have === undefined) return ''
  return have === want ? '' : 'warn'
}

/** Conditions that are bad news where they hold. */
const badNews = /Pressure$|Unavailable$|Failed$|Failure$|Disrupt|Unschedulable/

/** The tone of a condition: most say what is well where they hold. */
export function toneOfCondition(type: string, status: string): Tone {
  if (status === 'Unknown') return 'warn'
  return (status === 'True') === badNews.test(type) ? 'bad' : 'good'
}
