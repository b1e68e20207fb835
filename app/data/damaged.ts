import type { AssetRecord } from '../../shared/schema/api.ts'
import { requestLines } from './api.ts'

/** Assets that are held but cannot be shown, those that came last first. Throws `ApiFault`. */
export function listDamaged(): Promise<AssetRecord[]> {
  return requestLines<AssetRecord>('/api/assets?state=damaged')
}
