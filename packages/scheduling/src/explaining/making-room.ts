import type { Nomination } from '@reckon/domain'

/** What a pod that no node suits does to the pods of one. */
export const makingRoom = ({ nodeName, victims }: Nomination): string =>
  `It makes room on ${nodeName} by ending ${victims.map(({ namespace, name }) => `${namespace}/${name}`).join(', ')}.`
