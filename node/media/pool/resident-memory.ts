import { readFile } from 'node:fs/promises'

/**
 * Bytes of memory a process holds for itself (files that it merely maps are left out, the system can take those back);
 * null where the system does not tell, or the process is gone.
 */
export async function residentBytes(pid: number): Promise<number | null> {
  if (process.platform !== 'linux') return null
  const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '')
  const kib = /^RssAnon:\s*(\d+) kB$/m.exec(status)?.[1]
  return kib === undefined ? null : Number(kib) * 1024
}
