import type { PositionAnswer } from '../contexts/context-at.ts'
import { type ApiClient, expectJson } from './api-client.ts'
import { momentParameter } from './moment.ts'

/** The position of a moment that the user typed; warns if it is in the future and taken for now. */
export async function askPosition(api: ApiClient, moment: string): Promise<PositionAnswer> {
  const at = momentParameter('moment', moment)
  const query = new URLSearchParams({ at })
  const found = expectJson<PositionAnswer>(
    await api.ask('GET', `/apis/history.reckon.dev/v1/position?${query}`),
  )
  // The text was a position, not a time.
  if (Date.parse(at) > Date.parse(found.time) && /[-:]/.test(at)) {
    console.error(`${moment} is to come; this is as of now, ${found.time}`)
  }
  return found
}
