import type { OperationOf } from '../../../shared/schema/index.ts'
import { compareStamps } from '../../../shared/time/index.ts'
import { compareContents, type AssetState, type Register, type Registers, type Written } from '../asset-state.ts'

/** The last writer wins on (stamp, device). */
export function mergeRegister(state: AssetState, operation: OperationOf<'asset.set'>, written: Written): boolean {
  const { field, value } = operation.change
  const register: Register<unknown> = { value, ...written }
  const current = state.registers[field]
  if (current && (compareStamps(register, current) || compareContents(register, current)) <= 0) return false
  // The schema ties each field to its type of value.
  ;(state.registers as Record<keyof Registers, unknown>)[field] = register
  return true
}
