import { getConfig } from '../config'
import { beginLogin, currentToken, renew } from '../session'
import type { FieldError } from './types'

/** What the API said went wrong (RFC 9457). Status 0: it could not be reached. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string | null,
    readonly errors: FieldError[],
  ) {
    super(title)
  }
}

export interface Request {
  query?: Record<string, string | number | null | undefined>
  body?: unknown
  /** The version that the change is based on: somebody else's change in between is refused. */
  version?: number
}

function address(path: string, query: Request['query']): string {
  const entries = Object.entries(query ?? {}).filter(([, value]) => value !== null && value !== undefined && value !== '')
  const search = new URLSearchParams(entries.map(([name, value]) => [name, String(value)]))
  return getConfig().api_url + path + (search.size > 0 ? `?${search}` : '')
}

async function problemOf(answer: Response): Promise<Problem> {
  const body = (await answer.json().catch(() => ({}))) as { title?: string; detail?: string; errors?: FieldError[] }
  return new Problem(answer.status, body.title ?? answer.statusText, body.detail ?? null, body.errors ?? [])
}

async function send(method: string, path: string, request: Request, key: string | null): Promise<Response> {
  const headers: Record<string, string> = {
    accept: 'application/json',
    'accept-language': document.documentElement.lang,
    authorization: `Bearer ${currentToken() ?? ''}`,
  }
  if (request.body !== undefined) headers['content-type'] = 'application/json'
  if (request.version !== undefined) headers['if-match'] = `"${request.version}"`
  if (key) headers['idempotency-key'] = key
  const body = request.body === undefined ? null : JSON.stringify(request.body)
  return fetch(address(path, request.query), { method, headers, body }).catch(() => {
    throw new Problem(0, 'unreachable', null, [])
  })
}

/** One call to the API. An expired token is renewed once and the same call (same idempotency key) repeated. */
async function call(method: string, path: string, request: Request = {}): Promise<Response> {
  const key = method === 'POST' ? crypto.randomUUID() : null
  let answer = await send(method, path, request, key)
  if (answer.status === 401) {
    if (!(await renew())) return beginLogin()
    answer = await send(method, path, request, key)
  }
  if (!answer.ok) throw await problemOf(answer)
  return answer
}

async function json<T>(method: string, path: string, request?: Request): Promise<T> {
  const answer = await call(method, path, request)
  const text = await answer.text()
  return (text === '' ? null : JSON.parse(text)) as T
}

export const api = {
  get: <T>(path: string, query?: Request['query']) => json<T>('GET', path, { query }),
  post: <T>(path: string, body: unknown) => json<T>('POST', path, { body }),
  put: <T>(path: string, body: unknown) => json<T>('PUT', path, { body }),
  patch: <T>(path: string, body: unknown, version?: number) => json<T>('PATCH', path, { body, version }),
  remove: <T>(path: string, body?: unknown) => json<T>('DELETE', path, { body }),
  /** A file, and what the answer calls it. */
  file: async (path: string, query?: Request['query']) => {
    const answer = await call('GET', path, { query })
    const name = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get('content-disposition') ?? '')?.[1]
    return { blob: await answer.blob(), name: decodeURIComponent(name ?? '') }
  },
  /** For answers that are a page or a JSON envelope around one: the form's HTML. */
  text: async (path: string) => (await call('GET', path)).text(),
}
