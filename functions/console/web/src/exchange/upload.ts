/** Puts a file at a signed address. fetch() cannot tell how far it is; the older way can. */
export function upload(
  url: string,
  file: File,
  onProgress: (share: number) => void,
  { type = 'text/csv', signal }: { type?: string; signal?: AbortSignal } = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', url)
    // The address is signed for this type, whatever the browser thinks of the file's name.
    request.setRequestHeader('content-type', type)
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onload = () => (request.status < 300 ? resolve() : reject(new Error(String(request.status))))
    request.onerror = () => reject(new Error('unreachable'))
    request.onabort = () => reject(new DOMException('', 'AbortError'))
    signal?.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

/** Fetches a file at a signed address: the browser saves it, because the answer says so. */
export function download(url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.rel = 'noopener'
  link.click()
}

/** Saves a file that an answer held. */
export function save({ blob, name }: { blob: Blob; name: string }): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has taken it by the next turn of its clock.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
