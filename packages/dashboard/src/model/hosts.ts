import { columnNamed, type Table } from './table.ts'

/** The hosts that a table of Ingresses names, each once; not those that stand for every host. */
export function hostsIn({ columns, rows }: Pick<Table, 'columns' | 'rows'>): readonly string[] {
  const place = columnNamed(columns, 'Hosts')
  const named = rows.flatMap(({ cells }) => (cells[place] ?? '').split(','))
  return [...new Set(named)].filter((host) => /^[\w*]/.test(host) && host !== '*').sort()
}
