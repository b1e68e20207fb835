import type { OperationOf } from '../../../shared/schema/index.ts'
import { compareStamps } from '../../../shared/time/index.ts'
import { compareContents, type Written } from '../asset-state.ts'

/** A name of the household, a device or a member. */
export interface NameState extends Written {
  of: 'household' | 'device' | 'member'
  id: string
  name: string
}

/** The name that stands of the two. */
export function mergeName(
  current: NameState | undefined,
  { of, id, name }: OperationOf<'name.set'>,
  written: Written,
): NameState {
  const named = { of, id, name, ...written }
  if (!current) return named
  return (compareStamps(named, current) || compareContents(named, current)) > 0 ? named : current
}
