import type { SchedulerConfiguration, Span, Supposition } from '@reckon/scheduling'

/** The computation to run. */
export type Task =
  | { type: 'Replay'; span: Span; configuration?: SchedulerConfiguration }
  | { type: 'WhatIf'; span: Span; suppositions: readonly Supposition[] }

/** Lines of the log, or its end. */
export type Batch = { lines: readonly string[] } | 'End'

/** Progress, or the result. */
export type FoldMessage = { events: number; time: string } | { report: unknown }
