/**
 * The log-in: authorization code with PKCE at the user pool's own page.
 * The access token lives in memory only; the refresh token survives a reload of this tab, not the tab.
 */
import { getConfig } from './config'
import { forgetDrafts } from './editing/kept'

const REFRESH = 'gotero.refresh'
const PENDING = 'gotero.login'
const CALLBACK = '/console/callback'

interface Tokens {
  access_token: string
  refresh_token?: string
}

interface PendingLogin {
  verifier: string
  state: string
  /** The address inside the console to come back to. */
  back: string
}

let accessToken: string | null = null
let renewal: Promise<boolean> | null = null

const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)))

const redirectUri = () => location.origin + CALLBACK

async function askForTokens(parameters: Record<string, string>): Promise<boolean> {
  const { login_url, client_id } = getConfig()
  const answer = await fetch(`${login_url}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id, ...parameters }),
  })
  if (!answer.ok) return false
  const tokens = (await answer.json()) as Tokens
  accessToken = tokens.access_token
  if (tokens.refresh_token) sessionStorage.setItem(REFRESH, tokens.refresh_token)
  return true
}

export const currentToken = () => accessToken

/** A fresh access token from the refresh token; requests that fail together share one renewal. */
export function renew(): Promise<boolean> {
  renewal ??= (async () => {
    const token = sessionStorage.getItem(REFRESH)
    try {
      const renewed = token !== null && (await askForTokens({ grant_type: 'refresh_token', refresh_token: token }))
      if (!renewed) sessionStorage.removeItem(REFRESH)
      return renewed
    } finally {
      renewal = null
    }
  })()
  return renewal
}

export async function beginLogin(back = location.pathname + location.search): Promise<never> {
  const pending: PendingLogin = { verifier: random(), state: random(), back }
  sessionStorage.setItem(PENDING, JSON.stringify(pending))
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier))
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: getConfig().client_id,
    redirect_uri: redirectUri(),
    scope: 'openid email profile',
    state: pending.state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
    // The page to log in speaks the console's language (Cognito's managed login reads `lang`).
    lang: document.documentElement.lang,
  })
  location.assign(`${getConfig().login_url}/oauth2/authorize?${query}`)
  return new Promise<never>(() => {})
}

/** Back from the log-in page: trade the code for tokens; the address to continue at, or null when the answer is not ours. */
async function completeLogin(query: URLSearchParams): Promise<string | null> {
  const stored = sessionStorage.getItem(PENDING)
  sessionStorage.removeItem(PENDING)
  const pending = stored ? (JSON.parse(stored) as PendingLogin) : null
  const code = query.get('code')
  if (!pending || !code || query.get('state') !== pending.state) return null
  const parameters = { grant_type: 'authorization_code', code, redirect_uri: redirectUri(), code_verifier: pending.verifier }
  return (await askForTokens(parameters)) ? pending.back : null
}

export type Arrival = 'ready' | 'refused'

/** Decides what the first look at the page means: signed in, just back from signing in, or a stranger to send there. */
export async function arrive(): Promise<Arrival> {
  if (location.pathname === CALLBACK) {
    const back = await completeLogin(new URLSearchParams(location.search))
    if (back === null) return 'refused'
    history.replaceState(null, '', back.startsWith('/console/') ? back : '/console/')
    return 'ready'
  }
  if (await renew()) return 'ready'
  return beginLogin()
}

export function logout(): void {
  const { login_url, client_id } = getConfig()
  accessToken = null
  sessionStorage.removeItem(REFRESH)
  forgetDrafts()
  const query = new URLSearchParams({ client_id, logout_uri: `${location.origin}/console/` })
  location.assign(`${login_url}/logout?${query}`)
}
