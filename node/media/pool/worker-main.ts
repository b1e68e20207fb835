/** The far side of a worker process: takes one job at a time from the node, answers, and ends when the node is gone. */
import { errorCode, errorMessage, HomerollError } from '../../../shared/errors/index.ts'
import { formatOf } from '../formats/registry.ts'
import type { Job, Report } from './messages.ts'

const REPORT_MS = 100

const tell = (report: Report) => {
  if (process.connected) process.send?.(report)
}

process.on('message', (job: Job) => {
  void (async () => {
    try {
      tell({ report: 'answer', value: await answer(job) })
    } catch (thrown) {
      tell({ report: 'fault', code: errorCode(thrown), message: errorMessage(thrown) })
    }
  })()
})
process.on('disconnect', () => {
  // With the node gone nobody waits for an answer; a decoder that was started goes along.
  if (process.platform !== 'win32') process.kill(-process.pid, 'SIGKILL')
  process.exit()
})
if (process.platform !== 'linux') {
  setInterval(() => tell({ report: 'memory', bytes: process.memoryUsage.rss() }), REPORT_MS).unref()
}
tell({ report: 'ready' })

async function answer({ kind, format, source }: Job) {
  const found = formatOf(format)
  if (!found) throw new HomerollError('no-such-format', `no format ${format} is registered`)
  const reader = await found.reader()
  return reader[kind](source)
}
