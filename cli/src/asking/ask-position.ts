import type { PositionAnswer } from '../contexts/context-at.ts'
import { type ApiClient, expectJson } from './api-client.ts'
import { momentParameter } from './moment.ts'

/** Where in the log a moment is that somebody typed. */
export async function askPosition(api: ApiClient, moment: string): Promise<PositionAnswer> {
  const query = new URLSearchParams({ at: momentParameter('moment', moment) })
  return expectJson(await api.ask('GET', `/apis/history.reckon.dev/v1/position?${query}`))
}
