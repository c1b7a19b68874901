import type { Nomination } from '@reckon/domain'

/** What a nomination means for the pods of its node, as a sentence. */
export const makingRoom = ({ nodeName, victims }: Nomination): string =>
  `It makes room on ${nodeName} by ending ${victims.map(({ namespace, name }) => `${namespace}/${name}`).join(', ')}.`
