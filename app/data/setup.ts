import { request } from './api.ts'
import { loadStatus } from './status.ts'

/** Names the family and this device. Throws `ApiFault`. */
export async function setUp(names: { spaceName: string; deviceName: string; memberName?: string }): Promise<void> {
  await request('/api/setup', { method: 'POST', body: names })
  await loadStatus()
}
