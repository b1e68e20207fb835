/** A file to add, opened only when its turn comes. */
export interface Found {
  name: string
  open: () => Promise<File>
}

/** Hidden files and what systems leave beside pictures. */
function isNoise(name: string): boolean {
  return name.startsWith('.') || /^(thumbs\.db|desktop\.ini)$/i.test(name)
}

async function* walk(entry: FileSystemEntry): AsyncGenerator<Found> {
  if (isNoise(entry.name)) return
  if (entry.isFile) {
    const open = (): Promise<File> =>
      new Promise((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    yield { name: entry.fullPath.replace(/^\//, ''), open }
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  for (;;) {
    // A folder is handed out in parts of about a hundred, until an empty one.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (part.length === 0) return
    for (const inner of part) yield* walk(inner)
  }
}

/** Everything that was dropped, folders walked through. Must be called in the drop event itself. */
export function gatherDropped(data: DataTransfer): AsyncGenerator<Found> {
  const entries = [...data.items].map(item => (item.kind === 'file' ? item.webkitGetAsEntry() : null))
  const files = [...data.files]
  return (async function* () {
    // Browsers without entries, and what has none, still give plain files.
    if (entries.every(entry => entry === null)) yield* gatherFiles(files)
    for (const entry of entries) if (entry) yield* walk(entry)
  })()
}

/** What was chosen in a file or folder dialog. */
export async function* gatherFiles(files: Iterable<File>): AsyncGenerator<Found> {
  for (const file of files) {
    if (!isNoise(file.name)) yield { name: file.webkitRelativePath || file.name, open: () => Promise.resolve(file) }
  }
}
