import { containersOf, type Pod } from '@reckon/kubernetes'

/** Whether a container of the pod that is ended may start again. */
export const mayRestart = ({ spec }: Pod, name: string): boolean =>
  spec.restartPolicy !== 'Never' ||
  containersOf(spec).some((each) => each.name === name && each.restartPolicy === 'Always')
