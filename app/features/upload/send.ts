import { ApiFault, csrfHeader, faultOf } from '../../data/api.ts'
import { t } from '../../i18n/index.ts'

/**
 * Sends one file and says whether it is new. Throws `ApiFault`, or an abort. A plain request, not `fetch`, which
 * some browsers let run into the ground when the other side answers before the upload has ended.
 */
export function sendFile(file: File, signal: AbortSignal): Promise<'new' | 'duplicate'> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const abort = (): void => request.abort()
    const settle = (): void => signal.removeEventListener('abort', abort)
    request.open('POST', '/api/assets')
    for (const [name, value] of Object.entries(csrfHeader())) request.setRequestHeader(name, value)
    request.responseType = 'json'
    request.onload = () => {
      settle()
      if (request.status === 201) resolve('new')
      else if (request.status === 200) resolve('duplicate')
      else reject(faultOf(request.status, request.response))
    }
    request.onerror = () => {
      settle()
      reject(new ApiFault(0, { code: 'unreachable', message: t('error.unreachable') }))
    }
    request.onabort = () => {
      settle()
      reject(new DOMException('cancelled', 'AbortError'))
    }
    signal.addEventListener('abort', abort)
    if (signal.aborted) return abort()
    const form = new FormData()
    // Fields before the file: the node reads the form as it comes.
    form.append('modified', String(file.lastModified))
    form.append('file', file, file.name)
    request.send(form)
  })
}
