/** Whether something that repeats is recorded at this count: at 1, 2, 4, 8… */
export const isNoteDue = (count: number): boolean => Number.isInteger(Math.log2(count))
