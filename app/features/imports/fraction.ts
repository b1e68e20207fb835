import type { ImportProgress } from '../../../shared/schema/api.ts'

/** How far an import is, 0 to 1, by bytes where they are known; null while it is still counting. */
export function fractionOf({ state, files, bytes }: ImportProgress): number | null {
  if (state === 'looking' || files.found === 0) return null
  const fraction = bytes.found > 0 ? bytes.done / bytes.found : files.done / files.found
  return Math.min(1, Math.max(0, fraction))
}
