import type { OperationOf } from '../../../shared/schema/index.ts'
import type { AssetState, Custody, Written } from '../asset-state.ts'

/** What each device says of its own copy; its latest word stands. Of two words under one stamp the more careful one. */
export function mergeCustody(
  state: AssetState,
  operation: OperationOf<'original.custody'>,
  { stamp, device }: Written,
): boolean {
  const current = state.custody.get(device)
  if (current) {
    if (stamp < current.stamp) return false
    if (stamp === current.stamp && care(operation.state) <= care(current.state)) return false
  }
  state.custody.set(device, { stamp, state: operation.state })
  return true
}

function care(state: Custody['state']): number {
  return ['held', 'absent', 'corrupt'].indexOf(state)
}
