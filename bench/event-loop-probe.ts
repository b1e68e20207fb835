// Loaded before a node under measurement: counts how late its event loop comes round. SIGUSR2 starts over; the figures
// are written to $EVENT_LOOP_FILE when the process ends.
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const file = process.env.EVENT_LOOP_FILE
if (file && isMainThread && process.argv.includes('start')) {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  process.on('SIGUSR2', () => delay.reset())
  process.on('exit', () => {
    const ms = (nanoseconds: number) => Math.round(nanoseconds / 1e5) / 10
    writeFileSync(
      file,
      JSON.stringify({ p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) }),
    )
  })
}
