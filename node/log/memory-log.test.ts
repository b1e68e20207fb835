import { logContract } from '../../tests/contracts/log.ts'
import { createMemoryLogs } from './index.ts'

logContract('memory', '12D3KooWMemory', async () => {
  let full = false
  const logs = createMemoryLogs('12D3KooWMemory', { hasRoom: () => !full })
  return { logs, setFull: to => (full = to), close: () => logs.close() }
})
