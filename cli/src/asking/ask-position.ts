import type { PositionAnswer } from '../contexts/context-at.ts'
import { type ApiClient, expectJson } from './api-client.ts'
import { momentParameter } from './moment.ts'

/** Where in the log a moment is that somebody typed; of what is to come it is said that it is taken for now. */
export async function askPosition(api: ApiClient, moment: string): Promise<PositionAnswer> {
  const at = momentParameter('moment', moment)
  const query = new URLSearchParams({ at })
  const found = expectJson<PositionAnswer>(
    await api.ask('GET', `/apis/history.reckon.dev/v1/position?${query}`),
  )
  // Of a position that is no time.
  if (Date.parse(at) > Date.parse(found.time) && /[-:]/.test(at)) {
    console.error(`${moment} is to come; this is as of now, ${found.time}`)
  }
  return found
}
