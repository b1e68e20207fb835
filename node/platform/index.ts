export { isDataFolderLocked, lockDataFolder } from './data-lock.ts'
export { createFileDurably, flushFolder, writeFileDurably } from './durable-file.ts'
export { createEmitter, type Emitter } from './emitter.ts'
export { answerCalls, startWorkerThread, type Calls, type WorkerThread } from './worker-calls.ts'
