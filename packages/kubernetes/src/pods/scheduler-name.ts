/** The name of upstream's scheduler, which is the default. */
export const schedulerNameDefault = 'default-scheduler'

/** The scheduler that a pod's spec, or a profile of the scheduler's configuration, names. */
export const schedulerNameOf = ({
  schedulerName = schedulerNameDefault,
}: {
  readonly schedulerName?: string | undefined
}): string => schedulerName
