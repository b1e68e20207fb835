// Before the tests: Chromium from the system, or installed now. Tests never skip the browser.
import { spawnSync } from 'node:child_process'
import { findChromium } from './helpers/browser.ts'

if (!findChromium()) {
  console.log('Chromium is not on this machine: installing it')
  const root = process.getuid?.() === 0
  const apt = spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0
  if (root && apt) {
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit' })
    spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  }
  if (!findChromium()) spawnSync('playwright-core', ['install', 'chromium'], { stdio: 'inherit' })
  if (!findChromium()) {
    console.error('Install Chromium (Debian: apt-get install chromium), or name one in CHROMIUM_PATH, and test again.')
    process.exit(1)
  }
}
