import { readdirSync, readFileSync } from 'node:fs'

/** Memory of a process and all it started, bytes, read now; Linux only (0 elsewhere). Shared pages count once each. */
export function treeMemory(root: number): number {
  const parents = new Map<number, number>()
  try {
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue
      try {
        const text = readFileSync(`/proc/${name}/stat`, 'utf8')
        parents.set(Number(name), Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]))
      } catch {
        // It ended meanwhile.
      }
    }
  } catch {
    return 0
  }
  const inTree = (pid: number): boolean => {
    for (let at: number | undefined = pid, steps = 0; at !== undefined && steps < 50; steps++) {
      if (at === root) return true
      at = parents.get(at)
    }
    return false
  }
  let bytes = 0
  for (const pid of parents.keys()) {
    if (!inTree(pid)) continue
    try {
      const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
      bytes += Number(pss ?? 0) * 1024
    } catch {
      // It ended meanwhile.
    }
  }
  return bytes
}
